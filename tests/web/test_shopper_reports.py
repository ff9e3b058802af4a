"""A shopper's report on pages: sent without account or script, followed by its ticket, answered at the desk."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from fastapi import FastAPI
from PIL import Image
from sqlalchemy import func, select
from sqlmodel import Session, col
from starlette.testclient import TestClient

from app.models.accounts import Role
from app.models.lots import HarvestLot, LotState
from app.models.registry import Organisation
from app.models.reports import ReportPhoto, ReportState, ShopperReport
from tests.conftest import BASE_URL, Clock
from tests.given import Given

EN = {"Accept-Language": "en", "sec-fetch-site": "same-origin", "Cookie": "lang=en"}
TOKEN = re.compile(r'name="token" value="([^"]+)"')
VERSION = re.compile(r'name="version" value="(\d+)"')
CANARY = "0912000111"
XSS = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@pytest.fixture
def lot(session: Session, given: Given) -> HarvestLot:
    made = given.lot()
    session.commit()
    return made


@pytest.fixture
def home(session: Session, given: Given, lot: HarvestLot) -> dict[str, str]:
    made = given.headers(Role.STAFF, session.get_one(Organisation, lot.organisation_id))
    session.commit()
    return {**EN, **made}


@pytest.fixture
def desk(session: Session, given: Given) -> dict[str, str]:
    made = given.headers(Role.INSPECTOR)
    session.commit()
    return {**EN, **made}


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


@pytest.fixture
def shopper(client: TestClient, clock: Clock) -> Shopper:
    return Shopper(client, clock)


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


def test_from_the_page_of_a_lot_to_the_answer(
    client: TestClient,
    session: Session,
    shopper: Shopper,
    lot: HarvestLot,
    home: dict[str, str],
    desk: dict[str, str],
) -> None:
    assert f'href="/t/{lot.code}/report"' in client.get(f"/t/{lot.code}", headers=EN).text
    ticket = ticket_of(shopper.send(f"/t/{lot.code}/report", bought_at="Chợ Bắc Hà"))
    page = client.get(ticket, headers=EN)
    assert "Received" in page.text
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert "noindex" in page.text
    report = only(session)
    address = f"/desk/reports/{report.uid}"
    assert "Chợ Bắc Hà" in client.get(address, headers=desk).text
    assert act(client, desk, address, "look").status_code == 303
    assert act(client, desk, address, "ask", words="Lô còn hàng không?").status_code == 303
    mine = f"/work/reports/{report.uid}"
    assert "Lô còn hàng không?" in client.get(mine, headers=home).text
    assert act(client, home, mine, "done", words="Đã gọi cửa hàng.").status_code == 303
    assert act(client, home, mine, "answer", words="Xin đổi hàng cho bạn.").status_code == 303
    theirs = client.get(ticket, headers=EN).text
    assert "Xin đổi hàng cho bạn." in theirs
    for inner in ("Lô còn hàng không?", "Đã gọi cửa hàng."):
        assert inner not in theirs
    assert act(client, desk, address, "close", reason="Đã đổi hàng.").status_code == 303
    closed = client.get(ticket, headers=EN).text
    assert "Finished" in closed
    assert "Đã đổi hàng." not in closed
    assert only(session).state is ReportState.CLOSED


def test_the_ticket_is_found_however_it_is_typed(
    client: TestClient, shopper: Shopper, lot: HarvestLot
) -> None:
    ticket = ticket_of(shopper.send(f"/t/{lot.code}/report")).removeprefix("/r/")
    spaced = f"{ticket[:4]} {ticket[4:8]}-{ticket[8:]}".lower()
    found = client.get("/r", params={"ticket": spaced}, headers=EN)
    assert (found.status_code, found.headers["location"]) == (303, f"/r/{ticket}")
    wrong = ticket[:-1] + ("0" if ticket[-1] != "0" else "1")
    assert client.get("/r", params={"ticket": wrong}, headers=EN).status_code == 422
    assert client.get(f"/r/{wrong}", headers=EN).status_code == 404


def test_a_numbered_label_keeps_its_number(
    client: TestClient, session: Session, shopper: Shopper, lot: HarvestLot
) -> None:
    label = f"{BASE_URL}/t/{lot.code}/0001ABCDEFGH"
    page = shopper.form(f"/t/{lot.code}/report", Referer=label)
    assert "0001ABCDEFGH" in page
    shopper.send(f"/t/{lot.code}/report", page=page, serial="0001ABCDEFGH")
    assert only(session).serial == "0001ABCDEFGH"
    assert "0002ABCDEFGH" in shopper.form(f"/t/{lot.code}/0002ABCDEFGH/report")
    # Another lot's label says nothing about this one.
    elsewhere = f"{BASE_URL}/t/LC0123456789ABC/0003ABCDEFGH"
    assert "0003ABCDEFGH" not in shopper.form(f"/t/{lot.code}/report", Referer=elsewhere)


def test_a_label_s_own_page_is_still_there(client: TestClient, lot: HarvestLot) -> None:
    invented = client.get(f"/t/{lot.code}/0001ABCDEFGH", headers=EN)
    assert (invented.status_code, lot.code[-4:] in invented.text) == (404, True)
    assert client.get(f"/T/{lot.code}", headers=EN).status_code == 200


def test_a_code_nobody_knows_can_be_reported_from_its_page(
    client: TestClient, session: Session, shopper: Shopper, home: dict[str, str]
) -> None:
    for code in ("LC1", "LC0123456789ABC"):
        page = client.get(f"/t/{code}", headers=EN)
        assert page.status_code == 404
        assert f'href="/report?code={code}"' in page.text
    answer = shopper.send("/report", code="LC0123456789ABC", kind="suspicious")
    assert ticket_of(answer)
    report = only(session)
    assert (report.lot_id, report.typed_code) == (None, "LC0123456789ABC")
    assert str(report.uid) not in client.get("/work/reports", headers=home).text
    assert client.get(f"/work/reports/{report.uid}", headers=home).status_code == 404


def test_what_was_typed_stays_and_each_fault_stands_beside_its_field(
    shopper: Shopper, lot: HarvestLot, session: Session
) -> None:
    answer = shopper.send(
        f"/t/{lot.code}/report", kind="", words="", contact="gọi tôi nhé", bought_at="Chợ Cốc Lếu"
    )
    assert answer.status_code == 422
    for field in ("kind", "words", "contact"):
        assert f'id="why-{field}"' in answer.text
    for kept in ("gọi tôi nhé", "Chợ Cốc Lếu"):
        assert kept in answer.text
    assert count(session) == 0


def test_a_machine_is_refused_and_a_person_is_not(
    session: Session, shopper: Shopper, lot: HarvestLot
) -> None:
    address = f"/t/{lot.code}/report"
    assert shopper.send(address, seconds=1).status_code == 422
    assert shopper.send(address, seconds=25 * 3600).status_code == 422
    assert shopper.send(address, company="ACME").status_code == 422
    assert shopper.send(address, token="1.2.3").status_code == 422
    assert shopper.send(address, token="").status_code == 422
    assert count(session) == 0
    assert shopper.send(address).status_code == 303  # the control
    assert count(session) == 1


def test_pressing_twice_gives_one_ticket(
    session: Session, shopper: Shopper, lot: HarvestLot
) -> None:
    address = f"/t/{lot.code}/report"
    page = shopper.form(address)
    first = shopper.send(address, page=page, words="Thối hết bên trong.")
    again = shopper.send(address, page=page, words="Thối hết bên trong.")
    assert ticket_of(first) == ticket_of(again)
    assert count(session) == 1


def test_a_flood_stops_at_the_limit_and_others_are_still_heard(
    app: FastAPI, session: Session, shopper: Shopper, clock: Clock, lot: HarvestLot
) -> None:
    address = f"/t/{lot.code}/report"
    most = app.state.settings.reports_per_hour
    statuses = [shopper.send(address, seconds=4).status_code for _ in range(most + 3)]
    assert statuses == [303] * most + [429] * 3
    refused = shopper.send(address, seconds=4)
    assert int(refused.headers["retry-after"]) > 0
    assert "Too many reports came from your network." in refused.text
    with TestClient(
        app, base_url=BASE_URL, follow_redirects=False, client=("198.51.100.9", 1)
    ) as neighbour:
        assert Shopper(neighbour, clock).send(address).status_code == 303
    clock.forward(hours=1)
    assert shopper.send(address).status_code == 303
    assert count(session) == most + 2


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF89a" + b"\x00" * 200,
        b"%PDF-1.4 /JavaScript",
        b"\xff\xd8\xff" + b"\x00" * 5000,
        b"PK\x03\x04" + b"\x00" * 5000,
    ],
    ids=["svg", "gif", "pdf", "half a jpeg", "zip"],
)
def test_what_is_no_photograph_is_refused_and_no_report_is_kept(
    session: Session, shopper: Shopper, lot: HarvestLot, content: bytes
) -> None:
    answer = shopper.send(f"/t/{lot.code}/report", photo=content)
    assert answer.status_code == 422
    assert 'id="why-photo"' in answer.text
    assert count(session) == 0


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_opened(
    session: Session, shopper: Shopper, lot: HarvestLot
) -> None:
    drawn = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(drawn, "PNG")
    assert len(drawn.getvalue()) < 100_000
    answer = shopper.send(f"/t/{lot.code}/report", photo=drawn.getvalue())
    assert answer.status_code == 422
    assert 'id="why-photo"' in answer.text
    huge = b"\xff" * 13_000_000
    assert shopper.send(f"/t/{lot.code}/report", photo=huge).status_code == 413


def test_a_photograph_loses_where_and_with_what_it_was_taken(
    client: TestClient, session: Session, shopper: Shopper, lot: HarvestLot, home: dict[str, str]
) -> None:
    drawn, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "Hãng Máy Ảnh"
    exif.get_ifd(0x8825)[2] = (22.0, 31.0, 48.0)
    Image.effect_noise((400, 300), 40).convert("RGB").save(drawn, "JPEG", exif=exif)
    assert b"Exif" in drawn.getvalue()
    ticket_of(shopper.send(f"/t/{lot.code}/report", photo=drawn.getvalue()))
    kept = session.execute(select(col(ReportPhoto.content))).scalar_one()
    session.commit()
    assert b"Exif" not in kept
    with Image.open(io.BytesIO(kept)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (400, 300))
        assert not picture.getexif()
    report = only(session)
    shown = client.get(f"/work/reports/{report.uid}/photo", headers=home)
    assert shown.content == kept
    assert shown.headers["cache-control"] == "private, no-store"


def pages_of(report: ShopperReport, lot: HarvestLot) -> Iterator[tuple[str, str]]:
    for address in (
        "/work",
        "/work/reports",
        f"/work/reports/{report.uid}",
        f"/work/lots/{lot.code}",
        "/work/notices",
        f"/api/v1/reports/{report.uid}",
        "/api/v1/reports",
        "/api/v1/notices",
    ):
        yield "home", address
    for address in (
        "/desk/reports",
        f"/desk/lots/{lot.code}",
        "/work/notices",
        f"/api/v1/reports/{report.uid}",
        "/api/v1/reports",
        "/api/v1/ledger/entries",
        f"/api/v1/lots/{lot.code}/history",
    ):
        yield "desk", address
    for address in (
        f"/r/{report.ticket}",
        f"/t/{lot.code}",
        f"/api/v1/public/lots/{lot.code}",
        f"/api/v1/public/reports/{report.ticket}",
    ):
        yield "nobody", address


def test_a_contact_is_on_the_inspector_s_page_of_the_report_and_nowhere_else(
    client: TestClient,
    session: Session,
    shopper: Shopper,
    lot: HarvestLot,
    home: dict[str, str],
    desk: dict[str, str],
) -> None:
    with structlog.testing.capture_logs() as logs:
        shopper.send(f"/t/{lot.code}/report", contact=CANARY, kind="")  # refused once, then sent
        ticket_of(shopper.send(f"/t/{lot.code}/report", contact=CANARY))
        report = only(session)
        who = {"home": home, "desk": desk, "nobody": EN}
        found = []
        for reader, address in pages_of(report, lot):
            answer = client.get(address, headers=who[reader])
            assert answer.status_code == 200, address
            found += [address] if CANARY in answer.text else []
        assert found == []
    assert CANARY not in str(logs)
    # The control: the one page that shows it.
    mine = f"/desk/reports/{report.uid}"
    assert CANARY in client.get(mine, headers=desk).text
    assert act(client, desk, mine, "forget").status_code == 303
    assert CANARY not in client.get(mine, headers=desk).text


def test_a_shopper_erases_the_contact_alone(
    client: TestClient, session: Session, shopper: Shopper, lot: HarvestLot, desk: dict[str, str]
) -> None:
    ticket = ticket_of(shopper.send(f"/t/{lot.code}/report", contact=CANARY))
    page = client.get(ticket, headers=EN).text
    assert CANARY not in page
    assert f'action="{ticket}/forget"' in page
    assert client.post(f"{ticket}/forget", headers=EN).status_code == 303
    assert CANARY not in client.get(f"/desk/reports/{only(session).uid}", headers=desk).text


def test_nothing_that_is_typed_becomes_a_script(
    client: TestClient,
    session: Session,
    shopper: Shopper,
    lot: HarvestLot,
    home: dict[str, str],
    desk: dict[str, str],
) -> None:
    refused = shopper.send(f"/t/{lot.code}/report", words=XSS, bought_at=XSS, contact=XSS)
    assert refused.status_code == 422
    unknown = shopper.send("/report", code=XSS, words=XSS, bought_at=XSS)
    ticket = ticket_of(shopper.send(f"/t/{lot.code}/report", words=XSS, bought_at=XSS, serial="x"))
    client.post(f"{ticket}/words", headers=EN, data={"words": f"{XSS} 2"})
    reports = list(session.execute(select(ShopperReport)).scalars())
    session.commit()
    own = next(one for one in reports if one.lot_id)
    act(client, home, f"/work/reports/{own.uid}", "answer", words=f"{XSS} 3")
    shown = [refused.text, client.get(ticket, headers=EN).text]
    shown.append(client.get(unknown.headers["location"], headers=EN).text)
    shown += [client.get(f"/desk/reports/{one.uid}", headers=desk).text for one in reports]
    shown += [client.get("/desk/reports", headers=desk).text]
    shown += [client.get(f"/work/reports/{own.uid}", headers=home).text]
    for page in shown:
        assert "alert(1)" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_another_cooperative_finds_nothing(
    client: TestClient, session: Session, given: Given, lot: HarvestLot
) -> None:
    report = given.report(lot, photo=given.picture())
    stranger = {**EN, **given.headers(Role.STAFF)}
    session.commit()
    address = f"/work/reports/{report.uid}"
    assert client.get(address, headers=stranger).status_code == 404
    assert client.get(f"{address}/photo", headers=stranger).status_code == 404
    for what in ("look", "answer", "done"):
        data = {"version": "1", "words": "Câu này dài."}
        answer = client.post(f"{address}/{what}", headers=stranger, data=data)
        assert answer.status_code == 404, what
    assert str(report.uid) not in client.get("/work/reports", headers=stranger).text
    assert only(session).state is ReportState.RECEIVED


def test_the_lot_is_held_from_its_report(
    client: TestClient, session: Session, given: Given, lot: HarvestLot, desk: dict[str, str]
) -> None:
    report = given.report(lot)
    session.commit()
    page = client.get(f"/desk/reports/{report.uid}", headers=desk).text
    form = page[page.index(f"/desk/lots/{lot.code}/hold") :]
    version = VERSION.search(form)
    assert version
    data = {"version": version[1], "reason": "Người mua phản ánh."}
    held = client.post(f"/desk/lots/{lot.code}/hold", headers=desk, data=data)
    assert held.status_code == 303
    session.expire_all()
    assert session.get_one(HarvestLot, lot.pk).state is LotState.HELD
    session.commit()
    assert (
        f"/desk/lots/{lot.code}/hold"
        not in client.get(f"/desk/reports/{report.uid}", headers=desk).text
    )


def test_lists_are_filtered_and_what_is_late_stands_out(
    client: TestClient,
    session: Session,
    given: Given,
    clock: Clock,
    lot: HarvestLot,
    desk: dict[str, str],
) -> None:
    one, other = given.report(lot), given.report(given.lot())
    session.commit()
    assert act(client, desk, f"/desk/reports/{one.uid}", "look").status_code == 303
    mine = client.get("/desk/reports?mine=yes", headers=desk).text
    assert str(one.uid) in mine
    assert str(other.uid) not in mine
    received = client.get("/desk/reports?state=received", headers=desk).text
    assert str(one.uid) not in received
    assert str(other.uid) in received
    assert "Overdue" not in received
    clock.forward(days=6)
    assert "Overdue" in client.get("/desk/reports", headers=desk).text


def test_a_change_from_an_old_page_is_refused_and_keeps_what_was_typed(
    client: TestClient, session: Session, given: Given, lot: HarvestLot, home: dict[str, str]
) -> None:
    report = given.report(lot)
    session.commit()
    data = {"version": "99", "words": "Xin đổi hàng cho bạn."}
    answer = client.post(f"/work/reports/{report.uid}/answer", headers=home, data=data)
    assert answer.status_code == 422
    assert "Xin đổi hàng cho bạn." in answer.text


@pytest.mark.parametrize(
    ("tag", "words"), [("vi", "Gửi phản ánh"), ("en", "Send the report"), ("zh", "提交反映")]
)
def test_the_form_speaks_three_languages(
    client: TestClient, lot: HarvestLot, tag: str, words: str
) -> None:
    page = client.get(f"/t/{lot.code}/report", headers={"Cookie": f"lang={tag}"}).text
    assert words in page
    assert "<script" not in page
