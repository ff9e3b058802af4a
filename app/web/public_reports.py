"""What shoppers see when something is wrong: the form, and the page of their ticket. No account, no script."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.accounts.reach import Reach
from app.deps import Call, Config, Reading, StepsDep
from app.errors import DomainError, FieldError, NotFound, Refused, TooMany, refuse
from app.identifying import network_of
from app.kit.messages import say
from app.lots.queries import LotLine, lot_line
from app.models.reports import ReportKind, ShopperReport
from app.pictures.cleaning import CleanPicture, cleaned_picture
from app.registry.finding_queries import is_named
from app.reports.form_tokens import form_secret, new_form_token, read_form_token, token_hash
from app.reports.receiving import SentReport, read_report, receive_report
from app.reports.rules import filled_in_by_a_person
from app.reports.sending_limits import SendingLimits, claim_sending
from app.settings import Settings
from app.web.forms import Typed
from app.web.pages import TypedForm, Uploaded, go_to, refusal_of, show

router = APIRouter(include_in_schema=False)

TRAP = "company"
_FROM_LABEL = re.compile(r"/[tT]/([^/]+)/([^/]+)")
HIDDEN = {"X-Robots-Tag": "noindex, nofollow"}


@router.get("/report", name="report_page")
@router.get("/t/{code}/report", name="report_page")
@router.get("/t/{code}/{serial}/report", name="report_page")
def report_page(
    request: Request, call: Reading, config: Config, code: str = "", serial: str = ""
) -> Response:
    """The form: for a lot, for one numbered label of it, or for a code nobody knows."""
    return _form(request, call, config, code[:60], serial[:40] or _serial_before(request, code))


@dataclass(frozen=True)
class Sending:
    """A form as it comes in, with what is needed to answer it."""

    request: Request
    call: Call
    config: Settings
    steps: Callable[[], AbstractContextManager[Session]]
    typed: Typed
    photo: bytes | None


@router.post("/report", name="send_report_form")
@router.post("/t/{code}/report", name="send_report_form")
@router.post("/t/{code}/{serial}/report", name="send_report_form")
def send_report_form(
    *,
    request: Request,
    call: Reading,
    config: Config,
    steps: StepsDep,
    typed: TypedForm,
    photo: Uploaded,
    code: str = "",
    serial: str = "",
) -> Response:
    """Keep the report and show its ticket, or say beside each field why not."""
    sending = Sending(request, call, config, steps, typed, photo)
    code, serial = code or typed.raw("code"), serial or typed.raw("serial")
    sent = SentReport(
        kind=typed.raw("kind"),
        words=typed.raw("words"),
        code=code[:200],
        serial=serial[:200],
        bought_at=typed.raw("bought_at"),
        contact=typed.raw("contact"),
    )
    try:
        report = _received(sending, sent)
    except DomainError as refused:
        return _refused(sending, refused, code[:60], serial[:40])
    done = "report_sent" if report.lot_id else "report_sent_on"
    return go_to(f"/r/{report.ticket}?done={done}")


def _refused(sending: Sending, refused: DomainError, code: str, serial: str) -> Response:
    again = {"typed": sending.typed.fields, "refusal": refusal_of(refused)}
    answer = _form(sending.request, sending.call, sending.config, code, serial, **again)
    if isinstance(refused, TooMany):
        answer.status_code = HTTPStatus.TOO_MANY_REQUESTS
        answer.headers["Retry-After"] = str(refused.retry_after)
    return answer


def limits_of(config: Settings) -> SendingLimits:
    """How many reports are taken from one address."""
    return SendingLimits(config.reports_per_hour, config.reports_per_day)


def with_photo(sent: SentReport, content: bytes | None) -> SentReport:
    """The same with its photograph, cleaned; refused beside the field for the photograph."""
    if not content:
        return sent
    try:
        photo: CleanPicture = cleaned_picture(content)
    except Refused as refusal:
        raise refuse("photo", refusal.why) from None
    return replace(sent, photo=photo)


def _received(sending: Sending, sent: SentReport) -> ShopperReport:
    """The cheap questions first; then the address is counted; a picture is opened last."""
    call, place = sending.call, network_of(sending.request)
    token = _require_person(sending.typed, sending.config, call)
    read_report(sent)
    with sending.steps() as session:
        claim_sending(session, place, limits_of(sending.config), now=call.now)
    whole = with_photo(sent, sending.photo)

    def once() -> ShopperReport:
        with sending.steps() as session:
            return receive_report(
                session,
                whole,
                place=place,
                language=call.language.tag,
                now=call.now,
                form_token=token,
            )

    try:
        return once()
    except IntegrityError:  # pressed twice at the same moment: the first made the ticket
        return once()


def _require_person(typed: Typed, config: Settings, call: Call) -> str:
    """The token of a form that somebody filled in; refused when a machine did."""
    if typed.raw(TRAP):
        raise refuse(TRAP, say("Leave this field empty."))
    token = typed.raw("token")
    shown_at = read_form_token(form_secret(config.data_dir), token)
    if shown_at is None or not filled_in_by_a_person(shown_at, call.now):
        why = say("The form was open too long, or sent too fast. Read it once more and send it.")
        raise Refused(why, FieldError("token", why))
    return token_hash(token)


def _form(
    request: Request, call: Call, config: Settings, code: str, serial: str, **again: Any
) -> Response:
    line = _find_line(call, code)
    return hidden(
        show(
            request,
            call,
            "public/report.html",
            status=422 if again.get("refusal") else 200,
            **{
                "line": line,
                "named": line is not None and is_named(line.organisation),
                "code": line.lot.code if line else code,
                "serial": serial,
                "kinds": list(ReportKind),
                "token": new_form_token(form_secret(config.data_dir), call.now),
                "trap": TRAP,
                **again,
            },
        )
    )


def _find_line(call: Call, code: str) -> LotLine | None:
    try:
        return lot_line(call.session, code, within=Reach.all())
    except NotFound:
        return None


def _serial_before(request: Request, code: str) -> str:
    """The serial of the label's page that somebody came from: pages are the same for all of a lot."""
    before = _FROM_LABEL.fullmatch(urlsplit(request.headers.get("referer", "")[:500]).path)
    if before is None or not code or before[1].upper() != code.upper():
        return ""
    return "" if before[2] == "report" else before[2][:40]


def hidden(answer: Response) -> Response:
    """The answer, kept out of search engines."""
    answer.headers.update(HIDDEN)
    return answer
