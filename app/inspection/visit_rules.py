"""When a visit may be finished, and what its times are worth. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.errors import FieldError
from app.inspection.sheet import Sheet, SheetFinding
from app.kit.messages import say
from app.models.checklists import ChecklistItem
from app.models.visits import Outcome, Signer

SHORTEST_WORDS = 5


@dataclass(frozen=True)
class VisitTimes:
    """When a visit began and ended as we take it, and whether the device's clock was believed."""

    started_at: datetime
    finished_at: datetime | None
    doubted: bool


def settled_times(
    sheet: Sheet, *, sent_at: datetime | None, now: datetime, skew: timedelta
) -> VisitTimes:
    """The times of a sheet, set right by what the device's clock was off when it sent it.

    A clock that jumped on the way leaves no visit that ends before it begins, or in the future.
    """
    off = now - sent_at if sent_at is not None and abs(now - sent_at) > skew else timedelta()
    began = _shifted(sheet.started_at, off)
    ended = _shifted(sheet.finished_at, off) if sheet.finished_at else None
    doubted = bool(off) or began > now + skew
    if ended is not None and (ended < began or ended > now + skew):
        doubted = True
    start = min(began, now)
    end = None if ended is None else min(max(start, ended), now)
    return VisitTimes(start, end, doubted)


def _shifted(instant: datetime, off: timedelta) -> datetime:
    try:
        return instant + off
    except OverflowError:
        return instant


def faults_of_content(sheet: Sheet, items: Sequence[ChecklistItem]) -> list[FieldError]:
    """What cannot be, whether the visit goes on or is finished."""
    known = {item.key for item in items}
    answered = [answer.item for answer in sheet.answers]
    faults = [
        FieldError(f"answer_{key}", say("The checklist asks nothing like {item}.", item=key))
        for key in (*answered, *(one.item for one in sheet.findings if one.item))
        if key not in known
    ]
    if len(set(answered)) < len(answered):
        faults.append(FieldError("answers", say("An item is answered twice.")))
    uids = [one.uid for one in sheet.findings] + [one.uid for one in sheet.samples]
    if len(set(uids)) < len(uids):
        faults.append(FieldError("findings", say("Two things have one id.")))
    return faults


def faults_of_finish(
    sheet: Sheet, items: Sequence[ChecklistItem], *, today: date
) -> list[FieldError]:
    """What is missing before a visit may be finished."""
    answers = {answer.item: answer.outcome for answer in sheet.answers}
    found = {finding.item for finding in sheet.findings}
    faults = [
        FieldError(f"answer_{item.key}", say("Say what you saw here, or that you did not look."))
        for item in items
        if item.key not in answers
    ]
    faults += [
        FieldError(
            f"finding_{item.key}",
            say("This does not conform: write down the finding, with a deadline."),
        )
        for item in items
        if item.demands and answers.get(item.key) is Outcome.FAILS and item.key not in found
    ]
    for number, finding in enumerate(sheet.findings, start=1):
        faults += _faults_of_finding(number, finding, today)
    faults += _faults_of_samples(sheet)
    return faults + _faults_of_signatures(sheet)


def _faults_of_finding(number: int, finding: SheetFinding, today: date) -> list[FieldError]:
    faults = []
    if len(finding.words) < SHORTEST_WORDS:
        why = say("Say what is wrong, in a few words.")
        faults.append(FieldError(f"finding_words_{number}", why))
    if finding.due_on is not None and finding.due_on < today:
        why = say("The day {day} is over.", day=finding.due_on)
        faults.append(FieldError(f"finding_due_{number}", why))
    return faults


def _faults_of_samples(sheet: Sheet) -> list[FieldError]:
    faults = []
    for number, sample in enumerate(sheet.samples, start=1):
        if not sample.seal:
            why = say("Write the number of the seal.")
            faults.append(FieldError(f"sample_seal_{number}", why))
        if not sample.what:
            why = say("Say what the sample is of.")
            faults.append(FieldError(f"sample_what_{number}", why))
    seals = [sample.seal for sample in sheet.samples]
    if len(set(seals)) < len(seals):
        faults.append(FieldError("samples", say("Two samples have one seal.")))
    return faults


def _faults_of_signatures(sheet: Sheet) -> list[FieldError]:
    """The inspector signs, and whoever was visited; where they will not, a witness does."""
    signed = {one.signer for one in sheet.signatures if one.name and (one.strokes or one.affirmed)}
    faults = []
    if Signer.INSPECTOR not in signed:
        why = say("Sign the visit: draw your signature, or type your name and tick the box.")
        faults.append(FieldError("signature_inspector", why))
    if not signed & {Signer.HOST, Signer.WITNESS}:
        why = say("Let whoever was visited sign; if they will not, a witness signs.")
        faults.append(FieldError("signature_host", why))
    return faults
