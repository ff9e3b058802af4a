"""Asking everybody who has goods of a recall how many are left."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from app.models.recalls import Recall, RecallConsignee
from app.recalls import law
from app.recalls.consignee_queries import receivers_of
from app.recalls.stopping import standing_in
from app.recalls.telling import tell_consignees


def ask_receivers(session: Session, recall: Recall, *, now: datetime) -> None:
    """One row for everybody who has goods; who is asked already is told of what came to it."""
    found = receivers_of(session, standing_in(session, recall), home=recall.organisation_id)
    wanted = select(RecallConsignee).where(col(RecallConsignee.recall_id) == recall.pk)
    known = {
        (one.to_organisation_id, one.party_id): one for one in session.execute(wanted).scalars()
    }
    asked = []
    for receiver, grams in found.items():
        one = known.get((receiver.organisation_id, receiver.party_id))
        if one is None:
            one = RecallConsignee(
                recall_id=recall.pk,
                seller_id=receiver.seller_id,
                to_organisation_id=receiver.organisation_id,
                party_id=receiver.party_id,
                expected_g=grams,
                told_at=now,
                answer_by=law.answer_by(session, now),
            )
            session.add(one)
        elif grams > one.expected_g:
            # More than it was asked for: what it said no longer answers it.
            one.expected_g, one.told_at = grams, now
            one.answer_by = law.answer_by(session, now)
            one.answered_at = one.remaining_g = None
        else:
            continue
        asked.append(one)
    session.flush()
    tell_consignees(session, recall, asked, now=now)
