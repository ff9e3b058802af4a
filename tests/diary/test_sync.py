"""What telephones send in: each item once, in any order and repetition, and no version lost."""

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given as draw
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select
from sqlmodel import Session

from app.accounts.reach import Reach
from app.db import open_session
from app.diary.conflict_commands import settle_conflict
from app.diary.conflict_queries import conflicts, line_of_conflict, open_conflicts
from app.diary.entry_queries import find_entry, versions_of, writing_of
from app.diary.queries import standing_entries
from app.diary.sync_commands import Outcome, OutcomeKind, take_in
from app.diary.sync_order import in_causal_order
from app.diary.writing import Using, Writing, content_of
from app.errors import Refused
from app.models.base import new_uid
from app.models.diary import ConflictState, DiaryConflict, DiaryEntry, Work
from app.models.registry import Organisation
from tests.diary.growing import Growing
from tests.given import Given


def kinds(outcomes: list[Outcome]) -> list[str]:
    return [outcome.kind.value for outcome in outcomes]


def test_an_item_arrives_once_however_often_it_is_sent(growing: Growing, session: Session) -> None:
    planting = growing.planting()
    item = growing.writing(planting)
    assert kinds(growing.sync(planting, item, item)) == ["created", "known"]
    assert kinds(growing.sync(planting, item)) == ["known"]
    assert len(standing_entries(session, [planting.pk])) == 1


def test_a_correction_before_its_entry_in_one_batch_goes_after_it(growing: Growing) -> None:
    planting = growing.planting()
    entry = growing.writing(planting, note="một")
    better = growing.writing(planting, note="hai", corrects=entry.uid)
    best = growing.writing(planting, note="ba", corrects=better.uid)
    assert kinds(growing.sync(planting, best, better, entry)) == ["created"] * 3


def test_a_correction_without_its_entry_waits_and_is_sent_again(growing: Growing) -> None:
    planting = growing.planting()
    entry = growing.writing(planting)
    better = growing.writing(planting, note="hai", corrects=entry.uid)
    [waiting] = growing.sync(planting, better)
    assert waiting.kind is OutcomeKind.WAITING
    assert "has not arrived yet" in str(waiting.why)
    assert kinds(growing.sync(planting, entry, better)) == ["created", "created"]


def test_one_bad_item_does_not_stop_the_others(growing: Growing) -> None:
    planting = growing.planting()
    good, more = growing.writing(planting), growing.writing(planting, day=-2)
    bad = growing.writing(planting, Work.HARVEST, day=-90)
    outcomes = growing.sync(planting, good, bad, more)
    assert kinds(outcomes) == ["created", "refused", "created"]
    assert [fault.field for fault in outcomes[1].fields] == ["done_on"]


def test_what_was_refused_arrives_when_it_is_mended(growing: Growing) -> None:
    planting = growing.planting()
    bad = growing.writing(planting, day=9)
    assert kinds(growing.sync(planting, bad)) == ["refused"]
    assert kinds(growing.sync(planting, replace(bad, done_on=growing.given.day(0)))) == ["created"]


def test_a_correction_of_what_was_refused_waits(growing: Growing) -> None:
    planting = growing.planting()
    bad = growing.writing(planting, day=9)
    better = growing.writing(planting, corrects=bad.uid)
    assert kinds(growing.sync(planting, bad, better)) == ["refused", "waiting"]


def test_a_second_correction_is_kept_as_a_conflict(growing: Growing, session: Session) -> None:
    planting = growing.planting()
    entry = growing.entry(planting, Work.HARVEST, kilograms=100)
    here = growing.correction(planting, entry, kilograms=120)
    other = growing.writing(planting, Work.HARVEST, kilograms=130, corrects=entry.uid)
    [outcome] = growing.sync(planting, other)
    assert outcome.kind is OutcomeKind.CONFLICT
    assert outcome.entry is here
    assert kinds(growing.sync(planting, other)) == ["conflict"]
    assert outcome.conflict is not None
    line = line_of_conflict(session, outcome.conflict)
    assert line.fields == ("quantity_g",)
    assert open_conflicts(session, planting.organisation_id) == 1


def test_a_correction_of_the_version_that_does_not_stand_is_one_more(
    growing: Growing, session: Session
) -> None:
    planting = growing.planting()
    entry = growing.entry(planting)
    growing.correction(planting, entry, note="máy A")
    other = growing.writing(planting, note="máy B", corrects=entry.uid)
    later = growing.writing(planting, note="máy B lần hai", corrects=other.uid)
    assert kinds(growing.sync(planting, other, later)) == ["conflict", "conflict"]
    assert len(conflicts(session, within=Reach.all()).items) == 2


def test_an_item_whose_content_changed_is_another_version(
    growing: Growing, session: Session
) -> None:
    planting = growing.planting()
    item = growing.writing(planting, Work.HARVEST, kilograms=100)
    growing.sync(planting, item)
    changed = replace(item, note="sửa trên máy")
    assert kinds(growing.sync(planting, changed)) == ["conflict"]
    assert kinds(growing.sync(planting, changed, item)) == ["known", "known"]
    [line] = conflicts(session, within=Reach.all()).items
    assert line.fields == ("note",)
    settle_conflict(
        session, conflict=line.conflict, choice=ConflictState.TOOK_OTHER, pen=growing.pen
    )
    [standing] = standing_entries(session, [planting.pk])
    assert standing.note == "sửa trên máy"


def test_the_catalogue_s_own_writing_of_a_name_is_no_change(growing: Growing) -> None:
    growing.product("Thuốc A 10EC")
    planting = growing.planting()
    item = growing.writing(planting, Work.SPRAYING, uses=Using("THUOC A 10EC", amount=5))
    assert kinds(growing.sync(planting, item, item)) == ["created", "known"]
    other = replace(item, inputs=(Using("Thuốc B", amount=5),))
    assert kinds(growing.sync(planting, other)) == ["conflict"]


def test_a_note_of_a_mistake_travels_too(growing: Growing, session: Session) -> None:
    planting = growing.planting()
    item = growing.writing(planting)
    note = growing.writing(planting, corrects=item.uid, void=True, reason="Ghi nhầm")
    assert kinds(growing.sync(planting, note, item, note)) == ["created", "created", "known"]
    assert standing_entries(session, [planting.pk]) == []


def test_items_of_another_organisation_are_refused(growing: Growing, session: Session) -> None:
    planting, foreign = growing.planting(), growing.planting()
    entry = growing.entry(foreign)
    home = session.get_one(Organisation, planting.organisation_id)
    items = [
        growing.writing(foreign),
        growing.writing(planting, corrects=entry.uid),
        replace(growing.writing(planting), uid=entry.uid),
    ]
    outcomes = take_in(session, organisation=home, items=items, pen=growing.pen)
    assert kinds(outcomes) == ["refused", "waiting", "refused"]


@pytest.mark.parametrize(
    ("choice", "notes"),
    [
        (ConflictState.KEPT_STANDING, {"máy A"}),
        (ConflictState.TOOK_OTHER, {"máy B"}),
        (ConflictState.BOTH, {"máy A", "máy B"}),
    ],
)
def test_a_conflict_is_settled_once_and_nothing_is_lost(
    growing: Growing, session: Session, choice: ConflictState, notes: set[str]
) -> None:
    planting = growing.planting()
    entry = growing.entry(planting)
    growing.correction(planting, entry, note="máy A")
    other = growing.writing(planting, note="máy B", corrects=entry.uid)
    [outcome] = growing.sync(planting, other)
    assert outcome.conflict is not None
    settle_conflict(session, conflict=outcome.conflict, choice=choice, pen=growing.pen)
    assert {one.note for one in standing_entries(session, [planting.pk])} == notes
    assert line_of_conflict(session, outcome.conflict).other.note == "máy B"
    assert open_conflicts(session, planting.organisation_id) == 0
    assert kinds(growing.sync(planting, other)) == [
        "conflict" if choice is ConflictState.KEPT_STANDING else "known"
    ]
    with pytest.raises(Refused):
        settle_conflict(session, conflict=outcome.conflict, choice=choice, pen=growing.pen)


def test_what_never_happened_cannot_count_too(growing: Growing, session: Session) -> None:
    planting = growing.planting()
    entry = growing.entry(planting)
    growing.correction(planting, entry, note="máy A")
    [outcome] = growing.sync(
        planting, growing.writing(planting, corrects=entry.uid, void=True, reason="nhầm")
    )
    assert outcome.conflict is not None

    def settle(choice: ConflictState) -> DiaryConflict:
        assert outcome.conflict is not None
        return settle_conflict(session, conflict=outcome.conflict, choice=choice, pen=growing.pen)

    for impossible in (ConflictState.BOTH, ConflictState.OPEN):
        with pytest.raises(Refused):
            settle(impossible)
    settle(ConflictState.TOOK_OTHER)
    assert standing_entries(session, [planting.pk]) == []


def test_the_other_version_corrects_whatever_stands_by_then(
    growing: Growing, session: Session
) -> None:
    planting = growing.planting()
    entry = growing.entry(planting)
    here = growing.correction(planting, entry, note="máy A")
    [outcome] = growing.sync(planting, growing.writing(planting, note="máy B", corrects=entry.uid))
    growing.correction(planting, here, note="máy A lần hai")
    assert outcome.conflict is not None
    settle_conflict(
        session, conflict=outcome.conflict, choice=ConflictState.TOOK_OTHER, pen=growing.pen
    )
    assert [one.note for one in versions_of(session, entry)] == [
        "",
        "máy A",
        "máy A lần hai",
        "máy B",
    ]


# --- any order, any repetition, any cut ---------------------------------------------------------


def journal(growing: Growing, count: int) -> tuple[Any, list[Writing]]:
    """Entries and corrections of several telephones: chains, notes of mistakes, nothing impossible."""
    chance = random.Random(count)
    planting = growing.planting()
    items: list[Writing] = []
    heads: list[Writing] = []
    while len(items) < count:
        written = growing.now - timedelta(minutes=chance.randrange(40_000))
        more: dict[str, Any] = {
            "written_at": written,
            "day": -chance.randrange(25),
            "note": f"n{len(items)}",
        }
        if heads and chance.random() < 0.4:
            head = heads.pop(chance.randrange(len(heads)))
            more |= {"corrects": head.uid}
            if chance.random() < 0.3:
                more |= {"void": True, "reason": "ghi nhầm"}
        item = growing.writing(
            planting, chance.choice([Work.WATERING, Work.WEEDING, Work.SOIL]), **more
        )
        items.append(item)
        heads.append(item)
    return planting, items


def state(session: Session) -> set[tuple[Any, ...]]:
    found = session.execute(select(DiaryEntry)).scalars().all()
    by_key = {entry.pk: entry.uid for entry in found}
    return {
        (
            entry.uid,
            str(content_of(writing_of(session, entry))),
            entry.corrected,
            entry.void,
            entry.back_dated,
            by_key.get(entry.corrects_id or 0),
        )
        for entry in found
    }


def send_until_quiet(
    growing: Growing, session: Session, planting: Any, items: list[Writing], chance: random.Random
) -> None:
    """As telephones do: batches in any order, some twice, some cut off and sent again."""
    queue = list(items)
    while queue:
        chance.shuffle(queue)
        size = chance.randrange(1, 200)
        batch = queue[:size] + chance.sample(items, k=min(len(items), chance.randrange(10)))
        if chance.random() < 0.15:
            # the answer is lost on its way: everything is sent again
            growing.sync(planting, *batch)
            continue
        outcomes = growing.sync(planting, *batch)
        done = {one.uid for one in outcomes if one.kind in {OutcomeKind.CREATED, OutcomeKind.KNOWN}}
        assert all(one.kind is not OutcomeKind.REFUSED for one in outcomes)
        queue = [item for item in queue if item.uid not in done]
    session.flush()


def test_any_order_and_repetition_of_500_operations_gives_the_same_state(
    growing: Growing, session: Session, engine: Engine
) -> None:
    planting, items = journal(growing, 500)
    session.commit()
    growing.sync(planting, *items)
    wanted = state(session)
    session.rollback()
    assert len(wanted) == 500
    for seed in range(3):
        with open_session(engine) as again:
            other = Growing(Given(again, growing.now))
            send_until_quiet(other, again, again.merge(planting), items, random.Random(seed))
            assert state(again) == wanted
            assert again.execute(select(func.count()).select_from(DiaryConflict)).scalar_one() == 0
            again.rollback()


def test_of_two_corrections_both_are_there_in_either_order(
    growing: Growing, session: Session
) -> None:
    kept = []
    for order in (0, 1):
        planting = growing.planting()
        entry = growing.writing(planting)
        growing.sync(planting, entry)
        both = [growing.writing(planting, note=note, corrects=entry.uid) for note in ("A", "B")]
        outcomes = growing.sync(planting, *(both[::-1] if order else both))
        assert sorted(kinds(outcomes)) == ["conflict", "created"]
        [conflict] = [one.conflict for one in outcomes if one.conflict]
        line = line_of_conflict(session, conflict)
        kept.append({line.here.note, line.other.note})
        assert all(
            find_entry(session, one.uid) or one.uid == conflict.other_uid for one in both if one.uid
        )
    assert kept == [{"A", "B"}] * 2


@draw(st.lists(st.integers(-1, 8), max_size=9), st.randoms())
def test_what_is_corrected_comes_before_what_corrects_it(
    links: list[int], chance: random.Random
) -> None:
    plan = new_uid()
    uids = [new_uid() for _ in links]
    items = [
        Writing(
            plan,
            Work.OTHER,
            date(2026, 11, 1),
            uid=uid,
            corrects=uids[link] if 0 <= link < at else None,
        )
        for at, (uid, link) in enumerate(zip(uids, links, strict=True))
    ]
    chance.shuffle(items)
    order = in_causal_order(items)
    assert sorted(order) == list(range(len(items)))
    place = {items[at].uid: when for when, at in enumerate(order)}
    assert all(place[one.corrects] < place[one.uid] for one in items if one.corrects in place)


def test_items_that_correct_each_other_in_a_ring_come_last() -> None:
    plan, one, other, third = (new_uid() for _ in range(4))
    items = [
        Writing(plan, Work.OTHER, date(2026, 11, 1), uid=one, corrects=other),
        Writing(plan, Work.OTHER, date(2026, 11, 1), uid=other, corrects=one),
        Writing(plan, Work.OTHER, date(2026, 11, 1), uid=third),
    ]
    assert in_causal_order(items)[0] == 2
