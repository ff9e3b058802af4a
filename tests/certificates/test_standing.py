"""What a certificate is worth on a day, and who is on its lists then, without a database."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from app.certificates.rules import (
    TAKES_AWAY,
    CertificateFacts,
    Covered,
    Listed,
    NotCovered,
    Term,
    coverage,
    standing,
    status_on,
)
from app.kit.quantities import Grams
from app.lots.claims import claims_for
from app.lots.facts import Evidence, PartFacts
from app.lots.inputs import Terms
from app.models.certificates import CertificateStatus
from tests.certificates.examples import CABBAGE, DIN, HARVEST, MAY, TERRACE, certificate, lot, step

ACTIVE, SUSPENDED, WITHDRAWN, REPLACED = CertificateStatus
BEGINS, ENDS = date(2026, 1, 1), date(2026, 12, 31)
APRIL, MAY_DAY = date(2026, 4, 20), date(2026, 5, 10)


@pytest.mark.parametrize(
    ("what", "steps", "disputed", "day", "expected"),
    [
        ("before its first day", [], False, date(2025, 12, 31), "pending"),
        ("on its first day", [], False, BEGINS, "active"),
        ("on its last day", [], False, ENDS, "active"),
        ("the day after", [], False, date(2027, 1, 1), "expired"),
        ("from its suspension on", [step(SUSPENDED, HARVEST)], False, HARVEST, "suspended"),
        ("suspended and over", [step(SUSPENDED, HARVEST)], False, date(2027, 1, 1), "expired"),
        ("once replaced", [step(REPLACED, HARVEST)], False, HARVEST, "replaced"),
        (
            "the day before it is replaced",
            [step(REPLACED, HARVEST)],
            False,
            HARVEST - timedelta(days=1),
            "active",
        ),
        ("replaced and over", [step(REPLACED, HARVEST)], False, date(2027, 1, 1), "replaced"),
        ("withdrawn and over", [step(WITHDRAWN, HARVEST)], False, date(2027, 1, 1), "withdrawn"),
        ("disputed", [], True, HARVEST, "disputed"),
        ("disputed before it begins", [], True, date(2025, 1, 1), "disputed"),
        ("disputed and withdrawn", [step(WITHDRAWN, HARVEST)], True, HARVEST, "withdrawn"),
        (
            "withdrawn before its planned replacement",
            [step(REPLACED, date(2026, 9, 1), 1), step(WITHDRAWN, HARVEST, 2)],
            False,
            date(2026, 10, 1),
            "withdrawn",
        ),
        (
            "suspended before its planned replacement",
            [step(REPLACED, date(2026, 9, 1), 1), step(SUSPENDED, HARVEST, 2)],
            False,
            date(2026, 10, 1),
            "replaced",
        ),
    ],
)
def test_the_gravest_word_is_said(what, steps, disputed, day, expected) -> None:
    assert standing(BEGINS, ENDS, steps, day, disputed=disputed) == expected, what


@for_all(
    st.lists(
        st.tuples(st.sampled_from(list(CertificateStatus)), st.dates(BEGINS, ENDS)), max_size=6
    ),
    st.booleans(),
    st.dates(date(2025, 1, 1), date(2028, 1, 1)),
)
def test_exactly_one_word_says_what_it_is_worth(told, disputed, day) -> None:
    steps = [step(status, on, number) for number, (status, on) in enumerate(told, 1)]
    word = standing(BEGINS, ENDS, steps, day, disputed=disputed)
    assert (word == "active") == (
        BEGINS <= day <= ENDS and not disputed and status_on(steps, day) is ACTIVE
    )


@for_all(
    st.lists(
        st.tuples(st.sampled_from(list(CertificateStatus)), st.dates(BEGINS, ENDS)), max_size=6
    )
)
def test_nothing_follows_a_withdrawal(told) -> None:
    steps = [step(status, on, number) for number, (status, on) in enumerate(told, 1)]
    days = [BEGINS + timedelta(days=days) for days in range(0, 800, 20)]
    words = [standing(BEGINS, ENDS, steps, day) for day in days]
    assert all(later == "withdrawn" for first, later in pairwise(words) if first == "withdrawn")


def joined(listed: Listed, what: int, since: date, until: date | None = None) -> CertificateFacts:
    """A certificate one of whose lists something joined, and perhaps left."""
    term = Term(listed, what, since, until)
    return certificate(members=frozenset({MAY, DIN}), terms=(term,))


def test_a_member_added_in_may_does_not_cover_a_harvest_of_april() -> None:
    held = joined(Listed.MEMBERS, MAY, MAY_DAY)
    verdict = coverage(held, lot(harvested_on=APRIL))
    assert isinstance(verdict, NotCovered)
    assert str(verdict.reason) == (
        "The grower was not on the member list of certificate VG-1 on 2026-04-20."
    )
    assert isinstance(coverage(held, lot(harvested_on=MAY_DAY)), Covered)


def test_a_member_who_left_is_covered_to_the_last_day() -> None:
    held = joined(Listed.MEMBERS, MAY, BEGINS, APRIL)
    assert isinstance(coverage(held, lot(harvested_on=APRIL)), Covered)
    assert isinstance(coverage(held, lot(harvested_on=date(2026, 4, 21))), NotCovered)


def test_who_comes_back_is_covered_in_both_times() -> None:
    terms = (
        Term(Listed.MEMBERS, MAY, BEGINS, APRIL),
        Term(Listed.MEMBERS, MAY, HARVEST),
    )
    held = certificate(members=frozenset({MAY}), terms=terms)
    days = (APRIL, MAY_DAY, HARVEST)
    covered = [isinstance(coverage(held, lot(harvested_on=day)), Covered) for day in days]
    assert covered == [True, False, True]


@pytest.mark.parametrize(
    ("listed", "what", "name"),
    [(Listed.CROPS, CABBAGE, "Bắp cải"), (Listed.AREAS, TERRACE, "Ruộng bậc thang")],
)
def test_a_crop_or_an_area_that_joined_later_is_named(listed: Listed, what: int, name: str) -> None:
    held = joined(listed, what, MAY_DAY)
    verdict = coverage(held, lot(harvested_on=APRIL))
    assert isinstance(verdict, NotCovered)
    assert str(verdict.reason) == f"{name} was not in the scope of certificate VG-1 on 2026-04-20."
    assert isinstance(coverage(held, lot(harvested_on=MAY_DAY)), Covered)


def test_the_term_of_one_thing_says_nothing_of_another() -> None:
    """The same number on another list, another number on the same list."""
    held = certificate(
        members=frozenset({MAY, DIN}),
        terms=(
            Term(Listed.MEMBERS, DIN, MAY_DAY),
            Term(Listed.CROPS, MAY, MAY_DAY),
        ),
    )
    assert held.lists_on(Listed.MEMBERS, MAY, APRIL)
    assert not held.lists_on(Listed.MEMBERS, DIN, APRIL)
    assert held.lists_on(Listed.CROPS, CABBAGE, APRIL)
    assert held.lists_on(Listed.AREAS, TERRACE, APRIL)
    assert not held.lists_on(Listed.AREAS, CABBAGE, APRIL)
    assert not held.lists_on(Listed.MEMBERS, None, APRIL)


def test_a_disputed_certificate_covers_nothing_until_it_is_confirmed() -> None:
    verdict = coverage(certificate(disputed=True), lot(harvested_on=date(2030, 1, 1)))
    assert isinstance(verdict, NotCovered)
    assert str(verdict.reason) == "Certificate VG-1 is disputed: it may not stand as declared."
    assert str(verdict.mend) == "The certification body can confirm it."


def test_a_replaced_certificate_covers_the_harvests_before_it() -> None:
    held = certificate(steps=(step(REPLACED, HARVEST),))
    before = lot(harvested_on=HARVEST - timedelta(days=1))
    assert isinstance(coverage(held, before), Covered)
    verdict = coverage(held, lot())
    assert isinstance(verdict, NotCovered)
    assert str(verdict.reason) == "Certificate VG-1 was replaced by another on 2026-06-15."
    assert frozenset({SUSPENDED, WITHDRAWN}) == TAKES_AWAY


def test_a_collective_mark_is_for_members_wherever_they_grow() -> None:
    held = certificate(kind="collective_mark", areas=frozenset(), members=frozenset({MAY}))
    assert isinstance(coverage(held, lot(area_id=99)), Covered)
    assert isinstance(coverage(held, lot(area_id=99, grower_id=DIN)), NotCovered)


@pytest.mark.parametrize("kind", ["pgs", "geographical_indication", "globalgap", "vietgap"])
def test_other_kinds_are_bound_to_areas(kind: str) -> None:
    held = certificate(kind=kind)
    assert isinstance(coverage(held, lot()), Covered)
    assert isinstance(coverage(held, lot(area_id=99)), NotCovered)


def test_a_harvest_keeps_its_claim_when_its_certificate_is_renewed_and_loses_it_when_suspended():
    def granted(status: CertificateStatus) -> bool:
        held = certificate(steps=(step(status, HARVEST + timedelta(days=30)),))
        later = HARVEST + timedelta(days=60)
        harvest = Evidence(lot(), [], [held], [PartFacts(quantity=Grams(100_000))])
        claims = claims_for(harvest, terms=Terms(), today=later)
        return [claim.granted for claim in claims if claim.kind == "vietgap"] == [True]

    assert {status: granted(status) for status in (REPLACED, SUSPENDED, WITHDRAWN)} == {
        REPLACED: True,
        SUSPENDED: False,
        WITHDRAWN: False,
    }
