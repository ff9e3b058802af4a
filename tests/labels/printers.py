"""Printers for tests: what the manuals of three languages say, drawn as dots. An unknown command is an error."""

import re
import zlib
from base64 import b64decode
from dataclasses import dataclass, field

import numpy as np
from qrcode.main import QRCode
from qrcode.util import MODE_8BIT_BYTE, QRData

LEVELS = {"L": 1, "M": 0, "Q": 3, "H": 2}


@dataclass
class Printed:
    """One label: its dots (True is black), how often, and lines in the printer's own letters."""

    dots: np.ndarray
    copies: int = 1
    lines: list[str] = field(default_factory=list)


def crc_16(data: bytes) -> int:
    """CRC-16/XMODEM, bit by bit (ZPL II Programming Guide, ZB64 encoding)."""
    crc = 0
    for octet in data:
        crc ^= octet << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


class Zpl:
    """The commands of ZPL II that labels here use. ^FO of a QR sinks by the height ^BY left behind."""

    def __init__(self):
        self.stored = {}
        self.labels = []
        self.bar_height = 10

    def print(self, data: bytes) -> list[Printed]:
        formats = re.findall(r"\^XA(.*?)\^XZ\s*", data.decode("ascii"), re.DOTALL)
        assert re.sub(r"\^XA.*?\^XZ\s*", "", data.decode("ascii"), flags=re.DOTALL) == ""
        for one in formats:
            self._format(re.findall(r"\^([A-Z][A-Z0-9@])([^^]*)", one.replace("\n", "")))
        return self.labels

    def _format(self, commands):
        stored = next((rest for name, rest in commands if name == "DF"), None)
        recalled = next((rest for name, rest in commands if name == "XF"), None)
        if stored is not None:
            self.stored[stored] = [pair for pair in commands if pair[0] != "DF"]
            return
        values = self._values(commands) if recalled is not None else {}
        if recalled is not None:
            own = [p for p in self._without_numbers(commands) if p[0] != "XF"]
            commands = self.stored[recalled] + own
        self._draw(commands, values)

    def _values(self, commands):
        numbers = [(at, rest) for at, (name, rest) in enumerate(commands) if name == "FN"]
        return {rest: commands[at + 1][1] for at, rest in numbers if commands[at + 1][0] == "FD"}

    def _without_numbers(self, commands):
        kept, skipping = [], False
        for name, rest in commands:
            skipping = (skipping or name == "FN") and name != "FS"
            if not skipping:
                kept.append((name, rest))
        return kept

    def _draw(self, commands, values):
        canvas = _Canvas(self, values)
        for name, rest in commands:
            getattr(canvas, f"do_{name.lower()}")(rest)
        self.labels.append(canvas.printed())

    def graphic(self, rest):
        kind, sent, total, row, data = rest.split(",", 4)
        assert (kind, sent) == ("A", total)
        found = re.fullmatch(r":Z64:([A-Za-z0-9+/=]+):([0-9A-F]{4})", data)
        assert crc_16(found[1].encode()) == int(found[2], 16)
        raw = zlib.decompress(b64decode(found[1]))
        assert len(raw) == int(total)
        return np.unpackbits(np.frombuffer(raw, np.uint8).reshape(-1, int(row)), axis=1).astype(
            bool
        )

    def qr(self, said, dots):
        level, mode, comma, text = said[0], said[1], said[2], said[3:]
        assert (mode, comma) == ("A", ",")
        made = QRCode(error_correction=LEVELS[level], border=0)
        made.add_data(QRData(text.encode(), mode=MODE_8BIT_BYTE))
        made.make(fit=True)
        return np.kron(np.array(made.get_matrix(), bool), np.ones((dots, dots), bool))


class _Canvas:
    """One format being drawn."""

    def __init__(self, printer, values):
        self.printer, self.values = printer, values
        self.copies, self.lines, self.things = 1, [], []
        self.x = self.y = self.qr_dots = self.font = None

    def printed(self):
        dots = np.zeros((self.height, self.width), bool)
        for left, top, part in self.things:
            room = dots[top : top + len(part), left : left + part.shape[1]]
            room |= part[: room.shape[0], : room.shape[1]]
        return Printed(dots, self.copies, self.lines)

    def do_pw(self, rest):
        self.width = int(rest)

    def do_ll(self, rest):
        self.height = int(rest)

    def do_lh(self, rest):
        assert rest == "0,0"

    def do_pq(self, rest):
        self.copies = int(rest)

    def do_by(self, rest):
        self.printer.bar_height = int(rest.split(",")[2])

    def do_fo(self, rest):
        self.x, self.y = map(int, rest.split(","))
        self.qr_dots = self.font = None

    def do_ft(self, rest):
        """A line on its baseline."""
        self.do_fo(rest)

    def do_gf(self, rest):
        self.things.append((self.x, self.y, self.printer.graphic(rest)))

    def do_bq(self, rest):
        orientation, model, size = rest.split(",")
        assert (orientation, model) == ("N", "2")
        self.qr_dots = int(size)

    def do_a0(self, rest):
        self.font = rest

    def do_fn(self, rest):
        self.do_fd(self.values[rest])

    def do_fd(self, said):
        if self.qr_dots:
            drawn = self.printer.qr(said, self.qr_dots)
            self.things.append((self.x, self.y + self.printer.bar_height, drawn))
        elif self.font:
            self.lines.append(said)

    def do_fs(self, rest):
        assert rest == ""


class Tspl:
    """TSPL: a label's size in mm, an image buffer, BITMAP with 0 for black, PRINT sets, copies."""

    def __init__(self, dots_a_mm=8):
        self.dots_a_mm = dots_a_mm
        self.labels = []
        self.buffer = None
        self.gap = None

    def print(self, data: bytes) -> list[Printed]:
        while data:
            if data.startswith(b"BITMAP "):
                data = self._bitmap(data)
                continue
            line, data = data.split(b"\r\n", 1)
            self._line(line.decode("ascii"))
        return self.labels

    def _line(self, line):
        command, _, rest = line.partition(" ")
        match command:
            case "SIZE":
                width, height = re.fullmatch(r"([\d.]+) mm,([\d.]+) mm", rest).groups()
                self.size = tuple(round(float(v) * self.dots_a_mm) for v in (height, width))
            case "GAP":
                self.gap = float(re.fullmatch(r"([\d.]+) mm,0 mm", rest)[1])
            case "DIRECTION":
                self.direction = rest
            case "REFERENCE" | "SET":
                assert line in {"REFERENCE 0,0", "SET TEAR ON"}
            case "CLS":
                self.buffer = np.zeros(self.size, bool)
            case "PRINT":
                sets, copies = map(int, rest.split(","))
                self.labels.append(Printed(self.buffer.copy(), sets * copies))
            case _:
                raise AssertionError(line)

    def _bitmap(self, data):
        head = re.match(rb"BITMAP (\d+),(\d+),(\d+),(\d+),(\d),", data)
        x, y, wide, high, mode = map(int, head.groups())
        assert mode == 0
        raw = data[head.end() : head.end() + wide * high]
        part = np.unpackbits(np.frombuffer(raw, np.uint8).reshape(high, wide), axis=1) == 0
        room = self.buffer[y : y + high, x : x + wide * 8]
        room[...] = part[: room.shape[0], : room.shape[1]]
        # What lies beyond the label must be white, or the head prints on the liner.
        assert not part[:, room.shape[1] :].any()
        rest = data[head.end() + wide * high :]
        assert rest.startswith(b"\r\n")
        return rest[2:]


class EscPos:
    """ESC/POS: raster bands (GS v 0) below one another; a reset begins the next label."""

    def __init__(self):
        self.labels = []
        self.cuts = 0
        self.fed = 0

    def print(self, data: bytes) -> list[Printed]:
        bands, at = [], 0
        while at < len(data):
            if data.startswith(b"\x1b@", at):
                self._end(bands)
                bands, at = [], at + 2
            elif data.startswith(b"\x1bJ", at):
                self.fed += data[at + 2]
                at += 3
            elif data.startswith(b"\x1dVB", at):
                self.cuts += 1
                at += 4
            elif data.startswith(b"\x1dv0\x00", at):
                wide, high = (int.from_bytes(data[at + o : at + o + 2], "little") for o in (4, 6))
                assert high <= 255
                raw = np.frombuffer(data, np.uint8, wide * high, at + 8).reshape(high, wide)
                bands.append(np.unpackbits(raw, axis=1).astype(bool))
                at += 8 + wide * high
            else:
                raise AssertionError(data[at : at + 4])
        self._end(bands)
        return self.labels

    def _end(self, bands):
        if bands:
            self.labels.append(Printed(np.concatenate(bands)))
