"""The life of a lot on the wire: held, released, closed; its steps, and whether it is ready."""

from datetime import date, datetime

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.api.lots import answer, lot_of_version
from app.api.lots_shapes import LotOut, ReasonIn
from app.api.problems import may_fail
from app.api.shapes import Code, Out
from app.deps import ExpectedVersion, Reading, Writing
from app.errors import NotFound, Refused, StaleVersion, VersionRequired
from app.kit.i18n import Language
from app.lots import hold_commands, queries
from app.lots.completeness import Item
from app.lots.leaving import Readiness, obstacles_to_labels, obstacles_to_leaving
from app.lots.readiness_queries import readiness_of
from app.lots.step_queries import steps_of
from app.models.lots import LotState, LotStep

router = APIRouter(prefix="/lots", tags=["lots"])


class StepOut(Out):
    """A change of a lot's state."""

    state: LotState
    reason: str
    recorded_at: datetime

    @classmethod
    def of(cls, step: LotStep) -> "StepOut":
        return cls(state=step.state, reason=step.reason, recorded_at=step.recorded_at)


class ItemOut(BaseModel):
    """One of the items the law wants to be known of a lot."""

    item: str
    there: bool
    needed_for_labels: bool
    mend: str | None

    @classmethod
    def of(cls, item: Item, language: Language) -> "ItemOut":
        return cls(
            item=item.slug,
            there=item.there,
            needed_for_labels=item.needed,
            mend=None if item.there else language.say(item.mend),
        )


class ReadinessOut(Out):
    """Whether a lot may leave and be labelled today, and how complete its record is."""

    may_leave: bool
    may_be_labelled: bool
    obstacles: list[str]
    sellable_from: date | None
    there: int
    of: int
    items: list[ItemOut]


@router.post("/{code}/hold", responses=may_fail(NotFound, Refused, StaleVersion, VersionRequired))
def hold_lot(
    code: Code, body: ReasonIn, call: Writing, expected: ExpectedVersion, response: Response
) -> LotOut:
    """Stop a lot until a question is answered; its holder is told."""
    lot = lot_of_version(call, code, expected)
    hold_commands.hold_lot(call.session, lot=lot, reason=body.reason, by=call.actor, now=call.now)
    return answer(call, lot, response)


@router.post(
    "/{code}/release", responses=may_fail(NotFound, Refused, StaleVersion, VersionRequired)
)
def release_lot(
    code: Code, body: ReasonIn, call: Writing, expected: ExpectedVersion, response: Response
) -> LotOut:
    """Let a held lot go on as what it was; its holder is told."""
    lot = lot_of_version(call, code, expected)
    hold_commands.release_lot(
        call.session, lot=lot, reason=body.reason, by=call.actor, now=call.now
    )
    return answer(call, lot, response)


@router.post("/{code}/close", responses=may_fail(NotFound, Refused, StaleVersion, VersionRequired))
def close_lot(code: Code, call: Writing, expected: ExpectedVersion, response: Response) -> LotOut:
    """All of a sealed lot has left."""
    lot = lot_of_version(call, code, expected)
    hold_commands.close_lot(call.session, lot=lot, by=call.actor, now=call.now)
    return answer(call, lot, response)


@router.get("/{code}/steps", responses=may_fail(NotFound))
def list_lot_steps(code: Code, call: Reading) -> list[StepOut]:
    """Every change of a lot's state, oldest first."""
    lot = queries.lot_by_code(call.session, code, within=call.within)
    return [StepOut.of(step) for step in steps_of(call.session, lot)]


@router.get("/{code}/readiness", responses=may_fail(NotFound))
def read_lot_readiness(code: Code, call: Reading) -> ReadinessOut:
    """Whether a lot may leave and be labelled today; what of the nine items is there."""
    line = queries.lot_line(call.session, code, within=call.within)
    ready = readiness_of(call.session, line, today=call.today)
    return _ready(ready, call.today, call.language)


def _ready(ready: Readiness, today: date, language: Language) -> ReadinessOut:
    obstacles = obstacles_to_labels(ready, today)
    return ReadinessOut(
        may_leave=not obstacles_to_leaving(ready, today),
        may_be_labelled=not obstacles,
        obstacles=[language.say(why) for why in obstacles],
        sellable_from=ready.sellable_from,
        there=ready.completeness.there,
        of=ready.completeness.of,
        items=[ItemOut.of(item, language) for item in ready.completeness.items],
    )
