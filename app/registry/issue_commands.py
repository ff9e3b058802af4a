"""Issuing planting-area codes: one, many by one decision, or one in the place of another."""

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.errors import DomainError, FieldError, Refused
from app.kit.clock import day_of
from app.kit.messages import say
from app.ledger.actors import Actor
from app.models.registry import (
    ApplicationState,
    AreaCode,
    AreaCodeStep,
    CodeApplication,
    CodeScheme,
    CodeStatus,
    PlantingArea,
)
from app.registry import codes
from app.registry.application_commands import decide, require_decidable, require_no_code
from app.registry.area_history_commands import record_of_area, tell_holder
from app.registry.code_commands import Change, change_code
from app.registry.code_queries import find_code, find_newest_code
from app.registry.decision_queries import Decision, basis_of, number_of, require_day, require_lawful
from app.registry.finding_commands import index_words
from app.registry.markets import market_said
from app.registry.serial_commands import next_serial


def issue_code(
    session: Session,
    *,
    application: CodeApplication,
    decision: Decision,
    by: Actor,
    now: datetime,
) -> AreaCode:
    """Issue the code that was asked for (cấp mã): active from the day of the decision.

    It is never rewritten and never given again. Raises Conflict when the application was decided
    already or the code is taken; Refused for a scheme not in force on that day, for a typed code
    without its form, and for what an enforced rule of law forbids.
    """
    require_decidable(application, ApplicationState.ISSUED)
    area = session.get_one(PlantingArea, application.area_id)
    former = find_newest_code(session, area.pk, application.market)
    require_no_code(session, area, application.market)
    number_of(decision)  # everything that can be refused is, before anything is written
    require_day(session, area, former, decision.decided_on, today=day_of(now))
    require_lawful(session, area, application.market, decision)
    basis = basis_of(session, area, application.market, decision)
    decide(session, application, ApplicationState.ISSUED, now=now)
    code = _made(session, area, application.market, decision, basis, now=now)
    code.application_id = application.pk
    code.predecessor_id = former.id if former else None
    _keep(session, code, now)
    _publish(session, area, code, former, application.uid, by=by, now=now)
    return code


def issue_codes(
    session: Session,
    *,
    applications: Sequence[CodeApplication],
    decision: Decision,
    by: Actor,
    now: datetime,
) -> list[AreaCode]:
    """Issue many codes by one decision: all of them, or none and a sentence for each that cannot.

    Raises Refused with one fault an application, in the field `application:<uid>`.
    """
    made, faults = [], []
    for application in applications:
        try:
            made.append(
                issue_code(session, application=application, decision=decision, by=by, now=now)
            )
        except DomainError as refused:
            faults.append(FieldError(f"application:{application.uid}", refused.why))
    if faults:
        why = say(
            "{count} of {all} codes cannot be issued; none was.",
            count=len(faults),
            all=len(applications),
        )
        raise Refused(why, *faults)
    return made


def reissue_code(
    session: Session, *, code: AreaCode, decision: Decision, by: Actor, now: datetime
) -> AreaCode:
    """Replace a code that holds by a new one (cấp lại): another holder, crop, boundary or scheme.

    The old one is superseded on the day of the decision and stays readable for ever; the new one
    names it. Raises Refused for a code that does not hold, and as `issue_code` does.
    """
    area = session.get_one(PlantingArea, code.area_id)
    number_of(decision)  # everything that can be refused is, before anything is written
    require_day(session, area, code, decision.decided_on, today=day_of(now))
    require_lawful(session, area, code.market, decision)
    basis = basis_of(session, area, code.market, decision)
    change = Change(decision.decided_on, reason=decision.number, number=decision.number)
    status = CodeStatus.SUPERSEDED
    change_code(session, code=code, status=status, change=change, by=by, now=now)
    successor = _made(session, area, code.market, decision, basis, now=now)
    successor.predecessor_id = code.pk
    _keep(session, successor, now)
    _publish(session, area, successor, code, None, by=by, now=now)
    return successor


def _made(
    session: Session,
    area: PlantingArea,
    market: str,
    decision: Decision,
    basis: codes.AnyCode | codes.Grounds,
    *,
    now: datetime,
) -> AreaCode:
    given = _given(session, decision.scheme, basis)
    return AreaCode(
        area_id=area.pk,
        market=market,
        scheme=decision.scheme,
        code=str(given),
        code_key=codes.key_of(str(given)),
        parts=json.dumps(codes.parts_of(given), ensure_ascii=False),
        issued_on=decision.decided_on,
        decision_number=number_of(decision),
        created_at=now,
    )


def _given(
    session: Session, scheme: CodeScheme, basis: codes.AnyCode | codes.Grounds
) -> codes.AnyCode:
    if not isinstance(basis, codes.Grounds):
        return basis
    scope = codes.scope_of(scheme, basis)
    try:
        code = codes.made(scheme, basis, next_serial(session, scheme, scope))
        # The national portal may have given out the same code, entered here as EXTERNAL.
        while find_code(session, str(code)) is not None:
            code = codes.made(scheme, basis, next_serial(session, scheme, scope))
    except codes.SerialsExhausted:
        raise Refused(say("There are no serials left for {scope}.", scope=scope)) from None
    return code


def _keep(session: Session, code: AreaCode, now: datetime) -> None:
    session.add(code)
    session.flush()  # the code's id, for its first step
    session.add(
        AreaCodeStep(
            code_id=code.pk,
            status=CodeStatus.ACTIVE,
            effective_on=code.issued_on,
            reason=code.decision_number,
            recorded_at=now,
        )
    )


def _publish(
    session: Session,
    area: PlantingArea,
    code: AreaCode,
    former: AreaCode | None,
    application: UUID | None,
    *,
    by: Actor,
    now: datetime,
) -> None:
    facts = {
        "application": application,
        "code_id": code.uid,
        "code": code.code,
        "scheme": code.scheme,
        "market": code.market,
        "decision": code.decision_number,
        "effective_on": code.issued_on,
        "follows": former.code if former else None,
    }
    index_words(session, area)
    record_of_area(session, area, "code.issued", facts, by=by, now=now)
    told = say(
        "Code {code} is issued to {area} for the market {market}.",
        code=code.code,
        area=area.name,
        market=market_said(code.market),
    )
    tell_holder(session, area, "code.issued", f"code:{code.uid}", told, now=now)
