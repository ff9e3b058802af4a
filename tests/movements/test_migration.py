"""A register that is in use gets its holdings, and can be taken back and forth with derived lots in it."""

import re

from sqlalchemy import Engine, text
from sqlmodel import Session

from app.db import open_session
from app.ledger.actors import Actor
from app.lots.commands import seal_lot, withdraw_lot
from app.lots.hold_commands import close_lot
from app.migrating import MIGRATIONS, migrate
from app.models.registry import Organisation
from tests.given import Given
from tests.movements.moving import Moving
from tests.movements.test_derived import made_of

BEFORE = "20261212_native_zpl"
HOLDINGS = text(
    "SELECT lot_id, state, quantity_g FROM holding WHERE quantity_g > 0 ORDER BY lot_id, state"
)


def steps_back(to: str) -> str:
    """How many revisions lie after one, as the runner of migrations takes it."""
    below = {}
    for path in (MIGRATIONS / "versions").glob("*.py"):
        found = dict(
            re.findall(r'^(revision|down_revision) = "(.+)"$', path.read_text(), re.MULTILINE)
        )
        if "down_revision" in found:
            below[found["down_revision"]] = found["revision"]
    steps = 0
    while to in below:
        to, steps = below[to], steps + 1
    return f"-{steps}"


def test_every_lot_in_use_begins_with_a_holding(
    engine: Engine, session: Session, given: Given
) -> None:
    by = {"by": Actor.system(), "now": given.now}
    there, gone, mistake = (given.lot(kilograms=kilograms) for kilograms in (10, 20, 30))
    seal_lot(session, lot=gone, **by)
    close_lot(session, lot=gone, **by)
    withdraw_lot(session, lot=mistake, reason="Ghi nhầm hai lần.", **by)
    merged = made_of(session, given, (there, 4_000))
    packed = made_of(session, given, (merged, 3_000))
    home = session.get_one(Organisation, there.organisation_id)
    _, bought = Moving(given, home).supply(5)
    areas = (there.pk, gone.pk, merged.pk, packed.pk), there.area_id
    told = [(there.pk, "in_hand", 10_000), (gone.pk, "unaccounted", 20_000)]
    outside = (bought.pk, "in_hand", 5_000)
    assert session.execute(HOLDINGS).all() == [*told, outside]
    session.commit()
    session.close()
    migrate(engine, steps_back(BEFORE))
    with open_session(engine) as back:
        wanted = text("SELECT area_id FROM harvest_lot WHERE id = :id")
        found = [back.execute(wanted, {"id": key}).scalar_one() for key in areas[0][2:]]
        assert found == [areas[1], areas[1]]
        named = text("SELECT name FROM planting_area WHERE id = :id")
        outside_area = back.execute(wanted, {"id": outside[0]}).scalar_one()
        assert back.execute(named, {"id": outside_area}).scalar_one() == "Ngoài hệ thống"
    migrate(engine)
    with open_session(engine) as again:
        # As harvests all four of them are somewhere; what made them of one another is forgotten.
        derived = [
            (key, "in_hand", grams) for key, grams in zip(areas[0][2:], (4_000, 3_000), strict=True)
        ]
        assert again.execute(HOLDINGS).all() == [*told, *derived, outside]
