"""Sending labels: a printer that is slow, off, hangs, or hangs up in the middle of a run."""

import re
import socket
import threading
import time
from contextlib import contextmanager

import numpy as np
import pytest
from click.testing import CliRunner

from app.cli import main
from app.errors import Refused
from app.labels.bitmap import bitmap_from
from app.labels.label_files import label_file
from app.labels.print_file import print_file
from app.labels.printer_languages import PrinterLanguage, printed
from app.labels.printing import PrinterTrouble, RawPrinter, raw_printer, send_raw, send_to_queue
from app.labels.symbols import encode
from app.labels.tspl import Stock
from app.labels.zpl import Line, NativeField, zpl_face, zpl_native
from tests.labels.printers import EscPos, Tspl, Zpl

COUNT = 12
PRINTERS = {"zpl": Zpl, "tspl": lambda: Tspl(dots_a_mm=1), "escpos": EscPos}


@contextmanager
def fake_printer(behave):
    """A printer on loopback: `behave` is given each connection; what it read is in `.paper`."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(10)
    paper = bytearray()

    def serve():
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection:
            connection.settimeout(10)
            behave(connection, paper)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        host, port = server.getsockname()
        yield RawPrinter(host, port, connect_seconds=2, stall_seconds=1), paper
    finally:
        thread.join(timeout=12)
        server.close()


def patient(connection, paper):
    while some := connection.recv(65536):
        paper += some


def slow(connection, paper):
    while some := connection.recv(4096):
        paper += some
        time.sleep(0.01)


def hangs_up(connection, paper):
    while len(paper) < 3000:
        paper += connection.recv(1000)
    # A reset, as of a printer that is switched off.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def hangs(connection, paper):
    paper += connection.recv(1000)
    time.sleep(2.5)


def chatters(connection, paper):
    """Says things of its own, as printers with status messages do, and keeps the line open."""
    connection.sendall(b"\x02030,0,0,0000\x03\r\n" * 3)
    patient(connection, paper)
    connection.sendall(b"done")
    time.sleep(0.1)


def labels(size=600, count=COUNT):
    return [bytes([65 + at]) * size for at in range(count)]


@pytest.mark.parametrize("behave", [patient, slow, chatters])
def test_everything_arrives(behave):
    heard = []
    with fake_printer(behave) as (printer, paper):
        assert send_raw(printer, labels(), told=heard.append) == COUNT
    assert bytes(paper) == b"".join(labels())
    assert heard == list(range(1, COUNT + 1))


def test_a_printer_that_is_off_is_said_to_be():
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    with pytest.raises(PrinterTrouble, match="does not answer") as trouble:
        send_raw(RawPrinter("127.0.0.1", port, connect_seconds=1), labels())
    assert trouble.value.handed_over == 0


@pytest.mark.parametrize("host", ["no-such-printer.invalid", "192.168..50", "m" * 64])
def test_a_name_that_is_no_host_is_a_printer_that_does_not_answer(host):
    with pytest.raises(PrinterTrouble, match=re.escape(f"{host}:9100 does not answer")):
        send_raw(RawPrinter(host, connect_seconds=1), labels())


def test_a_printer_that_hangs_up_says_after_how_many():
    big = labels(size=400_000)
    with (
        fake_printer(hangs_up) as (printer, _),
        pytest.raises(PrinterTrouble, match="closed the connection") as trouble,
    ):
        send_raw(printer, big)
    assert trouble.value.handed_over < COUNT


def test_a_printer_that_hangs_is_not_waited_for_for_ever():
    big, began = labels(size=4_000_000), time.monotonic()
    with (
        fake_printer(hangs) as (printer, _),
        pytest.raises(PrinterTrouble, match="has taken nothing for 1 seconds"),
    ):
        send_raw(printer, big)
    assert time.monotonic() - began < 8


def test_the_run_stops_where_its_labels_stop():
    """A run that is called off in its middle (a lot recalled) prints nothing more."""

    def called_off():
        yield from labels(count=3)
        raise Refused("recalled")

    with fake_printer(patient) as (printer, paper), pytest.raises(Refused):
        send_raw(printer, called_off())
    assert bytes(paper) == b"".join(labels(count=3))


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("192.168.1.50", "192.168.1.50", 9100),
        ("may-in.local:9101", "may-in.local", 9101),
        ("[fe80::1]:9100", "fe80::1", 9100),
        ("[fe80::1]", "fe80::1", 9100),
        ("fe80::1", "fe80::1", 9100),
    ],
)
def test_an_address_is_read(address, host, port):
    found = raw_printer(address)
    assert (found.host, found.port) == (host, port)


@pytest.mark.parametrize(
    "address", ["", ":9100", "host:", "host:0", "host:70000", "host:x", "host:٩"]
)
def test_a_wrong_address_is_refused(address):
    with pytest.raises(Refused, match="address"):
        raw_printer(address)


@pytest.fixture(scope="module")
def bitmaps():
    (made,) = encode([f"A{at:03}" for at in range(COUNT)], level="L")
    return [bitmap_from(modules) for modules in made.modules]


@pytest.fixture(params=PrinterLanguage)
def file(request, bitmaps, tmp_path):
    side = bitmaps[0].width
    language = request.param
    made = tmp_path / f"labels.{language.value}"
    run = printed(language, [(one, 1) for one in bitmaps], Stock(side, side))
    made.write_bytes(b"".join(run))
    return made


@pytest.mark.parametrize("first", [1, 2, COUNT])
def test_a_file_goes_on_at_any_label(file, bitmaps, first):
    found = label_file(file)
    assert len(found.spans) == COUNT
    out = PRINTERS[file.suffix[1:]]().print(b"".join(found.pieces(first)))
    assert len(out) == COUNT - first + 1
    for one, wanted in zip(out, bitmaps[first - 1 :], strict=True):
        assert (one.dots[:, : wanted.width] == wanted.dots).all()


def test_a_bitmap_that_looks_like_commands_is_stepped_over(tmp_path):
    rows = (b"\r\nPRINT 1,1\r\n\x1b@CLS\r\n" * 8)[:160]
    turned = bytes(255 - value for value in rows)
    for language, content in ((PrinterLanguage.TSPL, turned), (PrinterLanguage.ESCPOS, rows)):
        label = bitmap_from(_bits(content))
        made = tmp_path / f"odd.{language.value}"
        made.write_bytes(b"".join(printed(language, [(label, 1)] * 3, Stock(64, 20))))
        assert rows in made.read_bytes()
        assert len(label_file(made).spans) == 3


def _bits(content):
    return np.unpackbits(np.frombuffer(content, np.uint8).reshape(20, 8), axis=1).astype(bool)


def test_a_stored_face_is_sent_again_when_a_run_goes_on(tmp_path):
    made, field = tmp_path / "run.zpl", NativeField(0, 1, 1, "L", (Line(0, 9, 9),))
    faces = [bitmap_from(_bits(bytes([ink] * 160))) for ink in (0, 255)]
    of_two_lots = [
        zpl_face(face, [field])
        + b"".join(zpl_native([field], [(f"A{at}", str(at))]) for at in range(start, start + 5))
        for face, start in zip(faces, (0, 5), strict=True)
    ]
    made.write_bytes(b"".join(of_two_lots))
    found = label_file(made)
    assert len(found.spans) == 10
    whole = Zpl().print(made.read_bytes())
    for first in range(1, 11):
        out = Zpl().print(b"".join(found.pieces(first)))
        assert [one.lines for one in out] == [[str(at)] for at in range(first - 1, 10)]
        for one, wanted in zip(out, whole[first - 1 :], strict=True):
            assert (one.dots == wanted.dots).all()


@pytest.mark.parametrize("name", ["labels.pdf", "labels.txt", "labels"])
def test_a_file_no_label_printer_reads_is_refused(tmp_path, name):
    made = tmp_path / name
    made.write_bytes(b"%PDF-1.7")
    with pytest.raises(Refused, match="to a queue instead"):
        label_file(made)


@pytest.mark.parametrize("name", ["a.zpl", "a.tspl", "a.escpos"])
@pytest.mark.parametrize("content", [b"", b"nonsense", b"BITMAP 1,2\r\n", b"\x1b"])
def test_a_file_without_labels_is_refused(tmp_path, name, content):
    made = tmp_path / name
    made.write_bytes(content)
    with pytest.raises(Refused, match="no label in"):
        label_file(made)


def run(*arguments):
    return CliRunner().invoke(main, ["print", *map(str, arguments)])


def test_the_command_prints(file):
    with fake_printer(patient) as (printer, paper):
        done = run(file, "--to", printer.name, "--language", "en")
    assert done.exit_code == 0
    assert done.output == f"{COUNT} labels were handed to {printer.name}.\n"
    assert bytes(paper) == file.read_bytes()


def test_the_command_says_where_to_go_on(tmp_path):
    made = tmp_path / "big.zpl"
    sizes = [400] * 6 + [400_000] * (COUNT - 6)
    made.write_bytes(b"".join(b"^XA^FX%b^XZ\n" % (b"A" * size) for size in sizes))
    with fake_printer(hangs_up) as (printer, _):
        done = run(made, "--to", printer.name, "--from", 3, "--language", "en")
    assert done.exit_code == 1
    assert "closed the connection" in done.output
    assert re.search(rf"Labels 3 to \d+ of {COUNT} were handed over", done.output)
    vietnamese = run(made, "--to", "127.0.0.1:1")
    assert "không trả lời" in vietnamese.output


def test_the_command_wants_one_destination(file):
    assert "either" in run(file, "--language", "en").output
    assert "either" in run(file, "--to", "a", "--queue", "b", "--language", "en").output
    assert (
        f"holds {COUNT} labels" in run(file, "--to", "a", "--from", 99, "--language", "en").output
    )


@pytest.fixture
def lp(tmp_path, monkeypatch):
    """A stand-in for CUPS's `lp` that keeps what it was given."""

    def install(script):
        program = tmp_path / "bin" / "lp"
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")

    return install


def test_a_queue_gets_the_labels_as_they_are(lp, tmp_path, file):
    lp(f'echo "$@" > {tmp_path}/said; cat > {tmp_path}/job; echo "request id is Tem-7"')
    done = run(file, "--queue", "Tem", "--language", "en")
    assert done.output.strip().endswith("request id is Tem-7")
    assert (tmp_path / "job").read_bytes() == file.read_bytes()
    assert "-d Tem" in (tmp_path / "said").read_text()
    assert "-o raw" in (tmp_path / "said").read_text()


def test_a_queue_turns_pages_into_dots_itself(lp, tmp_path):
    lp(f'echo "$@" > {tmp_path}/said; cat > /dev/null')
    pages = tmp_path / "labels.pdf"
    pages.write_bytes(b"%PDF-1.7")
    print_file(pages, address=None, queue="Tem")
    assert "raw" not in (tmp_path / "said").read_text()


def test_a_queue_that_does_not_take_it_says_why(lp):
    lp('cat > /dev/null; echo "lp: Error - unknown destination \\"Tem\\"!" >&2; exit 1')
    with pytest.raises(PrinterTrouble, match="unknown destination"):
        send_to_queue("Tem", b"x", title="t")


def test_without_cups_it_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refused, match="no CUPS"):
        send_to_queue("Tem", b"x", title="t")


@pytest.mark.parametrize("queue", ["", "-o"])
def test_a_queue_is_no_option(lp, queue):
    lp("cat > /dev/null")
    with pytest.raises(Refused, match="no printer queue"):
        send_to_queue(queue, b"x", title="t")
