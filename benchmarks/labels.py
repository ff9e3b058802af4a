"""Symbols in bulk, long PDFs and printer files against what most people would write."""

import ctypes
import ctypes.util
import hmac
import resource
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path
from typing import BinaryIO

from fpdf import FPDF
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from qrcode.util import QRData

from app.labels.run_files import write_order
from app.labels.segments import segments_of
from app.labels.serials import serials
from app.labels.symbols import encode
from app.labels.typeface import Weight, font_file
from app.models.print_runs import Output
from benchmarks.harness import Result, interleaved, rate, side
from benchmarks.orders import key_ring, order_of

ROUNDS = 5
RUN = 100_000
SHEET = 20_000
LOOP = 240
SINGLES = 60
KEY = bytes(range(32))
HOST = "https://TXNG.LAOCAI.GOV.VN/T/LCJ6VNGGH6BCFNM/"
WORDS = (
    "Cải bắp Sa Pa",
    "HTX Nông nghiệp Bản Xèo",
    "Đ/c: Thôn Bản Xèo 2, xã Mường Hum",
    "Xuất xứ: Lào Cai, Việt Nam",
    "NSX: 21/11/2026   HSD: 28/11/2026",
)
LEFT, FIRST_LINE, PITCH, SIZE = 20.0, 4.0, 3.0, 2.0


def _addresses(count: int, start: int = 0) -> list[str]:
    return [HOST + serial for serial in serials(KEY, start, count)]


def symbols_vs_qrcode() -> Result:
    """1,000 symbols a call, level M, all masks weighed, against `qrcode` with the same segments."""
    texts = _addresses(1000)

    def ours() -> int:
        return sum(len(batch.modules) for batch in encode(texts, level="M"))

    def theirs() -> int:
        for text in texts[:SINGLES]:
            _by_qrcode(text).get_matrix()
        return SINGLES

    return _compared(
        "symbols_vs_qrcode", ("batch of 1,000", ours), ("qrcode", theirs), unit="symbols/s"
    )


def symbols_vs_libqrencode() -> Result | None:
    """The same against libqrencode (C) through ctypes, where it is installed."""
    found = ctypes.util.find_library("qrencode")
    if found is None:
        print("symbols_vs_libqrencode: libqrencode is not present on this machine")
        return None
    library, texts = ctypes.CDLL(found), [text.encode() for text in _addresses(1000)]
    library.QRcode_encodeString.restype = ctypes.c_void_p
    library.QRcode_encodeString.argtypes = (ctypes.c_char_p, *[ctypes.c_int] * 4)
    library.QRcode_free.argtypes = (ctypes.c_void_p,)
    plain = _addresses(1000)

    def ours() -> int:
        return sum(len(batch.modules) for batch in encode(plain, level="M"))

    def theirs() -> int:
        for text in texts:  # any version, level M, 8-bit hint (it splits by itself), case kept
            library.QRcode_free(library.QRcode_encodeString(text, 0, 1, 2, 1))
        return len(texts)

    return _compared(
        "symbols_vs_libqrencode",
        ("batch of 1,000", ours),
        ("libqrencode", theirs),
        unit="symbols/s",
    )


def sheet_100k_vs_loop(kind: str) -> Result:
    """100,000 labels of their own in one PDF, serials included, against qrcode + Pillow + fpdf2."""
    ours, theirs, ratio = interleaved(
        lambda: rate(lambda: _run(RUN, kind)), lambda: rate(lambda: _loop(LOOP, kind)), rounds=3
    )
    megabytes, size = _in_own_process(kind)
    return Result(
        f"sheet_100k_vs_loop_{kind}",
        ratio,
        side(f"100,000 labels, {kind}", "labels/s", ours),
        side("qrcode + Pillow + fpdf2", "labels/s", theirs),
        "none",
        f"{megabytes:.0f} MB at most, {size:.0f} bytes a label",
    )


def sheet_vs_batch_symbols() -> Result:
    """Labels of an A4 run end to end against the bare symbols of the same run."""
    texts = _addresses(SHEET)

    def symbols() -> int:
        for start in range(0, SHEET, 1000):
            encode(texts[start : start + 1000], level="M")
        return SHEET

    return _compared(
        "sheet_vs_batch_symbols",
        ("labels in an A4 run", lambda: _run(SHEET, "a4")),
        ("bare symbols", symbols),
        unit="labels/s",
    )


def zpl_rate() -> Result:
    """A run of labels as ZPL whose symbols the printer draws, serials included, against bare HMACs."""
    keys = key_ring()
    order = order_of(RUN, Output.ZPL_NATIVE, "roll", keys)

    def ours() -> int:
        with tempfile.TemporaryFile() as out:
            write_order(out, order, keys)
        return RUN

    def bare() -> int:
        for number in range(RUN):
            hmac.digest(KEY, number.to_bytes(8, "big"), "sha256")
        return RUN

    return _compared("zpl_rate", ("labels as ZPL", ours), ("bare HMAC", bare), unit="labels/s")


def _compared(
    name: str,
    ours: tuple[str, Callable[[], int]],
    theirs: tuple[str, Callable[[], int]],
    *,
    unit: str,
) -> Result:
    ours[1](), theirs[1]()
    a, b, ratio = interleaved(lambda: rate(ours[1]), lambda: rate(theirs[1]), rounds=ROUNDS)
    return Result(name, ratio, side(ours[0], unit, a), side(theirs[0], unit, b), "none")


def _by_qrcode(text: str) -> QRCode:
    made = QRCode(error_correction=ERROR_CORRECT_M, border=0, box_size=4)
    for part in segments_of(text):
        made.add_data(QRData(part.content, mode=int(part.mode)))
    made.make(fit=True)
    return made


def _places(kind: str) -> tuple[float, float, int, int]:
    """Page in mm, columns and rows of labels."""
    return (210.0, 297.0, 4, 9) if kind == "a4" else (50.0, 30.0, 1, 1)


def _run(count: int, kind: str) -> int:
    with tempfile.TemporaryFile() as out:
        _write(out, count, kind)
    return count


def _write(out: BinaryIO, count: int, kind: str) -> None:
    keys = key_ring()
    write_order(out, order_of(count, Output.PDF, kind, keys), keys)


def _loop(count: int, kind: str) -> int:
    """What most people would write: a picture a label, and a library that draws it."""
    width, height, columns, rows = _places(kind)
    pdf = FPDF(unit="mm", format=(width, height))
    pdf.set_auto_page_break(auto=False)
    pdf.add_font("Regular", fname=font_file(Weight.REGULAR))
    for at, text in enumerate(_addresses(count)):
        row, column = divmod(at % (columns * rows), columns)
        if row == column == 0:
            pdf.add_page()
            pdf.set_font("Regular", size=SIZE * 72 / 25.4)
        left, top = column * width / columns, row * height / rows
        picture = _by_qrcode(text).make_image().get_image()
        pdf.image(picture, left + 1.5, top + 1.5, 16.5, 16.5)
        for line, words in enumerate((*WORDS, text[-12:])):
            pdf.text(left + LEFT, top + FIRST_LINE + line * PITCH, words)
    pdf.output(BytesIO())
    return count


def _in_own_process(kind: str) -> tuple[float, float]:
    """The most memory of a process that does nothing else, and the bytes of a label."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        return alone.submit(_weighed, kind).result()


def _weighed(kind: str) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "run.pdf"
        with file.open("wb") as out:
            _write(out, RUN, kind)
        size = file.stat().st_size / RUN
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, size


CASES: dict[str, tuple[Callable[[], Result | None], ...]] = {
    "symbols_vs_qrcode": (symbols_vs_qrcode,),
    "symbols_vs_libqrencode": (symbols_vs_libqrencode,),
    "sheet_100k_vs_loop": (
        lambda: sheet_100k_vs_loop("a4"),
        lambda: sheet_100k_vs_loop("roll"),
    ),
    "sheet_vs_batch_symbols": (sheet_vs_batch_symbols,),
    "zpl_rate": (zpl_rate,),
}
