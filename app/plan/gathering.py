"""Reads everything the figures of some planting areas are made of, in a constant number of statements."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from sqlalchemy import CTE, ColumnElement, select
from sqlmodel import Session, col

from app.certificates.queries import certificates_of
from app.certificates.rules import CertificateFacts
from app.labels.run_queries import any_standing
from app.lots.balance import Season
from app.lots.balance_queries import season_from
from app.models.catalogue import Crop
from app.models.diary import DiaryEntry, Planting, Work
from app.models.labels import LabelPrint
from app.models.lots import HarvestLot, LotKind, LotSource, LotState
from app.models.movements import LotEdge
from app.models.print_runs import LabelLayout, PrintRun, PrintRunLot, Purpose, RunState
from app.models.registry import AreaCode, AreaCodeStep, PlantingArea
from app.models.scans import WHOLE_LOT, ScanDay
from app.models.seasons import SeasonDeclaration
from app.plan.axes import A_DAY
from app.plan.places import Lies, Places
from app.plan.prices import Prices, prices_for

Keys = Sequence[int]
Chosen = tuple[ColumnElement[bool], ...]
Kept = TypeVar("Kept", PlantingArea, SeasonDeclaration, Planting)
OnArea = TypeVar("OnArea", SeasonDeclaration, Planting)


@dataclass(frozen=True)
class Harvest:
    """A lot as the figures need it."""

    id: int
    crop_id: int
    growers: frozenset[int | None]
    day: date
    grams: int
    labelled: bool
    scanned: bool


@dataclass(frozen=True)
class Gathered:
    """Everything that one area's figures are made of. `noted`: plantings with something in the diary."""

    area: PlantingArea
    lies: Lies
    axis_in: Callable[[int], str]
    certificates: Sequence[CertificateFacts]
    codes: Sequence[Sequence[AreaCodeStep]]
    declared: Sequence[SeasonDeclaration]
    plantings: Sequence[Planting]
    noted: frozenset[int]
    harvests: Sequence[Harvest]
    prices: Prices
    groups: dict[int, str] = field(default_factory=dict)

    def seasons_of(self, crop_id: int) -> list[Season]:
        """The declared seasons of a crop as the mass balance sees them."""
        return [season_from(row) for row in self.declared if row.crop_id == crop_id]


class Gatherer:
    """Reads areas for one roll-up: what many areas share is read once."""

    def __init__(self, session: Session, scanned_until: date) -> None:
        self._session = session
        self._until = scanned_until
        self._places = Places(session, scanned_until + A_DAY)
        self._certificates: dict[int, list[CertificateFacts]] = {}
        rows = session.execute(select(col(Crop.id), col(Crop.policy_group)))
        self._groups = {key: group.value for key, group in rows}

    def gather(self, keys: Keys, lots: Keys | None = None) -> list[Gathered]:
        """The areas with these keys, in the order of their keys; of their lots only some, where told."""
        areas = self._all(PlantingArea, col(PlantingArea.id).in_(keys))
        codes = self._codes(keys)
        declared = _by_area(self._all(SeasonDeclaration, col(SeasonDeclaration.area_id).in_(keys)))
        plantings = _by_area(self._all(Planting, col(Planting.area_id).in_(keys)))
        noted, harvests = self._noted(keys), self._harvests(_harvested(keys, lots))
        prices = prices_for(self._session)
        return [
            Gathered(
                area=area,
                lies=self._places.of(area),
                axis_in=self._places.axes_of(area),
                certificates=self._held_by(area.organisation_id),
                codes=codes[area.pk],
                declared=declared[area.pk],
                plantings=plantings[area.pk],
                noted=noted,
                harvests=harvests[area.pk],
                prices=prices.of(area.organisation_id),
                groups=self._groups,
            )
            for area in areas
        ]

    def _held_by(self, organisation_id: int) -> list[CertificateFacts]:
        if organisation_id not in self._certificates:
            self._certificates[organisation_id] = certificates_of(self._session, organisation_id)
        return self._certificates[organisation_id]

    def _codes(self, keys: Keys) -> dict[int, list[list[AreaCodeStep]]]:
        wanted = (
            select(col(AreaCode.area_id), AreaCodeStep)
            .join(AreaCodeStep, col(AreaCodeStep.code_id) == col(AreaCode.id))
            .where(col(AreaCode.area_id).in_(keys))
        )
        found: defaultdict[int, defaultdict[int, list[AreaCodeStep]]]
        found = defaultdict(lambda: defaultdict(list))
        for area_id, step in self._session.execute(wanted):
            found[area_id][step.code_id].append(step)
        return defaultdict(list, {area: list(by.values()) for area, by in found.items()})

    def _noted(self, keys: Keys) -> frozenset[int]:
        """The plantings of which something besides the harvest is written in the diary and stands."""
        wanted = (
            select(col(DiaryEntry.planting_id))
            .join(Planting, col(Planting.id) == col(DiaryEntry.planting_id))
            .where(
                col(Planting.area_id).in_(keys),
                col(DiaryEntry.work) != Work.HARVEST,
                col(DiaryEntry.corrected).is_(False),
                col(DiaryEntry.void).is_(False),
            )
            .distinct()
        )
        return frozenset(self._session.execute(wanted).scalars())

    def _harvests(self, chosen: Chosen) -> dict[int, list[Harvest]]:
        lot = HarvestLot
        wanted = (
            select(
                col(lot.id),
                col(lot.area_id),
                col(lot.crop_id),
                col(lot.grower_id),
                col(lot.harvested_on),
                col(lot.quantity_g),
            )
            .where(*chosen)
            .order_by(col(lot.id))
        )
        growers, labelled = self._growers(chosen), self._labelled(chosen)
        scanned = self._scanned(chosen)
        found: defaultdict[int, list[Harvest]] = defaultdict(list)
        for key, area, crop, grower, day, grams in self._session.execute(wanted):
            known = frozenset(one or grower for one in growers.get(key, (grower,)))
            harvest = Harvest(key, crop, known, day, grams, key in labelled, key in scanned)
            found[area].append(harvest)
        return found

    def _growers(self, chosen: Chosen) -> dict[int, list[int | None]]:
        wanted = (
            select(col(LotSource.lot_id), col(LotSource.grower_id))
            .join(HarvestLot, col(HarvestLot.id) == col(LotSource.lot_id))
            .where(*chosen)
        )
        found: defaultdict[int, list[int | None]] = defaultdict(list)
        for lot, grower in self._session.execute(wanted):
            found[lot].append(grower)
        return found

    def _labelled(self, chosen: Chosen) -> set[int]:
        """The harvests of which labels for buyers were printed: of themselves or of what was made of them."""
        walk = _made_of(chosen)
        printed = (
            select(walk.c.root)
            .join(PrintRunLot, col(PrintRunLot.lot_id) == walk.c.id)
            .join(PrintRun, col(PrintRun.id) == col(PrintRunLot.run_id))
            .join(LabelLayout, col(LabelLayout.id) == col(PrintRun.layout_id))
            .where(
                col(LabelLayout.purpose) != Purpose.CRATE,
                col(PrintRun.state) == RunState.READY,
                any_standing(),
            )
        )
        former = select(walk.c.root).join(LabelPrint, col(LabelPrint.lot_id) == walk.c.id)
        return {*self._session.execute(printed).scalars(), *self._session.execute(former).scalars()}

    def _scanned(self, chosen: Chosen) -> set[int]:
        """The harvests that somebody looked up, or what was made of them, until the day scans count to."""
        walk = _made_of(chosen)
        wanted = (
            select(walk.c.root)
            .join(ScanDay, col(ScanDay.lot_id) == walk.c.id)
            .where(col(ScanDay.serial) == WHOLE_LOT, col(ScanDay.day) <= self._until)
        )
        return set(self._session.execute(wanted).scalars())

    def _all(self, table: type[Kept], condition: ColumnElement[bool]) -> list[Kept]:
        wanted = select(table).where(condition).order_by(col(table.id))
        return list(self._session.execute(wanted).scalars())


def _harvested(keys: Keys, lots: Keys | None) -> Chosen:
    """Lots that were harvested on some areas; what was recorded by mistake counts nowhere."""
    some = () if lots is None else (col(HarvestLot.id).in_(lots),)
    return (
        *some,
        col(HarvestLot.area_id).in_(keys),
        col(HarvestLot.kind) == LotKind.HARVEST,
        col(HarvestLot.state) != LotState.WITHDRAWN,
    )


def _made_of(chosen: Chosen) -> CTE:
    """Every harvest that is chosen (`root`) with each lot (`id`) that it went into, itself first."""
    key = col(HarvestLot.id)
    walk = select(key.label("root"), key.label("id")).where(*chosen).cte(recursive=True)
    onward = select(walk.c.root, col(LotEdge.child_id)).join(
        LotEdge, col(LotEdge.parent_id) == walk.c.id
    )
    return walk.union(onward)


def _by_area(rows: Iterable[OnArea]) -> defaultdict[int, list[OnArea]]:
    found: defaultdict[int, list[OnArea]] = defaultdict(list)
    for row in rows:
        found[row.area_id].append(row)
    return found
