"""The printed diary book, read back from its pages."""

import pypdfium2
import pytest
import zxingcpp

from app.errors import Refused
from app.labels.diary_book import COLUMNS, ROWS_A_PAGE, diary_book_pdf
from app.labels.diary_book_queries import diary_book
from app.models.registry import Organisation
from tests.conftest import BASE_URL
from tests.diary.growing import Growing


@pytest.fixture
def growing(given):
    return Growing(given)


@pytest.fixture
def printed(session, given):
    def printing(organisation_id, planting=None):
        home = session.get_one(Organisation, organisation_id)
        book = diary_book(
            session, organisation=home, planting=planting, base_url=BASE_URL, today=given.day(0)
        )
        return pypdfium2.PdfDocument(diary_book_pdf(book))

    return printing


def words_of(page):
    return page.get_textpage().get_text_bounded()


def test_a_page_opens_the_form_of_its_planting(growing, printed):
    planting = growing.planting(variety="KK Cross")
    [page] = printed(planting.organisation_id, planting.uid)
    (found,) = zxingcpp.read_barcodes(page.render(scale=300 / 72).to_pil())
    assert found.text == f"{BASE_URL}/work/diary/new?planting={planting.uid}"
    assert "Bắp cải (KK Cross)" in words_of(page)


def test_every_grower_has_a_page_of_their_own_plots(growing, printed, given):
    area = given.area()
    home = growing.home(area)
    one, other = given.grower(home, "Lý Thị Mẩy"), given.grower(home, "Giàng A Páo")
    plots = [
        growing.plot(area, who, name=name)
        for who, name in ((one, "Nương trên"), (other, "Nương dưới"), (one, "Bờ suối"))
    ]
    growing.planting(area, plots=tuple(plot.uid for plot in plots))
    first, second = map(words_of, printed(home.pk))
    assert "Lý Thị Mẩy" in first and "Nương trên" in first and "Bờ suối" in first
    assert "Giàng A Páo" in second and "Nương dưới" in second
    assert "Nương dưới" not in first


def test_the_columns_fill_the_page_and_the_rows_are_there(growing, printed):
    planting = growing.planting()
    [page] = printed(planting.organisation_id)
    words = words_of(page)
    assert all(name.split(" (")[0] in words for name, _ in COLUMNS)
    assert sum(width for _, width in COLUMNS) == 273
    lines = [one for one in page.get_objects() if one.type == 2]
    assert len(lines) >= 1
    assert ROWS_A_PAGE == 14


def test_nothing_planted_is_nothing_to_print(given, printed):
    with pytest.raises(Refused):
        printed(given.cooperative().pk)
