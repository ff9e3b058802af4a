"""SSCCs of cartons and pallets: gapless for a prefix, never twice, on the label and back; what GS1 wants beside them."""

from pathlib import Path
from threading import Barrier
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given as draw
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlmodel import Session

from app.accounts.reach import Reach
from app.catalogue.gs1_key_commands import register_prefix
from app.catalogue.gs1_numbers import number_in_sscc, sscc_capacity, sscc_of
from app.db import open_read_session, transaction
from app.errors import NotFound, Refused
from app.kit.gs1_elements import read_elements
from app.kit.gs1_identifiers import check_value, pairing_faults
from app.kit.voice_pick import voice_pick
from app.labels.payload import sscc_in
from app.labels.run_content import Content
from app.labels.run_queries import parts_of
from app.labels.sscc_commands import take_ssccs
from app.labels.sscc_queries import unit_of
from app.models.logistic_units import SsccCounter, SsccRange
from app.models.lots import HarvestLot
from app.models.print_runs import Output, PrintRun
from app.models.registry import Organisation
from tests.given import Given
from tests.labels.printers import Tspl, Zpl
from tests.labels.printing import BY, Printing
from tests.labels.test_run_products import CARTON, GTIN, WORDS
from tests.labels.test_runs import why
from tests.threads import at_once

PREFIX = "9521234"
PALLET: dict[str, Any] = {
    "layout": "l4-100x150",
    "stock": "roll-100x150",
    "content": Content(),
    "sscc": True,
}


def symbols_on(pdf: bytes) -> list[list[str]]:
    """What zxing reads on every page, the symbols in their order from the top."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pictures = [page.render(scale=300 / 72).to_pil().convert("L") for page in document]
    finally:
        document.close()
    found = [zxingcpp.read_barcodes(picture) for picture in pictures]
    return [
        [one.text for one in sorted(page, key=lambda one: one.position.top_left.y)]
        for page in found
    ]


@pytest.fixture
def lot(given: Given) -> HarvestLot:
    return given.lot(kilograms=20_000)


@pytest.fixture
def home(session: Session, given: Given, lot: HarvestLot) -> Organisation:
    owner = session.get_one(Organisation, lot.organisation_id)
    register_prefix(session, organisation=owner, prefix=PREFIX, by=BY, now=given.now)
    return owner


@draw(st.from_regex(r"9[0-4][0-9]{2,10}", fullmatch=True), st.data())
def test_a_number_is_one_sscc_and_back(prefix: str, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, sscc_capacity(prefix) - 1))
    sscc = sscc_of(prefix, number)
    check_value("00", sscc)
    assert sscc[1:].startswith(prefix)
    assert number_in_sscc(sscc, prefix) == number
    wrong = sscc[:-1] + str((int(sscc[-1]) + 1) % 10)
    assert number_in_sscc(wrong, prefix) is None


def test_the_extension_digit_goes_on_when_the_serials_are_used_up() -> None:
    assert sscc_of(PREFIX, 0)[0] == "0"
    assert sscc_of(PREFIX, 10**9 - 1)[:9] == "095212349"
    assert sscc_of(PREFIX, 10**9)[0] == "1"
    assert sscc_of(PREFIX, sscc_capacity(PREFIX) - 1)[0] == "9"


def test_every_carton_has_another_number_and_all_of_its_symbols_read(
    session: Session, given: Given, printing: Printing, lot: HarvestLot, home: Organisation
) -> None:
    inner = given.product(home, **WORDS)
    carton = {**WORDS, "name_vi": "Thùng", "gtin": CARTON, "pack_g": None}
    held = given.product(home, **carton, holds=inner.uid, holds_count=12)
    run = printing.run((lot, 3), product=held.uid, serialised=True, **PALLET)
    pages = symbols_on(printing.file(run))
    units = [sscc_of(PREFIX, number) for number in range(3)]
    for page, sscc in zip(pages, units, strict=True):
        address, goods, batch, unit = page
        assert f"/01/{CARTON}/10/{lot.code}/21/" in address
        assert goods == f"(01){CARTON}(13)261119"
        assert batch == f"(10){lot.code}"
        assert unit == f"(00){sscc}"
    assert parts_of(session, run)[0].ssccs == (units[0], units[2])


def test_a_carton_that_is_no_product_says_what_it_holds(
    given: Given, printing: Printing, lot: HarvestLot, home: Organisation
) -> None:
    inner = given.product(home, **WORDS)
    asked = {**PALLET, "content": Content(packs=10)}
    page = symbols_on(printing.file(printing.run((lot, 1), product=inner.uid, **asked)))[0]
    assert page[0].endswith(f"/T/{lot.code}")
    assert page[1] == f"(02){GTIN}(37)10(13)261119"
    together = "".join(page[1:])
    assert next(pairing_faults(frozenset(read_elements(together))), None) is None
    # Without an SSCC, (02) and (37) may not stand: the bar code is left out, and that is said.
    plan = printing.plan(
        (lot, 1), product=inner.uid, **{**asked, "sscc": False}, reprint_reason="x"
    )
    assert plan.lots[0].edition.elements == ()
    assert "number the cartons" in " ".join(str(lack.why) for lack in plan.lacks)


@pytest.mark.parametrize(("output", "printer"), [(Output.ZPL, Zpl), (Output.TSPL, Tspl)])
def test_label_printers_print_each_number(
    printing: Printing, lot: HarvestLot, home: Organisation, output: Output, printer: Any
) -> None:
    asked = {**PALLET, "layout": "l4-100x50", "stock": "roll-100x50", "output": output, "dpi": 203}
    file = printing.file(printing.run((lot, 3), **asked))
    labels = printer().print(file)
    read = [
        {one.text for one in zxingcpp.read_barcodes((~label.dots * 255).astype("uint8"))}
        for label in labels
    ]
    assert len(read) == 3
    for number, texts in enumerate(read):
        assert f"(00){sscc_of(PREFIX, number)}" in texts


def test_a_picture_is_of_one_carton(
    printing: Printing, lot: HarvestLot, home: Organisation
) -> None:
    with pytest.raises(Refused, match="one label"):
        printing.run((lot, 2), output=Output.PNG, **PALLET)
    picture = printing.file(printing.run((lot, 1), output=Output.SVG, **PALLET))
    assert sscc_of(PREFIX, 0).encode() in picture


def test_two_lots_share_one_row_of_numbers(
    session: Session, given: Given, printing: Printing, lot: HarvestLot, home: Organisation
) -> None:
    other = given.lot(given.area(home))
    run = printing.run((lot, 2), (other, 3), **PALLET)
    assert [part.ssccs for part in parts_of(session, run)] == [
        (sscc_of(PREFIX, 0), sscc_of(PREFIX, 1)),
        (sscc_of(PREFIX, 2), sscc_of(PREFIX, 4)),
    ]


def test_an_sscc_leads_back_to_its_label(
    session: Session, given: Given, printing: Printing, lot: HarvestLot, home: Organisation
) -> None:
    first = printing.run((lot, 2), **PALLET)
    second = printing.run((lot, 3), **PALLET, serialised=True, reprint_reason="Thêm")
    found = unit_of(session, sscc_of(PREFIX, 3), within=Reach.own(home.pk))
    assert (found.lot.code, found.run.pk, found.index) == (lot.code, second.pk, 1)
    assert unit_of(session, sscc_of(PREFIX, 1), within=Reach.all()).run.pk == first.pk
    for unknown in (sscc_of(PREFIX, 5), sscc_of("9521235", 0), "1" * 18, "", "x"):
        with pytest.raises(NotFound):
            unit_of(session, unknown, within=Reach.all())
    with pytest.raises(NotFound):
        unit_of(session, sscc_of(PREFIX, 3), within=Reach.own(home.pk + 1))


def test_clerks_at_once_get_numbers_without_a_gap(
    engine: Engine, session: Session, given: Given, tmp_path: Path, home: Organisation
) -> None:
    lots = [given.lot(given.area(home)) for _ in range(4)]
    session.commit()

    def clerk(lot: HarvestLot) -> None:
        with transaction(engine) as own:
            mine = own.get_one(HarvestLot, lot.pk)
            Printing(own, Given(own, given.now), tmp_path).run((mine, 5), **PALLET)

    assert at_once([lambda lot=one: clerk(lot) for one in lots]) == [None] * 4
    with open_read_session(engine) as reader:
        ranges = sorted(
            (one.first_number, one.last_number)
            for one in reader.execute(select(SsccRange)).scalars()
        )
    assert ranges == [(start, start + 4) for start in range(0, 20, 5)]


def test_counting_without_the_counter_gives_a_number_twice(
    engine: Engine, session: Session
) -> None:
    """The control: looking first and writing later, both clerks see the same last number."""
    session.add(SsccCounter(prefix=PREFIX, taken=0))
    session.commit()
    gate, taken = Barrier(2), []

    def careless() -> None:
        with open_read_session(engine) as reader:
            last = reader.get_one(SsccCounter, PREFIX).taken
        gate.wait()
        with transaction(engine) as own:
            own.get_one(SsccCounter, PREFIX).taken = last + 5
        taken.append(last)

    assert at_once([careless] * 2) == [None] * 2
    assert taken == [0, 0]


def test_a_run_that_fails_gives_its_numbers_back(
    engine: Engine, session: Session, given: Given, printing: Printing, lot: HarvestLot, home: Organisation
) -> None:  # fmt: skip
    session.commit()
    with pytest.raises(RuntimeError), transaction(engine) as own:
        Printing(own, Given(own, given.now), printing.keys.folder.parent).run(
            (own.get_one(HarvestLot, lot.pk), 7), **PALLET
        )
        raise RuntimeError
    run = printing.run((lot, 1), **PALLET)
    assert parts_of(session, run)[0].ssccs == (sscc_of(PREFIX, 0),) * 2


def test_a_prefix_that_is_used_up_is_refused(
    session: Session, printing: Printing, lot: HarvestLot, home: Organisation
) -> None:
    short = "952123412345"
    assert take_ssccs(session, short, sscc_capacity(short)) == 0
    with pytest.raises(Refused, match="no SSCCs left"):
        take_ssccs(session, short, 1)
    session.add(SsccCounter(prefix=PREFIX, taken=sscc_capacity(PREFIX) - 1))
    session.flush()
    with pytest.raises(Refused) as refused:
        printing.run((lot, 2), **PALLET)
    assert refused.value.fields[0].field == "sscc"
    last = printing.run((lot, 1), **PALLET)
    assert parts_of(session, last)[0].ssccs == (sscc_of(PREFIX, sscc_capacity(PREFIX) - 1),) * 2


def test_where_there_is_no_prefix_or_no_place_it_is_said(
    printing: Printing, lot: HarvestLot, given: Given, session: Session
) -> None:
    with pytest.raises(Refused, match="write yours down"):
        printing.run((lot, 1), **PALLET)
    owner = session.get_one(Organisation, lot.organisation_id)
    register_prefix(session, organisation=owner, prefix=PREFIX, by=BY, now=given.now)
    for layout, stock in (("l4-100x72", "roll-100x72"), ("l1-50x30", "roll-50x30")):
        with pytest.raises(Refused) as refused:
            printing.run((lot, 1), **{**PALLET, "layout": layout, "stock": stock})
        assert refused.value.fields[0].field == "sscc"
        assert "Carton, pallet 100 × 150 mm" in why(refused)


def test_the_file_is_the_same_every_time(
    printing: Printing, lot: HarvestLot, home: Organisation
) -> None:
    run: PrintRun = printing.run((lot, 4), **PALLET)
    assert printing.file(run) == printing.file(run)


@pytest.mark.parametrize(
    ("gtin", "batch", "packed", "code"),
    [
        ("10850510002011", "46587443HG234", "", "6359"),
        ("65457886676767", "2", "100126", "5836"),
        ("61414100734933", "32abcd", "030102", "8079"),
    ],
)
def test_the_voice_pick_code_is_the_published_one(
    gtin: str, batch: str, packed: str, code: str
) -> None:
    assert voice_pick(gtin, batch, packed) == code


def test_a_case_says_its_voice_pick_code(
    given: Given, printing: Printing, lot: HarvestLot, home: Organisation
) -> None:
    product = given.product(home, **WORDS)
    asked = {**PALLET, "layout": "l4-100x72", "stock": "roll-100x72", "sscc": False}
    words = printing.plan((lot, 1), product=product.uid, **asked).lots[0].edition.words
    code = voice_pick(GTIN, lot.code, "261119")
    assert (words["voice_pick"], words["voice_pick_end"]) == (code[:2], code[2:])
    assert "voice_pick" not in printing.plan((lot, 1), **asked).lots[0].edition.words


@pytest.mark.parametrize(
    "scanned",
    [
        "095212340000000006",
        "0952 1234 00000000 06",
        "(00)095212340000000006",
        "]C100095212340000000006",
        "https://truyxuat.vn/00/095212340000000006",
    ],
)
def test_an_sscc_is_read_from_whatever_shows_it(scanned: str) -> None:
    assert sscc_in(scanned) == "095212340000000006"
    assert sscc_in(scanned[:-1]) == ""
