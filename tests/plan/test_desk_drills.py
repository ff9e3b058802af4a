"""Numbers of the desk against SQL written here, which shares nothing with the product: three of each kind."""

import csv
import io
import random
import re

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.testclient import TestClient

from tests.conftest import BASE_URL, Clock, move
from tests.databases import Databases
from tests.demonstration import demonstrated, sign_in

# What a key of each dimension is, of a lot as it was harvested.
KEYS = {
    "district": "fd.code",
    "commune": "c.code",
    "crop": "k.slug",
    "group": "k.policy_group",
    "season": "{month}",
    "year": "{year}",
    # A uid as the page writes it, and the axis by the plan's own words (III.2).
    "organisation": "lower(substr(replace(CAST(o.uid AS VARCHAR(36)), '-', ''), 1, 32))",
    "axis": """CASE WHEN f.id IS NULL THEN '' WHEN fd.code = '088' OR f.code IN ('02692', '02701',
        '02707', '02713', '02719', '02722', '02725', '02728', '02731', '02737', '02740') THEN 'west'
        WHEN fd.code IN ('083', '084', '085') THEN 'north_east' ELSE 'south' END""",
}
# Every figure that is a part of a whole, or is made of prices: the rows behind, and what is added up of them.
PARTS_OF_LOTS = (
    "output-safe",
    "output-certified",
    "output-coded",
    "output-diary",
    "labelled",
    "scanned",
)
PARTS_OF_SEASONS = ("sown-safe", "sown-certified", "sown-coded", "sown-diary")
LOTS = """
SELECT {key} AS key, count(*) AS lots, sum(l.quantity_g) / 1000 AS kilograms
FROM harvest_lot l JOIN planting_area a ON a.id = l.area_id JOIN crop k ON k.id = l.crop_id
JOIN admin_unit c ON c.id = a.commune_id LEFT JOIN admin_unit f ON f.id = a.former_commune_id
LEFT JOIN admin_unit fd ON fd.code = f.district_code AND fd.level = 'district'
JOIN organisation o ON o.id = l.organisation_id
WHERE l.kind = 'harvest' AND l.state <> 'withdrawn' AND {wanted} GROUP BY {key}
"""
PARTS = {
    "sqlite": (
        "CAST(strftime('%m', l.harvested_on) AS INTEGER)",
        "CAST(strftime('%Y', l.harvested_on) AS INTEGER)",
    ),
    "postgres": (
        "EXTRACT(month FROM l.harvested_on)::int",
        "EXTRACT(year FROM l.harvested_on)::int",
    ),
}


@pytest.mark.parametrize("seed", [7])
def test_three_drill_downs_of_each_dimension_agree_with_plain_sql(
    built: FastAPI, databases: Databases, clock: Clock, engine_name: str, seed: int
) -> None:
    drawn, (month, year) = random.Random(seed), PARTS[engine_name]
    with demonstrated(databases) as shown:
        app = move(built, shown.engine, clock)
        with TestClient(app, base_url=BASE_URL, follow_redirects=False) as client:
            client.cookies.set("lang", "en")
            sign_in(client, shown.people["inspector"])
            for by, key in KEYS.items():
                wanted = f"{year} > 0" if by == "year" else f"{year} = 2026"
                asked = LOTS.format(key=key.format(month=month, year=year), wanted=wanted)
                with shown.engine.connect() as connection:
                    counted = {str(row.key): row for row in connection.execute(text(asked))}
                counted.pop("", None)  # where nobody knows the page asks for nothing
                for value in drawn.sample(sorted(counted), min(3, len(counted))):
                    narrowed = f"year={value}" if by == "year" else f"year=2026&in_{by}={value}"
                    page = "/desk/plan/rows/table.csv?behind=lots&figure=lots"
                    answer = client.get(f"{page}&{narrowed}")
                    assert answer.status_code == 200
                    lines = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
                    masses = [float(line["Quantity (kg)"]) for line in lines]
                    row = counted[value]
                    assert (len(masses), int(sum(masses))) == (row.lots, int(row.kilograms))
                    above = client.get(f"/desk/plan/rows?figure=lots&{narrowed}")
                    assert f"<b>{row.lots:,}</b>" in above.text, (by, value)
            _shares_and_value_are_made_of_their_rows(client)


def _shares_and_value_are_made_of_their_rows(client: TestClient) -> None:
    """Each row says whether it counts, and those that do are the share that stands above them."""
    here = "year=2026&in_district=085"
    for figures, amount in ((PARTS_OF_LOTS, "Quantity (kg)"), (PARTS_OF_SEASONS, "Sown land (ha)")):
        for figure in figures:
            lines = _lines(client, f"/desk/plan/rows/table.csv?{here}&figure={figure}")
            if figures is PARTS_OF_SEASONS:  # and what diaries tell of that nobody declared
                also = f"{here}&figure={figure}&behind=plantings"
                lines += _lines(client, f"/desk/plan/rows/table.csv?{also}")
            *_, column = lines[0]
            assert {line[column] for line in lines} <= {"yes", "no"}
            whole = sum(float(line[amount]) for line in lines)
            part = sum(float(line[amount]) for line in lines if line[column] == "yes")
            share = int(part / whole * 1000 + 1e-9) / 10
            told = client.get(f"/desk/plan/rows?{here}&figure={figure}").text
            assert f"<b>{share:g} %</b>" in told, (figure, share)
    # What a number is made of leads to the rows of each kind, and no number has nothing behind it.
    for year, figure, behind in ((2026, "sown", "plantings"), (2025, "output", "seasons")):
        told = client.get(f"/desk/plan/rows?year={year}&figure={figure}").text
        further = re.search(rf'(?:declared|measured): <a href="([^"]*behind={behind}[^"]*)"', told)
        assert further, (figure, behind)
        assert "Nothing is behind" not in client.get(further[1].replace("&amp;", "&")).text
    for by, year in (("crop", 2026), ("area", 2025)):
        table = client.get(f"/desk/plan/tables?by={by}&year={year}").text
        numbers = set(
            re.findall(r'href="(/desk/plan/rows[^"]*figure=(?:sown|output)&[^"]*)">\d', table)
        )
        assert len(numbers) > 20
        for address in sorted(numbers)[::5]:
            page = client.get(address.replace("&amp;", "&"))
            assert "Nothing is behind" not in page.text, address
    lines = _lines(client, f"/desk/plan/rows/table.csv?{here}&figure=value")
    for line in lines:
        dong = float(line["Quantity (kg)"]) * int(line["Dong a kilogram"])
        assert abs(int(line["Value (dong)"]) - dong) <= 1
    assert {line["Price from"] for line in lines} <= {"Contract", "entered", "everybody's"}


def _lines(client: TestClient, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines
    return lines
