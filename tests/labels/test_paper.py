"""Labels land where the paper and the printer's profile say: measured again in the PDF."""

import re
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from sqlalchemy import select
from sqlmodel import Session

from app.accounts.reach import Reach
from app.errors import Refused
from app.kit.text import clean
from app.labels.label_rules import LabelRules
from app.labels.paper import Paper, paper_of
from app.labels.previewing import sample_front
from app.labels.ruler import line_of, ruler_of, ruler_page
from app.labels.run_labels import labels_of
from app.labels.run_pdf import write_run_pdf
from app.labels.stock_commands import (
    ProfileDetails,
    StockDetails,
    add_profile,
    add_stock,
    change_profile,
)
from app.labels.stock_queries import ProfileLine, body_of, fits, layouts, stock_by_slug, stocks
from app.ledger.actors import Actor
from app.models.print_runs import LabelStock, Output, PrinterProfile, StockKind
from tests.given import Given
from tests.labels.printers import EscPos, Tspl, Zpl

MM = 72 / 25.4
TODAY = date(2026, 11, 20)
RULES = LabelRules(today=TODAY)
BASE = "https://txng.laocai.gov.vn"
BY = Actor.system()


def pdf_on(
    session: Session, paper: Paper, stock: LabelStock, count: int, **chosen: object
) -> bytes:
    fitting = [
        body_of(layout)
        for layout in layouts(session, within=Reach.all(), on=TODAY)
        if fits(body_of(layout), stock)
    ]
    body = max(fitting, key=lambda one: (one.width * one.height, len(one.facts)))
    front, edition = sample_front(body, body.languages[0], RULES, base_url=BASE)
    out = BytesIO()
    common = {"start_at": 1, "crop_marks": False, "title": "x", "language": "vi", **chosen}
    made = datetime(2026, 11, 20, tzinfo=UTC)
    write_run_pdf(out, paper, labels_of(front, replace(edition, count=count)), made=made, **common)
    return out.getvalue()


def corners(pdf: bytes) -> list[list[tuple[float, float]]]:
    """The corner of every label, page by page, in mm from the top left, as the file itself places it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        found = []
        for page in document:
            height = page.get_height()
            forms = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_FORM], max_depth=1)
            matrices = [form.get_matrix().get() for form in forms]
            found.append([(m[4] / MM, (height - m[5]) / MM) for m in matrices])
        return found
    finally:
        document.close()


def outside(pdf: bytes) -> list[tuple[float, ...]]:
    """What reaches beyond a page's media box."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [
            bounds
            for page in document
            for thing in page.get_objects(max_depth=1)
            for bounds in [thing.get_bounds()]
            if min(bounds[:2]) < -0.01
            or bounds[2] > page.get_width() + 0.01
            or bounds[3] > page.get_height() + 0.01
        ]
    finally:
        document.close()


def words_on(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def test_every_label_of_every_stock_lies_where_the_stock_says(facts: Session) -> None:
    for stock in stocks(facts, within=Reach.all()):
        paper = paper_of(stock)
        pdf = pdf_on(facts, paper, stock, paper.places)
        (found,) = corners(pdf)
        wanted = [paper.corner(place) for place in range(paper.places)]
        assert found == [pytest.approx(corner, abs=0.05) for corner in wanted], stock.slug
        assert outside(pdf) == [], stock.slug
        assert list(paper.places_outside()) == [] or paper.roll, stock.slug


def test_every_label_lies_where_the_printers_profile_says(facts: Session) -> None:
    stock = stock_by_slug(facts, "a4-tomy-145", within=Reach.all())
    profile = PrinterProfile(
        organisation_id=1,
        name="x",
        stock_id=stock.pk,
        output=Output.PDF,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        offset_x_um=-1_350,
        offset_y_um=850,
        pitch_x_um=38_250,
        pitch_y_um=21_300,
        scale_ppm=1_004_000,
    )
    paper = paper_of(stock, profile)
    first, second = corners(pdf_on(facts, paper, stock, 70))
    assert len(first) == 65
    assert len(second) == 5
    for place, corner in enumerate(first):
        row, column = divmod(place, 5)
        wanted = (-1.35 + 1.004 * (9.75 + column * 38.25), 0.85 + 1.004 * (10.7 + row * 21.3))
        assert corner == pytest.approx(wanted, abs=0.05)


def test_a_half_used_sheet_begins_at_its_first_free_place(facts: Session) -> None:
    stock = stock_by_slug(facts, "a4-3x8-plain", within=Reach.all())
    paper = paper_of(stock)
    first, second = corners(pdf_on(facts, paper, stock, 5, start_at=22))
    assert first == [pytest.approx(paper.corner(place), abs=0.05) for place in (21, 22, 23)]
    assert second == [pytest.approx(paper.corner(place), abs=0.05) for place in (0, 1)]


def test_marks_for_cutting_lie_in_the_margins(facts: Session) -> None:
    stock = stock_by_slug(facts, "a4-4x9-50x30", within=Reach.all())
    paper = paper_of(stock)
    plain = pdf_on(facts, paper, stock, 1)
    marked = pdf_on(facts, paper, stock, 1, crop_marks=True)
    assert len(corners(marked)[0]) == len(corners(plain)[0]) + 1
    assert outside(marked) == []


def test_the_words_are_vietnamese_and_the_fonts_inside(facts: Session) -> None:
    stock = stock_by_slug(facts, "a4-l7163", within=Reach.all())
    pdf = pdf_on(facts, paper_of(stock), stock, 2)
    text = words_on(pdf)
    assert text == unicodedata.normalize("NFC", text)
    for phrase in ("Cải bắp", "Xuất xứ: Xã Mường Hum", "Khối lượng tịnh: 500 g", "NSX: 20/11/2026"):
        assert phrase in text
    assert pdf.count(b"/FontFile2") >= 2


def test_chinese_can_be_selected_too(facts: Session) -> None:
    stock = stock_by_slug(facts, "roll-100x100", within=Reach.all())
    pdf = pdf_on(facts, paper_of(stock), stock, 1)
    assert "输往中华人民共和国" in words_on(pdf).replace("\r\n", "")
    assert len(pdf) < 120_000


def test_the_ruler_page_fits_every_paper(facts: Session) -> None:
    for stock in stocks(facts, within=Reach.all()):
        pdf = ruler_page(
            paper_of(stock), name="Máy in kho", made=datetime(2026, 11, 20, tzinfo=UTC)
        )
        assert "Máy in kho" in words_on(pdf)
        assert outside(pdf) == [], stock.slug


@pytest.mark.parametrize(
    ("output", "printer"), [(Output.ZPL, Zpl), (Output.TSPL, Tspl), (Output.ESCPOS, EscPos)]
)
def test_a_label_printer_gets_its_ruler_in_its_own_language(
    facts: Session, given: Given, output: Output, printer: type[Zpl | Tspl | EscPos]
) -> None:
    """The left edge of the label stands as far to the right as the printer's figures say."""
    stock = stock_by_slug(facts, "roll-60x40", within=Reach.all())
    profile = PrinterProfile(
        organisation_id=1, name="Máy kho", stock_id=stock.pk, output=output, offset_x_um=1000
    )
    made = ruler_of(ProfileLine(profile, stock), given.now)
    assert made.ending == output.value
    (out,) = printer().print(made.content)
    edge = out.dots[100:200, :20].all(axis=0)
    assert list(np.flatnonzero(edge)) == [8]  # 1 mm at 8 dots to the millimetre


@pytest.mark.parametrize(("slug", "length"), [("roll-100x100", 90), ("a4-tomy-145", 100)])
def test_the_ruler_page_says_how_long_its_line_is(facts: Session, slug: str, length: int) -> None:
    paper = paper_of(stock_by_slug(facts, slug, within=Reach.all()))
    pdf = ruler_page(paper, name="Máy", made=datetime(2026, 11, 20, tzinfo=UTC))
    before, _, after = words_on(pdf).partition("In ở")
    said = re.findall(r"vạch (\d+) mm", after)
    ticks = [int(word) for word in before.split() if word.isdigit()]
    assert said == [str(length)]
    assert max(ticks) == length == line_of(paper)


def test_a_printer_of_sheets_gets_its_ruler_as_a_pdf(facts: Session, given: Given) -> None:
    stock = stock_by_slug(facts, "a4-tomy-145", within=Reach.all())
    profile = PrinterProfile(organisation_id=1, name="Máy", stock_id=stock.pk, output=Output.TSPL)
    assert ruler_of(ProfileLine(profile, stock), given.now).content.startswith(b"%PDF")


SHEET = StockDetails(
    "Giấy", StockKind.SHEET, 210_000, 297_000, 63_500, 38_100, 3, 7, 7_210, 15_150, 66_040, 38_100
)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"columns": 4}, "columns"),
        ({"columns": 0}, "columns"),
        ({"rows": 41}, "rows"),
        ({"pitch_x_um": 60_000}, "pitch_x"),
        ({"width_um": 0}, "width"),
        ({"left_um": -1}, "left"),
        ({"page_height_um": 600_000}, "page_height"),
        ({"name": " "}, "name"),
        ({"kind": StockKind.ROLL}, "rows"),
    ],
)
def test_impossible_paper_is_refused_beside_its_field(
    session: Session, given: Given, changed: dict[str, object], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        add_stock(
            session, organisation=None, details=replace(SHEET, **changed), by=BY, now=given.now
        )
    assert refused.value.fields[0].field == field


def test_new_paper_counts_as_unchecked(session: Session, given: Given) -> None:
    home = given.cooperative()
    stock = add_stock(session, organisation=home, details=SHEET, by=BY, now=given.now)
    session.flush()
    assert not stock.checked
    assert stock in stocks(session, within=Reach.own(home.pk))
    assert stock not in stocks(session, within=Reach.own(home.pk + 1))


def test_other_paper_or_figures_of_a_printer_have_to_be_measured_again(
    session: Session, given: Given
) -> None:
    home = given.cooperative()
    one, other = (
        session.execute(select(LabelStock).where(LabelStock.slug == slug)).scalar_one()
        for slug in ("a4-l7160", "a4-l7163")
    )
    details = ProfileDetails("Máy", Output.PDF, dpi=300, measured=True)
    profile = add_profile(
        session, organisation=home, stock=one, details=details, by=BY, now=given.now
    )
    session.flush()
    assert profile.checked_at == given.now
    for stock, now_set, measured in (
        (one, {"name": "Máy ở kho", "crop_marks": True}, True),  # nothing moves on the paper
        (one, {"offset_x_um": 500}, False),
        (one, {"offset_x_um": 500, "measured": True}, True),
        (one, {"offset_x_um": 500, "ruler_um": 99_500}, False),
        (one, {"measured": True}, True),
        (other, {}, False),
    ):
        set_anew = replace(details, **{"measured": False, **now_set})
        change_profile(
            session, profile=profile, stock=stock, details=set_anew, by=BY, now=given.now
        )
        assert (profile.checked_at is not None) == measured, now_set


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"offset_x_um": -8_000}, "offset_x"),
        ({"offset_x_um": 21_000}, "offset_x"),
        ({"pitch_y_um": 30_000}, "pitch_y"),
        ({"ruler_um": 80_000}, "ruler"),
        ({"ruler_um": 0}, "ruler"),
        ({"dpi": 72}, "dpi"),
        ({"name": ""}, "name"),
    ],
)
def test_figures_that_push_labels_off_the_paper_are_refused(
    session: Session, given: Given, changed: dict[str, object], field: str
) -> None:
    stock = stock_by_slug(session, "a4-l7160", within=Reach.all())
    details = replace(ProfileDetails("Máy", Output.PDF, dpi=300), **changed)
    with pytest.raises(Refused) as refused:
        add_profile(
            session,
            organisation=given.cooperative(),
            stock=stock,
            details=details,
            by=BY,
            now=given.now,
        )
    assert refused.value.fields[0].field == field


def test_a_line_of_100_mm_that_comes_out_short_is_made_up_for(
    session: Session, given: Given
) -> None:
    stock = stock_by_slug(session, "a4-l7160", within=Reach.all())
    details = ProfileDetails(clean("Máy", longest=9), Output.PDF, dpi=300, ruler_um=99_500)
    profile = add_profile(
        session,
        organisation=given.cooperative(),
        stock=stock,
        details=details,
        by=BY,
        now=given.now,
    )
    assert profile.scale_ppm == 1_005_025
