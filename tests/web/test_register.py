"""The pages of the public register, its files, and the statistics of the desk."""

import csv
import io
import json
import re
import zipfile
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import Session
from starlette.testclient import TestClient

from app.ledger.actors import Actor
from app.models.accounts import Role
from app.models.registry import AreaCode, CodeStatus, OrganisationKind
from app.registry.code_commands import Change, revoke_code, warn_code
from app.registry.finding_commands import index_organisation
from app.registry.organisation_commands import OrganisationDetails, amend_organisation
from app.web.register_map import SHAPES, overview_of
from tests.given import BAC_HA, Given

EN, VI = {"accept-language": "en"}, {"accept-language": "vi"}
FIELD = (
    '{"type":"Polygon","coordinates":[[[104.2961,22.5312],[104.2985,22.5312],'
    "[104.2985,22.5326],[104.2961,22.5326],[104.2961,22.5312]]]}"
)


def page(client: TestClient, session: Session, address: str, **params: str) -> Any:
    session.commit()
    return client.get(address, params=params, headers=EN)


@pytest.fixture
def code(given: Given) -> AreaCode:
    home = given.cooperative("HTX Rau Bản Phố")
    return given.code(given.area(home, former_commune="02866", polygon=FIELD, area_m2=22_000))


def test_the_register_shows_what_everybody_may_know(
    client: TestClient, session: Session, code: AreaCode
) -> None:
    session.commit()
    html = client.get("/register", headers=VI).text
    for item in (code.code, "Bắp cải", "2,2 ha", "HTX Rau Bản Phố", "Xã Bắc Hà", "Xã Bản Phố"):
        assert item in html, item
    assert 'class="mark active"' in html
    for finer in ("104.29", "22.531", "1042961"):
        assert finer not in html


def test_it_is_searched_and_narrowed_down_and_remembers_what_was_asked(
    client: TestClient, session: Session, given: Given, code: AreaCode
) -> None:
    other = given.code(given.area(crop="SU_HAO"), "CHN")
    html = page(client, session, "/register", q="bản phố", market="VNM").text
    assert code.code in html
    assert other.code not in html
    assert 'value="bản phố"' in html
    assert '<option value="VNM" selected>' in html
    assert "/register.csv?q=b%E1%BA%A3n+ph%E1%BB%91&amp;market=VNM" in html
    assert "No code was found" in page(client, session, "/register", q="zzz").text


def test_a_wrong_filter_is_refused_with_a_page(client: TestClient, session: Session) -> None:
    answer = page(client, session, "/register", commune="' OR 1=1")
    assert answer.status_code == 422
    assert "not one of the choices" in answer.text


def test_the_list_stays_light_with_many_codes(
    client: TestClient, session: Session, given: Given
) -> None:
    home = given.cooperative("Hợp tác xã Dịch vụ Nông nghiệp và Rau an toàn Thượng Bản Phố")
    for _ in range(30):
        given.code(given.area(home, former_commune="02866", polygon=FIELD))
    answer = page(client, session, "/register")
    assert "Show more" in answer.text
    everywhere = [(status, (103 + x / 50, 22 + y / 50)) for status, x, y in _many()]
    drawn = overview_of(everywhere)
    assert drawn is not None
    paths = sum(len(mark.path) for mark in drawn.marks)
    assert len(answer.content) + paths < 60_000


def _many() -> list[tuple[CodeStatus, int, int]]:
    """A thousand marks in a likely mix: most hold, some of every other kind."""
    mix = [CodeStatus.ACTIVE] * 15 + list(CodeStatus)
    return [(mix[n % len(mix)], n % 40, n // 40) for n in range(1_000)]


def test_every_status_has_its_own_mark() -> None:
    assert set(SHAPES) == set(CodeStatus)
    assert len(set(SHAPES.values())) == len(CodeStatus)
    drawn = overview_of([(status, (104.0, 22.0)) for status in CodeStatus])
    assert drawn is not None
    assert {mark.status for mark in drawn.marks} == {status.value for status in CodeStatus}
    assert overview_of([]) is None


def test_the_page_of_a_code_tells_its_whole_history(
    client: TestClient, session: Session, given: Given, code: AreaCode
) -> None:
    change = Change(given.day(-5), reason="Nhật ký thiếu", number="7/QĐ-CCTT")
    warn_code(session, code=code, change=change, by=Actor.system(), now=given.now)
    html = page(client, session, f"/register/{code.code_key}").text
    for item in ("12/QĐ-TTBVTV", "7/QĐ-CCTT", "Nhật ký thiếu", "Under a warning", "22.53° N"):
        assert item in html, item
    assert "Bản Phố Commune, Bắc Hà District, Lào Cai Province" in html


def test_the_page_tells_address_and_status_of_any_day(
    client: TestClient, session: Session, given: Given
) -> None:
    made = given.code(given.area(commune="", former_commune="02647"))
    html = page(client, session, f"/register/{made.code_key}", on="2024-05-01").text
    assert "On 01/05/2024 the address was: Kim Tân Ward, Lào Cai City" in html
    assert "Not issued yet" in html
    assert page(client, session, f"/register/{made.code_key}", on="hôm qua").status_code == 422


def test_where_nobody_says_which_former_commune_all_are_named(
    client: TestClient, session: Session, given: Given
) -> None:
    made = given.code(given.area(commune="02848"))
    html = page(client, session, f"/register/{made.code_key}").text
    assert "Si Ma Cai District, Lào Cai Province: Lùng Thẩn Commune" in html
    assert "Bắc Hà District, Lào Cai Province: " in html
    assert "Tả Van Chư Commune" in html


def test_an_unknown_code_is_answered_helpfully(client: TestClient, session: Session) -> None:
    answer = page(client, session, "/register/15-PUC-<b>KHONG")
    assert answer.status_code == 404
    assert 'value="15-PUC-bKHONG"' in answer.text
    assert "0 and O" in answer.text


def rows(answer: Any) -> list[dict[str, str]]:
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_csv_opens_in_a_spreadsheet_and_runs_nothing(
    client: TestClient, session: Session, given: Given
) -> None:
    evil = given.cooperative('=HYPERLINK("http://evil.test","HTX")')
    made = given.code(given.area(evil, area_m2=12_345))
    answer = page(client, session, "/register.csv")
    (row,) = rows(answer)
    assert row["Code"] == made.code
    assert row["Organisation"].startswith("'=HYPERLINK")
    assert (row["Area (ha)"], row["Area (m²)"]) == ("1.2345", "12345")
    named = answer.headers["content-disposition"]
    assert named == 'attachment; filename="so-ma-so-vung-trong-2026-11-20.csv"'


def test_the_files_hold_what_was_asked_for(
    client: TestClient, session: Session, given: Given, code: AreaCode
) -> None:
    revoked = given.code(given.area())
    change = Change(given.day(-5), reason="Không còn canh tác")
    revoke_code(session, code=revoked, change=change, by=Actor.system(), now=given.now)
    (row,) = rows(page(client, session, "/register.csv", status="revoked"))
    assert (row["Code"], row["Status"]) == (revoked.code, "Revoked for good")
    told = json.loads(page(client, session, "/register.geojson", q="ban pho").content)
    points = {f["properties"]["code"]: f["geometry"] for f in told["features"]}
    assert points[code.code] == {"type": "Point", "coordinates": [104.3, 22.53]}


def test_the_workbook_has_numbers_as_numbers_and_no_formulas(
    client: TestClient, session: Session, given: Given
) -> None:
    given.code(given.area(given.cooperative("=1+1"), area_m2=22_000))
    content = page(client, session, "/register.xlsx").content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    head, row = book.get_sheet_by_index(0).to_python()
    told = dict(zip(head, row, strict=True))
    assert (told["Organisation"], told["Area (ha)"]) == ("=1+1", 2.2)
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    assert not re.search(rb"<f>", sheet)


def test_a_household_is_named_nowhere_unless_it_agreed(
    client: TestClient, session: Session, given: Given
) -> None:
    home = given.organisation(OrganisationKind.HOUSEHOLD, "Hộ Sùng Seo Lử")
    made = given.code(given.area(home, name="Nương nhà Lử"))
    addresses = ("/register", f"/register/{made.code_key}", "/register.csv", "/register.geojson")
    home.name_public = False
    index_organisation(session, home)
    for address in addresses:
        text = page(client, session, address).text
        assert "Lử" not in text, address
        assert "Growing household, Xã Bắc Hà" in text, address
    agreed = OrganisationDetails(name=home.name, commune=BAC_HA, name_public=True)
    amend_organisation(session, organisation=home, details=agreed, by=Actor.system(), now=given.now)
    for address in addresses:
        assert "Sùng Seo Lử" in page(client, session, address).text, address


def test_statistics_are_shown_at_the_desk(
    client: TestClient, session: Session, given: Given
) -> None:
    given.area(commune="02647", area_m2=15_000)
    given.code(given.area(commune="", former_commune="03022"))
    headers = given.headers(Role.PROVINCE_ADMIN)  # who signs in reads the language of the account
    session.commit()
    html = client.get("/desk/statistics", headers=headers).text
    above, _, apart = html.partition("Chưa phân được về huyện nào")
    assert "Thị xã Sa Pa" in above
    assert "Phường Lào Cai" in apart
    html = client.get("/desk/statistics?by=commune", headers=headers).text
    assert "Xã Bản Hồ" in html
    assert "Chưa phân được" not in html
    assert page(client, session, "/desk/statistics").status_code in {303, 401}
