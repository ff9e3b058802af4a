"""Finding paper, layouts and printers: everybody's, and one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import NotFound, refuse
from app.kit.messages import say
from app.labels.layout import LayoutBody, layout_from
from app.models.print_runs import LabelLayout, LabelStock, PrinterProfile


@dataclass(frozen=True)
class ProfileLine:
    """A printer with the paper in it."""

    profile: PrinterProfile
    stock: LabelStock


def stocks(session: Session, *, within: Reach) -> list[LabelStock]:
    """Everybody's stocks and one's own: rolls first, then by size."""
    wanted = (
        select(LabelStock)
        .where(_shared(LabelStock, within))
        .order_by(
            col(LabelStock.kind),
            col(LabelStock.width_um),
            col(LabelStock.height_um),
            col(LabelStock.id),
        )
    )
    return list(session.execute(wanted).scalars())


def stock_by_slug(session: Session, slug: str, *, within: Reach) -> LabelStock:
    """The stock with this slug; NotFound outside the reach."""
    wanted = select(LabelStock).where(col(LabelStock.slug) == slug, _shared(LabelStock, within))
    stock: LabelStock | None = session.execute(wanted).scalar_one_or_none()
    if stock is None:
        raise NotFound(say("There is no such stock."))
    return stock


def chosen_stock(session: Session, slug: str, *, within: Reach) -> LabelStock:
    """The stock somebody chose in a form; refuses what is none."""
    try:
        return stock_by_slug(session, slug, within=within)
    except NotFound:
        raise refuse("stock", say("Choose one from the list.")) from None


def layouts(session: Session, *, within: Reach, on: date) -> list[LabelLayout]:
    """The edition in use on a day of every layout, by name."""
    newest = _editions(within, on).group_by(col(LabelLayout.slug)).subquery()
    wanted = (
        select(LabelLayout)
        .join(
            newest,
            (col(LabelLayout.slug) == newest.c.slug)
            & (col(LabelLayout.edition) == newest.c.edition),
        )
        .order_by(col(LabelLayout.purpose), col(LabelLayout.slug))
    )
    return list(session.execute(wanted).scalars())


def layout_by_slug(session: Session, slug: str, *, within: Reach, on: date) -> LabelLayout:
    """The edition in use on a day; NotFound outside the reach."""
    found = [layout for layout in layouts(session, within=within, on=on) if layout.slug == slug]
    if not found:
        raise NotFound(say("There is no such layout."))
    return found[0]


def chosen_layout(session: Session, slug: str, *, within: Reach, on: date) -> LabelLayout:
    """The layout somebody chose in a form; refuses what is none."""
    try:
        return layout_by_slug(session, slug, within=within, on=on)
    except NotFound:
        raise refuse("layout", say("Choose one from the list.")) from None


def editions_of(session: Session, slug: str, *, within: Reach) -> list[LabelLayout]:
    """Every edition of a layout, newest first."""
    wanted = (
        select(LabelLayout)
        .where(col(LabelLayout.slug) == slug, _shared(LabelLayout, within))
        .order_by(col(LabelLayout.edition).desc())
    )
    return list(session.execute(wanted).scalars())


def profiles(session: Session, *, within: Reach) -> list[ProfileLine]:
    """The printers of an organisation, by name."""
    wanted = (
        select(PrinterProfile, LabelStock)
        .join(LabelStock, col(LabelStock.id) == col(PrinterProfile.stock_id))
        .where(within.limits(col(PrinterProfile.organisation_id)))
        .order_by(col(PrinterProfile.name), col(PrinterProfile.id))
    )
    return [ProfileLine(*row) for row in session.execute(wanted).all()]


def profile_by_uid(session: Session, uid: UUID, *, within: Reach) -> ProfileLine:
    """The printer with this public id; NotFound outside the reach."""
    for line in profiles(session, within=within):
        if line.profile.uid == uid:
            return line
    raise NotFound(say("There is no such printer."))


def smallest_stock_for(found: Sequence[LabelStock], body: LayoutBody) -> LabelStock | None:
    """The stock with the least paper on which a layout fits."""
    fitting = [stock for stock in found if fits(body, stock)]
    return min(fitting, key=lambda stock: stock.width_um * stock.height_um, default=None)


def fits(body: LayoutBody, stock: LabelStock) -> bool:
    """Whether a layout is no larger than a stock's label."""
    return (
        round(body.width * 1000) <= stock.width_um and round(body.height * 1000) <= stock.height_um
    )


def speaks(body: LayoutBody, language: str) -> bool:
    """Whether a layout is made for a language."""
    return language in body.languages


def body_of(layout: LabelLayout) -> LayoutBody:
    """The layout itself."""
    return layout_from(layout.body)


def _editions(within: Reach, on: date) -> Any:
    return select(
        col(LabelLayout.slug).label("slug"), func.max(col(LabelLayout.edition)).label("edition")
    ).where(_shared(LabelLayout, within), col(LabelLayout.valid_from) <= on)


def _shared(table: type[LabelStock | LabelLayout], within: Reach) -> ColumnElement[bool]:
    owner = col(table.organisation_id)
    return or_(owner.is_(None), within.limits(owner))
