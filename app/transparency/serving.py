"""The log as the static files of C2SP tlog-tiles, made from what is stored: only what was published."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from app.models.ledger import LedgerEntry
from app.models.transparency import LogPart, LogTile
from app.transparency.entries import Salts, bundled, entry_of
from app.transparency.log_keys import BOTH_SALTS
from app.transparency.merkle import HASH_BYTES
from app.transparency.queries import breaks_of, newest_checkpoint
from app.transparency.tile_names import HEIGHT, WIDTH, TileName
from app.transparency.tiles import find_tile


@dataclass(frozen=True)
class Extent:
    """Which tiles there are under a prefix: those of this many entries."""

    size: int


def find_extent(session: Session, edition: int) -> Extent | None:
    """What is served under the prefix of an edition of the log: 1 is `/log`, 2 is `/log/2`, after a break.

    Files are kept by caches for ever. So where a break replaced entries, the new ones stand under a
    new prefix, and under the old one remains what both have.
    """
    breaks = breaks_of(session)
    newest = breaks[-1].number + 1 if breaks else 1
    checkpoint = newest_checkpoint(session)
    published = checkpoint.size if checkpoint else 0
    if edition == newest:
        return Extent(published)
    later = [one.kept for one in breaks if one.number >= edition]
    return Extent(min(published, *later)) if later and edition > 0 else None


def find_file(session: Session, name: TileName, extent: Extent) -> bytes | None:
    """The content of a tile, or of an entry bundle; None where it was not published."""
    reach = extent.size >> HEIGHT * (name.level or 0)
    if name.number * WIDTH + name.width > reach:
        return None
    if name.level is None:
        return _entries(session, name)
    return find_tile(session, name.level, name.number)[: name.width * HASH_BYTES]


def _entries(session: Session, name: TileName) -> bytes:
    first = name.number * WIDTH
    kept = select(col(LogTile.salts)).where(
        col(LogTile.level) == 0, col(LogTile.number) == name.number
    )
    salts: bytes = session.execute(kept).scalar_one()
    wanted = (
        select(
            col(LedgerEntry.at),
            col(LedgerEntry.kind),
            col(LedgerEntry.leaf_hash),
            col(LogPart.part),
            col(LogPart.is_open),
        )
        .outerjoin(LogPart, col(LogPart.position) == col(LedgerEntry.position))
        .where(col(LedgerEntry.position).between(first, first + name.width - 1))
        .order_by(col(LedgerEntry.position))
    )
    entries = (
        entry_of(at, kind, fact_hash, _salts(salts, place), part, is_open=bool(is_open))
        for place, (at, kind, fact_hash, part, is_open) in enumerate(session.execute(wanted))
    )
    return bundled(entries)


def _salts(salts: bytes, place: int) -> Salts:
    return Salts.of(salts[place * BOTH_SALTS : (place + 1) * BOTH_SALTS])
