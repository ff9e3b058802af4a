"""Which planting a row of a diary means: by its plot, its area, its crop, its grower and its day."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.diary.queries import plots_of_plantings
from app.diary.rules import Terms, Times, faults_of_day
from app.exchange.row_reading import RowReader
from app.kit.messages import say
from app.models.catalogue import Crop
from app.models.diary import Planting, Work
from app.models.registry import Organisation, PlantingArea, Plot
from app.registry.grower_list_queries import Listed


@dataclass(frozen=True)
class Place:
    """What a row says about where something was done."""

    grower: Listed | None
    plot: Plot | None
    area: PlantingArea | None
    crop: Crop | None

    @property
    def column(self) -> str:
        """The column where a fault of it is said."""
        return "plot" if self.plot else "planting_area" if self.area else "crop"


class Plantings:
    """The plantings of an organisation, read once for all rows of a file."""

    def __init__(self, session: Session, organisation: Organisation, plots: list[Plot]) -> None:
        wanted = select(Planting).where(col(Planting.organisation_id) == organisation.pk)
        ordered = wanted.order_by(col(Planting.sown_on), col(Planting.id))
        self._all: list[Planting] = list(session.execute(ordered).scalars())
        self._plots_of = plots_of_plantings(session, [planting.pk for planting in self._all])
        self._plots = {plot.pk: plot for plot in plots}

    def find(
        self, row: RowReader, place: Place, work: Work, times: Times, terms: Terms
    ) -> Planting | None:
        """The one planting that a row can mean; what keeps it from being found is noted."""
        if not (place.plot or place.area or place.crop or place.grower):
            row.fault("plot", say("Name the plot, or the planting area and the crop."))
            return None
        fitting = [planting for planting in self._all if self._fits(planting, place)]
        found = (
            [planting for planting in fitting if _stands(planting, times.done_on)]
            or [one for one in fitting if not faults_of_day(work, one, times=times, terms=terms)]
            or fitting
        )
        if len(found) == 1:
            return found[0]
        if not found:
            why = say("Nothing of this is planted there. Enter the planting first.")
        elif not _stands(found[0], times.done_on):
            why = say("No planting stood there on {day}.", day=times.done_on)
        else:
            why = say("Several plantings can be meant. Name the plot, the area or the crop too.")
        row.fault(place.column, why)
        return None

    def plots(self, planting: Planting, place: Place) -> dict[int, UUID]:
        """The plots of the planting that the row is about; none: all of it."""
        held = self._plots_of.get(planting.pk, frozenset())
        if place.plot is not None:
            return {place.plot.pk: place.plot.uid} if place.plot.pk in held else {}
        if place.grower is None:
            return {}
        return {key: self._plots[key].uid for key in sorted(self._of(place.grower, held))}

    def _fits(self, planting: Planting, place: Place) -> bool:
        if place.area is not None and planting.area_id != place.area.pk:
            return False
        if place.crop is not None and planting.crop_id != place.crop.pk:
            return False
        held = self._plots_of.get(planting.pk)
        if place.plot is not None:
            return place.plot.pk in held if held else planting.area_id == place.plot.area_id
        return place.grower is None or held is None or bool(self._of(place.grower, held))

    def _of(self, grower: Listed, held: frozenset[int]) -> set[int]:
        own = grower.grower_id
        return {key for key in held if key in self._plots and self._plots[key].grower_id == own}


def _stands(planting: Planting, day: date) -> bool:
    return planting.sown_on <= day and (planting.ended_on is None or planting.ended_on >= day)
