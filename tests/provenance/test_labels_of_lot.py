"""What the page says of labels from print runs: when, what, whether they are on goods; and of nobody's name."""

from pathlib import Path

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.kit.quantities import Grams
from app.kit.text import fold
from app.labels.run_content import Content
from app.labels.run_marks import Marking, mark_labels
from app.ledger.actors import Actor
from app.models.lots import HarvestLot
from app.models.print_runs import MarkKind, PrintRun
from app.models.products import Product
from app.models.registry import PlantingArea
from app.registry.grower_commands import give_consent, withdraw_consent
from tests.given import Given
from tests.labels.printing import Printing

BY = Actor.system()
EN = {"accept-language": "en"}


@pytest.fixture
def printing(session: Session, given: Given, tmp_path: Path) -> Printing:
    return Printing(session, given, tmp_path)


@pytest.fixture
def lot(session: Session, given: Given) -> HarvestLot:
    cooperative = given.cooperative()
    area = given.area(cooperative)
    given.code(area)
    given.certificate(area)
    grower = given.grower(cooperative, name="Sùng Thị Kín Danh")
    give_consent(session, grower=grower, by=BY, now=given.now)
    return given.lot(area, grower=grower.uid, packed_on=given.day(0), best_before=given.day(6))


def twin(client: TestClient, session: Session, lot: HarvestLot) -> dict:
    session.commit()
    told: dict = client.get(f"/api/v1/public/lots/{lot.code}", headers=EN).json()
    return told


def applied(session: Session, given: Given, lot: HarvestLot, run: PrintRun, printing: Printing):
    marking = Marking(lot.code, MarkKind.APPLIED, 0, 3)
    mark_labels(
        session, run=run, organisation=printing.home(lot), marking=marking, by=BY, now=given.now
    )


def tracking(given: Given, session: Session, lot: HarvestLot, printing: Printing) -> None:
    """Its producer says of another lot which labels were stuck on."""
    other = given.lot(session.get_one(PlantingArea, lot.area_id), best_before=given.day(6))
    applied(session, given, other, printing.run((other, 10)), printing)


def test_printed_is_not_applied_where_the_producer_says_which_are(
    client: TestClient, session: Session, given: Given, lot: HarvestLot, printing: Printing
) -> None:
    run = printing.run((lot, 10), layout="l1-60x40", stock="roll-60x40")
    assert twin(client, session, lot)["standing"]["standing"] == "no_warning"
    tracking(given, session, lot, printing)
    told = twin(client, session, lot)
    assert told["standing"]["standing"] == "not_activated"
    assert f"HSD: {given.day(6):%d/%m/%Y}" in " ".join(told["label"]["said"])
    before = client.get(f"/t/{lot.code}", headers=EN).text
    applied(session, given, lot, run, printing)
    assert twin(client, session, lot)["standing"]["standing"] == "no_warning"
    after = client.get(f"/t/{lot.code}", headers=EN).text
    assert "Not activated yet" in before
    assert "Not activated yet" not in after


def test_void_labels_activate_nothing(
    client: TestClient, session: Session, given: Given, lot: HarvestLot, printing: Printing
) -> None:
    tracking(given, session, lot, printing)
    run = printing.run((lot, 10))
    marking = Marking(lot.code, MarkKind.VOIDED, 0, 9, "In lệch")
    mark_labels(
        session, run=run, organisation=printing.home(lot), marking=marking, by=BY, now=given.now
    )
    assert twin(client, session, lot)["standing"]["standing"] == "not_activated"


def test_a_crate_s_tag_is_no_label_and_a_name_on_paper_is_not_told_once_consent_ended(
    client: TestClient, session: Session, given: Given, lot: HarvestLot, printing: Printing
) -> None:
    crates = printing.run((lot, 4), layout="l6-50x30", stock="roll-50x30")
    applied(session, given, lot, crates, printing)
    told = twin(client, session, lot)
    assert told["standing"]["standing"] == "not_activated"
    assert told["label"] is None
    printing.run((lot, 10), layout="l1-60x40", stock="roll-60x40", reprint_reason="Tem bán lẻ")
    told = twin(client, session, lot)
    assert told["grower"] == "Sùng Thị Kín Danh"
    grower = given.grower(printing.home(lot), name="Ai khác")
    withdraw_consent(
        session, grower=session.get_one(type(grower), lot.grower_id), by=BY, now=given.now
    )
    assert "Kín Danh" not in str(twin(client, session, lot))
    assert "Kín Danh" not in client.get(f"/t/{lot.code}", headers=EN).text


def test_the_page_names_the_product_the_packs_are_sold_as(
    client: TestClient, session: Session, given: Given, lot: HarvestLot, printing: Printing
) -> None:
    product = Product(
        organisation_id=lot.organisation_id,
        crop_id=lot.crop_id,
        name_vi="Bắp cải trái tim",
        name_en="Pointed cabbage",
        name_key=fold("Bắp cải trái tim"),
        brand="Bản Phố",
        gtin="08936012340014",
        storage="nơi thoáng mát",
        created_at=given.now,
    )
    session.add(product)
    run = printing.run((lot, 10), content=Content(pack=Grams(500)))
    session.flush()
    run.product_id = product.pk
    carton = Product(
        organisation_id=lot.organisation_id,
        crop_id=lot.crop_id,
        name_vi="Thùng bắp cải trái tim",
        name_key=fold("Thùng bắp cải trái tim"),
        gtin="18936012340010",
        holds_id=product.pk,
        holds_count=12,
        created_at=given.now,
    )
    session.add(carton)
    newer = printing.run((lot, 2), reprint_reason="Tem thùng")
    session.flush()
    newer.product_id = carton.pk
    told = twin(client, session, lot)
    # Who holds a pack is not told of a carton, though its labels were printed later.
    assert [one["gtin"] for one in told["sold_as"]] == [product.gtin, carton.gtin]
    assert told["sold_as"][0] == {
        "name": "Pointed cabbage",
        "brand": "Bản Phố",
        "gtin": "08936012340014",
        "pack_g": 500,
        "storage": "in a cool, airy place",
        "warning": "",
    }
    html = client.get(f"/t/{lot.code}", headers=EN).text
    assert "<h1>Pointed cabbage</h1>" in html
    assert "Bản Phố · 500 g" in html
    assert "in a cool, airy place." in html
    assert '"gtin": "08936012340014"' in html
