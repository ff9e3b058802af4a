"""What the synthetic province stands on: the real communes, the plan's figures, crops and standards."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
from sqlalchemy import select
from sqlmodel import Session, col

from app.demo.scale.chance import Chance, Numbers, Shares
from app.kit.clock import HOME
from app.models.catalogue import Crop, Standard
from app.models.places import AdminUnit
from app.models.plan import PlanTarget
from app.places.queries import former_communes, successor_of

PROVINCE = "10"
PLAN_YEARS = (2020, 2025, 2030)
# The groups' shares of what is grown, by the plan's text.
GROUP_SHARES = {"leaf_brassica": 0.6, "legume": 0.1, "other": 0.3}


@dataclass(frozen=True)
class Size:
    """How much is made, over how many calendar years, up to which day."""

    growers: int
    areas: int
    lots: int
    years: int
    seed: int
    until: date


@dataclass(frozen=True)
class Place:
    """A commune of before the merger, and the one that stands in its place."""

    former: AdminUnit
    present: AdminUnit

    @property
    def district(self) -> str:
        return str(self.former.district_code)


class Days:
    """The days from 1 January of the first year to the last day, counted from 0."""

    def __init__(self, size: Size) -> None:
        self.first = date(size.until.year - size.years + 1, 1, 1)
        self.last = (size.until - self.first).days

    def day(self, at: int) -> date:
        """The day with this number; also of before and after."""
        return self.first + timedelta(days=at)

    def days(self, numbers: Numbers) -> list[date]:
        """Many of them."""
        first = self.first
        return [first + timedelta(days=at) for at in numbers.tolist()]

    def instant(self, at: int, hour: int = 17) -> datetime:
        """An hour of a day in Viet Nam."""
        return datetime.combine(self.day(at), time(hour), tzinfo=HOME)

    def instants(self, numbers: Numbers) -> list[datetime]:
        """Five in the afternoon of many days."""
        known = {at: self.instant(at) for at in np.unique(numbers).tolist()}
        return [known[at] for at in numbers.tolist()]

    def milliseconds(self, numbers: Numbers) -> Numbers:
        """The same as milliseconds since 1970."""
        begin = int(self.instant(0).timestamp() * 1000)
        moments: Numbers = begin + numbers * 86_400_000
        return moments

    def number(self, day: date) -> int:
        """Which one a day is."""
        return (day - self.first).days

    def year_of(self, numbers: Numbers) -> Numbers:
        """The calendar years of many days."""
        begins = np.array(
            [self.number(date(year, 1, 1)) for year in range(1970, self.day(self.last).year + 3)]
        )
        years: Numbers = 1969 + np.searchsorted(begins, numbers, side="right")
        return years


@dataclass(frozen=True)
class Ground:
    """The real part: what reference data say."""

    places: list[Place]
    # Of each place: how much of the province's vegetable land lies in it, by the plan.
    shares: Shares
    crops: list[Crop]
    crop_shares: Shares
    standards: dict[str, int]
    # By former district: kilograms a hectare and year in the plan's years.
    yields: dict[str, list[int]]
    land_m2: int


@dataclass(frozen=True)
class Basis:
    """What everything is made from: how much, where, when, and by which chance."""

    size: Size
    ground: Ground
    days: Days
    chance: Chance


def ground_of(session: Session) -> Ground:
    """Read it. LookupError where reference data are missing."""
    places = [
        Place(unit, after)
        for unit in former_communes(session)
        if unit.province_code == PROVINCE and unit.lat is not None
        if (after := successor_of(session, unit)) is not None
    ]
    crops = list(session.execute(select(Crop).order_by(col(Crop.slug))).scalars())
    land = _targets(session, "area")
    if not places or not crops or not land:
        raise LookupError("load the reference data first")
    standards = session.execute(select(col(Standard.code), col(Standard.id))).all()
    return Ground(
        places=places,
        shares=_shares(places, land),
        crops=crops,
        crop_shares=_crop_shares(crops),
        standards=dict(standards),
        yields=_targets(session, "yield"),
        land_m2=sum(figures[1] for figures in land.values()),
    )


def _targets(session: Session, measure: str) -> dict[str, list[int]]:
    wanted = select(col(PlanTarget.scope_name), col(PlanTarget.year), col(PlanTarget.stated)).where(
        col(PlanTarget.measure) == measure, col(PlanTarget.scope) == "district"
    )
    found: dict[str, dict[int, int]] = {}
    for district, year, stated in session.execute(wanted):
        found.setdefault(district, {})[year] = stated
    return {name: [one[year] for year in PLAN_YEARS] for name, one in found.items()}


def _shares(places: list[Place], land: dict[str, list[int]]) -> Shares:
    how_many: dict[str, int] = {}
    for place in places:
        how_many[place.district] = how_many.get(place.district, 0) + 1
    each = [land.get(one.district, [0, 0, 0])[1] / how_many[one.district] for one in places]
    return np.array(each, dtype=np.float64)


def _crop_shares(crops: list[Crop]) -> Shares:
    """The groups as the plan has them; within a group each next crop is half as common again."""
    seen: dict[str, int] = {}
    shares = []
    for crop in crops:
        rank = seen[crop.policy_group] = seen.get(crop.policy_group, 0) + 1
        shares.append(GROUP_SHARES.get(crop.policy_group, 0.1) / rank)
    return np.array(shares, dtype=np.float64)
