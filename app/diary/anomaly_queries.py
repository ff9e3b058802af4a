"""What an inspector should look at in diaries: late, at night, banned, the same photograph twice."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.catalogue.active_names import keys_in
from app.catalogue.input_matching import find_regulated
from app.catalogue.queries import regulated_actives
from app.diary.entry_queries import EntryLine, entry_lines
from app.diary.rules import is_at_night
from app.diary.terms_queries import terms_on
from app.kit.messages import Message, say
from app.models.catalogue import ActiveStatus
from app.models.diary import DiaryEntry, EntryInput, EntryPicture
from app.models.inputs import ProductActive
from app.models.pictures import Picture
from app.pictures.likeness import alike

LOOK_BACK = timedelta(days=180)
MOST_LOOKED_AT = 3_000


class AnomalyKind(StrEnum):
    """What is odd about an entry."""

    BANNED = "banned"
    SAME_PHOTO = "same_photo"
    LATE = "late"
    NIGHT = "night"
    CLOCK = "clock"


@dataclass(frozen=True)
class Anomaly:
    """Something odd about one entry, in words."""

    kind: AnomalyKind
    line: EntryLine
    why: Message


def anomalies(
    session: Session, *, within: Reach, organisation_id: int | None = None, today: date, limit: int
) -> list[Anomaly]:
    """The odd entries of the last half year, the gravest kinds first; at most `limit` of a kind."""
    lines = _recent(session, within, organisation_id, since=today - LOOK_BACK)
    kinds = (
        _banned(session, lines),
        _same_photos(session, lines),
        _late(lines),
        _nightly(session, lines, today),
        _doubted(lines),
    )
    return [one for found in kinds for one in found[:limit]]


def _recent(
    session: Session, within: Reach, organisation_id: int | None, *, since: date
) -> dict[int, EntryLine]:
    wanted = entry_lines(within).where(
        col(DiaryEntry.done_on) >= since, col(DiaryEntry.void).is_(False)
    )
    if organisation_id is not None:
        wanted = wanted.where(col(DiaryEntry.organisation_id) == organisation_id)
    newest = wanted.order_by(col(DiaryEntry.id).desc()).limit(MOST_LOOKED_AT)
    return {row[0].pk: EntryLine(*row) for row in session.execute(newest)}


def _banned(session: Session, lines: dict[int, EntryLine]) -> list[Anomaly]:
    regulated = regulated_actives(session)
    used = list(_inputs(session, lines))
    actives = _actives(session, {one.product_id for one in used if one.product_id is not None})
    found = []
    for one in used:
        line = lines[one.entry_id]
        texts = [one.name, one.actives, *actives.get(one.product_id or 0, ())]
        names = frozenset(key for text in texts for key in keys_in(text))
        ban = find_regulated(names, regulated, on=line.entry.done_on, status=ActiveStatus.BANNED)
        if ban is not None and not line.entry.corrected:
            why = say("{product}: {active} is banned.", product=one.name, active=ban.name)
            found.append(Anomaly(AnomalyKind.BANNED, line, why))
    return found


def _inputs(session: Session, lines: dict[int, EntryLine]) -> Iterable[EntryInput]:
    keys = sorted(lines)
    for at in range(0, len(keys), 500):
        wanted = select(EntryInput).where(col(EntryInput.entry_id).in_(keys[at : at + 500]))
        yield from session.execute(wanted.order_by(col(EntryInput.id).desc())).scalars()


def _actives(session: Session, product_ids: set[int]) -> dict[int, list[str]]:
    wanted = select(ProductActive).where(col(ProductActive.product_id).in_(product_ids))
    found: defaultdict[int, list[str]] = defaultdict(list)
    for active in session.execute(wanted).scalars():
        found[active.product_id].append(active.name)
    return found


def _same_photos(session: Session, lines: dict[int, EntryLine]) -> list[Anomaly]:
    """Photographs that show the same, of entries that are not versions of one another."""
    shown = _shown(session, lines)
    by_picture: defaultdict[int, list[int]] = defaultdict(list)
    for entry_id, picture_id, _ in shown:
        by_picture[picture_id].append(entry_id)
    pairs = alike({(picture, likeness) for _, picture, likeness in shown})
    groups = [sorted(keys) for keys in by_picture.values()]
    groups += [sorted(by_picture[one] + by_picture[other]) for one, other in pairs]
    found: dict[int, Anomaly] = {}
    for keys in groups:
        apart = [key for key in keys if not lines[key].entry.corrected]
        for later in apart[1:]:
            first = lines[apart[0]].entry
            if later != apart[0]:
                why = say("The same photograph as on {day}.", day=first.done_on)
                found.setdefault(later, Anomaly(AnomalyKind.SAME_PHOTO, lines[later], why))
    return [found[key] for key in sorted(found, reverse=True)]


def _shown(session: Session, lines: dict[int, EntryLine]) -> Sequence[tuple[int, int, str]]:
    if not lines:
        return []
    wanted = (
        select(col(EntryPicture.entry_id), col(Picture.id), col(Picture.likeness))
        .join(Picture, col(Picture.id) == col(EntryPicture.picture_id))
        .where(col(EntryPicture.entry_id) >= min(lines))
    )
    return [tuple(row) for row in session.execute(wanted) if row[0] in lines]


def _late(lines: dict[int, EntryLine]) -> list[Anomaly]:
    return [
        Anomaly(
            AnomalyKind.LATE,
            line,
            say("Done on {day}, arrived on {arrived}.", day=line.entry.done_on,
                arrived=line.entry.arrived_at),
        )
        for line in lines.values()
        if line.entry.back_dated
    ]  # fmt: skip


def _nightly(session: Session, lines: dict[int, EntryLine], today: date) -> list[Anomaly]:
    terms = terms_on(session, today)
    return [
        Anomaly(
            AnomalyKind.NIGHT,
            line,
            say("Written down at {moment}.", moment=line.entry.written_at),
        )
        for line in lines.values()
        if is_at_night(line.entry.written_at, terms)
    ]


def _doubted(lines: dict[int, EntryLine]) -> list[Anomaly]:
    return [
        Anomaly(
            AnomalyKind.CLOCK,
            line,
            say("The telephone's clock was wrong when this was written down."),
        )
        for line in lines.values()
        if line.entry.clock_doubted
    ]
