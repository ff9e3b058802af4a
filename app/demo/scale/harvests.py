"""Which lots are harvested: of which season, on which day, how heavy; and what became of each."""

from dataclasses import dataclass

import numpy as np

from app.demo.scale.chance import Numbers, Shares, weighted
from app.demo.scale.ground import Basis
from app.demo.scale.land import Areas
from app.demo.scale.people import Holders
from app.demo.scale.seasons import Seasons
from app.models.lots import LotState

LIGHTEST_G = 500
NEW, MONTH = 7, 45
# What a lot has come to, by its age: in the first days, in the first weeks, later.
STATES = (
    LotState.OPEN,
    LotState.SEALED,
    LotState.CLOSED,
    LotState.WITHDRAWN,
    LotState.HELD,
    LotState.RECALLED,
)
STATE_SHARES = np.array(
    [
        [0.600, 0.395, 0.000, 0.003, 0.002, 0.0000],
        [0.020, 0.845, 0.130, 0.003, 0.002, 0.0000],
        [0.000, 0.096, 0.900, 0.003, 0.000, 0.0010],
    ]
)
CLOSED = STATES.index(LotState.CLOSED)
SEALED = STATES.index(LotState.SEALED)
# The shares of holders that label, and of lots that are sold with a word of it, scanned.
LABELLERS, LABELLED, SOLD, SCANNED, NAMED = 0.35, 0.7, 0.2, 0.5, 0.6


@dataclass(frozen=True)
class Harvests:
    """All lots in the order of their harvest days; position 0 has the key 1. `states`: of STATES."""

    seasons: Numbers
    days: Numbers
    grams: Numbers
    states: Numbers
    labelled: Numbers
    sold: Numbers

    def __len__(self) -> int:
        return len(self.days)


def drawn_harvests(basis: Basis, seasons: Seasons, areas: Areas, holders: Holders) -> Harvests:
    """As many lots as were asked for, more where more was harvested."""
    size, days = basis.size, basis.days
    drawn = basis.chance.of("harvests")
    last = np.minimum(seasons.closes, days.last)
    begun = seasons.opens <= days.last
    reaped = seasons.gives * np.clip(
        (last - seasons.opens + 1) / (seasons.closes - seasons.opens + 1), 0.0, 1.0
    )
    if not begun.any():
        raise ValueError("nothing was harvested by that day: ask for more areas or years")
    shares = np.where(begun, reaped, 0.0)
    counts = drawn.multinomial(size.lots, shares / shares.sum())
    season = np.repeat(np.arange(len(seasons)), counts)
    spans = (last - seasons.opens + 1)[season]
    day = seasons.opens[season] + (drawn.random(size.lots) * spans).astype(np.int64)
    grams = _grams(season, reaped, drawn)
    order = np.argsort(day, kind="stable")
    season, day, grams = season[order], day[order], grams[order]
    states = _states(days.last - day, drawn)
    holder = areas.holders[seasons.areas[season]]
    labels = (drawn.random(len(holders)) < LABELLERS)[holder]
    return Harvests(
        season,
        day,
        grams,
        states,
        (labels & (drawn.random(size.lots) < LABELLED)).astype(np.int64),
        ((states == CLOSED) & (drawn.random(size.lots) < SOLD)).astype(np.int64),
    )


def _grams(season: Numbers, reaped: Shares, drawn: np.random.Generator) -> Numbers:
    """What a season gave, divided unevenly among its lots, in whole hundreds of grams."""
    part = drawn.gamma(4.0, 1.0, len(season))
    whole = np.bincount(season, weights=part, minlength=len(reaped))
    raw = reaped[season] * part / whole[season]
    rounded: Numbers = np.maximum(LIGHTEST_G, (raw // 100).astype(np.int64) * 100)
    return rounded


def _states(ages: Numbers, drawn: np.random.Generator) -> Numbers:
    found = np.empty(len(ages), dtype=np.int64)
    kinds = np.searchsorted([NEW, MONTH], ages, side="left")
    for kind, shares in enumerate(STATE_SHARES):
        mine = np.flatnonzero(kinds == kind)
        found[mine] = weighted(drawn, len(STATES), len(mine), shares)
    return found
