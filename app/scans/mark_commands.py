"""Marking a numbered label as sold, by a shop or the cooperative, or as opened, by whoever bought it.

Why neither can do much harm: a mark is a sentence with a day, written once, never a verdict, and takes
nothing away. *Sold* takes a browser that the cooperative let in, and says which. *Opened* anybody
may say who holds the label, also somebody who only stands before the shelf: so it makes a label unusual
only after the hours that a household needs, raises one alert that people look into, and a
telephone can say it of so many labels of a lot a day and no more.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.errors import Conflict, TooMany, refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.registry import Organisation
from app.models.scans import DeviceAct, LabelEvent, ScanDevice, SerialMark, ShopLink
from app.scans.count_commands import insert_of, seen_first
from app.scans.label_queries import LabelKnown
from app.scans.rules import Limits

HOUR = 3600


def mark_opened(
    session: Session, *, known: LabelKnown, device: int | None, limits: Limits, now: datetime
) -> SerialMark:
    """Somebody opened the pack with this label."""
    if known.pattern.opened_at is not None:
        raise Conflict(say("This label was marked as opened already."))
    if not known.may_open:
        raise refuse("label", say("This label cannot be marked as opened."))
    if device is not None:
        _require_few(session, known, device, limits, now)
    return _mark(session, known, LabelEvent.OPENED, None, Actor.public(), now)


def mark_sold(
    session: Session, *, known: LabelKnown, shop: ShopLink | None, by: Actor, now: datetime
) -> SerialMark:
    """A shop that was let in, or the cooperative itself, sold the pack with this label."""
    if known.pattern.sold_at is not None:
        raise Conflict(say("This label was marked as sold already."))
    if not known.may_sell:
        raise refuse("label", say("This label cannot be marked as sold."))
    return _mark(session, known, LabelEvent.SOLD, shop, by, now)


def _require_few(
    session: Session, known: LabelKnown, device: int, limits: Limits, now: datetime
) -> None:
    day, lot_id = day_of(now), known.read.lot.pk
    wanted = select(func.count()).where(
        col(ScanDevice.day) == day,
        col(ScanDevice.lot_id) == lot_id,
        col(ScanDevice.act) == DeviceAct.MARK,
        col(ScanDevice.device) == device,
    )
    if session.execute(wanted).scalar_one() >= limits.marks_per_device:
        why = say("So many labels were marked with this telephone today. Try again tomorrow.")
        raise TooMany(why, retry_after=HOUR)
    seen_first(
        session,
        lot_id=lot_id,
        serial=known.read.serial,
        act=DeviceAct.MARK,
        device=device,
        day=day,
    )


def _mark(
    session: Session,
    known: LabelKnown,
    event: LabelEvent,
    shop: ShopLink | None,
    by: Actor,
    now: datetime,
) -> SerialMark:
    lot = known.read.lot
    made = insert_of(session)(SerialMark).values(
        lot_id=lot.pk,
        serial=known.read.serial,
        event=event,
        shop_link_id=shop.pk if shop else None,
        marked_at=now,
    )
    # Of two who press at once one is first, and the other is told so.
    first = made.on_conflict_do_nothing().returning(col(SerialMark.id))
    mark_id = session.execute(first).scalar_one_or_none()
    if mark_id is None:
        raise Conflict(say("Somebody else marked this label just now."))
    organisation = session.get_one(Organisation, lot.organisation_id)
    record(
        session,
        kind=f"label.{event.value}",
        subject=f"{lot.code}/{known.read.serial + 1}",
        by=by,
        now=now,
        organisation=organisation.uid,
        facts={"lot": lot.code, "label": known.read.serial + 1, "shop": shop.uid if shop else None},
    )
    return session.get_one(SerialMark, mark_id)
