"""The links for buyers without an account, what they say they still have, what came back from them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.queries import token_digest
from app.errors import Conflict, refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.kit.quantities import Grams
from app.kit.text import clean
from app.ledger.actors import Actor
from app.lots.rules import LARGEST_LOT
from app.models.lots import HarvestLot
from app.models.movements import Holding, Party
from app.models.recalls import Recall, RecallConsignee, RecallLot, RecallState
from app.models.registry import Organisation
from app.movements.ending_commands import take_back_lots
from app.movements.making_commands import tolerance_on
from app.movements.recording import Circumstances, Doer, Piece
from app.recalls.commands import tell_ledger, touch
from app.recalls.consignee_queries import most_held
from app.recalls.scope_queries import unreleased
from app.recalls.telling import News, tell_organisation

# 192 random bits: nobody guesses a link.
TOKEN_BYTES = 24
WHOLE = 100
MOST = Grams(LARGEST_LOT.value * 10)
ANSWERABLE = frozenset({RecallState.RUNNING, RecallState.ENDED})


@dataclass(frozen=True)
class Answer:
    """What somebody with goods says. `by`: a person's name, kept in the house."""

    remaining: Grams
    by: str = ""
    remark: str = ""


def make_link(
    session: Session, recall: Recall, consignee: RecallConsignee, *, by: Actor, now: datetime
) -> str:
    """The secret of a link for a party; one that was made before is dead from now on."""
    if consignee.party_id is None:
        raise Conflict(say("This buyer signs in: there is no link."))
    _require_answerable(recall)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    consignee.token_hash = token_digest(token).hex()
    session.flush()
    facts = {"consignee": consignee.uid}
    tell_ledger(session, recall, "recall.link_made", facts, by=by, now=now)
    return token


def answer_recall(
    session: Session,
    recall: Recall,
    consignee: RecallConsignee,
    answer: Answer,
    *,
    by: Actor,
    now: datetime,
) -> RecallConsignee:
    """Acknowledge a recall and say what is left; who has less later says so again."""
    _require_answerable(recall)
    _require_possible(session, recall, consignee, answer.remaining, now)
    consignee.remaining_g = answer.remaining.value
    consignee.answered_by = clean(answer.by, longest=120)
    consignee.remark = clean(answer.remark, longest=500, multiline=True)
    consignee.answered_at = consignee.answered_at or now
    session.flush()  # of two answers at once the second is refused
    facts = {
        "consignee": consignee.uid,
        "remaining_g": consignee.remaining_g,
        "expected_g": consignee.expected_g,
        "remark": consignee.remark,
    }
    personal = {"answered_by": consignee.answered_by} if consignee.answered_by else None
    tell_ledger(session, recall, "recall.answered", facts, by=by, now=now, personal=personal)
    told = say("A buyer answered the recall: {remaining} are left.", remaining=answer.remaining)
    if consignee.over_g:
        told = say(
            "A buyer answered the recall: {remaining} are left, {more} more than by the records.",
            remaining=answer.remaining,
            more=Grams(consignee.over_g),
        )
    news = News("recall.answered", told)
    tell_organisation(session, recall, consignee.seller_id, news, now=now)
    return consignee


def take_back(
    session: Session,
    recall: Recall,
    consignee: RecallConsignee,
    quantity: Grams,
    *,
    by: Actor,
    now: datetime,
) -> Grams:
    """Goods came back from a party to its seller: out of the oldest lots first."""
    _require_answerable(recall)
    if consignee.party_id is None:
        raise Conflict(say("This buyer confirms returns by a delivery."))
    if quantity.value <= 0:
        raise refuse("quantity_g", say("Say how many kilograms came back."))
    left, pieces = quantity.value, []
    for lot, there in _with_party(session, recall, consignee.party_id):
        some = min(left, there)
        if some:
            pieces.append(Piece(lot.code, Grams(some)))
            left -= some
    if left:
        why = say("By the records it has {there} only.", there=Grams(quantity.value - left))
        raise refuse("quantity_g", why)
    doer = Doer(session.get_one(Organisation, consignee.seller_id), by, now)
    told = Circumstances(now, reason=recall.reason)
    party = session.get_one(Party, consignee.party_id)
    movement = take_back_lots(session, doer, pieces, told, party=party)
    touch(session, recall)
    facts = {
        "consignee": consignee.uid,
        "movement": movement.uid,
        "lots": [{"lot": one.code, "quantity_g": one.quantity.value} for one in pieces],
    }
    tell_ledger(session, recall, "recall.returned", facts, by=by, now=now)
    return quantity


def _with_party(
    session: Session, recall: Recall, party_id: int
) -> Sequence[tuple[HarvestLot, int]]:
    wanted = (
        select(HarvestLot, col(Holding.quantity_g))
        .join(Holding, col(Holding.lot_id) == col(HarvestLot.id))
        .join(RecallLot, col(RecallLot.lot_id) == col(HarvestLot.id))
        .where(
            col(RecallLot.recall_id) == recall.pk,
            col(Holding.party_id) == party_id,
            col(Holding.quantity_g) > 0,
            unreleased(),
        )
        .order_by(col(HarvestLot.id))
    )
    return [(lot, int(there)) for lot, there in session.execute(wanted)]


def _require_possible(
    session: Session,
    recall: Recall,
    consignee: RecallConsignee,
    remaining: Grams,
    now: datetime,
) -> None:
    """More than ever came is a slip; more than is there by the records is kept, and shown as that."""
    if not 0 <= remaining.value <= MOST.value:
        raise refuse("remaining_g", say("Say how many kilograms are left, 0 if none."))
    most = most_held(session, recall, consignee)
    # Scales differ, here as in every movement.
    if remaining.value * WHOLE > most * (WHOLE + tolerance_on(session, day_of(now))):
        why = say(
            "By the records {most} of these goods came to you at most: more cannot be left."
            " Write in the remark what else is there.",
            most=Grams(most),
        )
        raise refuse("remaining_g", why)


def _require_answerable(recall: Recall) -> None:
    if recall.state not in ANSWERABLE:
        raise Conflict(say("This recall is over. Nothing is to be said any more."))
