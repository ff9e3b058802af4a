"""Printed = applied + void + unknown, whatever ranges are marked in whatever order."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from app.errors import Refused
from app.labels.accounting import account_of, length, merged, overlap, without
from app.labels.run_marks import Marking, mark_labels
from app.labels.serial_queries import SerialState, serial_state
from app.models.print_runs import LabelMark, MarkKind
from tests.given import Given
from tests.labels.printing import BY, Printing

SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 15)).map(
        lambda pair: (pair[0], pair[0] + pair[1])
    ),
    max_size=8,
)


def numbers(spans: list[tuple[int, int]]) -> set[int]:
    return {number for first, last in spans for number in range(first, last + 1)}


@given(SPANS)
def test_merging_keeps_the_same_labels(spans: list[tuple[int, int]]) -> None:
    assert numbers(merged(spans)) == numbers(spans)
    assert length(merged(spans)) == len(numbers(spans))


@given(SPANS, SPANS)
def test_taking_away_leaves_the_others(
    spans: list[tuple[int, int]], taken: list[tuple[int, int]]
) -> None:
    assert numbers(without(merged(spans), merged(taken))) == numbers(spans) - numbers(taken)


@given(SPANS, st.integers(0, 80), st.integers(0, 10))
def test_an_overlap_is_found_where_there_is_one(
    spans: list[tuple[int, int]], first: int, more: int
) -> None:
    shared = overlap(spans, first, first + more)
    assert (shared is not None) == bool(numbers(spans) & set(range(first, first + more + 1)))


@given(SPANS, SPANS)
def test_every_label_is_counted_once(
    applied: list[tuple[int, int]], voided: list[tuple[int, int]]
) -> None:
    account = account_of(
        0, 75, [*marks(applied, MarkKind.APPLIED), *marks(voided, MarkKind.VOIDED)]
    )
    assert account.voided == len(numbers(voided))
    assert account.applied == len(numbers(applied) - numbers(voided))
    assert account.printed == account.applied + account.voided + account.unknown == 76


def marks(spans: list[tuple[int, int]], kind: MarkKind) -> list[LabelMark]:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    return [
        LabelMark(run_lot_id=1, kind=kind, first_index=first, last_index=last, marked_at=at)
        for first, last in spans
    ]


def test_a_serial_is_never_printed_printed_applied_or_void(
    session: Session, given: Given, printing: Printing
) -> None:
    lot = given.lot()
    run = printing.run((lot, 10), serialised=True)
    home = printing.home(lot)

    def mark(kind: MarkKind, first: int, last: int) -> None:
        session.flush()
        marking = Marking(lot.code, kind, first, last, "rách")
        mark_labels(session, run=run, organisation=home, marking=marking, by=BY, now=given.now)

    mark(MarkKind.APPLIED, 0, 3)
    mark(MarkKind.VOIDED, 3, 5)
    session.flush()
    states = [serial_state(session, lot, number).state for number in (0, 3, 5, 6, 10)]
    assert states == [
        SerialState.APPLIED,
        SerialState.VOIDED,
        SerialState.VOIDED,
        SerialState.PRINTED,
        SerialState.NEVER_PRINTED,
    ]
    assert serial_state(session, lot, 4).reason == "rách"


@pytest.mark.parametrize(
    ("kind", "first", "last", "reason", "field"),
    [
        (MarkKind.VOIDED, 0, 10, "rách", "first"),
        (MarkKind.VOIDED, -1, 3, "rách", "first"),
        (MarkKind.VOIDED, 5, 3, "rách", "first"),
        (MarkKind.VOIDED, 0, 3, " ", "reason"),
        (MarkKind.APPLIED, 8, 9, "", "first"),
    ],
)
def test_impossible_marks_are_refused(
    session: Session,
    given: Given,
    printing: Printing,
    kind: MarkKind,
    first: int,
    last: int,
    reason: str,
    field: str,
) -> None:
    lot = given.lot()
    run = printing.run((lot, 10))
    session.flush()
    common = {"run": run, "organisation": printing.home(lot), "by": BY, "now": given.now}
    mark_labels(session, marking=Marking(lot.code, MarkKind.VOIDED, 9, 9, "rách"), **common)
    session.flush()
    with pytest.raises(Refused) as refused:
        mark_labels(session, marking=Marking("", kind, first, last, reason), **common)
    assert refused.value.fields[0].field == field
