"""Documents that must not lag behind the code."""

import json
import re
import tomllib
from typing import Any

from fastapi import FastAPI
from sqlmodel import SQLModel

import app.models  # noqa: F401  # registers every table
from app.settings import Settings
from benchmarks.cases import CASES
from tests.contracts.sources import ROOT, tracked_texts


def missing_from(document: str, words: list[str]) -> list[str]:
    return [word for word in words if f"`{word}`" not in document]


def test_every_table_is_in_the_glossary() -> None:
    glossary = (ROOT / "docs/glossary.md").read_text()
    assert missing_from(glossary, sorted(SQLModel.metadata.tables)) == []
    assert missing_from(glossary, ["no_such_table"]) == ["no_such_table"]


def test_every_setting_is_documented() -> None:
    document = (ROOT / "docs/configuration.md").read_text()
    names = [f"NGUONGOC_{name.upper()}" for name in Settings.model_fields]
    assert missing_from(document, names) == []
    assert missing_from(document, ["NGUONGOC_NO_SUCH"]) == ["NGUONGOC_NO_SUCH"]


def test_the_committed_description_of_the_api_is_the_running_one(app: FastAPI) -> None:
    committed: Any = json.loads((ROOT / "docs/openapi.json").read_text())
    assert committed == json.loads(json.dumps(app.openapi())), "run: make openapi"


def test_every_operation_says_how_it_refuses_and_is_named_once(app: FastAPI) -> None:
    operations = [
        operation for path in app.openapi()["paths"].values() for operation in path.values()
    ]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    assert [one["operationId"] for one in operations if "401" not in one["responses"]] == []


def strange_places(texts: dict[str, str]) -> list[tuple[str, str]]:
    """Package registries, and folders of one machine, by the file that names them."""
    # Put together here, so that this file does not name them either.
    words = ["pypi" + ".org", "python" + "hosted", "registry.npm" + "js", "deb." + "debian.org"]
    words += ["find-" + "links", "index-" + "url", "/" + "root/"]
    words += ["/" + f"work/{name}" for name in ("main", "shared", ".library")]
    return [
        (name, word)
        for name, content in texts.items()
        for word in words
        if word in content and "vendor/" not in name and name != "scripts/lock"
    ]


def test_no_file_names_a_registry_or_one_machine() -> None:
    assert strange_places(tracked_texts()) == []
    planted = {"notes.md": "see /" + "work/main/x", "app.lock": "--index-" + "url https://x"}
    assert [name for name, _ in strange_places(planted)] == ["notes.md", "app.lock"]


def unlocked(wanted: list[str], lock: str) -> list[str]:
    """Requirements that a lock file does not pin with a hash."""
    pinned = set(
        re.findall(r"^([a-z0-9-]+)(?:\[[a-z0-9,-]+\])?==\S+ \\\n    --hash=", lock, re.MULTILINE)
    )
    names = (re.split(r"[\[><=~!; ]", one)[0].lower().replace("_", "-") for one in wanted)
    return [name for name in names if name not in pinned]


def test_every_requirement_is_locked_with_its_hash() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime = project["project"]["dependencies"]
    lock = (ROOT / "requirements.lock").read_text()
    assert unlocked(runtime, lock) == []
    development = (ROOT / "requirements-dev.lock").read_text()
    assert unlocked(runtime + project["dependency-groups"]["dev"], development) == []
    assert unlocked(["fastapi>=1", "none_such"], lock) == ["none-such"]


def pins(lock: str) -> set[str]:
    """What is locked at which version; extras only add packages, which have lines of their own."""
    found = re.findall(r"^([a-z0-9-]+)(?:\[[a-z,-]+\])?(==[^ ;]+)", lock, re.MULTILINE)
    return {name + version for name, version in found}


def test_what_is_tested_is_what_is_served() -> None:
    served = pins((ROOT / "requirements.lock").read_text())
    assert "fastapi" in {pin.split("==")[0] for pin in served}
    assert served - pins((ROOT / "requirements-dev.lock").read_text()) == set()


def test_every_benchmark_stands_in_its_table() -> None:
    listed = re.findall(r"^\| `(\w+)`", (ROOT / "benchmarks/README.md").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(CASES)
