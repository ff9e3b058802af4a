"""What is done with a recall at work: decided, extended, answered, handled, ended, reported, lifted."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, Config, Writing, require_version
from app.errors import Conflict, NotFound
from app.kit.messages import say
from app.models.recalls import Recall, RecallConsignee
from app.recalls import answering_commands, commands, ending_commands, queries
from app.recalls.disposal_commands import dispose
from app.recalls.ending_commands import ReportWords
from app.recalls.leading import require_leader
from app.recalls.release_queries import disposal_by_uid
from app.recalls.releasing_commands import release_fixed
from app.registry.organisation_queries import organisation_by_id
from app.web.drawn_code import drawn_code
from app.web.forms import Typed
from app.web.pages import Refusal, TypedForm, Uploaded, go_to, tried
from app.web.recall_forms import answer_typed, decision_typed, disposal_typed, grams_typed
from app.web.work_recalls import recall_shown

router = APIRouter(prefix="/work/recalls/{recall}", include_in_schema=False)

Effect = Callable[[Recall], object]


@router.post("/decide")
def decide_recall_form(request: Request, call: Writing, recall: UUID, typed: TypedForm) -> Response:
    """Stop the lots and everything made of them."""

    def effect(one: Recall) -> object:
        paper = decision_typed(typed) if typed.raw("decision_number").strip() else None
        return commands.decide_recall(
            call.session, one, by=call.actor, now=call.now, decision=paper
        )

    return _led(request, call, recall, typed, effect, done="recall_decided")


@router.post("/decision")
def write_decision_form(
    request: Request, call: Writing, recall: UUID, typed: TypedForm
) -> Response:
    """Number and day of the authority's decision."""
    return _led(
        request,
        call,
        recall,
        typed,
        lambda one: commands.write_decision(
            call.session, one, decision_typed(typed), by=call.actor, now=call.now
        ),
    )


@router.post("/extend")
def extend_recall_form(request: Request, call: Writing, recall: UUID, typed: TypedForm) -> Response:
    """Further lots, and what was made of them."""
    return _led(
        request,
        call,
        recall,
        typed,
        lambda one: commands.extend_recall(
            call.session,
            one,
            typed.raw("lots").replace(",", " ").split(),
            reason=typed.raw("reason"),
            within=call.within,
            by=call.actor,
            now=call.now,
        ),
        done="recall_extended",
    )


@router.post("/agree")
def agree_recall_form(request: Request, call: Writing, recall: UUID, typed: TypedForm) -> Response:
    """The authority's letter on how goods are handled."""
    return _led(
        request,
        call,
        recall,
        typed,
        lambda one: ending_commands.agree(
            call.session,
            one,
            number=typed.raw("number"),
            agreed_on=typed.day("agreed_on"),
            by=call.actor,
            now=call.now,
        ),
    )


@router.post("/end")
def end_recall_form(request: Request, call: Writing, recall: UUID, typed: TypedForm) -> Response:
    """Nothing more is expected back."""
    return _led(
        request,
        call,
        recall,
        typed,
        lambda one: ending_commands.end_recall(call.session, one, by=call.actor, now=call.now),
    )


@router.post("/reopen")
def reopen_recall_form(request: Request, call: Writing, recall: UUID, typed: TypedForm) -> Response:
    """It goes on."""
    return _led(
        request,
        call,
        recall,
        typed,
        lambda one: ending_commands.reopen_recall(
            call.session, one, reason=typed.raw("reason"), by=call.actor, now=call.now
        ),
    )


@router.post("/lift")
def lift_recall_form(request: Request, call: Writing, recall: UUID, typed: TypedForm) -> Response:
    """It was an error."""
    return _led(
        request,
        call,
        recall,
        typed,
        lambda one: ending_commands.lift_recall(
            call.session, one, reason=typed.raw("reason"), by=call.actor, now=call.now
        ),
        done="recall_lifted",
    )


@router.post("/report")
def report_recall_form(request: Request, call: Writing, recall: UUID, typed: TypedForm) -> Response:
    """The facility's report."""

    def effect(one: Recall) -> object:
        if one.organisation_id != call.caller.organisation_id:
            raise NotFound(say("There is no such recall."))
        require_version(one.version, typed.whole("version", default=0))
        words = ReportWords(typed.raw("cause"), typed.raw("prevention"))
        return ending_commands.report_recall(call.session, one, words, by=call.actor, now=call.now)

    return _changed(request, call, recall, typed, effect)


@router.post("/answer")
def answer_recall_form(request: Request, call: Writing, recall: UUID, typed: TypedForm) -> Response:
    """An organisation with goods says how many are left."""

    def effect(one: Recall) -> object:
        own = queries.find_own_part(call.session, one, call.caller.organisation_id)
        if own is None:
            raise Conflict(say("You have no goods of this recall."))
        return answering_commands.answer_recall(
            call.session, one, own, answer_typed(typed), by=call.actor, now=call.now
        )

    return _changed(request, call, recall, typed, effect)


@router.post("/dispose")
def dispose_recalled_form(
    request: Request, call: Writing, recall: UUID, typed: TypedForm, photo: Uploaded
) -> Response:
    """What was done with goods at hand, with its evidence."""

    def effect(one: Recall) -> object:
        home = organisation_by_id(call.session, call.caller.organisation_id)
        told = disposal_typed(typed, photo, call.today)
        return dispose(call.session, one, told, organisation=home, by=call.actor, now=call.now)

    return _changed(request, call, recall, typed, effect)


@router.post("/disposals/{disposal}/release")
def release_fixed_form(
    request: Request, call: Writing, recall: UUID, disposal: UUID, typed: TypedForm
) -> Response:
    """What was fixed may be sold again."""
    return _led(
        request,
        call,
        recall,
        typed,
        lambda one: release_fixed(
            call.session,
            one,
            disposal_by_uid(call.session, one, disposal),
            reason=typed.raw("reason"),
            caller=call.caller,
            now=call.now,
        ),
        done="recall_released",
        fixed=disposal,
    )


@router.post("/consignees/{consignee}/returns")
def take_back_recalled_form(
    request: Request, call: Writing, recall: UUID, consignee: UUID, typed: TypedForm
) -> Response:
    """Goods came back from a buyer without an account."""

    def effect(one: Recall) -> object:
        return answering_commands.take_back(
            call.session,
            one,
            _sold(call, one, consignee),
            grams_typed(typed, "returned_g"),
            by=call.actor,
            now=call.now,
        )

    return _changed(request, call, recall, typed, effect)


@router.post("/consignees/{consignee}/link")
def make_recall_link_form(
    request: Request, call: Writing, recall: UUID, consignee: UUID, config: Config
) -> Response:
    """A link with its QR code for a buyer; the one before it is dead. Shown this once."""

    def effect() -> str:
        one = queries.recall_by_uid(call.session, recall, within=call.within)
        buyer = _sold(call, one, consignee)
        return answering_commands.make_link(call.session, one, buyer, by=call.actor, now=call.now)

    token = tried(call, effect)
    if isinstance(token, Refusal):
        return recall_shown(request, call, recall, refusal=token)
    link = f"{config.base_url}/k/{token}"
    return recall_shown(request, call, recall, link=link, drawn=drawn_code(link))


def _sold(call: Call, recall: Recall, consignee: UUID) -> RecallConsignee:
    """A buyer of the caller's own organisation."""
    told = queries.consignee_by_uid(call.session, recall, consignee, within=call.within)
    if told.seller.pk != call.caller.organisation_id:
        raise NotFound(say("There is no such buyer in this recall."))
    return told.consignee


def _led(
    request: Request,
    call: Call,
    uid: UUID,
    typed: Typed,
    effect: Effect,
    *,
    done: str = "saved",
    **again: Any,
) -> Response:
    def leading(recall: Recall) -> object:
        require_leader(recall, call.caller)
        require_version(recall.version, typed.whole("version", default=0))
        return effect(recall)

    return _changed(request, call, uid, typed, leading, done=done, **again)


def _changed(
    request: Request,
    call: Call,
    uid: UUID,
    typed: Typed,
    effect: Effect,
    *,
    done: str = "saved",
    **again: Any,
) -> Response:
    outcome = tried(
        call, lambda: effect(queries.recall_by_uid(call.session, uid, within=call.within))
    )
    if isinstance(outcome, Refusal):
        return recall_shown(request, call, uid, typed=typed.fields, refusal=outcome, **again)
    return go_to(f"/work/recalls/{uid}?done={done}")
