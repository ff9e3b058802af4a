"""Contracts in a few words, as the tests of them need them."""

from datetime import timedelta
from typing import Any

from app.contracts.commands import Terms, draft_contract, sign_contract
from app.contracts.rules import Period
from app.kit.clock import day_of
from app.kit.quantities import Grams
from app.models.contracts import Contract
from app.models.movements import Party
from app.models.registry import Organisation
from tests.movements.moving import Moving


def terms(
    moving: Moving, to: Party | Organisation, kilograms: int = 1_000, **details: Any
) -> Terms:
    """Cabbages from ten days ago until in thirty days, for 9,500 đồng a kilogram."""
    today = day_of(moving.given.now)
    chosen: dict[str, Any] = {
        "number": f"HĐ-{to.pk}",
        "crop": "BAP_CAI",
        "period": Period(today - timedelta(days=10), today + timedelta(days=30)),
        "price_dong": 9_500,
        **({"party": to} if isinstance(to, Party) else {"buyer": to}),
        **details,
    }
    return Terms(quantity=Grams(kilograms * 1_000), **chosen)


def agreed(
    moving: Moving, to: Party | Organisation, kilograms: int = 1_000, **details: Any
) -> Contract:
    """A contract, not signed yet."""
    doer = moving.doer
    return draft_contract(
        moving.session,
        moving.home,
        terms(moving, to, kilograms, **details),
        by=doer.by,
        now=doer.now,
    )


def signed(
    moving: Moving, to: Party | Organisation, kilograms: int = 1_000, **details: Any
) -> Contract:
    """A contract that both sides signed five days ago."""
    contract = agreed(moving, to, kilograms, **details)
    day = day_of(moving.given.now) - timedelta(days=5)
    return sign_contract(moving.session, contract, day, by=moving.doer.by, now=moving.doer.now)
