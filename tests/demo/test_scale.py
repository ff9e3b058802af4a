"""The synthetic province: the same seed makes the same one on both databases, and it holds together."""

import hashlib
from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, func, select, update
from sqlmodel import Session, SQLModel, col

from app.cli import main
from app.db import open_read_session, transaction
from app.demo.scale import NotEmptyError, Size, generate, seat_people
from app.demo.scale.area_codes import MARKET
from app.demo.scale.chance import Chance, words
from app.kit.codes import read_lot_code
from app.ledger.leaf import leaf_hash
from app.models.ledger import LedgerEntry
from app.models.lots import HarvestLot, LotState
from app.models.movements import Holding
from app.models.registry import AreaCode, AreaCodeStep, CodeSerial, Organisation
from app.models.seasons import SeasonDeclaration
from app.registry.codes import read
from tests.databases import BASE_URL, NOW, Postgres, Sqlite

SMALL = Size(growers=30, areas=20, lots=150, years=2, seed=7, until=date(2026, 11, 20))
# What the generator writes, by the columns that say it.
WRITTEN = (
    *("organisation", "grower", "grower_membership", "planting_area", "area_crop", "area_tile"),
    *("area_word", "plot", "code_application", "area_code", "area_code_step", "code_serial"),
    *("certificate", "certificate_area", "certificate_crop", "certificate_confirmation"),
    *("certificate_step", "season_declaration", "planting", "planting_plot", "diary_entry"),
    *("harvest_lot", "lot_step", "lot_claim", "lot_source", "holding", "movement"),
    *("movement_line", "label_print", "scan_day", "subject_mark"),
)


def made(engine: Engine, size: Size = SMALL) -> dict[str, str]:
    generate(engine, size, base_url=BASE_URL, progress=lambda _done, _whole: None)
    with open_read_session(engine) as session:
        return {**{name: digest(session, name) for name in WRITTEN}, "ledger": told(session)}


def digest(session: Session, name: str) -> str:
    table = SQLModel.metadata.tables[name]
    rows = session.execute(select(table)).all()
    assert rows or name == "certificate_step", f"nothing in {name}"
    return hashlib.sha256(repr(sorted(map(repr, rows))).encode()).hexdigest()


def told(session: Session) -> str:
    wanted = select(LedgerEntry).order_by(col(LedgerEntry.position)).offset(1)
    entries = session.execute(wanted).scalars().all()
    assert all(entry.leaf_hash == leaf_hash(entry.body.encode()) for entry in entries)
    return hashlib.sha256("\n".join(entry.body for entry in entries).encode()).hexdigest()


def test_the_same_seed_makes_the_same_province_on_either_database(
    databases: Sqlite | Postgres,
) -> None:
    with databases.database() as engine, Sqlite().database() as other:
        kept = made(engine)
        assert kept == made(other)
        with transaction(other) as session:  # one gram more is another province
            session.execute(update(HarvestLot).values(quantity_g=col(HarvestLot.quantity_g) + 1))
        with open_read_session(other) as session:
            assert digest(session, "harvest_lot") != kept["harvest_lot"]
        _it_holds_together(engine)
        _it_goes_into_an_empty_database_only(engine)
    assert words(Chance(7).of("growers"), 9, 8) != words(Chance(8).of("growers"), 9, 8)


def _it_holds_together(engine: Engine) -> None:
    with open_read_session(engine) as session:
        lots = session.execute(select(HarvestLot)).scalars().all()
        assert [read_lot_code(lot.code) for lot in lots] == [lot.code for lot in lots]
        there = sum(lot.quantity_g for lot in lots if lot.state is not LotState.WITHDRAWN)
        assert session.execute(select(func.sum(col(Holding.quantity_g)))).scalar_one() == there
        assert {lot.harvested_on.year for lot in lots} == {2025, 2026}
        by_fact = select(HarvestLot, LedgerEntry).join(
            LedgerEntry, col(LedgerEntry.position) == col(HarvestLot.ledger_position)
        )
        assert all(fact.subject == lot.code for lot, fact in session.execute(by_fact))
        _codes_are_as_the_law_writes_them(session)
        for season in session.execute(select(SeasonDeclaration)).scalars():
            assert season.actual_output_g is None or season.ended_on <= SMALL.until
        assert all(one.demonstration for one in session.execute(select(Organisation)).scalars())


def _it_goes_into_an_empty_database_only(engine: Engine) -> None:
    with pytest.raises(NotEmptyError):
        generate(engine, SMALL, base_url=BASE_URL, progress=lambda _done, _whole: None)
    with transaction(engine) as session:  # keys go on from where the generator stopped
        assert len(seat_people(session, now=NOW)) == 6
        lot = session.execute(select(HarvestLot).limit(1)).scalar_one()
        session.add(HarvestLot(**_another(lot)))


def _codes_are_as_the_law_writes_them(session: Session) -> None:
    codes = session.execute(select(AreaCode)).scalars().all()
    assert codes
    newest: dict[int, AreaCodeStep] = {}
    for step in session.execute(select(AreaCodeStep).order_by(col(AreaCodeStep.id))).scalars():
        newest[step.code_id] = step
    for code in codes:
        assert str(read(code.scheme, code.code)) == code.code
        assert newest[code.pk].status is code.status
        assert code.market == MARKET
    counted = select(func.sum(col(CodeSerial.last)))
    assert session.execute(counted).scalar_one() == len(codes)


def _another(lot: HarvestLot) -> dict[str, object]:
    return {**lot.model_dump(exclude={"id"}), "code": "LC0000000000000"}


def test_the_command_says_what_it_does_not_do() -> None:
    said = CliRunner().invoke(main, ["demo", "scale", "--help"]).output
    assert "for measuring only" in said
    assert "past the commands" in said
    refused = CliRunner().invoke(main, ["demo", "scale", "--areas", "0"])
    assert refused.exit_code == 2
