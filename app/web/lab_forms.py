"""The form of a laboratory's report: its lines as they are typed, and a report as it is typed again."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from app.errors import FieldError
from app.inspection.lab_commands import ReportDetails
from app.inspection.lab_rules import MOST_RESULTS, Finding, read_amount, read_number
from app.kit.messages import Message, say
from app.kit.text import TextRefused, clean
from app.lots.lab_queries import LabReportLine, LabResultTold
from app.models.inspection import Amount, AnalyteGroup, Verdict
from app.web.forms import Typed

T = TypeVar("T")

LINES_AT_FIRST = 4
MORE_LINES = 6
_WHOLE = re.compile(r"[0-9]{1,3}")


def lines_wanted(typed: dict[str, str]) -> int:
    """How many lines the form shows; more where somebody asked for more."""
    asked = _WHOLE.fullmatch(typed.get("lines", ""))
    shown = int(asked[0]) if asked else LINES_AT_FIRST
    return min(shown + (MORE_LINES if typed.get("more") else 0), MOST_RESULTS)


def details_of(typed: Typed) -> ReportDetails:
    """The report as it was typed; faults gather in `typed`."""
    sampled = typed.day("sampled_on", required=True)
    reported = typed.day("reported_on", required=True)
    laboratory = typed.text("laboratory", longest=160, required=True)
    number = typed.text("number", longest=80, required=True)
    rest = {name: typed.text(name, longest=80) for name in ("accreditation", "designation")}
    note = typed.text("note", longest=500, multiline=True)
    verifies = typed.uid("verifies")
    findings = _findings(typed)
    typed.done()
    assert sampled is not None
    assert reported is not None
    return ReportDetails(
        laboratory=laboratory,
        number=number,
        sampled_on=sampled,
        reported_on=reported,
        findings=tuple(findings),
        note=note,
        verifies=verifies,
        **rest,
    )


def as_typed(line: LabReportLine) -> dict[str, str]:
    """A report as if it had just been typed, to be corrected."""
    report = line.report
    fields = {
        "laboratory": report.laboratory,
        "number": report.number,
        "accreditation": report.accreditation,
        "designation": report.designation,
        "note": report.note,
        "sampled_on": report.sampled_on.isoformat(),
        "reported_on": report.reported_on.isoformat(),
        "verifies": str(line.verifies or ""),
        "lines": str(max(LINES_AT_FIRST, len(line.told.results))),
    }
    for number, result in enumerate(line.told.results, start=1):
        fields |= {f"{part}_{number}": text for part, text in _line(result).items()}
    return fields


def _line(result: LabResultTold) -> dict[str, str]:
    found = {
        Amount.MEASURED: _text(result.value),
        Amount.BELOW_LOQ: "< LOQ",
        Amount.NOT_DETECTED: "ND",
    }
    # A limit that came from a dated row is looked up again.
    typed_limit = result.limit if result.limit_confidence is None else None
    return {
        "analyte": result.analyte,
        "group": result.group.value,
        "found": found[result.amount],
        "unit": result.unit,
        "loq": _text(result.loq),
        "limit": _text(typed_limit),
        "limit_ref": result.limit_ref if typed_limit is not None else "",
        "verdict": result.verdict.value,
    }


def _text(number: Decimal | None) -> str:
    return "" if number is None else f"{number:f}".replace(".", ",")


def _findings(typed: Typed) -> list[Finding]:
    count = lines_wanted(typed.fields)
    numbers = [number for number in range(1, count + 1) if _is_filled(typed, number)]
    if not numbers:
        typed.faults.append(FieldError("analyte_1", say("Write at least one result.")))
    return [_finding(typed, number) for number in numbers]


def _is_filled(typed: Typed, number: int) -> bool:
    return any(typed.raw(f"{part}_{number}").strip() for part in ("analyte", "found", "limit"))


def _finding(typed: Typed, number: int) -> Finding:
    line = _Line(typed, number)
    analyte = line.short("analyte", 120)
    if not analyte:
        line.fault("analyte", say("Name what was looked for."))
    if not line.raw("found"):
        line.fault("found", say("Write what was found, “< LOQ” or “ND”."))
    amount, value = line.figure("found", read_amount) or (Amount.MEASURED, None)
    loq = line.figure("loq", read_number)
    group, verdict = line.raw("group"), line.raw("verdict")
    return Finding(
        analyte=analyte,
        group=AnalyteGroup(group) if group in set(AnalyteGroup) else AnalyteGroup.OTHER,
        amount=amount,
        value=value if amount is Amount.MEASURED else None,
        unit=line.short("unit", 24),
        loq=(value or loq) if amount is Amount.BELOW_LOQ else loq,
        limit=line.figure("limit", read_number),
        limit_ref=line.short("limit_ref", 300),
        verdict=Verdict(verdict) if verdict in set(Verdict) else None,
    )


class _Line:
    """One line of the form: its fields read, its faults told beside them."""

    def __init__(self, typed: Typed, number: int) -> None:
        self._typed, self._number = typed, number

    def raw(self, part: str) -> str:
        return self._typed.raw(f"{part}_{self._number}").strip()

    def fault(self, part: str, why: Message) -> None:
        self._typed.faults.append(FieldError(f"{part}_{self._number}", why))

    def short(self, part: str, longest: int) -> str:
        try:
            return clean(self.raw(part), longest=longest)
        except TextRefused as refusal:
            self.fault(part, refusal.why)
            return ""

    def figure(self, part: str, read: Callable[[str], T]) -> T | None:
        if not self.raw(part):
            return None
        try:
            return read(self.raw(part))
        except ValueError:
            self.fault(part, say("This is no figure. Write it like 0,05, “< LOQ” or “ND”."))
            return None
