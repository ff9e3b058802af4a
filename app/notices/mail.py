"""Mailing notices: claimed first, sent outside every transaction, tried five times.

`mailed_at` is the last try and `mail_wanted` is lifted when the server took the mail, so that a
mail is out when the one is set and the other is not. A process that dies between sending and
noting it leaves a mail that is sent again under the same Message-ID.
"""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from textwrap import shorten
from urllib.parse import parse_qs, unquote, urlsplit

import structlog
from sqlalchemy import ColumnElement, Engine, and_, or_, select, update
from sqlmodel import Session, col

from app.db import open_read_session, transaction
from app.kit.i18n import language
from app.kit.messages import say
from app.models.notices import Notice
from app.models.registry import Organisation
from app.notices.queries import message_of
from app.settings import Settings

log = structlog.get_logger()

MOST_TRIES = 5
# The wait after the first, second … failed try.
WAITS = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12))
# What could not be mailed by then (no server was named, none answered) is read in the product.
FRESH = timedelta(days=2)
A_TIME = 20
TIMEOUT_SECONDS = 10
LONGEST_SUBJECT = 120
# One plain address: nothing that could end a header, name a second recipient or leave ASCII.
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")

Mail = tuple[Notice, str]


def send_due_mail(engine: Engine, settings: Settings, now: datetime) -> int:
    """Mail at most twenty notices that are due; returns how many the server took.

    Called outside every transaction. A server that does not answer counts as a try of each.
    Nothing happens while no server is named in the settings.
    """
    if not settings.smtp_url or not _anything_due(engine, now):
        return 0
    claimed, taken = _claim(engine, now), 0
    try:
        with _server(settings) as server:
            for mail in claimed:
                taken += _sent(engine, settings, server, mail, now)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail_server_failed", error=type(error).__name__, left=len(claimed) - taken)
    return taken


def written(notice: Notice, recipient: str, settings: Settings, now: datetime) -> EmailMessage:
    """The mail of a notice: Vietnamese, plain text, with the page's full address.

    ValueError when the recipient is not one plain address.
    """
    if not ADDRESS.fullmatch(recipient):
        raise ValueError("not one plain mail address")
    reader = language("vi")
    told = reader.say(message_of(notice))
    why = reader.say(say("You get this mail because your organisation works with Nguồn Gốc."))
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = settings.mail_from, recipient
    mail["Subject"] = shorten(f"Nguồn Gốc: {told}", LONGEST_SUBJECT, placeholder=" …")
    mail["Date"] = now
    mail["Message-ID"] = f"<{notice.uid}@{_host(settings)}>"
    mail["Auto-Submitted"] = "auto-generated"
    page = [f"{settings.base_url}{notice.address}"] if notice.address else []
    mail.set_content("\n\n".join([told, *page, f"-- \n{why}"]) + "\n")
    return mail


def _anything_due(engine: Engine, now: datetime) -> bool:
    with open_read_session(engine) as session:
        return session.execute(select(col(Notice.id)).where(_due(now)).limit(1)).first() is not None


def _claim(engine: Engine, now: datetime) -> list[Mail]:
    """Count the try before it is made: no other process takes these until the wait is over."""
    with transaction(engine) as session:
        due = select(col(Notice.id)).where(_due(now)).order_by(col(Notice.id)).limit(A_TIME)
        ids = list(session.execute(due.with_for_update(skip_locked=True)).scalars())
        session.execute(
            update(Notice)
            .where(col(Notice.id).in_(ids))
            .values(mail_tries=Notice.mail_tries + 1, mailed_at=now)
        )
        return _mails(session, ids)


def _mails(session: Session, ids: list[int | None]) -> list[Mail]:
    rows = session.execute(
        select(Notice, col(Organisation.email))
        .join(Organisation, col(Organisation.id) == col(Notice.organisation_id))
        .where(col(Notice.id).in_(ids))
        .order_by(col(Notice.id))
    )
    return [(notice, email) for notice, email in rows]


def _due(now: datetime) -> ColumnElement[bool]:
    tries, last = col(Notice.mail_tries), col(Notice.mailed_at)
    waited = [
        and_(tries == number, last <= now - wait) for number, wait in enumerate(WAITS, start=1)
    ]
    return and_(
        col(Notice.mail_wanted), col(Notice.created_at) > now - FRESH, or_(tries == 0, *waited)
    )


@contextmanager
def _server(settings: Settings) -> Iterator[smtplib.SMTP]:
    """A connection to the server of `smtp_url`, encrypted and signed in as the address says."""
    address = urlsplit(settings.smtp_url)
    name, port, safe = address.hostname or "", address.port or 0, ssl.create_default_context()
    connected = (
        smtplib.SMTP_SSL(name, port, _host(settings), timeout=TIMEOUT_SECONDS, context=safe)
        if address.scheme == "smtps"
        else smtplib.SMTP(name, port, _host(settings), timeout=TIMEOUT_SECONDS)
    )
    with connected as server:
        if parse_qs(address.query).get("starttls") == ["1"]:
            server.starttls(context=safe)
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))
        yield server


def _sent(
    engine: Engine, settings: Settings, server: smtplib.SMTP, mail: Mail, now: datetime
) -> bool:
    notice, recipient = mail
    try:
        server.send_message(written(notice, recipient, settings, now), to_addrs=[recipient])
    except ValueError:
        log.warning("mail_unwritable", notice=str(notice.uid))
        _note(engine, notice, mail_tries=MOST_TRIES)
        return False
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as no:
        log.warning("mail_refused", notice=str(notice.uid), error=type(no).__name__)
        return False
    _note(engine, notice, mail_wanted=False)
    return True


def _note(engine: Engine, notice: Notice, **values: object) -> None:
    with transaction(engine) as session:
        session.execute(update(Notice).where(col(Notice.id) == notice.pk).values(**values))


def _host(settings: Settings) -> str:
    return urlsplit(settings.base_url).hostname or "localhost"
