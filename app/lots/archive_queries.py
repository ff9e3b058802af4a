"""What goes into an archive, and the archives there are."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import defer
from sqlmodel import Session, col

from app.catalogue.queries import rule_on, value_of
from app.errors import NotFound
from app.kit.clock import HOME, day_of
from app.kit.messages import say
from app.lots.lab_queries import lab_results_of
from app.lots.queries import LotLine, lines
from app.lots.retention import Month, kept_for
from app.models.diary import DiaryEntry, EntryInput, Planting
from app.models.lots import Archive, HarvestLot, LotClaim, LotSource, LotStep
from app.models.registry import Grower, Plot

KEPT_RULE = "retention.{kind}_months"
FLOOR_RULE = "retention.floor_months"
LOTS, DIARY = "lots", "diary"
KINDS = (LOTS, DIARY)
Record = dict[str, object]
CONTENT: Any = Archive.content


def months_kept(session: Session, kind: str, day: date) -> int | None:
    """How many months records of a kind are kept by the rules of a day; None: for ever."""
    rule, floor = (
        rule_on(session, KEPT_RULE.format(kind=kind), day),
        rule_on(session, FLOOR_RULE, day),
    )
    if rule is None:
        return None
    return kept_for(int(value_of(rule)), floor=int(value_of(floor)) if floor else 0)


def oldest_day(session: Session, kind: str) -> date | None:
    """The day the first record of a kind was written down here; None when there is none."""
    column = col(HarvestLot.recorded_at) if kind == LOTS else col(DiaryEntry.arrived_at)
    first: datetime | None = session.execute(select(func.min(column))).scalar_one()
    return None if first is None else day_of(first)


def archived_until(session: Session, kind: str) -> date | None:
    """The last day that is in an archive of a kind."""
    wanted = select(func.max(col(Archive.until))).where(col(Archive.kind) == kind)
    until: date | None = session.execute(wanted).scalar_one()
    return until


def archives(session: Session) -> list[Archive]:
    """Every archive, the newest first, without its bytes."""
    wanted = (
        select(Archive)
        .options(defer(CONTENT))
        .order_by(col(Archive.until).desc(), col(Archive.id).desc())
    )
    return list(session.execute(wanted).scalars())


def archive_by_uid(session: Session, uid: UUID) -> Archive:
    """The archive with this public id."""
    found: Archive | None = session.execute(
        select(Archive).where(col(Archive.uid) == uid)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(say("There is no such archive."))
    return found


def find_archive_of(session: Session, lot: HarvestLot) -> Archive | None:
    """The archive a lot is in; None while it is in none."""
    wanted = (
        select(Archive)
        .options(defer(CONTENT))
        .where(col(Archive.kind) == LOTS, col(Archive.until) >= day_of(lot.recorded_at))
        .order_by(col(Archive.until))
    )
    return session.execute(wanted.limit(1)).scalars().first()


def records_of(session: Session, kind: str, month: Month) -> list[Record]:
    """The records of a kind that were written down in a month, each with all that belongs to it."""
    return _lots(session, month) if kind == LOTS else _entries(session, month)


def _lots(session: Session, month: Month) -> list[Record]:
    wanted = lines().where(_within(col(HarvestLot.recorded_at), month)).order_by(col(HarvestLot.id))
    found = [LotLine(*row) for row in session.execute(wanted)]
    keys = [line.lot.pk for line in found]
    claims, steps = _by_lot(session, LotClaim, keys), _by_lot(session, LotStep, keys)
    parts = _parts(session, keys)
    return [
        {
            "lot": {
                **_plain(line.lot, ("organisation_id", "area_id", "crop_id", "grower_id")),
                "organisation": line.organisation.uid,
                "area": line.area.uid if line.area else None,
                "crop": line.crop.slug,
                "grower": _uid(session, Grower, line.lot.grower_id),
            },
            "claims": [_plain(one, ("lot_id", "certificate_id")) for one in claims[line.lot.pk]],
            "steps": [_plain(one, ("lot_id",)) for one in steps[line.lot.pk]],
            "parts": parts[line.lot.pk],
            "tests": [asdict(one) for one in lab_results_of(session, line.lot)],
        }
        for line in found
    ]


def _parts(session: Session, keys: Sequence[int]) -> dict[int, list[Record]]:
    wanted = (
        select(LotSource, col(Planting.uid), col(Plot.uid), col(Grower.uid), col(DiaryEntry.uid))
        .outerjoin(Planting, col(Planting.id) == col(LotSource.planting_id))
        .outerjoin(Plot, col(Plot.id) == col(LotSource.plot_id))
        .outerjoin(Grower, col(Grower.id) == col(LotSource.grower_id))
        .outerjoin(DiaryEntry, col(DiaryEntry.id) == col(LotSource.entry_id))
        .where(col(LotSource.lot_id).in_(keys))
        .order_by(col(LotSource.id))
    )
    found: dict[int, list[Record]] = {key: [] for key in keys}
    for source, planting, plot, grower, entry in session.execute(wanted):
        found[source.lot_id].append(
            {
                "quantity_g": source.quantity_g,
                "planting": planting,
                "plot": plot,
                "grower": grower,
                "entry": entry,
            }
        )
    return found


def _entries(session: Session, month: Month) -> list[Record]:
    wanted = (
        select(DiaryEntry, Planting)
        .join(Planting, col(Planting.id) == col(DiaryEntry.planting_id))
        .where(_within(col(DiaryEntry.arrived_at), month))
        .order_by(col(DiaryEntry.id))
    )
    found = session.execute(wanted).all()
    keys = [entry.pk for entry, _ in found]
    inputs: dict[int, list[Record]] = {key: [] for key in keys}
    used = select(EntryInput).where(col(EntryInput.entry_id).in_(keys)).order_by(col(EntryInput.id))
    for one in session.execute(used).scalars():
        inputs[one.entry_id].append(_plain(one, ("entry_id", "product_id")))
    own = ("organisation_id", "planting_id", "grower_id", "account_id", "corrects_id")
    return [
        {
            "entry": {
                **_plain(entry, own),
                "planting": planting.uid,
                "grower": _uid(session, Grower, entry.grower_id),
                "corrects": _uid(session, DiaryEntry, entry.corrects_id),
            },
            "inputs": inputs[entry.pk],
        }
        for entry, planting in found
    ]


def _by_lot(session: Session, table: Any, keys: Sequence[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {key: [] for key in keys}
    wanted = select(table).where(col(table.lot_id).in_(keys)).order_by(col(table.id))
    for row in session.execute(wanted).scalars():
        found[row.lot_id].append(row)
    return found


def _plain(row: Any, internal: Iterable[str]) -> Record:
    """A row's values without the keys that mean nothing outside this database."""
    told: Record = row.model_dump(mode="json", exclude={"id", *internal})
    return told


def _uid(session: Session, table: Any, key: int | None) -> UUID | None:
    found = session.get(table, key) if key is not None else None
    return found.uid if found is not None else None


def _within(column: Any, month: Month) -> Any:
    begin = datetime.combine(month.first, time.min, HOME).astimezone(UTC)
    end = datetime.combine(month.last, time.max, HOME).astimezone(UTC)
    return column.between(begin, end)
