"""A report's files in other hands: every formula of the workbook, and the document on LibreOffice's paper."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy import select
from sqlmodel import Session

from app.jobs.running import Runner
from app.main import handlers_for
from app.models.plan_reports import PlanReportFile
from app.settings import Settings
from tests.databases import NOW, Databases
from tests.demonstration import demonstrated
from tests.plan.workbooks import by_office, differing, read_book, recalculated, worked_out

pytestmark = pytest.mark.one_engine
needs_office = pytest.mark.skipif(
    shutil.which("soffice") is None,
    reason="no LibreOffice: apt-get install libreoffice-calc-nogui libreoffice-writer-nogui",
)
FORMS = {"SUM", "*10)", "*100)", "-"}
A4 = (595, 842)
FORM = (
    "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG TỈNH LÀO CAI",
    "Số: /BC",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Lào Cai, ngày tháng năm 2026",
    "BÁO CÁO",
    "Kính gửi: Ủy ban nhân dân tỉnh Lào Cai.",
    "I. KẾT QUẢ THỰC HIỆN",
    "NGUỒN SỐ LIỆU VÀ CÁCH KIỂM CHỨNG",
    "Trên đây là báo cáo của",
    "Nơi nhận:",
    "THỦ TRƯỞNG CƠ QUAN",
    "Phụ lục I ",
)


@pytest.fixture(scope="module")
def files(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of the report that the demonstration asks for, of a whole year."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"), database_url="sqlite://")
    with demonstrated(databases) as shown:
        runner = Runner(shown.engine, handlers_for(settings), lambda: NOW)
        while runner.run_one():
            pass
        with Session(shown.engine) as session:
            made = session.execute(select(PlanReportFile)).scalars().all()
            return {one.format.value: one.content for one in made}


def test_every_formula_comes_to_what_stands_beside_it(files: dict[str, bytes]) -> None:
    book = read_book(files["xlsx"])
    assert len(book.formulas) > 150
    forms = {form for form in FORMS if any(form in one for one in book.formulas.values())}
    assert forms == FORMS
    again = worked_out(book)
    assert differing(book.shown, again) == {}
    assert sum(value != "" for value in again.values()) > 100
    # A value that is not what its formula comes to is seen.
    place = next(place for place, value in again.items() if value)
    wrong = replace(book, shown={**book.shown, place: -1.0})
    assert list(differing(wrong.shown, again)) == [place]


@needs_office
def test_libreoffice_recalculates_the_workbook_to_the_same(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    content = files["xlsx"]
    book = read_book(content)
    assert differing(book.shown, recalculated(content, tmp_path)) == {}


@needs_office
def test_libreoffice_prints_the_document_as_an_administrative_report(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    """It opens whole, on A4, and says all that Decree 30/2020 wants of a report, in its order."""
    printed = pypdfium2.PdfDocument(by_office(files["docx"], "docx", "pdf", tmp_path))
    assert len(printed) > 1
    assert tuple(map(round, printed[0].get_size())) == A4
    # Its words are read as text: on paper letters of two faces stand in any order.
    text = by_office(files["docx"], "docx", "txt:Text (encoded):UTF8", tmp_path).decode("utf-8-sig")
    text = re.sub(r"\s+", " ", text)
    found = [text.find(words) for words in FORM]
    assert -1 not in found, FORM[found.index(-1)]
    assert found == sorted(found)
    assert re.search(r"\{\w+\}|%\(\w+\)|None", text) is None
