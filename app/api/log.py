"""The public log on the wire: how it is, proofs, evidence of a lot, witnesses. Its files stand under `/log`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.log_shapes import (
    BreakOut,
    CheckOut,
    CheckpointOut,
    CosignedIn,
    CosignedOut,
    EvidenceOut,
    LogOut,
    ProofOut,
    WitnessIn,
    WitnessOut,
)
from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.api.shapes import Code
from app.deps import (
    Call,
    Config,
    ExpectedVersion,
    OnceDep,
    PageArgs,
    Reading,
    StepsDep,
    Writing,
    etag,
    require_version,
)
from app.errors import (
    Conflict,
    Malformed,
    NotFound,
    Refused,
    StaleVersion,
    VersionRequired,
    refuse,
)
from app.inspection.queries import subjects_around
from app.kit.codes import MistypedLotCode, read_lot_code
from app.kit.messages import say
from app.lots.queries import lot_line
from app.models.transparency import LogCheckpoint
from app.transparency import witnesses as witnessing
from app.transparency.checkpoints import encoded
from app.transparency.evidence import public_evidence, whole_evidence
from app.transparency.queries import (
    checkpoints,
    newest_checkpoint,
    served_note,
    state_of,
    verifiers,
    witness_by_uid,
    witnesses,
)
from app.transparency.tending import publish_now, take_in_by_steps
from app.transparency.the_log import TheLog
from app.transparency.tiles import StoredTree

router = APIRouter(prefix="/log", tags=["log"])

Size = Annotated[int, Query(ge=1, le=2**31 - 1)]


@router.get("", responses=may_fail())
def read_log(call: Reading) -> LogOut:
    """How the log is: its newest checkpoint, keys, witnesses, breaks, and the last look at all of it."""
    state, session = state_of(call.session), call.session
    found = state.checkpoint
    return LogOut(
        facts=state.facts,
        size=state.size,
        checkpoint=CheckpointOut.of(found, served_note(session, found)) if found else None,
        keys=[str(key) for key in verifiers(session)],
        witnesses=[WitnessOut.of(one) for one in witnesses(session)],
        breaks=[BreakOut.of(one) for one in state.breaks],
        full_check=CheckOut.of(state.full_check) if state.full_check else None,
        fault=CheckOut.of(state.fault) if state.fault else None,
    )


@router.get("/checkpoints", responses=may_fail(Malformed))
def list_checkpoints(call: Reading, page: PageArgs) -> PageOut[CheckpointOut]:
    """Every checkpoint, the newest first."""

    def told(one: LogCheckpoint) -> CheckpointOut:
        return CheckpointOut.of(one, served_note(call.session, one))

    return page_out(checkpoints(call.session, after=page.after, limit=page.limit), told)


@router.post("/checkpoints", status_code=201, responses=may_fail(Conflict, Malformed))
def publish_checkpoint_now(
    call: Writing, once: OnceDep, steps: StepsDep, config: Config
) -> Response:
    """Publish a checkpoint now. 409 when nothing new has been there for the delay, or the log is at fault."""
    log = TheLog.of(config)
    take_in_by_steps(steps, log, now=call.now)  # stays, whatever becomes of the rest

    def effect() -> tuple[CheckpointOut, dict[str, str]]:
        made = publish_now(call.session, log, now=call.now)
        if made is None:
            raise Conflict(say("There is nothing new to publish yet."))
        return CheckpointOut.of(made, made.note), {"Location": f"/log/checkpoints/{made.size}"}

    return once(effect)


@router.get("/inclusion", responses=may_fail(NotFound, Refused))
def read_inclusion_proof(
    call: Reading, position: Annotated[int, Query(ge=0, le=2**31 - 1)], size: Size
) -> ProofOut:
    """That an entry is among the first `size` of the log."""
    tree = _published_tree(call, size)
    if position >= size:
        raise refuse("position", say("The log of this size has no such entry."))
    path = [encoded(one) for one in tree.inclusion(position, size)]
    return ProofOut(first=position, second=size, proof=path, root=encoded(tree.root(size)))


@router.get("/consistency", responses=may_fail(NotFound, Refused))
def read_consistency_proof(call: Reading, first: Size, second: Size) -> ProofOut:
    """That the log of size `second` begins with the whole log of size `first`."""
    tree = _published_tree(call, second)
    if first > second:
        raise refuse("first", say("The first size is the smaller one."))
    path = [encoded(one) for one in tree.consistency(first, second)]
    return ProofOut(first=first, second=second, proof=path, root=encoded(tree.root(second)))


@router.get("/lots/{code}", responses=may_fail(NotFound, Refused))
def read_lot_evidence(code: Code, call: Reading, size: Size | None = None) -> EvidenceOut:
    """The facts of a lot that whoever has its code may know, with their proofs."""
    try:
        exact = read_lot_code(code)
    except MistypedLotCode as slip:
        raise refuse("code", slip.why) from None
    found = public_evidence(call.session, exact, size=size)
    if not found.facts:
        raise NotFound(say("There is no lot with this code."))
    return EvidenceOut.of(found)


@router.get("/lots/{code}/whole", responses=may_fail(NotFound))
def read_whole_evidence(code: Code, call: Reading, size: Size | None = None) -> EvidenceOut:
    """The same with every fact as a whole, for who may see its history."""
    line = lot_line(call.session, code, within=call.within)
    call.saw(line.organisation.pk, "evidence", line.lot.code)
    found = whole_evidence(
        call.session, line.lot.code, subjects_around(call.session, line), size=size
    )
    return EvidenceOut.of(found)


@router.post("/cosignatures", status_code=201, responses=may_fail(NotFound, Refused, Malformed))
def add_cosignatures(body: CosignedIn, call: Writing) -> CosignedOut:
    """Vouch for a checkpoint: the signatures of registered witnesses are kept and served with it."""
    vouched = witnessing.accept_cosignatures(call.session, whole=body.note, now=call.now)
    return CosignedOut(size=vouched.checkpoint.size, taken=vouched.taken, known=vouched.known)


@router.post("/witnesses", status_code=201, responses=may_fail(Conflict, Refused, Malformed))
def register_witness(body: WitnessIn, call: Writing, once: OnceDep) -> Response:
    """Accept a witness's signatures from now on."""

    def effect() -> tuple[WitnessOut, dict[str, str]]:
        witness = witnessing.register_witness(
            call.session, key=body.key, who=body.who, by=call.actor, now=call.now
        )
        return WitnessOut.of(witness), {"ETag": etag(witness.version)}

    return once(effect)


@router.post(
    "/witnesses/{witness}/retire", responses=may_fail(NotFound, StaleVersion, VersionRequired)
)
def retire_witness(
    witness: UUID, call: Writing, expected: ExpectedVersion, response: Response
) -> WitnessOut:
    """Accept no more of a witness's signatures; those that came stay."""
    found = witness_by_uid(call.session, witness)
    require_version(found.version, expected)
    retired = witnessing.retire_witness(call.session, witness=found, by=call.actor, now=call.now)
    response.headers["ETag"] = etag(retired.version)
    return WitnessOut.of(retired)


def _published_tree(call: Call, size: int) -> StoredTree:
    newest = newest_checkpoint(call.session)
    if newest is None or size > newest.size:
        raise NotFound(say("So much of the log was not published yet."))
    return StoredTree(call.session)
