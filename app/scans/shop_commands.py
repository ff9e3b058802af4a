"""Shops that may mark labels as sold: let in by a link that works once, for one browser, for some days."""

import secrets
from datetime import datetime, timedelta

from sqlmodel import Session

from app.accounts.queries import token_digest
from app.errors import Conflict, Gone, refuse
from app.kit.messages import say
from app.kit.text import clean
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.registry import Organisation
from app.models.scans import ShopLink
from app.scans.shop_queries import find_shop_link

TOKEN_BYTES = 24
LONGEST_DAYS = 180
# An address that nobody opened for so long lets nobody in any more.
LINK_LIFE = timedelta(days=7)


def make_shop_link(
    session: Session, *, organisation: Organisation, name: str, days: int, by: Actor, now: datetime
) -> tuple[ShopLink, str]:
    """A link for a shop, with its token, which is known only now."""
    shop = clean(name, longest=120)
    if not shop:
        raise refuse("name", say("This is required."))
    if not 1 <= days <= LONGEST_DAYS:
        raise refuse("days", say("From 1 to {most} days.", most=LONGEST_DAYS))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = ShopLink(
        organisation_id=organisation.pk,
        name=shop,
        token_hash=token_digest(token).hex(),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    session.add(link)
    session.flush()
    _record(session, link, organisation, "shop.linked", by, now)
    return link, token


def take_shop_link(session: Session, *, token: str, now: datetime) -> tuple[ShopLink, str]:
    """Let the browser in that uses the link first; returns what it keeps as its cookie."""
    link = find_shop_link(session, token, now=now, life=LINK_LIFE)
    if link is None:
        raise Gone(say("This link was used already or has run out. Ask for a new one."))
    kept = secrets.token_urlsafe(TOKEN_BYTES)
    link.session_hash, link.taken_at = token_digest(kept).hex(), now
    session.flush()  # two browsers at once: the second meets another version
    organisation = session.get_one(Organisation, link.organisation_id)
    _record(session, link, organisation, "shop.let_in", Actor.public(), now)
    return link, kept


def end_shop_link(session: Session, *, link: ShopLink, by: Actor, now: datetime) -> ShopLink:
    """The shop may not mark labels any more; what it marked stays."""
    if link.ended_at is not None:
        raise Conflict(say("This was ended already."))
    link.ended_at = now
    session.flush()
    organisation = session.get_one(Organisation, link.organisation_id)
    _record(session, link, organisation, "shop.ended", by, now)
    return link


def _record(
    session: Session,
    link: ShopLink,
    organisation: Organisation,
    kind: str,
    by: Actor,
    now: datetime,
) -> None:
    record(
        session,
        kind=kind,
        subject=str(link.uid),
        by=by,
        now=now,
        organisation=organisation.uid,
        facts={"name": link.name, "expires_at": link.expires_at},
    )
