"""When a lot gets labels, when it may leave, and how complete its record is."""

import pytest

from app.lots.completeness import ITEMS, MENDS, Wanted, completeness_of
from app.lots.leaving import Readiness, find_wait, obstacles_to_labels, obstacles_to_leaving
from app.models.lots import LotState
from tests.lots.cases import TODAY, days, weighed

NINE = tuple(ITEMS)
SEVEN = ("name", "image", "producer", "producer_address", "origin", "lot", "expiry")
WANTED = Wanted(NINE, SEVEN, ("lot", "expiry"), "NĐ 37/2026")


def ready(**other: object) -> Readiness:
    chosen: dict = {
        "state": LotState.OPEN,
        "sellable_from": None,
        "season": weighed(50),
        "completeness": completeness_of(NINE, WANTED),
        **other,
    }
    return Readiness(**chosen)


@pytest.mark.parametrize(
    ("the_lot", "leaves", "is_labelled"),
    [
        ("is open", True, True),
        ("is sealed", True, True),
        ("is closed", True, True),
        ("is held", False, False),
        ("is recalled", False, False),
        ("was withdrawn", False, False),
        ("waits until tomorrow", False, False),
        ("waited until today", True, True),
        ("is over what was declared", True, False),
        ("has no declared season", True, True),
        ("lacks a public item", True, False),
        ("lacks the best-before day", True, True),
        ("lacks its standards", True, True),
    ],
)
def test_a_lot_leaves_and_is_labelled_when_it(
    the_lot: str, leaves: bool, is_labelled: bool
) -> None:
    lacking = {
        item: completeness_of([one for one in NINE if one != item], WANTED)
        for item in ("image", "expiry", "standards")
    }
    found = {
        "is open": ready(),
        "is sealed": ready(state=LotState.SEALED),
        "is closed": ready(state=LotState.CLOSED),
        "is held": ready(state=LotState.HELD),
        "is recalled": ready(state=LotState.RECALLED),
        "was withdrawn": ready(state=LotState.WITHDRAWN),
        "waits until tomorrow": ready(sellable_from=TODAY + days(1)),
        "waited until today": ready(sellable_from=TODAY),
        "is over what was declared": ready(season=weighed(106)),
        "has no declared season": ready(season=None),
        "lacks a public item": ready(completeness=lacking["image"]),
        "lacks the best-before day": ready(completeness=lacking["expiry"]),
        "lacks its standards": ready(completeness=lacking["standards"]),
    }[the_lot]
    assert (not obstacles_to_leaving(found, TODAY)) is leaves
    assert (not obstacles_to_labels(found, TODAY)) is is_labelled


def test_everything_that_stands_in_the_way_is_said_the_stop_first() -> None:
    bad = ready(
        state=LotState.HELD,
        sellable_from=TODAY + days(3),
        season=weighed(300),
        completeness=completeness_of([], WANTED),
    )
    said = [str(why) for why in obstacles_to_labels(bad, TODAY)]
    assert len(said) == 2 + 1 + 5
    assert said[0].startswith("The lot is held")
    assert (
        said[1] == "It was harvested while a waiting time ran: it may be sold from 2026-11-23 on."
    )
    assert said[2].startswith("With this lot 300 kg")
    assert said[3] == "Name of the goods is missing (NĐ 37/2026). Name the crop."
    assert len(obstacles_to_leaving(bad, TODAY)) == 2


def test_a_lot_that_need_not_wait_is_not_told_to() -> None:
    assert find_wait(None, TODAY) is None
    assert find_wait(TODAY, TODAY) is None
    assert find_wait(TODAY + days(1), TODAY) is not None


def test_the_score_counts_what_is_there_of_what_the_rule_wants() -> None:
    found = completeness_of({"name", "lot", "events", "colour"}, WANTED)
    assert (found.there, found.of) == (3, 9)
    assert [item.slug for item in found.missing] == [
        "image", "producer", "producer_address", "origin", "expiry", "standards",
    ]  # fmt: skip
    assert [item.slug for item in found.holds_back] == [
        "image", "producer", "producer_address", "origin",
    ]  # fmt: skip


def test_every_item_has_a_name_and_a_help_and_a_new_one_too() -> None:
    assert ITEMS.keys() == MENDS.keys()
    strange = completeness_of([], Wanted(("weight",), ("weight",), (), "x")).items[0]
    assert (strange.there, strange.needed) == (False, True)
    assert str(strange.label) == "Another item"
    assert str(strange.mend) == "Complete the record."
    known = completeness_of([], WANTED).items[0]
    assert (known.label, known.mend) == (ITEMS["name"], MENDS["name"])
