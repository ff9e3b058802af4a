"""Templates: in the reader's language, with the organisation's own lists, and read again as they are."""

import io
from zipfile import ZipFile

import pytest
from xlsxwriter import Workbook

from app.db import open_read_session
from app.exchange.import_queries import template_for
from app.exchange.importers import IMPORTERS
from app.exchange.workbook_reading import read_table
from app.kit.i18n import LANGUAGES, language
from app.models.exchange import ImportLayout, ImportState

pytestmark = pytest.mark.usefixtures("read_here")


def made(engine, layout, organisation, now, tag="vi"):
    with open_read_session(engine) as session:
        return template_for(session, layout, organisation, now=now, say=language(tag).say)


def lists_of(content):
    with ZipFile(io.BytesIO(content)) as package:
        return b"".join(
            package.read(name)
            for name in package.namelist()
            if "sheet" in name or "Strings" in name
        ).decode()


@pytest.mark.parametrize("tag", LANGUAGES)
@pytest.mark.parametrize("layout", ImportLayout)
def test_an_empty_template_says_that_it_has_no_rows(sender, engine, home, now, layout, tag):
    from app.models.accounts import Role

    sender.role = Role.PROVINCE_ADMIN if layout is ImportLayout.CODES else Role.STAFF
    sent = sender.send(made(engine, layout, home, now, tag), layout)
    assert sent.batch.state is ImportState.FAILED
    assert "no rows below the headings" in sent.fault


@pytest.mark.parametrize("tag", LANGUAGES)
def test_the_headings_of_a_template_are_all_understood(sender, engine, home, now, tag):
    for layout, importer in IMPORTERS.items():
        table = read_table(made(engine, layout, home, now, tag), filename="x")
        from app.exchange.columns import find_header

        header = find_header(table.rows, importer.layout)
        assert [column.key for column in importer.layout.columns] == list(header.columns)


def test_plots_choose_among_the_own_members_and_areas(sender, engine, session, given, home, now):
    own = given.grower(home, "Lý Thị Mẩy")
    given.grower(given.cooperative(), "Người Khác")
    given.area(home, name="Đồi Sân Chùa")
    session.commit()
    written = lists_of(made(engine, ImportLayout.PLOTS, home, now))
    assert f"Lý Thị Mẩy – {own.code}" in written
    assert "Đồi Sân Chùa" in written
    assert "Người Khác" not in written
    chosen = [
        ["Chủ hộ", "Tên thửa", "Diện tích", "Vùng trồng"],
        [f"Lý Thị Mẩy – {own.code}", "1", "5 sào", "Đồi Sân Chùa"],
    ]
    assert sender.send(chosen, ImportLayout.PLOTS).said() == []


def test_what_is_typed_over_an_example_is_a_row(sender, engine, home, now):
    importer = IMPORTERS[ImportLayout.GROWERS]
    table = read_table(made(engine, ImportLayout.GROWERS, home, now), filename="x")
    buffer = io.BytesIO()
    with Workbook(buffer) as book:
        page = book.add_worksheet(table.sheet)
        rows = [list(row) for row in table.rows]
        rows[2] = ["Lý Thị Mẩy", "0912345678", "Xã Bắc Hà", "Thôn 1", None]
        for at, row in enumerate(rows):
            page.write_row(at, 0, ["" if cell is None else f"{cell}" for cell in row])
    sent = sender.send(buffer.getvalue())
    assert importer.layout.name
    assert sent.counts == (1, 0, 0)


def test_a_name_that_looks_like_a_formula_is_no_formula_in_a_list(
    engine, session, given, home, now
):
    given.area(home, name="=1+1 Vùng")
    session.commit()
    with ZipFile(io.BytesIO(made(engine, ImportLayout.PLOTS, home, now))) as package:
        for name in package.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in package.read(name)
