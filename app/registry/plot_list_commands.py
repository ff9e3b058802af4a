"""Registering many plots at once: the rules of `register_plot`, in a few statements."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import Session, col

from app.db import insert_rows
from app.errors import Conflict, FieldError, refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.ledger.actors import Actor
from app.ledger.commands import Fact, record_all
from app.models.base import new_uid
from app.models.registry import Grower, GrowerMembership, Organisation, PlantingArea, Plot
from app.registry.grower_list_queries import batches
from app.registry.place_queries import Places
from app.registry.plot_commands import PlotDetails, require_fits
from app.registry.words import name_of

Row = dict[str, Any]


def register_plots(
    session: Session,
    *,
    organisation: Organisation,
    plots: Sequence[PlotDetails],
    by: Actor,
    now: datetime,
) -> list[UUID]:
    """Enter plots of members, all of them or none; their public ids in order.

    They have no boundary yet. Raises what `register_plot` raises.
    """
    known = _Known(session, organisation, plots, now)
    rows = [known.row(details) for details in plots]
    known.require_new(session, rows)
    insert_rows(session, Plot, rows)
    facts = [known.fact(row, details) for row, details in zip(rows, plots, strict=True)]
    record_all(session, facts, by=by, now=now)
    return [row["uid"] for row in rows]


class _Known:
    """The members, areas and communes that the plots of a list name."""

    def __init__(
        self,
        session: Session,
        organisation: Organisation,
        plots: Sequence[PlotDetails],
        now: datetime,
    ) -> None:
        self._organisation, self._now = organisation, now
        self._places = Places(session, day_of(now))
        self._growers: dict[UUID, tuple[int, str]] = {}
        for uids in batches([details.grower for details in plots]):
            for uid, key, code in session.execute(self._members().where(col(Grower.uid).in_(uids))):
                self._growers[uid] = (key, code)
        wanted = [details.planting_area for details in plots if details.planting_area]
        self._areas: dict[UUID, PlantingArea] = {}
        for uids in batches(wanted):
            found = select(PlantingArea).where(
                col(PlantingArea.uid).in_(uids),
                col(PlantingArea.organisation_id) == organisation.pk,
            )
            self._areas.update({area.uid: area for area in session.execute(found).scalars()})

    def row(self, details: PlotDetails) -> Row:
        """A plot as it is kept."""
        if details.polygon is not None:
            raise ValueError("a boundary needs register_plot")
        name, name_key = name_of("name", details.name, longest=120)
        grower_id = self._grower(details)[0]
        area = self._area(details)
        require_fits(details.area, area)
        place = self._places.find(details.commune, details.former_commune)
        return {
            "uid": new_uid(),
            "version": 1,
            "organisation_id": self._organisation.pk,
            "grower_id": grower_id,
            "area_id": area.pk if area else None,
            "name": name,
            "name_key": name_key,
            "commune_id": place.present.pk,
            "former_commune_id": place.former_id,
            "area_m2": details.area.value,
            "created_at": self._now,
        }

    def require_new(self, session: Session, rows: Sequence[Row]) -> None:
        """Raise Conflict for a name that a grower uses already, here or in the list."""
        taken: set[tuple[int, str]] = set()
        for ids in batches([row["grower_id"] for row in rows]):
            wanted = select(col(Plot.grower_id), col(Plot.name_key))
            taken.update(session.execute(wanted.where(col(Plot.grower_id).in_(ids))))
        for row in rows:
            key = (row["grower_id"], row["name_key"])
            if key in taken:
                why = say("This grower has a plot {name} already.", name=row["name"])
                raise Conflict(why, FieldError("name", why))
            taken.add(key)

    def fact(self, row: Row, details: PlotDetails) -> Fact:
        """What the ledger keeps of a plot."""
        area = self._area(details)
        facts = {
            "grower": self._grower(details)[1],
            "area": area.uid if area else None,
            **self._places.find(details.commune, details.former_commune).facts(),
            "area_m2": row["area_m2"],
        }
        personal = {"name": row["name"], "polygon": None}
        owner = self._organisation.uid
        return Fact("plot.registered", str(row["uid"]), facts, personal, owner)

    def _grower(self, details: PlotDetails) -> tuple[int, str]:
        found = self._growers.get(details.grower)
        if found is None:
            today = self._places.today
            raise refuse("grower", say("This grower was not a member on {day}.", day=today))
        return found

    def _area(self, details: PlotDetails) -> PlantingArea | None:
        if details.planting_area is None:
            return None
        area = self._areas.get(details.planting_area)
        if area is None:
            raise refuse("planting_area", say("There is no such planting area."))
        return area

    def _members(self) -> Any:
        today, ends = self._places.today, col(GrowerMembership.valid_to)
        return (
            select(col(Grower.uid), col(Grower.id), col(Grower.code))
            .join(GrowerMembership, col(GrowerMembership.grower_id) == col(Grower.id))
            .where(
                col(GrowerMembership.organisation_id) == self._organisation.pk,
                col(GrowerMembership.valid_from) <= today,
                or_(ends.is_(None), ends >= today),
            )
        )
