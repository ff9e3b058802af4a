"""Reading the marks of standards: the one in force on a day, all of them, pictures by their hash."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, select
from sqlmodel import Session, col

from app.catalogue.artwork import Artwork
from app.errors import NotFound
from app.kit.messages import say
from app.models.catalogue import Standard
from app.models.marks import StandardMark


@dataclass(frozen=True)
class MarkLine:
    """A mark with its standard. `replaced`: a newer one has taken its place by today."""

    mark: StandardMark
    standard: Standard
    replaced: bool = False


def mark_on(session: Session, standard_id: int, day: date) -> StandardMark | None:
    """The mark of a standard that may be used on a day.

    The newest that has begun decides: where it has ended, an older one does not come back.
    """
    wanted = (
        select(StandardMark)
        .where(col(StandardMark.standard_id) == standard_id, col(StandardMark.valid_from) <= day)
        .order_by(col(StandardMark.valid_from).desc(), col(StandardMark.id).desc())
        .limit(1)
    )
    mark: StandardMark | None = session.execute(wanted).scalars().first()
    if mark is None or (mark.valid_to is not None and mark.valid_to < day):
        return None
    return mark


def marks(session: Session, today: date) -> list[MarkLine]:
    """Every mark there is or was, by standard, the newest first."""
    wanted = (
        select(StandardMark, Standard)
        .join(Standard, col(Standard.id) == col(StandardMark.standard_id))
        .order_by(
            col(Standard.kind),
            col(Standard.code),
            col(StandardMark.valid_from).desc(),
            col(StandardMark.id).desc(),
        )
    )
    lines: list[MarkLine] = []
    begun: set[int] = set()
    for mark, standard in session.execute(wanted):
        lines.append(MarkLine(mark, standard, replaced=standard.pk in begun))
        if mark.valid_from <= today:
            begun.add(standard.pk)
    return lines


def mark_by_uid(session: Session, uid: UUID) -> MarkLine:
    """One mark; NotFound for none."""
    wanted = (
        select(StandardMark, Standard)
        .join(Standard, col(Standard.id) == col(StandardMark.standard_id))
        .where(col(StandardMark.uid) == uid)
    )
    row = session.execute(wanted).first()
    if row is None:
        raise NotFound(say("There is no such mark."))
    return MarkLine(*row)


def artwork_of(mark: StandardMark) -> Artwork:
    """Its picture."""
    return Artwork(mark.content, mark.width, mark.height)


def artworks_by_sha256(reading: Session | Connection, wanted: Iterable[str]) -> list[Artwork]:
    """Pictures by the hashes of their bytes, each once."""
    columns = (col(StandardMark.content), col(StandardMark.width), col(StandardMark.height))
    rows = reading.execute(select(*columns).where(col(StandardMark.sha256).in_(set(wanted))))
    found = {art.sha256: art for art in (Artwork(*row) for row in rows)}
    return [found[sha256] for sha256 in sorted(found)]
