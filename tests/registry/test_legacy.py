"""A former register: codes are kept as they were written, with what became of them, or refused by row."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlmodel import col

from app.cli import main
from app.errors import Conflict, Refused
from app.ledger.actors import Actor
from app.models.registry import AreaCode, CodeScheme, CodeSerial, CodeStatus, Organisation
from app.registry.code_entry_commands import GivenCode, enter_code
from app.registry.code_queries import codes_on, find_code
from app.registry.codes import scheme_of
from app.registry.decision_queries import Decision
from app.registry.issue_commands import reissue_code
from app.registry.legacy_register import COLUMNS, read_register
from app.settings import Settings

BY = Actor.system()
OLD = GivenCode(
    "VN-10-085-02839-01-24", CodeScheme.QD3156_2022, "VNM", date(2024, 5, 6), "12/QĐ-TTBVTV"
)
ROW = {
    "organisation": "HTX Nông nghiệp Nậm Mòn",
    "kind": "cooperative",
    "area": "Nương Cốc Cài",
    "former_commune": "02866",
    "area_m2": "21000",
    "crops": "BAP_CAI;SU_HAO",
    "since": "2021-01-01",
    "code": "VN-10-085-02866-01-24",
    "market": "VNM",
    "issued_on": "2024-05-06",
    "number": "12/QĐ-TTBVTV",
}


@pytest.fixture
def enter(session, given, now):
    area = given.area(established_on=date(2020, 1, 1))

    def act(**changed):
        given = replace(OLD, scheme=scheme_of(changed.get("code", OLD.code)))
        return enter_code(session, area=area, given=replace(given, **changed), by=BY, now=now)

    return act


@pytest.mark.parametrize(
    ("code", "market", "day", "scheme"),
    [
        ("VN-10-085-02839-01-24", "VNM", date(2024, 5, 6), CodeScheme.QD3156_2022),
        (
            "VN-10-085-02839-7-24".replace("-7-", "-07-"),
            "VNM",
            date(2025, 6, 30),
            CodeScheme.QD3156_2022,
        ),
        ("VN-LCOR-0128", "CHN", date(2023, 3, 1), CodeScheme.TCCS774_2020),
        ("10-PUC-BAPCAI01-000099-VNM", "VNM", date(2026, 3, 1), CodeScheme.ND38_2026),
        ("TXNG/2023/88-A", "JPN", date(2023, 3, 1), CodeScheme.EXTERNAL),
    ],
)
def test_a_former_code_is_kept_as_it_was_written(session, enter, code, market, day, scheme):
    made = enter(code=code, market=market, issued_on=day)
    assert (made.code, made.scheme, made.issued_on) == (code, scheme, day)
    assert find_code(session, code.lower().replace("-", " ")) is made
    assert session.execute(select(func.count()).select_from(CodeSerial)).scalar_one() == 0


def test_a_code_that_ended_is_followed_by_the_next_and_not_by_an_earlier_one(session, enter):
    ended = {"status": CodeStatus.REVOKED, "since": date(2024, 9, 1)}
    first = enter(**ended)
    with pytest.raises(Refused, match="former code held until"):
        enter(code="VN-10-085-02839-02-24", issued_on=date(2024, 8, 31))
    second = enter(code="VN-10-085-02839-02-24", issued_on=date(2024, 9, 1))
    assert (second.predecessor_id, first.status) == (first.pk, CodeStatus.REVOKED)
    with pytest.raises(Conflict, match="for this market already"):
        enter(code="VN-10-085-02839-03-24", **ended)


def test_what_became_of_it_comes_with_its_day(session, enter):
    made = enter(status=CodeStatus.SUSPENDED, since=date(2025, 1, 10), reason="Không ghi nhật ký")
    on = {
        day: codes_on(session, made.area_id, day)[0][1]
        for day in (date(2025, 1, 9), date(2025, 1, 10))
    }
    assert list(on.values()) == [CodeStatus.ACTIVE, CodeStatus.SUSPENDED]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"issued_on": date(2025, 7, 1)}, "issued_on"),
        ({"issued_on": date(2022, 8, 18)}, "issued_on"),
        ({"market": "CHN"}, "market"),
        ({"code": "VN-LCOR-0128"}, "market"),
        ({"code": "VN-LCPH-0128", "market": "CHN"}, "code"),
        ({"code": "không số"}, "code"),
        ({"code": "x" * 90}, "code"),
        ({"status": CodeStatus.REVOKED}, "since"),
        ({"status": CodeStatus.REVOKED, "since": date(2024, 5, 5)}, "since"),
        ({"status": CodeStatus.REVOKED, "since": date(2030, 5, 5)}, "since"),
    ],
)
def test_what_cannot_have_been_is_refused(enter, changed, field):
    with pytest.raises(Refused) as refused:
        enter(**changed)
    assert refused.value.fields[0].field == field


def test_a_code_is_entered_once_and_a_market_has_one_that_stands(enter):
    enter()
    with pytest.raises(Conflict, match="already"):
        enter()
    with pytest.raises(Conflict, match="for this market already"):
        enter(code="VN-10-085-02839-02-24")


def test_a_former_code_is_followed_by_one_of_today(session, given, enter, now):
    old = enter()
    decision = Decision(CodeScheme.ND38_2026, given.day(-1), "9/QĐ-TTBVTV")
    new = reissue_code(session, code=old, decision=decision, by=BY, now=now)
    assert new.predecessor_id == old.pk
    assert old.code == OLD.code
    assert old.status is CodeStatus.SUPERSEDED


def table(*rows: dict[str, str]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows({**dict.fromkeys(COLUMNS, ""), **ROW, **row} for row in rows)
    return "\ufeff" + out.getvalue()


def test_a_register_is_entered_with_its_organisations_and_areas(session, now):
    text = table(
        {},
        {"code": "VN-LCOR-0129", "market": "CHN"},
        {"area": "Nương 2", "code": "VN-10-085-02866-02-24"},
    )
    read = read_register(session, text, by=BY, now=now)
    assert (read.entered, read.faults) == (3, ())
    wanted = (
        select(func.count())
        .select_from(Organisation)
        .where(col(Organisation.name) == ROW["organisation"])
    )
    assert session.execute(wanted).scalar_one() == 1
    again = read_register(session, text, by=BY, now=now)
    assert [line for line, _ in again.faults] == [2, 3, 4]
    assert all("already" in str(why) for _, why in again.faults)
    assert session.execute(select(func.count()).select_from(AreaCode)).scalar_one() == 3


def test_every_row_that_cannot_be_is_named_by_its_line(session, now):
    rows = [
        {},
        {"code": "?"},
        {"issued_on": "6/5/2024"},
        {"status": "x"},
        {"area": "B", "area_m2": "2,1"},
    ]
    read = read_register(session, table(*rows), by=BY, now=now)
    assert read.entered == 0
    assert [line for line, _ in read.faults] == [3, 4, 5, 6]


def test_a_table_without_its_columns_is_refused(session, now):
    with pytest.raises(Refused, match="market"):
        read_register(session, "organisation,code\na,b\n", by=BY, now=now)


def test_the_command_says_what_it_refuses(tmp_path, monkeypatch):
    monkeypatch.setattr("app.cli_records.settings", lambda: Settings(data_dir=tmp_path))
    file = tmp_path / "register.csv"
    file.write_text("organisation,code\na,b\n")
    answer = CliRunner().invoke(main, ["codes", "load", str(file)])
    assert (answer.exit_code, answer.output[:30]) == (1, "Error: The table lacks columns")
    file.write_text(table({}))
    assert CliRunner().invoke(main, ["codes", "load", str(file)]).output == "1 codes entered.\n"
    again = CliRunner().invoke(main, ["codes", "load", str(file)])
    assert "Nothing was entered." in again.output
