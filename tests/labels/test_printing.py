"""Printing: frozen words, counted copies, no labels for what is recalled."""

import pytest
from sqlmodel import Session

from app.errors import Refused
from app.labels.commands import Printing, print_labels
from app.labels.snapshot import file_of, thawed
from app.ledger.actors import Actor
from app.ledger.queries import history_of
from app.lots.commands import recall_lot
from app.lots.queries import line_of
from app.models.labels import LabelForm, LabelPrint
from app.models.lots import HarvestLot
from app.models.registry import Organisation
from tests.given import Given

BY = Actor.system()


def printed(session: Session, given: Given, lot: HarvestLot, printing: Printing) -> LabelPrint:
    session.flush()
    return print_labels(
        session,
        line=line_of(session, lot),
        printing=printing,
        base_url="https://txng.test",
        by=BY,
        now=given.now,
    )


def test_a_label_claims_only_what_the_lot_may(session: Session, given: Given) -> None:
    area = given.area()
    code, certificate = given.code(area), given.certificate(area)
    one = thawed(printed(session, given, given.lot(area), Printing(LabelForm.PNG_203)).snapshot)
    assert one.area_code == code.code
    assert certificate.number in (one.claim or "")
    bare = thawed(printed(session, given, given.lot(), Printing(LabelForm.PNG_203)).snapshot)
    assert bare.area_code is None
    assert bare.claim is None


def test_what_was_printed_never_changes(session: Session, given: Given) -> None:
    area = given.area(given.cooperative("Tên cũ"))
    made = printed(session, given, given.lot(area), Printing(LabelForm.PNG_203))
    before = file_of(made)
    organisation = session.get_one(Organisation, area.organisation_id)
    organisation.name = "Tên mới"
    session.flush()
    assert file_of(made) == before
    assert thawed(made.snapshot).producer_name == "Tên cũ"


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        (LabelForm.PNG_203, "image/png"),
        (LabelForm.PNG_300, "image/png"),
        (LabelForm.SHEET_A4, "application/pdf"),
    ],
)
def test_every_form_makes_its_file(
    session: Session, given: Given, form: LabelForm, media_type: str
) -> None:
    content, kind, name = file_of(printed(session, given, given.lot(), Printing(form, copies=2)))
    assert kind == media_type
    assert content[:4] in {b"\x89PNG", b"%PDF"}
    assert name.isascii()


def test_a_recalled_lot_gets_no_labels(session: Session, given: Given) -> None:
    lot = given.lot()
    recall_lot(session, lot=lot, reason="dư lượng vượt mức", by=BY, now=given.now)
    with pytest.raises(Refused):
        printed(session, given, lot, Printing(LabelForm.PNG_203))


@pytest.mark.parametrize("copies", [0, 501])
def test_nobody_prints_none_or_too_many(session: Session, given: Given, copies: int) -> None:
    with pytest.raises(Refused):
        printed(session, given, given.lot(), Printing(LabelForm.SHEET_A4, copies=copies))


def test_a_printing_is_a_fact(session: Session, given: Given) -> None:
    lot = given.lot()
    printed(session, given, lot, Printing(LabelForm.SHEET_A4, copies=12))
    assert history_of(session, lot.code)[-1].facts["copies"] == 12
