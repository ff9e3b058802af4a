"""Telling those whom a failed test concerns: its holder, and of an own test every authority too."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from app.inspection.lab_rules import Finding
from app.kit.codes import grouped
from app.kit.messages import say
from app.lots.queries import LotLine
from app.models.inspection import LabReport, Sampler, Verdict
from app.notices.commands import tell_once
from app.registry.organisation_queries import authorities


def tell_of_failure(
    session: Session,
    line: LotLine,
    report: LabReport,
    findings: Sequence[Finding],
    *,
    now: datetime,
) -> None:
    """A test failed: the cooperative is told, and the authorities where they did not order it."""
    failing = ", ".join(one.analyte for one in findings if one.verdict is Verdict.FAILED)
    code, own = grouped(line.lot.code), report.sampler is Sampler.OWN
    if own:
        sentence = say(
            "An own test of lot {code} of {organisation} failed: {analytes}.",
            code=code,
            organisation=line.organisation.name,
            analytes=failing,
        )
    else:
        sentence = say(
            "The official sample of lot {code} failed: {analytes}. It claims nothing until that is"
            " settled.",
            code=code,
            analytes=failing,
        )
    others = authorities(session) if own else []
    told = [(line.organisation, f"/work/lots/{line.lot.code}")]
    told += [(one, f"/desk/lots/{line.lot.code}") for one in others]
    for receiver, address in told:
        tell_once(
            session,
            organisation=receiver,
            kind="lab.failed",
            about=f"lab.failed {report.uid}",
            sentence=sentence,
            address=address,
            now=now,
        )
