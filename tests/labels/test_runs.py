"""Print runs: serials given out once, words frozen, the law asked before anything is printed."""

import json
from pathlib import Path
from threading import Barrier

import pypdfium2
import pytest
import zxingcpp
from sqlalchemy import Engine, select
from sqlmodel import Session

from app.accounts.reach import Reach
from app.db import open_read_session, transaction
from app.errors import Conflict, Refused
from app.kit.quantities import Grams
from app.labels.checking import refusals
from app.labels.public_queries import first_labelled_on, is_activated, newest_labels
from app.labels.run_commands import cancel_run
from app.labels.run_content import Content
from app.labels.run_marks import Marking, mark_labels
from app.labels.run_queries import parts_of, run_by_uid, was_printed
from app.labels.run_request import differences
from app.labels.run_standing import require_ready
from app.labels.serial_queries import SerialState, serial_state
from app.ledger.queries import history_of
from app.lots.commands import recall_lot
from app.lots.queries import line_of
from app.models.certificates import Certificate
from app.models.lots import HarvestLot, LotState
from app.models.print_runs import (
    LotSerial,
    MarkKind,
    Output,
    PrintRunLot,
    RunState,
    VoidCause,
)
from app.models.registry import Organisation
from app.registry.code_commands import Change, suspend_code
from tests.given import Given
from tests.labels.printing import BASE, BY, Printing
from tests.lots.growing import Growing
from tests.threads import at_once


def codes_on(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        pictures = [page.render(scale=300 / 72).to_pil().convert("L") for page in document]
    finally:
        document.close()
    return [code.text for picture in pictures for code in zxingcpp.read_barcodes(picture)]


def why(refused: pytest.ExceptionInfo[Refused]) -> str:
    return " ".join(str(fault.why) for fault in refused.value.fields) or str(refused.value.why)


def test_every_label_of_a_run_reads_and_is_another(given: Given, printing: Printing) -> None:
    lot = given.lot()
    read = codes_on(printing.file(printing.run((lot, 8), stock="a4-3x8-plain", serialised=True)))
    assert len(set(read)) == 8
    numbers = {printing.keys.read(lot.code, text.rpartition("/")[2]) for text in read}
    assert numbers == set(range(8))


def test_copies_all_lead_to_the_lot(given: Given, printing: Printing) -> None:
    lot = given.lot()
    run = printing.run((lot, 5), stock="roll-35x22-3-110", layout="l3-33x21", dpi=300)
    assert codes_on(printing.file(run)) == [f"https://TXNG.LAOCAI.GOV.VN/T/{lot.code}"] * 5


def test_one_run_prints_many_lots(given: Given, printing: Printing) -> None:
    one, other = given.lot(), given.lot()
    read = codes_on(printing.file(printing.run((one, 2), (other, 3), stock="a4-4x9-50x30")))
    assert [text.rpartition("/")[2] for text in read] == [one.code] * 2 + [other.code] * 3


def test_the_next_run_goes_on_where_the_last_one_ended(
    session: Session, given: Given, printing: Printing
) -> None:
    lot = given.lot()
    first = printing.run((lot, 10), serialised=True)
    second = printing.run((lot, 5), serialised=True, reprint_reason="Hỏng")
    ranges = [
        (p.part.first_index, p.part.last_index)
        for run in (first, second)
        for p in parts_of(session, run)
    ]
    assert ranges == [(0, 9), (10, 14)]


def test_two_clerks_at_once_get_two_ranges(
    engine: Engine, session: Session, given: Given, tmp_path: Path
) -> None:
    lot = given.lot(kilograms=20_000)
    session.commit()

    def clerk() -> None:
        with transaction(engine) as own:
            mine = own.get_one(HarvestLot, lot.pk)
            Printing(own, Given(own, given.now), tmp_path).run(
                (mine, 7), serialised=True, reprint_reason="Thêm"
            )

    assert at_once([clerk] * 6) == [None] * 6
    with open_read_session(engine) as reader:
        ranges = sorted(
            (part.first_index, part.last_index)
            for part in reader.execute(select(PrintRunLot)).scalars()
        )
    assert ranges == [(start, start + 6) for start in range(0, 42, 7)]


def test_counting_without_the_counter_gives_a_range_twice(
    engine: Engine, session: Session, given: Given
) -> None:
    """The control: looking first and writing later, both clerks see the same last serial."""
    lot = given.lot()
    session.add(LotSerial(lot_id=lot.pk, taken=0))
    session.commit()
    gate, taken = Barrier(2), []

    def careless_clerk() -> None:
        with open_read_session(engine) as reader:
            last = reader.get_one(LotSerial, lot.pk).taken
        gate.wait()
        with transaction(engine) as own:
            own.get_one(LotSerial, lot.pk).taken = last + 7
        taken.append(last)

    assert at_once([careless_clerk] * 2) == [None] * 2
    assert taken == [0, 0]


def test_a_refused_run_gives_its_serials_back(
    engine: Engine, session: Session, given: Given, printing: Printing
) -> None:
    lot = given.lot()
    session.commit()
    with pytest.raises(RuntimeError), transaction(engine) as own:
        Printing(own, Given(own, given.now), printing.keys.folder.parent).run(
            (own.get_one(HarvestLot, lot.pk), 7), serialised=True
        )
        raise RuntimeError
    run = printing.run((lot, 2), serialised=True)
    assert parts_of(session, run)[0].part.first_index == 0


def test_what_was_printed_is_kept_and_differences_to_today_are_shown(
    session: Session, given: Given, printing: Printing
) -> None:
    lot = given.lot(given.area(given.cooperative("HTX Tên Cũ")))
    run = printing.run((lot, 1))
    before = printing.file(run)
    line = run_by_uid(session, run.uid, within=Reach.all())
    assert differences(session, line, base_url=BASE, now=given.now) == []
    session.get_one(Organisation, lot.organisation_id).name = "HTX Tên Mới"
    session.flush()
    assert printing.file(run) == before
    (changed,) = differences(session, line, base_url=BASE, now=given.now)
    assert (changed.fact, changed.said, changed.today) == (
        "producer_name",
        "HTX Tên Cũ",
        "HTX Tên Mới",
    )


@pytest.mark.parametrize("state", [LotState.RECALLED, LotState.HELD, LotState.WITHDRAWN])
def test_a_lot_that_may_not_leave_gets_no_labels(
    given: Given, printing: Printing, state: LotState
) -> None:
    lot = given.lot()
    lot.state = state
    with pytest.raises(Refused):
        printing.run((lot, 1))


def test_a_lot_whose_waiting_time_runs_gets_no_labels_before_its_day(
    session: Session, given: Given, printing: Printing
) -> None:
    growing = Growing(session, given)
    area = given.area()
    planting = growing.planting(area)
    growing.spray(planting, -10, product=growing.product("Thuốc đã hết hạn 5EC", interval=7))
    free = given.lot(area)
    assert not refusals(printing.plan((free, 1)).lacks)
    growing.spray(planting, -3, product=growing.product(interval=7))
    with pytest.raises(Refused) as refused:
        printing.run((free, 1))
    assert "may be sold from" in why(refused)


def test_a_lot_beyond_what_was_declared_gets_no_labels(given: Given, printing: Printing) -> None:
    area = given.area()
    given.season(area, harvest_from=-10, harvest_to=20, expected_output=Grams(1_000_000))
    within, beyond = given.lot(area, kilograms=900), given.lot(area, kilograms=900)
    assert not refusals(printing.plan((within, 1)).lacks)
    with pytest.raises(Refused) as refused:
        printing.run((beyond, 1))
    assert "was declared" in why(refused)


def test_the_file_of_a_recalled_lot_is_not_handed_out(
    session: Session, given: Given, printing: Printing
) -> None:
    lot = given.lot()
    run = printing.run((lot, 1))
    require_ready(session, run)
    recall_lot(session, lot=lot, reason="dư lượng", by=BY, now=given.now)
    session.flush()
    with pytest.raises(Conflict):
        require_ready(session, run)


def test_a_producer_without_an_address_gets_no_label(given: Given, printing: Printing) -> None:
    home = given.cooperative()
    lot = given.lot(given.area(home))
    home.commune_id, home.address = None, ""
    with pytest.raises(Refused) as refused:
        printing.run((lot, 1))
    assert "Its address" in why(refused)


def test_more_labels_than_the_harvest_weighs_are_warned_about(
    given: Given, printing: Printing
) -> None:
    lot = given.lot(kilograms=10)
    assert not [lack for lack in printing.plan((lot, 20)).lacks if lack.field == "copies"]
    printing.run((lot, 15))
    (warning,) = [
        lack
        for lack in printing.plan((lot, 6), reprint_reason="Thêm").lacks
        if lack.field == "copies"
    ]
    assert not warning.refuses
    assert warning.why.values["labelled"] == Grams(10_500)


def test_a_label_claims_only_what_the_lot_holds(
    session: Session, given: Given, printing: Printing
) -> None:
    area = given.area()
    lot = given.lot(area)
    bare = printing.plan((lot, 1)).lots[0].edition.words
    assert "claim" not in bare
    certificate = given.certificate(area)
    assert certificate.number in printing.plan((lot, 1)).lots[0].edition.words["claim"]


def test_an_organic_claim_names_number_day_body_and_code_or_stays_away(
    session: Session, given: Given, printing: Printing
) -> None:
    area = given.area()
    made = given.certificate(area, standard="ORGANIC_2017", number="TBC-HC-2026-014")
    lot = given.lot(area)
    certificate = session.get_one(Certificate, made.pk)
    certificate.body_code = ""
    session.flush()
    plan = printing.plan((lot, 1))
    assert "claim" not in plan.lots[0].edition.words
    assert "its code" in str(plan.withheld[-1])
    certificate.body_code = "VICAS 012"
    session.flush()
    said = printing.plan((lot, 1)).lots[0].edition.words["claim"]
    for part in (
        "TBC-HC-2026-014",
        f"{certificate.issued_on:%d/%m/%Y}",
        certificate.body_name,
        "VICAS 012",
    ):
        assert part in said


def test_a_box_for_china_needs_its_codes_and_says_where_it_goes(
    given: Given, printing: Printing
) -> None:
    area = given.area()
    lot = given.lot(area)
    box = {"layout": "l5-100x100", "stock": "roll-100x100", "language": "zh+en"}
    with pytest.raises(Refused) as refused:
        printing.run((lot, 1), **box)
    assert {fault.field for fault in refused.value.fields} >= {"area_code", "packing_house"}
    code = given.code(area, "CHN")
    plan = printing.plan(
        (lot, 1), **box, content=Content(Grams(500), 12, packing_house="VN-LCPH-012")
    )
    plan.require_printable()
    words = plan.lots[0].edition.words
    assert "输往中华人民共和国" in words["destination"]
    assert code.code in words["area_code"]
    assert words["product_name"].startswith("卷心菜")


def test_a_code_suspended_for_china_stops_only_the_export_label(
    session: Session, given: Given, printing: Printing
) -> None:
    area = given.area()
    given.code(area)
    abroad = given.code(area, "CHN")
    lot = given.lot(area)
    suspend_code(
        session,
        code=abroad,
        change=Change(given.day(0), "Nhật ký không cập nhật."),
        by=BY,
        now=given.now,
    )
    box = {"layout": "l5-100x100", "stock": "roll-100x100", "language": "zh+en"}
    with pytest.raises(Refused):
        printing.run((lot, 1), **box, content=Content(Grams(500), 12, packing_house="VN-LCPH-012"))
    printing.run((lot, 1))


def test_copies_of_an_address_from_before_the_merger_are_warned_about_and_later_refused(
    session: Session, given: Given, printing: Printing
) -> None:
    home = given.cooperative()
    lot = given.lot(given.area(home))
    home.address = "Thôn Bản Liền, huyện Bắc Hà"
    plan = printing.plan((lot, 1))
    (lack,) = [lack for lack in plan.lacks if lack.field == "producer_address"]
    assert not lack.refuses
    assert "2027" in str(lack.why)


def test_a_reprint_needs_a_reason(given: Given, printing: Printing) -> None:
    lot = given.lot()
    printing.run((lot, 1))
    with pytest.raises(Refused) as refused:
        printing.run((lot, 1))
    assert "say why more are needed" in why(refused)


def test_labels_that_are_all_void_were_never_printed(
    session: Session, given: Given, printing: Printing
) -> None:
    lot = given.lot()
    run, line = printing.run((lot, 10)), line_of(session, lot)

    def void(first: int, last: int) -> None:
        marking = Marking(lot.code, MarkKind.VOIDED, first, last, "in lệch", VoidCause.MISPRINTED)
        home = printing.home(lot)
        mark_labels(session, run=run, organisation=home, marking=marking, by=BY, now=given.now)
        session.flush()

    session.flush()
    assert is_activated(session, lot)
    void(0, 3)
    void(5, 9)
    assert was_printed(session, lot)
    assert is_activated(session, lot)
    void(4, 4)
    assert not was_printed(session, lot)
    assert not is_activated(session, lot)
    assert first_labelled_on(session, lot) is None
    assert newest_labels(session, line, (), base_url=BASE, now=given.now) is None
    printing.run((lot, 10))  # needs no reason


def test_goods_past_their_day_are_warned_about(given: Given, printing: Printing) -> None:
    for days, warned in ((0, False), (-1, True)):
        lot = given.lot(best_before=given.day(days), harvested_on=given.day(-5))
        said = [lack for lack in printing.plan((lot, 1)).lacks if lack.field == "best_before"]
        assert [lack.refuses for lack in said] == [False] * warned


def test_a_run_is_a_fact(session: Session, given: Given, printing: Printing) -> None:
    lot = given.lot()
    run = printing.run((lot, 3), serialised=True)
    facts = history_of(session, str(run.uid))[-1].facts
    assert facts["lots"] == {lot.code: [0, 2]}
    assert facts["layout"] == "l1-50x30"


@pytest.mark.parametrize(
    ("output", "starts"),
    [
        (Output.PDF, b"%PDF"),
        (Output.PNG, b"\x89PNG"),
        (Output.SVG, b"<svg"),
        (Output.ZPL, b"^XA"),
        (Output.TSPL, b"SIZE 50 mm,30 mm"),
        (Output.ESCPOS, b"\x1b"),
    ],
)
def test_every_output_is_made_and_the_same_each_time(
    given: Given, printing: Printing, output: Output, starts: bytes
) -> None:
    run = printing.run((given.lot(), 1), output=output)
    file = printing.file(run)
    assert file.startswith(starts)
    assert printing.file(run) == file


def test_a_large_run_waits_and_can_be_given_up(
    session: Session, given: Given, printing: Printing
) -> None:
    lot = given.lot(kilograms=1000)
    run = printing.run((lot, 501), serialised=True)
    session.flush()
    assert run.state is RunState.MAKING
    with pytest.raises(Conflict):
        require_ready(session, run)
    cancel_run(session, run=run, organisation=printing.home(lot), by=BY, now=given.now)
    session.flush()
    assert parts_of(session, run)[0].account.voided == 501
    assert serial_state(session, lot, 3).state is SerialState.VOIDED
    with pytest.raises(Conflict):
        cancel_run(session, run=run, organisation=printing.home(lot), by=BY, now=given.now)


def test_frozen_words_hold_no_serial_and_no_key(
    session: Session, given: Given, printing: Printing
) -> None:
    run = printing.run((given.lot(), 1), serialised=True)
    said = json.loads(parts_of(session, run)[0].part.said)
    assert said["address"].count("/") == 4
    assert "key" not in run.frozen
