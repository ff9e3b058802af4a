"""A lot made of others: from where by share, what it may claim, how it stands, what counts it."""

from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.inspection.lab_rules import Finding
from app.kit.clock import day_of
from app.kit.codes import new_lot_code
from app.ledger.actors import Actor
from app.lots.commands import recall_lot
from app.lots.evidence import claims_of, findings_of
from app.lots.origin_queries import Edge, deciding_lot, origins_of, percents_of, shares_in
from app.models.accounts import Role
from app.models.lots import HarvestLot, LotKind, LotState
from app.models.movements import LotEdge, Movement, MovementKind
from tests.given import Given

EDGE = "INSERT INTO lot_edge (parent_id, child_id, quantity_g, movement_id)"
WHY = "Dư lượng thuốc vượt mức cho phép."


def made_of(
    session: Session,
    given: Given,
    *parts: tuple[HarvestLot, int],
    kind: LotKind = LotKind.MERGED,
) -> HarvestLot:
    """A derived lot as a movement leaves it."""
    first, whole = parts[0][0], sum(grams for _, grams in parts)
    lot = HarvestLot(
        code=new_lot_code(),
        kind=kind,
        organisation_id=first.organisation_id,
        crop_id=first.crop_id,
        harvested_on=min(part.harvested_on for part, _ in parts),
        quantity_g=whole,
        state_since=given.now,
        recorded_at=given.now,
    )
    movement = Movement(
        organisation_id=first.organisation_id,
        kind=MovementKind.MERGING,
        happened_at=given.now,
        recorded_at=given.now,
    )
    session.add_all([lot, movement])
    session.flush()
    session.add_all(
        LotEdge(parent_id=part.pk, child_id=lot.pk, quantity_g=grams, movement_id=movement.pk)
        for part, grams in parts
    )
    session.flush()
    return lot


def test_it_comes_from_all_areas_by_share_of_kilograms(session: Session, given: Given) -> None:
    home = given.cooperative()
    first, second = given.lot(given.area(home)), given.lot(given.area(home))
    mixed = made_of(session, given, (first, 300_000), (second, 100_000))
    again = made_of(session, given, (mixed, 100_000), (second, 100_000), kind=LotKind.PACKED)
    origins = origins_of(session, again)
    assert [(one.lot, one.quantity.value) for one in origins] == [
        (second, 125_000),
        (first, 75_000),
    ]
    assert [one.percent for one in origins] == [62, 38]
    assert {one.area.pk for one in origins} == {first.area_id, second.area_id}


def test_shares_of_many_steps_add_up() -> None:
    edges = [Edge(1, 3, 50), Edge(2, 3, 50), Edge(3, 4, 30), Edge(2, 4, 10), Edge(3, 5, 20)]
    assert shares_in(4, edges[:4]) == pytest.approx({1: 0.375, 2: 0.625})
    assert percents_of({1: 1 / 3, 2: 1 / 3, 3: 1 / 3}) == {1: 34, 2: 33, 3: 33}


def test_it_claims_only_what_every_harvest_in_it_may_claim(session: Session, given: Given) -> None:
    home = given.cooperative()
    certified, other = given.area(home), given.area(home)
    given.certificate(certified)
    good, plain = given.lot(certified), given.lot(other)
    today = day_of(given.now)
    assert _granted(session, given, good) == {"vietgap"}
    alone = made_of(session, given, (good, 100_000))
    assert _granted(session, given, alone) == {"vietgap"}
    mixed = made_of(session, given, (good, 99_000), (plain, 1_000))
    assert _granted(session, given, mixed) == set()
    why = next(one for one in claims_of(session, mixed, today=today) if one.kind == "vietgap")
    assert "source" in why.reason.values


def _granted(session: Session, given: Given, lot: HarvestLot) -> set[str]:
    found = claims_of(session, lot, today=day_of(given.now))
    return {claim.kind for claim in found if claim.granted}


def test_a_failed_official_test_of_a_source_withholds_everything(
    session: Session, given: Given
) -> None:
    home = given.cooperative()
    area = given.area(home)
    given.certificate(area)
    lot = given.lot(area)
    mixed = made_of(session, given, (lot, 100_000))
    packed = made_of(session, given, (mixed, 50_000), kind=LotKind.PACKED)
    assert _granted(session, given, packed) == {"vietgap"}
    over = Finding("Cypermethrin", value=Decimal(2), unit="mg/kg", limit=Decimal(1))
    given.lab_report(mixed, over, by=Role.INSPECTOR)
    assert _granted(session, given, packed) == set()
    assert findings_of(session, packed, today=day_of(given.now)).evidence.failed_test


def test_a_recall_of_a_source_is_one_of_all_that_was_made_of_it(
    session: Session, given: Given
) -> None:
    lot, other = given.lot(), given.lot()
    merged = made_of(session, given, (lot, 90_000))
    packed = made_of(session, given, (merged, 80_000))
    untouched = made_of(session, given, (other, 10_000))
    recall_lot(session, lot=lot, reason=WHY, by=Actor.system(), now=given.now)
    assert deciding_lot(session, packed) is lot
    assert packed.state is LotState.OPEN
    assert deciding_lot(session, untouched) is untouched


@pytest.mark.parametrize(
    "statement",
    [
        f"{EDGE} VALUES (:child, :parent, 1, :movement)",
        f"{EDGE} VALUES (:child, :child, 1, :movement)",
        "UPDATE harvest_lot SET area_id = NULL WHERE id = :parent",
        "UPDATE holding SET quantity_g = -1 WHERE lot_id = :parent",
    ],
    ids=["backwards", "into itself", "no area", "less than nothing"],
)
def test_the_database_itself_refuses(session: Session, given: Given, statement: str) -> None:
    lot = given.lot()
    child = made_of(session, given, (lot, 10_000))
    movement = session.execute(text("SELECT max(id) FROM movement")).scalar_one()
    named = {"parent": lot.pk, "child": child.pk, "movement": movement}
    wanted = {key: value for key, value in named.items() if f":{key}" in statement}
    with pytest.raises(IntegrityError):
        session.execute(text(statement), wanted)
    session.rollback()
