"""Lists of harvests: what was brought in on a day, by whom, from where, how much."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.errors import FieldError
from app.exchange import cells
from app.exchange.importing import Doing, Found, Importer
from app.exchange.layouts.harvest_columns import LAYOUT
from app.exchange.layouts.land import Land
from app.exchange.layouts.members import offered_members
from app.exchange.row_reading import RowReader
from app.exchange.template_writing import Lists, Say
from app.kit.clock import day_of
from app.kit.i18n import language
from app.kit.messages import say
from app.kit.quantities import Grams, SquareMetres
from app.labels.queries import require_unlabelled
from app.lots import rules
from app.lots.commands import record_lot
from app.lots.harvests import Harvest, Part
from app.lots.list_commands import record_lots, withdraw_lots
from app.models.accounts import Role
from app.models.catalogue import Crop
from app.models.lots import HarvestLot, LotKind, LotSource, LotState
from app.models.registry import Organisation, PlantingArea, Plot
from app.registry.area_queries import area_choices
from app.registry.rules import require_past_day

TAKEN_BACK = say("The list from Excel that recorded it was taken back.")

FIELDS = {"quantity_g": "quantity", "parts": "plot", "area": "planting_area"}


@dataclass(frozen=True)
class _Where:
    """The land, the crop and the person that a row names."""

    area: PlantingArea
    crop: Crop
    plot: Plot | None
    grower_id: int | None


class _Checker:
    """The land and members of an organisation, and what it harvested on the days of the file."""

    def __init__(self, session: Session, organisation: Organisation, now: datetime) -> None:
        self._session, self._organisation, self._today = session, organisation, day_of(now)
        self._land = Land(session, organisation, self._today)
        self._growers = {line.grower_id: line.uid for line in self._land.members.lines}
        self._known: dict[date, set[tuple[object, ...]]] = {}

    def check(self, row: RowReader) -> Found:
        day = row.day("harvested_on", self._require_past)
        where = self._where(row, day)
        unit = row.cells.get("unit")
        quantity = row.read("quantity", lambda cell: cells.grams(cell, unit), None)
        later = row.day("packed_on"), row.day("best_before")
        grade, note = row.text("grade", longest=40), row.text("note", longest=500)
        if row.faulty or day is None or where is None or quantity is None:
            return Found()
        key = self._key(where, day, quantity)
        if key in self._known_on(day):
            return Found(key, known=True)
        self._judge(row, where, day, quantity, later)
        return Found(key, fact=self._harvest(where, day, quantity, later, grade, note))

    def _require_past(self, day: date) -> None:
        require_past_day("harvested_on", day, today=self._today)

    def _where(self, row: RowReader, day: date | None) -> _Where | None:
        """The land of a row: of its plot, as it is named, or the only one that grows the crop."""
        grower = self._land.members.read(row, day)
        plot, crop = self._land.plot(row, grower), self._land.crop(row)
        named = self._land.area(row)
        if row.faulty or crop is None or day is None:
            return None
        area = named or self._only_area(row, plot, crop, day)
        if area is None:
            return None
        if plot is not None and plot.area_id != area.pk:
            row.fault("plot", say("The plot {plot} does not belong to it.", plot=plot.name))
            return None
        owner = plot.grower_id if plot else None
        return _Where(area, crop, plot, grower.grower_id if grower else owner)

    def _only_area(
        self, row: RowReader, plot: Plot | None, crop: Crop, day: date
    ) -> PlantingArea | None:
        if plot is not None:
            if plot.area_id is None:
                why = say("The plot {plot} belongs to no planting area yet.", plot=plot.name)
                row.fault("plot", why)
                return None
            return self._land.areas[plot.area_id]
        possible = self._land.open_areas(crop, day)
        if len(possible) == 1:
            return possible[0]
        if possible:
            why = say(
                "{crop} grows in several areas: name the area or the plot.", crop=crop.name_vi
            )
        else:
            why = say("No planting area grows {crop}. Add it to the area first.", crop=crop.name_vi)
        row.fault("planting_area", why)
        return None

    def _judge(
        self,
        row: RowReader,
        where: _Where,
        day: date,
        quantity: Grams,
        later: tuple[date | None, date | None],
    ) -> None:
        """What the product's rules say of it, each at its cell."""
        area, (packed_on, best_before) = where.area, later
        faults: list[FieldError] = [
            *rules.faults_of_quantity(quantity, SquareMetres(area.area_m2)),
            *rules.faults_of_harvest_day(
                day,
                today=self._today,
                established_on=area.established_on,
                closed_on=area.closed_on,
            ),
            *rules.faults_of_later_days(
                day, packed_on=packed_on, best_before=best_before, today=self._today
            ),
        ]
        for fault in faults:
            row.fault(FIELDS.get(fault.field, fault.field), fault.why)
        if not self._land.grows(area, where.crop):
            why = say(
                "{crop} is not grown in {area}. Add it to the area first.",
                crop=where.crop.name_vi,
                area=area.name,
            )
            row.fault("crop", why)
        if where.grower_id is not None:
            self._land.require_member(row, where.grower_id, day)

    def _harvest(
        self,
        where: _Where,
        day: date,
        quantity: Grams,
        later: tuple[date | None, date | None],
        grade: str,
        note: str,
    ) -> Harvest:
        grower = self._growers.get(where.grower_id or 0)
        plot = where.plot
        parts = (Part(quantity, plot=plot.uid, grower=grower),) if plot else ()
        return Harvest(
            area=where.area.uid,
            crop=where.crop.slug,
            harvested_on=day,
            quantity=quantity,
            packed_on=later[0],
            best_before=later[1],
            grower=grower,
            note=note,
            grade=grade,
            parts=parts,
        )

    @staticmethod
    def _key(where: _Where, day: date, quantity: Grams) -> tuple[object, ...]:
        plot_id = where.plot.pk if where.plot else None
        return day, where.area.pk, where.crop.pk, where.grower_id, plot_id, quantity.value

    def _known_on(self, day: date) -> set[tuple[object, ...]]:
        if day not in self._known:
            self._known[day] = _harvested_on(self._session, self._organisation, day)
        return self._known[day]


def _harvested_on(
    session: Session, organisation: Organisation, day: date
) -> set[tuple[object, ...]]:
    """The keys of what was harvested on a day: whoever withdrew a lot may record it anew."""
    # The one part of a lot says whose it was; a lot of several is nothing a row of a list says.
    single = (
        select(
            col(LotSource.lot_id),
            func.min(col(LotSource.grower_id)).label("grower_id"),
            func.min(col(LotSource.plot_id)).label("plot_id"),
        )
        .group_by(col(LotSource.lot_id))
        .having(func.count() == 1)
        .subquery()
    )
    wanted = (
        select(
            col(HarvestLot.area_id),
            col(HarvestLot.crop_id),
            func.coalesce(col(HarvestLot.grower_id), single.c.grower_id),
            single.c.plot_id,
            col(HarvestLot.quantity_g),
        )
        .outerjoin(single, single.c.lot_id == col(HarvestLot.id))
        .where(
            col(HarvestLot.organisation_id) == organisation.pk,
            col(HarvestLot.kind) == LotKind.HARVEST,
            col(HarvestLot.harvested_on) == day,
            col(HarvestLot.state) != LotState.WITHDRAWN,
        )
    )
    return {(day, *row) for row in session.execute(wanted)}


def _register(session: Session, doing: Doing, facts: Sequence[Harvest]) -> list[str]:
    lots = record_lots(
        session, organisation=doing.organisation, harvests=facts, by=doing.by, now=doing.now
    )
    return [lot.code for lot in lots]


def _register_one(session: Session, doing: Doing, fact: Harvest) -> str:
    return record_lot(
        session, organisation=doing.organisation, harvest=fact, by=doing.by, now=doing.now
    ).code


def _take_back(session: Session, doing: Doing, made: Sequence[str]) -> None:
    require_unlabelled(session, made)
    reason = language("vi").say(TAKEN_BACK)
    withdraw_lots(
        session,
        organisation=doing.organisation,
        codes=made,
        reason=reason,
        by=doing.by,
        now=doing.now,
    )


def _lists(session: Session, organisation: Organisation, _now: datetime, _say: Say) -> Lists:
    choices = area_choices(session, organisation.pk)
    crops = dict.fromkeys(crop.name_vi for choice in choices for crop in choice.crops)
    return {
        "grower": offered_members(session, organisation),
        "planting_area": [choice.area.name for choice in choices],
        "crop": list(crops),
    }


HARVESTS = Importer(
    layout=LAYOUT,
    roles=frozenset({Role.STAFF, Role.COOP_ADMIN}),
    checker=_Checker,
    register=_register,
    register_one=_register_one,
    take_back=_take_back,
    lists=_lists,
    words=say("Harvests"),
    fields=FIELDS,
    filled_down=(("harvested_on",), ("grower", "phone")),
    sheets=("Thu hoạch", "Thu hoach", "Sản lượng"),
    made_of=str,
    rows_a_transaction=100,
)
