"""What the public page of a lot says: its story, and what that depends on."""

from datetime import datetime

from sqlmodel import Session

from app.accounts.reach import Reach
from app.lots.queries import lot_line
from app.models.lots import LotState
from app.provenance.queries import story_of
from app.provenance.subjects import next_flip, next_step, subjects_of
from app.web.making_pages import Draft


def draft_lot(session: Session, code: str, base_url: str, now: datetime) -> Draft:
    """The page of a lot, or of one that was withdrawn (410); raises NotFound."""
    line = lot_line(session, code, within=Reach.all())
    path = f"/t/{code}"
    story = story_of(session, code, address=base_url + path, now=now)
    withdrawn = story.state is LotState.WITHDRAWN
    return Draft(
        template="public/withdrawn.html" if withdrawn else "public/lot.html",
        path=path,
        told_on=story.told_on,
        subjects=subjects_of(session, line),
        flip=next_flip(story, next_step(session, line, story.told_on)),
        status=410 if withdrawn else 200,
        context={"story": story},
    )
