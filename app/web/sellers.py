"""Who may mark a label as sold: people of the cooperative, or a shop's browser that it let in."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from app.accounts.caller import Caller
from app.ledger.actors import Actor
from app.models.accounts import Role
from app.models.registry import Organisation
from app.models.scans import ShopLink
from app.scans.shop_queries import find_shop
from app.settings import Settings

SELLING_ROLES = frozenset({Role.STAFF, Role.COOP_ADMIN})
SHOP = "shop"


@dataclass(frozen=True)
class Seller:
    """Somebody who may say that a pack was sold; `shop` None: the cooperative itself."""

    actor: Actor
    shop: ShopLink | None = None


def seller_of(
    request: Request,
    session: Session,
    caller: Caller | None,
    organisation: Organisation,
    *,
    now: datetime,
) -> Seller | None:
    """The seller who asks, for goods of an organisation; None for everybody else."""
    if caller and caller.role in SELLING_ROLES and caller.organisation_id == organisation.pk:
        return Seller(caller.actor)
    kept = request.cookies.get(shop_cookie(request.app.state.settings), "")
    shop = find_shop(session, kept, organisation_id=organisation.pk, now=now) if kept else None
    return Seller(Actor(None, SHOP, organisation.uid), shop) if shop else None


def shop_cookie(settings: Settings) -> str:
    """The name of the cookie of a shop's browser."""
    return f"__Host-{SHOP}" if settings.secure_cookies else SHOP


def let_in(answer: Response, settings: Settings, kept: str, *, seconds: int) -> None:
    """Give a browser what makes it a shop's."""
    answer.set_cookie(
        shop_cookie(settings),
        kept,
        max_age=seconds,
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )
