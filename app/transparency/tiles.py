"""The tree as it is stored: tiles of 256 hashes, read through a cache, grown at their right edge."""

from collections.abc import Callable, Sequence

from sqlalchemy import func, insert, select, update
from sqlmodel import Session, SQLModel, col

from app.models.transparency import LogTile
from app.transparency.entries import Salts
from app.transparency.log_keys import BOTH_SALTS
from app.transparency.merkle import (
    HASH_BYTES,
    consistency_proof,
    inclusion_proof,
    node_hash,
    root_of,
)
from app.transparency.tile_names import HEIGHT, WIDTH

FULL = WIDTH * HASH_BYTES
_TABLE = SQLModel.metadata.tables["log_tile"]
_LAST = _TABLE.alias()
_RIGHTMOST = (
    select(_TABLE.c.level, _TABLE.c.number, _TABLE.c.hashes, _TABLE.c.salts)
    .where(
        _TABLE.c.number
        == select(func.max(_LAST.c.number)).where(_LAST.c.level == _TABLE.c.level).scalar_subquery()
    )
    .order_by(_TABLE.c.level)
)


def log_size(session: Session) -> int:
    """How many entries the tree has."""
    wanted = (
        select(col(LogTile.number), func.length(col(LogTile.hashes)))
        .where(col(LogTile.level) == 0)
        .order_by(col(LogTile.number).desc())
        .limit(1)
    )
    found = session.execute(wanted).first()
    return 0 if found is None else int(found[0]) * WIDTH + int(found[1]) // HASH_BYTES


def find_tile(session: Session, level: int, number: int) -> bytes:
    """The hashes of a tile as far as there are any."""
    wanted = select(col(LogTile.hashes)).where(
        col(LogTile.level) == level, col(LogTile.number) == number
    )
    found: bytes | None = session.execute(wanted).scalar_one_or_none()
    return found or b""


def find_leaf(session: Session, position: int) -> bytes | None:
    """The hash of an entry, if the tree has it already."""
    try:
        return StoredTree(session).leaf(position)
    except LookupError:
        return None


def salts_of(session: Session, position: int) -> Salts:
    """The salts of an entry that is in the tree."""
    number, place = divmod(position, WIDTH)
    kept = _kept_salts(session, number)
    return Salts.of(kept[place * BOTH_SALTS : (place + 1) * BOTH_SALTS])


def _kept_salts(session: Session, number: int) -> bytes:
    wanted = select(col(LogTile.salts)).where(
        col(LogTile.level) == 0, col(LogTile.number) == number
    )
    kept: bytes | None = session.execute(wanted).scalar_one_or_none()
    return kept or b""


class StoredTree:
    """The tree in the database, for one transaction: roots and proofs of any size it has reached."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._tiles: dict[tuple[int, int], bytes] = {}

    def read(self, height: int, index: int) -> bytes:
        """The hash of a complete subtree. LookupError where the tree does not reach."""
        level, above = divmod(height, HEIGHT)
        number, begin = divmod(index << above, WIDTH)
        hashes = self._tile(level, number)[begin * HASH_BYTES : (begin + (1 << above)) * HASH_BYTES]
        if len(hashes) != HASH_BYTES << above:
            raise LookupError("the tree does not reach so far")
        return folded(hashes)

    def leaf(self, position: int) -> bytes:
        """The hash of an entry."""
        return self.read(0, position)

    def root(self, size: int) -> bytes:
        """The root of the first `size` entries."""
        return root_of(self.read, size)

    def inclusion(self, position: int, size: int) -> list[bytes]:
        """The proof that an entry is among the first `size`."""
        return inclusion_proof(self.read, position, size)

    def consistency(self, former: int, size: int) -> list[bytes]:
        """The proof that the first `size` entries begin with the first `former`."""
        return consistency_proof(self.read, former, size)

    def _tile(self, level: int, number: int) -> bytes:
        place = (level, number)
        if place not in self._tiles:
            self._tiles[place] = find_tile(self._session, level, number)
        return self._tiles[place]


class Growing:
    """Appending to the tree at its right edge; nothing is written before `write`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._edges: list[bytearray] = []
        self._begun: list[int] = []
        self._finished: list[tuple[int, int, bytes]] = []
        self._existed: set[tuple[int, int]] = set()
        self._kept_salts = b""
        for level, number, hashes, salts in session.execute(_RIGHTMOST):
            self._take_up(level, number, hashes, salts)
        self.size = self._begun[0] * WIDTH + len(self._edges[0]) // HASH_BYTES if self._begun else 0

    def append(self, leaves: Sequence[bytes]) -> None:
        """Add entries' hashes at the end."""
        for leaf in leaves:
            self._push(0, leaf)

    def write(self, salts: Callable[[int], bytes]) -> None:
        """Write every tile that changed; `salts` gives the salts of a tile's entries.

        Those of entries that were there stay: after a break the salts are others.
        """
        self._salts = salts
        edges = [
            (level, number, bytes(edge))
            for level, (number, edge) in enumerate(zip(self._begun, self._edges, strict=True))
            if edge
        ]
        grown = [self._row(*tile) for tile in (*self._finished, *edges)]
        fresh = [row for row in grown if (row["level"], row["number"]) not in self._existed]
        if fresh:
            self._session.execute(insert(_TABLE), fresh)
        for row in grown:
            if (row["level"], row["number"]) in self._existed:
                self._session.execute(
                    update(_TABLE)
                    .where(_TABLE.c.level == row["level"], _TABLE.c.number == row["number"])
                    .values(hashes=row["hashes"], salts=row["salts"])
                )

    def _row(self, level: int, number: int, hashes: bytes) -> dict[str, object]:
        width = len(hashes) // HASH_BYTES
        salts = b"" if level else self._salts_for(number)[: width * BOTH_SALTS]
        return {"level": level, "number": number, "hashes": hashes, "salts": salts}

    def _salts_for(self, number: int) -> bytes:
        kept = self._kept_salts if (0, number) in self._existed else b""
        return kept + self._salts(number)[len(kept) :]

    def _take_up(self, level: int, number: int, hashes: bytes, salts: bytes) -> None:
        """Go on at the right edge of a level: in its last tile, or behind it when it is full."""
        if len(hashes) == FULL:
            number, hashes = number + 1, b""
        else:
            self._existed.add((level, number))
            self._kept_salts = self._kept_salts if level else bytes(salts)
        self._begun.append(number)
        self._edges.append(bytearray(hashes))

    def _push(self, level: int, digest: bytes) -> None:
        if level == len(self._edges):
            self._begun.append(0)
            self._edges.append(bytearray())
        edge = self._edges[level]
        edge += digest
        if len(edge) < FULL:
            return
        whole = bytes(edge)
        self._finished.append((level, self._begun[level], whole))
        edge.clear()
        self._begun[level] += 1
        self._push(level + 1, folded(whole))


def folded(hashes: bytes) -> bytes:
    """The root over a power of two of hashes that stand side by side."""
    row = [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]
    while len(row) > 1:
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]
