"""The goods of a recall on the wire: who has how many left, what came back, what was done with them."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.api.changing import Said
from app.api.kept_photo import kept_photo
from app.api.lots_shapes import ReasonIn
from app.api.problems import may_fail
from app.api.recalls_shapes import (
    ConsigneeOut,
    DisposalIn,
    DisposalOut,
    GoodsBackIn,
    RecallAnswerIn,
    RecallLinkOut,
    RecallReleaseOut,
)
from app.deps import Call, Config, OnceDep, Reading, Writing
from app.errors import Conflict, Forbidden, Malformed, NotFound, Refused
from app.kit.messages import say
from app.kit.quantities import Grams
from app.models.recalls import Recall, RecallConsignee
from app.pictures.cleaning import MEDIA_TYPE
from app.recalls import answering_commands, queries
from app.recalls.disposal_commands import Disposal, dispose
from app.recalls.leading import sees_all
from app.recalls.release_queries import disposal_by_uid, releases_of
from app.recalls.releasing_commands import release_fixed
from app.registry.organisation_queries import organisation_by_id

router = APIRouter(prefix="/recalls", tags=["recalls"])

MAY_ADD = may_fail(Conflict, Malformed, NotFound, Refused)


@router.get("/{recall}/consignees", responses=may_fail(NotFound))
def list_recall_consignees(recall: UUID, call: Reading) -> list[ConsigneeOut]:
    """Who has goods of it and what they said."""
    found = queries.recall_by_uid(call.session, recall, within=call.within)
    told = queries.consignees_of(call.session, found, within=call.within)
    for one in told:
        if one.party is not None:
            call.saw(one.seller.pk, "recall_buyers", recall)
    whole = call.within.everything
    return [ConsigneeOut.of(one, call.caller, call.now, all_names=whole) for one in told]


@router.get("/{recall}/disposals", responses=may_fail(NotFound))
def list_recall_disposals(recall: UUID, call: Reading) -> list[DisposalOut]:
    """What was done with the goods."""
    found = queries.recall_by_uid(call.session, recall, within=call.within)
    rows = queries.disposals_of(call.session, found)
    whole = sees_all(found, call.caller)
    return [
        DisposalOut.of(disposal, lot)
        for disposal, lot in rows
        if whole or disposal.organisation_id == call.caller.organisation_id
    ]


@router.post("/{recall}/answer", status_code=201, response_model=ConsigneeOut, responses=MAY_ADD)
def answer_recall(recall: UUID, body: RecallAnswerIn, call: Writing, once: OnceDep) -> Response:
    """Who has goods says how many are left; again whenever they are fewer."""

    def effect() -> Said:
        found = queries.recall_by_uid(call.session, recall, within=call.within)
        one = queries.find_own_part(call.session, found, call.caller.organisation_id)
        if one is None:
            raise Conflict(say("You have no goods of this recall."))
        answer = answering_commands.Answer(Grams(body.remaining_g), body.answered_by, body.remark)
        answering_commands.answer_recall(
            call.session, found, one, answer, by=call.actor, now=call.now
        )
        return _told(call, found, one), {}

    return once(effect)


@router.post(
    "/{recall}/consignees/{consignee}/link",
    status_code=201,
    response_model=RecallLinkOut,
    responses=MAY_ADD,
)
def make_recall_link(
    recall: UUID, consignee: UUID, call: Writing, once: OnceDep, config: Config
) -> Response:
    """A link for a buyer without an account; shown this once."""

    def effect() -> Said:
        found, one = _sold(call, recall, consignee)
        token = answering_commands.make_link(call.session, found, one, by=call.actor, now=call.now)
        return RecallLinkOut(link=f"{config.base_url}/k/{token}"), {}

    return once(effect, shown_once="link")


@router.post(
    "/{recall}/consignees/{consignee}/returns",
    status_code=201,
    response_model=ConsigneeOut,
    responses=MAY_ADD,
)
def take_back_recalled(
    recall: UUID, consignee: UUID, body: GoodsBackIn, call: Writing, once: OnceDep
) -> Response:
    """Goods came back from a buyer without an account."""

    def effect() -> Said:
        found, one = _sold(call, recall, consignee)
        quantity = Grams(body.quantity_g)
        answering_commands.take_back(
            call.session, found, one, quantity, by=call.actor, now=call.now
        )
        return _told(call, found, one), {}

    return once(effect)


@router.post("/{recall}/disposals", status_code=201, response_model=DisposalOut, responses=MAY_ADD)
def dispose_recalled(recall: UUID, body: DisposalIn, call: Writing, once: OnceDep) -> Response:
    """What was done with goods at hand."""

    def effect() -> Said:
        found = queries.recall_by_uid(call.session, recall, within=call.within)
        told = Disposal(
            body.lot,
            body.way,
            Grams(body.quantity_g),
            body.done_on,
            body.document,
            body.place,
            body.note,
            kept_photo(call, body.picture),
        )
        home = organisation_by_id(call.session, call.caller.organisation_id)
        kept = dispose(call.session, found, told, organisation=home, by=call.actor, now=call.now)
        disposals = queries.disposals_of(call.session, found)
        lot = next(lot for disposal, lot in disposals if disposal.pk == kept.pk)
        return DisposalOut.of(kept, lot), {}

    return once(effect)


@router.get(
    "/{recall}/disposals/{disposal}/photo",
    response_class=Response,
    responses=may_fail(NotFound),
)
def read_disposal_photo(recall: UUID, disposal: UUID, call: Reading) -> Response:
    """The photograph that proves it (JPEG)."""
    found = queries.recall_by_uid(call.session, recall, within=call.within)
    whose = None if sees_all(found, call.caller) else call.caller.organisation_id
    content = queries.disposal_photo(call.session, found, disposal, whose=whose)
    headers = {"Cache-Control": "private, no-store"}
    return Response(content, media_type=MEDIA_TYPE, headers=headers)


@router.get("/{recall}/releases", responses=may_fail(NotFound))
def list_recall_releases(recall: UUID, call: Reading) -> list[RecallReleaseOut]:
    """Which goods were fixed and released."""
    found = queries.recall_by_uid(call.session, recall, within=call.within)
    whole, own = sees_all(found, call.caller), call.caller.organisation_id
    return [
        RecallReleaseOut.of(one)
        for one in releases_of(call.session, found)
        if whole or one.disposal.organisation_id == own
    ]


@router.post(
    "/{recall}/disposals/{disposal}/release",
    status_code=201,
    response_model=RecallReleaseOut,
    responses=may_fail(Conflict, Forbidden, Malformed, NotFound, Refused),
)
def release_fixed_goods(
    recall: UUID, disposal: UUID, body: ReasonIn, call: Writing, once: OnceDep
) -> Response:
    """The authority's second look: what was fixed may be sold again. `reason` is told to everybody.

    Where other goods carry the code, those that were fixed become a lot of their own.
    """

    def effect() -> Said:
        found = queries.recall_by_uid(call.session, recall, within=call.within)
        fixed = disposal_by_uid(call.session, found, disposal)
        release = release_fixed(
            call.session, found, fixed, reason=body.reason, caller=call.caller, now=call.now
        )
        told = next(one for one in releases_of(call.session, found) if one.release.pk == release.pk)
        return RecallReleaseOut.of(told), {}

    return once(effect)


def _sold(call: Call, uid: UUID, consignee: UUID) -> tuple[Recall, RecallConsignee]:
    """A buyer of the caller's own organisation."""
    recall = queries.recall_by_uid(call.session, uid, within=call.within)
    told = queries.consignee_by_uid(call.session, recall, consignee, within=call.within)
    if told.seller.pk != call.caller.organisation_id:
        raise NotFound(say("There is no such buyer in this recall."))
    return recall, told.consignee


def _told(call: Call, recall: Recall, one: RecallConsignee) -> ConsigneeOut:
    call.session.flush()
    told = queries.consignee_by_uid(call.session, recall, one.uid, within=call.within)
    return ConsigneeOut.of(told, call.caller, call.now, all_names=False)
