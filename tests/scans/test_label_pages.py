"""The page of a numbered label says what its number is worth, in careful words, and is kept by nobody."""

import gzip
import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select
from sqlmodel import Session
from starlette.testclient import TestClient

from app.labels.keys import FOLDER
from app.labels.serials import serial_of
from app.ledger.actors import Actor
from app.lots.commands import recall_lot, withdraw_lot
from app.models.print_runs import MarkKind, VoidCause
from app.models.scans import NOT_MADE_HERE, WHOLE_LOT, AlertOutcome, ScanAlert
from app.scans.alert_commands import close_alert
from tests.conftest import BASE_URL, Clock
from tests.given import Given
from tests.labels.printing import Printing
from tests.provenance.goods import product_of
from tests.scans.conftest import Labels, counts
from tests.scans.looking import look, write_down

STRIP = re.compile(r'<div class="t[ wu]*" id="label".*?</div>', re.DOTALL)
BY = Actor.system()
# What nobody may promise of goods, in no language.
PROMISES = (
    "genuine",
    "authentic",
    "fake",
    "counterfeit",
    "hàng thật",
    "hàng giả",
    "chính hãng",
    "正品",
    "假货",
)


@pytest.fixture
def labels(app: FastAPI, session: Session, given: Given) -> Labels:
    """Forty numbered labels, with their secret where the application looks for it."""
    printing = Printing(session, given, Path(app.state.settings.data_dir))
    lot = given.lot(best_before=given.day(20))
    made = Labels(printing, lot, printing.run((lot, 40), serialised=True))
    session.commit()
    return made


def strip(
    client: TestClient, labels: Labels, serial: str, *, status: int = 200, **asked: object
) -> str:
    labels.printing.session.commit()
    answer = look(client, f"/t/{labels.lot.code}/{serial}", **asked)
    assert answer.status_code == status
    found = STRIP.findall(answer.text)
    assert len(found) == 1
    return str(found[0])


def test_a_printed_number_is_told_as_such(client: TestClient, labels: Labels) -> None:
    told = strip(client, labels, labels.serial(11))
    assert "Label no. 12 of this lot" in told
    assert "This system printed this number" in told
    assert 'class="t"' in told
    assert "cannot show what is in the pack" in told


def test_a_serial_is_read_as_people_type_it(client: TestClient, labels: Labels) -> None:
    serial = labels.serial(0)
    easy = serial.lower().replace("0", "o").replace("1", "l")
    for typed in (
        serial.lower(),
        f"{serial[:4]} {serial[4:8]} {serial[8:]}",
        f"{serial[:4]}-{serial[4:8]}–{serial[8:]}",
        easy,
    ):
        assert "Label no. 1 of this lot" in strip(client, labels, typed)
    capitals = look(client, f"/T/{labels.lot.code}/{serial}")
    assert "Label no. 1 of this lot" in capitals.text


def test_an_invented_number_was_not_made_here(client: TestClient, labels: Labels) -> None:
    serial = labels.serial(3)
    other = serial[:-1] + ("0" if serial[-1] != "0" else "2")
    for number in (other, "1", "X" * 300, "<script>", "%00", "TEM"):
        told = strip(client, labels, number, status=404)
        assert "This number was not made here" in told
        assert "<script>" not in told
    write = labels.serial(3)
    assert "not made here" not in strip(client, labels, write)


def test_a_number_of_another_lot_was_not_made_for_this_one(
    client: TestClient, labels: Labels, given: Given
) -> None:
    other = labels.keys.lot_key(given.lot().code).key
    assert "This number was not made here" in strip(client, labels, serial_of(other, 0), status=404)


def test_a_number_that_was_never_given_out_says_so(client: TestClient, labels: Labels) -> None:
    told = strip(client, labels, labels.serial(40), status=404)
    assert "Label no. 41 of this lot" in told
    assert "never given out for printing" in told
    assert 'class="t w u"' in told


def test_a_label_to_look_twice_at_comes_before_what_reassures_and_any_other_after(
    client: TestClient, labels: Labels
) -> None:
    labels.mark(MarkKind.VOIDED, 0, 0)
    labels.printing.session.commit()
    for serial, first in ((labels.serial(0), True), ("X" * 12, True), (labels.serial(1), False)):
        page = look(client, f"/t/{labels.lot.code}/{serial}").text
        assert (page.index('id="label"') < page.index('<div class="s ')) is first
        assert ('class="t w u"' in page) is first
        # What a shared link shows of it warns as well, and no picture speaks of the lot instead.
        [title] = re.findall("<title>(.*?)</title>", page)
        assert title.startswith(("Void label: ", "This number was not made here: ")) is first
        assert f'property="og:title" content="{title}"' in page
        assert ("og:image" in page) is not first


def test_without_its_secret_nobody_says_that_a_number_was_invented(
    client: TestClient, session: Session, labels: Labels, app: FastAPI
) -> None:
    serial = labels.serial(0)
    link = f"/01/{product_of(session, labels.lot).gtin}/10/{labels.lot.code}/21/{serial}"
    folder = Path(app.state.settings.data_dir) / FOLDER
    hidden = [file.rename(file.with_suffix(".away")) for file in folder.glob("*.key")]
    try:
        told = strip(client, labels, serial)
        led = look(client, link)
    finally:
        for file in hidden:
            file.rename(file.with_suffix(".key"))
    assert "cannot be checked now" in told
    assert "not made here" not in told
    here = f"{BASE_URL}/t/{labels.lot.code}/{serial}"
    assert (led.status_code, led.headers["location"]) == (307, here)
    assert "Label no. 1 " in strip(client, labels, serial)
    assert look(client, link).headers["location"] == here


def test_a_void_label_says_since_when_and_of_what_kind_and_keeps_the_clerks_words(
    client: TestClient, labels: Labels
) -> None:
    labels.mark(MarkKind.VOIDED, 0, 5, VoidCause.MISPRINTED)
    told = strip(client, labels, labels.serial(2))
    assert "<h2>Void label</h2>" in told
    assert "declared void on 20/11/2026 10:00" in told
    assert "it was misprinted" in told
    assert "rách" not in told
    assert "not be on goods" in told
    assert "declared void" not in strip(client, labels, labels.serial(6))


def test_a_label_that_is_not_on_goods_yet_says_so_where_that_is_recorded(
    client: TestClient, labels: Labels
) -> None:
    assert "not recorded yet" not in strip(client, labels, labels.serial(30))
    labels.mark(MarkKind.APPLIED, 0, 9)
    assert "was put on goods of this lot" in strip(client, labels, labels.serial(9))
    assert "not recorded yet that the label was put on goods" in strip(
        client, labels, labels.serial(10)
    )


def test_a_recall_and_the_best_before_day_reach_the_label(
    client: TestClient, labels: Labels, clock: Clock
) -> None:
    assert "past their best-before day" not in strip(client, labels, labels.serial(0))
    clock.forward(days=21)
    assert "past their best-before day" in strip(client, labels, labels.serial(0))
    recall_lot(labels.printing.session, lot=labels.lot, reason="Tồn dư thuốc.", by=BY, now=clock())
    told = strip(client, labels, labels.serial(0))
    assert "The lot of this label is recalled" in told
    assert 'class="t w"' in told


def test_the_label_of_a_withdrawn_lot_is_gone_and_still_says_what_it_is(
    client: TestClient, labels: Labels, clock: Clock
) -> None:
    withdraw_lot(labels.printing.session, lot=labels.lot, reason="Nhầm.", by=BY, now=clock())
    labels.printing.session.commit()
    answer = look(client, f"/t/{labels.lot.code}/{labels.serial(0)}")
    assert answer.status_code == 410
    assert "Label no. 1 of this lot" in answer.text


@pytest.mark.parametrize("language", ["vi", "en", "zh"])
def test_no_page_promises_what_it_cannot_know(
    client: TestClient, labels: Labels, language: str
) -> None:
    labels.mark(MarkKind.VOIDED, 0, 0)
    numbers = {labels.serial(0): 200, labels.serial(1): 200, labels.serial(40): 404, "X" * 12: 404}
    for serial, status in numbers.items():
        told = strip(client, labels, serial, status=status, accept_language=language).lower()
        assert not [word for word in PROMISES if word in told]


def test_a_page_of_a_label_is_kept_by_nobody(client: TestClient, labels: Labels) -> None:
    path = f"/t/{labels.lot.code}/{labels.serial(0)}"
    first, second = look(client, path), look(client, path)
    for answer in (first, second):
        assert answer.headers["cache-control"] == "private, no-store"
        assert "etag" not in answer.headers
        assert "set-cookie" not in answer.headers
        assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert look(client, path, if_none_match="*").status_code == 200
    # The page of the lot stays as it was: kept, with a tag, and without the strip.
    lot = look(client, f"/t/{labels.lot.code}")
    assert "etag" in lot.headers
    assert not STRIP.findall(lot.text)
    assert "A lot code cannot show whether a label was copied" in lot.text


@pytest.mark.parametrize("coding", ["br", "gzip", "identity"])
def test_the_page_comes_in_every_coding(client: TestClient, labels: Labels, coding: str) -> None:
    path = f"/t/{labels.lot.code}/{labels.serial(0)}"
    answer = look(client, path, accept_encoding=coding)
    assert answer.headers.get("content-encoding", "identity") == coding
    assert "Label no. 1 of this lot" in answer.text
    assert len(gzip.compress(answer.content)) < 14_000


def test_the_page_says_how_often_it_was_looked_up_before(
    client: TestClient, app: FastAPI, labels: Labels, clock: Clock
) -> None:
    serial = labels.serial(0)
    assert "Nobody looked up this number before you" in strip(client, labels, serial)
    assert "looked up 1 time before, on 20/11/2026" in strip(client, labels, serial, phone=1)
    write_down(app)
    clock.forward(days=3)
    told = strip(client, labels, serial, phone=2)
    assert "looked up 2 times before, first on 20/11/2026" in told
    assert "unusual" not in told


def test_looking_again_in_another_language_counting_machines_and_previews_is_no_scan(
    client: TestClient, app: FastAPI, session: Session, labels: Labels
) -> None:
    for path in (f"/t/{labels.lot.code}", f"/t/{labels.lot.code}/{labels.serial(0)}"):
        look(client, path)
        look(client, f"{path}?lang=vi")
        look(client, path, user_agent="facebookexternalhit/1.1")
        look(client, path, sec_purpose="prefetch;prerender")
        look(client, path, purpose="prefetch")
        look(client, path, sec_fetch_dest="iframe")
        look(client, path, accept="*/*")
        look(client, path, cookie="lang=vi; __Host-session=x")
        look(client, path, cookie="__Host-shop=x")
        client.head(path, headers={"user-agent": "Mozilla/5.0", "accept": "text/html"})
    write_down(app)
    assert counts(session, labels.lot) == {WHOLE_LOT: (2, 1), 0: (1, 1)}


def test_pages_from_memory_and_pages_made_anew_are_counted_alike(
    client: TestClient, app: FastAPI, session: Session, labels: Labels
) -> None:
    path = f"/t/{labels.lot.code}"
    etag = look(client, path).headers["etag"]
    look(client, path, phone=1)
    assert look(client, path, phone=2, if_none_match=etag).status_code == 304
    look(client, f"/t/{labels.lot.code.lower()}", phone=3)
    look(client, f"{path}/{'X' * 12}", phone=3)
    write_down(app)
    assert counts(session, labels.lot) == {WHOLE_LOT: (5, 4), NOT_MADE_HERE: (1, 1)}


def test_an_invented_number_in_a_digital_link_is_counted_as_on_the_page(
    client: TestClient, app: FastAPI, session: Session, labels: Labels
) -> None:
    link = f"/01/{product_of(session, labels.lot).gtin}/10/{labels.lot.code}/21/{'X' * 12}"
    session.commit()
    for phone in range(6):
        answer = look(client, link, phone=phone)
        assert (answer.status_code, "was not made here" in answer.text) == (404, True)
    assert look(client, link, accept="*/*").status_code == 404
    write_down(app)
    assert counts(session, labels.lot) == {WHOLE_LOT: (6, 6), NOT_MADE_HERE: (6, 6)}
    [alert] = session.execute(select(ScanAlert)).scalars()
    assert alert.serial == NOT_MADE_HERE


def test_a_label_in_many_hands_warns_with_advice_until_somebody_explains_it(
    client: TestClient, app: FastAPI, session: Session, labels: Labels, clock: Clock
) -> None:
    serial = labels.serial(7)
    for phone in range(21):
        told = strip(client, labels, serial, phone=phone)
        assert "unusual" not in told
    write_down(app)
    told = strip(client, labels, serial)
    assert "many telephones looked it up in one day" in told
    assert "may have been copied" in told
    assert "Ask the shop" in told
    # It warns the next day too, for the alert stands.
    clock.forward(days=1)
    assert "unusual" in strip(client, labels, serial)
    alert = session.execute(select(ScanAlert)).scalar_one()
    close_alert(
        session, alert=alert, outcome=AlertOutcome.EXPLAINED, reason="Lớp học", by=BY, now=clock()
    )
    assert "unusual" not in strip(client, labels, serial)


def test_found_copies_go_on_being_told(
    client: TestClient, app: FastAPI, session: Session, labels: Labels, clock: Clock
) -> None:
    serial = labels.serial(7)
    for phone in range(21):
        strip(client, labels, serial, phone=phone)
    write_down(app)
    alert = session.execute(select(ScanAlert)).scalar_one()
    close_alert(
        session, alert=alert, outcome=AlertOutcome.COPIED, reason="Tem chép", by=BY, now=clock()
    )
    clock.forward(days=90)
    assert "may have been copied" in strip(client, labels, serial)


def test_a_void_label_that_is_looked_up_raises_an_alert_and_warns_however_that_is_explained(
    client: TestClient, app: FastAPI, session: Session, labels: Labels, clock: Clock
) -> None:
    labels.mark(MarkKind.VOIDED, 0, 5)
    strip(client, labels, labels.serial(2))
    write_down(app)
    [alert] = session.execute(select(ScanAlert)).scalars()
    assert alert.serial == 2
    close_alert(
        session, alert=alert, outcome=AlertOutcome.EXPLAINED, reason="Quét thử", by=BY, now=clock()
    )
    session.commit()
    told = strip(client, labels, labels.serial(2), phone=2)
    assert "Void label" in told
    assert "What you can do:" in told
    write_down(app)
    assert session.execute(select(func.count()).select_from(ScanAlert)).scalar_one() == 1


def test_an_unknown_or_mistyped_lot_stays_what_it_was(client: TestClient, labels: Labels) -> None:
    assert look(client, "/t/LC1/0000ABCDEFGH").status_code == 404
    assert "slip" in look(client, "/t/LC1/0000ABCDEFGH").text
    assert look(client, "/t/LCYTCJ2VMSC46CC/0000ABCDEFGH").status_code == 404
