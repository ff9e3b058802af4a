"""Sending a report without an account, and following it by its ticket, on the wire."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Header, Request, Response, UploadFile
from pydantic import BaseModel, Field

from app.accounts.remembering import Attempt, attempt
from app.api.problems import may_fail
from app.api.reports_shapes import SaidOut, TicketOut
from app.api.shapes import Code, In
from app.deps import Call, Config, Reading, StepsDep, Writing
from app.errors import Conflict, Malformed, NotFound, Refused, TooMany, refuse
from app.identifying import network_of
from app.kit.codes import grouped
from app.kit.messages import say
from app.models.reports import MessageKind, ShopperReport
from app.once import Once
from app.pictures.cleaning import cleaned_picture
from app.reports import queries
from app.reports.receiving import SentReport, read_report, receive_report
from app.reports.sending_limits import SendingLimits, claim_sending

router = APIRouter(prefix="/public/reports", tags=["reports"])

SHORTEST_KEY = 20


class ShopperReportIn(In):
    """What is wrong, in words; all else may be left out."""

    kind: str = Field(examples=["spoiled"])
    words: str = Field(examples=["Mua hôm qua, hôm nay đã thối bên trong."])
    code: str = Field(default="", description="The code on the label.")
    serial: str = Field(default="", description="The number of the label, where it has one.")
    bought_at: str = Field(default="", examples=["Chợ Bắc Hà"])
    contact: str = Field(
        default="",
        description="For inspectors only; erased after the case.",
        examples=["0912345678"],
    )
    photo: UploadFile | None = Field(default=None, description="JPEG, PNG or WebP.")

    def sent(self) -> SentReport:
        """The same, as the command takes it, without its photograph."""
        return SentReport(
            kind=self.kind,
            words=self.words,
            code=self.code[:200],
            serial=self.serial[:200],
            bought_at=self.bought_at,
            contact=self.contact,
        )


@router.post(
    "",
    status_code=201,
    response_model=TicketOut,
    responses=may_fail(Malformed, Conflict, Refused, TooMany),
)
def send_report(
    body: Annotated[ShopperReportIn, Form(media_type="multipart/form-data")],
    request: Request,
    config: Config,
    steps: StepsDep,
    call: Writing,
    *,
    idempotency_key: Annotated[
        str | None,
        Header(description="A key of your own, of at least 20 letters that nobody can guess."),
    ] = None,
) -> Response:
    """Report a problem without an account; the answer holds the ticket to follow it by."""
    sent = body.sent()
    tried = _attempt(request, sent, idempotency_key)
    read_report(sent)
    place = network_of(request)
    limits = SendingLimits(config.reports_per_hour, config.reports_per_day)
    with steps() as session:
        claim_sending(session, place, limits, now=call.now)
    whole = _with_photo(sent, body.photo)

    def effect() -> tuple[BaseModel, dict[str, str]]:
        report = receive_report(
            call.session, whole, place=place, language=call.language.tag, now=call.now
        )
        return _told(call, report), {"Location": f"/api/v1/public/reports/{report.ticket}"}

    return Once(call.session, tried, call.now)(effect)


@router.get("/{ticket}", responses=may_fail(NotFound))
def read_ticket(ticket: Code, call: Reading) -> TicketOut:
    """How far a report is, and what was answered."""
    return _told(call, queries.report_by_ticket(call.session, ticket))


def _with_photo(sent: SentReport, photo: UploadFile | None) -> SentReport:
    content = photo.file.read() if photo is not None else b""
    if not content:
        return sent
    try:
        return replace(sent, photo=cleaned_picture(content))
    except Refused as refusal:
        raise refuse("photo", refusal.why) from None


def _told(call: Call, report: ShopperReport) -> TicketOut:
    said = queries.messages_of(call.session, report, MessageKind.WORD, MessageKind.ANSWER)
    unnamed = call.language.say(say("Growing household"))
    return TicketOut(
        ticket=report.ticket,
        ticket_in_groups=grouped(report.ticket),
        page=f"/r/{report.ticket}",
        state=report.state,
        opened_at=report.opened_at,
        look_by=report.look_by,
        answer_by=report.answer_by,
        answered_at=report.answered_at,
        closed_at=report.closed_at,
        said=[SaidOut.of(one, unnamed=unnamed) for one in said],
    )


def _attempt(request: Request, sent: SentReport, key: str | None) -> Attempt:
    # The answer holds a ticket: a key that somebody could guess would give it away.
    if not key or len(key) < SHORTEST_KEY:
        why = say(
            "This request needs an Idempotency-Key of at least {least} letters.",
            least=SHORTEST_KEY,
        )
        raise Malformed(why)
    # The contact is no part of what is compared: nothing is kept that could tell it.
    parts = (sent.kind, sent.words, sent.code, sent.serial, sent.bought_at)
    told = "\n".join(parts).encode("utf-8", "surrogatepass")
    return attempt(caller="public", key=key, method="POST", path=request.url.path, body=told)
