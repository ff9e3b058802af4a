"""Who may see what is declared, guards the story, and holds in every public byte of a whole world."""

import csv
import io
import re
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import Enum, String, select, update
from sqlmodel import AutoString, Session, SQLModel
from starlette.testclient import TestClient

from app.certificates.commands import Change, change_status
from app.kit.messages import say
from app.kit.quantities import Grams
from app.labels.run_marks import Marking, mark_labels
from app.ledger.actors import Actor
from app.lots.harvests import Part
from app.lots.picture_commands import add_picture
from app.models.certificates import Certificate, CertificateStatus
from app.models.diary import Work
from app.models.lots import HarvestLot
from app.models.print_runs import MarkKind, VoidCause
from app.models.registry import AreaCode, OrganisationKind
from app.pictures.cleaning import cleaned_picture
from app.provenance.public_reasons import AMOUNTS, public_reason
from app.provenance.story import Story
from app.provenance.visibility import VISIBLE, Audience, Hidden, may_see, shown
from app.registry.area_commands import draw_boundary
from app.registry.code_commands import Change as CodeChange
from app.registry.code_commands import warn_code
from app.transparency.showing import SHOWN_FACTS
from tests.given import Given
from tests.labels.printing import Printing
from tests.lots.growing import Growing

BY = Actor.system()
GOLDEN = Path(__file__).with_name("visibility.csv")
TABLES = SQLModel.metadata.tables


def matrix() -> list[list[str]]:
    rows = [["field", *Audience, "with consent", "with a recall"]]
    for table, groups in sorted(VISIBLE.items()):
        for field in sorted(name for names in groups.values() for name in names.split()):
            seen = ["x" if may_see(one, table, field) else "" for one in Audience]
            opened = [
                "x" if may_see(Audience.PUBLIC, table, field, **{how: True}) else ""
                for how in ("agreed", "said")
            ]
            rows.append([f"{table}.{field}", *seen, *opened])
    return rows


def test_the_table_is_the_one_that_was_agreed() -> None:
    with GOLDEN.open(newline="") as file:
        assert list(csv.reader(file)) == matrix()


def test_every_column_of_the_tables_behind_a_lot_is_declared_once() -> None:
    """A new column is seen by nobody until somebody decides who may see it."""
    for table, groups in VISIBLE.items():
        declared = [name for names in groups.values() for name in names.split()]
        keys = {column.name for column in TABLES[table].columns if column.foreign_keys} | {"id"}
        columns = {column.name for column in TABLES[table].columns}
        assert len(declared) == len(set(declared)), table
        assert set(declared) <= columns, table
        assert columns - keys - set(declared) == set(), table


@pytest.mark.parametrize(
    "hidden",
    [
        "grower.name",
        "grower.phone",
        "grower.hamlet",
        "plot.polygon",
        "plot.name",
        "planting_area.polygon",
        "harvest_lot.quantity_g",
        "harvest_lot.note",
        "harvest_lot.state_reason",
        "diary_entry.operator",
        "diary_entry.note",
        "organisation.email",
        "print_run.reprint_reason",
        "label_mark.reason",
        "price.amount",
        "harvest_lot.buyer",
    ],
)
def test_what_concerns_nobody_outside_is_not_public(hidden: str) -> None:
    table, _, field = hidden.partition(".")
    assert not may_see(Audience.PUBLIC, table, field)


def test_a_hidden_column_cannot_be_reached_through_the_guard() -> None:
    lot = HarvestLot(code="LC1", quantity_g=1, state_reason="vì sao", state_since=datetime.now(UTC))
    assert shown(lot).code == "LC1"
    with pytest.raises(Hidden):
        _ = shown(lot).quantity_g
    with pytest.raises(Hidden):
        _ = shown(lot).state_reason
    assert shown(lot, said=True).state_reason == "vì sao"
    assert shown(lot, Audience.BUYER).quantity_g == 1
    with pytest.raises(Hidden):
        _ = shown(lot).nothing_of_the_kind


def test_the_story_has_no_field_for_what_nobody_may_see() -> None:
    assert not {"quantity", "note", "grade", "buyer", "price"} & {one.name for one in fields(Story)}


def test_a_reason_is_told_without_weights() -> None:
    over = say("{sum} of {cap} were declared.", sum=Grams(9), cap=Grams(8))
    assert public_reason(over, named=True) == AMOUNTS
    part = say(
        "Part {number} of {count} ({quantity}): {why}",
        number=1,
        count=2,
        quantity=Grams(7),
        why=say("Why."),
    )
    assert "7" not in str(public_reason(part, named=True))
    assert "Why." in str(public_reason(part, named=True))
    place = say("It does not cover {area}.", area="Nương nhà Páo")
    assert "Páo" not in str(public_reason(place, named=False))
    assert "Páo" in str(public_reason(place, named=True))


@pytest.fixture
def lot(session: Session, given: Given, tmp_path: Path) -> HarvestLot:
    """A lot with everything behind it that a lot can have."""
    growing, printing = Growing(session, given), Printing(session, given, tmp_path)
    cooperative = given.cooperative(public_phone="02143888999")
    area = given.area(cooperative, name="Đồi Sân Chùa")
    draw_boundary(session, area=area, polygon=given.boundary(), by=BY, now=given.now)
    code = given.code(area)
    certificate = given.certificate(area)
    given.season(area, starts=-60, harvest_from=-10, harvest_to=20, expected_output=Grams(300_000))
    grower = given.grower(cooperative, name="Sùng Thị Kín Danh", phone="0912777888")
    plot = growing.plot(area, grower, "Thửa sau nhà")
    planting = growing.planting(area, plot, sown=-70)
    growing.write(planting, Work.FERTILISING, -40, note="Bón thúc", operator="Kín Danh")
    growing.spray(planting, -12, product=growing.product(interval=7))
    part = Part(Grams(400_000), grower=grower.uid, planting=planting.uid)
    made = given.lot(
        area, kilograms=400, parts=(part,), packed_on=given.day(0), best_before=given.day(6)
    )
    picture = io.BytesIO()
    Image.effect_noise((400, 300), 60).convert("RGB").save(picture, "JPEG")
    clean = cleaned_picture(picture.getvalue())
    add_picture(session, lot=made, organisation=cooperative, picture=clean, by=BY, now=given.now)
    made.quantity_g = 200_000  # within what was declared, for the labels
    run = printing.run((made, 6), layout="l1-60x40", stock="roll-60x40", serialised=True)
    made.quantity_g = 400_000
    for marking in (
        Marking(made.code, MarkKind.VOIDED, 0, 1, "Lệch", VoidCause.MISPRINTED),
        Marking(made.code, MarkKind.APPLIED, 2, 5),
    ):
        mark_labels(
            session, run=run, organisation=cooperative, marking=marking, by=BY, now=given.now
        )
    given.lab_report(made, note="Ghi chú nội bộ")
    warn_code(
        session,
        code=code,
        change=CodeChange(given.day(0), "Nhật ký ghi chậm."),
        by=BY,
        now=given.now,
    )
    lost = Change(CertificateStatus.SUSPENDED, given.day(0), "Chờ khắc phục nội bộ.")
    standing = session.get_one(Certificate, certificate.pk)
    change_status(session, certificate=standing, change=lost, by=BY, now=given.now)
    session.commit()
    return made


# Looked up by, or read as JSON: another text there would be another address, or no text at all.
STRUCTURE = {"code_key", "number_key", "parts", "frozen", "said", "key_id", "snapshot"}


# A shorter mark turns up by itself among the pixels of a photograph.
SHORTEST = 9


def planted(session: Session) -> dict[str, str]:
    """A mark of its own in every hidden text of every row; which mark stands in which column."""
    marks: dict[str, str] = {}
    for table, groups in VISIBLE.items():
        for names in groups.values():
            for field in names.split():
                kind = TABLES[table].columns[field].type
                texts = isinstance(kind, AutoString | String) and not isinstance(kind, Enum)
                if (
                    not texts
                    or field in STRUCTURE
                    or may_see(Audience.PUBLIC, table, field, agreed=table != "grower")
                ):
                    continue
                mark = f"Q{len(marks):02}Z{len(marks):02}Q"
                rows = list(session.execute(select(*TABLES[table].primary_key.columns)))
                for number, key in enumerate(rows):
                    pairs = zip(TABLES[table].primary_key.columns, key, strict=True)
                    mine = [column == value for column, value in pairs]
                    value = f"{mark}{number}"
                    session.execute(update(TABLES[table]).where(*mine).values({field: value}))
                if rows:
                    marks[f"{table}.{field}"] = mark
    session.commit()
    return marks


def public_bytes(client: TestClient, code: str) -> dict[str, str]:
    """The page of a lot, its twin and pictures, and every page that it leads to, as text."""
    found: dict[str, str] = {}
    ahead = [f"/t/{code}?lang={tag}" for tag in ("vi", "en", "zh")]
    ahead += [f"/i/{code}/{tag}.jpg" for tag in ("vi", "en", "zh")]
    ahead += [f"/api/v1/public/lots/{code}"]
    for depth in range(2):
        following: list[str] = []
        for address in ahead:
            if address in found or address.startswith(("/static", "/sign-in", "/language")):
                continue
            answer = client.get(address)
            text = answer.content.decode("latin-1") + answer.content.decode("utf-8", "ignore")
            found[address] = text + str(answer.headers)
            if "html" in answer.headers.get("content-type", ""):
                links = re.findall(r'(?:href|src)="(/[^"#]*)"', answer.text)
                links += re.findall(r"(/i/[^ ,\"]+)", answer.text)
                following += links if depth == 0 else []
        ahead = [address.replace("&amp;", "&") for address in following]
    return found


def test_no_hidden_value_is_in_any_public_byte(
    client: TestClient, session: Session, lot: HarvestLot, given: Given
) -> None:
    code = lot.code
    polygon = re.findall(r"\d+\.\d{4,}", given.boundary())
    marks = planted(session)
    assert len(marks) > 35
    seen = public_bytes(client, code)
    assert len(seen) > 15
    secrets = {**marks, "grower": "Kín Danh", "plot": "Thửa sau nhà", "phone": "0912777888"}
    secrets |= {f"coordinate {number}": digits for number, digits in enumerate(polygon)}
    secrets |= {"weight": "400 kg", "weight in g": "400000", "declared": "300 kg"}
    leaks = [
        f"{what} in {address}"
        for address, text in seen.items()
        for what, secret in secrets.items()
        if secret in text
    ]
    assert not leaks, "\n".join(leaks)


def test_the_search_finds_what_is_public(
    client: TestClient, session: Session, lot: HarvestLot
) -> None:
    """The control: a mark in a public column is found in page, twin, and whatever else says it."""
    session.execute(update(TABLES["planting_area"]).values(name="Q99Z vùng"))
    session.commit()
    found = [address for address, text in public_bytes(client, lot.code).items() if "Q99Z" in text]
    assert f"/api/v1/public/lots/{lot.code}" in found
    assert f"/t/{lot.code}?lang=vi" in found


def test_a_household_is_told_by_its_commune_until_it_agrees(
    client: TestClient, session: Session, given: Given
) -> None:
    home = given.organisation(
        OrganisationKind.HOUSEHOLD,
        "Hộ Vàng A Páo",
        address="số 3 ngõ Đào",
        public_phone="02143777666",
    )
    area = given.area(home, name="Nương nhà Páo")
    lot = given.lot(area)
    session.commit()
    code = lot.code
    secrets = ("Páo", "ngõ Đào", "02143777666")
    for address, text in public_bytes(client, code).items():
        assert not [secret for secret in secrets if secret in text], address
    ticket = given.report(lot).ticket
    session.commit()
    page = client.get(f"/r/{ticket}", headers={"accept-language": "en"}).text
    assert "Growing household" in page
    assert "Páo" not in page
    told: dict[str, Any] = client.get(
        f"/api/v1/public/lots/{code}", headers={"accept-language": "en"}
    ).json()
    assert told["producer"] == "Growing household, Xã Bắc Hà"
    assert told["area"] == ""
    home.name_public = True
    session.commit()
    assert session.execute(select(AreaCode)).first() is None
    assert "Páo" in client.get(f"/api/v1/public/lots/{code}").text


@pytest.mark.parametrize("tag", ["vi", "en", "zh"])
def test_the_shared_picture_holds_no_text_of_its_own(
    client: TestClient, lot: HarvestLot, tag: str
) -> None:
    content = client.get(f"/i/{lot.code}/{tag}.jpg").content
    with Image.open(io.BytesIO(content)) as opened:
        assert opened.info.keys() <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "progressive",
            "progression",
        }


def test_the_public_log_shows_of_a_lot_s_facts_only_what_everybody_may_see() -> None:
    columns = set(HarvestLot.model_fields)
    named = set().union(*SHOWN_FACTS.values()) & columns
    assert {"harvested_on", "best_before"} <= named
    hidden = {row[0] for row in matrix() if row[1] != "x"}
    assert not {f"harvest_lot.{name}" for name in named} & hidden
    # How many labels, and so about how much, is the producer's own to know.
    assert "print_run.total" in hidden
    assert not SHOWN_FACTS["label.printed"]
