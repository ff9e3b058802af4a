"""Issuing the planting-area code that was applied for."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from app.catalogue.rules import Severity
from app.errors import Conflict, FieldError, Refused, refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.ledger.actors import Actor
from app.models.catalogue import Crop
from app.models.places import AdminUnit
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
from app.registry.application_commands import decide, require_no_code, require_undecided
from app.registry.area_history_commands import record_of_area
from app.registry.area_queries import crops_of
from app.registry.code_queries import find_code, find_newest_code, steps_of
from app.registry.law_queries import (
    TYPED_SCHEMES,
    concerns_about,
    crop_token,
    market_token,
    scheme_in_force,
)
from app.registry.markets import HOME_MARKET
from app.registry.rules import require_past_day
from app.registry.serial_commands import next_serial
from app.registry.words import name_of


@dataclass(frozen=True)
class Decision:
    """An officer's decision to issue: under which scheme, when, by which document.

    `typed_code` only for schemes that are issued elsewhere (EXTERNAL, TCCS774_2020); `crop` is the
    slug of the crop that an ND38_2026 code names, the area's first by name unless given.
    """

    scheme: CodeScheme
    decided_on: date
    number: str
    typed_code: str = ""
    crop: str = ""


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
    require_undecided(application)
    area = session.get_one(PlantingArea, application.area_id)
    number, _ = name_of("number", decision.number, longest=80)
    former = find_newest_code(session, area.pk, application.market)
    require_no_code(session, area, application.market)
    _require_day(session, area, former, decision.decided_on, today=day_of(now))
    _require_lawful(session, area, application.market, decision)
    basis = _basis(session, area, application.market, decision)
    decide(session, application, ApplicationState.ISSUED, now=now)
    given = _given(session, decision.scheme, basis)
    code = AreaCode(
        area_id=area.pk,
        application_id=application.pk,
        predecessor_id=former.id if former else None,
        market=application.market,
        scheme=decision.scheme,
        code=str(given),
        code_key=codes.key_of(str(given)),
        parts=json.dumps(codes.parts_of(given), ensure_ascii=False),
        issued_on=decision.decided_on,
        decision_number=number,
        created_at=now,
    )
    _keep(session, code, now)
    facts = _facts(application, code, former)
    record_of_area(session, area, "code.issued", facts, by=by, now=now)
    return code


def _require_day(
    session: Session, area: PlantingArea, former: AreaCode | None, day: date, *, today: date
) -> None:
    require_past_day("decided_on", day, today=today)
    if day < area.established_on:
        since = area.established_on
        raise refuse("decided_on", say("The planting area exists only since {since}.", since=since))
    held_until = max((step.effective_on for step in _steps(session, former)), default=day)
    if day < held_until:
        held = say("The former code held until {day}; this cannot be earlier.", day=held_until)
        raise refuse("decided_on", held)


def _steps(session: Session, code: AreaCode | None) -> list[AreaCodeStep]:
    return steps_of(session, code) if code else []


def _require_lawful(session: Session, area: PlantingArea, market: str, decision: Decision) -> None:
    scheme, day = decision.scheme, decision.decided_on
    if not scheme_in_force(session, scheme, day):
        raise refuse("scheme", say("No code could be issued under this scheme on {day}.", day=day))
    if scheme is CodeScheme.QD3156_2022 and market != HOME_MARKET:
        raise refuse("scheme", say("This scheme is for the home market only."))
    if scheme is CodeScheme.TCCS774_2020 and market == HOME_MARKET:
        raise refuse("scheme", say("This scheme is for export only."))
    for concern in concerns_about(session, area, market, day=day):
        if concern.severity is Severity.REFUSE:
            raise Refused(concern.why)


def _basis(
    session: Session, area: PlantingArea, market: str, decision: Decision
) -> codes.AnyCode | codes.Grounds:
    """What the code is made of, or the code itself where it was issued elsewhere. Writes nothing."""
    if decision.scheme in TYPED_SCHEMES:
        return _typed(session, decision)
    if decision.typed_code.strip():
        raise refuse("typed_code", say("Codes of this scheme are issued here, not typed in."))
    unit = _unit(session, area, decision.scheme)
    crop = _crop(session, area, decision)
    return codes.Grounds(
        province=unit.province_code,
        district=unit.district_code or "",
        commune=unit.code,
        crop_token=crop_token(session, crop, decision.decided_on),
        market=market_token(session, market, decision.decided_on),
        decided_on=decision.decided_on,
    )


def _typed(session: Session, decision: Decision) -> codes.AnyCode:
    code = codes.read(decision.scheme, decision.typed_code)
    if code is None:
        raise refuse("typed_code", say("This code does not have the form of its scheme."))
    if isinstance(code, codes.Tccs774Code) and code.kind == "PH":
        raise refuse("typed_code", say("This is the code of a packing house."))
    if find_code(session, str(code)) is not None:
        why = say("Code {code} was given to an area already.", code=str(code))
        raise Conflict(why, FieldError("typed_code", why))
    return code


def _unit(session: Session, area: PlantingArea, scheme: CodeScheme) -> AdminUnit:
    if scheme is not CodeScheme.QD3156_2022:
        return session.get_one(AdminUnit, area.commune_id)
    if area.former_commune_id is None:
        needed = say("This scheme needs the former commune with its district: add it to the area.")
        raise refuse("scheme", needed)
    return session.get_one(AdminUnit, area.former_commune_id)


def _crop(session: Session, area: PlantingArea, decision: Decision) -> Crop:
    grown = crops_of(session, area)
    chosen = [crop for crop in grown if decision.crop in {"", crop.slug}]
    if not chosen:
        raise refuse("crop", say("This crop is not grown in {area}.", area=area.name))
    return chosen[0]


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


def _facts(
    application: CodeApplication, code: AreaCode, former: AreaCode | None
) -> dict[str, object]:
    return {
        "application": application.uid,
        "code_id": code.uid,
        "code": code.code,
        "scheme": code.scheme,
        "market": code.market,
        "decision": code.decision_number,
        "effective_on": code.issued_on,
        "follows": former.code if former else None,
    }
