"""Taking back what was registered by mistake, many at once, while nothing rests on it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlmodel import Session, col

from app.errors import Conflict
from app.kit.messages import say
from app.ledger.actors import Actor
from app.ledger.commands import Fact, record_all
from app.models.finding import AreaTile, AreaWord, PlotTile
from app.models.registry import (
    AreaCode,
    AreaCodeStep,
    AreaCrop,
    Grower,
    GrowerMembership,
    Organisation,
    PlantingArea,
    Plot,
)
from app.registry.dependent_queries import find_dependents
from app.registry.finding_commands import index_words
from app.registry.grower_list_queries import batches

Kept = TypeVar("Kept", Grower, Plot, PlantingArea, AreaCode)


@dataclass(frozen=True)
class TakingBack:
    """Whose rows are taken back, by whom and when, and what asked for it (an import's public id)."""

    organisation: Organisation
    cause: UUID
    by: Actor
    now: datetime


def unregister_growers(session: Session, uids: Sequence[UUID], how: TakingBack) -> None:
    """Take growers back with their membership; Conflict when one changed, left, or is in use."""
    found = _found(session, Grower, uids, lambda grower: grower.name)
    _require_one_membership(session, found)
    facts = _facts("grower.unregistered", found, lambda one: {"code": one.code}, how)
    _delete(session, Grower, found, [col(GrowerMembership.grower_id)])
    record_all(session, facts, by=how.by, now=how.now)


def unregister_plots(session: Session, uids: Sequence[UUID], how: TakingBack) -> None:
    """Take plots back; Conflict when one changed or is in use."""
    found = _found(session, Plot, uids, lambda plot: plot.name)
    facts = _facts("plot.unregistered", found, lambda one: {"area_m2": one.area_m2}, how)
    _delete(session, Plot, found, [col(PlotTile.plot_id)])
    record_all(session, facts, by=how.by, now=how.now)


def unregister_areas(session: Session, uids: Sequence[UUID], how: TakingBack) -> None:
    """Take planting areas back; Conflict when one changed or is in use."""
    found = _found(session, PlantingArea, uids, lambda area: area.name)
    facts = _facts("area.unregistered", found, lambda one: {"name": one.name}, how)
    parts = [col(AreaCrop.area_id), col(AreaWord.area_id), col(AreaTile.area_id)]
    _delete(session, PlantingArea, found, parts)
    record_all(session, facts, by=how.by, now=how.now)


def unregister_codes(session: Session, uids: Sequence[UUID], how: TakingBack) -> None:
    """Take back codes that were entered; Conflict when something befell one since."""
    found = _found(session, AreaCode, uids, lambda code: code.code)
    facts = _facts("code.unregistered", found, _told_of_code, how)
    area_ids = sorted({code.area_id for code in found})
    _delete(session, AreaCode, found, [col(AreaCodeStep.code_id)])
    for area_id in area_ids:
        index_words(session, session.get_one(PlantingArea, area_id))
    record_all(session, facts, by=how.by, now=how.now)


def _told_of_code(code: AreaCode) -> dict[str, Any]:
    return {"code": code.code, "scheme": code.scheme, "market": code.market}


def _found(
    session: Session, table: type[Kept], uids: Sequence[UUID], name: Callable[[Kept], str]
) -> list[Kept]:
    found: list[Kept] = []
    for some in batches(uids):
        wanted = select(table).where(col(table.uid).in_(some)).with_for_update()
        found += session.execute(wanted).scalars()
    for row in found:
        if row.version > 1:
            raise _changed(name(row))
    _require_unused(session, table, found, name)
    return found


def _require_unused(
    session: Session, table: type[Kept], found: Sequence[Kept], name: Callable[[Kept], str]
) -> None:
    used = find_dependents(session, str(table.__tablename__), [row.pk for row in found])
    if used is None:
        return
    why = say(
        "It cannot be undone: {count} {others} rest on it, one of them on {name}.",
        count=used.count,
        others=used.words,
        name=next(name(row) for row in found if row.pk == used.example),
    )
    raise Conflict(why)


def _changed(name: str) -> Conflict:
    return Conflict(say("It cannot be undone: {name} was changed since.", name=name))


def _require_one_membership(session: Session, growers: Sequence[Grower]) -> None:
    names = {grower.pk: grower.name for grower in growers}
    seen: set[int] = set()
    for some in batches(names):
        wanted = select(GrowerMembership).where(col(GrowerMembership.grower_id).in_(some))
        for membership in session.execute(wanted).scalars():
            if membership.valid_to is not None or membership.grower_id in seen:
                raise _changed(names[membership.grower_id])
            seen.add(membership.grower_id)


def _delete(
    session: Session, table: type[Kept], found: Sequence[Kept], parts: Sequence[Any]
) -> None:
    # Backwards: what followed another goes before it.
    for ids in batches(sorted((row.pk for row in found), reverse=True)):
        for part in parts:
            _forget(session, part.class_, part.in_(ids))
        _forget(session, table, col(table.id).in_(ids))
    for row in found:
        session.expunge(row)


def _forget(session: Session, table: type[Any], these: ColumnElement[bool]) -> None:
    session.execute(delete(table).where(these), execution_options={"synchronize_session": False})


def _facts(
    kind: str,
    found: Sequence[Kept],
    told: Callable[[Kept], dict[str, Any]],
    how: TakingBack,
) -> list[Fact]:
    owner = how.organisation.uid
    return [
        Fact(kind, str(row.uid), {**told(row), "import": how.cause}, organisation=owner)
        for row in found
    ]
