"""The page of a ticket: how far a report is, for whoever holds it."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, Reading, Writing
from app.errors import NotFound
from app.kit.messages import say
from app.kit.tickets import read_ticket
from app.ledger.actors import Actor
from app.lots.queries import LotLine, line_of
from app.models.lots import HarvestLot
from app.models.reports import MessageKind, ShopperReport
from app.reports.commands import forget_contact
from app.reports.queries import has_contact, has_photo, messages_of, report_by_ticket
from app.reports.receiving import add_word
from app.web.pages import Refusal, TypedForm, go_to, show, tried
from app.web.public_reports import hidden

router = APIRouter(include_in_schema=False)


@router.get("/r")
def find_ticket_page(request: Request, call: Reading, ticket: str = "") -> Response:
    """Where a ticket number is typed."""
    found = read_ticket(ticket[:80])
    if found is not None:
        return go_to(f"/r/{found}")
    why = say("This is no ticket number. Compare it with what you wrote down.")
    refusal = Refusal(why, {"ticket": why}) if ticket.strip() else None
    return hidden(
        show(
            request,
            call,
            "public/ticket_find.html",
            status=422 if refusal else 200,
            typed={"ticket": ticket[:80]},
            refusal=refusal,
        )
    )


@router.get("/r/{ticket}")
def ticket_page(request: Request, call: Reading, ticket: str) -> Response:
    """How far a report is, and what was answered; for whoever holds its ticket."""
    try:
        report = report_by_ticket(call.session, ticket[:80])
    except NotFound as unknown:
        refusal = Refusal(unknown.why, {"ticket": unknown.why})
        page = "public/ticket_find.html"
        typed = {"ticket": ticket[:80]}
        return hidden(show(request, call, page, status=404, typed=typed, refusal=refusal))
    return _ticket(request, call, report)


@router.post("/r/{ticket}/words")
def add_word_form(request: Request, call: Writing, ticket: str, typed: TypedForm) -> Response:
    """Say something more."""
    return _changed(
        request,
        call,
        ticket,
        lambda report: add_word(
            call.session, report=report, words=typed.raw("words"), now=call.now
        ),
        done="word_added",
        typed=typed.fields,
    )


@router.post("/r/{ticket}/forget")
def forget_contact_form(request: Request, call: Writing, ticket: str) -> Response:
    """Erase the contact that was left."""
    return _changed(
        request,
        call,
        ticket,
        lambda report: forget_contact(call.session, report=report, by=Actor.public(), now=call.now),
        done="contact_erased",
        typed={},
    )


def _ticket(request: Request, call: Call, report: ShopperReport, **again: Any) -> Response:
    return hidden(
        show(
            request,
            call,
            "public/ticket.html",
            status=422 if again.get("refusal") else 200,
            report=report,
            line=_line_of(call, report),
            said=messages_of(call.session, report, MessageKind.WORD, MessageKind.ANSWER),
            contact=has_contact(call.session, report),
            photo=has_photo(call.session, report),
            **again,
        )
    )


def _line_of(call: Call, report: ShopperReport) -> LotLine | None:
    if report.lot_id is None:
        return None
    return line_of(call.session, call.session.get_one(HarvestLot, report.lot_id))


def _changed(
    request: Request,
    call: Call,
    ticket: str,
    effect: Callable[[ShopperReport], None],
    *,
    done: str,
    typed: dict[str, str],
) -> Response:
    outcome = tried(call, lambda: effect(report_by_ticket(call.session, ticket[:80])))
    if isinstance(outcome, Refusal):
        report = report_by_ticket(call.session, ticket[:80])
        return _ticket(request, call, report, typed=typed, refusal=outcome)
    return go_to(f"/r/{read_ticket(ticket[:80])}?done={done}")
