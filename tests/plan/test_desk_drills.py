"""Numbers of the desk against SQL written here, which shares nothing with the product: three of each kind."""

import csv
import io
import random

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
}
LOTS = """
SELECT {key} AS key, count(*) AS lots, sum(l.quantity_g) / 1000 AS kilograms
FROM harvest_lot l JOIN planting_area a ON a.id = l.area_id JOIN crop k ON k.id = l.crop_id
JOIN admin_unit c ON c.id = a.commune_id LEFT JOIN admin_unit f ON f.id = a.former_commune_id
LEFT JOIN admin_unit fd ON fd.code = f.district_code AND fd.level = 'district'
WHERE l.kind = 'harvest' AND l.state <> 'withdrawn' AND {year} = 2026 GROUP BY {key}
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
                asked = LOTS.format(key=key.format(month=month), year=year)
                with shown.engine.connect() as connection:
                    counted = {str(row.key): row for row in connection.execute(text(asked))}
                for value in drawn.sample(sorted(counted), min(3, len(counted))):
                    page = "/desk/plan/rows/table.csv?year=2026&behind=lots&figure=lots"
                    answer = client.get(f"{page}&in_{by}={value}")
                    assert answer.status_code == 200
                    lines = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
                    masses = [float(line["Quantity (kg)"]) for line in lines]
                    row = counted[value]
                    assert (len(masses), int(sum(masses))) == (row.lots, int(row.kilograms))
                    above = client.get(f"/desk/plan/rows?year=2026&figure=lots&in_{by}={value}")
                    assert f"<b>{row.lots:,}</b>" in above.text, (by, value)
