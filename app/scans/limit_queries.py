"""The thresholds of a day, from the dated rows `scan.…`."""

from dataclasses import fields
from datetime import date

from sqlalchemy import or_, select
from sqlmodel import Session, col

from app.catalogue.queries import value_of
from app.models.catalogue import LegalRule
from app.scans.rules import Limits

_PREFIX = "scan."


def limits_on(session: Session, day: date) -> Limits:
    """What counted as unusual on a day, and how long what is kept; a missing row keeps the usual figure."""
    wanted = (
        select(LegalRule)
        .where(
            col(LegalRule.key).in_([_PREFIX + one.name for one in fields(Limits)]),
            or_(col(LegalRule.valid_from).is_(None), col(LegalRule.valid_from) <= day),
            or_(col(LegalRule.valid_to).is_(None), col(LegalRule.valid_to) >= day),
        )
        .order_by(col(LegalRule.valid_from))
    )
    said = {rule.key: value_of(rule) for rule in session.execute(wanted).scalars()}
    return Limits(**{key.removeprefix(_PREFIX): int(value) for key, value in said.items()})
