"""What was kept long enough goes to signed files, once, with all that belongs to it; nothing is taken away."""

import gzip
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, func, select, update
from sqlmodel import Session, col

from app import cli, cli_records
from app.db import transaction
from app.kit.quantities import Grams
from app.ledger.actors import Actor
from app.ledger.queries import history_of
from app.lots.archive_commands import write_archives
from app.lots.archive_queries import archives, find_archive_of, months_kept
from app.lots.archive_signing import find_fault, signing_key
from app.lots.commands import seal_lot
from app.lots.harvests import Part
from app.main import _runner, create_app
from app.models.catalogue import LegalRule
from app.models.lots import Archive, HarvestLot
from app.models.registry import Grower
from app.settings import Settings
from tests.conftest import Clock
from tests.given import Given
from tests.lots.growing import Growing

LATER = timedelta(days=3 * 366 + 31)


@pytest.fixture
def key(tmp_path: Path) -> Ed25519PrivateKey:
    return signing_key(tmp_path / "archive-key.pem")


@pytest.fixture
def lot(session: Session, given: Given, growing: Growing) -> HarvestLot:
    """A sealed lot of two parts, with a diary behind it."""
    area = given.area()
    member = given.grower(growing.home(area))
    plot = growing.plot(area, member, "Thửa 1")
    planting = growing.planting(area, plot)
    growing.spray(planting, -30, product=growing.product())
    parts = (Part(Grams(200_000), planting.uid, plot.uid), Part(Grams(50_000), planting.uid))
    made = given.lot(area, parts=parts)
    seal_lot(session, lot=made, by=Actor.system(), now=given.now)
    session.flush()
    return made


def read(archive: Archive) -> tuple[dict, list[dict]]:
    head, *lines = map(json.loads, gzip.decompress(archive.content).splitlines())
    return head, lines


def test_lots_and_diaries_are_written_when_their_time_is_over(
    session: Session, given: Given, key: Ed25519PrivateKey, lot: HarvestLot, now: datetime
) -> None:
    assert write_archives(session, key=key, now=now + LATER - timedelta(days=35)) == []
    written = write_archives(session, key=key, now=now + LATER)
    assert [archive.name for archive in written] == ["lots-2026-11", "diary-2026-11"]
    head, [line] = read(written[0])
    assert (head["kind"], head["rows"], head["until"]) == ("lots", 1, "2026-11-30")
    assert (line["lot"]["code"], line["lot"]["state"], line["lot"]["crop"]) == (
        lot.code,
        "sealed",
        "BAP_CAI",
    )
    assert {claim["kind"] for claim in line["claims"]} == {"area_code", "waiting_time", "inputs"}
    assert [step["state"] for step in line["steps"]] == ["open", "sealed"]
    assert [part["quantity_g"] for part in line["parts"]] == [200_000, 50_000]
    _, [entry] = read(written[1])
    assert entry["entry"]["planting"] == line["parts"][0]["planting"]
    assert entry["inputs"][0]["name"] == "Abamex 1.8EC"


def test_no_name_or_telephone_of_a_person_is_in_a_lots_archive(
    session: Session, key: Ed25519PrivateKey, lot: HarvestLot, now: datetime
) -> None:
    [archive, _] = write_archives(session, key=key, now=now + LATER)
    told = gzip.decompress(archive.content).decode()
    assert "Lý Thị Mẩy" not in told
    phones = session.execute(select(col(Grower.phone))).scalars().all()
    assert any(phones)
    assert not [phone for phone in phones if phone and phone in told]


def test_what_is_archived_is_not_written_again_and_stays_where_it_was(
    session: Session, key: Ed25519PrivateKey, lot: HarvestLot, now: datetime
) -> None:
    assert find_archive_of(session, lot) is None
    [archive, _] = write_archives(session, key=key, now=now + LATER)
    assert write_archives(session, key=key, now=now + LATER) == []
    assert write_archives(session, key=key, now=now + LATER + timedelta(days=40)) == []
    assert find_archive_of(session, lot) is archive
    assert session.execute(select(func.count()).select_from(HarvestLot)).scalar_one() == 1
    assert [fact.kind for fact in history_of(session, archive.name)] == ["archive.written"]


def test_archives_follow_one_another_without_gap_or_overlap(
    session: Session, given: Given, key: Ed25519PrivateKey, now: datetime
) -> None:
    area = given.area()
    for months in range(4):
        given.now = now + timedelta(days=31 * months)
        given.lot(area, harvested_on=given.day(0))
    session.flush()
    names = []
    for days in range(0, 400, 20):
        names += [
            one.name
            for one in write_archives(
                session, key=key, now=now + LATER - timedelta(days=40) + timedelta(days=days)
            )
        ]
    assert names == ["lots-2026-11", "lots-2026-12", "lots-2027-01", "lots-2027-02"]
    assert sum(archive.rows for archive in archives(session)) == 4


def test_the_floor_of_two_years_holds_whatever_the_rule_says(
    session: Session, given: Given
) -> None:
    today = given.day(0)
    kept = {
        kind: months_kept(session, kind, today) for kind in ("lots", "diary", "events", "ledger")
    }
    assert kept == {"lots": 36, "diary": 36, "events": 36, "ledger": 60}
    shorter = update(LegalRule).where(col(LegalRule.key) == "retention.lots_months")
    session.execute(shorter.values(value="6"))
    assert months_kept(session, "lots", today) == 24


def test_the_daily_work_writes_them_and_the_command_checks_them(
    engine: Engine,
    session: Session,
    lot: HarvestLot,
    now: datetime,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session.commit()
    address = engine.url.render_as_string(hide_password=False)
    chosen = Settings(data_dir=tmp_path, database_url=address)
    app = create_app(chosen, engine=engine, clock=Clock(now + LATER))
    runner = _runner(app)
    runner.do_chores()
    while runner.run_one():
        pass
    with transaction(engine) as reading:
        assert [one.name for one in archives(reading)] == ["diary-2026-11", "lots-2026-11"]
    monkeypatch.setattr(cli_records, "settings", lambda: chosen)
    command = CliRunner()
    whole = command.invoke(cli.main, ["archive", "verify"])
    assert (whole.exit_code, whole.output.splitlines()) == (
        0,
        ["diary-2026-11: whole", "lots-2026-11: whole"],
    )
    assert "BEGIN PUBLIC KEY" in command.invoke(cli.main, ["archive", "key"]).output
    with transaction(engine) as spoiling:
        spoiling.execute(update(Archive).values(content=b"\x1f\x8b"))
    spoiled = command.invoke(cli.main, ["archive", "verify"])
    assert spoiled.exit_code == 1
    assert "Its bytes are not those that were written." in spoiled.output


def test_an_archive_checks_with_the_public_key_alone(
    session: Session, key: Ed25519PrivateKey, lot: HarvestLot, now: datetime
) -> None:
    for one in write_archives(session, key=key, now=now + LATER):
        facts = {"sha256": one.sha256, "signature": one.signature, "rows": one.rows}
        assert find_fault(one.content, **facts, key=key.public_key()) is None
