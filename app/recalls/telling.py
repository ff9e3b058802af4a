"""Who is told of a recall: the facility, everybody who has goods of it, the authority."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from app.kit.messages import Message, say
from app.models.notices import Notice
from app.models.recalls import Recall, RecallConsignee
from app.models.registry import Organisation
from app.notices.commands import tell
from app.recalls.clocks import RecallClock
from app.registry.organisation_queries import authorities

LATE = "recall.late"


@dataclass(frozen=True)
class News:
    """What is told: `kind` is `noun.verb` as in the ledger."""

    kind: str
    sentence: Message


def page_of(recall: Recall) -> str:
    """The page of a recall for whoever is signed in."""
    return f"/work/recalls/{recall.uid}"


def about_late(recall: Recall, clock: RecallClock) -> str:
    """What a notice of a missed deadline is about: each is told once."""
    return f"{LATE} {clock.name} {recall.uid} {clock.due_day}"


def escalated(
    session: Session, recall: Recall, clocks: Iterable[RecallClock]
) -> dict[str, datetime]:
    """Since when facility and authority know of the deadlines that were missed, by name."""
    named = {about_late(recall, clock): clock.name for clock in clocks}
    wanted = select(col(Notice.about), col(Notice.created_at)).where(
        col(Notice.organisation_id) == recall.organisation_id, col(Notice.about).in_(named)
    )
    return {named[about]: told_at for about, told_at in session.execute(wanted)}


def tell_organisation(
    session: Session, recall: Recall, organisation_id: int, news: News, *, now: datetime
) -> None:
    """Tell one organisation."""
    tell(
        session,
        organisation=session.get_one(Organisation, organisation_id),
        kind=news.kind,
        about=f"{news.kind} {recall.uid} {recall.version}",
        sentence=news.sentence,
        address=page_of(recall),
        now=now,
    )


def tell_facility_and_offices(
    session: Session, recall: Recall, news: News, *, now: datetime
) -> None:
    """Tell the facility whose goods they are, and every authority."""
    offices = [office.pk for office in authorities(session)]
    for key in dict.fromkeys([recall.organisation_id, *offices]):
        tell_organisation(session, recall, key, news, now=now)


def tell_consignees(
    session: Session, recall: Recall, consignees: list[RecallConsignee], *, now: datetime
) -> None:
    """Tell the organisations of the system that have goods; parties get a link of their seller.

    A seller with parties is told that their links are to be sent.
    """
    asked = say(
        "You have goods of a recall: stop selling them, and say how many kilograms are left."
        " Reason: {reason}",
        reason=recall.reason,
    )
    links = say("Send each of your buyers the link to the recall: {reason}", reason=recall.reason)
    inside = [one.to_organisation_id for one in consignees if one.to_organisation_id]
    for key in dict.fromkeys(inside):
        news = News("recall.asked", asked)
        tell_organisation(session, recall, key, news, now=now)
    for key in dict.fromkeys(one.seller_id for one in consignees if one.party_id):
        tell_organisation(session, recall, key, News("recall.links", links), now=now)
