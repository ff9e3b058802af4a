"""The desk of the province over the public log: how it is, publishing, witnesses, a sheet to print."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, Config, Reading, StepsDep, Writing, require_version
from app.inspection.queries import subjects_around
from app.jobs.commands import queue
from app.lots.queries import lot_line
from app.models.accounts import Role
from app.models.transparency import LogCheckpoint
from app.transparency import witnesses as witnessing
from app.transparency.checkpoints import encoded
from app.transparency.evidence import whole_evidence
from app.transparency.faults import FAULT_WORDS, Fault
from app.transparency.queries import (
    checkpoints,
    cosignatures_of,
    newest_checkpoint,
    state_of,
    verifier_of,
    verifiers,
    witness_by_uid,
    witnesses,
)
from app.transparency.tending import CHECK_JOB, publish_now, take_in_by_steps
from app.transparency.the_log import TheLog
from app.web.drawn_code import drawn_code
from app.web.log_files import LATE_AFTER
from app.web.log_pages import evidence_answer
from app.web.pages import Refusal, TypedForm, go_to, show, tried

router = APIRouter(prefix="/desk", include_in_schema=False)

MOST_CHECKPOINTS = 10


@router.get("/ledger")
def ledger_page(request: Request, call: Reading, config: Config) -> Response:
    """How the log is: size, newest checkpoint, witnesses, the last look at all of it, breaks."""
    return _page(request, call, config)


@router.post("/ledger/checkpoint")
def publish_form(request: Request, call: Writing, steps: StepsDep, config: Config) -> Response:
    """Publish now."""
    log = TheLog.of(config)

    def effect() -> LogCheckpoint | None:
        take_in_by_steps(steps, log, now=call.now)
        return publish_now(call.session, log, now=call.now)

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        return _page(request, call, config, refusal=outcome)
    return go_to(f"/desk/ledger?done={'published' if outcome else 'nothing_new'}")


@router.post("/ledger/check")
def check_form(call: Writing) -> Response:
    """Make the whole tree anew, in the background."""
    queue(
        call.session,
        kind=CHECK_JOB,
        argument={},
        by=call.actor,
        organisation_id=call.caller.organisation_id,
        now=call.now,
    )
    return go_to("/desk/ledger?done=check_queued")


@router.post("/ledger/witnesses")
def register_witness_form(
    request: Request, call: Writing, config: Config, typed: TypedForm
) -> Response:
    """Accept somebody's signatures from now on."""

    def effect() -> None:
        key = typed.text("key", longest=400, required=True)
        who = typed.text("who", longest=160, required=True)
        typed.done()
        witnessing.register_witness(call.session, key=key, who=who, by=call.actor, now=call.now)

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        return _page(request, call, config, typed=typed.fields, refusal=outcome)
    return go_to("/desk/ledger?done=witness_registered")


@router.post("/ledger/witnesses/{witness}/retire")
def retire_witness_form(
    request: Request, call: Writing, config: Config, witness: UUID, typed: TypedForm
) -> Response:
    """Accept no more of them."""

    def effect() -> None:
        found = witness_by_uid(call.session, witness)
        require_version(found.version, typed.whole("version", default=0))
        witnessing.retire_witness(call.session, witness=found, by=call.actor, now=call.now)

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        return _page(request, call, config, refusal=outcome)
    return go_to("/desk/ledger?done=witness_retired")


@router.get("/ledger/sheet")
def ledger_sheet(request: Request, call: Reading) -> Response:
    """The newest checkpoint on a sheet to be printed, signed and put up."""
    checkpoint = newest_checkpoint(call.session)
    return show(
        request,
        call,
        "desk/ledger_sheet.html",
        checkpoint=checkpoint,
        root=encoded(checkpoint.root) if checkpoint else "",
        keys=[str(one) for one in verifiers(call.session)],
        drawn=drawn_code(checkpoint.note) if checkpoint else None,
    )


@router.get("/lots/{code}/evidence.zip")
def desk_evidence_file(call: Reading, config: Config, code: str) -> Response:
    """The evidence of a lot with every fact as a whole: for officials only."""
    line = lot_line(call.session, code, within=call.within)
    call.saw(line.organisation.pk, "evidence", line.lot.code)
    found = whole_evidence(call.session, line.lot.code, subjects_around(call.session, line))
    return evidence_answer(call, config, found)


def _page(request: Request, call: Call, config: Config, **again: Any) -> Response:
    state = state_of(call.session)
    fault = state.fault
    checkpoint = state.checkpoint
    return show(
        request,
        call,
        "desk/ledger.html",
        status=422 if again.get("refusal") else 200,
        state=state,
        late=state.is_late(call.now, LATE_AFTER * config.log_checkpoint_seconds),
        fault_words=FAULT_WORDS[Fault(fault.fault)] if fault else None,
        root=encoded(checkpoint.root) if checkpoint else "",
        vouching=cosignatures_of(call.session, checkpoint) if checkpoint else (),
        keys=[str(one) for one in verifiers(call.session)],
        witnesses=[(one, str(verifier_of(one))) for one in witnesses(call.session)],
        newest=checkpoints(call.session, limit=MOST_CHECKPOINTS).items,
        may_act=call.caller.role is Role.PROVINCE_ADMIN,
        **again,
    )
