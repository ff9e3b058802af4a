"""What the story of a lot says of its diary, its labels and what it is sold as, on page and wire alike."""

import json
from decimal import Decimal

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlmodel import Session, col
from starlette.testclient import TestClient

from app.inspection.lab_rules import Finding
from app.kit.quantities import Grams
from app.labels.commands import Printing, print_labels
from app.ledger.actors import Actor
from app.lots.commands import Correction, amend_lot
from app.lots.queries import line_of
from app.models.accounts import Role
from app.models.diary import Work
from app.models.labels import LabelForm
from app.models.ledger import LedgerEntry
from app.models.lots import HarvestLot
from app.models.registry import PlantingArea
from app.transparency.merkle import root_from_inclusion
from app.transparency.sequencing import extend_log
from app.transparency.the_log import TheLog
from app.transparency.tiles import StoredTree, log_size
from tests.conftest import BASE_URL
from tests.given import Given
from tests.lots.growing import Growing

BY = Actor.system()
EN, VI = {"accept-language": "en"}, {"accept-language": "vi"}


@pytest.fixture
def growing(session: Session, given: Given) -> Growing:
    return Growing(session, given)


@pytest.fixture
def area(given: Given) -> PlantingArea:
    area = given.area()
    given.code(area)
    given.certificate(area)
    return area


def read(client: TestClient, session: Session, lot: HarvestLot, headers: dict[str, str] = EN):
    """The page and its twin."""
    session.commit()
    twin = client.get(f"/api/v1/public/lots/{lot.code}", headers=headers).json()
    return client.get(f"/t/{lot.code}", headers=headers).text, twin


def printed(session: Session, given: Given, lot: HarvestLot) -> None:
    print_labels(
        session,
        line=line_of(session, lot),
        printing=Printing(LabelForm.PNG_203),
        base_url=BASE_URL,
        by=BY,
        now=given.now,
    )


def test_the_diary_is_summed_up_in_a_shopper_s_words(
    client: TestClient, session: Session, given: Given, growing: Growing, area: PlantingArea
) -> None:
    planting = growing.planting(area)
    for day in (-60, -50, -40, -30, -25):
        growing.write(planting, Work.FERTILISING, day)
    growing.spray(planting, -10, product=growing.product(interval=7))
    html, twin = read(client, session, given.lot(area), VI)
    assert "5 lần bón phân, 1 lần phun thuốc" in html
    assert "Đủ thời gian cách ly: 9/7 ngày sau phun" in html
    assert f"{given.day(-10):%d/%m/%Y}: Abamex 1.8EC" in html
    assert twin["diary"]["counts"] == {"fertilising": 5, "spraying": 1}
    assert twin["diary"]["waiting"] == "kept"
    assert twin["diary"]["deciding"]["waited_days"] == 9


def test_a_waiting_time_that_was_not_kept_is_counted_out(
    client: TestClient, session: Session, given: Given, growing: Growing, area: PlantingArea
) -> None:
    growing.spray(growing.planting(area), -5, product=growing.product(interval=7))
    html, twin = read(client, session, given.lot(area))
    assert "Waiting time not kept: 4 days after spraying, 7 needed" in html
    assert twin["standing"]["standings"][0] == "too_early"


def test_an_unknown_waiting_time_is_never_called_kept(
    client: TestClient, session: Session, given: Given, growing: Growing, area: PlantingArea
) -> None:
    planting = growing.planting(area)
    growing.spray(planting, -30, product=growing.product(interval=7))
    growing.spray(planting, -20, name="Thuốc lạ")
    html, twin = read(client, session, given.lot(area))
    assert "Waiting time after spraying: not known" in html
    assert "Waiting time kept" not in html
    assert twin["diary"]["deciding"]["interval_days"] is None
    assert twin["diary"]["waiting"] == "unknown"


def test_without_a_diary_nothing_is_claimed_of_it(
    client: TestClient, session: Session, given: Given, area: PlantingArea
) -> None:
    html, twin = read(client, session, given.lot(area))
    assert "No farm diary is linked to this lot" in html
    assert twin["diary"] is None


def test_a_printed_label_says_what_changed_since(
    client: TestClient, session: Session, given: Given, area: PlantingArea
) -> None:
    lot = given.lot(area, packed_on=given.day(0), best_before=given.day(7))
    printed(session, given, lot)
    html, twin = read(client, session, lot)
    assert f"Label printed {given.day(0):%d/%m/%Y} says:" in html
    assert f"HSD: {given.day(7):%d/%m/%Y}" in html
    assert "Since then it has changed" not in html
    correction = Correction(Grams(lot.quantity_g), given.day(0), given.day(5), "")
    amend_lot(session, lot=lot, correction=correction, by=BY, now=given.now)
    html, twin = read(client, session, lot)
    assert "Since then it has changed" in html
    said = {one["fact"]: (one["said"], one["today"]) for one in twin["label"]["differences"]}
    expected = tuple(f"HSD: {given.day(days):%d/%m/%Y}" for days in (7, 5))
    assert said == {"Best before": expected}


def test_a_label_s_lost_certificate_is_a_difference(
    client: TestClient, session: Session, given: Given, area: PlantingArea, growing: Growing
) -> None:
    lot = given.lot(area)
    printed(session, given, lot)
    growing.spray(growing.planting(area), -4, product=growing.product(interval=7))
    _, twin = read(client, session, lot)
    assert [one["fact"] for one in twin["label"]["differences"]] == ["Certificate"]
    assert twin["label"]["differences"][0]["today"] == ""


def test_a_lot_without_labels_is_not_activated(
    client: TestClient, session: Session, given: Given, area: PlantingArea
) -> None:
    lot = given.lot(area)
    html, twin = read(client, session, lot)
    assert "Not activated yet" in html
    assert twin["standing"]["standing"] == "not_activated"
    assert twin["label"] is None
    printed(session, given, lot)
    html, twin = read(client, session, lot)
    assert "Not activated yet" not in html
    assert twin["standing"]["standing"] == "no_warning"


def test_laboratory_results_are_told_official_or_own(
    client: TestClient, session: Session, given: Given, area: PlantingArea
) -> None:
    lot = given.lot(area)
    printed(session, given, lot)
    given.lab_report(lot)
    html, twin = read(client, session, lot)
    assert "Laboratory test: Passed" in html
    assert "Cypermethrin: 0.02 mg/kg, at most 1 mg/kg, Passed" in html
    assert "The cooperative&#39;s own test" in html
    assert twin["tests"][0]["results"][0]["limit"] == "1 mg/kg"
    assert twin["standing"]["standing"] == "no_warning"


@pytest.mark.parametrize(
    ("by", "words"),
    [(Role.INSPECTOR, "The official sample of"), (Role.STAFF, "The producer&#39;s own sample of")],
)
def test_a_failed_test_is_the_first_thing_said(
    client: TestClient, session: Session, given: Given, area: PlantingArea, by: Role, words: str
) -> None:
    lot = given.lot(area)
    printed(session, given, lot)
    over = Finding("Carbendazim", value=Decimal(2), unit="mg/kg", limit=Decimal("0.1"))
    given.lab_report(lot, over, by=by)
    html, twin = read(client, session, lot)
    assert html.index("A laboratory test failed: do not eat") < html.index("<h1>")
    assert words in html
    assert "Laboratory test: Failed" in html
    assert twin["standing"]["standing"] == "test_failed"


def test_page_and_twin_say_the_same(
    client: TestClient, session: Session, given: Given, growing: Growing, area: PlantingArea
) -> None:
    growing.spray(growing.planting(area), -10, product=growing.product(interval=7))
    lot = given.lot(area, packed_on=given.day(0), best_before=given.day(7))
    printed(session, given, lot)
    for headers in (EN, VI):
        html, twin = read(client, session, lot, headers)
        strip = twin["standing"]
        sentences = [strip["title"], *strip["words"], *strip["also"], twin["name"], twin["area"]]
        sentences += [claim["title"] for claim in twin["claims"] if claim["number"]]
        sentences += [claim["number"] for claim in twin["claims"] if claim["number"]]
        sentences += [event["what"] for event in twin["events"]]
        sentences += [code["code"] for code in twin["planting_area_codes"]]
        sentences += twin["label"]["said"] + [one["product"] for one in twin["diary"]["treatments"]]
        missing = [words for words in sentences if words not in html]
        assert missing == []


def test_the_twin_for_search_engines_repeats_no_certificate_while_anything_is_wrong(
    client: TestClient, session: Session, given: Given, area: PlantingArea
) -> None:
    lot = given.lot(area)

    def product(html: str) -> dict:
        start = html.index('<script type="application/ld+json">') + 35
        told: dict = json.loads(html[start : html.index("</script>")])
        return told

    html, _ = read(client, session, lot)
    assert "hasCertification" not in product(html)
    assert product(html)["disambiguatingDescription"] == "Not activated yet"
    printed(session, given, lot)
    html, _ = read(client, session, lot)
    assert product(html)["hasCertification"][0]["certificationStatus"] == "CertificationActive"
    wanted = select(col(HarvestLot.code))
    assert product(html)["productID"] == f"lot:{session.execute(wanted).scalar_one()}"


def test_the_twin_names_the_salted_leaf_of_the_log_and_never_the_bare_hash_of_the_fact(
    app: FastAPI, client: TestClient, session: Session, given: Given
) -> None:
    lot = given.lot()
    page, twin = read(client, session, lot)
    assert twin["log_leaf"] is None
    extend_log(session, TheLog.of(app.state.settings), now=given.now)
    session.commit()
    _, after = read(client, session, lot)
    tree = StoredTree(session)
    root = root_from_inclusion(
        bytes.fromhex(after["log_leaf"]),
        lot.ledger_position,
        log_size(session),
        tree.inclusion(lot.ledger_position, log_size(session)),
    )
    assert root == tree.root(log_size(session))
    # Of a body that can be guessed, such as a weight among known facts, its bare hash would tell.
    bare = session.get_one(LedgerEntry, lot.ledger_position).leaf_hash.hex()
    assert bare not in json.dumps(after) + page
