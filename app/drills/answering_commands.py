"""The links of a drill for buyers without an account, and what everybody answers."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.accounts.queries import token_digest
from app.drills.rules import faults_of_answer
from app.errors import Conflict, Refused
from app.kit.messages import say
from app.kit.quantities import Grams
from app.kit.text import clean
from app.models.drills import Drill, DrillConsignee, DrillState

# 192 random bits: nobody guesses a link.
TOKEN_BYTES = 24


@dataclass(frozen=True)
class DrillAnswer:
    """What somebody with goods says. `by`: a person's name, kept in the house."""

    remaining: Grams
    passed_on: Grams
    by: str = ""
    remark: str = ""


def make_drill_link(session: Session, drill: Drill, consignee: DrillConsignee) -> str:
    """The secret of a link for a party; one that was made before is dead from now on."""
    if consignee.party_id is None:
        raise Conflict(say("This buyer signs in: there is no link."))
    _require_asking(drill)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    consignee.token_hash = token_digest(token).hex()
    session.flush()
    return token


def answer_drill(
    session: Session,
    drill: Drill,
    consignee: DrillConsignee,
    answer: DrillAnswer,
    *,
    now: datetime,
) -> DrillConsignee:
    """Say how much is there and how much was sold on; the first answer's time stands."""
    _require_asking(drill)
    faults = faults_of_answer(answer.remaining, answer.passed_on)
    if faults:
        raise Refused(faults[0].why, *faults)
    consignee.remaining_g = answer.remaining.value
    consignee.passed_on_g = answer.passed_on.value
    consignee.answered_by = clean(answer.by, longest=120)
    consignee.remark = clean(answer.remark, longest=500, multiline=True)
    consignee.answered_at = consignee.answered_at or now
    session.flush()  # of two answers at once the second is refused
    return consignee


def _require_asking(drill: Drill) -> None:
    if drill.state is not DrillState.ASKING:
        raise Conflict(say("This drill is over, or nobody was asked yet."))
