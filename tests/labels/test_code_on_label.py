"""What befalls a code reaches the labels and pages of its harvests: on the day it counts from, at once."""

import pytest
from pypdfium2 import PdfDocument

from app.accounts.reach import Reach
from app.labels.commands import Printing, print_labels
from app.labels.snapshot import file_of, label_facts, thawed
from app.ledger.actors import Actor
from app.lots.queries import lot_line
from app.models.labels import LabelForm
from app.registry.code_commands import Change, restore_code, suspend_code
from tests.conftest import BASE_URL

BY = Actor.system()


@pytest.fixture
def area(given):
    return given.area()


@pytest.fixture
def code(given, area):
    return given.code(area)


@pytest.fixture
def suspended(session, given, code):
    def act(days: int, command=suspend_code):
        command(
            session, code=code, change=Change(given.day(days), "Dư lượng"), by=BY, now=given.now
        )

    return act


def on_label(session, lot, now) -> str | None:
    line = lot_line(session, lot.code, within=Reach.all())
    return label_facts(session, line, base_url=BASE_URL, now=now).area_code


def test_a_label_names_the_code_only_for_harvests_while_it_held(
    session, given, now, area, code, suspended
):
    lots = {days: given.lot(area, harvested_on=given.day(days)) for days in (-11, -10, -5, -4)}
    assert {on_label(session, lot, now) for lot in lots.values()} == {code.code}
    suspended(-10)
    suspended(-4, restore_code)
    told = {days: on_label(session, lot, now) for days, lot in lots.items()}
    assert told == {-11: code.code, -10: None, -5: None, -4: code.code}


def test_a_label_printed_while_it_is_suspended_carries_no_code_and_one_from_before_is_not_rewritten(
    session, given, now, area, code, suspended
):
    lot = given.lot(area)

    def printed():
        line = lot_line(session, lot.code, within=Reach.all())
        printing = Printing(LabelForm.SHEET_A4)
        return print_labels(
            session, line=line, printing=printing, base_url=BASE_URL, by=BY, now=now
        )

    before = printed()
    assert thawed(before.snapshot).area_code == code.code
    suspended(-1)
    after = printed()
    assert thawed(after.snapshot).area_code is None
    assert thawed(before.snapshot).area_code == code.code
    words = PdfDocument(file_of(after)[0])[0].get_textpage().get_text_bounded()
    assert code.code not in words


def test_the_page_of_the_lot_follows_at_once(client, session, given, now, area, code, suspended):
    lot = given.lot(area)
    session.commit()
    address = f"/t/{lot.code}"
    held = client.get(address, headers={"accept-language": "en"}).text
    assert code.code in held
    suspended(-1)
    session.commit()
    told = client.get(address, headers={"accept-language": "en"}).text
    assert "was suspended or revoked on the harvest day" in told
    suspended(0, restore_code)
    session.commit()
    assert "was suspended or revoked" in client.get(address, headers={"accept-language": "en"}).text
