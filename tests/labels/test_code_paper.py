"""The certificate of a planting-area code: what it says, read back from the printed page."""

import pypdfium2
import pytest
import zxingcpp

from app.accounts.reach import Reach
from app.labels.code_paper import code_paper_pdf
from app.labels.code_paper_queries import code_paper
from app.ledger.actors import Actor
from app.models.registry import OrganisationKind, PlantingArea
from app.registry.area_queries import area_line
from app.registry.code_commands import Change, suspend_code
from tests.conftest import BASE_URL


@pytest.fixture
def printed(session, given):
    """The pages of a code's paper as it would be printed today."""

    def printing(code):
        area = session.get_one(PlantingArea, code.area_id)
        line = area_line(session, area.uid, within=Reach.all())
        paper = code_paper(session, code, line, base_url=BASE_URL, today=given.day(0))
        return pypdfium2.PdfDocument(code_paper_pdf(paper))

    return printing


def words_of(document):
    return " ".join(page.get_textpage().get_text_bounded() for page in document)


def test_the_paper_names_code_area_and_both_addresses(given, printed):
    code = given.code(given.area(name="Vùng rau Tả Van Chư", former_commune="02866"))
    words = words_of(printed(code))
    for wanted in (code.code, "Vùng rau Tả Van Chư", "Xã Bắc Hà", "huyện Bắc Hà", "12/QĐ-TTBVTV"):
        assert wanted in words
    assert "Độc lập - Tự do - Hạnh phúc" in words


def test_its_symbol_opens_the_page_of_the_code(given, printed):
    code = given.code(given.area())
    picture = printed(code)[0].render(scale=300 / 72).to_pil()
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == f"{BASE_URL}/register/{code.code_key}"


def test_a_suspended_code_says_so_and_why(session, given, printed):
    code = given.code(given.area())
    assert "ĐÌNH CHỈ" not in words_of(printed(code))
    change = Change(given.day(-1), reason_slug="no_diary", reason="")
    with pytest.raises(Exception, match="cannot be given"):
        suspend_code(session, code=code, change=change, by=Actor.system(), now=given.now)
    change = Change(given.day(-1), reason_slug="residue")
    suspend_code(session, code=code, change=change, by=Actor.system(), now=given.now)
    words = words_of(printed(code))
    assert "ĐANG BỊ ĐÌNH CHỈ" in words
    assert "Dư lượng thuốc" in words


def test_a_household_is_not_named_unless_it_agreed(session, given, printed):
    home = given.organisation(OrganisationKind.HOUSEHOLD, "Hộ Giàng A Páo")
    home.name_public = False
    code = given.code(given.area(home))
    assert "Giàng A Páo" not in words_of(printed(code))
    home.name_public = True
    assert "Giàng A Páo" in words_of(printed(code))


def test_neither_the_name_of_its_field_nor_an_officers_words_name_a_household(
    session, given, printed
):
    home = given.organisation(OrganisationKind.HOUSEHOLD, "Hộ Giàng A Páo")
    home.name_public = False
    code = given.code(given.area(home, name="Nương nhà Páo"))
    change = Change(given.day(-1), reason="Ông Páo không ghi nhật ký")
    suspend_code(session, code=code, change=change, by=Actor.system(), now=given.now)
    words = words_of(printed(code))
    assert "ĐANG BỊ ĐÌNH CHỈ" in words
    assert "Páo" not in words
    home.name_public = True
    assert "Nương nhà Páo" in words_of(printed(code))


def test_long_names_stay_on_the_page(given, printed):
    name = "Vùng trồng rau an toàn tập trung thôn Sín Chải và các thôn lân cận " * 2
    document = printed(given.code(given.area(name=name[:118])))
    words = " ".join(words_of(document).split())
    assert "thôn lân cận" in words


def test_the_same_paper_is_the_same_file(session, given):
    code = given.code(given.area())
    area = session.get_one(PlantingArea, code.area_id)
    line = area_line(session, area.uid, within=Reach.all())
    paper = code_paper(session, code, line, base_url=BASE_URL, today=given.day(0))
    assert code_paper_pdf(paper) == code_paper_pdf(paper)
