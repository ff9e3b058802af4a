"""A grower is named in public only while their recorded consent stands."""

from datetime import timedelta

from sqlalchemy import select
from sqlmodel import col

from app.models.ledger import LedgerEntry
from app.registry.grower_commands import (
    give_consent,
    withdraw_consent,
)
from app.registry.grower_queries import (
    public_name_of,
)
from tests.registry.decisions import BY


def test_a_name_is_told_only_while_consent_stands(session, enrol, now):
    grower = enrol()
    assert public_name_of(session, grower.pk) is None
    give_consent(session, grower=grower, by=BY, now=now)
    session.flush()
    assert public_name_of(session, grower.pk) == "Giàng A Páo"
    withdraw_consent(session, grower=grower, by=BY, now=now + timedelta(hours=1))
    session.flush()
    assert public_name_of(session, grower.pk) is None


def test_consent_given_or_withdrawn_twice_is_one_fact(session, enrol, now):
    grower = enrol()
    one = give_consent(session, grower=grower, by=BY, now=now)
    assert give_consent(session, grower=grower, by=BY, now=now) is one
    withdraw_consent(session, grower=grower, by=BY, now=now)
    withdraw_consent(session, grower=grower, by=BY, now=now)
    again = give_consent(session, grower=grower, by=BY, now=now)
    assert again.pk != one.pk
    kinds = session.execute(
        select(col(LedgerEntry.kind))
        .where(col(LedgerEntry.subject) == str(grower.uid))
        .order_by(col(LedgerEntry.position))
    ).scalars()
    assert list(kinds)[1:] == [
        "grower.consent_given",
        "grower.consent_withdrawn",
        "grower.consent_given",
    ]
