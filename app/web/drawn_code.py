"""A QR drawn into a page, as the path of an SVG: dark modules row by row."""

from dataclasses import dataclass
from itertools import groupby

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

QUIET = 4


@dataclass(frozen=True)
class DrawnCode:
    """The side with its quiet zone, in modules, and what is dark."""

    side: int
    path: str


def drawn_code(text: str) -> DrawnCode:
    """The symbol of a text."""
    encoder = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    encoder.add_data(text.encode())
    matrix = encoder.get_matrix()
    return DrawnCode(len(matrix), "".join(_row(y, row) for y, row in enumerate(matrix)))


def _row(y: int, row: list[bool]) -> str:
    path, x = "", 0
    for dark, run in groupby(row):
        width = len(list(run))
        path += f"M{x} {y}h{width}v1h-{width}z" if dark else ""
        x += width
    return path
