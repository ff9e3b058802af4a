"""A shopper with a telephone, and what became of the report: what tests of its pages share."""

import re
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.reports import ShopperReport
from tests.conftest import Clock

EN = {"Accept-Language": "en", "sec-fetch-site": "same-origin", "Cookie": "lang=en"}
TOKEN = re.compile(r'name="token" value="([^"]+)"')
VERSION = re.compile(r'name="version" value="(\d+)"')


class Shopper:
    """Somebody with a telephone: opens the form, takes a while, sends it."""

    def __init__(self, client: TestClient, clock: Clock) -> None:
        self.client, self.clock = client, clock
        self.said = 0

    def form(self, address: str, **headers: str) -> str:
        answer = self.client.get(address, headers={**EN, **headers})
        assert answer.status_code == 200
        return answer.text

    def send(
        self,
        address: str,
        photo: bytes = b"",
        seconds: float = 30,
        page: str = "",
        **fields: str,
    ) -> Any:
        shown = page or self.form(address)
        token = TOKEN.search(shown)
        assert token
        self.clock.forward(seconds=seconds)
        self.said += 1
        words = f"Mua hôm qua, hôm nay đã thối. ({self.said})"
        data = {"kind": "spoiled", "words": words, "token": token[1], **fields}
        # As a browser sends a form that takes a file, chosen or not.
        files = {"photo": ("anh.jpg" if photo else "", photo, "image/jpeg")}
        return self.client.post(address, headers=EN, data=data, files=files)


def ticket_of(answer: Any) -> str:
    assert answer.status_code == 303, answer.text[:2000]
    return str(answer.headers["location"]).partition("?")[0]


def only(session: Session) -> ShopperReport:
    wanted = select(ShopperReport).execution_options(populate_existing=True)
    found: ShopperReport = session.execute(wanted).scalar_one()
    session.commit()  # a session that only looks would keep others from writing
    return found


def count(session: Session) -> int:
    found = int(session.execute(select(func.count()).select_from(ShopperReport)).scalar_one())
    session.commit()
    return found


def act(client: TestClient, who: dict[str, str], address: str, what: str, **fields: str) -> Any:
    version = VERSION.search(client.get(address, headers=who).text)
    assert version
    data = {"version": version[1], **fields}
    return client.post(f"{address}/{what}", headers=who, data=data)
