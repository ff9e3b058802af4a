"""Lists through the API: sent, read, imported, undone; nobody else sees them."""

import pytest

from app.jobs.running import Runner
from app.main import HANDLERS
from app.models.accounts import Role
from tests.exchange import files
from tests.exchange.sending import csv_file

ROWS = [
    ["Họ và tên", "Điện thoại", "Xã", "CCCD"],
    ["Lý Thị Mẩy", "912345678", "Xã Bắc Hà", "x"],
    ["Giàng A Páo", "12345", "Xã Bắc Hà", "x"],
]


@pytest.fixture
def home(session, given):
    made = given.cooperative()
    session.commit()
    return made


@pytest.fixture
def staff(session, given, home):
    headers = given.headers(Role.STAFF, home)
    session.commit()
    return headers


@pytest.fixture
def work(engine, clock):
    runner = Runner(engine, HANDLERS, clock)

    def run():
        while runner.run_one():
            pass

    return run


def send(client, headers, rows=ROWS, key="a", **data):
    return client.post(
        "/api/v1/imports",
        data={"layout": "growers", **data},
        files={"file": ("ds.csv", csv_file(rows))},
        headers={**headers, "Idempotency-Key": key},
    )


def change(client, headers, address, what, body=None):
    """Begin or undo an import as it is now."""
    tag = client.get(address, headers=headers).headers["etag"]
    return client.post(f"{address}/{what}", json=body or {}, headers={**headers, "If-Match": tag})


def test_from_the_file_to_the_register_and_back(client, staff, work):
    sent = send(client, staff)
    assert sent.status_code == 202
    address = sent.headers["location"]
    assert sent.json()["state"] == "reading"
    job = client.get(f"/api/v1/jobs/{sent.json()['job']}", headers=staff).json()
    assert (job["kind"], job["state"]) == ("imports.read", "waiting")
    work()
    seen = client.get(address, headers=staff).json()
    assert (seen["state"], seen["rows_good"], seen["rows_faulty"]) == ("ready", 1, 1)
    assert seen["unknown_headings"] == ["CCCD"]
    assert {"key": "phone", "letter": "B", "heading": "Điện thoại"} in seen["columns"]
    faulty = client.get(
        f"{address}/rows?outcome=faulty", headers={**staff, "accept-language": "en"}
    )
    [row] = faulty.json()["items"]
    assert (row["number"], row["cells"]["name"]) == (3, "Giàng A Páo")
    assert row["notes"][0] == {
        "column": "phone",
        "why": "This is no telephone number of Viet Nam. Write its ten digits.",
        "warning": False,
    }
    assert client.get(f"{address}/marked", headers=staff).content[:2] == b"PK"
    assert change(client, staff, address, "import", {"whole": True}).status_code == 422
    assert client.post(f"{address}/import", json={}, headers=staff).status_code == 428
    tag = client.get(address, headers=staff).headers["etag"]
    begun = change(client, staff, address, "import")
    assert (begun.status_code, begun.headers["etag"] != tag) == (202, True)
    again = client.post(f"{address}/import", json={}, headers={**staff, "If-Match": tag})
    assert again.status_code == 412
    assert change(client, staff, address, "import").status_code == 409
    work()
    assert client.get(address, headers=staff).json()["rows_imported"] == 1
    [grower] = client.get("/api/v1/growers", headers=staff).json()["items"]
    assert grower["phone"] == "0912345678"
    assert change(client, staff, address, "undo").json()["state"] == "undone"
    assert client.get("/api/v1/growers", headers=staff).json()["items"] == []
    assert change(client, staff, address, "undo").status_code == 409


def test_the_same_key_sends_once(client, staff):
    first, again = send(client, staff), send(client, staff)
    assert first.json()["id"] == again.json()["id"]
    assert again.headers["idempotency-replayed"] == "true"
    other = [[*ROWS[0]], ["Ai Khác", "", "Xã Bắc Hà", ""]]
    assert send(client, staff, other).status_code == 422


def test_rows_come_in_pages(client, staff, work):
    many = [ROWS[0], *([f"Lý Thị {at}", "", "Xã Bắc Hà", ""] for at in range(7))]
    address = send(client, staff, many).headers["location"]
    work()
    numbers, after = [], ""
    while after is not None:
        page = client.get(f"{address}/rows?limit=3{after}", headers=staff).json()
        numbers += [row["number"] for row in page["items"]]
        after = f"&after={page['next']}" if page["next"] else None
    assert numbers == list(range(2, 9))


def test_others_find_nothing(client, staff, session, given, work):
    address = send(client, staff).headers["location"]
    stranger = given.headers(Role.STAFF)
    session.commit()
    for path in ("", "/rows", "/marked"):
        assert client.get(address + path, headers=stranger).status_code == 404
    for path in ("/import", "/undo"):
        headers = {**stranger, "If-Match": '"1"'}
        assert client.post(address + path, json={}, headers=headers).status_code == 404
    assert client.get("/api/v1/imports", headers=stranger).json()["items"] == []


def test_the_province_enters_codes_for_an_organisation_it_chooses(
    client, session, given, home, staff, work
):
    given.area(home, name="Đồi Sân Chùa")
    province = given.headers(Role.PROVINCE_ADMIN)
    session.commit()
    rows = [
        ["Vùng trồng", "Mã số vùng trồng", "Ngày cấp", "Số quyết định"],
        ["Đồi Sân Chùa", "Cũ-77/BVTV", "20/03/2026", "12/QĐ"],
    ]
    refused = send(client, staff, rows, key="b", layout="codes")
    assert refused.status_code == 403
    sent = send(client, province, rows, layout="codes", organisation=str(home.uid))
    work()
    address = sent.headers["location"]
    assert client.get(address, headers=province).json()["rows_good"] == 1
    assert client.get(address, headers=staff).json()["rows_good"] == 1
    assert change(client, staff, address, "import").status_code == 403
    assert change(client, province, address, "import").status_code == 202
    work()
    assert client.get("/api/v1/register/Cũ-77BVTV", headers=province).status_code == 200
    stranger = given.cooperative()
    session.commit()
    foreign = send(client, staff, key="c", organisation=str(stranger.uid))
    assert foreign.status_code == 404


@pytest.mark.parametrize("layout", ["growers", "plots", "areas", "codes"])
def test_templates_are_spreadsheets(client, staff, layout):
    answer = client.get(f"/api/v1/import-templates/{layout}", headers=staff)
    assert answer.content[:2] == b"PK"
    assert "attachment" in answer.headers["content-disposition"]
    assert client.get("/api/v1/import-templates/lots", headers=staff).status_code == 422


def test_a_file_that_is_too_large_or_empty_is_refused_at_the_door(client, staff):
    def sending(content, key):
        return client.post(
            "/api/v1/imports",
            data={"layout": "growers"},
            files={"file": ("ds.xlsx", content)},
            headers={**staff, "Idempotency-Key": key, "accept-language": "en"},
        )

    assert sending(b"", "x").json()["errors"] == [{"at": "file", "why": "The file is empty."}]
    assert "larger than 10 MB" in sending(bytes(11 * 1024 * 1024), "y").json()["detail"]
    assert sending(bytes(13 * 1024 * 1024), "z").status_code == 413
    assert files.xlsx([])
