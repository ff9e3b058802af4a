"""Whether a lot was recalled, since when, why, and what is to be done: for people and machines alike."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.accounts.reach import Reach
from app.kit.messages import Message, say
from app.lots.origin_queries import deciding_lot
from app.lots.queries import lot_line
from app.models.lots import LotState
from app.recalls.lifted_queries import LiftedRecall, ReleasedRecall, find_lifted, find_released

_TO_DO = {
    LotState.RECALLED: say(
        "Do not eat, sell or give it away. Keep the label and bring the goods back to where they were bought."
    ),
    LotState.HELD: say("Do not sell it until the authority has released it."),
    LotState.WITHDRAWN: say("No goods should carry this code. Tell the producer if yours do."),
}
_NOTHING = say("Nothing: no recall of this lot is known.")


@dataclass(frozen=True)
class LotRecall:
    """The state of a lot as a recall sees it: its own, or that of a lot in it.

    `reason` is empty where none is given; `lifted`: the newest recall of it that was an error;
    `released`: the newest after which it, or goods in it, were fixed and released.
    """

    code: str
    recalled: bool
    state: LotState
    since: datetime
    reason: str
    to_do: Message
    lifted: LiftedRecall | None
    released: ReleasedRecall | None


def recall_of(session: Session, code: str) -> LotRecall:
    """What is known of a lot's recall now. Raises NotFound for a code that was never given out."""
    lot = lot_line(session, code, within=Reach.all()).lot
    deciding = deciding_lot(session, lot)
    return LotRecall(
        code=lot.code,
        recalled=deciding.state is LotState.RECALLED,
        state=deciding.state,
        since=deciding.state_since,
        reason=deciding.state_reason,
        to_do=_TO_DO.get(deciding.state, _NOTHING),
        lifted=find_lifted(session, lot),
        released=find_released(session, lot),
    )
