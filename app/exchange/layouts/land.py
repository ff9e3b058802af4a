"""The land that rows of a file name: planting areas, plots and crops, and who belonged when."""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app.catalogue.crop_name_queries import crop_names
from app.exchange import cells
from app.exchange.layouts.members import Members
from app.exchange.proposals import Nearest, proposed
from app.exchange.row_reading import KnownNames, RowReader
from app.exchange.written import Cell, CellFault
from app.kit.messages import say
from app.kit.text import fold
from app.models.catalogue import Crop
from app.models.registry import GrowerMembership, Organisation, PlantingArea, Plot
from app.registry.area_queries import crops_by_area
from app.registry.code_queries import codes_by_area
from app.registry.grower_list_queries import Listed


class Land:
    """What an organisation grows where, read once for all rows of a file."""

    def __init__(self, session: Session, organisation: Organisation, today: date) -> None:
        self.members = Members(session, organisation, today)
        self.areas: dict[int, PlantingArea] = {
            area.pk: area for area in _all(session, PlantingArea, organisation)
        }
        self._grown = {
            key: {crop.pk for crop in crops}
            for key, crops in crops_by_area(session, set(self.areas)).items()
        }
        self.plots: list[Plot] = _all(session, Plot, organisation)
        self._by_name: defaultdict[str, list[Plot]] = defaultdict(list)
        for plot in self.plots:
            self._by_name[plot.name_key].append(plot)
        self._area_names = self._named_areas(session)
        self._crop_names: KnownNames[Crop] = KnownNames(say("The crop {written} is not known."))
        for name, crop in crop_names(session):
            self._crop_names.add(name, crop, shown=name != crop.slug)
        self._belonged = _belonged(session, organisation)

    def crop(self, row: RowReader) -> Crop | None:
        """The crop of a row; None where it is faulty or left out."""
        return row.known("crop", self._crop_names)

    def area(self, row: RowReader) -> PlantingArea | None:
        """The planting area of a row; None where it is faulty or left out."""
        return row.known("planting_area", self._area_names)

    def plot(self, row: RowReader, grower: Listed | None) -> Plot | None:
        """The plot of a row, among the grower's own where one is named; None where faulty or left out."""
        if grower is None and row.faulty:
            return None
        return row.read("plot", lambda cell: self._plot(cell, grower), None)

    def grows(self, area: PlantingArea, crop: Crop) -> bool:
        """Whether a crop is among those of an area."""
        return crop.pk in self._grown.get(area.pk, ())

    def open_areas(self, crop: Crop, day: date) -> list[PlantingArea]:
        """The areas that grew a crop on a day."""
        return [
            area
            for area in self.areas.values()
            if self.grows(area, crop) and (area.closed_on is None or area.closed_on >= day)
        ]

    def require_member(self, row: RowReader, grower_id: int, day: date) -> None:
        """Note in the row that a grower was no member on a day, where that is so."""
        spans = self._belonged.get(grower_id, ())
        if not any(start <= day and (end is None or end >= day) for start, end in spans):
            row.fault("grower", say("This grower was not a member on {day}.", day=day))

    def _plot(self, cell: Cell, grower: Listed | None) -> Plot:
        written = cells.text(cell, 120)
        named = self._by_name.get(fold(written), [])
        if grower is not None:
            named = [plot for plot in named if plot.grower_id == grower.grower_id]
        if len(named) == 1:
            return named[0]
        if named:
            why = say("Several plots are called {written}. Add the grower.", written=written)
            raise CellFault(why)
        if grower is None:
            unknown = say("No plot is called {written}.", written=written)
            raise CellFault(proposed(unknown, self._nearest(self.plots, written)))
        unknown = say("{grower} has no plot {written}.", grower=grower.name, written=written)
        own = [plot for plot in self.plots if plot.grower_id == grower.grower_id]
        raise CellFault(proposed(unknown, self._nearest(own, written)))

    @staticmethod
    def _nearest(plots: list[Plot], written: str) -> str | None:
        return Nearest(plot.name for plot in plots).to(written)

    def _named_areas(self, session: Session) -> KnownNames[PlantingArea]:
        names: KnownNames[PlantingArea] = KnownNames(
            say("Your organisation has no planting area {written}.")
        )
        codes = codes_by_area(session, set(self.areas))
        for area in self.areas.values():
            names.add(area.name, area)
            for code in codes.get(area.pk, []):
                names.add(code.code, area, shown=False)
        return names


def _all(session: Session, table: type[Any], organisation: Organisation) -> list[Any]:
    wanted = select(table).where(col(table.organisation_id) == organisation.pk)
    return list(session.execute(wanted.order_by(col(table.id))).scalars())


def _belonged(
    session: Session, organisation: Organisation
) -> dict[int, list[tuple[date, date | None]]]:
    wanted = select(
        col(GrowerMembership.grower_id),
        col(GrowerMembership.valid_from),
        col(GrowerMembership.valid_to),
    ).where(col(GrowerMembership.organisation_id) == organisation.pk)
    spans: defaultdict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for grower_id, start, end in session.execute(wanted):
        spans[grower_id].append((start, end))
    return dict(spans)
