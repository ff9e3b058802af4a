"""Following a finding up: evidence by the organisation, the inspector's word, the end of it."""

from datetime import date, datetime

from sqlmodel import Session

from app.accounts.caller import Caller
from app.errors import Refused, refuse
from app.inspection.visit_rules import SHORTEST_WORDS
from app.kit.clock import day_of
from app.kit.messages import Message, say
from app.kit.text import TextRefused, clean
from app.ledger.commands import record
from app.models.registry import Organisation
from app.models.visit_findings import FindingMessage, FindingState, FollowUp, VisitFinding
from app.notices.commands import tell
from app.pictures.cleaning import CleanPicture
from app.pictures.commands import keep_picture
from app.registry.organisation_queries import authorities


def show_evidence(
    session: Session,
    *,
    finding: VisitFinding,
    words: str,
    photo: CleanPicture | None,
    caller: Caller,
    now: datetime,
) -> VisitFinding:
    """The organisation shows that a fault is mended; inspectors are told."""
    _require_unsettled(finding)
    said = _words(words)
    finding.state = FindingState.ANSWERED
    _say(session, finding, FollowUp.EVIDENCE, said, caller=caller, now=now, photo=photo)
    day = day_of(finding.opened_at)
    sentence = say("{organisation} shows that the finding of {day} is mended.",
                   organisation=caller.organisation_name, day=day)  # fmt: skip
    for authority in authorities(session):
        _tell(session, finding, authority, f"/desk/findings/{finding.uid}", sentence, now)
    return finding


def send_back(
    session: Session,
    *,
    finding: VisitFinding,
    words: str,
    due_on: date | None,
    caller: Caller,
    now: datetime,
) -> VisitFinding:
    """The evidence is not enough: the finding is open again, until another day where one is given."""
    if finding.state is not FindingState.ANSWERED:
        raise Refused(say("Nothing was shown yet that could be sent back."))
    said = _words(words)
    if due_on is not None and due_on < day_of(now):
        raise refuse("due_on", say("The day {day} is over.", day=due_on))
    finding.state = FindingState.OPEN
    finding.due_on = due_on or finding.due_on
    _say(session, finding, FollowUp.SENT_BACK, said, caller=caller, now=now)
    sentence = say("The finding of {day} is not mended yet: {words}",
                   day=day_of(finding.opened_at), words=said[:200])  # fmt: skip
    _tell_home(session, finding, sentence, now)
    return finding


def close_finding(
    session: Session, *, finding: VisitFinding, words: str, caller: Caller, now: datetime
) -> VisitFinding:
    """The inspector is satisfied, or looked for themselves: nothing more is to be done."""
    _require_unsettled(finding)
    said = _words(words)
    finding.state = FindingState.CLOSED
    finding.closed_at = now
    _say(session, finding, FollowUp.CLOSED, said, caller=caller, now=now)
    sentence = say("The finding of {day} is closed.", day=day_of(finding.opened_at))
    _tell_home(session, finding, sentence, now)
    return finding


def _require_unsettled(finding: VisitFinding) -> None:
    if finding.state is FindingState.CLOSED:
        raise Refused(say("This finding is closed."))


def _words(typed: str) -> str:
    try:
        words = clean(typed, longest=1000, multiline=True)
    except TextRefused as refusal:
        raise refuse("words", refusal.why) from None
    if len(words) < SHORTEST_WORDS:
        raise refuse("words", say("Say it in a few words."))
    return words


def _say(
    session: Session,
    finding: VisitFinding,
    kind: FollowUp,
    words: str,
    *,
    caller: Caller,
    now: datetime,
    photo: CleanPicture | None = None,
) -> None:
    session.flush()  # a lost race must fail before the ledger is touched
    home = session.get_one(Organisation, finding.organisation_id)
    picture = None
    if photo is not None:
        picture = keep_picture(
            session, organisation_id=home.pk, organisation=home.uid, picture=photo,
            by=caller.actor, now=now,
        )  # fmt: skip
    session.add(
        FindingMessage(
            finding_id=finding.pk,
            kind=kind,
            organisation_id=caller.organisation_id,
            words=words,
            picture_id=picture.pk if picture else None,
            said_at=now,
        )
    )
    record(
        session,
        kind=f"finding.{_VERBS[kind]}",
        subject=str(finding.uid),
        by=caller.actor,
        now=now,
        organisation=home.uid,
        facts={
            "state": finding.state,
            "due_on": finding.due_on,
            "picture": picture.sha256 if picture else None,
        },
        personal={"words": words},
    )


_VERBS = {
    FollowUp.EVIDENCE: "answered",
    FollowUp.SENT_BACK: "sent_back",
    FollowUp.CLOSED: "closed",
}


def _tell_home(session: Session, finding: VisitFinding, sentence: Message, now: datetime) -> None:
    home = session.get_one(Organisation, finding.organisation_id)
    _tell(session, finding, home, f"/work/findings/{finding.uid}", sentence, now)


def _tell(
    session: Session,
    finding: VisitFinding,
    receiver: Organisation,
    address: str,
    sentence: Message,
    now: datetime,
) -> None:
    tell(
        session,
        organisation=receiver,
        kind="finding.moved",
        about=f"finding {finding.version} {finding.uid}",
        sentence=sentence,
        address=address,
        now=now,
    )
