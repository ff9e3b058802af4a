"""What people write about inputs, cleaned, or refused at its field; and how it is recorded."""

from datetime import datetime

from sqlmodel import Session

from app.errors import refuse
from app.kit.messages import say
from app.kit.text import TextRefused, clean
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.inputs import InputProduct

LONGEST_INTERVAL = 365


def text_of(field: str, typed: str, *, longest: int) -> str:
    """One line of text that may be left out."""
    try:
        return clean(typed, longest=longest)
    except TextRefused as refusal:
        raise refuse(field, refusal.why) from refusal


def required(field: str, typed: str, *, longest: int) -> str:
    """One line of text that must be there."""
    text = text_of(field, typed, longest=longest)
    if not text:
        raise refuse(field, say("This is required."))
    return text


def interval_of(days: int | None) -> int | None:
    """A pre-harvest interval in days; a slip of the finger is refused, a long one is not."""
    if days is not None and not 0 <= days <= LONGEST_INTERVAL:
        why = say("Between 0 and {most} days.", most=LONGEST_INTERVAL)
        raise refuse("interval_days", why)
    return days


def record_input(
    session: Session,
    product: InputProduct,
    kind: str,
    facts: dict[str, object],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Append what was written about a product."""
    record(session, kind=kind, subject=str(product.uid), by=by, now=now, facts=facts)
