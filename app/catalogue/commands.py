"""Changing the law as the system knows it: a new row from a day on, never a rewritten one."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from app.catalogue.queries import value_of
from app.catalogue.rules import same_kind
from app.errors import Conflict, FieldError, NotFound, refuse
from app.kit.messages import say
from app.kit.text import clean
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.catalogue import Confidence, LegalRule, RowSource

LONGEST_VALUE = 2000


@dataclass(frozen=True)
class RuleAmendment:
    """What a rule says from a day on. `value` is JSON, in the unit the rule always had."""

    valid_from: date
    value: object
    legal_ref: str
    confidence: Confidence
    enforced: bool = False
    note: str = ""


def set_legal_rule(
    session: Session, *, key: str, amendment: RuleAmendment, by: Actor, now: datetime
) -> LegalRule:
    """Let a rule say something else from a day on; its former version ends the day before.

    Raises NotFound for a key the product does not know, Conflict when a version starts on that
    day or later, Refused for a value of another kind or a missing legal reference.
    """
    former = _newest(session, key)
    _require_later(former, amendment.valid_from)
    rule = LegalRule(
        key=key,
        valid_from=amendment.valid_from,
        value=_require_fitting(former, amendment.value),
        unit=former.unit,
        legal_ref=_require_reference(amendment.legal_ref),
        confidence=amendment.confidence,
        enforced=amendment.enforced,
        note=clean(amendment.note, longest=500),
        source=RowSource.EDITED,
    )
    _end(former, amendment.valid_from - timedelta(days=1))
    session.add(rule)
    record(session, kind="rule.set", subject=key, by=by, now=now, facts=_facts(rule, former))
    return rule


def _newest(session: Session, key: str) -> LegalRule:
    # Locked: two amendments of one rule at once would both end the same version.
    wanted = (
        select(LegalRule)
        .where(col(LegalRule.key) == key)
        .order_by(col(LegalRule.valid_from).desc())
        .limit(1)
        .with_for_update()
    )
    newest: LegalRule | None = session.execute(wanted).scalars().first()
    if newest is None:
        raise NotFound(say("There is no rule {key}.", key=key))
    return newest


def _require_later(former: LegalRule, valid_from: date) -> None:
    if valid_from > former.valid_from:
        return
    why = say(
        "A version of this rule starts on {day} already. Choose a later day.",
        day=former.valid_from,
    )
    raise Conflict(why, FieldError("valid_from", why))


def _require_fitting(former: LegalRule, value: object) -> str:
    if not same_kind(value_of(former), value):
        raise refuse(
            "value",
            say("The value must be of the same kind as before: {before}.", before=former.value),
        )
    written = json.dumps(value, ensure_ascii=False, sort_keys=True)
    if len(written) > LONGEST_VALUE:
        raise refuse("value", say("The value is too long."))
    return written


def _require_reference(legal_ref: str) -> str:
    reference = clean(legal_ref, longest=300)
    if not reference:
        raise refuse("legal_ref", say("Name the act or standard that says so."))
    return reference


def _end(former: LegalRule, last_day: date) -> None:
    if former.valid_to is None or former.valid_to > last_day:
        former.valid_to = last_day
        # Marked as edited, so that loading the shipped data does not open it again.
        former.source = RowSource.EDITED


def _facts(rule: LegalRule, former: LegalRule) -> dict[str, object]:
    return {
        "valid_from": rule.valid_from,
        "value": rule.value,
        "unit": rule.unit,
        "legal_ref": rule.legal_ref,
        "confidence": rule.confidence,
        "enforced": rule.enforced,
        "former": {
            "valid_from": former.valid_from,
            "valid_to": former.valid_to,
            "value": former.value,
        },
    }
