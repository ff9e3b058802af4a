"""Who works in the background: the serving processes, and nobody else."""

from datetime import datetime
from threading import enumerate as threads

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from app.kit.messages import say
from app.main import create_app, serving
from app.notices.commands import tell
from app.settings import Settings
from tests.conftest import BASE_URL, Clock
from tests.given import Given
from tests.notices.smtp import mail_server


def at_work() -> list[str]:
    return [thread.name for thread in threads() if thread.name.startswith("jobs_")]


@pytest.mark.parametrize(("background", "working"), [(True, 2), (False, 0)])
def test_only_a_serving_process_works_in_the_background_and_only_while_it_serves(
    engine: Engine, clock: Clock, background: bool, working: int
) -> None:
    app = create_app(Settings(), clock=clock, engine=engine, background=background)
    with TestClient(app, base_url=BASE_URL):
        assert len(at_work()) == working
    assert at_work() == []


def test_the_serve_command_asks_for_it() -> None:
    app: FastAPI = serving()
    assert app.state.background is True
    app.state.engine.dispose()


def test_mail_goes_out_with_the_chores(
    engine: Engine, session: Session, given: Given, clock: Clock, now: datetime
) -> None:
    home = given.cooperative()
    home.email = "htx@bacha.test"
    sentence = say("Please sign in first.")
    tell(session, organisation=home, kind="x", about="x", sentence=sentence, address="", now=now)
    session.commit()
    with mail_server() as server:
        settings = Settings(base_url=BASE_URL, smtp_url=server.url, mail_from="a@tinh.test")
        app = create_app(settings, clock=clock, engine=engine)
        with TestClient(app, base_url=BASE_URL):
            app.state.runner.do_chores()
        assert len(server.mails) == 1
