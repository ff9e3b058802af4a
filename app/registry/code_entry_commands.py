"""Entering codes that were given before this register, or elsewhere: as they stand, untouched."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from app.errors import Conflict, FieldError, refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.ledger.actors import Actor
from app.models.registry import ENDED, AreaCode, AreaCodeStep, CodeScheme, CodeStatus, PlantingArea
from app.registry import codes
from app.registry.area_history_commands import record_of_area, tell_holder
from app.registry.code_queries import find_code, find_newest_code, find_standing_code, steps_of
from app.registry.finding_commands import index_words
from app.registry.law_queries import scheme_in_force
from app.registry.markets import HOME_MARKET, market_of
from app.registry.rules import require_past_day
from app.registry.words import name_or_nothing, text_of


@dataclass(frozen=True)
class GivenCode:
    """A code as its paper, or a former register, shows it; `number` is that of the decision.

    `since`: from when it has its status, with the `reason`, where it is not active.
    """

    code: str
    scheme: CodeScheme
    market: str
    issued_on: date
    number: str = ""
    status: CodeStatus = CodeStatus.ACTIVE
    since: date | None = None
    reason: str = ""


def enter_code(
    session: Session, *, area: PlantingArea, given: GivenCode, by: Actor, now: datetime
) -> AreaCode:
    """Enter a code that an area was given; its letters are kept as they were written.

    Codes of one area and market come in as they followed each other. No serial is used. Raises
    Refused for what is not of its scheme, could not be given on that day, or steps out of order;
    Conflict for a code that is known or an area that holds one for the market.
    """
    market = market_of(given.market)
    text, parts = require_code(given, market)
    require_free(session, area, text, market)
    require_day_of_code(session, area, given, market, today=day_of(now))
    require_day_of_status(given, today=day_of(now))
    former = find_newest_code(session, area.pk, market)
    code = AreaCode(
        area_id=area.pk,
        predecessor_id=former.id if former else None,
        market=market,
        scheme=given.scheme,
        code=text,
        code_key=codes.key_of(text),
        parts=json.dumps(codes.parts_of(parts), ensure_ascii=False),
        issued_on=given.issued_on,
        decision_number=name_or_nothing("number", given.number, longest=80),
        status=given.status,
        created_at=now,
    )
    session.add(code)
    session.flush()  # the code's id, for its steps
    _keep_steps(session, code, given, now)
    _publish(session, area, code, given, by=by, now=now)
    return code


def require_code(given: GivenCode, market: str) -> tuple[str, codes.AnyCode]:
    """The code as it was written, and its parts; Refused when it has not the form of its scheme."""
    text = text_of("code", given.code, longest=codes.LONGEST_CODE)
    parts = codes.read(given.scheme, text)
    if parts is None:
        raise refuse("code", say("This code does not have the form of its scheme."))
    if isinstance(parts, codes.Tccs774Code | codes.Nd38Code) and parts.kind in {"PH", "PHC"}:
        raise refuse("code", say("This is the code of a packing house."))
    if given.scheme is CodeScheme.QD3156_2022 and market != HOME_MARKET:
        raise refuse("market", say("This scheme is for the home market only."))
    if given.scheme is CodeScheme.TCCS774_2020 and market == HOME_MARKET:
        raise refuse("market", say("This scheme is for export only."))
    return text, parts


def require_day_of_code(
    session: Session, area: PlantingArea, given: GivenCode, market: str, *, today: date
) -> None:
    """Refuse a day in the future, before the area or the end of a former code, or before its scheme."""
    day = given.issued_on
    require_past_day("issued_on", day, today=today)
    if day < area.established_on:
        since = area.established_on
        raise refuse("issued_on", say("The planting area exists only since {since}.", since=since))
    # What another authority gave is not ours to judge.
    external = given.scheme is CodeScheme.EXTERNAL
    if not external and not scheme_in_force(session, given.scheme, day):
        why = say("No code could be issued under this scheme on {day}.", day=day)
        raise refuse("issued_on", why)
    held_until = _held_until(session, area, market)
    if held_until is not None and day < held_until:
        held = say("The former code held until {day}; this cannot be earlier.", day=held_until)
        raise refuse("issued_on", held)


def _held_until(session: Session, area: PlantingArea, market: str) -> date | None:
    """The day on which the area's last code for a market ended; None where none did."""
    former = find_newest_code(session, area.pk, market)
    if former is None or former.status not in ENDED:
        return None
    return max(step.effective_on for step in steps_of(session, former))


def require_day_of_status(given: GivenCode, *, today: date) -> None:
    """Refuse a status other than active without its day, or with one that cannot be."""
    text_of("reason", given.reason, longest=500, multiline=True)
    if given.status is CodeStatus.ACTIVE:
        return
    if given.since is None:
        raise refuse("since", say("Say from which day the code has this status."))
    require_past_day("since", given.since, today=today)
    if given.since < given.issued_on:
        raise refuse("since", say("This day is before the code was issued."))


def require_free(session: Session, area: PlantingArea, code: str, market: str) -> None:
    """Raise Conflict for a code that is known, and for an area that holds one for the market."""
    if find_code(session, code) is not None:
        why = say("Code {code} was given to an area already.", code=code)
        raise Conflict(why, FieldError("code", why))
    standing = find_standing_code(session, area.pk, market)
    if standing is not None:
        why = say(
            "{area} holds code {code} for this market already.", area=area.name, code=standing.code
        )
        raise Conflict(why, FieldError("market", why))


def _keep_steps(session: Session, code: AreaCode, given: GivenCode, now: datetime) -> None:
    first = AreaCodeStep(
        code_id=code.pk,
        status=CodeStatus.ACTIVE,
        effective_on=code.issued_on,
        reason=code.decision_number,
        decision_number=code.decision_number,
        recorded_at=now,
    )
    session.add(first)
    session.flush()  # the first step comes first
    if given.since is None or given.status is CodeStatus.ACTIVE:
        return
    session.add(
        AreaCodeStep(
            code_id=code.pk,
            status=given.status,
            effective_on=given.since,
            reason=text_of("reason", given.reason, longest=500, multiline=True),
            recorded_at=now,
        )
    )
    session.flush()


def _publish(
    session: Session,
    area: PlantingArea,
    code: AreaCode,
    given: GivenCode,
    *,
    by: Actor,
    now: datetime,
) -> None:
    facts = {
        "code_id": code.uid,
        "code": code.code,
        "scheme": code.scheme,
        "market": code.market,
        "decision": code.decision_number,
        "effective_on": code.issued_on,
        "status": code.status,
        "since": given.since if given.status is not CodeStatus.ACTIVE else None,
    }
    index_words(session, area)
    record_of_area(session, area, "code.entered", facts, by=by, now=now)
    told = say(
        "Code {code} of {area} for the market {market} is in the register now.",
        code=code.code,
        area=area.name,
        market=code.market,
    )
    tell_holder(session, area, "code.entered", f"code:{code.uid}", told, now=now)
