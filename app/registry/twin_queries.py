"""Growers and plots of one organisation that look entered twice: by common keys, not all with all."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.models.places import AdminSuccession, Share
from app.models.registry import Grower, Organisation, Plot
from app.models.twins import TwinVerdict
from app.places.queries import units_by_ids
from app.registry.geometry import measured, overlap
from app.registry.grower_list_queries import Listed, listed_growers
from app.registry.twin_rules import (
    UNALIKE,
    Finding,
    Likeness,
    PersonSeen,
    PlotSeen,
    ground_alike,
    hamlet_of,
    people_alike,
    plots_alike,
    spelling_of,
)

Seen = TypeVar("Seen")
_ORDER = (Likeness.LIKELY, Likeness.POSSIBLE)


@dataclass(frozen=True)
class Twins(Generic[Seen]):
    """Two records that look like one; the older one first."""

    older: Seen
    younger: Seen
    finding: Finding


@dataclass(frozen=True)
class PlotListed:
    """A plot with what tells one from another."""

    plot_id: int
    uid: UUID
    grower_id: int
    grower: str
    grower_uid: UUID
    area_id: int | None
    name: str
    area_m2: int
    polygon: str | None
    west: int | None
    south: int | None
    east: int | None
    north: int | None

    @property
    def seen(self) -> PlotSeen:
        return PlotSeen(self.grower_id, self.area_id, spelling_of(self.name), self.area_m2)


@dataclass(frozen=True)
class TwinList:
    """What looks entered twice, the likely ones first, with what the page shows beside it."""

    growers: list[Twins[Listed]]
    plots: list[Twins[PlotListed]]
    communes: dict[int, str]


def twins_of(session: Session, organisation: Organisation) -> TwinList:
    """Everything in an organisation that looks entered twice and that nobody called different."""
    people = grower_twins(session, organisation)
    shown = {one.commune_id for pair in people for one in (pair.older, pair.younger)}
    communes = {pk: unit.name for pk, unit in units_by_ids(session, shown).items()}
    return TwinList(people, plot_twins(session, organisation), communes)


def grower_twins(session: Session, organisation: Organisation) -> list[Twins[Listed]]:
    """The growers, present and former, who look entered twice."""
    listed = {one.grower_id: one for one in listed_growers(session, organisation)}
    seen = _seen(session, listed)
    apart = _verdicts(session, organisation)
    found = [
        Twins(listed[one], listed[other], finding)
        for one, other in sorted(_sharing(seen))
        if (finding := people_alike(seen[one], seen[other])).likeness is not Likeness.NOT
        and pair_of(listed[one].uid, listed[other].uid) not in apart
    ]
    return _likely_first(found)


def plot_twins(session: Session, organisation: Organisation) -> list[Twins[PlotListed]]:
    """The plots that look entered twice."""
    listed = {one.plot_id: one for one in _plots(session, organisation)}
    apart = _verdicts(session, organisation)
    found = [
        Twins(listed[one], listed[other], finding)
        for one, other in sorted(_of_one_grower(listed.values()) | _meeting(listed.values()))
        if pair_of(listed[one].uid, listed[other].uid) not in apart
        and (finding := _alike(listed[one], listed[other])).likeness is not Likeness.NOT
    ]
    return _likely_first(found)


def likely_count(session: Session, organisation: Organisation) -> int:
    """How many pairs of growers are likely the same person."""
    pairs = grower_twins(session, organisation)
    return sum(pair.finding.likeness is Likeness.LIKELY for pair in pairs)


def pair_of(one: UUID, other: UUID) -> tuple[UUID, UUID]:
    """Two public ids in the order in which they are kept."""
    return (one, other) if one < other else (other, one)


def _seen(session: Session, listed: dict[int, Listed]) -> dict[int, PersonSeen]:
    today = _communes_of_today(session)
    return {
        key: PersonSeen(
            spelling_of(one.name),
            one.phone,
            today.get(one.commune_id, one.commune_id),
            hamlet_of(one.hamlet),
        )
        for key, one in listed.items()
    }


def _communes_of_today(session: Session) -> dict[int, int]:
    whole = select(col(AdminSuccession.old_unit_id), col(AdminSuccession.new_unit_id)).where(
        col(AdminSuccession.share) == Share.WHOLE
    )
    return {row[0]: row[1] for row in session.execute(whole)}


def _verdicts(session: Session, organisation: Organisation) -> set[tuple[UUID, UUID]]:
    wanted = select(col(TwinVerdict.first_uid), col(TwinVerdict.second_uid)).where(
        col(TwinVerdict.organisation_id) == organisation.pk
    )
    return {(first, second) for first, second in session.execute(wanted)}


def _sharing(seen: dict[int, PersonSeen]) -> set[tuple[int, int]]:
    """The pairs that have a key in common: only these are compared."""
    blocks: dict[object, list[int]] = defaultdict(list)
    for key, person in seen.items():
        for common in set(_keys(person)):
            blocks[common].append(key)
    return {pair for block in blocks.values() for pair in combinations(sorted(block), 2)}


def _keys(person: PersonSeen) -> Iterator[tuple[object, ...]]:
    name, words = person.name, person.name.words
    yield "name", name.key
    yield "joined", name.joined
    if person.phone is not None:
        yield "phone", person.phone
        # Whoever differs in one digit of the first half has the second half in common.
        half = len(person.phone) // 2
        yield "start", person.phone[:half], words[:1]
        yield "end", person.phone[half:], words[:1]
    if person.hamlet:
        yield "first", person.commune, person.hamlet, words[:1]
        yield "last", person.commune, person.hamlet, words[-1:]


def _plots(session: Session, organisation: Organisation) -> list[PlotListed]:
    wanted = (
        select(
            col(Plot.id),
            col(Plot.uid),
            col(Plot.grower_id),
            col(Grower.name),
            col(Grower.uid),
            col(Plot.area_id),
            col(Plot.name),
            col(Plot.area_m2),
            col(Plot.polygon),
            *(col(side) for side in (Plot.west, Plot.south, Plot.east, Plot.north)),
        )
        .join(Grower, col(Grower.id) == col(Plot.grower_id))
        .where(col(Plot.organisation_id) == organisation.pk)
    )
    return [PlotListed(*row) for row in session.execute(wanted)]


def _of_one_grower(plots: Iterable[PlotListed]) -> set[tuple[int, int]]:
    owned: dict[int, list[int]] = defaultdict(list)
    for plot in plots:
        owned[plot.grower_id].append(plot.plot_id)
    return {pair for some in owned.values() for pair in combinations(sorted(some), 2)}


def _meeting(plots: Iterable[PlotListed]) -> set[tuple[int, int]]:
    """The pairs whose boxes meet: from west to east, each with those that begin before it ends."""
    drawn: list[Any] = sorted((one for one in plots if one.polygon), key=lambda one: one.west or 0)
    found: set[tuple[int, int]] = set()
    open_now: list[Any] = []
    for plot in drawn:
        open_now = [one for one in open_now if one.east >= plot.west]
        for one in open_now:
            if one.south <= plot.north and one.north >= plot.south:
                found.add((min(one.plot_id, plot.plot_id), max(one.plot_id, plot.plot_id)))
        open_now.append(plot)
    return found


def _alike(one: PlotListed, other: PlotListed) -> Finding:
    return min(
        (_by_ground(one, other), plots_alike(one.seen, other.seen)),
        key=lambda finding: (*_ORDER, Likeness.NOT).index(finding.likeness),
    )


def _by_ground(one: PlotListed, other: PlotListed) -> Finding:
    if one.polygon is None or other.polygon is None:
        return UNALIKE
    shared = overlap(one.polygon, other.polygon)
    if shared is None:
        return UNALIKE
    sizes = (measured(polygon).value for polygon in (one.polygon, other.polygon))
    return ground_alike(shared.area, *sizes)


def _likely_first(found: list[Twins[Seen]]) -> list[Twins[Seen]]:
    return sorted(found, key=lambda pair: _ORDER.index(pair.finding.likeness))
