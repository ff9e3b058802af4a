"""Documents that must not lag behind the code."""

import json
from typing import Any

from fastapi import FastAPI
from sqlmodel import SQLModel

import app.models  # noqa: F401  # registers every table
from app.settings import Settings
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


def test_no_file_names_a_registry_or_one_machine() -> None:
    forbidden = ["pypi" + ".org", "python" + "hosted", "registry.npm" + "js", "deb." + "debian.org"]
    forbidden += ["/" + f"work/{name}" for name in ("main", "shared", ".library")] + ["/" + "root/"]
    guilty = [
        (name, word)
        for name, content in tracked_texts().items()
        for word in forbidden
        if word in content and "vendor/" not in name
    ]
    assert guilty == []
