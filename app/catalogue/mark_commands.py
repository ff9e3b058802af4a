"""Keeping the marks of standards: a newer one takes the place of the one before, none is rewritten."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from app.catalogue.artwork import Artwork
from app.errors import refuse
from app.kit.messages import say
from app.kit.text import clean
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.catalogue import Standard
from app.models.marks import StandardMark


@dataclass(frozen=True)
class MarkTerms:
    """From when until when (inclusive) labels may bear a mark, and which act says so."""

    valid_from: date
    legal_ref: str
    valid_to: date | None = None


def add_mark(
    session: Session,
    *,
    standard: Standard,
    artwork: Artwork,
    terms: MarkTerms,
    by: Actor,
    now: datetime,
) -> StandardMark:
    """Keep a cleaned picture as the mark of a standard. Labels that are printed stay as they are.

    Raises Refused for a mark that would begin before one that is kept, ends before it begins, or
    rests on no act.
    """
    former = _newest(session, standard)
    _require_later(former, terms)
    mark = StandardMark(
        standard_id=standard.pk,
        content=artwork.content,
        width=artwork.width,
        height=artwork.height,
        sha256=artwork.sha256,
        valid_from=terms.valid_from,
        valid_to=terms.valid_to,
        legal_ref=_require_reference(terms.legal_ref),
        added_by=by.account,
        added_at=now,
    )
    session.add(mark)
    facts = {
        "sha256": mark.sha256,
        "valid_from": mark.valid_from,
        "valid_to": mark.valid_to,
        "legal_ref": mark.legal_ref,
        "former": former.sha256 if former else None,
    }
    record(
        session,
        kind="standard.mark_added",
        subject=standard.code,
        by=by,
        now=now,
        facts=facts,
    )
    return mark


def _require_later(former: StandardMark | None, terms: MarkTerms) -> None:
    if terms.valid_to is not None and terms.valid_to < terms.valid_from:
        raise refuse("valid_to", say("The last day is before the first."))
    if former is not None and terms.valid_from < former.valid_from:
        why = say(
            "A mark of this standard begins on {day}: a newer one begins no earlier.",
            day=former.valid_from,
        )
        raise refuse("valid_from", why)


def _require_reference(legal_ref: str) -> str:
    reference = clean(legal_ref, longest=300)
    if not reference:
        raise refuse("legal_ref", say("Name the act or standard that says so."))
    return reference


def _newest(session: Session, standard: Standard) -> StandardMark | None:
    # The standard is locked: of two sent at once, the second sees the first.
    session.refresh(standard, with_for_update=True)
    wanted = (
        select(StandardMark)
        .where(col(StandardMark.standard_id) == standard.pk)
        .order_by(col(StandardMark.valid_from).desc(), col(StandardMark.id).desc())
        .limit(1)
    )
    return session.execute(wanted).scalars().first()
