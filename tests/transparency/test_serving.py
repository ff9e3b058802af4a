"""The log over HTTP: the files of tlog-tiles, what they never hold, health, and following it like a monitor."""

import gzip
import json
from datetime import datetime

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, text
from sqlmodel import Session
from starlette.testclient import TestClient

from app.db import open_read_session, transaction
from app.ledger.commands import record_all
from app.main import _runner
from app.models.accounts import Role
from app.models.registry import Organisation
from app.transparency.checkpoints import Checkpoint, decoded
from app.transparency.entries import unbundled
from app.transparency.merkle import is_consistent, is_included
from app.transparency.notes import Verifier, read_note, verified_by
from app.transparency.sequencing import extend_log
from app.transparency.tending import Tender, look_again
from app.transparency.the_log import TheLog
from app.transparency.tile_names import tiles_of
from tests.conftest import Clock
from tests.given import Given
from tests.movements.moving import Moving
from tests.transparency import trees
from tests.transparency.facts import (
    CANARIES,
    CLERK,
    LOT,
    lot_fact,
    owner,
    published,
    write_facts,
)
from tests.transparency.test_breaks import restored
from tests.transparency.test_witnesses import Voucher


def checkpoint_of(client: TestClient) -> Checkpoint:
    return Checkpoint.read(read_note(client.get("/log/checkpoint").text).text)


def entries_of(client: TestClient, size: int, prefix: str = "/log") -> list[bytes]:
    found: list[bytes] = []
    for name in tiles_of(size, None):
        answer = client.get(f"{prefix}/tile/{name}")
        assert answer.status_code == 200
        found += unbundled(answer.content)
    return found


def test_a_monitor_gets_the_root_from_the_entries_alone(
    client: TestClient, engine: Engine, log: TheLog, now: datetime
) -> None:
    size = published(engine, log, now, 600)
    checkpoint = checkpoint_of(client)
    leaves = [trees.leaf(entry) for entry in entries_of(client, size)]
    assert checkpoint.size == len(leaves) == size
    assert checkpoint.root == trees.mth(leaves)
    for level in range(3):
        for name in tiles_of(size, level):
            answer = client.get(f"/log/tile/{name}")
            width = 256**level
            begin = name.number * 256
            expected = [
                trees.mth(leaves[at * width : (at + 1) * width])
                for at in range(begin, begin + name.width)
            ]
            assert answer.content == b"".join(expected)


def test_files_say_what_they_are_and_how_long_they_may_be_kept(
    client: TestClient, engine: Engine, log: TheLog, now: datetime
) -> None:
    published(engine, log, now, 300)
    kinds = {
        "/log/checkpoint": ("text/plain; charset=utf-8", "public, max-age=5"),
        "/log/keys": ("text/plain; charset=utf-8", "public, max-age=5"),
        "/log/tile/0/000": ("application/octet-stream", "public, max-age=31536000, immutable"),
        "/log/tile/0/001.p/3": ("application/octet-stream", "public, max-age=86400"),
        "/log/tile/entries/000": (
            "application/octet-stream",
            "public, max-age=31536000, immutable",
        ),
    }
    for path, (kind, cache) in kinds.items():
        answer = client.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
        assert answer.headers["cache-control"] == cache
        assert "set-cookie" not in answer.headers
    plain = client.get("/log/tile/entries/000", headers={"Accept-Encoding": "identity"})
    packed = client.get("/log/tile/entries/000", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(plain.content)
    assert packed.content == plain.content
    assert gzip.decompress(gzip.compress(plain.content)) == packed.content
    keys = [Verifier.read(line) for line in client.get("/log/keys").text.splitlines()]
    assert verified_by(read_note(client.get("/log/checkpoint").text), keys) == keys


@pytest.mark.parametrize(
    "path",
    [
        "0/002", "0/001", "0/001.p/255", "1/000", "1/000.p/2", "2/000.p/1", "entries/001", "0/000.p/256", "0/0",
        "0/000.p/00", "64/000", "..%2f..%2fkeys", "0/x999/x999/x999/x999/x999/999", "entries/-01", "0/%00",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(
    client: TestClient, engine: Engine, log: TheLog, now: datetime, path: str
) -> None:
    published(engine, log, now, 300)
    assert client.get(f"/log/tile/{path}").status_code == 404
    assert client.get("/log/checkpoints/7").status_code == 404
    assert client.get("/log/checkpoints/99999999999999999999").status_code == 404
    assert (
        client.get("/log/2/checkpoint").status_code == 200
    )  # leads to the newest, whichever it is
    assert client.get("/log/2/tile/0/000").status_code == 404


def test_nothing_is_served_before_it_is_published(
    client: TestClient, engine: Engine, log: TheLog, now: datetime
) -> None:
    assert client.get("/log/checkpoint").status_code == 404
    with transaction(engine) as session:
        write_facts(session, now, 5)
        extend_log(session, log, now=now)
    assert client.get("/log/tile/0/000.p/1").status_code == 404
    size = published(engine, log, now, 1, begin=5)
    assert client.get(f"/log/tile/0/000.p/{size}").status_code == 200
    assert client.get(f"/log/tile/0/000.p/{size + 1}").status_code == 404


def test_the_log_tells_nobody_anything_about_a_person_a_place_or_a_lot(
    client: TestClient, engine: Engine, session: Session, given: Given, log: TheLog, now: datetime
) -> None:
    home = given.cooperative(
        "Hợp tác xã Chim Yến", address="Nhà số 7 Bản Phố", public_phone="0912765432"
    )
    grower = given.grower(home, "Sùng Thị Hoàng Yến", phone="0987123456")
    area = given.area(home, polygon=given.boundary(), name="Vùng Hoàng Yến")
    lot = given.lot(area)
    given.account(Role.STAFF, home, "yen.ke.toan")
    session.commit()
    size = published(engine, log, now, 6)
    whole = b"".join(entries_of(client, size))
    canaries = [
        *CANARIES[:-1], "Chim Yến", "Bản Phố", "0912765432", "Hoàng Yến", "0987123456", "104.29",
        "yen.ke.toan", lot.code, str(home.uid), str(grower.uid), str(area.uid),
    ]  # fmt: skip
    with open_read_session(engine) as reading:
        bodies = " ".join(reading.execute(text("SELECT body FROM ledger_entry")).scalars())
        personal = " ".join(reading.execute(text("SELECT body FROM ledger_personal")).scalars())
    assert [one for one in canaries if one not in bodies + personal] == []  # the control
    assert [one for one in canaries if one.encode() in whole] == []
    kinds = {json.loads(entry)["kind"] for entry in entries_of(client, size)}
    assert {"lot.recorded", "grower.registered", "reference.loaded"} <= kinds
    opened = [json.loads(one) for one in entries_of(client, size) if b'"open"' in one]
    assert {one["kind"].split(".")[0] for one in opened} <= {"ledger", "rule", "reference"}


def test_after_a_break_the_new_tiles_stand_under_a_new_prefix(
    client: TestClient, engine: Engine, log: TheLog, now: datetime
) -> None:
    kept = published(engine, log, now, 260)
    published(engine, log, now, 60, begin=260)
    before = client.get("/log/tile/0/001.p/40").content
    restored(engine, kept)
    size = published(engine, log, now, 90, begin=900)
    checkpoint = checkpoint_of(client)
    assert checkpoint.origin == "truyxuat.test/log/2"
    assert client.get("/log/2/checkpoint").text == client.get("/log/checkpoint").text
    leaves = [trees.leaf(entry) for entry in entries_of(client, size, "/log/2")]
    assert checkpoint.root == trees.mth(leaves)
    old, new = client.get("/log/tile/0/001.p/40"), client.get("/log/2/tile/0/001.p/40")
    assert (old.status_code, new.status_code) == (404, 200)
    assert new.content != before
    assert client.get("/log/tile/0/000").content == client.get("/log/2/tile/0/000").content
    assert client.get(f"/log/tile/0/001.p/{kept - 256}").status_code == 200
    page = client.get("/log", headers={"Accept-Language": "en"}).text
    assert "Break 1" in page
    assert "truyxuat.test/log\n" in page  # what had been published is kept and shown


def test_health_answers_for_a_machine(
    client: TestClient, engine: Engine, log: TheLog, clock: Clock
) -> None:
    assert client.get("/log/health").text.startswith("ok\n")
    size = published(engine, log, clock(), 3)
    look_again(engine, clock(), full=True)
    assert client.get("/log/health").status_code == 200
    clock.forward(minutes=16)
    late = client.get("/log/health")
    assert (late.status_code, late.text.splitlines()[0]) == (503, "late")
    published(engine, log, clock(), 1, begin=3)
    published(engine, log, clock(), 0)
    assert client.get("/log/health").status_code == 200
    clock.forward(hours=49)
    assert client.get("/log/health").text.startswith("unchecked\n")
    with transaction(engine) as session, owner(session):
        session.execute(
            text("UPDATE ledger_entry SET kind = 'x' WHERE position = :p"), {"p": size - 1}
        )
    look_again(engine, clock(), full=True)
    assert f"fault entry_altered {size - 1}" in client.get("/log/health").text
    assert "The last look at the log found a fault" in client.get("/log?lang=en").text


def test_every_process_tends_the_log_by_itself(
    client: TestClient, app: FastAPI, engine: Engine, clock: Clock, session: Session
) -> None:
    tender = Tender(TheLog.of(app.state.settings))
    record(session, clock())
    tender(engine, clock())
    assert client.get("/log/checkpoint").status_code == 404  # within the delay
    clock.forward(seconds=31)
    tender(engine, clock())
    first = checkpoint_of(client)
    record(session, clock())
    tender(engine, clock())
    assert checkpoint_of(client) == first  # not due
    clock.forward(minutes=6)
    tender(engine, clock())
    second = checkpoint_of(client)
    told = client.get(f"/api/v1/log/consistency?first={first.size}&second={second.size}").json()
    proof = [decoded(one) for one in told["proof"]]
    assert is_consistent(first.size, second.size, proof, first.root, second.root)


def record(session: Session, now: datetime) -> None:
    record_all(session, [lot_fact()], by=CLERK, now=now)
    session.commit()


def test_proofs_over_the_api_lead_to_the_published_root(
    client: TestClient, engine: Engine, log: TheLog, now: datetime
) -> None:
    size = published(engine, log, now, 20)
    checkpoint = checkpoint_of(client)
    leaves = [trees.leaf(entry) for entry in entries_of(client, size)]
    for position in (0, 7, size - 1):
        told = client.get(f"/api/v1/log/inclusion?position={position}&size={size}").json()
        path = [decoded(one) for one in told["proof"]]
        assert is_included(leaves[position], position, size, path, checkpoint.root)
    for query, status in (
        (f"inclusion?position={size}&size={size}", 422),
        (f"inclusion?position=0&size={size + 1}", 404),
        (f"consistency?first={size}&second=1", 422),
        (f"consistency?first=0&second={size}", 422),
        ("inclusion?position=-1&size=1", 422),
    ):
        assert client.get(f"/api/v1/log/{query}").status_code == status
    told = client.get("/api/v1/log").json()
    assert told["checkpoint"]["note"] == client.get("/log/checkpoint").text
    assert told["fault"] is None


def test_the_province_publishes_at_once_and_registers_witnesses(
    client: TestClient, session: Session, given: Given, clock: Clock
) -> None:
    headers = given.headers(Role.PROVINCE_ADMIN)
    session.commit()
    first = client.post("/api/v1/log/checkpoints", headers=headers | {"Idempotency-Key": "a"})
    assert first.status_code == 409  # taken in now, published after the delay
    clock.forward(minutes=1)
    made = client.post("/api/v1/log/checkpoints", headers=headers | {"Idempotency-Key": "b"})
    assert made.status_code == 201, made.text
    assert client.get(made.headers["Location"]).text == client.get("/log/checkpoint").text
    voucher = Voucher()
    body = {"key": str(voucher.verifier), "who": "Trung tâm Chứng nhận"}
    added = client.post(
        "/api/v1/log/witnesses", json=body, headers=headers | {"Idempotency-Key": "c"}
    )
    assert added.status_code == 201, added.text
    note = voucher.vouch(client.get("/log/checkpoint").text, clock())
    for taken, known in ((1, 0), (0, 1)):
        sent = client.post("/api/v1/log/cosignatures", json={"note": note})
        assert (sent.status_code, sent.json()["taken"], sent.json()["known"]) == (201, taken, known)
    assert voucher.name in client.get("/log/checkpoint").text
    assert client.get("/log/keys").text.endswith(f"{voucher.verifier}\n")
    path = f"/api/v1/log/witnesses/{added.json()['id']}/retire"
    assert client.post(path, headers=headers).status_code == 428
    stale = client.post(path, headers=headers | {"If-Match": '"9"'})
    assert stale.status_code == 412
    retired = client.post(path, headers=headers | {"If-Match": added.headers["ETag"]})
    assert retired.json()["retired_at"] is not None


def test_a_lot_s_evidence_over_http(
    client: TestClient, session: Session, engine: Engine, given: Given, log: TheLog, now: datetime
) -> None:
    lot = given.lot()
    moving = Moving(given, session.get_one(Organisation, lot.organisation_id))
    moving.receive(moving.ship(lot, 1_000), lot, 1_000)
    officer, clerk = given.headers(Role.INSPECTOR), given.headers(Role.STAFF)
    session.commit()
    waiting = client.get(f"/log/lots/{lot.code}/evidence.zip")
    assert waiting.status_code == 409
    published(engine, log, now, 3)
    told = client.get(f"/api/v1/log/lots/{lot.code}").json()
    assert [fact["kind"] for fact in told["facts"]] == ["lot.recorded"]
    assert told["facts"][0]["whole"] is None
    position = told["facts"][0]["position"]
    proof = client.get(f"/log/lots/{lot.code}/{position}.tlog-proof")
    assert proof.text.startswith("c2sp.org/tlog-proof@v1\n")
    assert client.get(f"/log/lots/{lot.code}/{position + 1}.tlog-proof").status_code == 404
    whole = client.get(f"/api/v1/log/lots/{lot.code}/whole", headers=officer).json()
    assert {fact["kind"] for fact in whole["facts"]} == {
        "area.registered",
        "lot.recorded",
        "movement.shipped",
        "delivery.received",
        "movement.received",
    }
    assert client.get(f"/api/v1/log/lots/{lot.code}/whole", headers=clerk).status_code == 403
    assert client.get(f"/log/lots/{lot.code}/evidence.zip").content[:2] == b"PK"
    unknown = LOT.replace("AB0", "AB1")
    for code, status in (("LC1", 422), (unknown, 422)):
        assert client.get(f"/api/v1/log/lots/{code}").status_code == status
        assert client.get(f"/log/lots/{code}").status_code == 404
        assert client.get(f"/log/lots/{code}/evidence.zip").status_code == 404


def test_a_look_every_day_is_among_the_daily_work(
    app: FastAPI, clock: Clock, engine: Engine
) -> None:
    runner = _runner(app)
    runner.do_chores()
    while runner.run_one():
        pass
    with open_read_session(engine) as session:
        full = session.execute(text("SELECT count(*) FROM log_check WHERE begin = 0")).scalar_one()
        jobs = session.execute(
            text("SELECT state FROM job WHERE kind = 'daily.log-check'")
        ).scalars()
        assert list(jobs) == ["done"]
    assert full >= 1
