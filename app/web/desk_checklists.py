"""Checklists of inspections: every edition, and the form that writes the next one."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.caller import Caller
from app.deps import Call, Reading, Writing
from app.inspection.checklist_commands import Edition, asked_of, publish_edition
from app.inspection.checklist_queries import edition_of, editions, newest_edition
from app.inspection.checklist_rules import read_items, written_items
from app.models.accounts import Role
from app.models.catalogue import Confidence
from app.web.pages import Refusal, TypedForm, show, submitted_once

router = APIRouter(prefix="/desk/checklists", include_in_schema=False)


@router.get("")
def checklists_page(request: Request, call: Reading) -> Response:
    """Every edition of every checklist."""
    found = editions(call.session)
    return show(request, call, "desk/checklists.html", editions=found, may=_may(call.caller))


@router.get("/{checklist}")
def checklist_page(
    request: Request, call: Reading, checklist: str, edition: int | None = None
) -> Response:
    """One edition, the newest unless another is named, and the form for the next."""
    return _page(request, call, checklist, edition)


@router.post("/{checklist}/editions")
def publish_checklist_form(
    request: Request, call: Writing, checklist: str, typed: TypedForm
) -> Response:
    """Write the next edition."""

    def effect() -> str:
        day = typed.day("valid_from", required=True)
        legal_ref = typed.text("legal_ref", longest=300, required=True)
        sure = typed.raw("confidence")
        typed.done()
        edition = Edition(
            day or call.today,
            legal_ref,
            Confidence(sure if sure in set(Confidence) else Confidence.UNVERIFIED),
            read_items(typed.raw("items")),
        )
        publish_edition(call.session, checklist, edition, by=call.actor, now=call.now)
        return f"/desk/checklists/{checklist}?done=saved"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        return _page(request, call, checklist, None, typed=typed.fields, refusal=answer)
    return answer


def _page(request: Request, call: Call, slug: str, edition: int | None, **again: Any) -> Response:
    newest = newest_edition(call.session, slug)
    shown = newest if edition is None else edition_of(call.session, slug, edition)
    return show(
        request,
        call,
        "desk/checklist.html",
        status=422 if again.get("refusal") else 200,
        shown=shown,
        newest=newest.checklist,
        rows=written_items([asked_of(one) for one in newest.items]),
        may=_may(call.caller),
        **again,
    )


def _may(caller: Caller) -> bool:
    return caller.role is Role.PROVINCE_ADMIN
