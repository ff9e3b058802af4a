"""Lists of a diary: what was done on a day, where, with what, by whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.catalogue.input_rules import VerdictKind
from app.diary.book import Book
from app.diary.entry_commands import Pen, write_entry
from app.diary.list_commands import void_entries, write_entries
from app.diary.queries import inputs_of_entries, plots_of_entries
from app.diary.rules import Saying, Times, faults_of_entry
from app.diary.terms_queries import terms_on
from app.diary.work_words import UNITS
from app.diary.writing import Using, Writing
from app.exchange import cells
from app.exchange.importing import Doing, Found, Importer
from app.exchange.layouts import work_names
from app.exchange.layouts.diary_columns import LAYOUT
from app.exchange.layouts.land import Land
from app.exchange.layouts.members import offered_members
from app.exchange.layouts.plantings import Place, Plantings
from app.exchange.row_reading import RowReader
from app.exchange.template_writing import Lists, Say
from app.exchange.written import short
from app.kit.clock import day_of
from app.kit.i18n import language
from app.kit.messages import say
from app.kit.quantities import Grams
from app.kit.text import fold
from app.lots.part_queries import require_in_no_lot
from app.models.accounts import Role
from app.models.diary import DiaryEntry, Planting, Work
from app.models.registry import Organisation
from app.registry.area_queries import area_choices
from app.registry.rules import require_past_day

TAKEN_BACK = say("The list from Excel that wrote it was taken back.")

FIELDS = {
    "done_on": "day",
    "inputs": "input",
    "interval_days": "interval",
    "quantity_g": "amount",
    "plots": "plot",
    "planting": "plot",
}
_TOLD = frozenset({VerdictKind.BANNED, VerdictKind.REMOVED})


@dataclass(frozen=True)
class _Said:
    """What a row says was done, besides where: weight of a harvest, what was used, in words."""

    work: Work
    quantity: Grams | None
    inputs: tuple[Using, ...]
    pest: str
    operator: str
    note: str


class _Checker:
    """The land and plantings of an organisation, and what its diary says of the days of the file."""

    def __init__(self, session: Session, organisation: Organisation, now: datetime) -> None:
        self._session, self._organisation = session, organisation
        self._now, self._today = now, day_of(now)
        self._land = Land(session, organisation, self._today)
        self._plantings = Plantings(session, organisation, self._land.plots)
        self._growers = {line.grower_id: line.uid for line in self._land.members.lines}
        self._works = work_names.work_names()
        self._terms = terms_on(session, self._today)
        self._book = Book(session, organisation)
        self._known: dict[date, set[tuple[object, ...]]] = {}

    def check(self, row: RowReader) -> Found:
        day = row.day("day", self._require_past)
        grower = self._land.members.read(row, day)
        plot, area, crop = (
            self._land.plot(row, grower),
            self._land.area(row),
            self._land.crop(row),
        )
        said = self._said(row)
        if row.faulty or day is None or said is None:
            return Found()
        place = Place(grower, plot, area, crop)
        times = Times(day, self._now, self._now)
        planting = self._plantings.find(row, place, said.work, times, self._terms)
        if planting is None:
            return Found()
        grower_id = grower.grower_id if grower else plot.grower_id if plot else None
        plots = self._plantings.plots(planting, place)
        key = _key(planting.pk, said.work, grower_id, frozenset(plots), said)
        if key in self._known_on(day):
            return Found((day, *key), known=True)
        self._judge(row, planting, said, times, grower_id)
        writing = Writing(
            planting=planting.uid,
            work=said.work,
            done_on=day,
            plots=tuple(plots.values()),
            quantity=said.quantity,
            grower=self._growers.get(grower_id or 0),
            operator=said.operator,
            pest=said.pest,
            note=said.note,
            inputs=said.inputs,
        )
        return Found((day, *key), fact=writing)

    def _require_past(self, day: date) -> None:
        require_past_day("done_on", day, today=self._today)

    def _said(self, row: RowReader) -> _Said | None:
        work = row.known("work", self._works)
        unit = row.cells.get("unit")
        weighed = work is Work.HARVEST and not row.has("input")
        quantity = (
            row.read("amount", lambda cell: cells.grams(cell, unit), None) if weighed else None
        )
        note = row.text("note", longest=900)
        used = () if weighed else self._used(row, work)
        if not used and work is Work.WATERING and row.has("water"):
            note = self._watered(row, note)
        pest, operator = row.text("pest", longest=160), row.text("operator", longest=120)
        return None if work is None else _Said(work, quantity, used, pest, operator, note)

    def _used(self, row: RowReader, work: Work | None) -> tuple[Using, ...]:
        """The input of a row; what is said about an input without its name is a fault."""
        name = row.text("input", longest=160)
        unit = row.cells.get("unit")
        nothing: tuple[int | None, str] = (None, "")
        amount, counted = row.read("amount", lambda cell: work_names.amount(cell, unit), nothing)
        if amount == 0:
            row.fault("amount", say("An amount is more than nothing, and not that much."))
        water = row.read("water", work_names.water_ml, None) or None
        interval = row.read("interval", work_names.interval, None)
        active = row.text("active", longest=300)
        if name:
            used = Using(
                name,
                actives=active,
                amount=amount,
                unit=counted,
                water_ml=water,
                interval_days=interval,
            )
            return (used,)
        told = amount is not None or active or interval is not None
        if told or (water is not None and work is not Work.WATERING):
            row.fault("input", say("Name what was used."))
        return ()

    @staticmethod
    def _watered(row: RowReader, note: str) -> str:
        """Water alone is no input: what was written of it is kept in the note."""
        litres = row.read("water", short, "")
        row.warn("water", say("Water without an input is kept in the note."))
        return "; ".join(filter(None, (note, f"Nước (lít): {litres}")))

    def _judge(
        self,
        row: RowReader,
        planting: Planting,
        said: _Said,
        times: Times,
        grower_id: int | None,
    ) -> None:
        """What the rules of the diary say of it, each at its cell; what is banned is only told."""
        saying = Saying(said.work, times.done_on, None, said.quantity, len(said.inputs))
        for fault in faults_of_entry(saying, planting, times=times, terms=self._terms):
            row.fault(FIELDS.get(fault.field, fault.field), fault.why)
        if grower_id is not None:
            self._land.require_member(row, grower_id, times.done_on)
        for using in said.inputs:
            facts = self._book.facts(using)
            line = self._book.line(planting.uid)
            verdict = self._book.verdict(line, said.work, times.done_on, using, facts)
            if verdict.kind in _TOLD:
                row.warn("input", verdict.reason)

    def _known_on(self, day: date) -> set[tuple[object, ...]]:
        if day not in self._known:
            self._known[day] = _written_of(self._session, self._organisation, day)
        return self._known[day]


def _key(
    planting_id: int, work: Work, grower_id: int | None, plots: frozenset[int], said: _Said
) -> tuple[object, ...]:
    used = tuple(sorted((fold(one.name), one.amount or 0, one.unit) for one in said.inputs))
    quantity = None if said.quantity is None else said.quantity.value
    return planting_id, work, grower_id, plots, used, quantity


def _written_of(session: Session, organisation: Organisation, day: date) -> set[tuple[object, ...]]:
    """The keys of what stands in the diary for a day."""
    wanted = select(DiaryEntry).where(
        col(DiaryEntry.organisation_id) == organisation.pk,
        col(DiaryEntry.done_on) == day,
        col(DiaryEntry.corrected).is_(False),
        col(DiaryEntry.void).is_(False),
    )
    entries = list(session.execute(wanted).scalars())
    ids = [entry.pk for entry in entries]
    used, plots = inputs_of_entries(session, ids), plots_of_entries(session, ids)
    found: set[tuple[object, ...]] = set()
    for entry in entries:
        names = sorted(
            (fold(one.name), one.amount or 0, one.unit) for one in used.get(entry.pk, ())
        )
        land = plots.get(entry.pk, frozenset())
        found.add(
            (entry.planting_id, entry.work, entry.grower_id, land, tuple(names), entry.quantity_g)
        )
    return found


def _register(session: Session, doing: Doing, facts: Sequence[Writing]) -> list[UUID]:
    written = write_entries(
        session, organisation=doing.organisation, writings=facts, pen=_pen(doing)
    )
    return [entry.uid for entry in written]


def _register_one(session: Session, doing: Doing, fact: Writing) -> UUID:
    return write_entry(session, organisation=doing.organisation, writing=fact, pen=_pen(doing)).uid


def _take_back(session: Session, doing: Doing, made: Sequence[UUID]) -> None:
    require_in_no_lot(session, made)
    reason = language("vi").say(TAKEN_BACK)
    void_entries(
        session, organisation=doing.organisation, uids=made, reason=reason, pen=_pen(doing)
    )


def _pen(doing: Doing) -> Pen:
    return Pen(doing.by, doing.now, batch=doing.batch)


def _lists(session: Session, organisation: Organisation, _now: datetime, _say: Say) -> Lists:
    choices = area_choices(session, organisation.pk)
    crops = dict.fromkeys(crop.name_vi for choice in choices for crop in choice.crops)
    return {
        "grower": offered_members(session, organisation),
        "planting_area": [choice.area.name for choice in choices],
        "crop": list(crops),
        "unit": UNITS,
    }


DIARY = Importer(
    layout=LAYOUT,
    roles=frozenset({Role.STAFF, Role.COOP_ADMIN}),
    checker=_Checker,
    register=_register,
    register_one=_register_one,
    take_back=_take_back,
    lists=_lists,
    words=say("Entries of the diary"),
    fields=FIELDS,
    filled_down=(("day",), ("grower", "phone")),
    sheets=("Nhật ký", "Nhat ky", "Nhật ký sản xuất"),
    rows_a_transaction=100,
)
