"""Reports of shoppers as they are written on the wire."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from app.api.shapes import In
from app.models.reports import MessageKind, ReportKind, ReportState
from app.registry.finding_queries import is_named
from app.reports import queries
from app.reports.rules import LONGEST_WORDS


class WordsIn(In):
    """What is said."""

    words: str = Field(
        max_length=LONGEST_WORDS, examples=["Chúng tôi đã kiểm tra và xin đổi hàng cho bạn."]
    )


class SaidOut(BaseModel):
    """Something that was said. `by` null: the shopper."""

    kind: MessageKind
    by: str | None
    words: str
    said_at: datetime

    @classmethod
    def of(cls, line: queries.MessageLine, *, unnamed: str | None = None) -> "SaidOut":
        """`unnamed`: what a household is called whose name is not public; None: readers may know."""
        organisation = line.organisation
        by = organisation.name if organisation else None
        if organisation and unnamed is not None and not is_named(organisation):
            by = unnamed
        return cls(
            kind=line.message.kind,
            by=by,
            words=line.message.words,
            said_at=line.message.said_at,
        )


class TicketOut(BaseModel):
    """A report as whoever holds its ticket sees it."""

    ticket: str = Field(examples=["PA0123456789ABCD"])
    ticket_in_groups: str
    page: str = Field(description="The path of its page.", examples=["/r/PA0123456789ABCD"])
    state: ReportState
    opened_at: datetime
    look_by: date | None
    answer_by: date | None
    answered_at: datetime | None
    closed_at: datetime | None
    said: list[SaidOut]


class ReportLineOut(BaseModel):
    """A report in a list. `alike`: reports of its lot lately; never how the shopper is reached."""

    uid: UUID
    kind: ReportKind
    words: str
    state: ReportState
    lot: str | None
    typed_code: str
    serial: str
    organisation: UUID | None
    organisation_name: str | None
    bought_at: str
    opened_at: datetime
    look_by: date | None
    answer_by: date | None
    late: bool
    urgent: bool
    alike: int
    version: int


class ReportOut(ReportLineOut):
    """A report with what was said of it."""

    looked_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    closed_reason: str
    photo: bool
    said: list[SaidOut]


def line_told(line: queries.ReportLine, today: date) -> dict[str, Any]:
    """What a list shows of a report."""
    report = line.report
    return {
        **{name: getattr(report, name) for name in _SAME},
        "lot": line.lot.code if line.lot else None,
        "organisation": line.organisation.uid if line.organisation else None,
        "organisation_name": line.organisation.name if line.organisation else None,
        "late": line.late_on(today),
        "urgent": bool(line.urgent),
        "alike": line.alike,
    }


_SAME = (
    "uid",
    "kind",
    "words",
    "state",
    "typed_code",
    "serial",
    "bought_at",
    "opened_at",
    "look_by",
    "answer_by",
    "version",
)
