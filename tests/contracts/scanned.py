"""An organisation's own alert and shop, for the walk along the policy table."""

from sqlmodel import Session

from app.ledger.actors import Actor
from app.models.lots import HarvestLot
from app.models.registry import Organisation
from app.scans.alert_commands import raise_alerts
from app.scans.count_commands import Odd
from app.scans.rules import Sign
from app.scans.shop_commands import make_shop_link
from tests.given import Given


def scanned_things(
    session: Session, given: Given, organisation: Organisation, lot: HarvestLot
) -> dict[str, str]:
    """One of each."""
    [alert] = raise_alerts(session, [Odd(lot.pk, 0, (Sign.DEVICES,))], now=given.now)
    shop, _ = make_shop_link(
        session,
        organisation=organisation,
        name="Cửa hàng",
        days=30,
        by=Actor.system(),
        now=given.now,
    )
    return {"alert": str(alert.uid), "shop": str(shop.uid)}
