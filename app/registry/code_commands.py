"""What befalls a planting-area code once it is issued: warned, suspended, restored, ended."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from app.errors import Refused
from app.kit.clock import day_of
from app.kit.messages import Message, say
from app.ledger.actors import Actor
from app.models.registry import AreaCode, AreaCodeStep, CodeStatus, PlantingArea
from app.registry import rules
from app.registry.area_history_commands import record_of_area, tell_holder
from app.registry.code_queries import steps_of
from app.registry.reason_queries import reason_given
from app.registry.words import name_or_nothing

STATUS_WORDS: dict[CodeStatus, Message] = {
    CodeStatus.ACTIVE: say("active"),
    CodeStatus.WARNED: say("under a warning"),
    CodeStatus.SUSPENDED: say("suspended"),
    CodeStatus.REVOKED: say("revoked"),
    CodeStatus.CANCELLED: say("cancelled"),
    CodeStatus.SUPERSEDED: say("superseded"),
}
_KINDS = {
    CodeStatus.ACTIVE: "code.restored",
    CodeStatus.WARNED: "code.warned",
    CodeStatus.SUSPENDED: "code.suspended",
    CodeStatus.REVOKED: "code.revoked",
    CodeStatus.CANCELLED: "code.cancelled",
    CodeStatus.SUPERSEDED: "code.superseded",
}
_TOLD = {
    CodeStatus.ACTIVE: say("Code {code} of {area} holds again from {day}."),
    CodeStatus.WARNED: say("Code {code} of {area} is under a warning from {day}: {reason}"),
    CodeStatus.SUSPENDED: say("Code {code} of {area} is suspended from {day}: {reason}"),
    CodeStatus.REVOKED: say("Code {code} of {area} is revoked from {day}: {reason}"),
    CodeStatus.CANCELLED: say("Code {code} of {area} is cancelled from {day}: {reason}"),
    CodeStatus.SUPERSEDED: say("Code {code} of {area} is replaced by another from {day}."),
}


@dataclass(frozen=True)
class Change:
    """A decision about a code: from which day, why, and by which document.

    The reason is one of the dated list (`reason_slug`), or words, or both.
    """

    effective_on: date
    reason: str = ""
    reason_slug: str = ""
    number: str = ""


def warn_code(
    session: Session, *, code: AreaCode, change: Change, by: Actor, now: datetime
) -> AreaCode:
    """Warn the holder (cảnh báo): the code still holds, and everybody sees the warning."""
    return change_code(session, code=code, status=CodeStatus.WARNED, change=change, by=by, now=now)


def suspend_code(
    session: Session, *, code: AreaCode, change: Change, by: Actor, now: datetime
) -> AreaCode:
    """Suspend a code (đình chỉ) from a day on: harvests since then cannot claim it."""
    status = CodeStatus.SUSPENDED
    return change_code(session, code=code, status=status, change=change, by=by, now=now)


def restore_code(
    session: Session, *, code: AreaCode, change: Change, by: Actor, now: datetime
) -> AreaCode:
    """Lift a warning, or give a suspended code its force back (phục hồi); what ended stays ended."""
    return change_code(session, code=code, status=CodeStatus.ACTIVE, change=change, by=by, now=now)


def revoke_code(
    session: Session, *, code: AreaCode, change: Change, by: Actor, now: datetime
) -> AreaCode:
    """Revoke a code for good (thu hồi); the area may apply for a new one."""
    return change_code(session, code=code, status=CodeStatus.REVOKED, change=change, by=by, now=now)


def cancel_code(
    session: Session, *, code: AreaCode, change: Change, by: Actor, now: datetime
) -> AreaCode:
    """Cancel a code (huỷ bỏ): its holder asks for it, or the area is no longer grown."""
    status = CodeStatus.CANCELLED
    return change_code(session, code=code, status=status, change=change, by=by, now=now)


def change_code(
    session: Session,
    *,
    code: AreaCode,
    status: CodeStatus,
    change: Change,
    by: Actor,
    now: datetime,
) -> AreaCode:
    """One step in the life of a code, with its reason; the holder is told at once.

    Raises Refused for a step the code cannot take, an earlier day than its last step, or a reason
    that could not be given on that day.
    """
    _require_possible(code, status)
    rules.require_step(steps_of(session, code), change.effective_on, today=day_of(now))
    why = reason_given(
        session,
        step=status.value,
        slug=change.reason_slug,
        words=change.reason,
        day=change.effective_on,
    )
    step = AreaCodeStep(
        code_id=code.pk,
        status=status,
        effective_on=change.effective_on,
        reason=why.words,
        reason_slug=why.slug,
        decision_number=name_or_nothing("decision_number", change.number, longest=80),
        recorded_at=now,
    )
    code.status = status
    session.flush()  # a lost race must fail before the ledger is touched
    session.add(step)
    session.flush()  # the step's id, for what is told of it
    _publish(session, code, step, why.said, by=by, now=now)
    return code


def _require_possible(code: AreaCode, status: CodeStatus) -> None:
    if not rules.may_become(code.status, status):
        raise Refused(
            say(
                "Code {code} is {status}: this cannot be done with it.",
                code=code.code,
                status=STATUS_WORDS[code.status],
            )
        )


def _publish(
    session: Session,
    code: AreaCode,
    step: AreaCodeStep,
    reason: Message,
    *,
    by: Actor,
    now: datetime,
) -> None:
    area = session.get_one(PlantingArea, code.area_id)
    facts = {
        "code_id": code.uid,
        "code": code.code,
        "market": code.market,
        "effective_on": step.effective_on,
        "reason": step.reason,
        "reason_slug": step.reason_slug,
        "decision": step.decision_number,
    }
    kind = _KINDS[step.status]
    record_of_area(session, area, kind, facts, by=by, now=now)
    told = Message(
        _TOLD[step.status].msgid,
        {"code": code.code, "area": area.name, "day": step.effective_on, "reason": reason},
    )
    tell_holder(session, area, kind, f"step:{step.pk}", told, now=now)
