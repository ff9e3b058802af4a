"""The rows behind many harvests, read together."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.catalogue.queries import list_crops
from app.lots.harvests import Field, Harvest, Part, Piece, found
from app.models.registry import Grower, GrowerMembership, Organisation, PlantingArea, Plot
from app.registry.grower_list_queries import batches


class Shelf:
    """Areas, plots, growers and crops that some harvests of one organisation name."""

    def __init__(
        self, session: Session, organisation: Organisation, harvests: Sequence[Harvest]
    ) -> None:
        self._session, self._organisation = session, organisation
        parts = [part for harvest in harvests for part in harvest.parts]
        self._crops = {crop.slug: crop for crop in list_crops(session)}
        self._areas = self._of(PlantingArea, (harvest.area for harvest in harvests))
        self._plots = self._of(Plot, (part.plot for part in parts))
        self._growers = self._named_growers([*harvests, *parts])

    def field(self, harvest: Harvest) -> Field:
        """The same as `found` of each alone; what is not on the shelf is left to it to find or refuse."""
        grower = self._growers.get(harvest.grower) if harvest.grower else None
        area, crop = self._areas.get(harvest.area), self._crops.get(harvest.crop)
        pieces = [self._piece(part) for part in harvest.parts]
        missing = harvest.grower is not None and grower is None
        if area is None or crop is None or missing or harvest.pictures or None in pieces:
            return found(self._session, self._organisation, harvest)
        return Field(area, crop, grower, tuple(piece for piece in pieces if piece is not None))

    def _piece(self, part: Part) -> Piece | None:
        plot = self._plots.get(part.plot) if part.plot else None
        grower = self._growers.get(part.grower) if part.grower else None
        if part.entry or part.planting or plot is None or grower is None:
            return None
        return Piece(part.quantity, None, plot, grower, None, None)

    def _of(self, table: type[Any], uids: Iterable[UUID | None]) -> dict[UUID, Any]:
        rows: list[Any] = []
        for some in batches([uid for uid in uids if uid is not None]):
            wanted = select(table).where(
                col(table.uid).in_(some), col(table.organisation_id) == self._organisation.pk
            )
            rows += self._session.execute(wanted).scalars()
        return {row.uid: row for row in rows}

    def _named_growers(self, named: Iterable[Harvest | Part]) -> dict[UUID, Grower]:
        rows: list[Grower] = []
        for some in batches([one.grower for one in named if one.grower is not None]):
            wanted = (
                select(Grower)
                .join(GrowerMembership, col(GrowerMembership.grower_id) == col(Grower.id))
                .where(
                    col(Grower.uid).in_(some),
                    col(GrowerMembership.organisation_id) == self._organisation.pk,
                )
            )
            rows += self._session.execute(wanted.distinct()).scalars()
        return {grower.uid: grower for grower in rows}
