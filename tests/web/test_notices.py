"""Notices on pages and over the API: told in the reader's language, marked by whoever may."""

from datetime import date, datetime

import pytest
from fastapi.responses import Response
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from app.db import open_read_session
from app.jobs.claiming import OUR_FAULT, end
from app.jobs.commands import queue
from app.kit.messages import say
from app.ledger.actors import Actor
from app.models.accounts import Role
from app.models.jobs import Job, JobState
from app.models.notices import Notice
from app.models.registry import Organisation
from app.notices.commands import tell
from app.notices.queries import unread_count
from app.web.progress import while_running
from app.web.rendering import environment
from tests.given import PASSWORD, Given

SENTENCE = say("{why} {day} <b>", why=say("Please sign in first."), day=date(2026, 12, 1))


@pytest.fixture
def home(session: Session, given: Given) -> Organisation:
    return given.cooperative()


@pytest.fixture
def told(session: Session, home: Organisation, now: datetime) -> list[Notice]:
    """Two notices, the older one first."""
    made = [
        tell(
            session,
            organisation=home,
            kind="certificate.ending",
            about=str(number),
            sentence=SENTENCE,
            address=f"/work/lots?n={number}",
            now=now,
        )
        for number in range(2)
    ]
    session.commit()
    return made


def signed_in(
    client: TestClient, session: Session, given: Given, role: Role, home: Organisation
) -> TestClient:
    given.account(role, home, login="nguoi-doc")
    session.commit()
    client.headers.update({"sec-fetch-site": "same-origin"})
    client.cookies.set("lang", "en")
    answer = client.post("/sign-in", data={"login": "nguoi-doc", "password": PASSWORD})
    assert answer.status_code == 303
    return client


@pytest.fixture
def clerk(
    client: TestClient,
    session: Session,
    given: Given,
    home: Organisation,
    told: list[Notice],
) -> TestClient:
    return signed_in(client, session, given, Role.STAFF, home)


def unread(engine: Engine, home: Organisation) -> int:
    with open_read_session(engine) as session:
        return unread_count(session, home.pk)


def test_every_page_says_how_much_is_new(clerk: TestClient) -> None:
    page = clerk.get("/work/lots").text
    assert "2 new notices" in page
    assert 'href="/work/notices"' in page


def test_the_newest_comes_first_marked_by_words_and_escaped(
    clerk: TestClient, told: list[Notice]
) -> None:
    page = clerk.get("/work/notices").text
    assert page.index(str(told[1].uid)) < page.index(str(told[0].uid))
    assert page.count("Not read yet") == 2
    assert "Please sign in first. 01/12/2026 &lt;b&gt;" in page


def test_opening_a_notice_leads_to_its_page_and_marks_it(
    clerk: TestClient, told: list[Notice]
) -> None:
    answer = clerk.post(f"/work/notices/{told[0].uid}/open")
    assert answer.headers["location"] == "/work/lots?n=0"
    page = clerk.get("/work/notices").text
    assert "1 new notice<" in page
    assert 'href="/work/lots?n=0"' in page


def test_all_that_was_shown_is_marked_and_nothing_that_came_since(
    clerk: TestClient,
    engine: Engine,
    session: Session,
    home: Organisation,
    told: list[Notice],
    now: datetime,
) -> None:
    shown = str(told[-1].uid)
    assert f'name="until" value="{shown}"' in clerk.get("/work/notices").text
    tell(
        session,
        organisation=home,
        kind="certificate.ending",
        about="3",
        sentence=SENTENCE,
        address="",
        now=now,
    )
    session.commit()
    answer = clerk.post("/work/notices/read", data={"until": shown})
    assert answer.headers["location"] == "/work/notices?done=read"
    assert unread(engine, home) == 1


@pytest.mark.parametrize("until", ["", "no-id"])
def test_a_form_that_names_no_notice_marks_nothing(
    clerk: TestClient, engine: Engine, home: Organisation, until: str
) -> None:
    assert clerk.post("/work/notices/read", data={"until": until}).status_code in {303, 422}
    assert unread(engine, home) == 2


def test_a_grower_reads_what_the_office_marks(
    client: TestClient, session: Session, given: Given, home: Organisation, told: list[Notice]
) -> None:
    grower = signed_in(client, session, given, Role.GROWER, home)
    page = grower.get("/work/notices").text
    assert 'href="/work/lots?n=1"' in page
    assert "/open" not in page
    assert "Mark all as read" not in page


def test_the_desk_sees_its_own_notices(
    client: TestClient, session: Session, given: Given, told: list[Notice]
) -> None:
    office = given.caller(Role.PROVINCE_ADMIN)
    authority = session.get_one(Organisation, office.organisation_id)
    desk = signed_in(client, session, given, Role.PROVINCE_ADMIN, authority)
    page = desk.get("/work/notices")
    assert page.status_code == 200
    assert "Nothing was told yet" in page.text


def test_a_machine_lists_and_marks_in_the_language_it_asks_for(
    client: TestClient, session: Session, given: Given, home: Organisation, told: list[Notice]
) -> None:
    headers = given.headers(Role.STAFF, home) | {"accept-language": "en"}
    session.commit()
    first = client.get("/api/v1/notices?limit=1", headers=headers).json()
    [item] = first["items"]
    assert item["text"] == "Please sign in first. 01/12/2026 <b>"
    marked = client.post(f"/api/v1/notices/{item['id']}/read", headers=headers).json()
    assert marked["read_at"] is not None
    left = client.get("/api/v1/notices?unread_only=true", headers=headers).json()
    assert [one["id"] for one in left["items"]] == [str(told[0].uid)]


@pytest.fixture
def job(session: Session, home: Organisation, now: datetime) -> Job:
    made = queue(
        session,
        kind="areas.import",
        argument={},
        by=Actor.system(),
        organisation_id=home.pk,
        now=now,
    )
    made.state, made.steps_done, made.steps_all = JobState.RUNNING, 1200, 4000
    session.commit()
    return made


def test_a_job_tells_its_organisation_how_far_it_is_and_why_it_failed(
    client: TestClient,
    session: Session,
    given: Given,
    home: Organisation,
    job: Job,
    now: datetime,
) -> None:
    headers = given.headers(Role.STAFF, home) | {"accept-language": "en"}
    session.commit()
    running = client.get(f"/api/v1/jobs/{job.uid}", headers=headers).json()
    assert (running["state"], running["steps_done"], running["fault"]) == ("running", 1200, None)
    end(session, job, now=now, fault=OUR_FAULT)
    session.commit()
    failed = client.get(f"/api/v1/jobs/{job.uid}", headers=headers).json()
    assert (failed["state"], failed["fault"]) == ("failed", str(OUR_FAULT))


def shown(job: Job) -> str:
    source = '{% import "_progress.html" as p with context %}{{ p.progress(job, fault, "Import") }}'
    return environment("en").from_string(source).render(job=job, fault=OUR_FAULT)


def test_a_page_that_watches_a_job_looks_again_until_it_ended(job: Job) -> None:
    assert 'max="4000" value="1200"' in shown(job)
    assert "1,200 of 4,000" in shown(job)
    assert while_running(Response(), job).headers["refresh"] == "2"
    job.state = JobState.DONE
    assert "<progress" not in shown(job)
    assert "refresh" not in while_running(Response(), job).headers


def test_a_page_that_watched_a_failure_says_why(job: Job) -> None:
    job.state = JobState.FAILED
    assert str(OUR_FAULT) in shown(job)
