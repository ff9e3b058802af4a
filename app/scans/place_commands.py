"""Where somebody says they bought the goods: counted by place, never with anything about who said it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.errors import refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.models.lots import HarvestLot
from app.models.places import AdminUnit
from app.models.scans import WHOLE_LOT, DeviceAct, ScanPlace, SerialPlace
from app.places.queries import find_commune_on, province_on
from app.scans.alert_commands import raise_alerts
from app.scans.count_commands import Odd, insert_of, seen_first
from app.scans.limit_queries import limits_on
from app.scans.rules import Sign


def answer_place(
    session: Session,
    *,
    lot: HarvestLot,
    serial: int,
    province: str,
    commune: str,
    device: int | None,
    now: datetime,
) -> bool:
    """Count an answer; False for a telephone that gave one for this label today.

    `serial` WHOLE_LOT where the label bears no number. A commune is asked for only where its
    communes are known; it must lie in the province.
    """
    day = day_of(now)
    around = province_on(session, province, day)
    if around is None:
        raise refuse("province", say("Choose one from the list."))
    place = _commune(session, commune, around, day) if commune else around
    if device is not None and not seen_first(
        session, lot_id=lot.pk, serial=serial, act=DeviceAct.PLACE, device=device, day=day
    ):
        return False
    _count(session, ScanPlace, {"lot_id": lot.pk, "day": day, "unit_id": place.pk}, {})
    if serial != WHOLE_LOT:
        # To the hour: no time that could be matched with another log.
        hour = now.replace(minute=0, second=0, microsecond=0)
        key = {"lot_id": lot.pk, "serial": serial, "unit_id": around.pk}
        _count(session, SerialPlace, key, {"last_at": hour})
        _look_again(session, lot, serial, now)
    return True


def _commune(session: Session, code: str, around: AdminUnit, day: Any) -> AdminUnit:
    found = find_commune_on(session, code, day)
    if found is None or found.province_code != around.code:
        raise refuse("commune", say("This commune is not in the province you chose."))
    return found


def _count(session: Session, table: Any, key: dict[str, Any], last: dict[str, Any]) -> None:
    made = insert_of(session)(table).values(**key, answers=1, **last)
    session.execute(
        made.on_conflict_do_update(
            index_elements=list(key), set_={"answers": col(table.answers) + 1, **last}
        )
    )


def _look_again(session: Session, lot: HarvestLot, serial: int, now: datetime) -> None:
    """Several provinces within some hours are unusual for one label."""
    limits = limits_on(session, day_of(now))
    wanted = select(func.count()).where(
        col(SerialPlace.lot_id) == lot.pk,
        col(SerialPlace.serial) == serial,
        col(SerialPlace.last_at) > now - timedelta(hours=limits.place_hours),
    )
    if session.execute(wanted).scalar_one() > limits.unusual_provinces:
        raise_alerts(session, [Odd(lot.pk, serial, (Sign.PROVINCES,))], now=now)
