"""Lists from Excel on pages: sent, watched, looked at, imported, given back marked, undone."""

import re

import pytest

from app.jobs.running import Runner
from app.main import HANDLERS
from app.models.accounts import Role
from app.models.registry import AreaCode, Grower
from tests.exchange.sending import count, csv_file
from tests.given import PASSWORD

SAME_SITE = {"sec-fetch-site": "same-origin", "accept-language": "en"}
ROWS = [
    ["Họ và tên", "Điện thoại", "Xã", "Ngày vào", "CCCD"],
    ["Lý Thị Mẩy", "0912345678", "Xã Bắc Hà", "", ""],
    ["<b>Giàng A Páo</b>", "0987654321", "Xã Bắc Hà", "31/11/2025", ""],
]


@pytest.fixture
def home(session, given):
    made = given.cooperative()
    given.account(Role.STAFF, made, login="ke-toan")
    given.account(Role.PROVINCE_ADMIN, login="so-nn")
    given.area(made, name="Đồi Sân Chùa")
    session.commit()
    return made


def signed_in(client, login):
    client.headers.update(SAME_SITE)
    client.cookies.set("lang", "en")
    assert client.post("/sign-in", data={"login": login, "password": PASSWORD}).status_code == 303
    return client


@pytest.fixture
def clerk(client, home):
    return signed_in(client, "ke-toan")


@pytest.fixture
def work(engine, clock):
    runner = Runner(engine, HANDLERS, clock)

    def run():
        while runner.run_one():
            pass

    return run


def send(client, rows=ROWS, home="/work", once="a", **data):
    return client.post(
        f"{home}/imports",
        data={"layout": "growers", "once": once, **data},
        files={"file": ("danh sách.csv", csv_file(rows))},
    )


def test_a_list_is_watched_looked_at_imported_and_undone(clerk, work, engine):
    sent = send(clerk)
    assert sent.status_code == 303
    address = sent.headers["location"]
    waiting = clerk.get(address)
    assert waiting.headers["refresh"] == "2"
    assert "being read and checked" in waiting.text
    work()
    ready = clerk.get(address)
    assert "refresh" not in ready.headers
    assert "Import the 1 right row" in ready.text
    assert "These columns are not imported: CCCD" in ready.text
    assert "Is it 30/11/2025?" in ready.text
    assert "&lt;b&gt;Giàng A Páo" in ready.text
    faulty = clerk.get(f"{address}?rows=faulty").text
    assert "Giàng A Páo" in faulty
    assert "Lý Thị Mẩy" not in faulty
    assert clerk.get(f"{address}/marked").content[:2] == b"PK"
    assert clerk.post(f"{address}/import", data={"whole": "yes"}).status_code == 422
    assert count(engine, Grower) == 0
    assert clerk.post(f"{address}/import").status_code == 303
    assert clerk.post(f"{address}/import").status_code == 422
    work()
    assert "1 row was imported." in clerk.get(address).text
    assert count(engine, Grower) == 1
    assert clerk.post(f"{address}/undo").status_code == 303
    assert count(engine, Grower) == 0
    assert "Undone" in clerk.get("/work/imports").text


def test_a_form_sent_twice_is_one_import(clerk):
    assert send(clerk).headers["location"] == send(clerk).headers["location"]
    assert (
        len(re.findall(r'href="/work/imports/[0-9a-f-]{36}"', clerk.get("/work/imports").text)) == 1
    )


@pytest.mark.parametrize(
    ("data", "file", "why"),
    [
        ({"layout": "growers"}, None, "Choose a file."),
        ({"layout": "nothing"}, ("a.csv", b"a;b"), "Choose one from the list."),
        ({"layout": "growers"}, ("a.csv", b""), "The file is empty."),
        ({"layout": "codes"}, ("a.csv", b"a;b"), "Your role may not import this kind of list."),
    ],
)
def test_what_is_missing_is_said_beside_its_field(clerk, data, file, why):
    answer = clerk.post("/work/imports", data=data, files={"file": file} if file else None)
    assert answer.status_code == 422
    assert why in answer.text


def test_a_file_that_cannot_be_read_says_why_on_its_page(clerk, work):
    sent = clerk.post(
        "/work/imports", data={"layout": "growers"}, files={"file": ("a.xlsx", b"%PDF-1.4")}
    )
    work()
    page = clerk.get(sent.headers["location"])
    assert page.status_code == 200
    assert "a.xlsx is no spreadsheet" in page.text


def test_the_growers_areas_and_plots_pages_lead_to_it(clerk):
    assert "/work/imports?layout=growers" in clerk.get("/work/growers").text
    assert "/work/imports?layout=areas" in clerk.get("/work/areas").text
    assert '<option value="plots" selected>' in clerk.get("/work/imports?layout=plots").text
    assert clerk.get("/work/import-templates/plots").content[:2] == b"PK"


def test_the_province_enters_codes_at_its_desk(client, home, work, engine):
    province = signed_in(client, "so-nn")
    rows = [
        ["Vùng trồng", "Mã số vùng trồng", "Ngày cấp", "Số quyết định"],
        ["Đồi Sân Chùa", "Cũ-77/BVTV", "20/03/2026", "12/QĐ"],
    ]
    missing = send(province, rows, home="/desk", layout="codes")
    assert missing.status_code == 422
    assert 'id="why-organisation"' in missing.text
    sent = send(province, rows, home="/desk", once="b", layout="codes", organisation=str(home.uid))
    address = sent.headers["location"]
    assert address.startswith("/desk/imports/")
    work()
    assert "Import 1 row" in province.get(address).text
    province.post(f"{address}/import")
    work()
    assert count(engine, AreaCode) == 1
    assert "Cũ-77/BVTV" in province.get("/register?q=cu+77").text
    assert (
        province.get(f"/desk/import-templates/codes?organisation={home.uid}").content[:2] == b"PK"
    )
    assert province.get("/work/imports").status_code == 403


def test_lists_of_others_are_not_found(clerk, session, given, engine, clock):
    from tests.exchange.sending import Sender

    stranger = given.cooperative()
    session.commit()
    sent = Sender(engine, clock, stranger).send([["Họ và tên", "Xã"], ["An", "Xã Bắc Hà"]])
    for path in ("", "/marked"):
        assert clerk.get(f"/work/imports/{sent.uid}{path}").status_code == 404
    for path in ("/import", "/undo"):
        assert clerk.post(f"/work/imports/{sent.uid}{path}").status_code == 404
