"""A diary from Excel: entries of the right planting, known when they come again, taken back as a mistake."""

from datetime import date

import pytest
from sqlalchemy import select

from app.db import open_read_session, transaction
from app.diary.entry_commands import Pen, void_entry
from app.errors import Conflict, Forbidden, Refused
from app.exchange.layouts.work_names import SYNONYMS, work_names
from app.kit.i18n import language
from app.kit.quantities import Grams
from app.ledger.actors import Actor
from app.lots.commands import record_lot
from app.lots.harvests import Harvest, Part
from app.models.accounts import Role
from app.models.diary import DiaryEntry, EntryInput, EntryPlot, Work
from app.models.exchange import ImportLayout, ImportState
from tests.exchange.sending import Sender, count, kinds
from tests.lots.growing import Growing

pytestmark = pytest.mark.usefixtures("read_here")

BY = Actor.system()
HEADINGS = [
    "Ngày", "Mã hộ", "Mã thửa", "Công việc", "Vật tư", "Hoạt chất", "Liều", "Đơn vị", "Lượng nước",
    "Dịch hại", "Thời gian cách ly", "Người làm", "Ghi chú",
]  # fmt: skip


@pytest.fixture
def growing(session, given):
    return Growing(session, given)


@pytest.fixture
def farm(session, given, growing, home):
    """Two members with a plot each, both under one planting of cabbage."""
    area = given.area(home, name="Đồi Sân Chùa")
    may = given.grower(home, "Lý Thị Mẩy", phone="0912345678")
    pao = given.grower(home, "Giàng A Páo")
    plots = growing.plot(area, may, "Thửa 1"), growing.plot(area, pao, "Thửa 2")
    planting = growing.planting(area, *plots, sown=-60)
    session.commit()
    return area, may, pao, plots, planting


def day(given, back=1):
    return f"{given.day(-back):%d/%m/%Y}"


@pytest.fixture
def rows(given, farm):
    _, may, _, _, _ = farm
    return [
        HEADINGS,
        [day(given, 9), may.code, "Thửa 1", "Phun thuốc sâu", "Thuốc lạ 10EC", "abamectin", "500", "ml", "16 lít",
         "sâu tơ", "7 ngày", "Lý Văn Dín", "trời mát"],
        [day(given, 8), "Giàng A Páo", "Thửa 2", "bón phân", "NPK Lâm Thao", "", "12,5 kg", "", "", "", "", "", ""],
        [given.day(-7), "0912345678", "", "Làm cỏ", "", "", "", "", "", "", "", "", ""],
        [given.day(-1), "Lý Thị Mẩy", "Thửa 1", "Thu hoạch", "", "", "1.250", "kg", "", "", "", "", ""],
    ]  # fmt: skip


def send(sender, rows):
    return sender.send(rows, ImportLayout.DIARY)


def one(given, **cells):
    """A row that is right but for some cells."""
    right = {
        "Ngày": day(given),
        "Mã hộ": "Lý Thị Mẩy",
        "Mã thửa": "Thửa 1",
        "Công việc": "Phun thuốc",
        "Vật tư": "Thuốc lạ 10EC",
        "Liều": "500",
        "Đơn vị": "ml",
    }
    whole = right | cells
    return [[*whole], list(whole.values())]


def entries(engine, *, standing=True):
    with open_read_session(engine) as session:
        wanted = select(DiaryEntry).order_by(DiaryEntry.id)
        found = list(session.execute(wanted).scalars())
    return [one for one in found if not (standing and (one.corrected or one.void))]


def used(engine):
    with open_read_session(engine) as session:
        return list(session.execute(select(EntryInput).order_by(EntryInput.id)).scalars())


def test_entries_are_written_with_what_the_rows_say(sender, engine, rows, farm, given):
    _, may, pao, plots, planting = farm
    sent = send(sender, rows)
    assert sent.said() == []
    assert sent.counts == (4, 0, 0)
    sent.run()
    spray, feed, weed, harvest = entries(engine)
    assert [one.work for one in (spray, feed, weed, harvest)] == [
        Work.SPRAYING,
        Work.FERTILISING,
        Work.WEEDING,
        Work.HARVEST,
    ]
    assert {one.planting_id for one in (spray, feed, weed, harvest)} == {planting.pk}
    assert [one.grower_id for one in (spray, feed, weed)] == [may.pk, pao.pk, may.pk]
    assert (spray.pest, spray.operator, spray.note) == ("sâu tơ", "Lý Văn Dín", "trời mát")
    assert (spray.back_dated, harvest.back_dated) == (True, False)
    assert harvest.quantity_g == 1_250_000
    assert {one.batch for one in (spray, harvest)} == {sent.batch.uid}
    medicine, npk = used(engine)
    assert (medicine.name, medicine.actives) == ("Thuốc lạ 10EC", "abamectin")
    assert (medicine.amount, medicine.unit) == (500_000, "ml")
    assert (medicine.water_ml, medicine.interval_days) == (16_000, 7)
    assert (npk.amount, npk.unit) == (12_500, "kg")
    with open_read_session(engine) as session:
        land = set(session.execute(select(EntryPlot.entry_id, EntryPlot.plot_id)).all())
    assert land == {
        (spray.pk, plots[0].pk),
        (feed.pk, plots[1].pk),
        (weed.pk, plots[0].pk),  # hers alone, though the planting stands on two
        (harvest.pk, plots[0].pk),
    }
    assert kinds(engine)["entry.written"] == 4
    assert {row.made for row in sent.rows()} == {str(one.uid) for one in entries(engine)}


def test_the_list_again_is_known_and_changes_nothing(sender, engine, rows):
    send(sender, rows).run()
    again = send(sender, rows)
    assert again.counts == (0, 4, 0)
    with pytest.raises(Refused, match="nothing new"):
        again.press()
    assert kinds(engine)["entry.written"] == 4


def test_what_was_written_by_hand_is_known_too(sender, farm, growing, given, session):
    _, may, _, plots, planting = farm
    growing.write(planting, Work.WEEDING, -1, plots=(plots[0].uid,), grower=may.uid)
    session.commit()
    nothing = {"Vật tư": "", "Liều": "", "Đơn vị": ""}
    assert send(sender, one(given, **{"Công việc": "nhổ cỏ"}, **nothing)).counts == (0, 1, 0)
    assert send(sender, one(given, **{"Công việc": "tưới"}, **nothing)).counts == (1, 0, 0)


def test_a_member_merged_over_eight_rows_is_the_member_of_each(sender, engine, farm, given):
    _, may, _, _, _ = farm
    names = ["Lý Thị Mẩy", *[None] * 7]
    rows = [[day(given, 8 - at), name, "tưới nước"] for at, name in enumerate(names)]
    send(sender, [["Ngày", "Hộ", "Công việc"], *rows]).run()
    assert [one.grower_id for one in entries(engine)] == [may.pk] * 8


def test_a_planting_is_found_by_area_and_crop(sender, engine, farm, given, growing, session):
    area, _, _, _, cabbage = farm
    headings = ["Ngày", "Vùng trồng", "Cây trồng", "Công việc"]
    row = [day(given), "doi san chua", "cải bắp", "Thăm đồng"]
    sent = send(sender, [headings, row])
    assert sent.said() == []
    sent.run()
    assert [one.planting_id for one in entries(engine)] == [cabbage.pk]
    growing.planting(area, sown=-30)
    session.commit()
    [(number, column, why)] = send(sender, [headings, [*row[:3], "tưới"]]).said()
    assert (number, column) == (2, "planting_area")
    assert "Several plantings can be meant." in why


def test_the_planting_that_stood_that_day_is_meant(sender, engine, given, growing, home, session):
    area = given.area(home)
    old = growing.planting(area, sown=-200)
    old.ended_on = given.day(-100)
    new = growing.planting(area, sown=-40)
    session.commit()
    headings = ["Ngày", "Cây trồng", "Công việc"]
    rows = [headings, [day(given, 150), "Bắp cải", "làm cỏ"], [day(given, 5), "Bắp cải", "làm cỏ"]]
    rows.append([day(given, 60), "Bắp cải", "làm đất"])  # made ready for the one sown later
    sent = send(sender, rows)
    assert sent.said() == []
    sent.run()
    assert [one.planting_id for one in entries(engine)] == [old.pk, new.pk, new.pk]


FAULTS = [
    ({"Ngày": "31/10/2062"}, "day", "is in the future"),
    ({"Ngày": "30.13.2026"}, "day", "This is no day"),
    ({"Ngày": ""}, "day", "This is required."),
    ({"Ngày": "01/01/2026"}, "day", "It was sown on"),
    ({"Mã hộ": "Lý Thị Mai"}, "grower", "Is it Lý Thị Mẩy?"),
    ({"Mã thửa": "Thửa 2"}, "plot", "has no plot Thửa 2"),
    ({"Mã hộ": "", "Mã thửa": "Thửa 9"}, "plot", "No plot is called Thửa 9."),
    ({"Mã hộ": "", "Mã thửa": ""}, "plot", "Name the plot, or the planting area and the crop."),
    ({"Cây trồng": "Su hào"}, "plot", "Nothing of this is planted there."),
    ({"Cây trồng": "Rau nhà bà"}, "crop", "is not known"),
    ({"Công việc": "Phun thuôc sau lần hai"}, "work", "The work Phun thuôc sau lần hai is not known. Is it"),
    ({"Công việc": ""}, "work", "This is required."),
    ({"Công việc": "#REF!"}, "work", "an error of Excel"),
    ({"Vật tư": ""}, "input", "Name what was used."),
    ({"Vật tư": "", "Liều": "", "Đơn vị": ""}, "input", "Name what was sprayed."),
    ({"Vật tư": "=A1"}, "input", "A formula is not accepted"),
    ({"Vật tư": "x" * 161}, "input", "at most 160 fit"),
    ({"Liều": "nửa chai"}, "amount", "This is no number"),
    ({"Liều": "0"}, "amount", "An amount is more than nothing"),
    ({"Liều": "-3"}, "amount", "too small"),
    ({"Đơn vị": ""}, "amount", "Write the unit of the amount too"),
    ({"Đơn vị": "gáo"}, "amount", "The unit “gáo” is not known. Write ml, lít, g or kg."),
    ({"Liều": "500 g"}, "amount", "The unit in this cell is not the unit beside it."),
    ({"Lượng nước": "2 xô"}, "water", "The unit “xô” is not known. Write litres."),
    ({"Thời gian cách ly": "một tuần"}, "interval", "This is no number"),
    ({"Thời gian cách ly": "4.000"}, "interval", "Between 0 and"),
    ({"Dịch hại": "x" * 161}, "pest", "at most 160 fit"),
    ({"Công việc": "Thu hoạch", "Vật tư": "", "Liều": "900 tấn", "Đơn vị": ""}, "amount", "Check the unit"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "column", "why"), FAULTS, ids=repr)
def test_what_cannot_be_is_said_in_its_cell(sender, farm, given, cells, column, why):
    sent = send(sender, one(given, **cells))
    assert sent.counts == (0, 0, 1)
    told = [said for number, named, said in sent.said() if (number, named) == (2, column)]
    assert why in told[0]


def test_every_sentence_has_its_vietnamese_and_chinese(sender, farm, given):
    for cells, _, _ in FAULTS:
        sent = send(sender, one(given, **cells))
        english, vietnamese, chinese = (
            sent.said(language(tag))[0][2] for tag in ("en", "vi", "zh")
        )
        assert english not in {vietnamese, chinese}


@pytest.mark.parametrize(
    ("written", "unit", "kept"),
    [
        ("500", "ml", (500_000, "ml")),
        ("0,5", "lít", (500, "l")),
        ("20 cc", "", (20_000, "ml")),
        ("1.250", "Kg", (1_250_000, "kg")),
        ("2 tạ", None, (200_000, "kg")),
        ("3 gói", None, (3_000, "gói")),
        (2.5, "kg", (2_500, "kg")),
        ("15kg", None, (15_000, "kg")),
        ("", "", (None, "")),
    ],
    ids=repr,
)
def test_an_amount_is_kept_with_its_unit(sender, engine, farm, given, written, unit, kept):
    sent = send(sender, one(given, **{"Liều": written, "Đơn vị": unit}))
    assert sent.said() == []
    sent.run()
    assert [(one.amount, one.unit) for one in used(engine)] == [kept]


def test_no_two_kinds_of_work_share_a_name():
    names = work_names()
    for work, written in SYNONYMS.items():
        for name in written:
            assert names.of(name) is work


def test_water_alone_is_kept_in_the_note(sender, engine, farm, given):
    cells = {"Công việc": "tưới", "Vật tư": "", "Liều": "", "Đơn vị": "", "Lượng nước": "300"}
    sent = send(sender, one(given, **cells))
    assert sent.counts == (1, 0, 0)
    assert sent.said() == [(2, "water", "Water without an input is kept in the note.")]
    sent.run()
    assert [one.note for one in entries(engine)] == ["Nước (lít): 300"]


def test_what_is_banned_is_told_and_written(sender, engine, farm, given):
    sent = send(sender, one(given, **{"Vật tư": "Thuốc cũ", "Hoạt chất": "Paraquat"}))
    assert sent.counts == (1, 0, 0)
    assert [column for _, column, _ in sent.said()] == ["input"]
    sent.run()
    assert len(entries(engine)) == 1
    lawful = send(sender, one(given, **{"Vật tư": "Thuốc mới", "Hoạt chất": "abamectin"}))
    assert lawful.said() == []


def test_the_plantings_of_others_are_unknown(engine, clock, farm, given, session):
    stranger = Sender(engine, clock, given.cooperative())
    session.commit()
    assert "No member is called" in send(stranger, one(given)).said()[0][2]


def test_what_became_impossible_meanwhile_is_refused_in_its_row(
    sender, engine, farm, rows, session
):
    *_, planting = farm
    sent = send(sender, rows)
    planting.sown_on, planting.ended_on = date(2020, 1, 1), date(2020, 2, 1)
    session.add(planting)
    session.commit()
    sent.run()
    assert entries(engine) == []
    assert sent.batch.rows_faulty == 4


def test_undoing_notes_a_mistake_and_lets_the_list_come_again(sender, engine, rows):
    sent = send(sender, rows).run()
    sent.undo()
    assert sent.batch.state is ImportState.UNDONE
    assert entries(engine) == []
    voids = [one for one in entries(engine, standing=False) if one.void]
    assert {one.reason for one in voids} == {"Danh sách Excel ghi mục này đã được rút lại."}
    assert len(voids) == 4
    assert kinds(engine)["entry.voided"] == 4
    again = send(sender, rows)
    assert again.counts == (4, 0, 0)
    again.run()
    assert len(entries(engine)) == 4


def test_an_undo_is_refused_when_an_entry_was_corrected(sender, engine, rows, clock):
    sent = send(sender, rows).run()
    with transaction(engine) as session:
        wanted = select(DiaryEntry).where(DiaryEntry.work == Work.WEEDING)
        entry = session.execute(wanted).scalar_one()
        void_entry(session, entry=entry, reason="ghi nhầm ngày", pen=Pen(BY, clock()))
    with pytest.raises(Conflict, match="was corrected"):
        sent.undo()
    assert len(entries(engine)) == 3


def test_an_undo_is_refused_when_a_lot_was_made_from_an_entry(
    sender, engine, rows, farm, home, clock
):
    area, *_ = farm
    sent = send(sender, rows).run()
    harvest = entries(engine)[-1]
    weight = 1_250_000
    with transaction(engine) as session:
        lot = record_lot(
            session,
            organisation=home,
            harvest=Harvest(
                area=area.uid,
                crop="BAP_CAI",
                harvested_on=harvest.done_on,
                quantity=Grams(weight),
                parts=(Part(Grams(weight), entry=harvest.uid),),
            ),
            by=BY,
            now=clock(),
        )
        code = lot.code
    with pytest.raises(Conflict, match=f"lot {code} was made from it"):
        sent.undo()
    assert len(entries(engine)) == 4


@pytest.mark.parametrize("role", [Role.GROWER, Role.INSPECTOR, Role.PROVINCE_ADMIN])
def test_only_staff_and_admins_of_a_cooperative_may(sender, rows, role):
    sender.role = role
    with pytest.raises(Forbidden):
        send(sender, rows)
    assert count(sender.engine, DiaryEntry) == 0
