"""The house keeps its shape: who commits, what only reads, how long things may get."""

import ast
import re

from tests.contracts.sources import ROOT, modules

MAY_COMMIT = {"app/deps.py", "app/db.py", "app/migrating.py", "app/cli.py"}
WRITING = {"add", "add_all", "delete", "flush", "commit", "merge"}
LONGEST_FUNCTION = 45
LONGEST_FILE = 300
SUPPRESSION = re.compile(r"#\s*(noqa|type:\s*ignore)(?P<code>[:\[][^#]*)?(?P<reason>#.*)?")


def calls(tree: ast.AST, names: set[str], on: str | None = None) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in names
        and (on is None or getattr(node.func.value, "id", "") == on)
    ]


def long_functions(tree: ast.AST) -> list[str]:
    return [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]


def inner_imports(tree: ast.AST) -> list[int]:
    return [
        inner.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]


def bare_suppressions(text: str) -> list[str]:
    return [
        line.strip()
        for line in text.splitlines()
        if (found := SUPPRESSION.search(line)) and not (found["code"] and found["reason"])
    ]


def test_only_the_edge_commits() -> None:
    guilty = {
        path: lines
        for path, tree in modules().items()
        if path not in MAY_COMMIT and (lines := calls(tree, {"commit"}))
    }
    assert guilty == {}


def test_queries_only_read() -> None:
    guilty = {
        path: lines
        for path, tree in modules().items()
        if path.endswith("queries.py") and (lines := calls(tree, WRITING, on="session"))
    }
    assert guilty == {}


def test_a_function_fits_on_a_screen() -> None:
    guilty = {path: names for path, tree in modules().items() if (names := long_functions(tree))}
    assert guilty == {}


def test_a_file_is_one_thing() -> None:
    guilty = {
        path: lines
        for path in modules()
        if (lines := len((ROOT / path).read_text().splitlines())) > LONGEST_FILE
    }
    assert guilty == {}


def test_imports_stand_at_the_top() -> None:
    assert {path for path, tree in modules().items() if inner_imports(tree)} == set()


def test_every_module_says_what_it_is_for() -> None:
    assert [path for path, tree in modules().items() if not ast.get_docstring(tree)] == []


def test_a_suppression_carries_its_code_and_its_reason() -> None:
    guilty = {
        path: lines for path in modules() if (lines := bare_suppressions((ROOT / path).read_text()))
    }
    assert guilty == {}


def test_the_checks_see_what_they_look_for() -> None:
    body = "\n".join(["    x = 1"] * LONGEST_FUNCTION)
    planted = f"def f(session):\n    import os\n    session.add(1)\n    session.commit()\n{body}\n"
    tree = ast.parse(planted)
    assert calls(tree, {"commit"}) == [4]
    assert calls(tree, WRITING, on="session") == [3, 4]
    assert inner_imports(tree) == [2]
    assert long_functions(tree) == ["f"]
    assert bare_suppressions("x = 1  # no" + "qa\n") != []
