"""Telling an organisation something, once or every time, and reading it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.accounts.reach import Reach
from app.db import open_session, transaction
from app.errors import NotFound
from app.kit.i18n import language
from app.kit.messages import say
from app.kit.quantities import Grams
from app.models.notices import Notice
from app.models.registry import Organisation
from app.notices.commands import mark_all_read, mark_read, tell, tell_once
from app.notices.queries import message_of, notice_by_uid, notices_of, unread_count
from tests.given import Given
from tests.threads import at_once

Teller = Callable[..., Notice | None]


@pytest.fixture
def home(given: Given) -> Organisation:
    return given.cooperative()


def telling(
    teller: Teller, session: Session, home: Organisation, now: datetime, **other: Any
) -> Any:
    told: dict[str, Any] = {
        "kind": "certificate.ending",
        "about": "certificate ending 1",
        "sentence": say("Please sign in first."),
        "address": "/work/certificates",
        **other,
    }
    return teller(session, organisation=home, now=now, **told)


def test_a_notice_is_said_in_the_language_of_whoever_reads_it(
    session: Session, home: Organisation, now: datetime
) -> None:
    sentence = say("{when}: {what} {why}", when=date(2026, 12, 1), what=Grams(1_250_000))
    sentence = say(sentence.msgid, **sentence.values, why=say("Please sign in first."))
    notice = telling(tell, session, home, now, sentence=sentence)
    session.expire_all()
    assert language("vi").say(message_of(notice)).startswith("01/12/2026: 1.250 kg ")
    assert language("en").say(message_of(notice)) == "01/12/2026: 1,250 kg Please sign in first."
    assert (
        language("vi")
        .say(message_of(notice))
        .endswith(language("vi").gettext("Please sign in first."))
    )


def test_the_same_may_be_told_again(session: Session, home: Organisation, now: datetime) -> None:
    telling(tell, session, home, now)
    telling(tell, session, home, now)
    assert unread_count(session, home.pk) == 2


def test_once_is_once_an_organisation_and_occasion(
    session: Session, given: Given, home: Organisation, now: datetime
) -> None:
    other = given.cooperative()
    assert telling(tell_once, session, home, now) is not None
    assert telling(tell_once, session, home, now) is None
    assert telling(tell_once, session, home, now, about="certificate ending 2") is not None
    assert telling(tell_once, session, other, now) is not None


@pytest.mark.parametrize(("teller", "notices"), [(tell_once, 1), (tell, 6)])
def test_once_is_once_for_several_at_the_same_moment(
    engine: Engine,
    session: Session,
    home: Organisation,
    now: datetime,
    teller: Teller,
    notices: int,
) -> None:
    session.commit()

    def act() -> None:
        with transaction(engine) as own:
            telling(teller, own, own.get_one(Organisation, home.pk), now)

    assert at_once([act] * 6) == [None] * 6
    with open_session(engine) as fresh:
        assert unread_count(fresh, home.pk) == notices


@pytest.mark.parametrize("address", ["https://elsewhere.test/", "//elsewhere.test", "/\\x", "work"])
def test_a_notice_never_leads_elsewhere(
    session: Session, home: Organisation, now: datetime, address: str
) -> None:
    with pytest.raises(ValueError, match="a page of this product"):
        telling(tell, session, home, now, address=address)


@pytest.mark.parametrize(("email", "wanted"), [("", False), ("htx@bacha.test", True)])
def test_a_notice_is_mailed_to_those_who_have_an_address(
    session: Session, home: Organisation, now: datetime, email: str, wanted: bool
) -> None:
    home.email = email
    assert telling(tell, session, home, now).mail_wanted is wanted


def test_notices_come_newest_first_page_by_page(
    session: Session, home: Organisation, now: datetime
) -> None:
    told = [telling(tell, session, home, now, about=str(number)) for number in range(5)]
    first = notices_of(session, home.pk, limit=3)
    second = notices_of(session, home.pk, after=first.next, limit=3)
    assert list(first.items + second.items) == told[::-1]
    assert second.next is None


def test_what_was_read_is_not_unread_and_keeps_its_first_reading(
    session: Session, home: Organisation, now: datetime
) -> None:
    one, two = (telling(tell, session, home, now) for _ in range(2))
    mark_read(session, one, now=now)
    mark_read(session, one, now=now.replace(year=2027))
    assert one.read_at == now
    assert notices_of(session, home.pk, unread_only=True).items == (two,)


def test_all_means_all_that_were_seen_and_ones_own(
    session: Session, given: Given, home: Organisation, now: datetime
) -> None:
    other = given.cooperative()
    telling(tell, session, other, now)
    telling(tell, session, home, now)
    seen = telling(tell, session, home, now)
    telling(tell, session, home, now)
    assert mark_all_read(session, home.pk, until=seen, now=now) == 2
    assert (unread_count(session, home.pk), unread_count(session, other.pk)) == (1, 1)


def test_the_notices_of_others_are_not_found(
    session: Session, given: Given, home: Organisation, now: datetime
) -> None:
    notice = telling(tell, session, home, now)
    assert notice_by_uid(session, notice.uid, within=Reach.own(home.pk)) is notice
    with pytest.raises(NotFound):
        notice_by_uid(session, notice.uid, within=Reach.own(given.cooperative().pk))
