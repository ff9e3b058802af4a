"""Shoppers of the demonstration: which goods were looked up, where bought; one label in too many hands."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from app.accounts.reach import Reach
from app.demo.cast import SEATED_HOME
from app.demo.world import World
from app.kit.clock import day_of
from app.labels.serial_queries import serial_state
from app.lots.queries import newest_lots
from app.models.lots import HarvestLot, LotState
from app.models.print_runs import PrintRun, PrintRunLot
from app.models.scans import WHOLE_LOT, AlertOutcome, ScanAlert
from app.scans.alert_commands import close_alert, raise_alerts
from app.scans.count_commands import end_days, make_salt, write_counts
from app.scans.label_queries import LabelKnown, LabelRead, known_of
from app.scans.mark_commands import mark_opened, mark_sold
from app.scans.place_commands import answer_place
from app.scans.rules import Limits, Sign
from app.scans.shop_commands import make_shop_link
from app.scans.tally import Batch, Count, Key

DAYS = 21
LOTS_A_DAY = 8
_VOID_LABEL, _COPIED_LABEL = 3, 20
_SOLD = (8, 9, 10)
_BITS = 40
# Province and, at home, commune; the farther the fewer.
_PLACES = (
    ("15", "02647"),
    ("15", "02839"),
    ("15", ""),
    ("01", ""),
    ("01", ""),
    ("31", ""),
    ("24", ""),
)


def plan_scanning(world: World) -> None:
    """Three weeks of look-ups, after the lots there were by then."""
    for back in range(DAYS, 0, -1):
        world.plan(world.at(back, 18), lambda now: _market_day(world, now))
    world.plan(world.at(2, 9), lambda now: _let_a_shop_in(world, now))
    world.plan(world.at(1, 17), lambda now: _look_up_labels(world, now))
    world.plan(world.at(1, 20), lambda now: _explain(world, now))
    world.plan(world.now, lambda now: end_days(world.session, now=now))


def _market_day(world: World, now: datetime) -> None:
    """Goods picked in the last days are in the shops; somebody says where."""
    day, batch = day_of(now), Batch()
    make_salt(world.session, day)
    found = newest_lots(world.session, within=Reach.all(), limit=40).items
    fresh = [
        line.lot
        for line in found
        if line.lot.state in {LotState.OPEN, LotState.SEALED, LotState.CLOSED}
        and timedelta(0) <= day - line.lot.harvested_on <= timedelta(days=12)
    ]
    for lot in fresh[:LOTS_A_DAY]:
        devices = _telephones(world, world.chance.randint(2, 18))
        again = world.chance.randint(0, len(devices))
        batch[Key(day, lot.code, WHOLE_LOT)] = Count(len(devices) + again, devices)
        if world.chance.getrandbits(1):
            _say_where(world, lot, WHOLE_LOT, world.chance.choice(_PLACES), now)
    write_counts(world.session, batch, now=now)


def _look_up_labels(world: World, now: datetime) -> None:
    """Numbered labels: most looked up once or twice, a void one, and one on far too many packs."""
    lot = _numbered_lot(world)
    if lot is None:
        return
    day, batch = day_of(now), Batch()
    make_salt(world.session, day)
    many = {_COPIED_LABEL: Count(57, _telephones(world, 38))}
    for serial in range(_VOID_LABEL + 4, _VOID_LABEL + 12):
        devices = _telephones(world, world.chance.randint(1, 3))
        many[serial] = Count(len(devices) + world.chance.randint(0, 2), devices)
    many[_VOID_LABEL] = Count(1, _telephones(world, 1), {Sign.VOID})
    for serial, count in many.items():
        batch[Key(day, lot.code, serial)] = count
    everybody = set().union(*(count.devices for count in many.values()))
    scans = sum(count.scans for count in many.values())
    batch[Key(day, lot.code, WHOLE_LOT)] = Count(scans, everybody)
    odd = write_counts(world.session, batch, now=now)
    raise_alerts(world.session, odd, now=now)
    for place in (("15", "02647"), ("01", ""), ("31", ""), ("01", ""), ("79", "")):
        _say_where(world, lot, _COPIED_LABEL, place, now)
    _mark(world, lot, now)


def _mark(world: World, lot: HarvestLot, now: datetime) -> None:
    """Some packs were sold over the cooperative's own counter, one was opened at home."""
    for serial in _SOLD:
        known = _known(world, lot, serial, now)
        if known.may_sell:
            clerk = world.clerk(SEATED_HOME)
            mark_sold(world.session, known=known, shop=None, by=clerk, now=now)
    known = _known(world, lot, _SOLD[0], now)
    if known.may_open:
        mark_opened(world.session, known=known, device=None, limits=Limits(), now=now)


def _known(world: World, lot: HarvestLot, serial: int, now: datetime) -> LabelKnown:
    read = LabelRead(lot, serial, serial_state(world.session, lot, serial))
    return known_of(world.session, read, Count(), Limits(), now=now)


def _explain(world: World, now: datetime) -> None:
    """The void label was the clerk's own try."""
    lot = _numbered_lot(world)
    if lot is None:
        return
    wanted = select(ScanAlert).where(
        col(ScanAlert.lot_id) == lot.pk, col(ScanAlert.serial) == _VOID_LABEL
    )
    close_alert(
        world.session,
        alert=world.session.execute(wanted).scalar_one(),
        outcome=AlertOutcome.EXPLAINED,
        reason="Kế toán quét thử tem in lệch trước khi huỷ.",
        by=world.clerk(SEATED_HOME),
        now=now,
    )


def _let_a_shop_in(world: World, now: datetime) -> None:
    make_shop_link(
        world.session,
        organisation=world.organisations[SEATED_HOME],
        name="Cửa hàng Rau sạch Cốc Lếu (minh hoạ)",
        days=90,
        by=world.clerk(SEATED_HOME),
        now=now,
    )


def _numbered_lot(world: World) -> HarvestLot | None:
    """The lot whose labels bear numbers, where labels were printed."""
    wanted = (
        select(HarvestLot)
        .join(PrintRunLot, col(PrintRunLot.lot_id) == col(HarvestLot.id))
        .join(PrintRun, col(PrintRun.id) == col(PrintRunLot.run_id))
        .where(
            col(PrintRun.serialised).is_(True),
            col(PrintRunLot.first_index) == 0,
            col(PrintRunLot.last_index) >= _COPIED_LABEL,
        )
        .order_by(col(HarvestLot.id).desc())
        .limit(1)
    )
    found: HarvestLot | None = world.session.execute(wanted).scalars().first()
    return found


def _say_where(
    world: World, lot: HarvestLot, serial: int, place: tuple[str, str], now: datetime
) -> None:
    province, commune = place
    answer_place(
        world.session,
        lot=lot,
        serial=serial,
        province=province,
        commune=commune,
        device=world.chance.getrandbits(_BITS),
        now=now,
    )


def _telephones(world: World, count: int) -> set[int]:
    return {world.chance.getrandbits(_BITS) for _ in range(count)}
