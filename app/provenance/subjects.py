"""What the page of a lot depends on: whatever is recorded about one of these makes it stale."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from app.certificates.queries import certificates_of
from app.ledger.marks import COMMON_NOUNS, noun_mark
from app.lots.origin_queries import areas_among, lots_behind, origins_of
from app.lots.part_queries import growers_of, sources_of
from app.lots.queries import LotLine
from app.models.registry import Grower
from app.provenance.story import Story
from app.registry.code_queries import steps_of_area

# Nouns of the producer whose every fact may change what the page says: its papers, its diary,
# its labels and products, and what else it harvested and declared, against which the lot is weighed.
PRODUCER_NOUNS = (
    "certificate",
    "entry",
    "label",
    "lot",
    "movement",
    "organisation",
    "planting",
    "product",
    "season",
)


def subjects_of(session: Session, line: LotLine) -> frozenset[str]:
    """The lot, all lots in it, their areas, everybody who brought a part, the producers' records, the law."""
    origins = origins_of(session, line.lot)
    producers = {line.organisation.uid, *(origin.organisation.uid for origin in origins)}
    subjects = {line.lot.code, *(lot.code for lot in lots_behind(session, line.lot))}
    subjects |= {str(area.uid) for area in areas_among(origins).values()} | {
        str(uid) for uid in producers
    }
    subjects |= {noun_mark(uid, noun) for uid in producers for noun in PRODUCER_NOUNS}
    subjects |= {noun_mark(None, noun) for noun in COMMON_NOUNS}
    growers = {
        grower
        for origin in origins
        for grower in growers_of(origin.lot, sources_of(session, origin.lot))
    }
    if growers:
        wanted = select(col(Grower.uid)).where(col(Grower.id).in_(growers))
        subjects |= {str(uid) for uid in session.execute(wanted).scalars()}
    return frozenset(subjects)


def next_step(session: Session, line: LotLine, today: date) -> date | None:
    """The next day for which something is decided already: of the area's codes, of a certificate."""
    origins = origins_of(session, line.lot)
    # What was read of each already, when what the lot may claim was weighed.
    of_codes = [
        step.effective_on
        for area in areas_among(origins)
        for _, steps in steps_of_area(session, area)
        for step in steps
    ]
    of_certificates = [
        step.effective_on
        for holder in {one.organisation.pk for one in origins}
        for certificate in certificates_of(session, holder)
        for step in certificate.steps
    ]
    return min((day for day in (*of_codes, *of_certificates) if day > today), default=None)


def next_flip(story: Story, step: date | None = None) -> date | None:
    """The next day on which the page says something else though nothing is recorded.

    `step`: the next day for which a decision stands already.
    """
    days = [step, *_days_of(story)]
    return min((day for day in days if day is not None and day > story.told_on), default=None)


def _days_of(story: Story) -> Iterator[date | None]:
    yield story.sellable_from
    yield from (claim.valid_from for claim in story.claims)
    for last in (story.best_before, *(claim.valid_to for claim in story.claims)):
        yield last + timedelta(days=1) if last is not None else None
