"""Writing into the diary: an entry, a correction that keeps the original, a note of a mistake."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.catalogue.input_rules import InputVerdict, ProductFacts, VerdictKind
from app.diary.book import Book
from app.diary.entry_queries import find_entry, pictures_of_entries, writing_of
from app.diary.notice_commands import tell_of_ban
from app.diary.queries import PlantingLine
from app.diary.rules import (
    Saying,
    Terms,
    Times,
    faults_of_entry,
    is_back_dated,
    is_clock_doubted,
)
from app.diary.wording import cleaned_writing
from app.diary.writing import Using, Writing, content_of
from app.errors import Conflict, FieldError, NotFound, Refused, refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.base import new_uid
from app.models.diary import DiaryEntry, EntryInput, EntryPicture, EntryPlot
from app.models.registry import Organisation, Plot

SOME_FAULTS = say("Some of what was written down cannot be right.")
SHORTEST_REASON = 3


@dataclass(frozen=True)
class Pen:
    """Who writes, by which account, at which instant, and in which batch."""

    by: Actor
    now: datetime
    account_id: int | None = None
    batch: UUID | None = None


@dataclass(frozen=True)
class _Judged:
    """An input with the product it means and what the catalogue says of its use."""

    using: Using
    facts: ProductFacts | None
    verdict: InputVerdict


def write_entry(
    session: Session, *, organisation: Organisation, writing: Writing, pen: Pen
) -> DiaryEntry:
    """Write one entry. What is banned is written down too, since it happened, and told.

    Raises Conflict for an id that another entry has: a correction gets an id of its own.
    """
    if writing.uid is not None and find_entry(session, writing.uid) is not None:
        why = say(
            "An entry with this id is written already. Correct it, or give this one its own id."
        )
        raise Conflict(why, FieldError("uid", why))
    return write_into(Book(session, organisation), writing, pen=pen)


def correct_entry(session: Session, *, entry: DiaryEntry, writing: Writing, pen: Pen) -> DiaryEntry:
    """Let another entry take the place of one, which is kept; Conflict when one has taken it already."""
    book = Book(session, session.get_one(Organisation, entry.organisation_id))
    return write_into(book, replace(writing, corrects=entry.uid), pen=pen)


def void_entry(session: Session, *, entry: DiaryEntry, reason: str, pen: Pen) -> DiaryEntry:
    """Note that an entry is a mistake: what it says never happened. The entry is kept."""
    book = Book(session, session.get_one(Organisation, entry.organisation_id))
    written = writing_of(session, entry)
    note = replace(written, uid=None, written_at=None, void=True, reason=reason, corrects=entry.uid)
    return write_into(book, note, pen=pen)


def write_into(book: Book, writing: Writing, *, pen: Pen) -> DiaryEntry:
    """The same for one entry of many: what must be known for it is read once."""
    writing = cleaned_writing(writing)
    corrected = _corrected(book, writing)
    if corrected is not None and writing.void:
        writing = _as_it_stands(book, writing, corrected)
    line = book.line(writing.planting)
    times = _times(writing, pen)
    judged = _judged(book, line, writing)
    plots = _plots(book, line, writing)
    terms = book.terms(day_of(pen.now))
    _require_possible(writing, line, times, terms)
    entry = DiaryEntry(
        uid=writing.uid or new_uid(),
        organisation_id=book.organisation.pk,
        planting_id=line.planting.pk,
        work=writing.work,
        done_on=writing.done_on,
        written_at=times.written_at,
        arrived_at=times.arrived_at,
        back_dated=is_back_dated(times, terms),
        clock_doubted=is_clock_doubted(times, terms),
        area_m2=None if writing.area is None else writing.area.value,
        quantity_g=None if writing.quantity is None else writing.quantity.value,
        grower_id=_grower_id(book, writing, corrected),
        operator=writing.operator,
        weather=writing.weather,
        pest=writing.pest,
        reason=writing.reason,
        note=writing.note,
        account_id=pen.account_id,
        corrects_id=None if corrected is None else corrected.pk,
        void=writing.void,
        batch=pen.batch,
    )
    _keep(book, entry, plots, judged, corrected)
    _record(book, entry, line, writing, judged, corrected, pen=pen)
    return entry


def _corrected(book: Book, writing: Writing) -> DiaryEntry | None:
    if writing.corrects is None:
        if writing.void:
            raise refuse("corrects", say("Say which entry never happened."))
        return None
    entry = find_entry(book.session, writing.corrects)
    if entry is None or entry.organisation_id != book.organisation.pk:
        raise NotFound(say("There is no such entry."))
    if entry.corrected:
        why = say("Somebody corrected this entry before you. Both versions are worth a look.")
        raise Conflict(why, FieldError("corrects", why))
    return entry


def _as_it_stands(book: Book, writing: Writing, corrected: DiaryEntry) -> Writing:
    """A note of a mistake says what the entry said, and why it is a mistake."""
    if len(writing.reason) < SHORTEST_REASON:
        raise refuse("reason", say("Say why, in a few words."))
    standing = writing_of(book.session, corrected)
    return replace(
        standing,
        uid=writing.uid,
        written_at=writing.written_at,
        sent_at=writing.sent_at,
        corrects=writing.corrects,
        reason=writing.reason,
        void=True,
    )


def _times(writing: Writing, pen: Pen) -> Times:
    return Times(
        done_on=writing.done_on,
        written_at=writing.written_at or pen.now,
        arrived_at=pen.now,
        sent_at=writing.sent_at,
    )


def _judged(book: Book, line: PlantingLine, writing: Writing) -> list[_Judged]:
    judged = []
    for using in writing.inputs:
        facts = book.facts(using)
        if facts is not None:
            actives = " + ".join(active.name for active in facts.actives)
            using = replace(using, name=facts.product.name, actives=actives or using.actives)  # noqa: PLW2901  # as the catalogue writes it
        verdict = book.verdict(line, writing.work, writing.done_on, using, facts)
        judged.append(_Judged(using, facts, verdict))
    return judged


def _plots(book: Book, line: PlantingLine, writing: Writing) -> list[Plot]:
    if not writing.plots:
        return []
    standing = {plot.uid: plot for plot in book.plots(line)}
    if writing.void:
        return [standing[uid] for uid in writing.plots if uid in standing]
    if not standing.keys() >= set(writing.plots):
        raise refuse("plots", say("The planting does not stand on this plot."))
    return [standing[uid] for uid in writing.plots]


def _grower_id(book: Book, writing: Writing, corrected: DiaryEntry | None) -> int | None:
    if writing.void and corrected is not None:
        return corrected.grower_id
    if writing.grower is None:
        return None
    return book.grower(writing.grower, writing.done_on).pk


def _require_possible(writing: Writing, line: PlantingLine, times: Times, terms: Terms) -> None:
    if writing.void:
        return  # that it never happened is possible whatever it said
    saying = Saying(
        writing.work, writing.done_on, writing.area, writing.quantity, len(writing.inputs)
    )
    faults = faults_of_entry(saying, line.planting, times=times, terms=terms)
    if faults:
        raise Refused(faults[0].why if len(faults) == 1 else SOME_FAULTS, *faults)


def _keep(
    book: Book,
    entry: DiaryEntry,
    plots: list[Plot],
    judged: list[_Judged],
    corrected: DiaryEntry | None,
) -> None:
    session = book.session
    session.add(entry)
    if corrected is not None:
        corrected.corrected = True
    session.flush()  # the entry's id; and of two corrections at once, one must fail here
    session.add_all(EntryPlot(entry_id=entry.pk, plot_id=plot.pk) for plot in plots)
    session.add_all(_input_of(entry, one) for one in judged)
    if corrected is not None:
        shown = pictures_of_entries(session, [corrected.pk]).get(corrected.pk, [])
        session.add_all(EntryPicture(entry_id=entry.pk, picture_id=picture.pk) for picture in shown)


def _input_of(entry: DiaryEntry, one: _Judged) -> EntryInput:
    using = one.using
    return EntryInput(
        entry_id=entry.pk,
        product_id=None if one.facts is None else one.facts.product.pk,
        name=using.name,
        actives=using.actives[:300],
        amount=using.amount,
        unit=using.unit,
        water_ml=using.water_ml,
        # The label's counts when it is entered; a longer one of the grower's stays.
        interval_days=one.verdict.interval_days,
        batch_number=using.batch_number,
    )


def _record(
    book: Book,
    entry: DiaryEntry,
    line: PlantingLine,
    writing: Writing,
    judged: list[_Judged],
    corrected: DiaryEntry | None,
    *,
    pen: Pen,
) -> None:
    content = content_of(writing)
    personal = {name: content.pop(name) for name in ("operator", "note", "grower")}
    kind = "entry.voided" if entry.void else "entry.corrected" if corrected else "entry.written"
    record(
        book.session,
        kind=kind,
        subject=str(line.planting.uid),
        by=pen.by,
        now=pen.now,
        organisation=book.organisation.uid,
        facts={
            **content,
            "entry": entry.uid,
            "corrects": None if corrected is None else corrected.uid,
            "written_at": entry.written_at.isoformat(),
            "back_dated": entry.back_dated,
            "clock_doubted": entry.clock_doubted,
            "verdicts": [one.verdict.kind.value for one in judged],
        },
        personal=personal if any(personal.values()) else None,
    )
    bans = [one.verdict for one in judged if one.verdict.kind is VerdictKind.BANNED]
    if bans and not entry.void:
        tell_of_ban(book.session, book.organisation, line, entry, bans[0], now=pen.now)
