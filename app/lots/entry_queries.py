"""What the form of a harvest offers: the plots to split it by, the diary entry to make it from."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.diary.queries import plantings_on
from app.lots.part_queries import harvest_entry
from app.models.catalogue import Crop
from app.models.diary import DiaryEntry, Planting, PlantingPlot
from app.models.registry import Grower, PlantingArea, Plot

MOST_ROWS = 200


@dataclass(frozen=True)
class SplitRow:
    """A line of the split: a planting, a plot, or a plot of a planting, with its grower."""

    planting: Planting | None
    plot: Plot | None
    grower: Grower | None

    @property
    def name(self) -> str:
        """How the form calls its weight."""
        planting = str(self.planting.uid) if self.planting else ""
        return f"kg:{planting}:{self.plot.uid if self.plot else ''}"


@dataclass(frozen=True)
class EntryToLot:
    """A harvest of the diary, ready to become a lot."""

    entry: DiaryEntry
    area: PlantingArea
    crop: Crop


def split_rows(session: Session, area: PlantingArea, crop: Crop, day: date) -> list[SplitRow]:
    """What a harvest of a crop on an area may be split by: its plantings' plots, then other plots."""
    standing = plantings_on(session, area.pk, crop.pk, day)
    planted = _planted(session, standing)
    seen = {plot.pk for _, plot, _ in planted}
    whole = [
        SplitRow(planting, None, None)
        for planting in standing
        if not any(row[0].pk == planting.pk for row in planted)
    ]
    of_area = (
        select(Plot, Grower)
        .join(Grower, col(Grower.id) == col(Plot.grower_id))
        .where(col(Plot.area_id) == area.pk)
        .order_by(col(Plot.name_key), col(Plot.id))
    )
    rest = [
        SplitRow(None, plot, grower)
        for plot, grower in session.execute(of_area)
        if plot.pk not in seen
    ]
    return [*whole, *(SplitRow(*row) for row in planted), *rest][:MOST_ROWS]


def entry_to_lot(session: Session, uid: UUID, *, within: Reach) -> EntryToLot:
    """A harvest of the diary with what the form needs; NotFound outside the reach."""
    entry = harvest_entry(session, uid, within=within)
    planting = session.get_one(Planting, entry.planting_id)
    return EntryToLot(
        entry,
        session.get_one(PlantingArea, planting.area_id),
        session.get_one(Crop, planting.crop_id),
    )


def _planted(session: Session, standing: list[Planting]) -> list[tuple[Planting, Plot, Grower]]:
    wanted = (
        select(Planting, Plot, Grower)
        .join(PlantingPlot, col(PlantingPlot.planting_id) == col(Planting.id))
        .join(Plot, col(Plot.id) == col(PlantingPlot.plot_id))
        .join(Grower, col(Grower.id) == col(Plot.grower_id))
        .where(col(Planting.id).in_([planting.pk for planting in standing]))
        .order_by(col(Planting.id), col(Plot.name_key))
    )
    return [(planting, plot, grower) for planting, plot, grower in session.execute(wanted)]
