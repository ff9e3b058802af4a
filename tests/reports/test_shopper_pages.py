"""A shopper's report: sent without account or script, followed by its ticket."""

import io

import pytest
from fastapi import FastAPI
from PIL import Image
from sqlalchemy import select
from sqlmodel import Session, col
from starlette.testclient import TestClient

from app.models.lots import HarvestLot
from app.models.reports import ReportPhoto, ReportState
from tests.conftest import BASE_URL, Clock
from tests.reports.shopping import EN, Shopper, act, count, only, ticket_of

CANARY = "0912000111"
XSS = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


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


def test_a_shopper_erases_the_contact_alone(
    client: TestClient, session: Session, shopper: Shopper, lot: HarvestLot, desk: dict[str, str]
) -> None:
    ticket = ticket_of(shopper.send(f"/t/{lot.code}/report", contact=CANARY))
    page = client.get(ticket, headers=EN).text
    assert CANARY not in page
    assert f'action="{ticket}/forget"' in page
    assert client.post(f"{ticket}/forget", headers=EN).status_code == 303
    assert CANARY not in client.get(f"/desk/reports/{only(session).uid}", headers=desk).text


@pytest.mark.parametrize(
    ("tag", "words"), [("vi", "Gửi phản ánh"), ("en", "Send the report"), ("zh", "提交反映")]
)
def test_the_form_speaks_three_languages(
    client: TestClient, lot: HarvestLot, tag: str, words: str
) -> None:
    page = client.get(f"/t/{lot.code}/report", headers={"Cookie": f"lang={tag}"}).text
    assert words in page
    assert "<script" not in page
