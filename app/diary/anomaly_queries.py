"""What an inspector should look at in diaries: late, at night, banned, the same photograph twice."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

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


@dataclass(frozen=True)
class _Odd:
    """What is odd about an entry, by its key, before it is read with its names."""

    kind: AnomalyKind
    entry_id: int
    why: Message


def anomalies(
    session: Session, *, within: Reach, organisation_id: int | None = None, today: date, limit: int
) -> list[Anomaly]:
    """The odd entries of the last half year, the gravest kinds first; at most `limit` of a kind."""
    recent = _recent(session, within, organisation_id, since=today - LOOK_BACK)
    kinds = (
        _banned(session, recent),
        _same_photos(session, recent),
        _late(recent),
        _nightly(session, recent, today),
        _doubted(recent),
    )
    odd = [one for found in kinds for one in found[:limit]]
    wanted = entry_lines(within).where(col(DiaryEntry.id).in_({one.entry_id for one in odd}))
    lines = {row[0].pk: EntryLine(*row) for row in session.execute(wanted)} if odd else {}
    return [Anomaly(one.kind, lines[one.entry_id], one.why) for one in odd]


def _recent(
    session: Session, within: Reach, organisation_id: int | None, *, since: date
) -> dict[int, Any]:
    """Of the newest entries, by key, no more than tells whether they are odd."""
    entry = DiaryEntry
    wanted = select(
        *(col(entry.id), col(entry.done_on), col(entry.written_at), col(entry.arrived_at)),
        *(col(entry.back_dated), col(entry.clock_doubted), col(entry.corrected)),
    ).where(
        within.limits(col(entry.organisation_id)),
        col(entry.done_on) >= since,
        col(entry.void).is_(False),
    )
    if organisation_id is not None:
        wanted = wanted.where(col(entry.organisation_id) == organisation_id)
    newest = wanted.order_by(col(entry.id).desc()).limit(MOST_LOOKED_AT)
    return {row.id: row for row in session.execute(newest)}


def _banned(session: Session, recent: dict[int, Any]) -> list[_Odd]:
    regulated = regulated_actives(session)
    used = list(_inputs(session, recent))
    actives = _actives(session, {one.product_id for one in used if one.product_id is not None})
    found = []
    for one in used:
        entry = recent[one.entry_id]
        texts = [one.name, one.actives, *actives.get(one.product_id or 0, ())]
        names = frozenset(key for text in texts for key in keys_in(text))
        ban = find_regulated(names, regulated, on=entry.done_on, status=ActiveStatus.BANNED)
        if ban is not None and not entry.corrected:
            why = say("{product}: {active} is banned.", product=one.name, active=ban.name)
            found.append(_Odd(AnomalyKind.BANNED, entry.id, why))
    return found


def _inputs(session: Session, recent: dict[int, Any]) -> Iterable[EntryInput]:
    keys = sorted(recent)
    for at in range(0, len(keys), 500):
        wanted = select(EntryInput).where(col(EntryInput.entry_id).in_(keys[at : at + 500]))
        yield from session.execute(wanted.order_by(col(EntryInput.id).desc())).scalars()


def _actives(session: Session, product_ids: set[int]) -> dict[int, list[str]]:
    wanted = select(ProductActive).where(col(ProductActive.product_id).in_(product_ids))
    found: defaultdict[int, list[str]] = defaultdict(list)
    for active in session.execute(wanted).scalars():
        found[active.product_id].append(active.name)
    return found


def _same_photos(session: Session, recent: dict[int, Any]) -> list[_Odd]:
    """Photographs that show the same, of entries that are not versions of one another."""
    shown = _shown(session, recent)
    by_picture: defaultdict[int, list[int]] = defaultdict(list)
    for entry_id, picture_id, _ in shown:
        by_picture[picture_id].append(entry_id)
    pairs = alike({(picture, likeness) for _, picture, likeness in shown})
    groups = [sorted(keys) for keys in by_picture.values()]
    groups += [sorted(by_picture[one] + by_picture[other]) for one, other in pairs]
    found: dict[int, _Odd] = {}
    for keys in groups:
        apart = [key for key in keys if not recent[key].corrected]
        for later in apart[1:]:
            if later != apart[0]:
                why = say("The same photograph as on {day}.", day=recent[apart[0]].done_on)
                found.setdefault(later, _Odd(AnomalyKind.SAME_PHOTO, later, why))
    return [found[key] for key in sorted(found, reverse=True)]


def _shown(session: Session, recent: dict[int, Any]) -> Sequence[tuple[int, int, str]]:
    if not recent:
        return []
    wanted = (
        select(col(EntryPicture.entry_id), col(Picture.id), col(Picture.likeness))
        .join(Picture, col(Picture.id) == col(EntryPicture.picture_id))
        .where(col(EntryPicture.entry_id) >= min(recent))
    )
    return [tuple(row) for row in session.execute(wanted) if row[0] in recent]


def _late(recent: dict[int, Any]) -> list[_Odd]:
    return [
        _Odd(
            AnomalyKind.LATE,
            one.id,
            say("Done on {day}, arrived on {arrived}.", day=one.done_on, arrived=one.arrived_at),
        )
        for one in recent.values()
        if one.back_dated
    ]


def _nightly(session: Session, recent: dict[int, Any], today: date) -> list[_Odd]:
    terms = terms_on(session, today)
    return [
        _Odd(AnomalyKind.NIGHT, one.id, say("Written down at {moment}.", moment=one.written_at))
        for one in recent.values()
        if is_at_night(one.written_at, terms)
    ]


def _doubted(recent: dict[int, Any]) -> list[_Odd]:
    why = say("The telephone's clock was wrong when this was written down.")
    return [_Odd(AnomalyKind.CLOCK, one.id, why) for one in recent.values() if one.clock_doubted]
