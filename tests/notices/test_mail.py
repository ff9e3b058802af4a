"""Mailing notices through a real server: once, in Vietnamese, patiently, and to nobody else."""

import socket
from base64 import b64encode
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine
from sqlmodel import Session

from app.db import open_read_session
from app.kit.messages import say
from app.models.notices import Notice
from app.models.registry import Organisation
from app.notices.commands import tell
from app.notices.mail import MOST_TRIES, send_due_mail
from app.settings import Settings
from tests.conftest import BASE_URL, Clock
from tests.given import Given
from tests.notices.smtp import MailServer, mail_server
from tests.threads import at_once

SENDER = "Nguồn Gốc <khong-tra-loi@truyxuat.test>"


def settings(url: str) -> Settings:
    return Settings(base_url=BASE_URL, smtp_url=url, mail_from=SENDER)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as listening:
        yield listening


@pytest.fixture
def home(given: Given) -> Organisation:
    made = given.cooperative()
    made.email = "htx@bacha.test"
    return made


@pytest.fixture
def notice(session: Session, home: Organisation, now: datetime) -> Notice:
    made = telling(session, home, now)
    session.commit()
    return made


def telling(session: Session, home: Organisation, now: datetime) -> Notice:
    sentence = say("{why} ({day})", why=say("Please sign in first."), day=date(2026, 12, 1))
    return tell(
        session,
        organisation=home,
        kind="certificate.ending",
        about="certificate 1",
        sentence=sentence,
        address="/work/certificates",
        now=now,
    )


def tries(engine: Engine, notice: Notice) -> tuple[int, bool]:
    with open_read_session(engine) as session:
        found = session.get_one(Notice, notice.pk)
    return found.mail_tries, found.mail_wanted


def test_a_notice_is_mailed_once_in_vietnamese_with_the_address_of_its_page(
    engine: Engine, notice: Notice, server: MailServer, now: datetime
) -> None:
    sent = [send_due_mail(engine, settings(server.url), now) for _ in range(2)]
    assert sent == [1, 0]
    [mail] = server.mails
    assert mail["To"] == "htx@bacha.test"
    assert mail["Subject"].startswith("Nguồn Gốc: ")
    assert mail["Message-ID"] == f"<{notice.uid}@truyxuat.test>"
    text = mail.get_content()
    assert "(01/12/2026)" in text
    assert f"{BASE_URL}/work/certificates" in text
    assert "Please sign in" not in text


def test_nothing_is_claimed_while_no_server_is_named(
    engine: Engine, session: Session, notice: Notice, now: datetime
) -> None:
    assert send_due_mail(engine, Settings(base_url=BASE_URL), now) == 0
    assert tries(engine, notice) == (0, True)


def test_a_password_is_given_to_the_server_that_asks(
    engine: Engine, notice: Notice, server: MailServer, now: datetime
) -> None:
    url = server.url.replace("smtp://", "smtp://htx%40tinh:mat%2Fkhau@")
    assert send_due_mail(engine, settings(url), now) == 1
    proof = b64encode(b"\0htx@tinh\0mat/khau").decode()
    assert f"AUTH PLAIN {proof}" in server.said


def test_a_server_that_cannot_encrypt_is_not_spoken_to_in_the_clear(
    engine: Engine, notice: Notice, server: MailServer, now: datetime
) -> None:
    assert send_due_mail(engine, settings(f"{server.url}?starttls=1"), now) == 0
    assert (server.mails, server.recipients()) == ([], [])
    assert tries(engine, notice) == (1, True)


@pytest.mark.parametrize("refusing", ["MAIL", "RCPT", "DATA"])
def test_a_refusal_is_tried_again_after_ever_longer_waits_and_then_given_up(
    engine: Engine, notice: Notice, clock: Clock, refusing: str
) -> None:
    with mail_server(refusing) as server:
        tried_at = []
        for _ in range(24 * 60 // 5):
            before = tries(engine, notice)
            send_due_mail(engine, settings(server.url), clock())
            if tries(engine, notice) != before:
                tried_at.append(clock())
            clock.forward(minutes=5)
    waits = [later - earlier for earlier, later in pairwise(tried_at)]
    assert len(tried_at) == MOST_TRIES
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=5)
    assert waits[-1] == timedelta(hours=12)


def test_a_server_that_does_not_answer_is_tried_again(
    engine: Engine, notice: Notice, clock: Clock
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"smtp://127.0.0.1:{closed.getsockname()[1]}"
        assert send_due_mail(engine, settings(url), clock()) == 0
    assert tries(engine, notice) == (1, True)
    clock.forward(minutes=5)
    with mail_server() as server:
        assert send_due_mail(engine, settings(server.url), clock()) == 1
    assert tries(engine, notice) == (2, False)


def test_one_refused_mail_does_not_hold_up_the_others(
    engine: Engine, session: Session, home: Organisation, server: MailServer, now: datetime
) -> None:
    bad = telling(session, home, now)
    home.email = "htx@bacha.test\r\nBcc: all@elsewhere.test"
    other = Given(session, now).cooperative()
    other.email = "htx@simacai.test"
    telling(session, other, now)
    session.commit()
    assert send_due_mail(engine, settings(server.url), now) == 1
    assert [mail["To"] for mail in server.mails] == ["htx@simacai.test"]
    assert tries(engine, bad) == (MOST_TRIES, True)


@pytest.mark.parametrize(
    "address",
    [
        "a@b.test\r\nBcc: all@elsewhere.test",
        "a@b.test\n",
        "a@b.test>\r\nRCPT TO:<all@elsewhere.test",
        "a@b.test, all@elsewhere.test",
        "Tên <a@b.test>",
        "không@đâu.test",
        "nobody",
    ],
)
def test_an_address_that_is_more_than_one_address_gets_nothing(
    engine: Engine,
    session: Session,
    notice: Notice,
    home: Organisation,
    server: MailServer,
    now: datetime,
    address: str,
) -> None:
    home.email = address
    session.commit()
    assert send_due_mail(engine, settings(server.url), now) == 0
    assert server.recipients() == []


def test_several_processes_mail_a_notice_once(
    engine: Engine, session: Session, home: Organisation, server: MailServer, now: datetime
) -> None:
    for _ in range(5):
        telling(session, home, now)
    session.commit()
    assert at_once([lambda: send_due_mail(engine, settings(server.url), now)] * 4) == [None] * 4
    assert len(server.mails) == len({mail["Message-ID"] for mail in server.mails}) == 5


def test_old_news_are_not_mailed_when_a_server_is_named_at_last(
    engine: Engine, notice: Notice, server: MailServer, now: datetime
) -> None:
    assert send_due_mail(engine, settings(server.url), now + timedelta(days=3)) == 0


@pytest.mark.parametrize(
    ("url", "sender"),
    [("smtp://mail.test", ""), ("mail.test:25", SENDER), ("smtp://mail.test:mail", SENDER)],
)
def test_half_a_mail_server_is_refused_at_the_start_without_telling_its_password(
    url: str, sender: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(smtp_url=url.replace("mail.test", "u:bi-mat@mail.test"), mail_from=sender)
    assert "bi-mat" not in str(refused.value)
