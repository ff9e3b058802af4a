"""Large runs in the background: progress, cancel, restart, recall while printing, a full disk, a broken download."""

import errno
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from app.accounts.reach import Reach
from app.db import open_read_session, transaction
from app.jobs.claiming import claim_next
from app.jobs.progress import Progress
from app.jobs.running import Runner
from app.labels import run_files
from app.labels.run_commands import JOB_KIND, cancel_run, retry_run
from app.labels.run_files import RUNS_FOLDER, make_run, small_file
from app.labels.run_queries import RunLine, parts_of, run_by_uid
from app.lots.commands import recall_lot
from app.models.accounts import Role
from app.models.jobs import JobState
from app.models.lots import HarvestLot
from app.models.print_runs import PrintRun, RunState
from app.models.registry import Organisation
from tests.conftest import Clock
from tests.given import Given
from tests.labels.printing import BY, Printing

Make = Callable[[], bool]


@pytest.fixture
def lot(given: Given) -> HarvestLot:
    return given.lot(kilograms=1000)


@pytest.fixture
def run(session: Session, lot: HarvestLot, printing: Printing, monkeypatch: Any) -> PrintRun:
    monkeypatch.setattr(run_files, "BETWEEN_LOOKS", 100)
    made = printing.run((lot, 1040), stock="a4-4x9-50x30", serialised=True)
    session.commit()
    return made


@pytest.fixture
def make(engine: Engine, clock: Clock, tmp_path: Path) -> Make:
    """One turn of a worker."""
    handlers = {JOB_KIND: partial(make_run, data_dir=tmp_path)}
    return Runner(engine, handlers, clock).run_one


def seen(engine: Engine, run: PrintRun) -> RunLine:
    with open_read_session(engine) as session:
        return run_by_uid(session, run.uid, within=Reach.all())


def files(tmp_path: Path) -> list[str]:
    return sorted(path.suffix for path in (tmp_path / RUNS_FOLDER).glob("*"))


def test_a_large_run_is_made_in_the_background(
    engine: Engine, run: PrintRun, make: Make, tmp_path: Path
) -> None:
    assert make()
    line = seen(engine, run)
    assert line.run.state is RunState.READY
    assert line.job.state is JobState.DONE
    assert line.run.size == (tmp_path / RUNS_FOLDER / f"{run.uid}.pdf").stat().st_size
    assert files(tmp_path) == [".pdf"]


def test_the_file_is_the_same_as_if_it_had_been_made_at_once(
    engine: Engine, run: PrintRun, make: Make, printing: Printing, tmp_path: Path
) -> None:
    make()
    assert (tmp_path / RUNS_FOLDER / f"{run.uid}.pdf").read_bytes() == printing.file(run)


def test_a_worker_that_dies_is_followed_by_another_with_the_same_serials(
    engine: Engine, run: PrintRun, make: Make, clock: Clock, tmp_path: Path
) -> None:
    assert claim_next(engine, {JOB_KIND}, clock()) is not None  # and is heard of no more
    (tmp_path / RUNS_FOLDER).mkdir()
    (tmp_path / RUNS_FOLDER / f"{run.uid}.pdf.part").write_bytes(b"half a file")
    assert not make()
    clock.forward(minutes=2)
    assert make()
    line = seen(engine, run)
    assert line.run.state is RunState.READY
    assert files(tmp_path) == [".pdf"]
    with open_read_session(engine) as session:
        (part,) = parts_of(session, line.run)
    assert (part.part.first_index, part.part.last_index) == (0, 1039)


def test_a_lot_recalled_while_printing_stops_the_run(
    engine: Engine,
    session: Session,
    run: PrintRun,
    lot: HarvestLot,
    make: Make,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    given: Given,
) -> None:
    once = iter([recall_lot])

    def step(self: Progress, done: int, of: int) -> None:
        for recall in once if done >= 500 else ():
            with transaction(engine) as own:
                mine = own.get_one(HarvestLot, lot.pk)
                recall(own, lot=mine, reason="dư lượng", by=BY, now=given.now)

    monkeypatch.setattr(Progress, "step", step)
    make()
    line = seen(engine, run)
    assert line.run.state is RunState.STOPPED
    assert lot.code in line.run.stopped_because
    assert line.job.state is JobState.DONE
    with open_read_session(engine) as reader:
        (part,) = parts_of(reader, line.run)
    assert part.account.voided == 1040
    assert files(tmp_path) == []


def test_a_run_given_up_while_it_is_made_leaves_no_file(
    engine: Engine,
    run: PrintRun,
    lot: HarvestLot,
    make: Make,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    given: Given,
    clock: Clock,
) -> None:
    real = Progress.step

    def step(self: Progress, done: int, of: int) -> None:
        if done == 300:
            with transaction(engine) as own:
                mine = run_by_uid(own, run.uid, within=Reach.all()).run
                home = own.get_one(Organisation, lot.organisation_id)
                cancel_run(own, run=mine, organisation=home, by=BY, now=given.now)
        clock.forward(seconds=2)
        real(self, done, of)

    monkeypatch.setattr(Progress, "step", step)
    make()
    line = seen(engine, run)
    assert line.run.state is RunState.CANCELLED
    assert line.job.state is JobState.CANCELLED
    assert files(tmp_path) == []
    assert not make()


def test_a_full_disk_is_said_and_the_run_can_be_tried_again(
    engine: Engine,
    run: PrintRun,
    lot: HarvestLot,
    make: Make,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    given: Given,
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(run_files, "write_order", full)
        make()
    line = seen(engine, run)
    assert line.job.state is JobState.FAILED
    assert "disk of the server is full" in line.job.fault
    assert files(tmp_path) == []
    with transaction(engine) as own:
        mine = run_by_uid(own, run.uid, within=Reach.all()).run
        home = own.get_one(Organisation, lot.organisation_id)
        retry_run(own, run=mine, organisation=home, by=BY, now=given.now)
    assert make()
    assert seen(engine, run).run.state is RunState.READY


@pytest.fixture
def downloads(
    app: FastAPI,
    client: TestClient,
    session: Session,
    given: Given,
    lot: HarvestLot,
    tmp_path: Path,
) -> Iterator[TestClient]:
    settings = app.state.settings
    app.state.settings = settings.model_copy(update={"data_dir": tmp_path})
    home = session.get_one(Organisation, lot.organisation_id)
    client.headers.update(given.headers(Role.STAFF, home))
    session.commit()
    yield client
    app.state.settings = settings


def test_a_broken_download_goes_on_where_it_was(
    downloads: TestClient, run: PrintRun, make: Make
) -> None:
    make()
    address = f"/api/v1/print-runs/{run.uid}/file"
    whole = downloads.get(address)
    assert whole.headers["accept-ranges"] == "bytes"
    rest = downloads.get(
        address, headers={"Range": "bytes=1000-", "If-Range": whole.headers["etag"]}
    )
    assert rest.status_code == 206
    assert rest.content == whole.content[1000:]
    beyond = downloads.get(address, headers={"Range": f"bytes={len(whole.content)}-"})
    assert beyond.status_code == 416


def test_a_lost_file_is_made_again(
    downloads: TestClient, engine: Engine, run: PrintRun, make: Make, tmp_path: Path
) -> None:
    make()
    path = tmp_path / RUNS_FOLDER / f"{run.uid}.pdf"
    before = path.read_bytes()
    path.unlink()
    address = f"/api/v1/print-runs/{run.uid}"
    assert downloads.get(f"{address}/file").status_code == 409
    assert (
        downloads.post(f"{address}/retry", headers={"Idempotency-Key": "a"}).json()["state"]
        == "making"
    )
    make()
    assert path.read_bytes() == before


def test_progress_and_cancel_on_the_wire(downloads: TestClient, run: PrintRun) -> None:
    address = f"/api/v1/print-runs/{run.uid}"
    assert downloads.get(address).json()["job"]["state"] == "waiting"
    first, again = ({"Idempotency-Key": key} for key in "ab")
    assert downloads.post(f"{address}/cancel", headers=first).json()["state"] == "cancelled"
    assert downloads.post(f"{address}/cancel", headers=first).json()["state"] == "cancelled"
    assert downloads.post(f"{address}/cancel", headers=again).status_code == 409
    assert downloads.get(address).json()["lots"][0]["voided"] == 1040


def test_a_small_file_is_kept_by_its_content(
    session: Session, given: Given, printing: Printing
) -> None:
    run = printing.run((given.lot(), 1))
    session.flush()
    made = small_file(printing.order(run), printing.keys)
    assert made is small_file(printing.order(run), printing.keys)
