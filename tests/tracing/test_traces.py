"""From any code to its lots, and where they are: seen, read and downloaded by whom the law lets."""

import csv
import io
import re
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from pypdfium2 import PdfDocument
from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import NotFound, Refused
from app.kit.codes import grouped
from app.kit.quantities import Grams
from app.kit.text import fold
from app.lots.harvests import Part
from app.lots.holding_commands import Holder, put
from app.models.access_log import DataAccess
from app.models.accounts import Role
from app.models.catalogue import Crop
from app.models.diary import DiaryEntry, EntryInput, Planting, Work
from app.models.lots import HarvestLot
from app.models.movements import HoldingState, Movement, MovementKind, Party, PartyKind
from app.models.registry import Organisation, PlantingArea
from app.movements.shipping_commands import Receiver
from app.movements.undoing_commands import undo_movement
from app.tracing.place_queries import Placed, TracedPlace, placed
from app.tracing.start_queries import Asked, starts_of
from app.tracing.traces import Way, trace
from app.tracing.whereabouts import percent_accounted
from app.web.trace_drawing import drawn
from app.web.trace_map import map_of
from tests.given import Given
from tests.lots.growing import Growing
from tests.movements.moving import Moving
from tests.tracing.graphs import edges_between, lots_of

EVERYTHING = Reach.all()
SCHOOL = "Bếp ăn Trường Na Hối"


def begun(session: Session, text: str, reach: Reach = EVERYTHING, **days: object) -> list[int]:
    return list(starts_of(session, Asked(text, **days), reach=reach).lots)  # type: ignore[arg-type]


def test_any_code_of_a_lot_leads_to_it(session: Session, given: Given) -> None:
    home = given.cooperative()
    area = given.area(home, name="Vùng bắp cải Nà Hối")
    code = given.issue(given.application(area))
    paper = given.certificate(area)
    lot, other = given.lot(area), given.lot()
    for text in (
        lot.code,
        grouped(lot.code),
        f"https://truyxuat.test/t/{lot.code}",
        code.code,
        "vung bap cai na hoi",
        str(area.uid),
        paper.number,
    ):
        assert begun(session, text) == [lot.pk], text
    assert begun(session, lot.code, Reach.own(home.pk)) == [lot.pk]
    with pytest.raises(NotFound):
        begun(session, other.code, Reach.own(home.pk))
    with pytest.raises(NotFound):
        begun(session, "không có gì như thế")
    with pytest.raises(Refused):
        begun(session, " ")


def test_days_bound_what_is_meant(session: Session, given: Given) -> None:
    lot = given.lot()
    day = lot.harvested_on
    assert lot.pk in begun(session, "", since=day, until=day)
    with pytest.raises(NotFound):
        begun(session, "", since=given.day(-5_000), until=given.day(-4_000))
    with pytest.raises(Refused):
        begun(session, "", since=day, until=given.day(-4_000))


def test_a_batch_of_an_input_leads_to_what_was_harvested_after_it(
    session: Session, given: Given
) -> None:
    area = given.area()
    lot, elsewhere = given.lot(area), given.lot()
    sprayed = _sprayed(session, given, area, lot, days=-3)
    session.flush()
    assert begun(session, "LOT-7/26") == begun(session, "lot-7/26") == [lot.pk]
    assert elsewhere.pk not in begun(session, "LOT-7/26")
    spray = sprayed.done_on
    assert begun(session, "LOT-7/26", since=spray, until=spray) == [lot.pk]
    with pytest.raises(NotFound):
        begun(session, "LOT-7/26", since=lot.harvested_on, until=lot.harvested_on)
    sprayed.void = True  # crossed out: it never happened
    session.flush()
    with pytest.raises(NotFound):
        begun(session, "LOT-7/26")


def test_a_plot_is_meant_by_its_name_and_by_its_grower_s_code_with_it(
    session: Session, given: Given
) -> None:
    growing, area = Growing(session, given), given.area()
    growers = [given.grower(growing.home(area)) for _ in range(2)]
    plots = [growing.plot(area, who, "Thửa Dưới 1") for who in growers]
    planting = growing.planting(area, *plots)
    first, second = (
        given.lot(area, parts=(Part(Grams(250_000), planting.uid, plot.uid),)).pk for plot in plots
    )
    assert set(begun(session, "thua duoi 1")) == {first, second}
    for grower, lot in zip(growers, (first, second), strict=True):
        assert begun(session, f"{grower.code} thửa dưới 1") == [lot]
    with pytest.raises(NotFound):
        begun(session, f"{growers[0].code} thửa trên")
    with pytest.raises(NotFound):
        begun(session, str(uuid4()))
    assert set(begun(session, str(planting.uid))) == {first, second}


def test_a_plot_may_be_in_lots_of_its_area_that_do_not_say_where_they_grew(
    session: Session, given: Given
) -> None:
    growing, area = Growing(session, given), given.area()
    home = growing.home(area)
    one, other = (given.grower(home) for _ in range(2))
    upper, lower = growing.plot(area, one, "Thửa Trên"), growing.plot(area, other, "Thửa Dưới")
    on_upper, on_area = growing.planting(area, upper), growing.planting(area)
    half = Grams(125_000)

    def lot(*parts: Part) -> int:
        return int(given.lot(area, parts=parts).pk)

    whole = given.lot(area).pk  # from the area, nobody said more
    by_planting = lot(Part(Grams(250_000), on_upper.uid))
    open_planting = lot(Part(Grams(250_000), on_area.uid))
    ones = lot(Part(Grams(250_000), None, None, one.uid))
    mixed = lot(Part(half, on_area.uid, lower.uid), Part(half, on_area.uid))
    lower_s = lot(Part(Grams(250_000), on_area.uid, lower.uid))
    given.lot()  # elsewhere
    everybody_s = {whole, open_planting, mixed}
    assert set(begun(session, "thửa trên")) == {*everybody_s, by_planting, ones}
    assert set(begun(session, "thửa dưới")) == {*everybody_s, lower_s}


def _sprayed(
    session: Session, given: Given, area: PlantingArea, lot: HarvestLot, days: int
) -> DiaryEntry:
    planting = Planting(
        organisation_id=lot.organisation_id,
        area_id=area.pk,
        crop_id=lot.crop_id,
        sown_on=given.day(-90),
        area_m2=20_000,
        created_at=given.now,
    )
    session.add(planting)
    session.flush()
    entry = DiaryEntry(
        uid=uuid4(),
        organisation_id=lot.organisation_id,
        planting_id=planting.pk,
        work=Work.SPRAYING,
        done_on=lot.harvested_on.fromordinal(lot.harvested_on.toordinal() + days),
        written_at=given.now,
        arrived_at=given.now,
    )
    session.add(entry)
    session.flush()
    session.add(EntryInput(entry_id=entry.pk, name="Thuốc", batch_number="LOT-7/26"))
    return entry


def _delivered(session: Session, given: Given) -> tuple[Organisation, HarvestLot, list[int]]:
    """A harvest that went into two lots, one of them with a school."""
    lot = given.lot()
    home = session.get_one(Organisation, lot.organisation_id)
    made = lots_of(session, given, 2, owners=[home.pk])
    edges_between(session, given, [(lot.pk, made[0]), (made[0], made[1])])
    school = Party(
        organisation_id=home.pk,
        kind=PartyKind.KITCHEN,
        name=SCHOOL,
        name_key=fold(SCHOOL),
        created_at=given.now,
    )
    session.add(school)
    session.flush()
    last = session.get_one(HarvestLot, made[1])
    outside = Holder(home.pk, HoldingState.WITH_PARTY, school.pk)
    put(session, last, outside, Grams(60_000))
    put(session, last, Holder(home.pk, HoldingState.MISSING), Grams(40_000))
    session.flush()
    return home, lot, made


def test_where_it_is_now_and_how_much_is_accounted_for(session: Session, given: Given) -> None:
    home, lot, made = _delivered(session, given)
    told = trace(session, Asked(lot.code), Way.FORWARD, reach=EVERYTHING)
    assert set(told.found.lots) == {lot.pk, *made}
    at_school = [place for place in told.places if place.party == SCHOOL]
    assert [(place.lot_id, place.quantity_g) for place in at_school] == [(made[1], 60_000)]
    whole = sum(place.quantity_g for place in told.places)
    assert percent_accounted(told.places) == (whole - 40_000) * 1_000 // whole / 10 < 100
    own = trace(session, Asked(lot.code), Way.FORWARD, reach=Reach.own(home.pk))
    assert own.places == told.places


def test_a_partner_s_buyers_are_the_partner_s_to_know(session: Session, given: Given) -> None:
    _, lot, _ = _delivered(session, given)
    partner = given.cooperative()
    put(session, lot, Holder(partner.pk), Grams(1_000))
    session.flush()
    seen = trace(session, Asked(lot.code), Way.FORWARD, reach=Reach.own(partner.pk))
    assert set(seen.found.lots) == {lot.pk}
    assert [place.quantity_g for place in seen.places] == [1_000]


def test_a_shipment_is_asked_for_by_its_document(session: Session, given: Given) -> None:
    lot = given.lot()
    shipped = Movement(
        organisation_id=lot.organisation_id,
        kind=MovementKind.SHIPPING,
        happened_at=given.now,
        document="PXK-0042",
        recorded_at=given.now,
    )
    session.add(shipped)
    session.flush()
    session.connection().exec_driver_sql(
        "INSERT INTO movement_line (movement_id, lot_id, direction, quantity_g)"
        f" VALUES ({shipped.pk}, {lot.pk}, 'out', 1000)"
    )
    assert begun(session, "PXK-0042") == [lot.pk]
    with pytest.raises(NotFound):
        begun(session, "PXK-0042", Reach.own(given.cooperative().pk))


def test_the_drawing_puts_every_lot_right_of_what_it_was_made_of(
    session: Session, given: Given
) -> None:
    a, b, c, d = lots_of(session, given, 4)
    edges_between(session, given, [(a, c), (b, c), (c, d), (a, d)])
    code = session.get_one(HarvestLot, c).code
    drawing = drawn(trace(session, Asked(code), Way.BOTH, reach=EVERYTHING).found)
    assert drawing is not None
    at = {box.lot.id: box for box in drawing.boxes}
    assert at[a].x == at[b].x < at[c].x < at[d].x
    assert [key for key, box in at.items() if box.start] == [c]
    assert len({(box.x, box.y) for box in drawing.boxes}) == len(drawing.boxes)
    assert len(drawing.lines) == 3  # the way from a to d beside c is not between lots of this trace


def test_deliveries_of_a_trace_and_who_sees_them(session: Session, given: Given) -> None:
    sender, packer = Moving(given), Moving(given)
    lot = sender.lot(100)
    shipped = sender.ship(lot, 60_000, Receiver(organisation=packer.home))
    packer.receive(shipped, lot, 58_000)
    sold_on = packer.ship(lot, 5_000)
    undone = sender.ship(lot, 1_000)
    undo_movement(session, sender.doer, undone.movement, "Ghi nhầm.")

    def told(reach: Reach) -> dict[str, tuple[int, int, str]]:
        found = trace(session, Asked(lot.code), Way.BOTH, reach=reach).deliveries
        return {str(one.delivery): (one.sent_g, one.missing_g, one.party) for one in found}

    first, second = str(shipped.delivery.uid), str(sold_on.delivery.uid)
    mine, theirs = (60_000, 2_000, ""), (5_000, 0, "Chợ đầu mối Bắc Hà")
    assert told(EVERYTHING) == {first: mine, second: theirs}
    assert told(Reach.own(sender.home.pk)) == {first: mine}  # to whom it was sold on is not ours
    assert told(Reach.own(packer.home.pk)) == {first: mine, second: theirs}
    assert trace(session, Asked(lot.code), Way.BOTH, reach=EVERYTHING).shown_buyers_of() == [
        packer.home.pk
    ]


def test_a_trace_by_communes_has_every_gram_once(session: Session, given: Given) -> None:
    _, lot, _ = _delivered(session, given)
    told = trace(session, Asked(lot.code), Way.BOTH, reach=EVERYTHING)
    where = placed(session, told.found, told.places)
    grown = sum(one.quantity_g for one in told.found.lots.values() if one.area_id)
    assert sum(one.grown_g for one in where.places) == grown
    held = sum(one.quantity_g for one in told.places)
    assert sum(one.there_g for one in where.places) + where.elsewhere_g == held
    assert where.elsewhere_g >= 60_000  # the school's has an address and no commune
    ground = map_of(where)
    assert ground is not None
    assert {mark.place for mark in ground.marks} | set(ground.unmapped) == set(where.places)
    assert all(0 < mark.x < ground.width and 0 < mark.y < ground.height for mark in ground.marks)
    strange = TracedPlace("99999", "Xã không có trên bản đồ", 1, 1_000, 0)
    beside = map_of(Placed((*where.places, strange), 0))
    assert beside is not None
    assert beside.unmapped == (strange,)
    assert map_of(Placed((), 0)) is None


def test_pages_files_and_machines_say_the_same(
    session: Session, given: Given, client: TestClient
) -> None:
    home, lot, made = _delivered(session, given)
    inspector = given.headers(Role.INSPECTOR)
    clerk, stranger = given.headers(Role.STAFF, home), given.headers(Role.STAFF)
    crop, code, key = session.get_one(Crop, lot.crop_id).name_vi, lot.code, home.pk
    session.commit()
    asked = {"q": code, "lang": "en"}
    for address, who in (("/desk/trace", inspector), ("/work/trace", clerk)):
        page = client.get(address, params=asked, headers=who)
        assert page.status_code == 200
        assert "3 lots found" in page.text
        assert page.text.count("<rect") == 3
        assert SCHOOL in page.text
        table = client.get(f"{address}/file.csv", params={"q": code}, headers=who)
        rows = list(csv.reader(io.StringIO(table.text.lstrip("\ufeff"))))
        assert any(SCHOOL in row and crop in row and "60" in row for row in rows)
        book = client.get(f"{address}/file.xlsx", params={"q": code}, headers=who)
        assert book.content.startswith(b"PK")
        paper = client.get(f"{address}/file.pdf", params=asked, headers=who).content
        read = " ".join(one.get_textpage().get_text_range() for one in PdfDocument(paper))
        words = " ".join(read.split())
        for known in (grouped(code), SCHOOL, "Accounted for", "60 kg"):
            assert known in words
        marks = re.findall(r'<a href="#(place-\w+)">', page.text)
        assert marks
        assert all(f'<tr id="{mark}"' in page.text for mark in marks)
    told = client.get("/api/v1/trace", params={"q": code}, headers=inspector).json()
    assert len(told["lots"]) == 1 + len(made)
    assert len(told["edges"]) == 2
    session.rollback()
    looks = session.execute(select(DataAccess).where(col(DataAccess.what) == "buyers"))
    # The page, three files and the machine's answer of the inspector: the cooperative reads of them.
    assert [(one.organisation_id, one.times) for one in looks.scalars()] == [(key, 5)]
    session.rollback()
    unseen = client.get("/work/trace", params=asked, headers=stranger)
    assert unseen.status_code == 422
    assert "Nothing within your reach goes by this" in unseen.text
    assert client.get("/api/v1/trace", params={"q": code}, headers=stranger).status_code == 404
    bad = client.get("/desk/trace?since=hôm%20qua&lang=en", headers=inspector)
    assert (bad.status_code, "This is not a day" in bad.text) == (422, True)
    assert client.get("/desk/trace", headers=clerk).status_code == 403
