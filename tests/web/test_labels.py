"""Printing in the browser: preview, print, count, read back, and what is refused beside its field."""

import re
from base64 import b64decode
from html import escape, unescape

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.accounts import Role
from app.models.lots import HarvestLot
from app.models.registry import Organisation
from tests.conftest import BASE_URL
from tests.given import Given

FORM = {
    "layout": "l1-50x30",
    "stock": "roll-50x30",
    "output": "pdf",
    "language": "vi",
    "copies": "3",
    "pack_g": "500",
    "pack_unit": "g",
    "storage": "nơi thoáng mát",
    "warning": "rửa sạch trước khi dùng",
    "what": "print",
}


@pytest.fixture
def home(given: Given) -> Organisation:
    return given.cooperative()


@pytest.fixture
def lot(session: Session, given: Given, home: Organisation) -> HarvestLot:
    made = given.lot(given.area(home))
    session.commit()
    return made


@pytest.fixture
def clerk(client: TestClient, session: Session, given: Given, home: Organisation) -> TestClient:
    client.headers.update(given.headers(Role.COOP_ADMIN, home))
    client.cookies.set("lang", "en")
    client.headers["Origin"] = BASE_URL
    session.commit()
    return client


def said(page: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", page))


def printed(clerk: TestClient, lot: HarvestLot, **changed: str) -> str:
    answer = clerk.post("/work/labels/new", data={**FORM, "lots": lot.code, **changed})
    assert answer.status_code == 303, said(answer.text)
    return str(answer.headers["location"]).partition("?")[0]


def test_a_clerk_looks_first_and_prints_then(clerk: TestClient, lot: HarvestLot) -> None:
    form = {**FORM, "lots": f"{lot.code} 12", "what": "preview"}
    page = clerk.post("/work/labels/new", data=form).text
    assert "data:image/png;base64," in page
    assert "12 labels" in page
    run = printed(clerk, lot)
    assert "Ready to print" in clerk.get(run).text
    file = clerk.get(f"{run}/file")
    assert file.content.startswith(b"%PDF")
    assert file.headers["content-type"] == "application/pdf"


def test_a_grave_warning_is_seen_before_labels_come_out(clerk: TestClient, lot: HarvestLot) -> None:
    form = {**FORM, "lots": lot.code, "warning": "rửa sạch \U0001f96c"}
    first = clerk.post("/work/labels/new", data=form)
    assert first.status_code == 200
    assert "Nothing is printed yet" in first.text
    assert "cannot be printed and are left out" in said(first.text)
    [mark] = re.findall(r'name="read" value="(\w+)"', first.text)
    # What was read of other labels does not count.
    other = clerk.post("/work/labels/new", data={**form, "read": "0" * 16})
    assert "Nothing is printed yet" in other.text
    again = clerk.post("/work/labels/new", data={**form, "read": mark})
    assert again.status_code == 303


def test_printing_again_asks_for_a_reason(clerk: TestClient, lot: HarvestLot) -> None:
    printed(clerk, lot)
    again = clerk.post("/work/labels/new", data={**FORM, "lots": lot.code})
    assert again.status_code == 422
    assert "say why more are needed" in again.text
    assert lot.code in again.text
    printed(clerk, lot, reprint_reason="Misprinted")


def test_void_labels_are_counted(clerk: TestClient, lot: HarvestLot) -> None:
    run = printed(clerk, lot, copies="10")
    wrong = clerk.post(
        f"{run}/marks", data={"kind": "voided", "first": "1", "last": "11", "reason": "x"}
    )
    assert wrong.status_code == 422
    assert "Labels 1 to 10 were printed." in wrong.text
    clerk.post(f"{run}/marks", data={"kind": "voided", "first": "1", "last": "4", "reason": "rách"})
    clerk.post(f"{run}/marks", data={"kind": "applied", "first": "5", "last": "8"})
    shown = said(clerk.get(run).text)
    assert "rách" in shown
    assert re.search(r"1 – 10\s+10\s+4\s+4\s+2", shown)


def test_first_and_last_label_read_back_verify_a_run(clerk: TestClient, lot: HarvestLot) -> None:
    run = printed(clerk, lot)
    clerk.post(f"{run}/proof", data={"which": "first", "read": "LC0000000000005"})
    assert "this is another label" in clerk.get(f"{run}/proof").text
    clerk.post(f"{run}/proof", data={"which": "first", "read": f"https://x/T/{lot.code}"})
    done = clerk.post(f"{run}/proof", data={"which": "last", "read": lot.code.lower()})
    assert done.headers["location"].endswith("done=run_verified")
    assert "verified" in clerk.get(run).text


def test_a_printer_is_measured(clerk: TestClient, lot: HarvestLot) -> None:
    added = clerk.post(
        "/work/labels/printers",
        data={
            "name": "Máy kho",
            "stock": "a4-tomy-145",
            "output": "pdf",
            "dpi": "300",
            "ruler": "100",
        },
    )
    page = added.headers["location"].partition("?")[0]
    assert "not measured" in clerk.get(page).text
    assert clerk.get(f"{page}/ruler").content.startswith(b"%PDF")
    form = {
        "name": "Máy kho",
        "version": "1",
        "stock": "a4-tomy-145",
        "output": "pdf",
        "dpi": "300",
        "offset_x": "1,5",
        "offset_y": "-0,5",
        "ruler": "99,2",
        "measured": "yes",
    }
    assert clerk.post(page, data=form).status_code == 303
    shown = clerk.get(page).text
    assert 'value="1,5"' in shown
    assert 'value="-0,5"' in shown
    assert 'value="99,2"' in shown
    narrow = {**form, "version": "2", "stock": "roll-60x40", "offset_y": "0"}
    clerk.post(page, data=narrow)
    clerk.post(page, data={**narrow, "version": "3", "ruler": "49,5"})
    shown = clerk.get(page).text
    assert "The line of 50 mm" in shown
    assert 'value="49,5"' in shown
    far = clerk.post(page, data={**form, "version": "4", "ruler": "50", "offset_x": "40"})
    assert far.status_code == 422
    assert "at most 20 mm" in far.text


def test_paper_is_added_and_impossible_paper_is_refused(clerk: TestClient, lot: HarvestLot) -> None:
    form = {"name": "Cuộn 45 × 25", "kind": "roll", "columns": "1", "rows": "1"}
    sizes = {"width": "45", "height": "25", "page_width": "45", "page_height": "25"}
    assert clerk.post("/work/labels/stocks", data={**form, **sizes}).status_code == 303
    assert "Cuộn 45 × 25" in clerk.get("/work/labels/stocks").text
    wide = clerk.post("/work/labels/stocks", data={**form, **sizes, "columns": "3"})
    assert "do not fit on this paper" in wide.text


def test_a_layout_is_changed_with_the_label_in_view(clerk: TestClient, lot: HarvestLot) -> None:
    page = clerk.get("/work/labels/layouts/l1-50x30").text
    fields = dict(re.findall(r'<input[^>]* name="([\w.]+)"[^>]*value="([^"]*)"', page))
    fields |= {
        name: unescape(text)
        for name, text in re.findall(r'<textarea[^>]* name="([\w.]+)"[^>]*>([^<]*)<', page)
    }
    form = {**fields, "version": "1", "symbols.0.kind": "qr", "language": "vi", "name": "Tem HTX"}
    look = clerk.post("/work/labels/layouts/l1-50x30/preview", data=form)
    assert b64decode(look.json()["picture"]).startswith(b"\x89PNG")
    missing = [False, "The layout has no place for: Storage."]
    assert missing in look.json()["lacks"]
    assert escape(missing[1]) in page
    with_storage = {**form, "blocks.1.facts": form["blocks.1.facts"] + "\nstorage 1,5"}
    mended = clerk.post("/work/labels/layouts/l1-50x30/preview", data=with_storage)
    assert missing not in mended.json()["lacks"]
    overlapping = {**form, "blocks.0.x": "10"}
    refused = clerk.post("/work/labels/layouts/l1-50x30/preview", data=overlapping)
    assert refused.status_code == 422
    assert "overlaps" in refused.json()["fault"]
    unread = {**form, "blocks.1.facts": "dates wide"}
    told = clerk.post("/work/labels/layouts/l1-50x30/preview", data=unread).json()["fault"]
    assert told == "Box of words 2 – Write a number."
    saved = clerk.post("/work/labels/layouts/l1-50x30", data={**form, "what": "save"})
    assert saved.status_code == 303
    own = saved.headers["location"]
    assert "Tem HTX" in clerk.get(own).text
    assert "our own" in clerk.get("/work/labels/layouts").text


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"copies": "0"}, "Print 1 to 200,000 labels"),
        ({"copies": "1000000"}, "Print 1 to 200,000 labels"),
        ({"stock": "roll-35x22-2-72"}, "smaller than the layout"),
        ({"language": "zh+en"}, "made for"),
        ({"lots": "LC12"}, "There is no lot"),
        ({"lots": ""}, "Write the code of a lot"),
        ({"start_at": "2"}, "A sheet has places 1 to 1"),
        ({"storage": "hàng thật 100%"}, "never says that goods are genuine"),
        ({"output": "tspl", "stock": "a4-3x8-plain"}, "choose a roll"),
        ({"warning": "خضار"}, "cannot print"),
    ],
)
def test_what_cannot_be_printed_is_said_and_nothing_typed_is_lost(
    clerk: TestClient, lot: HarvestLot, changed: dict[str, str], why: str
) -> None:
    answer = clerk.post(
        "/work/labels/new", data={**FORM, "lots": lot.code, "packs": "7", **changed}
    )
    assert answer.status_code == 422
    assert why in unescape(answer.text)
    assert 'value="7"' in answer.text


def test_another_house_sees_nothing(
    clerk: TestClient, session: Session, given: Given, lot: HarvestLot
) -> None:
    run = printed(clerk, lot)
    other = given.headers(Role.STAFF)
    session.commit()
    for address in (run, f"{run}/file", f"{run}/proof"):
        assert clerk.get(address, headers=other).status_code == 404


def test_a_photograph_of_a_label_is_read_here(clerk: TestClient, lot: HarvestLot) -> None:
    run = printed(clerk, lot, output="png", copies="1")
    photograph = clerk.get(f"{run}/file").content
    answer = clerk.post(
        f"{run}/proof",
        data={"which": "first"},
        files={"photo": ("tem.png", photograph, "image/png")},
    )
    assert answer.headers["location"].endswith("which=last")
    nothing = clerk.post(f"{run}/proof", data={"which": "last"})
    assert nothing.status_code == 422
