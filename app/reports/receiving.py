"""Receiving reports of shoppers: each once, told to those it concerns; nothing says who sent it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import Conflict, FieldError, NotFound, Refused, refuse
from app.kit.clock import day_of
from app.kit.codes import grouped
from app.kit.messages import say
from app.kit.text import TextRefused, clean, fold
from app.kit.tickets import new_ticket
from app.kit.workdays import due_day
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.lots.queries import LotLine, lot_line
from app.models.reports import (
    MessageKind,
    ReportContact,
    ReportKind,
    ReportMessage,
    ReportPhoto,
    ReportState,
    ShopperReport,
)
from app.notices.commands import tell_once
from app.pictures.cleaning import CleanPicture
from app.registry.organisation_queries import authorities
from app.reports.queries import messages_of, number_on
from app.reports.rules import KIND_WORDS, LONGEST_PLACE, MOST_WORDS, read_contact, read_words
from app.reports.sending_limits import salted

LOOK_RULE = "reports.look_days"
ANSWER_RULE = "reports.answer_days"


@dataclass(frozen=True)
class SentReport:
    """What a shopper sends. `code` as it was typed; `contact` is never shown but to an inspector."""

    kind: str
    words: str
    code: str = ""
    serial: str = ""
    bought_at: str = ""
    contact: str = field(default="", repr=False)
    photo: CleanPicture | None = None


@dataclass(frozen=True)
class Read:
    """The same, cleaned and found fit."""

    kind: ReportKind
    words: str
    code: str
    serial: str
    bought_at: str
    contact: str = field(repr=False)


def read_report(sent: SentReport) -> Read:
    """What was sent, cleaned; refused with everything that is wrong at once."""
    faults: list[FieldError] = []

    def kept(name: str, read: Callable[[str], str], typed: str) -> str:
        try:
            return read(typed)
        except Refused as refusal:
            faults.extend(refusal.fields)
            return ""
        except TextRefused as refusal:
            faults.append(FieldError(name, refusal.why))
            return ""

    if sent.kind not in set(ReportKind):
        faults.append(FieldError("kind", say("Choose what is wrong.")))
    words = kept("words", read_words, sent.words)
    contact = kept("contact", read_contact, sent.contact)
    place = kept("bought_at", lambda text: clean(text, longest=LONGEST_PLACE), sent.bought_at)
    code = kept("code", lambda text: clean(text, longest=60), sent.code)
    serial = kept("serial", lambda text: clean(text, longest=40), sent.serial)
    if faults:
        raise Refused(faults[0].why, *faults)
    return Read(ReportKind(sent.kind), words, code, serial, place, contact)


def receive_report(
    session: Session,
    sent: SentReport,
    *,
    place: str,
    language: str,
    now: datetime,
    form_token: str | None = None,
) -> ShopperReport:
    """Keep a report under a new ticket, tell the cooperative and the authority of it.

    The same form sent twice gives the same report; the same words from the same address on one
    day raise Conflict. `place`: the sender's network address, of which only a salted hash is used.
    """
    known = _find_by_form(session, form_token)
    if known is not None:
        return known
    read = read_report(sent)
    line = _find_lot(session, read.code)
    alike = salted(
        session,
        now,
        "same",
        place,
        line.lot.code if line else fold(read.code),
        read.kind,
        fold(read.words),
    )
    _require_new(session, alike)
    report = _kept(session, read, line, alike, language=language, form_token=form_token, now=now)
    if read.contact:
        session.add(ReportContact(report_id=report.pk, contact=read.contact))
    if sent.photo is not None:
        session.add(_photo(report, sent.photo))
    _record_received(session, report, read, line, sent.photo, now)
    _tell(session, report, line, now)
    return report


def add_word(session: Session, *, report: ShopperReport, words: str, now: datetime) -> None:
    """Whoever holds the ticket says something more; an answered report is open again."""
    if report.state is ReportState.CLOSED:
        raise Refused(say("This report is closed. Send a new one if something is wrong."))
    said = read_words(words)
    own = messages_of(session, report, MessageKind.WORD)
    if any(one.message.words == said for one in own):
        return
    if len(own) >= MOST_WORDS:
        raise refuse("words", say("At most {most} words are taken of one report.", most=MOST_WORDS))
    session.add(ReportMessage(report_id=report.pk, kind=MessageKind.WORD, words=said, said_at=now))
    if report.state is ReportState.ANSWERED:
        report.state = ReportState.LOOKING
    session.flush()
    record(
        session,
        kind="report.word_added",
        subject=str(report.uid),
        by=Actor.public(),
        now=now,
        facts={"state": report.state},
        personal={"words": said},
    )


def _find_by_form(session: Session, form_token: str | None) -> ShopperReport | None:
    if form_token is None:
        return None
    wanted = select(ShopperReport).where(col(ShopperReport.form_token) == form_token)
    return session.execute(wanted).scalar_one_or_none()


def _find_lot(session: Session, code: str) -> LotLine | None:
    try:
        return lot_line(session, code, within=Reach.all()) if code else None
    except NotFound:
        return None


def _require_new(session: Session, fingerprint: str) -> None:
    wanted = select(col(ShopperReport.id)).where(col(ShopperReport.fingerprint) == fingerprint)
    if session.execute(wanted.limit(1)).first() is not None:
        raise Conflict(say("You sent this today already. Follow it with your ticket number."))


def _kept(
    session: Session,
    read: Read,
    line: LotLine | None,
    fingerprint: str,
    *,
    language: str,
    form_token: str | None,
    now: datetime,
) -> ShopperReport:
    report = ShopperReport(
        ticket=new_ticket(),
        form_token=form_token,
        fingerprint=fingerprint,
        kind=read.kind,
        words=read.words,
        bought_at=read.bought_at,
        lot_id=line.lot.pk if line else None,
        organisation_id=line.organisation.pk if line else None,
        typed_code="" if line else read.code,
        serial=read.serial,
        language=language,
        opened_at=now,
        look_by=_due(session, LOOK_RULE, day_of(now)),
        answer_by=_due(session, ANSWER_RULE, day_of(now)),
    )
    session.add(report)
    session.flush()  # the report's id, for what belongs to it
    return report


def _due(session: Session, key: str, day: date) -> date | None:
    days = number_on(session, key, day)
    return due_day(day, days) if days else None


def _photo(report: ShopperReport, photo: CleanPicture) -> ReportPhoto:
    return ReportPhoto(
        report_id=report.pk,
        width=photo.width,
        height=photo.height,
        sha256=photo.sha256,
        content=photo.content,
    )


def _record_received(
    session: Session,
    report: ShopperReport,
    read: Read,
    line: LotLine | None,
    photo: CleanPicture | None,
    now: datetime,
) -> None:
    # What people wrote is their own: only its salted hash stays for good. Of a contact the
    # ledger knows only that there was one.
    record(
        session,
        kind="report.received",
        subject=str(report.uid),
        by=Actor.public(),
        now=now,
        organisation=line.organisation.uid if line else None,
        facts={
            "kind": report.kind,
            "lot": line.lot.code if line else None,
            "numbered_label": bool(report.serial),
            "photo": photo.sha256 if photo else None,
            "contact": bool(read.contact),
            "look_by": report.look_by,
            "answer_by": report.answer_by,
        },
        personal={
            "words": report.words,
            "bought_at": report.bought_at,
            "typed_code": report.typed_code,
            "serial": report.serial,
        },
    )


def _tell(session: Session, report: ShopperReport, line: LotLine | None, now: datetime) -> None:
    kind = KIND_WORDS[report.kind]
    if line is None:
        sentence = say("A shopper reports about a code that is no lot's: {kind}", kind=kind)
    else:
        sentence = say(
            "A shopper reports about lot {code}: {kind}", code=grouped(line.lot.code), kind=kind
        )
    told = [(one, f"/desk/reports/{report.uid}") for one in authorities(session)]
    if line is not None:
        told.insert(0, (line.organisation, f"/work/reports/{report.uid}"))
    for organisation, address in told:
        tell_once(
            session,
            organisation=organisation,
            kind="report.received",
            about=f"report.received {report.uid}",
            sentence=sentence,
            address=address,
            now=now,
        )
