"""Keeping views of the desk and dropping them. Nobody's record but one's own: no fact of the ledger."""

import re
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.errors import FieldError, Refused, refuse
from app.kit.messages import say
from app.kit.text import TextRefused, clean
from app.models.plan_views import PlanView

MOST_VIEWS = 50
LONGEST_ADDRESS = 500
# A page of the desk with plain letters after it: what is shown there is checked again when it is opened.
_ADDRESS = re.compile(r"/desk/plan/(tables|rows|map|trends)(\?[\w%&=.+-]*)?", re.ASCII)


def keep_view(
    session: Session, *, account_id: int, name: str, address: str, now: datetime
) -> PlanView:
    """Keep a view; one of the same name is replaced."""
    if len(address) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        raise refuse("address", say("This is no page that can be kept."))
    try:
        called = clean(name, longest=80)
    except TextRefused as refusal:
        raise Refused(refusal.why, FieldError("name", refusal.why)) from None
    if not called:
        raise refuse("name", say("This is required."))
    known = _named(session, account_id, called)
    if known is not None:
        known.address, known.created_at = address, now
        return known
    if _count(session, account_id) >= MOST_VIEWS:
        raise refuse("name", say("At most {most} views. Drop one first.", most=MOST_VIEWS))
    view = PlanView(account_id=account_id, name=called, address=address, created_at=now)
    session.add(view)
    session.flush()
    return view


def drop_view(session: Session, *, account_id: int, uid: UUID) -> None:
    """Drop one of one's own; what is not there, or somebody else's, is left as it is."""
    wanted = select(PlanView).where(
        col(PlanView.uid) == uid, col(PlanView.account_id) == account_id
    )
    view = session.execute(wanted).scalar_one_or_none()
    if view is not None:
        session.delete(view)


def views_of(session: Session, account_id: int) -> list[PlanView]:
    """One's own views, by name."""
    wanted = select(PlanView).where(col(PlanView.account_id) == account_id)
    return list(session.execute(wanted.order_by(col(PlanView.name))).scalars())


def _named(session: Session, account_id: int, name: str) -> PlanView | None:
    wanted = select(PlanView).where(
        col(PlanView.account_id) == account_id, col(PlanView.name) == name
    )
    found: PlanView | None = session.execute(wanted).scalar_one_or_none()
    return found


def _count(session: Session, account_id: int) -> int:
    wanted = select(func.count()).where(col(PlanView.account_id) == account_id)
    return int(session.execute(wanted).scalar_one())
