"""Entering codes that were given before this register, or elsewhere: as they stand, untouched."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from app.catalogue.queries import rule_on
from app.errors import Conflict, FieldError, refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.ledger.actors import Actor
from app.models.registry import AreaCode, AreaCodeStep, CodeScheme, CodeStatus, PlantingArea
from app.registry import codes
from app.registry.area_history_commands import record_of_area, tell_holder
from app.registry.code_queries import find_code, find_newest_code, find_standing_code
from app.registry.finding_commands import index_words
from app.registry.law_queries import SCHEME_RULE
from app.registry.markets import HOME_MARKET, market_of
from app.registry.rules import require_past_day
from app.registry.words import name_of, text_of


@dataclass(frozen=True)
class GivenCode:
    """A code as its paper shows it; `number` is that of the decision."""

    code: str
    scheme: CodeScheme
    market: str
    issued_on: date
    number: str


def enter_code(
    session: Session, *, area: PlantingArea, given: GivenCode, by: Actor, now: datetime
) -> AreaCode:
    """Enter a code that an area was given; its letters are kept as they were written.

    Raises Refused for what is not of its scheme or could not be given on that day, Conflict for a
    code that is known or an area that holds one for the market.
    """
    market = market_of(given.market)
    text, parts = require_code(given, market)
    number = name_of("number", given.number, longest=80)[0]
    require_day_of_code(session, area, given, today=day_of(now))
    require_free(session, area, text, market)
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
        decision_number=number,
        created_at=now,
    )
    session.add(code)
    session.flush()  # the code's id, for its first step
    session.add(_first_step(code, now))
    session.flush()
    _publish(session, area, code, by=by, now=now)
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
    session: Session, area: PlantingArea, given: GivenCode, *, today: date
) -> None:
    """Refuse a day in the future, before the area, or on which the scheme was not in force."""
    day = given.issued_on
    require_past_day("issued_on", day, today=today)
    if day < area.established_on:
        since = area.established_on
        raise refuse("issued_on", say("The planting area exists only since {since}.", since=since))
    # What another authority gave is not ours to judge.
    external = given.scheme is CodeScheme.EXTERNAL
    if not external and rule_on(session, SCHEME_RULE.format(scheme=given.scheme), day) is None:
        why = say("No code could be issued under this scheme on {day}.", day=day)
        raise refuse("issued_on", why)


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


def _first_step(code: AreaCode, now: datetime) -> AreaCodeStep:
    return AreaCodeStep(
        code_id=code.pk,
        status=CodeStatus.ACTIVE,
        effective_on=code.issued_on,
        reason=code.decision_number,
        decision_number=code.decision_number,
        recorded_at=now,
    )


def _publish(
    session: Session, area: PlantingArea, code: AreaCode, *, by: Actor, now: datetime
) -> None:
    facts = {
        "code_id": code.uid,
        "code": code.code,
        "scheme": code.scheme,
        "market": code.market,
        "decision": code.decision_number,
        "effective_on": code.issued_on,
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
