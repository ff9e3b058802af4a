"""Planting areas with their crops, boundaries and plots."""

import random
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlmodel import Session

from app.demo.land import field_around
from app.demo.scale.chance import Chance, Numbers, pick, uids, weighted
from app.demo.scale.ground import Basis, Days, Ground, Place
from app.demo.scale.people import FIRST_HOLDER, LONG_AGO, REGISTERED, Holders, Members
from app.demo.scale.writing import write
from app.kit.quantities import SquareMetres
from app.kit.text import fold
from app.models.finding import AreaTile
from app.models.registry import AreaCrop, PlantingArea, Plot
from app.registry.geometry import bounds_of
from app.registry.tile_commands import box_of
from app.registry.tiles import tiles_of

MOST_CROPS = 3
SMALLEST_M2 = 400
PLOTS_A_GROWER = 1.25
NAMES = ("Đồng", "Ruộng", "Bãi", "Nương", "Vườn", "Đồi", "Thung", "Soi")


@dataclass(frozen=True)
class Areas:
    """The planting areas: position 0 has the key 1. `closed` is -1 for those that stand."""

    uids: list[UUID]
    holders: Numbers
    places: Numbers
    sizes: Numbers
    since: Numbers
    closed: Numbers
    # Positions of the crops of each.
    crops: list[list[int]]

    def __len__(self) -> int:
        return len(self.uids)


@dataclass(frozen=True)
class Plots:
    """The plots: position 0 has the key 1."""

    uids: list[UUID]
    growers: Numbers
    by_area: list[list[int]]


def make_areas(session: Session, basis: Basis, holders: Holders) -> Areas:
    """Areas of all sizes, most of them with a boundary, a few closed."""
    size, ground, days, chance = basis.size, basis.ground, basis.days, basis.chance
    count, drawn = size.areas, chance.of("areas")
    theirs = weighted(drawn, len(holders), count, holders.weights)
    theirs[: len(holders)] = np.arange(len(holders))[:count]
    sizes = _sizes(drawn, count, ground.land_m2 * count // 5_000)
    since = np.where(drawn.random(count) < 0.7, REGISTERED, drawn.integers(0, days.last, count))
    closed = np.where(
        (drawn.random(count) < 0.02) & (since < days.last - LONG_AGO),
        days.last - drawn.integers(0, LONG_AGO, count),
        -1,
    )
    crops = _crops(drawn, count, ground)
    areas = Areas(
        uids(drawn, days.milliseconds(since)),
        theirs,
        holders.places[theirs],
        sizes,
        since,
        closed,
        crops,
    )
    _write_areas(session, areas, ground, days, chance)
    pairs = [(at + 1, ground.crops[crop].pk) for at, one in enumerate(crops) for crop in one]
    write(
        session,
        AreaCrop,
        {"area_id": [pair[0] for pair in pairs], "crop_id": [pair[1] for pair in pairs]},
    )
    return areas


def make_plots(session: Session, basis: Basis, areas: Areas, members: Members) -> Plots:
    """The land of each area in plots of the members of its organisation."""
    size, days = basis.size, basis.days
    count, drawn = int(size.growers * PLOTS_A_GROWER), basis.chance.of("plots")
    growers = np.concatenate(
        [np.arange(size.growers), drawn.integers(0, size.growers, count - size.growers)]
    )
    by_holder: dict[int, list[int]] = {}
    for at, holder in enumerate(areas.holders.tolist()):
        by_holder.setdefault(holder, []).append(at)
    where, by_area = [], [[] for _ in range(len(areas))]  # type: list[int], list[list[int]]
    for plot, (grower, luck) in enumerate(
        zip(growers.tolist(), drawn.random(count).tolist(), strict=True)
    ):
        mine = by_holder[int(members.holders[grower])]
        where.append(mine[int(luck * len(mine))])
        by_area[where[-1]].append(plot)
    plots = Plots(uids(drawn, days.milliseconds(members.since[growers])), growers, by_area)
    _write_plots(session, basis, plots, np.array(where), areas, members)
    return plots


def _sizes(drawn: np.random.Generator, count: int, land_m2: int) -> Numbers:
    """Many small ones and few large, together about the plan's land."""
    raw = drawn.lognormal(0.0, 0.8, count)
    sized: Numbers = np.maximum(SMALLEST_M2, (raw / raw.sum() * land_m2).astype(np.int64))
    return sized


def _crops(drawn: np.random.Generator, count: int, ground: Ground) -> list[list[int]]:
    how_many = 1 + weighted(drawn, MOST_CROPS, count, np.array([0.35, 0.40, 0.25]))
    several = weighted(drawn, len(ground.crops), count * MOST_CROPS, ground.crop_shares)
    rows = several.reshape(count, MOST_CROPS).tolist()
    return [sorted(set(row[:number])) for row, number in zip(rows, how_many.tolist(), strict=True)]


def _write_areas(
    session: Session, areas: Areas, ground: Ground, days: Days, chance: Chance
) -> None:
    places = [ground.places[at] for at in areas.places.tolist()]
    boundaries = _boundaries(areas, places, chance)
    boxes = [box_of(one) for one in boundaries]
    words = pick(chance.of("area names"), NAMES, len(areas))
    names = [f"{word} {at + 1}" for at, word in enumerate(words)]
    write(
        session,
        PlantingArea,
        {
            "id": range(1, len(areas) + 1),
            "uid": areas.uids,
            "organisation_id": (areas.holders + FIRST_HOLDER).tolist(),
            "name": names,
            "name_key": [fold(name) for name in names],
            "commune_id": [place.present.pk for place in places],
            "former_commune_id": [place.former.pk for place in places],
            "area_m2": areas.sizes.tolist(),
            "established_on": days.days(areas.since),
            "closed_on": [days.day(at) if at >= 0 else None for at in areas.closed.tolist()],
            "polygon": boundaries,
            **{side: [box[side] for box in boxes] for side in ("west", "south", "east", "north")},
            "created_at": days.instants(areas.since),
        },
    )
    tiles = [
        (at + 1, tile)
        for at, boundary in enumerate(boundaries)
        if boundary
        for tile in tiles_of(bounds_of(boundary))
    ]
    write(
        session,
        AreaTile,
        {"area_id": [one[0] for one in tiles], "tile": [one[1] for one in tiles]},
    )


def _boundaries(areas: Areas, places: list[Place], chance: Chance) -> list[str | None]:
    shaped = random.Random(chance.seed)
    drawn = chance.of("boundaries").random(len(areas)) < 0.7
    return [
        field_around(
            place.former.lat or 0.0, place.former.lon or 0.0, SquareMetres(m2), chance=shaped
        )
        if is_drawn
        else None
        for place, m2, is_drawn in zip(places, areas.sizes.tolist(), drawn.tolist(), strict=True)
    ]


def _write_plots(
    session: Session,
    basis: Basis,
    plots: Plots,
    where: Numbers,
    areas: Areas,
    members: Members,
) -> None:
    count = len(plots.uids)
    shares = np.array([max(1, len(one)) for one in plots.by_area])
    sizes = np.maximum(1, areas.sizes[where] // shares[where])
    places = [basis.ground.places[at] for at in areas.places[where].tolist()]
    names = [f"Thửa {at + 1}" for at in range(count)]
    write(
        session,
        Plot,
        {
            "id": range(1, count + 1),
            "uid": plots.uids,
            "organisation_id": (areas.holders[where] + FIRST_HOLDER).tolist(),
            "grower_id": (plots.growers + 1).tolist(),
            "area_id": (where + 1).tolist(),
            "name": names,
            "name_key": [fold(name) for name in names],
            "commune_id": [place.present.pk for place in places],
            "former_commune_id": [place.former.pk for place in places],
            "area_m2": sizes.tolist(),
            "created_at": basis.days.instants(members.since[plots.growers]),
        },
    )
