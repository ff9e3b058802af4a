"""Shipped papers and layouts by name in the reader's language; a name somebody gave stays as it is. Pure."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TypeAlias

from app.kit.messages import Message, say

Name: TypeAlias = Message | str

_SIZE = r"(?P<width>[\d,]+) × (?P<height>[\d,]+) mm"
_SIZED = say("{width} × {height} mm")
_NAMES: tuple[tuple[re.Pattern[str], Message], ...] = tuple(
    (re.compile(rf"{pattern}\Z"), message)
    for pattern, message in (
        (f"Cuộn {_SIZE}", say("Roll {size}")),
        (
            rf"Cuộn (?P<count>\d+) tem {_SIZE} \(rộng (?P<across>\d+) mm\)",
            say("Roll {across} mm wide, {count} labels of {size} abreast"),
        ),
        (
            rf"(?P<sheet>.+) không cắt sẵn, (?P<grid>\d+ × \d+) tem {_SIZE}",
            say("{sheet} uncut, {grid} labels of {size}"),
        ),
        (
            rf"(?P<sheet>.+) cắt sẵn, (?P<grid>\d+ × \d+) tem {_SIZE}",
            say("{sheet} ready-cut, {grid} labels of {size}"),
        ),
        (rf"(?P<sheet>.+), (?P<count>\d+) tem {_SIZE}", say("{sheet}, {count} labels of {size}")),
        (f"Gói hàng {_SIZE}", say("Pack {size}")),
        (f"Gói hàng có dấu tiêu chuẩn {_SIZE}", say("Pack with the mark of a standard {size}")),
        (f"Gói nhỏ {_SIZE}", say("Small pack {size}")),
        (f"Tem nhỏ {_SIZE}", say("Small label {size}")),
        (f"Thùng {_SIZE}", say("Carton {size}")),
        (f"Thùng, pa-lét {_SIZE}", say("Carton, pallet {size}")),
        (f"Thùng xuất khẩu Trung Quốc {_SIZE}", say("Carton for export to China {size}")),
        (f"Thẻ sọt của hộ {_SIZE}", say("Household's crate tag {size}")),
    )
)
_NOTES: dict[str, Message] = {
    "Kích thước in trên bao bì, chưa đo.": say("Figures from the package, not measured."),
    "Ba tem 35 mm không vừa 104 mm: đặt 33 mm, hãy đo.": say(
        "Three labels of 35 mm do not fit 104 mm: set to 33 mm, please measure."
    ),
    "Giấy dán không cắt sẵn, cắt theo vạch.": say("Uncut sticker paper, cut along the marks."),
    "Các nơi ghi lề khác nhau: hãy in trang thước và đo.": say(
        "Sources give different margins: print the ruler page and measure."
    ),
    "Lề ghi trên bao bì cộng lại quá khổ giấy: hãy đo.": say(
        "The margins on the package add up to more than the sheet: please measure."
    ),
}


def named(name: str) -> Name:
    """A paper or layout by its name in the register."""
    for pattern, message in _NAMES:
        found = pattern.match(name)
        if found is not None:
            told = found.groupdict()
            width, height = (
                Decimal(told.pop(side).replace(",", ".")) for side in ("width", "height")
            )
            size = Message(_SIZED.msgid, {"width": width, "height": height})
            return Message(message.msgid, {**told, "size": size})
    return name


def noted(note: str) -> Name:
    """What is to be known of a paper."""
    return _NOTES.get(note, note)


def listed(names: Sequence[str]) -> Name:
    """Several names in a row."""
    first, *others = map(named, names)
    shown = first
    for other in others:
        shown = say("{first}, {next}", first=shown, next=other)
    return shown
