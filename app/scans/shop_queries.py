"""Finding the shops of an organisation, and the shop behind a link or a cookie."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts.queries import token_digest
from app.accounts.reach import Reach
from app.errors import NotFound
from app.kit.messages import say
from app.models.scans import SerialMark, ShopLink


@dataclass(frozen=True)
class ShopLine:
    """A shop and how many labels it marked."""

    link: ShopLink
    marks: int

    def stands(self, now: datetime) -> bool:
        """Whether it may mark labels."""
        return self.link.ended_at is None and self.link.expires_at > now


def shops(session: Session, *, within: Reach, limit: int = 200) -> list[ShopLine]:
    """Shops, newest first."""
    counted = (
        select(func.count())
        .where(col(SerialMark.shop_link_id) == col(ShopLink.id))
        .correlate(ShopLink)
        .scalar_subquery()
    )
    wanted = select(ShopLink, counted).where(within.limits(col(ShopLink.organisation_id)))
    newest = wanted.order_by(col(ShopLink.id).desc()).limit(limit)
    return [ShopLine(link, marks) for link, marks in session.execute(newest)]


def shop_by_uid(session: Session, uid: UUID, *, within: Reach) -> ShopLink:
    """The shop with this public id; NotFound outside the reach."""
    wanted = select(ShopLink).where(
        col(ShopLink.uid) == uid, within.limits(col(ShopLink.organisation_id))
    )
    found: ShopLink | None = session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound(say("There is no such shop."))
    return found


def find_shop_link(
    session: Session, token: str, *, now: datetime, life: timedelta
) -> ShopLink | None:
    """The link with this token, while it lets somebody in."""
    wanted = select(ShopLink).where(
        col(ShopLink.token_hash) == token_digest(token).hex(),
        col(ShopLink.taken_at).is_(None),
        col(ShopLink.ended_at).is_(None),
        col(ShopLink.expires_at) > now,
        col(ShopLink.created_at) > now - life,
    )
    found: ShopLink | None = session.execute(wanted).scalar_one_or_none()
    return found


def find_shop(
    session: Session, kept: str, *, organisation_id: int, now: datetime
) -> ShopLink | None:
    """The shop whose browser keeps this, if it may mark labels of an organisation."""
    wanted = select(ShopLink).where(
        col(ShopLink.session_hash) == token_digest(kept).hex(),
        col(ShopLink.organisation_id) == organisation_id,
        col(ShopLink.ended_at).is_(None),
        col(ShopLink.expires_at) > now,
    )
    found: ShopLink | None = session.execute(wanted).scalar_one_or_none()
    return found
