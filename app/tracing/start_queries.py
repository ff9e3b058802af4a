"""What a trace may begin with: any code, number or name that somebody has at hand, as lots."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.certificates.public_queries import number_key
from app.errors import NotFound, refuse
from app.kit.codes import MistypedLotCode, read_lot_code
from app.kit.messages import Message, say
from app.kit.text import fold
from app.labels.payload import lot_and_serial_in, sscc_in
from app.labels.sscc_queries import unit_of
from app.models.certificates import Certificate
from app.models.diary import DiaryEntry, EntryInput, Planting
from app.models.inputs import InputProduct
from app.models.lots import HarvestLot, LotClaim, LotSource
from app.models.movements import Delivery, Holding, Movement, MovementLine
from app.models.registry import Grower, PlantingArea, Plot
from app.registry.code_queries import find_code
from app.tracing.land_queries import lots_of_plots

MOST_STARTS = 5_000
LONGEST = 300


@dataclass(frozen=True)
class Asked:
    """A text, and days: of spraying for an input, of harvest for anything else."""

    text: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Begun:
    """What the text was taken for, and the lots it stands for, newest first; `more`: not all of them."""

    what: Message
    lots: tuple[int, ...]
    more: bool


def starts_of(session: Session, asked: Asked, *, reach: Reach) -> Begun:
    """The lots a trace begins with. NotFound when nothing within reach is meant."""
    if asked.since and asked.until and asked.until < asked.since:
        raise refuse("until", say("The last day lies before the first."))
    text = asked.text.strip()[:LONGEST]
    if not text and not (asked.since or asked.until):
        raise refuse("q", say("Type a code, or choose days."))
    for what, condition in _meanings(session, text, asked, reach):
        keys = list(session.execute(_wanted(condition, reach)).scalars())
        if keys:
            return Begun(what, tuple(keys[:MOST_STARTS]), more=len(keys) > MOST_STARTS)
    raise NotFound(say("Nothing within your reach goes by this: {text}.", text=text or "–"))


def _wanted(condition: ColumnElement[bool], reach: Reach) -> Any:
    held = select(col(Holding.lot_id)).where(reach.limits(col(Holding.organisation_id)))
    seen = or_(reach.limits(col(HarvestLot.organisation_id)), col(HarvestLot.id).in_(held))
    wanted = select(col(HarvestLot.id)).where(condition)
    if not reach.everything:
        wanted = wanted.where(seen)
    return wanted.order_by(col(HarvestLot.id).desc()).limit(MOST_STARTS + 1)


def _meanings(
    session: Session, text: str, asked: Asked, reach: Reach
) -> Iterator[tuple[Message, ColumnElement[bool]]]:
    """From what is one thing for certain to what may be several."""
    harvested = _between(col(HarvestLot.harvested_on), asked)
    if not text:
        yield say("Lots harvested on these days"), harvested
        return
    yield say("Lot"), col(HarvestLot.id).in_(_lot_named(session, text, reach))
    for what, find in _FINDERS:
        yield what, and_(find(session, text, reach), harvested)
    yield say("Lots that had this input on them"), _treated(text, asked, reach)


def _lot_named(session: Session, text: str, reach: Reach) -> list[int]:
    sscc = sscc_in(text)
    if sscc:
        try:
            return [unit_of(session, sscc, within=reach).lot.pk]
        except NotFound:
            return []
    try:
        code = read_lot_code(lot_and_serial_in(text)[0])
    except MistypedLotCode:
        return []
    wanted = select(col(HarvestLot.id)).where(col(HarvestLot.code) == code)
    return list(session.execute(wanted).scalars())


def _of_area(session: Session, text: str, _reach: Reach) -> ColumnElement[bool]:
    code = find_code(session, text)
    wanted = select(col(PlantingArea.id)).where(_named(PlantingArea, text))
    same = col(HarvestLot.area_id).in_(wanted)
    return or_(same, col(HarvestLot.area_id) == code.area_id) if code else same


def _of_certificate(_session: Session, text: str, _reach: Reach) -> ColumnElement[bool]:
    named = or_(col(Certificate.number_key) == number_key(text), _uid(Certificate, text))
    claims = (
        select(col(LotClaim.lot_id))
        .join(Certificate, col(Certificate.id) == col(LotClaim.certificate_id))
        .where(named, col(LotClaim.granted))
    )
    return col(HarvestLot.id).in_(claims)


def _of_shipment(_session: Session, text: str, reach: Reach) -> ColumnElement[bool]:
    shipped = (
        select(col(MovementLine.lot_id))
        .join(Movement, col(Movement.id) == col(MovementLine.movement_id))
        .outerjoin(Delivery, col(Delivery.movement_id) == col(Movement.id))
        .where(
            or_(
                and_(_written(col(Movement.document), text), col(Movement.document) != ""),
                _uid(Movement, text),
                _uid(Delivery, text),
            ),
            or_(
                reach.limits(col(Movement.organisation_id)),
                reach.limits(col(Movement.counterparty_id)),
            ),
        )
    )
    return col(HarvestLot.id).in_(shipped)


def _of_grower(_session: Session, text: str, _reach: Reach) -> ColumnElement[bool]:
    wanted = select(col(Grower.id)).where(
        or_(_named(Grower, text), col(Grower.code) == text.upper())
    )
    parts = select(col(LotSource.lot_id)).where(col(LotSource.grower_id).in_(wanted))
    return or_(col(HarvestLot.grower_id).in_(wanted), col(HarvestLot.id).in_(parts))


def _of_plot(_session: Session, text: str, _reach: Reach) -> ColumnElement[bool]:
    return lots_of_plots(or_(_named(Plot, text), _plot_of_grower(text)))


def _of_planting(_session: Session, text: str, _reach: Reach) -> ColumnElement[bool]:
    plantings = select(col(Planting.id)).where(_uid(Planting, text))
    parts = select(col(LotSource.lot_id)).where(col(LotSource.planting_id).in_(plantings))
    return col(HarvestLot.id).in_(parts)


def _plot_of_grower(text: str) -> ColumnElement[bool]:
    """A grower's code with the plot's name behind it: many growers call a plot the same."""
    code, _, name = text.partition(" ")
    return and_(col(Grower.code) == code.upper(), col(Plot.name_key) == (fold(name) or "-"))


def _treated(text: str, asked: Asked, reach: Reach) -> ColumnElement[bool]:
    """Harvests of a planting after the input was used on it, by parts, or by area and crop without."""
    products = select(col(InputProduct.id)).where(_named(InputProduct, text))
    used = (
        select(
            col(DiaryEntry.planting_id),
            col(Planting.area_id),
            col(Planting.crop_id),
            col(Planting.ended_on),
            col(DiaryEntry.done_on),
        )
        .join(EntryInput, col(EntryInput.entry_id) == col(DiaryEntry.id))
        .join(Planting, col(Planting.id) == col(DiaryEntry.planting_id))
        .where(
            or_(
                col(EntryInput.product_id).in_(products),
                and_(
                    _written(col(EntryInput.batch_number), text),
                    col(EntryInput.batch_number) != "",
                ),
            ),
            ~col(DiaryEntry.void),
            ~col(DiaryEntry.corrected),
            _between(col(DiaryEntry.done_on), asked),
            reach.limits(col(DiaryEntry.organisation_id)),
        )
        .subquery()
    )
    planted = select(col(LotSource.lot_id)).where(col(LotSource.planting_id).is_not(None))
    by_part = and_(
        col(HarvestLot.id).in_(
            select(col(LotSource.lot_id)).where(col(LotSource.planting_id) == used.c.planting_id)
        ),
        col(HarvestLot.harvested_on) >= used.c.done_on,
    )
    by_area = and_(
        col(HarvestLot.area_id) == used.c.area_id,
        col(HarvestLot.crop_id) == used.c.crop_id,
        col(HarvestLot.harvested_on) >= used.c.done_on,
        or_(used.c.ended_on.is_(None), col(HarvestLot.harvested_on) <= used.c.ended_on),
        col(HarvestLot.id).not_in(planted),
    )
    return select(used.c.planting_id).where(or_(by_part, by_area)).exists()


def _between(column: Any, asked: Asked) -> ColumnElement[bool]:
    since = column >= asked.since if asked.since else None
    until = column <= asked.until if asked.until else None
    return and_(True, *(clause for clause in (since, until) if clause is not None))


def _written(column: Any, text: str) -> ColumnElement[bool]:
    """As it was typed, in capitals or without: nobody looks at that on a packet."""
    clause: ColumnElement[bool] = column.in_({text, text.upper(), text.lower()})
    return clause


def _named(model: Any, text: str) -> ColumnElement[bool]:
    return or_(model.name_key == (fold(text) or "-"), _uid(model, text))


def _uid(model: Any, text: str) -> ColumnElement[bool]:
    try:
        clause: ColumnElement[bool] = model.uid == UUID(text)
    except ValueError:
        return false()
    return clause


_FINDERS: tuple[tuple[Message, Callable[[Session, str, Reach], ColumnElement[bool]]], ...] = (
    (say("Shipment"), _of_shipment),
    (say("Planting area"), _of_area),
    (say("Certificate"), _of_certificate),
    (say("Plot, and lots of its area that name no plot"), _of_plot),
    (say("Planting"), _of_planting),
    (say("Grower"), _of_grower),
)
