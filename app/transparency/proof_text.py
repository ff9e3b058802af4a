"""A proof that stands alone (C2SP tlog-proof): index, path and checkpoint in one text. Pure."""

from dataclasses import dataclass

from app.transparency.checkpoints import Checkpoint, decoded, encoded
from app.transparency.merkle import is_included
from app.transparency.notes import BadNote, Note, read_note

FIRST_LINE = "c2sp.org/tlog-proof@v1"
_INDEX = "index "
_EXTRA = "extra "


@dataclass(frozen=True)
class Proof:
    """That an entry stands at an index of the tree of a checkpoint."""

    index: int
    path: tuple[bytes, ...]
    note: Note

    def __str__(self) -> str:
        path = "".join(f"{encoded(one)}\n" for one in self.path)
        return f"{FIRST_LINE}\n{_INDEX}{self.index}\n{path}\n{self.note}"

    @classmethod
    def read(cls, text: str) -> "Proof":
        """The proof in a text. Raises BadNote."""
        above, gap, whole = text.partition("\n\n")
        lines = above.split("\n")
        if not gap or lines.pop(0) != FIRST_LINE:
            raise BadNote("this is no proof")
        if lines and lines[0].startswith(_EXTRA):
            lines.pop(0)
        number = lines.pop(0).removeprefix(_INDEX) if lines else ""
        if not number.isdigit() or str(int(number)) != number:
            raise BadNote("a proof names the index of its entry")
        return cls(int(number), tuple(map(decoded, lines)), read_note(whole))

    def holds(self, leaf: bytes) -> bool:
        """Whether it leads from an entry to the root of its checkpoint; whose that is, it leaves open."""
        checkpoint = Checkpoint.read(self.note.text)
        return is_included(leaf, self.index, checkpoint.size, self.path, checkpoint.root)
