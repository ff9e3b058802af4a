"""What the page of a lot depends on: whatever is recorded about one of these makes it stale."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from app.ledger.marks import noun_mark
from app.lots.queries import LotLine
from app.models.registry import Grower
from app.provenance.story import Story

# Nouns of the producer, and of nobody, whose every fact may change what the page says.
PRODUCER_NOUNS = ("certificate", "organisation")
COMMON_NOUNS = ("rule", "reference")


def subjects_of(session: Session, line: LotLine) -> frozenset[str]:
    """The lot, its area, its growers, the producer's papers, and the law."""
    producer = line.organisation.uid
    subjects = {line.lot.code, str(line.area.uid), str(producer)}
    subjects |= {noun_mark(producer, noun) for noun in PRODUCER_NOUNS}
    subjects |= {noun_mark(None, noun) for noun in COMMON_NOUNS}
    if line.lot.grower_id is not None:
        grower = session.execute(
            select(col(Grower.uid)).where(col(Grower.id) == line.lot.grower_id)
        ).scalar_one()
        subjects.add(str(grower))
    return frozenset(subjects)


def next_flip(story: Story) -> date | None:
    """The next day on which the page says something else though nothing is recorded."""
    last_days = [story.best_before, *(claim.valid_to for claim in story.claims)]
    days = [day + timedelta(days=1) for day in last_days if day is not None]
    days += [claim.valid_from for claim in story.claims if claim.valid_from is not None]
    return min((day for day in days if day > story.told_on), default=None)
