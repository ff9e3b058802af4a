"""The shipped files themselves: documented, tidy, and agreeing with one another."""

import csv
import json
import re
import unicodedata
from collections import defaultdict
from itertools import pairwise

import pytest

from app.reference.files import DATA, Cells, cells_of

NAMES = sorted(path.stem for path in DATA.glob("*.csv"))
DATED = ("standards", "regulated_actives", "legal_rules", "admin_units")


def header_of(name: str) -> list[str]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def documented() -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    name = ""
    for line in (DATA / "README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            name = line.removeprefix("## ").removesuffix(".csv")
            sections[name] = []
        elif line.startswith("|"):
            sections[name] += re.findall(r"`(\w+)`", line.split("|")[1])
    return sections


def test_every_column_of_every_file_is_documented() -> None:
    assert documented() == {name: header_of(name) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_files_are_tidy(name: str) -> None:
    raw = (DATA / f"{name}.csv").read_bytes().decode("utf-8")
    assert unicodedata.is_normalized("NFC", raw)
    assert "\r" not in raw
    for cells in cells_of(name):
        assert None not in cells
        assert all(cell == cell.strip() for cell in cells.values())


@pytest.mark.parametrize("name", DATED)
def test_nothing_ends_before_it_begins(name: str) -> None:
    for cells in cells_of(name):
        assert not cells["valid_to"] or cells["valid_from"] <= cells["valid_to"], cells


@pytest.mark.parametrize("name", ["standards", "regulated_actives", "legal_rules", "admin_units"])
def test_every_fact_of_law_names_its_act(name: str) -> None:
    assert all(cells["legal_ref"] for cells in cells_of(name))


def versions(name: str, *key: str) -> dict[tuple[str, ...], list[Cells]]:
    found = defaultdict(list)
    for cells in cells_of(name):
        found[tuple(cells[part] for part in key)].append(cells)
    return found


@pytest.mark.parametrize(
    ("name", "key"),
    [("legal_rules", ("key",)), ("admin_units", ("level", "code", "province_code"))],
)
def test_versions_of_one_thing_do_not_overlap(name: str, key: tuple[str, ...]) -> None:
    for of_one in versions(name, *key).values():
        ordered = sorted(of_one, key=lambda cells: cells["valid_from"])
        for earlier, later in pairwise(ordered):
            assert earlier["valid_to"], earlier
            assert earlier["valid_to"] < later["valid_from"], later


def test_versions_of_a_rule_are_of_one_kind_so_that_code_can_read_them() -> None:
    for of_one in versions("legal_rules", "key").values():
        assert len({type(json.loads(cells["value"])) for cells in of_one}) == 1
        assert len({cells["unit"] for cells in of_one}) == 1


def test_no_rule_ships_switched_on() -> None:
    """Whether a rule of secondary source refuses is the administrator's to decide."""
    assert {cells["enforced"] for cells in cells_of("legal_rules")} == {"no"}


def test_the_sources_page_speaks_of_every_file() -> None:
    page = (DATA.parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"`{name}.csv`" not in page] == []
