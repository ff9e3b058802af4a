"""The clerk's and the inspector's pages of lots: quick entry, parts, photographs, holding, balance, home."""

import io
import re
from collections.abc import Iterator

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlmodel import Session
from starlette.testclient import TestClient

from app.kit.quantities import Grams
from app.models.accounts import Role
from app.models.lots import HarvestLot, LotPicture, LotSource, LotState
from app.models.registry import Organisation, PlantingArea
from tests.given import Given
from tests.lots.growing import Growing

EN = {"Accept-Language": "en", "sec-fetch-site": "same-origin"}
WEIGHTS = re.compile(r'name="(kg:[^"]*)"')
VERSION = re.compile(r'name="version" value="(\d+)"')


@pytest.fixture
def growing(session: Session, given: Given) -> Growing:
    return Growing(session, given)


@pytest.fixture
def area(given: Given) -> PlantingArea:
    return given.area(name="Đồi Sân Chùa")


@pytest.fixture
def clerk(
    client: TestClient, session: Session, given: Given, area: PlantingArea
) -> Iterator[TestClient]:
    home = session.get_one(Organisation, area.organisation_id)
    headers = given.headers(Role.STAFF, home)
    session.commit()
    client.headers.update({**EN, **headers})
    client.cookies.set("lang", "en")
    yield client


def inspector(given: Given, session: Session) -> dict[str, str]:
    headers = given.headers(Role.INSPECTOR)
    session.commit()
    return headers


def harvest(area: PlantingArea, given: Given, /, **other: str) -> dict[str, str]:
    return {
        "area": str(area.uid),
        "crop": "BAP_CAI",
        "harvested_on": given.day(-1).isoformat(),
        "quantity_g": "120",
        "unit": "kg",
        "once": "m1",
        **other,
    }


def count(session: Session, table: type) -> int:
    session.rollback()
    found = session.execute(select(func.count()).select_from(table)).scalar_one()
    session.rollback()
    return found


def test_the_next_harvest_keeps_area_crop_and_day_and_waits_for_the_weight(
    clerk: TestClient, area: PlantingArea, given: Given
) -> None:
    answer = clerk.post("/work/lots/new", data=harvest(area, given, then="next", grade="Loại 1"))
    assert re.fullmatch(r"/work/lots/new\?after=LC\w{13}", answer.headers["location"])
    html = clerk.get(answer.headers["location"]).text
    assert "Recorded: Cabbage, 120 kg." in html
    assert f'value="{area.uid}" data-crops="BAP_CAI" selected' in html
    assert re.search(r'id="quantity_g"[^>]*value="" autofocus', html)
    assert f'value="{given.day(-1)}"' in html
    assert 'value="Loại 1"' in html


def test_a_lot_is_copied_with_todays_date(
    clerk: TestClient, area: PlantingArea, given: Given
) -> None:
    clerk.post("/work/lots/new", data=harvest(area, given))
    html = clerk.get("/work/lots/new?like=last").text
    assert re.search(r'id="quantity_g"[^>]*value="120"', html)
    assert f'value="{given.day(0)}"' in html
    assert clerk.get("/work/lots/new?like=LC0000000000000").status_code == 404


def test_where_nothing_was_recorded_there_is_nothing_to_copy(clerk: TestClient) -> None:
    assert clerk.get("/work/lots/new?like=last").status_code == 200


def test_a_harvest_of_the_diary_becomes_a_lot(
    clerk: TestClient, session: Session, area: PlantingArea, given: Given, growing: Growing
) -> None:
    entry = growing.harvest(growing.planting(area), -1, 120)
    session.commit()
    html = clerk.get(f"/work/lots/new?entry={entry.uid}").text
    assert f'name="entry" value="{entry.uid}"' in html
    assert re.search(r'id="quantity_g"[^>]*value="120"', html)
    form = harvest(area, given, entry=str(entry.uid))
    assert clerk.post("/work/lots/new", data=form).status_code == 303
    again = clerk.post("/work/lots/new", data={**form, "once": "hai"})
    assert again.status_code == 422
    assert "This entry of the diary is in lot" in again.text
    assert f'name="entry" value="{entry.uid}"' in again.text
    assert count(session, LotSource) == 1


def test_a_harvest_is_split_by_plot(
    clerk: TestClient, session: Session, area: PlantingArea, given: Given, growing: Growing
) -> None:
    members = [given.grower(growing.home(area), name) for name in ("Lý A", "Vàng B")]
    plots = [growing.plot(area, who, f"Thửa {at}") for at, who in enumerate(members)]
    growing.planting(area, plots[0])
    session.commit()
    assert 'name="kg:' not in clerk.get("/work/lots/split").text
    address = f"/work/lots/split?area={area.uid}&crop=BAP_CAI"
    html = clerk.get(address).text
    one, two = WEIGHTS.findall(html)
    assert "Thửa 0" in html
    assert "Vàng B" in html
    form = harvest(area, given, quantity_g="") | {one: "80,5", two: "39,5"}
    wrong = clerk.post("/work/lots/split", data={**form, "quantity_g": "121", "once": "sai"})
    assert wrong.status_code == 422
    assert "The parts weigh 120 kg, the lot 121 kg." in wrong.text
    assert 'value="80,5"' in wrong.text
    made = clerk.post("/work/lots/split", data=form)
    assert made.status_code == 303
    page = clerk.get(made.headers["location"]).text
    assert "80.5 kg" in page
    assert "Vàng B" in page
    lot = session.execute(select(HarvestLot)).scalar_one()
    assert lot.quantity_g == 120_000


def test_an_area_without_plots_cannot_be_split(clerk: TestClient, area: PlantingArea) -> None:
    html = clerk.get(f"/work/lots/split?area={area.uid}&crop=BAP_CAI").text
    assert "No plots and no plantings are known here." in html


def test_a_weight_that_is_none_is_refused_beside_its_plot(
    clerk: TestClient, session: Session, area: PlantingArea, given: Given, growing: Growing
) -> None:
    growing.planting(area)
    session.commit()
    [one] = WEIGHTS.findall(clerk.get(f"/work/lots/split?area={area.uid}&crop=BAP_CAI").text)
    answer = clerk.post(
        "/work/lots/split", data=harvest(area, given, quantity_g="") | {one: "nhiều"}
    )
    assert answer.status_code == 422
    assert f'id="why-{one}"' in answer.text


def change(client: TestClient, address: str, action: str, /, **typed: str):
    html = client.get(address).text
    version = VERSION.findall(html)[0]
    return client.post(f"{address}/{action}", data={"version": version, **typed})


def test_a_lot_is_sealed_closed_and_shows_its_steps(
    clerk: TestClient, area: PlantingArea, given: Given
) -> None:
    made = clerk.post("/work/lots/new", data=harvest(area, given))
    address = made.headers["location"].split("?")[0]
    assert change(clerk, address, "close").status_code == 422
    assert change(clerk, address, "seal").status_code == 303
    assert change(clerk, address, "close").headers["location"].endswith("?done=closed")
    html = clerk.get(address).text
    assert "What became of it" in html
    assert "Print labels" not in html


def test_a_photograph_of_the_harvest_is_kept_without_its_place(
    clerk: TestClient, session: Session, area: PlantingArea, given: Given
) -> None:
    made = clerk.post("/work/lots/new", data=harvest(area, given))
    address = made.headers["location"].split("?")[0]
    drawn = io.BytesIO()
    Image.effect_noise((60, 40), 80).convert("RGB").save(drawn, "JPEG")
    version = VERSION.findall(clerk.get(address).text)[0]
    for content, status in ((drawn.getvalue(), 303), (b"no picture", 422)):
        version = VERSION.findall(clerk.get(address).text)[0]
        answer = clerk.post(
            f"{address}/pictures",
            data={"version": version},
            files={"photo": ("anh.jpg", content, "image/jpeg")},
        )
        assert answer.status_code == status, answer.text[:300]
    assert count(session, LotPicture) == 1
    assert 'src="/work/pictures/' in clerk.get(address).text


def test_an_inspector_holds_and_releases_and_the_clerk_sees_why(
    clerk: TestClient, session: Session, area: PlantingArea, given: Given
) -> None:
    made = clerk.post("/work/lots/new", data=harvest(area, given))
    code = made.headers["location"].split("?")[0].rsplit("/", 1)[1]
    mine = dict(clerk.headers)
    desk = f"/desk/lots/{code}"
    clerk.headers.update(inspector(given, session))
    assert change(clerk, desk, "hold", reason="").status_code == 422
    assert change(clerk, desk, "hold", reason="chờ kết quả mẫu").status_code == 303
    assert "chờ kết quả mẫu" in clerk.get(desk).text
    clerk.headers.update(mine)
    page = clerk.get(f"/work/lots/{code}").text
    assert "Held: it may not leave." in page
    assert "Print labels" not in page
    assert clerk.post(f"/desk/lots/{code}/release").status_code == 403
    assert "chờ kết quả mẫu" in clerk.get("/work").text
    clerk.headers.update(inspector(given, session))
    assert change(clerk, desk, "release", reason="kết quả đạt").status_code == 303
    session.rollback()
    assert session.execute(select(HarvestLot)).scalar_one().state is LotState.OPEN


def test_a_lot_that_waits_says_from_which_day_it_may_be_sold(
    clerk: TestClient, session: Session, area: PlantingArea, given: Given, growing: Growing
) -> None:
    growing.spray(growing.planting(area), -3, product=growing.product(interval=7))
    session.commit()
    next_one = clerk.post("/work/lots/new", data=harvest(area, given, then="next"))
    assert "Not to be sold before 24/11/2026" in clerk.get(next_one.headers["location"]).text
    code = next_one.headers["location"].rsplit("=", 1)[1]
    page = clerk.get(f"/work/lots/{code}").text
    assert "it may be sold from 24/11/2026 on." in page
    assert 'action="/work/labels/new' not in page
    asked = {"lots": code, "layout": "l1-50x30", "form": "png_203", "copies": "1", "once": "x"}
    refused = clerk.post("/work/labels/new", data={**asked, "what": "print"})
    assert refused.status_code == 422


def test_the_balance_is_said_in_words_beside_the_bar(
    clerk: TestClient, session: Session, area: PlantingArea, given: Given
) -> None:
    given.season(area, expected_output=Grams(100_000), harvest_from=-10, harvest_to=10)
    session.commit()
    clerk.post("/work/lots/new", data=harvest(area, given))
    html = clerk.get("/work/balance").text
    assert "120 %" in html
    assert "of what was declared: 120 kg of 100 kg" in html
    assert "Over what was declared" in html
    assert '<svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">' in html
    clerk.headers.update(inspector(given, session))
    desk = clerk.get("/desk/balance").text
    assert "Lots over what was declared" in desk
    assert "Đồi Sân Chùa" in desk
    assert clerk.get("/work/balance").status_code == 403


def test_lots_are_listed_by_state(clerk: TestClient, area: PlantingArea, given: Given) -> None:
    made = clerk.post("/work/lots/new", data=harvest(area, given))
    address = made.headers["location"].split("?")[0]
    assert address in clerk.get("/work/lots?state=open").text
    assert address not in clerk.get("/work/lots?state=sealed").text
    assert clerk.get("/work/lots?state=eaten").status_code == 422


def test_the_province_sees_archives_and_nobody_else_does(
    clerk: TestClient, session: Session, given: Given
) -> None:
    assert clerk.get("/desk/archives").status_code == 403
    clerk.headers.update(inspector(given, session))
    assert clerk.get("/desk/archives").status_code == 403
    headers = given.headers(Role.PROVINCE_ADMIN)
    session.commit()
    clerk.headers.update(headers)
    assert "Nothing has been kept long enough" in clerk.get("/desk/archives").text


def test_the_public_page_warns_of_a_lot_that_waits_or_is_held(
    clerk: TestClient, session: Session, area: PlantingArea, given: Given, growing: Growing
) -> None:
    growing.spray(growing.planting(area), -3, product=growing.product(interval=7))
    session.commit()
    made = clerk.post("/work/lots/new", data=harvest(area, given))
    code = made.headers["location"].split("?")[0].rsplit("/", 1)[1]
    page = clerk.get(f"/t/{code}").text
    assert "Not to be sold before 24/11/2026" in page
    assert "No warning stands for this lot" not in page
    told = clerk.get(f"/api/v1/public/lots/{code}").json()
    assert told["sellable_from"] == "2026-11-24"
    clerk.headers.update(inspector(given, session))
    change(clerk, f"/desk/lots/{code}", "hold", reason="chờ kết quả mẫu")
    page = clerk.get(f"/t/{code}").text
    assert "Held: not to be sold for now" in page
    assert "chờ kết quả mẫu" not in page
    assert "chờ kết quả mẫu" not in clerk.get(f"/api/v1/public/lots/{code}").text
