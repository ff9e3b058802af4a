"""Recalls at work: the list, the form, one recall with its deadlines, kilograms and buyers."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, PageArgs, Reading, Writing
from app.lots.queries import lot_line
from app.models.recalls import Recall, RecallState, Way
from app.pictures.cleaning import MEDIA_TYPE
from app.recalls import queries
from app.recalls.commands import kind_for, open_recall
from app.recalls.decision_pdf import recall_decision_pdf
from app.recalls.leading import leads, sees_all
from app.recalls.release_queries import releases_of
from app.recalls.releasing_commands import may_release
from app.recalls.report_pdf import recall_report_pdf
from app.recalls.rules import OPEN, STOPPING, may_become
from app.recalls.scope_queries import kilograms_of, outside_of, reached_from
from app.recalls.stopping import lots_in
from app.recalls.telling import escalated
from app.web.pages import Refusal, TypedForm, go_to, show, submitted_once
from app.web.recall_forms import WORDS, opening_typed
from app.web.recall_origins import AskedFrom, filled_from

router = APIRouter(prefix="/work/recalls", include_in_schema=False)

LOTS_A_PAGE = 30


@router.get("")
def recalls_page(
    request: Request, call: Reading, page: PageArgs, state: RecallState | None = None
) -> Response:
    """Recalls of the own goods, those whose goods one has, or all."""
    found = queries.newest_recalls(
        call.session,
        within=call.within,
        states=(state,) if state else tuple(RecallState),
        after=page.after,
    )
    running = queries.newest_recalls(
        call.session, within=call.within, states=tuple(OPEN), limit=200
    )
    late = sum(bool(one.late(call.now)) for one in running.items)
    return show(
        request,
        call,
        "work/recalls.html",
        recalls=found,
        chosen=state,
        late=late,
        now=call.now,
        words=WORDS,
    )


@router.get("/new")
def new_recall_page(
    request: Request,
    call: Reading,
    origin: AskedFrom,
) -> Response:
    """The form, filled from what it was opened from."""
    return _form(request, call, typed=filled_from(call, origin))


@router.post("")
def open_recall_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """Open it: nothing is stopped yet, and its scope is shown."""

    def effect() -> str:
        recall = open_recall(
            call.session,
            opening_typed(typed, call),
            caller=call.caller,
            within=call.within,
            now=call.now,
        )
        return f"/work/recalls/{recall.uid}"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        return _form(request, call, typed=typed.fields, refusal=answer)
    return answer


@router.get("/{recall}")
def recall_page(request: Request, call: Reading, recall: UUID, page: PageArgs) -> Response:
    """One recall."""
    return recall_shown(request, call, recall, after=page.after)


@router.get("/{recall}/report.pdf")
def recall_report_file(call: Reading, recall: UUID) -> Response:
    """The report as it stands, for the file of the authority."""
    found = queries.recall_by_uid(call.session, recall, within=call.within)
    if not sees_all(found, call.caller):
        return go_to(f"/work/recalls/{found.uid}")
    headers = {
        "Content-Disposition": 'inline; filename="bao-cao-thu-hoi.pdf"',
        "Cache-Control": "private, no-store",
    }
    pdf = recall_report_pdf(call.session, found, now=call.now)
    return Response(pdf, media_type="application/pdf", headers=headers)


@router.get("/{recall}/decision.pdf")
def recall_decision_file(call: Reading, recall: UUID) -> Response:
    """The authority's decision as a form filled in, to be signed."""
    found = queries.recall_by_uid(call.session, recall, within=call.within)
    headers = {
        "Content-Disposition": 'inline; filename="quyet-dinh-thu-hoi.pdf"',
        "Cache-Control": "private, no-store",
    }
    pdf = recall_decision_pdf(call.session, found, now=call.now)
    return Response(pdf, media_type="application/pdf", headers=headers)


@router.get("/{recall}/disposals/{disposal}/photo")
def disposal_photo(call: Reading, recall: UUID, disposal: UUID) -> Response:
    """The photograph that proves what was done."""
    found = queries.recall_by_uid(call.session, recall, within=call.within)
    whose = None if sees_all(found, call.caller) else call.caller.organisation_id
    content = queries.disposal_photo(call.session, found, disposal, whose=whose)
    headers = {"Cache-Control": "private, no-store"}
    return Response(content, media_type=MEDIA_TYPE, headers=headers)


def recall_shown(
    request: Request, call: Call, uid: UUID, *, after: str | None = None, **again: Any
) -> Response:
    """One recall with everything that may be done with it now."""
    recall = queries.recall_by_uid(call.session, uid, within=call.within)
    consignees = queries.consignees_of(call.session, recall, within=call.within)
    for one in consignees:
        if one.party is not None:
            call.saw(one.seller.pk, "recall_buyers", uid)
    told, whole = queries.told_of(call.session, recall), sees_all(recall, call.caller)
    disposals = [
        (one, lot)
        for one, lot in queries.disposals_of(call.session, recall)
        if whole or one.organisation_id == call.caller.organisation_id
    ]
    return show(
        request,
        call,
        "work/recall.html",
        status=422 if again.get("refusal") else 200,
        told=told,
        whole=whole,
        leads=leads(recall, call.caller),
        may={state.value for state in RecallState if may_become(recall.state, state)},
        lots=queries.lots_of(call.session, recall, after=after, limit=LOTS_A_PAGE),
        reached=_reached(call, recall),
        outside=len(outside_of(call.session, recall.pk)),
        consignees=consignees,
        own=queries.find_own_part(call.session, recall, call.caller.organisation_id),
        disposals=disposals,
        releases={one.disposal.pk: one for one in releases_of(call.session, recall)},
        releases_now=recall.state in STOPPING and may_release(recall, call.caller),
        ways=list(Way),
        escalated=escalated(call.session, recall, told.clocks),
        now=call.now,
        words=WORDS,
        **{"link": "", "drawn": None, "fixed": None, **again},
    )


def _reached(call: Call, recall: Recall) -> dict[str, Any] | None:
    """What deciding would stop, before it is decided."""
    if recall.state is not RecallState.CONSIDERED:
        return None
    lots = reached_from(call.session, lots_in(call.session, recall))
    grams = kilograms_of(call.session, lots)
    return {"lots": len(lots), "grams": sum(one.value for one in grams.values())}


def _form(request: Request, call: Call, **again: Any) -> Response:
    code = again["typed"].get("lots", "").strip()
    line = None
    if code and " " not in code and not again.get("refusal"):
        line = lot_line(call.session, code, within=call.within)
    return show(
        request,
        call,
        "work/recall_new.html",
        status=422 if again.get("refusal") else 200,
        line=line,
        kind=kind_for(call.caller),
        words=WORDS,
        **again,
    )
