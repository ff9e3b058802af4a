"""The province's desk: numbers that stay the same on the way down and back, files, kept views, open data."""

import csv
import io
import json
import re
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session
from starlette.testclient import TestClient

from app.kit.quantities import SquareMetres
from app.models.accounts import Role
from app.models.places import AdminOutline
from app.places.queries import find_commune_on
from app.web.bars import bar_chart, lengths
from app.web.plan_map import classed, ground_of
from tests.given import BAC_HA, Given

EN = {"accept-language": "en", "cookie": "lang=en"}
SA_PA = "03006"


@pytest.fixture
def world(session: Session, given: Given) -> dict[str, str]:
    """Lots and seasons in two former districts; an inspector who reads."""
    north = given.area(given.cooperative(), former_commune="02866", area_m2=20_000)
    west = given.area(given.cooperative(), commune="", former_commune=SA_PA, area_m2=10_000)
    given.season(north, sown=SquareMetres(15_000), harvest_from=-5, harvest_to=10)
    for kilograms in (1_250, 700):
        given.lot(north, kilograms=kilograms)
    given.lot(west, kilograms=300)
    who = given.headers(Role.INSPECTOR) | EN
    session.commit()
    return who


def _csv(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_number_is_the_same_on_the_way_down_and_in_every_file(
    client: TestClient, session: Session, world: dict[str, str]
) -> None:
    html = client.get("/desk/plan/tables?year=2026&figure=output", headers=world).text
    found = re.search(
        r'href="(/desk/plan/rows\?[^"]*figure=output[^"]*in_district=085)">([\d,]+ kg)<', html
    )
    assert found is not None
    assert found[2] == "1,950 kg"
    down = client.get(found[1].replace("&amp;", "&"), headers=world).text
    assert "<b>1,950 kg</b>" in down
    assert 'href="/desk/plan/rows?year=2026' in down  # the way back
    rows = _csv(client.get("/desk/plan/rows/table.csv?year=2026&in_district=085", headers=world))
    assert sorted(row["Quantity (kg)"] for row in rows) == ["1250", "700"]
    table = _csv(client.get("/desk/plan/tables/table.csv?year=2026&by=district", headers=world))
    told = {row["Former district"]: row["Output (kg)"] for row in table}
    counted = session.execute(text("SELECT sum(quantity_g) / 1000 FROM harvest_lot")).scalar()
    assert sum(int(kilograms or 0) for kilograms in told.values()) == counted == 2_250
    by_crop = _csv(client.get("/desk/plan/tables/table.csv?year=2026&by=crop", headers=world))
    assert [row["Output (kg)"] for row in by_crop] == ["2250"]
    assert client.get("/desk/plan/tables/table.xlsx?year=2026", headers=world).content[:2] == b"PK"


def test_land_and_sown_land_stand_apart_on_the_overview(
    client: TestClient, world: dict[str, str]
) -> None:
    html = client.get("/desk/plan?year=2026", headers=world).text
    for words in ("of the SOWN land", "of the LAND", "over 2,400 ha", "over 71,000 t", "over 30 %"):
        assert words in html, words
    assert "never mixed" in html
    # A year of which only the annex speaks is held against the annex; what is not wanted is not said.
    before = client.get("/desk/plan?year=2025", headers=world).text
    assert "goal: 1,910 ha" in before and "goal: 56,020 t" in before
    assert "None" not in before
    # A year without data says so, and every page of it opens.
    for page in ("", "/map", "/trends", "/tables", "/rows"):
        empty = client.get(f"/desk/plan{page}?year=2021&figure=sown-safe", headers=world)
        assert empty.status_code == 200 and "None" not in empty.text, page
    assert "Nothing was recorded for 2021" in client.get("/desk/plan?year=2021", headers=world).text
    targets = client.get("/desk/plan/targets", headers=world).text
    assert "4,840" in targets and "5,500" in targets  # as stated, and as recomputed
    file = _csv(client.get("/desk/plan/targets/table.csv", headers=world))
    assert (file[4]["2030: Output (t)"], file[4]["2030: Output (t), recomputed"]) == (
        "5500",
        "4840",
    )


def test_the_map_and_the_trends_have_their_tables(
    client: TestClient, world: dict[str, str]
) -> None:
    html = client.get("/desk/plan/map?year=2026&figure=output", headers=world).text
    assert html.count('class="c1"') >= 2  # a commune and the legend
    assert ">1,950 kg<" in html
    trends = client.get("/desk/plan/trends?year=2026&in_district=085", headers=world).text
    assert "<rect" in trends and "12,000 t" in trends  # what the plan states for 2030
    months = _csv(client.get("/desk/plan/trends/months.csv?year=2026", headers=world))
    assert {row["Month of harvest"]: row["Output (kg)"] for row in months}["11/2026"] == "2250"
    assert client.get("/desk/plan/trends/weeks.csv", headers=world).status_code == 404


@pytest.mark.parametrize(
    "asked",
    ["year=1", "year=x", "by=colour", "figure=x", "in_season=13", "in_organisation=x", "behind=x"],
)
def test_what_makes_no_sense_is_refused(
    client: TestClient, world: dict[str, str], asked: str
) -> None:
    assert client.get(f"/desk/plan/rows?{asked}", headers=world).status_code == 422


def test_views_are_kept_for_whom_they_belong_to(
    client: TestClient, session: Session, given: Given, world: dict[str, str]
) -> None:
    form = {"name": "Bắc Hà", "address": "/desk/plan/tables?year=2026&in_district=085"}
    client.headers["sec-fetch-site"] = "same-origin"
    assert client.post("/desk/plan/views", data=form, headers=world).status_code == 303
    again = {**form, "address": "/desk/plan/map?year=2026"}
    assert client.post("/desk/plan/views", data=again, headers=world).status_code == 303
    html = client.get("/desk/plan/views", headers=world).text
    assert html.count("Bắc Hà</a>") == 1 and "/desk/plan/map?year=2026" in html
    other = given.headers(Role.PROVINCE_ADMIN) | EN
    session.commit()
    assert "Bắc Hà" not in client.get("/desk/plan/views", headers=other).text
    dropped = re.search(r"/desk/plan/views/[0-9a-f-]+/drop", html)
    assert dropped is not None
    client.post(dropped[0], headers=other)  # somebody else's stays
    assert "Bắc Hà" in client.get("/desk/plan/views", headers=world).text
    client.post(dropped[0], headers=world)
    assert "Bắc Hà" not in client.get("/desk/plan/views", headers=world).text
    for address in ("https://example.test/desk/plan/map", "/desk/plan/map?x=<", "//desk/plan/map"):
        answer = client.post("/desk/plan/views", data={**form, "address": address}, headers=world)
        assert answer.status_code == 422, address


def test_open_data_hides_what_few_made_and_says_so(
    client: TestClient, session: Session, given: Given, world: dict[str, str]
) -> None:
    for _ in range(6):
        area = given.area(given.cooperative(), former_commune="02866", area_m2=10_000)
        given.lot(area, kilograms=1_000)
    session.commit()
    client.get("/desk/plan?year=2026", headers=world)  # brings the figures up to date
    table = client.get("/open/districts/2026.json")
    assert table.headers["cache-control"] == "public, max-age=3600"
    told = {row["key"]: row for row in json.loads(table.content)["rows"]}
    assert told["088"]["output_g"] is None
    # Of two districts, one hidden: the other must go too, or the total would tell.
    assert told["085"]["output_g"] is None
    assert json.loads(table.content)["total"]["output_g"] == 8_250_000
    catalogue = json.loads(client.get("/open/catalog.json").content)
    addresses = [
        one["dcat:downloadURL"]["@id"]
        for data in catalogue["dcat:dataset"]
        for one in data["dcat:distribution"]
    ]
    for address in addresses:
        assert client.get(re.sub(r"https?://[^/]+", "", address)).status_code == 200, address
    assert client.get("/open/districts/1999.csv").status_code == 404
    assert "hidden" in client.get("/open", headers=EN).text


def test_classes_hold_equal_values_together() -> None:
    told = classed({"a": 1, "b": 1, "c": 1, "d": 9, "e": None, "f": 0})
    assert told.numbers["a"] == told.numbers["b"] == told.numbers["c"]
    assert told.numbers["d"] > told.numbers["a"]
    assert (told.numbers["e"], told.numbers["f"]) == (0, 0)
    assert [(band.least, band.most, band.count) for band in told.bands] == [(1, 1, 3), (9, 9, 1)]


def test_the_map_is_drawn_from_the_outlines_that_were_loaded(
    session: Session, given: Given
) -> None:
    day = given.day(0)
    schematic = ground_of(session, day)
    assert (schematic.real, len(schematic.regions)) == (False, 99)
    unit = find_commune_on(session, BAC_HA, day)
    assert unit is not None
    session.add(
        AdminOutline(
            unit_id=unit.pk,
            outline=given.boundary(),
            west=0,
            south=0,
            east=1,
            north=1,
            source="thử",
        )
    )
    session.flush()
    drawn = ground_of(session, day)
    assert (drawn.real, [one.code for one in drawn.regions]) == (True, [BAC_HA])
    assert drawn.regions[0].path.startswith("M")


def test_bars_are_as_long_as_their_values() -> None:
    assert lengths([None, 5, 10]) == [0, 50, 100]
    assert bar_chart(["a"], [("x", [0])], said=[["0"]]) is None
    chart = bar_chart(["a", "b"], [("x", [100, 50])], said=[["100", "50"]])
    assert chart is not None
    assert [bar.height for bar in chart.bars] == [chart.bars[0].height, chart.bars[0].height / 2]
    assert chart.lines[-1][1] >= 100
