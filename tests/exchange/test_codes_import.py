"""Registers of codes that were kept elsewhere: entered by the province, letter by letter as they stand."""

from datetime import date

import pytest
from sqlalchemy import select

from app.db import open_read_session
from app.errors import Conflict
from app.models.accounts import Role
from app.models.exchange import ImportLayout
from app.models.notices import Notice
from app.models.registry import AreaCode, AreaCodeStep, CodeScheme, CodeStatus
from app.registry.codes import key_of
from tests.exchange.sending import Sender, count, kinds

pytestmark = pytest.mark.usefixtures("read_here")

HEADINGS = ["Vùng trồng", "Mã số vùng trồng", "Căn cứ", "Thị trường", "Ngày cấp", "Số quyết định"]


@pytest.fixture
def area(session, given, home):
    made = given.area(home, name="Đồi Sân Chùa", established_on=given.day(-2500))
    session.commit()
    return made


@pytest.fixture
def province(engine, clock, home, area):
    return Sender(engine, clock, home, Role.PROVINCE_ADMIN)


def row(code="vn-10-083-02839-01-23", scheme="", market="", day="20/03/2023", number="12/QĐ"):
    return ["Đồi Sân Chùa", code, scheme, market, day, number]


def test_a_code_is_kept_letter_by_letter_and_found_however_it_is_typed(province, engine):
    sent = province.send([HEADINGS, row()], ImportLayout.CODES)
    assert sent.said() == []
    sent.run()
    with open_read_session(engine) as session:
        code = session.execute(select(AreaCode)).scalar_one()
    assert code.code == "vn-10-083-02839-01-23"
    assert code.scheme is CodeScheme.QD3156_2022
    assert code.code_key == key_of("VN 10 083 02839 01 23")
    assert kinds(engine)["code.entered"] == 1
    assert count(engine, Notice) == 1


def test_one_area_has_a_code_for_each_market(province, engine):
    rows = [
        row(),
        [None, *row("VN-LCOR-0012", "TCCS 774", "Trung Quốc", "15/06/2022")[1:]],
        [None, *row("Số cũ 77/BVTV", "Khác", "JPN", "15/06/2019", "1/QĐ")[1:]],
    ]
    rows[2][4] = "15/06/2021"
    sent = province.send([HEADINGS, *rows], ImportLayout.CODES)
    assert sent.said() == []
    sent.run()
    with open_read_session(engine) as session:
        found = dict(session.execute(select(AreaCode.market, AreaCode.scheme)).all())
    assert found == {
        "VNM": CodeScheme.QD3156_2022,
        "CHN": CodeScheme.TCCS774_2020,
        "JPN": CodeScheme.EXTERNAL,
    }


@pytest.mark.parametrize(
    ("wrong", "column", "why"),
    [
        (row(scheme="TCCS 774", market="CHN"), "code", "form of its scheme"),
        (row(day="01/07/2025"), "issued_on", "under this scheme"),
        (row(day="20/03/2031"), "issued_on", "in the future"),
        (row(market="CHN"), "market", "home market only"),
        (row(market="Sao Hoả"), "market", "no market"),
        (row("VN-LCPH-0012", market="CHN", day="15/06/2022"), "code", "packing house"),
        (row(number=""), "number", "required"),
        (["Đồi Sân Chua 2", *row()[1:]], "area", "Is it Đồi Sân Chùa?"),
        (row(scheme="QĐ 99"), "scheme", "no scheme"),
    ],
)
def test_what_cannot_have_been_given_is_said_in_its_cell(province, wrong, column, why):
    said = province.send([HEADINGS, wrong], ImportLayout.CODES).said()
    assert [one[1] for one in said] == [column]
    assert why in said[0][2]


STATUS = ["Tình trạng", "Từ ngày", "Lý do"]


def test_what_became_of_a_code_comes_with_it(province, engine):
    revoked = [*row(), "Thu hồi", "01/06/2024", "Bỏ vùng trồng"]
    later = [*row("VN-10-083-02839-02-24", day="02/06/2024"), "", "", ""]
    sent = province.send([HEADINGS + STATUS, revoked, later], ImportLayout.CODES)
    assert sent.said() == []
    sent.run()
    with open_read_session(engine) as session:
        found = session.execute(select(AreaCode.status).order_by(AreaCode.id)).scalars().all()
        steps = session.execute(
            select(AreaCodeStep.status, AreaCodeStep.effective_on, AreaCodeStep.reason)
            .order_by(AreaCodeStep.id)
            .limit(2)
        ).all()
    assert found == [CodeStatus.REVOKED, CodeStatus.ACTIVE]
    assert steps[1] == (CodeStatus.REVOKED, date(2024, 6, 1), "Bỏ vùng trồng")
    sent.undo()
    assert count(engine, AreaCode) == count(engine, AreaCodeStep) == 0


@pytest.mark.parametrize(
    ("status", "since", "column", "why"),
    [
        ("Thu hồi", "", "since", "from which day"),
        ("Thu hồi", "19/03/2023", "since", "before the code was issued"),
        ("Thu hồi", "19/03/2031", "since", "in the future"),
        ("Chưa rõ", "19/03/2024", "status", "no status of a code"),
    ],
)
def test_a_status_that_cannot_be_is_said_in_its_cell(province, status, since, column, why):
    said = province.send([HEADINGS + STATUS, [*row(), status, since, ""]], ImportLayout.CODES)
    assert [one[1] for one in said.said()] == [column]
    assert why in said.said()[0][2]


def test_the_same_register_again_is_known(province, engine):
    province.send([HEADINGS, row()], ImportLayout.CODES).run()
    assert province.send([HEADINGS, row("VN 10 083 02839 01 23")], ImportLayout.CODES).counts == (
        0,
        1,
        0,
    )


def test_two_codes_of_one_market_and_a_code_of_another_area_are_faults(
    province, session, given, home
):
    given.area(home, name="Vùng khác", established_on=given.day(-2500))
    session.commit()
    province.send([HEADINGS, row()], ImportLayout.CODES).run()
    other = ["Vùng khác", *row()[1:]]
    twice = ["Vùng khác", *row("VN-10-083-02839-02-23")[1:]]
    third = ["Vùng khác", *row("VN-10-083-02839-03-23")[1:]]
    sent = province.send([HEADINGS, other, twice, third], ImportLayout.CODES)
    assert [(number, column) for number, column, _ in sent.said()] == [
        (2, "code"),
        (3, "market"),
        (4, "market"),
    ]


def test_codes_are_undone_until_something_befalls_one(province, engine):
    sent = province.send([HEADINGS, row()], ImportLayout.CODES).run()
    sent.undo()
    assert count(engine, AreaCode) == count(engine, AreaCodeStep) == 0
    again = province.send([HEADINGS, row()], ImportLayout.CODES).run()
    from app.db import transaction
    from app.ledger.actors import Actor
    from app.registry.code_commands import Change, warn_code

    with transaction(engine) as session:
        code = session.execute(select(AreaCode)).scalar_one()
        change = Change(province.clock().date(), "Chưa nộp báo cáo.")
        warn_code(session, code=code, change=change, by=Actor.system(), now=province.clock())
    with pytest.raises(Conflict, match="was changed since"):
        again.undo()
