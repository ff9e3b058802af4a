"""Why an officer decides: the dated list of reasons, and words beside it."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.catalogue.reason_queries import reasons_for
from app.errors import refuse
from app.kit.messages import Message, say
from app.registry.words import reason_of, text_of


@dataclass(frozen=True)
class Reason:
    """A reason as it is kept: one of the list, words, or both; `said` is what the holder reads."""

    slug: str
    words: str
    said: Message


def reason_given(session: Session, *, step: str, slug: str, words: str, day: date) -> Reason:
    """The reason for a step, checked against the list of its day.

    Raises Refused for a reason not in the list then, and when there is neither reason nor words.
    """
    if not slug:
        said = reason_of(words)
        return Reason("", said, say("{words}", words=said))
    known = next((one for one in reasons_for(session, step, day) if one.slug == slug), None)
    if known is None:
        raise refuse("reason_slug", say("This reason cannot be given on {day}.", day=day))
    kept = text_of("reason", words, longest=500, multiline=True)
    said = f"{known.text_vi} ({known.legal_ref})" + (f" – {kept}" if kept else "")
    return Reason(slug, kept, say("{words}", words=said))
