"""The public log for people: what it is, its newest checkpoint, and the proof of one lot."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.deps import Call, Config, Reading
from app.errors import NotFound
from app.kit.codes import MistypedLotCode, grouped, read_lot_code
from app.kit.messages import Message, say
from app.labels.payload import lot_code_in
from app.transparency.checkpoints import encoded
from app.transparency.evidence import Evidence, public_evidence
from app.transparency.evidence_files import evidence_file, file_name
from app.transparency.queries import (
    cosignatures_of,
    state_of,
    verifier_of,
    verifiers,
    witnesses,
)
from app.transparency.the_log import TheLog
from app.web.log_words import facts_told
from app.web.pages import show

router = APIRouter(prefix="/log", include_in_schema=False)

NOT_FOUND = 404
Size = Annotated[int, Query(ge=1, le=2**31 - 1)]


@router.get("")
def log_page(request: Request, call: Reading) -> Response:
    """What the log is, in words, and what anybody needs to check it."""
    return _log(request, call)


@router.get("/verify")
def verify_lot(request: Request, call: Reading, lot: str = "") -> Response:
    """Where the form leads: to the proof of a lot; a mistyped code comes back with what is wrong."""
    typed = lot_code_in(lot[:300]).strip()
    try:
        return RedirectResponse(f"/log/lots/{read_lot_code(typed)}", status_code=303)
    except MistypedLotCode as slip:
        return _log(request, call, status=422, typed_code=typed[:60], slip=slip.why)


@router.get("/lots/{code}")
def lot_proof_page(request: Request, call: Reading, code: str) -> Response:
    """The records of a lot and the proof that none was altered."""
    try:
        exact = read_lot_code(code)
    except MistypedLotCode as slip:
        return _log(request, call, status=NOT_FOUND, typed_code=code[:60], slip=slip.why)
    found = public_evidence(call.session, exact)
    if not found.facts:
        why = say("There is no lot with this code.")
        return _log(request, call, status=NOT_FOUND, typed_code=exact, slip=why)
    keys = verifiers(call.session)
    return show(
        request,
        call,
        "public/lot_proof.html",
        evidence=found,
        facts=[(fact, facts_told(call, fact)) for fact in found.facts],
        key=str(keys[0]) if keys else "",
        breaks=state_of(call.session).breaks,
        code_in_groups=grouped(exact),
    )


@router.get("/lots/{code}/evidence.zip")
def lot_evidence_file(
    call: Reading, config: Config, code: str, size: Size | None = None
) -> Response:
    """The evidence of a lot as one file, without what is not public."""
    found = _evidence(call, code, size)
    return evidence_answer(call, config, found)


@router.get("/lots/{code}/{position}.tlog-proof")
def lot_proof_file(call: Reading, code: str, position: int) -> Response:
    """The proof of one record of a lot (C2SP tlog-proof)."""
    for fact in _evidence(call, code, None).proven:
        if fact.position == position:
            return attached(
                str(fact.proof).encode(), f"{position}.tlog-proof", "text/plain; charset=utf-8"
            )
    raise NotFound(say("There is no proof of this record yet."))


def evidence_answer(call: Call, config: Config, found: Evidence) -> Response:
    """Evidence as a file to keep."""
    content = evidence_file(
        found,
        TheLog.of(config),
        keys=verifiers(call.session),
        witnesses=[verifier_of(one) for one in witnesses(call.session)],
    )
    return attached(content, file_name(found), "application/zip")


def attached(content: bytes, name: str, kind: str) -> Response:
    """A file to keep."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type=kind, headers=headers)


def _evidence(call: Call, code: str, size: int | None) -> Evidence:
    try:
        exact = read_lot_code(code)
    except MistypedLotCode as slip:
        raise NotFound(slip.why) from None
    found = public_evidence(call.session, exact, size=size)
    if not found.facts:
        raise NotFound(say("There is no lot with this code."))
    return found


def _log(
    request: Request,
    call: Call,
    *,
    status: int = 200,
    typed_code: str = "",
    slip: Message | None = None,
) -> Response:
    state = state_of(call.session)
    checkpoint = state.checkpoint
    return show(
        request,
        call,
        "public/log.html",
        status=status,
        state=state,
        root=encoded(checkpoint.root) if checkpoint else "",
        vouching=cosignatures_of(call.session, checkpoint) if checkpoint else (),
        keys=[str(one) for one in verifiers(call.session)],
        witnesses=witnesses(call.session),
        breaks=state.breaks,
        typed_code=typed_code,
        slip=slip,
    )
