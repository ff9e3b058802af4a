"""Ten thousand rows with their faults counted exactly; hostile files in little memory, end to end."""

import random
import subprocess
import sys

import pytest

from app.models.exchange import RowOutcome
from app.models.registry import Grower
from tests.exchange import files
from tests.exchange.sending import count
from tests.exchange.test_hostile import HOSTILE, MEMORY_MIB

HEADINGS = ["Họ và tên", "Điện thoại", "Xã", "Thôn", "Ngày vào"]
ROWS, FAULTS = 10_000, 300
LARGEST_LIST = 19_000
WRONG = {
    "name": (0, ("", "=A1", "x" * 200)),
    "phone": (1, ("12345", "9.12E+08", "091234567x")),
    "commune": (2, ("Xã Không Đâu", "", "99999")),
    "member_since": (4, ("31/11/2025", "01/01/2062", "tháng 11")),
}


def planted(chance):
    rows = [
        [f"Lý Thị {at}", f"09{at:08}", "Xã Bắc Hà", f"Thôn {at % 9}", "05/03/2024"]
        for at in range(ROWS)
    ]
    wrong = {}
    for at in chance.sample(range(ROWS), FAULTS):
        column = chance.choice(sorted(WRONG))
        # An empty commune is filled down from above; what stands above may be wrong itself.
        place, texts = WRONG[column]
        rows[at][place] = chance.choice([text for text in texts if text or column == "name"])
        wrong[at + 2] = column
    return [HEADINGS, *rows], wrong


def test_of_ten_thousand_rows_exactly_the_planted_faults_are_told_in_their_cells(sender, engine):
    rows, wrong = planted(random.Random(8_4))
    sent = sender.send(rows)
    assert sent.counts == (ROWS - FAULTS, 0, FAULTS)
    assert {number: column for number, column, _ in sent.said()} == wrong
    assert len(sent.said()) == FAULTS
    faulty = [row.number for row in sent.rows() if row.outcome is RowOutcome.FAULTY]
    assert faulty == sorted(wrong)
    sent.run()
    assert count(engine, Grower) == ROWS - FAULTS


SCRIPT = """
import pathlib, re, sys, threading, time
from starlette.testclient import TestClient
from app.db import engine_for, transaction
from app.jobs.running import Runner
from app.kit.clock import system_clock
from app.main import HANDLERS, create_app
from app.models.accounts import Role
from app.settings import Settings
from tests.given import Given

folder, database, *paths = sys.argv[1:]
engine = engine_for(database)
with transaction(engine) as session:
    given = Given(session, system_clock())
    headers = given.headers(Role.STAFF, given.cooperative())
app = create_app(Settings(data_dir=folder, base_url="https://x.test"), engine=engine)
runner = Runner(engine, HANDLERS, system_clock)

def send(content, key):
    client = TestClient(app, base_url="https://x.test")
    files = {"file": ("ds.xlsx", content)}
    sent = client.post("/api/v1/imports", data={"layout": "growers"}, files=files,
                       headers={**headers, "Idempotency-Key": key})
    while runner.run_one():
        pass
    return client.get(sent.headers["location"], headers=headers).json()

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1])

def forget_the_peak():
    pathlib.Path("/proc/self/clear_refs").write_text("5")

largest, ours = 0, pathlib.Path("/proc/self/cmdline").read_bytes()

def children():
    for listed in pathlib.Path("/proc/self/task").glob("*/children"):
        yield from listed.read_text().split()

def watch():
    # The peak of the reading process itself: what getrusage tells of children begins with ours.
    global largest
    while True:
        try:
            for pid in children():
                process = pathlib.Path("/proc") / pid
                # Between fork and exec it is the image of this process.
                if (process / "cmdline").read_bytes() not in (ours, b""):
                    found = re.search(r"VmHWM:\\s+(\\d+)", (process / "status").read_text())
                    largest = max(largest, int(found[1]) if found else 0)
        except OSError:  # a thread or a process that has just ended
            pass
        time.sleep(0.002)

threading.Thread(target=watch, daemon=True).start()
send("Họ và tên;Xã\\nAn;Xã Bắc Hà\\n".encode(), "warm")
for path in paths:
    forget_the_peak()
    before, largest = peak(), 0
    answer = send(pathlib.Path(path).read_bytes(), path)
    print(answer["state"], (peak() - before) // 1024, largest // 1024, flush=True)
"""

EXPECTED = {
    "zip bomb": "failed",
    "sparse": "failed",
    "shared text": "failed",
    "much text": "failed",
    "as large as may be": "ready",
}


def content_of(name):
    if name in HOSTILE:
        return HOSTILE[name][0]()
    rows = [[f"Lý Thị {at}", f"09{at:08}", "Xã Bắc Hà", "Thôn 1", ""] for at in range(LARGEST_LIST)]
    return files.xlsx([HEADINGS, *rows])


@pytest.mark.one_engine
def test_no_upload_ever_adds_more_than_150_mb_from_the_door_to_the_register(tmp_path, databases):
    """One process takes them one after another; how high it went is forgotten before each."""
    paths = [tmp_path / str(number) for number in range(len(EXPECTED))]
    for path, name in zip(paths, EXPECTED, strict=True):
        path.write_bytes(content_of(name))
    with databases.database() as engine:
        address = engine.url.render_as_string(hide_password=False)
        engine.dispose()
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(tmp_path), address, *map(str, paths)],
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr[-2000:]
    told = dict(zip(EXPECTED, map(str.split, done.stdout.splitlines()), strict=True))
    assert {name: state for name, (state, *_) in told.items()} == EXPECTED
    for name, (_, grown, child) in told.items():
        assert int(child) > 0, name
        assert int(grown) + int(child) < MEMORY_MIB, (name, grown, child)
