"""What the description of the API promises: who calls, which headers, an example of everything."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator

from app.accounts.policy import POLICY

CHANGING = {"post", "put", "patch", "delete"}
# These make no fact: doing them twice is doing them once.
MAKE_NO_FACT = {"read_notice", "remove_document", "remove_certificate_paper"}
MAKE_NO_FACT |= {"remove_company_prefix", "remove_location_number"}
# These only show what would be.
MAKE_NO_FACT |= {"check_print_run", "preview_label_layout"}
# Idempotent by their content: a telephone repeats what it is not sure has arrived, and each item is
# known again by the `uid` it was given on the telephone, each photograph by its bytes and its entry.
KNOWN_BY_THEIR_CONTENT = {"sync_diary", "add_diary_photo", "sync_visits", "add_visit_photo"}
# So is a witness's signature under a checkpoint.
KNOWN_BY_THEIR_CONTENT |= {"add_cosignatures"}


@pytest.fixture(scope="module")
def described(built: FastAPI) -> dict[str, Any]:
    return built.openapi()


def operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path in described["paths"].values():
        for method, operation in path.items():
            yield operation["operationId"], method, operation


def headers(operation: dict[str, Any]) -> set[str]:
    """The headers a caller must send."""
    told = operation.get("parameters", [])
    return {one["name"] for one in told if one["in"] == "header" and one["required"]}


def test_whatever_makes_a_fact_takes_a_key_or_the_version_it_changes(described) -> None:
    lacking = [
        name
        for name, method, operation in operations(described)
        if method in CHANGING
        and not headers(operation)
        and name not in MAKE_NO_FACT | KNOWN_BY_THEIR_CONTENT
    ]
    assert lacking == []


def test_what_creates_takes_a_key_and_what_replaces_takes_the_version(described) -> None:
    for name, method, operation in operations(described):
        if "201" in operation["responses"] and name not in KNOWN_BY_THEIR_CONTENT:
            assert "idempotency-key" in headers(operation), name
        if method in {"put", "patch"}:
            assert "if-match" in headers(operation), name
        if "if-match" in headers(operation):
            assert {"412", "428"} <= operation["responses"].keys(), name
        if "idempotency-key" in headers(operation):
            assert "400" in operation["responses"], name


def test_who_must_be_known_sends_a_key(described) -> None:
    assert described["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    for name, _, operation in operations(described):
        assert ("security" in operation) is not POLICY[name].public, name


def media(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    answers = [said for status, said in operation["responses"].items() if status[0] == "2"]
    for said in [operation.get("requestBody", {}), *answers]:
        yield from (one for one in said.get("content", {}).values() if one.get("schema"))


def test_everything_sent_and_answered_has_an_example_that_fits_its_schema(described) -> None:
    wrong, examples = [], 0
    for name, _, operation in operations(described):
        for one in media(operation):
            examples += 1
            schema = {**one["schema"], "components": described["components"]}
            wrong += [
                f"{name}: {'/'.join(map(str, fault.path))}: {fault.message[:120]}"
                for fault in Draft202012Validator(schema).iter_errors(one["example"])
            ]
    assert wrong == []
    assert examples > 100


def test_every_refusal_is_a_problem_document(described) -> None:
    for name, _, operation in operations(described):
        for status, said in operation["responses"].items():
            if status[0] in "45":
                assert list(said["content"]) == ["application/problem+json"], (name, status)
