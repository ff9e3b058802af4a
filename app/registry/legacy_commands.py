"""Entering codes that were given before this register was kept: each exactly as it was written."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from app.errors import Conflict, FieldError, refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.kit.text import TextRefused, clean
from app.ledger.actors import Actor
from app.models.registry import ENDED, AreaCode, AreaCodeStep, CodeScheme, CodeStatus, PlantingArea
from app.registry import codes, rules
from app.registry.application_commands import require_no_code
from app.registry.area_history_commands import record_of_area
from app.registry.code_queries import find_code, find_newest_code
from app.registry.decision_queries import require_day
from app.registry.finding_commands import index_words
from app.registry.law_queries import scheme_in_force
from app.registry.markets import HOME_MARKET, market_of
from app.registry.words import name_or_nothing, text_of


@dataclass(frozen=True)
class FormerCode:
    """A code of a former register. `since`: from when it has its status, if that is not active."""

    code: str
    market: str
    issued_on: date
    number: str = ""
    status: CodeStatus = CodeStatus.ACTIVE
    since: date | None = None
    reason: str = ""


def enter_code(
    session: Session, *, area: PlantingArea, former: FormerCode, by: Actor, now: datetime
) -> AreaCode:
    """Keep a code untouched, under the scheme whose form it has; no serial is used.

    Raises Refused for a day on which its scheme gave no codes, a market it was not for, or steps
    out of order; Conflict for a code that stands in the register, or a market that has one.
    """
    text, scheme, parsed = _read(former.code)
    market = market_of(former.market)
    _require_possible(session, scheme, parsed, market, former)
    known = find_code(session, text)
    if known is not None:
        why = say("Code {code} was given to an area already.", code=known.code)
        raise Conflict(why, FieldError("code", why))
    if former.status not in ENDED:
        require_no_code(session, area, market)
    before = find_newest_code(session, area.pk, market)
    require_day(session, area, before, former.issued_on, today=day_of(now))
    made = AreaCode(
        area_id=area.pk,
        market=market,
        scheme=scheme,
        code=text,
        code_key=codes.key_of(text),
        parts=json.dumps(codes.parts_of(parsed), ensure_ascii=False),
        issued_on=former.issued_on,
        decision_number=name_or_nothing("number", former.number, longest=80),
        status=former.status,
        predecessor_id=before.id if before else None,
        created_at=now,
    )
    session.add(made)
    session.flush()  # its id, for its steps
    _keep_steps(session, made, former, now)
    index_words(session, area)
    _record(session, area, made, by=by, now=now)
    return made


def _read(typed: str) -> tuple[str, CodeScheme, codes.AnyCode]:
    try:
        text = clean(typed, longest=codes.LONGEST_CODE)
    except TextRefused as refusal:
        raise refuse("code", refusal.why) from None
    found = codes.read_any(text)
    if found is None:
        raise refuse("code", say("This is no code: it has no digits, or too few letters."))
    return text, *found


def _require_possible(
    session: Session, scheme: CodeScheme, parsed: codes.AnyCode, market: str, former: FormerCode
) -> None:
    if getattr(parsed, "kind", "") in {"PH", "PHC"}:
        raise refuse("code", say("This is the code of a packing house."))
    if not scheme_in_force(session, scheme, former.issued_on):
        day = former.issued_on
        raise refuse(
            "issued_on", say("No code could be issued under this scheme on {day}.", day=day)
        )
    if scheme is CodeScheme.QD3156_2022 and market != HOME_MARKET:
        raise refuse("market", say("This scheme is for the home market only."))
    if scheme is CodeScheme.TCCS774_2020 and market == HOME_MARKET:
        raise refuse("market", say("This scheme is for export only."))


def _keep_steps(session: Session, code: AreaCode, former: FormerCode, now: datetime) -> None:
    first = AreaCodeStep(
        code_id=code.pk,
        status=CodeStatus.ACTIVE,
        effective_on=code.issued_on,
        reason=code.decision_number,
        recorded_at=now,
    )
    session.add(first)
    if former.status is CodeStatus.ACTIVE:
        return
    if former.since is None:
        raise refuse("since", say("Say from which day the code has this status."))
    rules.require_past_day("since", former.since, today=day_of(now))
    if former.since < code.issued_on:
        raise refuse("since", say("This day is before the code was issued."))
    session.flush()  # the first step comes first
    session.add(
        AreaCodeStep(
            code_id=code.pk,
            status=former.status,
            effective_on=former.since,
            reason=text_of("reason", former.reason, longest=500, multiline=True),
            recorded_at=now,
        )
    )


def _record(
    session: Session, area: PlantingArea, code: AreaCode, *, by: Actor, now: datetime
) -> None:
    facts = {
        "code_id": code.uid,
        "code": code.code,
        "scheme": code.scheme,
        "market": code.market,
        "decision": code.decision_number,
        "effective_on": code.issued_on,
        "status": code.status,
    }
    record_of_area(session, area, "code.entered", facts, by=by, now=now)
