"""A kept mark of a standard, for the walk along the policy table."""

from sqlmodel import Session

from app.catalogue.mark_commands import MarkTerms, add_mark
from app.catalogue.queries import standard_by_code
from app.labels.run_sample import sample_artwork
from app.ledger.actors import Actor
from tests.given import Given


def marked_things(session: Session, given: Given) -> dict[str, str]:
    """One that is nobody's."""
    mark = add_mark(
        session,
        standard=standard_by_code(session, "ORGANIC_2017"),
        artwork=sample_artwork(),
        terms=MarkTerms(given.day(0), "NĐ 109/2018/NĐ-CP"),
        by=Actor.system(),
        now=given.now,
    )
    session.flush()
    return {"mark": str(mark.uid)}
