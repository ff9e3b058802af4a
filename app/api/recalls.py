"""Recalls on the wire: opened, decided, extended, answered, handled, ended, reported, lifted."""

from collections.abc import Callable
from uuid import UUID

from fastapi import APIRouter, Response

from app.api.changing import MAY_CHANGE, ChangeDep, Changing, Said
from app.api.lots_shapes import ReasonIn
from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.api.recalls_shapes import (
    AgreementIn,
    DecisionIn,
    ExtensionIn,
    RecallIn,
    RecallLotOut,
    RecallOut,
    RecallReportIn,
)
from app.deps import (
    Call,
    OnceDep,
    PageArgs,
    Reading,
    Writing,
    etag,
)
from app.errors import (
    Conflict,
    Forbidden,
    Malformed,
    NotFound,
    Refused,
)
from app.kit.messages import say
from app.models.recalls import Recall, RecallState
from app.recalls import commands, ending_commands, queries
from app.recalls.ending_commands import ReportWords
from app.recalls.leading import require_leader, sees_all

router = APIRouter(prefix="/recalls", tags=["recalls"])


@router.get("", responses=may_fail(Malformed))
def list_recalls(
    call: Reading, page: PageArgs, state: RecallState | None = None
) -> PageOut[RecallOut]:
    """Recalls of the own goods, those whose goods one has, or all; newest first."""
    found = queries.newest_recalls(
        call.session,
        within=call.within,
        states=(state,) if state else tuple(RecallState),
        after=page.after,
        limit=page.limit,
    )
    return page_out(
        found,
        lambda one: RecallOut.of(one, call.now, whole=sees_all(one.recall, call.caller)),
    )


@router.post(
    "",
    status_code=201,
    response_model=RecallOut,
    responses=may_fail(Conflict, Malformed, Refused),
)
def open_recall(body: RecallIn, call: Writing, once: OnceDep) -> Response:
    """Write down that goods are a danger; with `decide` they are stopped in the same step."""

    def effect() -> Said:
        opening = commands.Opening(
            body.lots,
            body.reason,
            body.determined_at or call.now,
            body.grounds,
            body.lab_report,
            body.shopper_report,
        )
        recall = commands.open_recall(
            call.session, opening, caller=call.caller, within=call.within, now=call.now
        )
        if body.decide:
            commands.decide_recall(call.session, recall, by=call.actor, now=call.now)
        call.session.flush()
        headers = {"Location": f"/api/v1/recalls/{recall.uid}", "ETag": etag(recall.version)}
        return _told(call, recall), headers

    return once(effect)


@router.get("/{recall}", responses=may_fail(NotFound))
def read_recall(recall: UUID, call: Reading, response: Response) -> RecallOut:
    """One recall with its deadlines and how far it is."""
    found = queries.recall_by_uid(call.session, recall, within=call.within)
    response.headers["ETag"] = etag(found.version)
    return _told(call, found)


@router.get("/{recall}/lots", responses=may_fail(Malformed, NotFound))
def list_recall_lots(recall: UUID, call: Reading, page: PageArgs) -> PageOut[RecallLotOut]:
    """Every lot in it with where its kilograms are; for who leads it or whose goods they are."""
    found = queries.recall_by_uid(call.session, recall, within=call.within)
    _require_whole(call, found)
    lots = queries.lots_of(call.session, found, after=page.after, limit=page.limit)
    return page_out(lots, RecallLotOut.of)


@router.post("/{recall}/decide", responses=MAY_CHANGE)
def decide_recall(recall: UUID, change: ChangeDep) -> RecallOut:
    """Stop its lots and everything made of them; everybody who has goods is told."""
    call = change.call
    return _led(
        change,
        recall,
        lambda one: commands.decide_recall(call.session, one, by=call.actor, now=call.now),
    )


@router.post("/{recall}/decision", responses=MAY_CHANGE)
def write_recall_decision(recall: UUID, body: DecisionIn, change: ChangeDep) -> RecallOut:
    """Write down the number and the day of the authority's decision."""
    call, paper = change.call, commands.Decision(body.number, body.decided_on)
    return _led(
        change,
        recall,
        lambda one: commands.write_decision(call.session, one, paper, by=call.actor, now=call.now),
    )


@router.post("/{recall}/extend", responses=MAY_CHANGE)
def extend_recall(recall: UUID, body: ExtensionIn, change: ChangeDep) -> RecallOut:
    """Add lots; whatever was made of them, and of those in it, is stopped too."""
    call = change.call
    return _led(
        change,
        recall,
        lambda one: commands.extend_recall(
            call.session,
            one,
            body.lots,
            reason=body.reason,
            within=call.within,
            by=call.actor,
            now=call.now,
        ),
    )


@router.post("/{recall}/agree", responses=MAY_CHANGE)
def agree_recall(recall: UUID, body: AgreementIn, change: ChangeDep) -> RecallOut:
    """The authority agrees in writing to how goods are handled."""
    call = change.call
    return _led(
        change,
        recall,
        lambda one: ending_commands.agree(
            call.session,
            one,
            number=body.number,
            agreed_on=body.agreed_on,
            by=call.actor,
            now=call.now,
        ),
    )


@router.post("/{recall}/end", responses=MAY_CHANGE)
def end_recall(recall: UUID, change: ChangeDep) -> RecallOut:
    """Nothing more is expected back; the report is due. Its lots stay stopped."""
    call = change.call
    return _led(
        change,
        recall,
        lambda one: ending_commands.end_recall(call.session, one, by=call.actor, now=call.now),
    )


@router.post("/{recall}/reopen", responses=MAY_CHANGE)
def reopen_recall(recall: UUID, body: ReasonIn, change: ChangeDep) -> RecallOut:
    """It goes on."""
    call = change.call
    return _led(
        change,
        recall,
        lambda one: ending_commands.reopen_recall(
            call.session, one, reason=body.reason, by=call.actor, now=call.now
        ),
    )


@router.post("/{recall}/lift", responses=MAY_CHANGE)
def lift_recall(recall: UUID, body: ReasonIn, change: ChangeDep) -> RecallOut:
    """It was an error: the lots are what they were, and their pages say so."""
    call = change.call
    return _led(
        change,
        recall,
        lambda one: ending_commands.lift_recall(
            call.session, one, reason=body.reason, by=call.actor, now=call.now
        ),
    )


@router.post("/{recall}/report", responses=MAY_CHANGE)
def report_recall(
    recall: UUID,
    body: RecallReportIn,
    change: ChangeDep,
) -> RecallOut:
    """The facility reports what became of the goods."""
    call, words = change.call, ReportWords(body.cause, body.prevention)
    found = queries.recall_by_uid(call.session, recall, within=call.within)
    _require_whole(call, found)
    change(
        found,
        lambda one: ending_commands.report_recall(
            call.session, one, words, by=call.actor, now=call.now
        ),
    )
    return _told(call, found)


def _led(change: Changing, uid: UUID, effect: Callable[[Recall], object]) -> RecallOut:
    """Change a recall of the version the caller knows, if the caller leads it."""
    call = change.call
    recall = queries.recall_by_uid(call.session, uid, within=call.within)
    require_leader(recall, call.caller)
    return _told(call, change(recall, effect))


def _told(call: Call, recall: Recall) -> RecallOut:
    told = queries.told_of(call.session, recall)
    return RecallOut.of(told, call.now, whole=sees_all(recall, call.caller))


def _require_whole(call: Call, recall: Recall) -> None:
    if not sees_all(recall, call.caller):
        raise Forbidden(say("Only whose goods are recalled sees all of it."))
