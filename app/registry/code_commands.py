"""What befalls a planting-area code once it is issued: suspension, restoration, revocation."""

from datetime import date, datetime

from sqlmodel import Session

from app.errors import Refused
from app.kit.clock import day_of
from app.kit.messages import Message, say
from app.ledger.actors import Actor
from app.models.registry import AreaCode, AreaCodeStep, CodeStatus, PlantingArea
from app.registry import rules
from app.registry.area_history_commands import record_of_area
from app.registry.code_queries import steps_of
from app.registry.words import reason_of

STATUS_WORDS: dict[CodeStatus, Message] = {
    CodeStatus.ACTIVE: say("active"),
    CodeStatus.SUSPENDED: say("suspended"),
    CodeStatus.REVOKED: say("revoked"),
}
_KINDS = {
    CodeStatus.ACTIVE: "code.restored",
    CodeStatus.SUSPENDED: "code.suspended",
    CodeStatus.REVOKED: "code.revoked",
}


def suspend_code(
    session: Session, *, code: AreaCode, effective_on: date, reason: str, by: Actor, now: datetime
) -> AreaCode:
    """Suspend a code (đình chỉ) from a day on: harvests since then cannot claim it."""
    step = _step(code, CodeStatus.SUSPENDED, effective_on, reason=reason, now=now)
    return _change(session, code, step, by=by, now=now)


def restore_code(
    session: Session, *, code: AreaCode, effective_on: date, reason: str, by: Actor, now: datetime
) -> AreaCode:
    """Give a suspended code its force back (phục hồi); what was revoked stays revoked."""
    step = _step(code, CodeStatus.ACTIVE, effective_on, reason=reason, now=now)
    return _change(session, code, step, by=by, now=now)


def revoke_code(
    session: Session, *, code: AreaCode, effective_on: date, reason: str, by: Actor, now: datetime
) -> AreaCode:
    """Revoke a code for good (thu hồi, huỷ bỏ); the area may apply for a new one."""
    step = _step(code, CodeStatus.REVOKED, effective_on, reason=reason, now=now)
    return _change(session, code, step, by=by, now=now)


def _step(
    code: AreaCode, status: CodeStatus, effective_on: date, *, reason: str, now: datetime
) -> AreaCodeStep:
    return AreaCodeStep(
        code_id=code.pk,
        status=status,
        effective_on=effective_on,
        reason=reason_of(reason),
        recorded_at=now,
    )


def _change(
    session: Session, code: AreaCode, step: AreaCodeStep, *, by: Actor, now: datetime
) -> AreaCode:
    if not rules.may_become(code.status, step.status):
        raise Refused(
            say(
                "Code {code} is {status}: this cannot be done with it.",
                code=code.code,
                status=STATUS_WORDS[code.status],
            )
        )
    rules.require_step(steps_of(session, code), step.effective_on, today=day_of(now))
    code.status = step.status
    session.flush()  # a lost race must fail before the ledger is touched
    session.add(step)
    area = session.get_one(PlantingArea, code.area_id)
    facts = {
        "code_id": code.uid,
        "code": code.code,
        "market": code.market,
        "effective_on": step.effective_on,
        "reason": step.reason,
    }
    record_of_area(session, area, _KINDS[step.status], facts, by=by, now=now)
    return code
