"""What deserves a second look in the diary of a planting: said beside its entries. Reads only."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlmodel import Session, col

from app.catalogue.input_matching import is_for
from app.catalogue.input_queries import facts_of, longest_interval_on, verdicts_of
from app.catalogue.input_rules import (
    InputVerdict,
    ProductFacts,
    VerdictKind,
    find_interval_warning,
)
from app.diary.doses import per_m2, registered_per_m2, usual_of
from app.diary.queries import (
    PlantingLine,
    inputs_of_entries,
    plantings_by_ids,
    plots_of_entries,
    standing_entries,
)
from app.diary.rules import (
    Terms,
    Waiting,
    find_dose_warning,
    find_season_warning,
    is_standing,
    warnings_of_harvest,
    warnings_of_spray,
)
from app.diary.terms_queries import terms_on
from app.kit.messages import Message, say
from app.models.diary import DiaryEntry, EntryInput, Work

# How many earlier uses the usual dose is taken from.
MOST_EARLIER = 200


class Tone(StrEnum):
    """How loudly something is said."""

    BAD = "bad"
    WARN = "warn"
    INFO = "info"


@dataclass(frozen=True)
class Look:
    """A sentence beside an entry; `verdict` where it is about an input."""

    tone: Tone
    why: Message
    verdict: VerdictKind | None = None


_TONES = {
    VerdictKind.BANNED: Tone.BAD,
    VerdictKind.REMOVED: Tone.WARN,
    VerdictKind.UNLISTED: Tone.WARN,
    VerdictKind.NOT_FOR_CROP: Tone.WARN,
    VerdictKind.EXCEPTED: Tone.INFO,
}


@dataclass(frozen=True)
class _Known:
    """What is known around a planting while its entries are looked at."""

    line: PlantingLine
    terms: Terms
    longest: int | None
    used: Mapping[int, Sequence[EntryInput]]
    verdicts: Mapping[int | None, InputVerdict]
    facts: Mapping[int, ProductFacts]
    waits: Sequence[Waiting]
    harvests: Sequence[date]
    doses: Mapping[tuple[str, str], Sequence[float]]


def second_looks(
    session: Session, line: PlantingLine, entries: Sequence[DiaryEntry], *, today: date
) -> dict[int, list[Look]]:
    """The looks at some entries of a planting, by their keys, in a fixed number of statements."""
    whole = standing_entries(session, [line.planting.pk])
    keys = {entry.pk for entry in (*whole, *entries)}
    used = inputs_of_entries(session, keys)
    flat = [one for ones in used.values() for one in ones]
    judged = verdicts_of(
        session, flat, crop=line.crop, organisation_id=line.planting.organisation_id
    )
    known = _Known(
        line=line,
        terms=terms_on(session, today),
        longest=longest_interval_on(session, today),
        used=used,
        verdicts={one.id: verdict for one, verdict in zip(flat, judged, strict=True)},
        facts=facts_of(session, {one.product_id for one in flat if one.product_id is not None}),
        waits=_waits(whole, used),
        harvests=[entry.done_on for entry in whole if entry.work is Work.HARVEST],
        doses=_earlier_doses(session, line, flat),
    )
    doubles = _doubles(whole, used, plots_of_entries(session, keys))
    return {entry.pk: [*_looks_at(entry, known), *doubles.get(entry.pk, ())] for entry in entries}


def looks_at_written(
    session: Session, written: Sequence[DiaryEntry], *, today: date
) -> dict[int, list[Look]]:
    """The looks at entries of several plantings, by their keys, planting by planting."""
    apart: defaultdict[int, list[DiaryEntry]] = defaultdict(list)
    for entry in written:
        apart[entry.planting_id].append(entry)
    looks: dict[int, list[Look]] = {}
    for line in plantings_by_ids(session, set(apart)):
        looks |= second_looks(session, line, apart[line.planting.pk], today=today)
    return looks


def waits_of(session: Session, planting_id: int) -> list[Waiting]:
    """What must be waited for after the sprays of a planting, as the diary stands."""
    entries = standing_entries(session, [planting_id])
    return _waits(entries, inputs_of_entries(session, [entry.pk for entry in entries]))


def _waits(
    entries: Sequence[DiaryEntry], used: Mapping[int, Sequence[EntryInput]]
) -> list[Waiting]:
    return [
        Waiting(entry.done_on, one.interval_days, one.name)
        for entry in entries
        for one in used.get(entry.pk, ())
        if entry.work is Work.SPRAYING or one.interval_days is not None
    ]


def _looks_at(entry: DiaryEntry, known: _Known) -> Iterator[Look]:
    if entry.void:
        return
    if entry.clock_doubted:
        yield Look(Tone.WARN, say("The telephone's clock was wrong when this was written down."))
    if entry.back_dated:
        yield Look(Tone.WARN, say("Written down later than it should be."))
    season = find_season_warning(entry.work, entry.done_on, known.line.planting)
    if season is not None:
        yield Look(Tone.WARN, season)
    for one in known.used.get(entry.pk, ()):
        yield from _looks_at_input(entry, one, known)
    if entry.work is Work.HARVEST and is_standing(entry):
        for why in warnings_of_harvest(entry.done_on, known.waits):
            yield Look(Tone.BAD, why)


def _looks_at_input(entry: DiaryEntry, one: EntryInput, known: _Known) -> Iterator[Look]:
    verdict = known.verdicts[one.id]
    tone = _TONES.get(verdict.kind)
    if tone is not None:
        yield Look(tone, verdict.reason, verdict.kind)
    if entry.work is Work.SPRAYING and one.interval_days is None:
        why = say("How many days to wait after {product} is not known.", product=one.name)
        yield Look(Tone.WARN, why)
    if is_standing(entry):
        for why in warnings_of_spray(entry.done_on, one.interval_days, known.harvests):
            yield Look(Tone.BAD, why)
    too_long = find_interval_warning(one.interval_days, known.longest)
    if too_long is not None:
        yield Look(Tone.WARN, too_long)
    dose = find_dose_warning(_dose(entry, one, known), _usual(one, known), known.terms)
    if dose is not None:
        yield Look(Tone.WARN, dose)


def _dose(entry: DiaryEntry, one: EntryInput, known: _Known) -> float | None:
    return per_m2(one.amount, one.unit, entry.area_m2 or known.line.planting.area_m2)


def _usual(one: EntryInput, known: _Known) -> float | None:
    """The registered dose for the crop where the label says one, else what was usual here."""
    facts = None if one.product_id is None else known.facts.get(one.product_id)
    for use in facts.uses if facts else ():
        said = registered_per_m2(use.dose) if is_for(use, known.line.crop) else None
        if said is not None:
            return said
    return usual_of(known.doses.get((one.name, one.unit), ()))


def _earlier_doses(
    session: Session, line: PlantingLine, used: Sequence[EntryInput]
) -> dict[tuple[str, str], list[float]]:
    wanted = (
        select(EntryInput, col(DiaryEntry.area_m2))
        .join(DiaryEntry, col(DiaryEntry.id) == col(EntryInput.entry_id))
        .where(
            col(DiaryEntry.organisation_id) == line.planting.organisation_id,
            col(DiaryEntry.corrected).is_(False),
            col(DiaryEntry.void).is_(False),
            col(DiaryEntry.area_m2).is_not(None),
            col(EntryInput.name).in_({one.name for one in used}),
        )
        .order_by(col(EntryInput.id).desc())
        .limit(MOST_EARLIER)
    )
    found: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for one, area in session.execute(wanted):
        dose = per_m2(one.amount, one.unit, area)
        if dose is not None:
            found[one.name, one.unit].append(dose)
    return dict(found)


def _doubles(
    entries: Sequence[DiaryEntry],
    used: Mapping[int, Sequence[EntryInput]],
    plots: Mapping[int, frozenset[int]],
) -> dict[int, list[Look]]:
    """Entries that say the same of the same day: perhaps written down twice."""
    same: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
    for entry in entries:
        names = tuple(one.name for one in used.get(entry.pk, ()))
        land = plots.get(entry.pk, frozenset())
        measured = entry.area_m2, entry.quantity_g, entry.grower_id
        same[entry.work, entry.done_on, measured, land, names].append(entry.pk)
    why = Look(Tone.INFO, say("The same was written down twice for this day."))
    return {key: [why] for keys in same.values() if len(keys) > 1 for key in keys[1:]}
