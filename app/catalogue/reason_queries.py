"""The dated list of reasons an officer may give."""

from datetime import date

from sqlalchemy import or_, select
from sqlmodel import Session, col

from app.models.catalogue import DecisionReason


def reasons_for(session: Session, step: str, day: date) -> list[DecisionReason]:
    """The reasons that may be given for a step on a day, in the order of the list."""
    wanted = (
        select(DecisionReason)
        .where(
            col(DecisionReason.step) == step,
            col(DecisionReason.valid_from) <= day,
            or_(col(DecisionReason.valid_to).is_(None), col(DecisionReason.valid_to) >= day),
        )
        .order_by(col(DecisionReason.id))
    )
    return list(session.execute(wanted).scalars())


def reasons_by_slug(session: Session) -> dict[str, DecisionReason]:
    """Every reason that was ever in the list: old steps keep theirs."""
    return {reason.slug: reason for reason in session.execute(select(DecisionReason)).scalars()}
