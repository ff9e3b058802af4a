"""A day's harvests from Excel: lots with their codes and claims, known when they come again, taken back."""

from datetime import date

import pytest
from sqlalchemy import select

from app.db import open_read_session, transaction
from app.errors import Conflict, Forbidden, NotFound, Refused
from app.kit.i18n import language
from app.kit.quantities import Grams
from app.ledger.actors import Actor
from app.lots.commands import record_lot, seal_lot, withdraw_lot
from app.lots.harvests import Harvest, Part
from app.lots.list_commands import record_lots
from app.models.accounts import Role
from app.models.exchange import ImportLayout, ImportState, RowOutcome
from app.models.labels import LabelForm, LabelPrint
from app.models.ledger import LedgerEntry
from app.models.lots import HarvestLot, LotClaim, LotSource, LotState, LotStep
from tests.exchange.sending import Sender, count, csv_file, kinds
from tests.lots.growing import Growing

pytestmark = pytest.mark.usefixtures("read_here")

BY = Actor.system()
HEADINGS = [
    "Ngày",
    "Mã hộ",
    "Mã thửa",
    "Sản phẩm",
    "Khối lượng",
    "Đơn vị",
    "Loại",
    "HSD",
    "Ghi chú",
]


@pytest.fixture
def growing(session, given):
    return Growing(session, given)


@pytest.fixture
def farm(session, given, growing, home):
    """Two members with a plot each on one area of cabbage."""
    area = given.area(home, name="Đồi Sân Chùa", established_on=date(2024, 1, 1))
    may = given.grower(home, "Lý Thị Mẩy", phone="0912345678", since=date(2025, 3, 1))
    pao = given.grower(home, "Giàng A Páo", since=date(2025, 3, 1))
    plots = growing.plot(area, may, "Thửa 1"), growing.plot(area, pao, "Thửa 2")
    session.commit()
    return area, may, pao, plots


def day(given, back=1):
    return f"{given.day(-back):%d/%m/%Y}"


@pytest.fixture
def rows(given, farm):
    _, may, _, _ = farm
    return [
        HEADINGS,
        [day(given), may.code, "Thửa 1", "Bắp cải", "1.250", "kg", "Loại 1", "", ""],
        [day(given), "Giàng A Páo", "Thửa 2", "cải bắp", "12,5", "", "", day(given, -3), "sáng"],
        [given.day(-2), "0912345678", "", "BAP_CAI", 2, "tạ", "", None, None],
    ]


def lots(engine):
    with open_read_session(engine) as session:
        return list(session.execute(select(HarvestLot).order_by(HarvestLot.id)).scalars())


def send(sender, rows, **more):
    return sender.send(rows, ImportLayout.HARVESTS, **more)


def one(given, **cells):
    """A row that is right but for some cells."""
    right = {
        "Ngày": day(given),
        "Mã hộ": "Lý Thị Mẩy",
        "Mã thửa": "Thửa 1",
        "Sản phẩm": "Bắp cải",
        "Khối lượng": "100",
        "Đơn vị": "kg",
    }
    whole = right | cells
    return [[*whole], list(whole.values())]


def test_harvests_become_lots_with_code_claims_parts_and_facts(sender, engine, rows, farm, given):
    area, may, pao, plots = farm
    sent = send(sender, rows)
    assert sent.said() == []
    assert sent.counts == (3, 0, 0)
    assert count(engine, HarvestLot) == 0
    sent.run()
    first, second, third = lots(engine)
    assert [lot.quantity_g for lot in (first, second, third)] == [1_250_000, 12_500, 200_000]
    assert [lot.grower_id for lot in (first, second, third)] == [may.pk, pao.pk, may.pk]
    assert {lot.area_id for lot in (first, second, third)} == {area.pk}
    assert (first.grade, second.note) == ("Loại 1", "sáng")
    assert second.best_before == given.day(3)
    assert third.harvested_on == given.day(-2)
    assert {row.made for row in sent.rows()} == {lot.code for lot in (first, second, third)}
    with open_read_session(engine) as session:
        parts = session.execute(select(LotSource.plot_id, LotSource.quantity_g)).all()
    assert sorted(parts) == sorted([(plots[0].pk, 1_250_000), (plots[1].pk, 12_500)])
    assert count(engine, LotClaim, LotClaim.lot_id == first.pk) == 3
    assert kinds(engine)["lot.recorded"] == 3


def test_the_list_again_is_known_and_changes_nothing(sender, engine, rows):
    send(sender, rows).run()
    before = kinds(engine)
    again = send(sender, rows)
    assert again.counts == (0, 3, 0)
    with pytest.raises(Refused, match="nothing new"):
        again.press()
    assert count(engine, HarvestLot) == 3
    assert kinds(engine)["lot.recorded"] == before["lot.recorded"]


def test_a_list_with_one_more_row_brings_that_row_only(sender, engine, rows, given):
    send(sender, rows).run()
    more = send(sender, [*rows, [day(given), "Lý Thị Mẩy", "", "Bắp cải", 7, "yến", "", "", ""]])
    assert more.counts == (1, 3, 0)
    more.run()
    assert lots(engine)[-1].quantity_g == 70_000


def test_a_lot_that_was_typed_in_is_known_too(sender, farm, given, session):
    area, may, _, _ = farm
    given.lot(area, kilograms=100, grower=may.uid)
    session.commit()
    assert send(sender, one(given, **{"Mã thửa": ""})).counts == (0, 1, 0)
    assert send(sender, one(given)).counts == (1, 0, 0)  # from a plot of hers: another harvest


def test_a_member_merged_over_eight_rows_is_the_member_of_each(sender, engine, farm, given):
    _, may, _, _ = farm
    first, *others = [
        [day(given), "Lý Thị Mẩy" if number == 0 else None, "Bắp cải", 10 + number]
        for number in range(8)
    ]
    headings = ["Ngày", "Hộ dân", "Loại rau", "Sản lượng (kg)"]
    total = ["Cộng", None, None, 108]
    send(sender, [["PHIẾU CÂN"], headings, first, *others, total]).run()
    assert [lot.grower_id for lot in lots(engine)] == [may.pk] * 8


def test_a_heading_of_two_lines_and_its_unit_are_understood(sender, engine, farm, given):
    rows = [
        ["SỔ THU MUA RAU"],
        ["Ngày", "Hộ", "Hàng hoá", ""],
        ["", "", "Loại rau", "Sản lượng (tạ)"],
        [day(given), "Lý Thị Mẩy", "Bắp cải", "1,5"],
    ]
    sent = send(sender, rows)
    assert sent.said() == []
    sent.run()
    assert [lot.quantity_g for lot in lots(engine)] == [150_000]


@pytest.mark.parametrize(
    ("written", "unit", "grams"),
    [
        ("1.250", "kg", 1_250_000),
        ("12,5", "kg", 12_500),
        (12.5, None, 12_500),
        ("12.5", "", 12_500),
        ("50 kg", None, 50_000),
        ("50kg", "Kg", 50_000),
        ("2 tạ", "", 200_000),
        ("1 tấn 2 tạ", None, 1_200_000),
        ("1,2", "Tấn", 1_200_000),
        ("3", "yến", 30_000),
        ("500 g", None, 500),
        ("80 công\u00a0cân", None, None),
        ("8", "公斤", 8_000),
    ],
    ids=repr,
)
def test_a_weight_is_read_with_its_unit(sender, engine, farm, given, written, unit, grams):
    sent = send(sender, one(given, **{"Khối lượng": written, "Đơn vị": unit}))
    if grams is None:
        assert sent.said()[0][1] == "quantity"
        return
    assert sent.said() == []
    sent.run()
    assert [lot.quantity_g for lot in lots(engine)] == [grams]


FAULTS = [
    ("Ngày", "31/10/2062", "harvested_on", "is in the future"),
    ("Ngày", "30.13.2026", "harvested_on", "This is no day"),
    ("Ngày", "31/09/2026", "harvested_on", "Is it 30/09/2026?"),
    ("Ngày", "#N/A", "harvested_on", "an error of Excel"),
    ("Ngày", "05/03/2023", "harvested_on", "exists only since"),
    ("Ngày", "05/03/2024", "grower", "was not a member on"),
    ("Mã hộ", "Lý Thị Mai", "grower", "Is it Lý Thị Mẩy?"),
    ("Mã hộ", "NH-ZZZZZZZZ", "grower", "No member is called"),
    ("Mã thửa", "Thửa 2", "plot", "Lý Thị Mẩy has no plot Thửa 2. Is it Thửa 1?"),
    ("Mã thửa", date(2026, 3, 5), "plot", "Excel made a day of this"),
    ("Sản phẩm", "Cải bó sôi nhà bà", "crop", "is not known"),
    ("Sản phẩm", "", "crop", "This is required."),
    ("Sản phẩm", "SU_HAO", "crop", "is not grown in Đồi Sân Chùa"),
    ("Khối lượng", "", "quantity", "This is required."),
    ("Khối lượng", "nhiều", "quantity", "This is no number"),
    ("Khối lượng", "-5", "quantity", "too small"),
    ("Khối lượng", "0", "quantity", "more than nothing"),
    ("Khối lượng", "120 tấn", "quantity", "The unit in this cell is not the unit beside it."),
    ("Khối lượng", "5.000.000", "quantity", "Check the unit"),
    ("Khối lượng", "5 sào", "quantity", "The unit “sào” is not known. Write kg, tạ or tấn."),
    ("Khối lượng", "=B2*2", "quantity", "A formula is not accepted"),
    ("Đơn vị", "bó", "quantity", "The unit “bó” is not known"),
    ("Loại", "x" * 41, "grade", "at most 40 fit"),
    ("Ngày đóng gói", "01/01/2026", "packed_on", "packed before it is harvested"),
    ("HSD", "01/01/2026", "best_before", "lies before"),
    ("HSD", "01/01/2036", "best_before", "more than two years away"),
    ("Vùng trồng", "Vùng lạ", "planting_area", "has no planting area Vùng lạ"),
]


@pytest.mark.parametrize(("heading", "cell", "column", "why"), FAULTS, ids=repr)
def test_what_cannot_be_is_said_in_its_cell(
    sender, engine, farm, given, heading, cell, column, why
):
    sent = send(sender, one(given, **{heading: cell}))
    assert sent.counts == (0, 0, 1)
    told = [said for number, named, said in sent.said() if (number, named) == (2, column)]
    assert why in told[0]


def test_every_sentence_has_its_vietnamese_and_chinese(sender, farm, given):
    for heading, cell, _, _ in FAULTS:
        sent = send(sender, one(given, **{heading: cell}))
        english, vietnamese, chinese = (
            sent.said(language(tag))[0][2] for tag in ("en", "vi", "zh")
        )
        assert english not in {vietnamese, chinese}


def test_right_rows_come_in_and_faulty_ones_wait(sender, engine, rows, given):
    wrong = [*rows, [day(given), "Ai Đó", "", "Bắp cải", 5, "kg", "", "", ""]]
    sent = send(sender, wrong)
    assert sent.counts == (3, 0, 1)
    with pytest.raises(Refused, match="faulty still"):
        sent.press(whole=True)
    sent.run()
    assert count(engine, HarvestLot) == 3
    assert sent.rows()[-1].outcome is RowOutcome.FAULTY


def test_the_same_twice_in_one_list_is_said_once(sender, farm, given):
    headings, row = one(given)
    sent = send(sender, [headings, row, row])
    assert sent.counts == (1, 0, 1)
    assert sent.said() == [(3, "harvested_on", "Row 2 says the same already.")]


def test_several_areas_of_a_crop_must_be_told_apart(sender, engine, farm, given, home, session):
    given.area(home, name="Thung lũng")
    session.commit()
    sent = send(sender, one(given, **{"Mã thửa": ""}))
    assert sent.said() == [
        (2, "planting_area", "Bắp cải grows in several areas: name the area or the plot.")
    ]
    assert send(sender, one(given)).counts == (1, 0, 0)
    named = send(sender, one(given, **{"Mã thửa": "", "Vùng trồng": "thung lung"}))
    named.run()
    assert [lot.grower_id is not None for lot in lots(engine)] == [True]


def test_a_plot_of_another_area_is_said(sender, farm, given, home, session):
    given.area(home, name="Thung lũng")
    session.commit()
    sent = send(sender, one(given, **{"Vùng trồng": "Thung lũng"}))
    assert sent.said() == [(2, "plot", "The plot Thửa 1 does not belong to it.")]


def test_plots_alike_are_told_apart_by_their_grower(sender, farm, given, growing, session):
    area, _, pao, _ = farm
    growing.plot(area, pao, "Thửa 1")
    session.commit()
    sent = send(sender, one(given, **{"Mã hộ": ""}))
    assert sent.said() == [(2, "plot", "Several plots are called Thửa 1. Add the grower.")]
    assert send(sender, one(given)).counts == (1, 0, 0)


def test_a_plot_alone_tells_whose_harvest_it_is(sender, engine, farm, given):
    _, may, _, _ = farm
    send(sender, one(given, **{"Mã hộ": ""})).run()
    assert [lot.grower_id for lot in lots(engine)] == [may.pk]


def test_the_land_of_others_is_unknown(engine, clock, farm, given, session):
    stranger = Sender(engine, clock, given.cooperative())
    session.commit()
    sent = send(stranger, one(given))
    assert "No member is called Lý Thị Mẩy" in sent.said()[0][2]


def test_a_csv_is_read_like_a_workbook(sender, engine, rows, given):
    plain = [
        [f"{cell:%d/%m/%Y}" if hasattr(cell, "year") else cell for cell in row] for row in rows
    ]
    send(sender, csv_file(plain), filename="thu-hoach.csv").run()
    assert len(lots(engine)) == 3


def test_what_became_impossible_meanwhile_is_refused_in_its_row(
    sender, engine, farm, rows, session
):
    area, _, _, _ = farm
    sent = send(sender, rows)
    area.established_on = date(2030, 1, 1)
    session.add(area)
    session.commit()
    sent.run()
    assert count(engine, HarvestLot) == 0
    assert sent.batch.rows_faulty == 3
    assert sent.rows()[0].notes[0].column == "harvested_on"


def test_undoing_withdraws_with_a_reason_and_lets_the_list_come_again(sender, engine, rows):
    sent = send(sender, rows).run()
    sent.undo()
    assert sent.batch.state is ImportState.UNDONE
    withdrawn = lots(engine)
    assert {lot.state for lot in withdrawn} == {LotState.WITHDRAWN}
    assert {lot.state_reason for lot in withdrawn} == {
        "Danh sách Excel ghi lô này đã được rút lại."
    }
    assert kinds(engine)["lot.withdrawn"] == 3
    assert count(engine, LotStep, LotStep.state == LotState.WITHDRAWN) == 3
    again = send(sender, rows)
    assert again.counts == (3, 0, 0)
    again.run()
    assert count(engine, HarvestLot, HarvestLot.state == LotState.OPEN) == 3


def test_many_at_once_leave_what_one_by_one_leaves(session, given, farm, home, now):
    area, may, _, plots = farm
    weight = Grams(40_000)
    harvests = [
        Harvest(area.uid, "BAP_CAI", given.day(-1), weight, grower=may.uid),
        Harvest(
            area.uid,
            "BAP_CAI",
            given.day(-2),
            weight,
            grower=may.uid,
            grade="Loại 1",
            parts=(Part(weight, plot=plots[0].uid, grower=may.uid),),
        ),
    ]
    many = record_lots(session, organisation=home, harvests=harvests, by=BY, now=now)
    alone = [
        record_lot(session, organisation=home, harvest=one, by=BY, now=now) for one in harvests
    ]
    for one, other in zip(many, alone, strict=True):
        assert left(session, one) == left(session, other)


def left(session, lot):
    """Everything a lot leaves behind it, without its own keys."""
    fact = session.execute(
        select(LedgerEntry).where(LedgerEntry.position == lot.ledger_position)
    ).scalar_one()
    assert (fact.kind, fact.subject) == ("lot.recorded", lot.code)
    row = lot.model_dump(exclude={"id", "code", "ledger_position", "version"})
    parts = [
        [
            kept.model_dump(exclude={"id", "lot_id"})
            for kept in session.execute(
                select(table).where(table.lot_id == lot.pk).order_by(table.id)
            ).scalars()
        ]
        for table in (LotSource, LotClaim, LotStep)
    ]
    return row, parts, fact.body.replace(lot.code, "")


def test_land_of_others_is_not_found_in_bulk_either(session, given, farm, home, now):
    stranger = given.area()
    harvest = Harvest(stranger.uid, "BAP_CAI", given.day(-1), Grams(1_000))
    with pytest.raises(NotFound):
        record_lots(session, organisation=home, harvests=[harvest], by=BY, now=now)


def test_undoing_says_in_the_ledger_what_withdrawing_says(sender, engine, rows, clock):
    sent = send(sender, rows).run()
    with transaction(engine) as session:
        code = sent.rows()[0].made
        lot = session.execute(select(HarvestLot).where(HarvestLot.code == code)).scalar_one()
        withdraw_lot(session, lot=lot, reason="Ghi nhầm hộ", by=BY, now=clock())
    other = send(sender, rows).run()
    other.undo()
    with open_read_session(engine) as session:
        wanted = select(LedgerEntry).where(LedgerEntry.kind == "lot.withdrawn")
        alone, together = session.execute(wanted.order_by(LedgerEntry.position)).scalars()
        assert (alone.organisation, alone.subject != together.subject) == (
            together.organisation,
            True,
        )
        assert alone.body.count('"from":"open"') == together.body.count('"from":"open"') == 1


def test_an_undo_is_refused_when_labels_were_printed(sender, engine, rows, clock):
    sent = send(sender, rows).run()
    code = sent.rows()[1].made
    with transaction(engine) as session:
        lot = session.execute(select(HarvestLot).where(HarvestLot.code == code)).scalar_one()
        printed = {"copies": 1, "snapshot": "{}", "printed_at": clock()}
        session.add(LabelPrint(lot_id=lot.pk, form=LabelForm.PNG_203, **printed))
    with pytest.raises(Conflict, match=f"labels of lot {code} were printed"):
        sent.undo()
    assert {lot.state for lot in lots(engine)} == {LotState.OPEN}
    assert sent.batch.state is ImportState.IMPORTED


def test_an_undo_is_refused_when_a_lot_is_not_open_any_more(sender, engine, rows, clock):
    sent = send(sender, rows).run()
    code = sent.rows()[2].made
    with transaction(engine) as session:
        lot = session.execute(select(HarvestLot).where(HarvestLot.code == code)).scalar_one()
        seal_lot(session, lot=lot, by=BY, now=clock())
    with pytest.raises(Conflict, match=f"lot {code} is not open any more"):
        sent.undo()
    assert [lot.state for lot in lots(engine)].count(LotState.OPEN) == 2


@pytest.mark.parametrize("role", [Role.GROWER, Role.INSPECTOR, Role.PROVINCE_ADMIN])
def test_only_staff_and_admins_of_a_cooperative_may(sender, rows, role):
    sender.role = role
    with pytest.raises(Forbidden):
        send(sender, rows)


def test_a_harvest_with_a_day_of_its_own_and_no_member_asks_whether_the_one_above_is_meant(
    sender, given, rows
):
    heading, first, *_ = rows
    nobody = [day(given, 2), None, *first[2:]]
    sent = sender.send(csv_file([heading, first, nobody]), ImportLayout.HARVESTS)
    said = [line for line in sent.said() if "taken from the row above" in line[2]]
    assert [line[0] for line in said] == [3]
    assert sent.counts == (2, 0, 0)
