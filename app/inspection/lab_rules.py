"""What a laboratory's report may say, and what its figures mean against a limit. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from app.errors import FieldError
from app.kit.messages import Message, say
from app.models.catalogue import Confidence
from app.models.inspection import Amount, AnalyteGroup, Verdict

MOST_RESULTS = 200
LARGEST = Decimal(10**15)
MOST_DECIMALS = 9
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
# "1,2 × 10³", as counts of germs are written.
_POWER = re.compile(r"(.+?)\s*[x×·*]\s*10\^?(\d{1,2})")
_RAISED = str.maketrans({raised: f"^{plain}" for plain, raised in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")})
_NOTHING_FOUND = frozenset({"nd", "n.d", "n.d.", "kph", "not detected", "không phát hiện"})
_BELOW = re.compile(r"<\s*(?:loq|mql|lod|ghđl|gh)?\s*(.*)", re.IGNORECASE)


@dataclass(frozen=True)
class Limit:
    """The most that is allowed of an analyte in a crop, as a dated row says it."""

    value: Decimal
    unit: str
    legal_ref: str
    confidence: Confidence
    judges: bool


@dataclass(frozen=True)
class Finding:
    """One line of a report, as it is recorded. `verdict` None: judged by its figures.

    `limit` is what the report names; where it names none, a dated row may stand in.
    """

    analyte: str
    group: AnalyteGroup = AnalyteGroup.OTHER
    amount: Amount = Amount.MEASURED
    value: Decimal | None = None
    unit: str = ""
    loq: Decimal | None = None
    limit: Decimal | None = None
    limit_ref: str = ""
    limit_confidence: Confidence | None = None
    verdict: Verdict | None = None


def read_amount(typed: str) -> tuple[Amount, Decimal | None]:
    """A finding as laboratories write it: "0,05", "< 0.01", "<LOQ", "KPH". ValueError for none.

    The figure after a "<" is the limit of quantification.
    """
    plain = typed.strip().rstrip(".").casefold()
    if plain in _NOTHING_FOUND or typed.strip().casefold() in _NOTHING_FOUND:
        return Amount.NOT_DETECTED, None
    below = _BELOW.fullmatch(typed.strip())
    if below:
        rest = below[1].strip(" ()")
        return Amount.BELOW_LOQ, read_number(rest) if rest else None
    return Amount.MEASURED, read_number(typed)


def read_number(typed: str) -> Decimal:
    """A figure that is no less than nothing, with a comma or a point. ValueError for no number."""
    power = _POWER.fullmatch(typed.translate(_RAISED).strip())
    if power:
        return _within(read_number(power[1]).scaleb(int(power[2])), typed)
    plain = typed.replace("\u00a0", "").replace(" ", "").strip()
    if _THOUSANDS.fullmatch(plain) and "," in plain:
        plain = plain.replace(".", "")
    try:
        number = Decimal(plain.replace(",", "."))
    except InvalidOperation:
        raise ValueError(f"no figure: {typed}") from None
    return _within(number, typed)


def _within(number: Decimal, typed: str) -> Decimal:
    if not number.is_finite() or number < 0 or number > LARGEST:
        raise ValueError(f"no figure: {typed}")
    if -int(number.as_tuple().exponent) > MOST_DECIMALS:
        raise ValueError(f"no figure: {typed}")
    return number


def written(number: Decimal | None) -> str | None:
    """A figure as it is kept: plain digits, no exponent."""
    return None if number is None else f"{number:f}"


def judged(finding: Finding, row: Limit | None) -> Finding:
    """The finding with its verdict: the laboratory's own, else by its figures.

    The limit of the report goes before the row's. A row that is not sure enough is shown beside
    the figure and judges nothing.
    """
    if finding.limit is None and row is not None and _same_unit(finding.unit, row.unit):
        finding = replace(
            finding,
            limit=row.value,
            limit_ref=row.legal_ref,
            limit_confidence=row.confidence,
        )
    if finding.verdict is not None:
        return finding
    may_judge = finding.limit_confidence is None or (row is not None and row.judges)
    return replace(finding, verdict=_by_figures(finding) if may_judge else Verdict.NOT_JUDGED)


def _by_figures(finding: Finding) -> Verdict:
    if finding.limit is None:
        return Verdict.NOT_JUDGED
    if finding.amount is Amount.NOT_DETECTED:
        return Verdict.PASSED
    if finding.amount is Amount.BELOW_LOQ:
        # A laboratory that cannot see as little as is allowed has not shown that it passes.
        sees = finding.loq is not None and finding.loq <= finding.limit
        return Verdict.PASSED if sees else Verdict.NOT_JUDGED
    if finding.value is None:
        return Verdict.NOT_JUDGED
    return Verdict.FAILED if finding.value > finding.limit else Verdict.PASSED


def sum_up(verdicts: Sequence[Verdict | None]) -> Verdict:
    """The verdict of a report: one failed fails it, one not judged leaves it open."""
    if Verdict.FAILED in verdicts:
        return Verdict.FAILED
    return Verdict.PASSED if set(verdicts) == {Verdict.PASSED} else Verdict.NOT_JUDGED


def faults_of_days(sampled_on: date, reported_on: date, today: date) -> list[FieldError]:
    """What is wrong with the days of a report."""
    faults = []
    if sampled_on > today:
        faults.append(
            FieldError("sampled_on", say("The day {day} is in the future.", day=sampled_on))
        )
    if reported_on > today:
        why = say("The day {day} is in the future.", day=reported_on)
        faults.append(FieldError("reported_on", why))
    if reported_on < sampled_on:
        why = say("It cannot be reported before the sample was taken.")
        faults.append(FieldError("reported_on", why))
    return faults


def faults_of_findings(findings: Sequence[Finding]) -> list[FieldError]:
    """What is wrong with the lines of a report."""
    if not findings:
        return [FieldError("results", say("Write at least one result."))]
    if len(findings) > MOST_RESULTS:
        return [FieldError("results", say("At most {most} results.", most=MOST_RESULTS))]
    return [
        FieldError(f"results_{number}", say("Line {number}: {why}", number=number, why=why))
        for number, finding in enumerate(findings, start=1)
        if (why := _find_fault(finding)) is not None
    ]


def _find_fault(finding: Finding) -> Message | None:
    if not finding.analyte:
        return say("Name what was looked for.")
    if finding.amount is Amount.MEASURED and finding.value is None:
        return say("Write what was found, “< LOQ” or “ND”.")
    if finding.amount is Amount.MEASURED and not finding.unit:
        return say("Name the unit, such as mg/kg.")
    return None


def _same_unit(one: str, other: str) -> bool:
    return one.replace(" ", "").casefold() in {"", other.replace(" ", "").casefold()}
