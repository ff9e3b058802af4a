"""A checkpoint (C2SP tlog-checkpoint): origin, size and root of the tree, and declared breaks. Pure."""

import base64
import binascii
import re
from dataclasses import dataclass, field

from app.transparency.merkle import HASH_BYTES
from app.transparency.notes import BadNote

_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True)
class Break:
    """A place where the log does not go on from what was published: said in every later checkpoint.

    `size` and `root` are of the last checkpoint before it, `kept` says how many of its entries
    the log still begins with.
    """

    number: int
    size: int
    root: bytes
    kept: int

    def __str__(self) -> str:
        return f"break {self.number} {self.size} {encoded(self.root)} {self.kept}"

    @classmethod
    def read(cls, line: str) -> "Break":
        """The break an extension line tells of. Raises BadNote."""
        word, *told = line.split(" ")
        if word != "break" or len(told) != 4:  # noqa: PLR2004  # number, size, root, kept
            raise BadNote("this is no line of a break")
        return cls(_number(told[0]), _number(told[1]), decoded(told[2]), _number(told[3]))


@dataclass(frozen=True)
class Checkpoint:
    """The first `size` entries of a log have this root. `extensions` are further lines."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        lines = (self.origin, str(self.size), encoded(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    @property
    def breaks(self) -> tuple[Break, ...]:
        """The breaks it declares; lines of another kind are passed over."""
        lines = (line for line in self.extensions if line.startswith("break "))
        return tuple(map(Break.read, lines))

    @classmethod
    def read(cls, text: str) -> "Checkpoint":
        """The checkpoint in the text of a note. Raises BadNote."""
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() or not all(lines):  # noqa: PLR2004  # three lines and the end
            raise BadNote("a checkpoint is three lines or more, none of them empty")
        origin, size, root, *more = lines
        return cls(origin, _number(size), decoded(root), tuple(more))


def encoded(digest: bytes) -> str:
    """A hash as a checkpoint or a proof writes it."""
    return base64.b64encode(digest).decode()


def decoded(text: str) -> bytes:
    """The hash in a text. Raises BadNote."""
    try:
        digest = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as unreadable:
        raise BadNote("a hash is base64") from unreadable
    if len(digest) != HASH_BYTES or encoded(digest) != text:
        raise BadNote("a hash has 32 bytes, written in one way only")
    return digest


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise BadNote("a size is a whole number without leading zeros")
    return int(text)
