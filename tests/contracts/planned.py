"""A price and a model group of an organisation, for the walk along the policy table."""

from datetime import timedelta
from itertools import count

from sqlmodel import Session

from app.ledger.actors import Actor
from app.models.certificates import Certificate
from app.models.registry import Organisation
from app.plan.model_commands import ModelDetails, name_model
from app.plan.price_commands import PriceDetails, enter_price
from tests.given import Given

BY = Actor.system()
_numbers = count(1)


def planned_things(
    session: Session, given: Given, organisation: Organisation, certificate: Certificate
) -> dict[str, str]:
    """A price of its own, and that it is a model group of some plan: fresh ones."""
    number = next(_numbers)
    since = given.day(-1) - timedelta(days=number)
    price = enter_price(
        session,
        organisation=organisation,
        details=PriceDetails("BAP_CAI", 8_000, since),
        by=BY,
        now=given.now,
    )
    group = name_model(
        session,
        organisation=organisation,
        certificate=certificate,
        details=ModelDetails(given.day(-1), plan=f"PLAN_{number}"),
        by=BY,
        now=given.now,
    )
    return {"price": str(price.uid), "model_group": str(group.uid)}
