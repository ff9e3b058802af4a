"""What every reader of boundary files hands over, and the words and limits they share. Pure."""

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.errors import Refused, refuse
from app.kit.messages import Message, say
from app.kit.text import TextRefused, clean, fold

FIELD = "file"
MOST_BOUNDARIES = 200
MOST_VERTICES = 100_000
LONGEST_NAME = 120
_CHUNK = 65_536
# Where people keep the name of a field in a table of attributes, folded, the surest first.
NAME_KEYS = ("name", "ten", "ten thua", "ten vung", "title", "label", "ma", "code", "id")

TOO_MANY_BOUNDARIES = say("The file holds more than 200 boundaries; split it.")
TOO_MANY_VERTICES = say("The file holds too many points: a boundary has at most 2,000.")
BROKEN = say("The file is damaged and cannot be read.")

Position = tuple[float, float]


@dataclass(frozen=True)
class Drawn:
    """One shape as a file has it: its name or nothing, its rings, and whether it was a line."""

    name: str
    rings: list[list[Position]]
    line: bool = False


def wrong(why: Message) -> Refused:
    """A refusal of the file."""
    return refuse(FIELD, why)


def name_among(properties: Mapping[str, object]) -> str:
    """The name of a shape from its table of attributes; empty when none is there."""
    by_key = {fold(key): value for key, value in properties.items()}
    for key in NAME_KEYS:
        value = by_key.get(key)
        if isinstance(value, str | int) and not isinstance(value, bool) and plain_name(str(value)):
            return plain_name(str(value))
    return ""


def plain_name(text: str) -> str:
    """A name fit to show: tidy, at most 120 characters; empty when it cannot be shown."""
    if "\N{REPLACEMENT CHARACTER}" in text:
        return ""
    try:
        return clean(text[: LONGEST_NAME // 2 * 3], longest=LONGEST_NAME * 2)[:LONGEST_NAME].strip()
    except TextRefused:
        return ""


def characters(content: bytes) -> Iterator[str]:
    """The text of a file a piece at a time: UTF-8, or UTF-16 with a byte order mark."""
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    decoder = codecs.getincrementaldecoder("utf-16" if marked else "utf-8-sig")()
    try:
        for start in range(0, len(content), _CHUNK):
            yield decoder.decode(content[start : start + _CHUNK])
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        why = say("The file is not written in UTF-8: save it again with the encoding UTF-8.")
        raise wrong(why) from None
