"""An import from the file to the register: seen, begun, repeated, undone."""

import pytest
from sqlalchemy import select

from app.accounts.reach import Reach
from app.db import open_read_session
from app.errors import Conflict, Forbidden, Refused
from app.exchange import import_registering
from app.exchange.workbook_reading import read_table
from app.ledger.actors import Actor
from app.models.accounts import Role
from app.models.exchange import ImportLayout, ImportState, RowOutcome
from app.models.registry import Grower, GrowerMembership, PlantingArea, Plot
from app.registry.grower_commands import end_membership
from app.registry.grower_list_queries import listed_growers
from app.registry.grower_queries import grower_line
from tests.exchange import files
from tests.exchange.sending import Sender, count, kinds
from tests.threads import at_once

pytestmark = pytest.mark.usefixtures("read_here")

HEADINGS = ["STT", "Họ và tên", "Số điện thoại", "Xã", "Thôn", "Ngày vào HTX", "CCCD"]
GROWERS = [
    HEADINGS,
    [1, "Lý Thị Mẩy", "0912 345 678", "Xã Bắc Hà", "Thôn 1", "05/03/2024", "012345678901"],
    [2, "Giàng A Páo", 987654321, "Bản Phố, Bắc Hà", "Thôn 2", "", ""],
    [3, "Sùng Thị Chư", "", "02839", "Thôn 3", "20/11/2026", ""],
]
PLOTS = [
    ["Chủ hộ", "Tên thửa", "Diện tích (m²)"],
    ["Lý Thị Mẩy", "Thửa 1", "1.150"],
    [None, "Thửa 2", 800],
    ["Giàng A Páo", "Thửa 1", "1 sào"],
]


@pytest.fixture
def members(sender):
    return sender.send(GROWERS).run()


def test_nothing_is_registered_before_somebody_says_so(sender, engine):
    sent = sender.send(GROWERS)
    assert sent.batch.state is ImportState.READY
    assert sent.counts == (3, 0, 0)
    assert count(engine, Grower) == 0
    assert sent.mapping()["unknown"] == ["CCCD"]
    assert sent.mapping()["columns"]["phone"] == ["C", "Số điện thoại"]


def test_growers_are_registered_through_the_ledger(members, engine, home):
    assert members.batch.state is ImportState.IMPORTED
    assert members.batch.rows_imported == 3
    assert count(engine, GrowerMembership) == 3
    assert kinds(engine)["grower.registered"] == 3
    with open_read_session(engine) as session:
        found = {line.name: line for line in listed_growers(session, home)}
    assert found["Lý Thị Mẩy"].phone == "0912345678"
    assert found["Giàng A Páo"].phone == "0987654321"
    assert [row.outcome for row in members.rows()] == [RowOutcome.IMPORTED] * 3
    assert {row.made for row in members.rows()} == {str(line.uid) for line in found.values()}


def test_after_many_rows_the_database_looks_at_its_tables(sender, engine, monkeypatch):
    looked = []
    monkeypatch.setattr(import_registering, "learn_statistics", looked.append)
    monkeypatch.setattr(import_registering, "MANY_ROWS", 4)
    sender.send(GROWERS).run()
    assert looked == []
    monkeypatch.setattr(import_registering, "MANY_ROWS", 3)
    sender.send(PLOTS, ImportLayout.PLOTS).run()
    assert looked == [engine]


def test_the_same_file_again_is_known_and_changes_nothing(members, sender, engine):
    before = kinds(engine)
    again = sender.send(GROWERS)
    assert again.counts == (0, 3, 0)
    with pytest.raises(Refused, match="nothing new"):
        again.press()
    assert count(engine, Grower) == 3
    assert kinds(engine)["grower.registered"] == before["grower.registered"]


def test_the_corrected_file_brings_only_what_was_missing(sender, engine):
    wrong = [*GROWERS, [4, "Vàng Thị Sua", "12345", "Xã Bắc Hà", "", "", ""]]
    first = sender.send(wrong)
    assert first.counts == (3, 0, 1)
    first.run()
    right = sender.send([*GROWERS, [4, "Vàng Thị Sua", "0912345679", "Xã Bắc Hà", "", "", ""]])
    assert right.counts == (1, 3, 0)
    right.run()
    assert count(engine, Grower) == 4
    assert first.batch.rows_faulty == 1


def test_plots_refer_to_members_and_a_name_left_out_below_is_filled_down(members, sender, engine):
    sent = sender.send(PLOTS, ImportLayout.PLOTS)
    assert sent.said() == []
    sent.run()
    with open_read_session(engine) as session:
        plots = session.execute(select(Plot).order_by(Plot.id)).scalars().all()
        owners = [session.get_one(Grower, plot.grower_id).name for plot in plots]
    assert [
        (owner, plot.name, plot.area_m2) for owner, plot in zip(owners, plots, strict=True)
    ] == [
        ("Lý Thị Mẩy", "Thửa 1", 1150),
        ("Lý Thị Mẩy", "Thửa 2", 800),
        ("Giàng A Páo", "Thửa 1", 360),
    ]
    assert sender.send(PLOTS, ImportLayout.PLOTS).counts == (0, 3, 0)


def test_members_of_others_are_unknown(members, engine, clock, session, given):
    stranger = Sender(engine, clock, given.cooperative())
    session.commit()
    sent = stranger.send(PLOTS, ImportLayout.PLOTS)
    assert sent.counts == (0, 0, 3)
    assert "No member is called Lý Thị Mẩy" in sent.said()[0][2]


def test_an_unknown_member_is_answered_with_the_nearest_one(members, sender):
    sent = sender.send([PLOTS[0], ["Lý Thị May", "Thửa 9", 700]], ImportLayout.PLOTS)
    # "May" and "Mẩy" are one name to a search; "Mai" is not.
    assert sent.counts == (1, 0, 0)
    sent = sender.send([PLOTS[0], ["Lý Thị Mai", "Thửa 9", 700]], ImportLayout.PLOTS)
    assert sent.said() == [(2, "grower", "No member is called Lý Thị Mai. Is it Lý Thị Mẩy?")]


AREAS = [
    ["Tên vùng trồng", "Xã", "Cây trồng", "Diện tích", "Đơn vị", "Ngày thành lập"],
    ["Đồi Sân Chùa", "Bản Phố, Bắc Hà", "cải bắp; Su hào", "2,4", "ha", "05/03/2024"],
    ["Nậm Mòn", "Xã Bắc Hà", "Bắp cải", "5.000", "m2", "05-03-19"],
]


def test_areas_are_registered_with_their_former_commune_and_crops(sender, engine):
    sent = sender.send(AREAS, ImportLayout.AREAS)
    assert sent.said() == []
    sent.run()
    with open_read_session(engine) as session:
        first = session.execute(select(PlantingArea).order_by(PlantingArea.id)).scalars().first()
        assert first.area_m2 == 24_000
        assert first.former_commune_id is not None
    assert kinds(engine)["area.registered"] == 2
    assert sender.send(AREAS, ImportLayout.AREAS).counts == (0, 2, 0)


def test_an_import_is_undone_as_one_and_can_come_again(members, sender, engine):
    members.undo()
    assert members.batch.state is ImportState.UNDONE
    assert count(engine, Grower) == count(engine, GrowerMembership) == 0
    assert kinds(engine)["grower.unregistered"] == 3
    assert sender.send(GROWERS).counts == (3, 0, 0)
    with pytest.raises(Conflict, match="undone already"):
        members.undo()


def test_what_something_rests_on_is_not_undone_and_it_says_what(members, sender, engine):
    plots = sender.send(PLOTS, ImportLayout.PLOTS).run()
    with pytest.raises(Conflict, match="3 plots rest on it, one of them on Lý Thị Mẩy"):
        members.undo()
    assert count(engine, Grower) == 3
    plots.undo()
    members.undo()
    assert count(engine, Plot) == count(engine, Grower) == 0


def test_all_or_none_wants_all(sender, engine):
    wrong = [*GROWERS, [4, "Vàng Thị Sua", "12345", "Xã Bắc Hà", "", "", ""]]
    sent = sender.send(wrong)
    with pytest.raises(Refused, match="1 rows are faulty"):
        sent.press(whole=True)
    sender.send(GROWERS).run(whole=True)
    assert count(engine, Grower) == 3


def test_who_is_refused_after_all_keeps_the_others_out_when_all_or_none_was_asked_for(
    sender, engine, session, given, home
):
    sent = sender.send(GROWERS)
    sent.press(whole=True)
    sender.handlers = {}
    given.grower(home, "Lý Thị Mẩy", phone="0912345678")
    session.commit()
    sender.handlers = Sender(None, None, None).handlers
    sender.work()
    # She is known by now; that is no fault.
    assert sent.batch.state is ImportState.IMPORTED
    assert sent.counts == (0, 1, 0)
    assert count(engine, Grower) == 3


def test_two_who_press_at_once_import_once(sender, engine):
    sent = sender.send(GROWERS)
    outcomes = at_once([sent.press, sent.press])
    assert sorted(type(outcome) for outcome in outcomes if outcome) == [Conflict]
    sender.work()
    assert count(engine, Grower) == 3


def test_only_the_province_enters_codes_and_only_cooperatives_their_growers(engine, clock, home):
    with pytest.raises(Forbidden):
        Sender(engine, clock, home, Role.STAFF).send([["a"]], ImportLayout.CODES)
    with pytest.raises(Forbidden):
        Sender(engine, clock, home, Role.PROVINCE_ADMIN).send(GROWERS)


def test_a_person_with_another_telephone_is_asked_about_and_may_come_in(members, sender):
    sent = sender.send([HEADINGS, [1, "Lý Thị Mẩy", "0911111111", "Xã Bắc Hà", "", "", ""]])
    assert sent.counts == (1, 0, 0)
    [(number, column, why)] = sent.said()
    assert (number, column) == (2, "name")
    assert "same name in the same commune" in why


def test_namesakes_in_one_file_are_asked_about(sender):
    other = [4, "Lý Thị Mẩy", "0911111111", "Xã Bắc Hà", "", "", ""]
    sent = sender.send([*GROWERS, other])
    assert sent.counts == (4, 0, 0)
    assert sent.said() == [(5, "name", "Another row has the same name in the same commune.")]


def test_the_same_person_twice_in_a_file_is_one(sender):
    sent = sender.send([*GROWERS, GROWERS[1]])
    assert sent.counts == (3, 0, 1)
    assert sent.said() == [(5, "name", "Row 2 says the same already.")]


def test_who_left_is_not_brought_back_by_a_file(sender, session, given, home):

    grower = given.grower(home, "Lý Thị Mẩy", phone="0912345678")
    line = grower_line(session, grower.uid, within=Reach.all())
    end_membership(
        session,
        membership=line.membership,
        last_day=given.day(-3),
        by=Actor.system(),
        now=given.now,
    )
    session.commit()
    sent = sender.send(GROWERS[:2])
    assert sent.counts == (0, 1, 0)
    assert "was a member until" in sent.said()[0][2]


def test_the_file_comes_back_marked_and_may_be_sent_again(sender):
    wrong = [*GROWERS, [4, "=1+1", "12345", "Xã Bắc Hòa", "", "31/11/2026", ""]]
    content = files.xlsx(wrong)
    sent = sender.send(content)
    assert [column for _, column, _ in sent.said()] == ["name", "phone", "commune", "member_since"]
    table = read_table(sent.marked(), filename="x.xlsx")
    assert table.rows[0][-1] == "Lỗi / Errors"
    assert "30/11/2026" in table.rows[4][-1]
    assert sender.send(sent.marked()).counts == (3, 0, 1)


def test_a_file_that_is_no_list_is_refused_with_what_is_missing(sender):
    sent = sender.send([["Họ và tên", "Điện thoại"], ["An", "0912345678"]])
    assert sent.batch.state is ImportState.FAILED
    assert "lacks columns that are needed: Commune, ward" in sent.fault
    assert "headings" in sender.send([["a", "b"], [1, 2]]).fault
    assert "no rows below" in sender.send([HEADINGS]).fault
    assert "no spreadsheet" in sender.send(b"%PDF-1.4").fault
