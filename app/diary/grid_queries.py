"""The clerk's grid: a row a household, and what was done on the last day to do again."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.diary.entry_queries import EntryDetails, EntryFilter, EntryLine, details_of, entries
from app.diary.planting_queries import PlotChoice
from app.diary.queries import PlantingLine, plantings
from app.diary.start_queries import plots_with_growers
from app.models.diary import DiaryEntry, Work

MOST_ROWS = 200


@dataclass(frozen=True)
class GridRow:
    """A planting, or one plot of it, as a row of the grid."""

    line: PlantingLine
    choice: PlotChoice | None

    @property
    def key(self) -> tuple[UUID, UUID | None]:
        """What the row is about."""
        return self.line.planting.uid, None if self.choice is None else self.choice.plot.uid


@dataclass(frozen=True)
class DayGroup:
    """The same work with the same inputs on one day, on several plantings or plots."""

    first: EntryLine
    details: EntryDetails
    rows: frozenset[tuple[UUID, UUID | None]]

    @property
    def work(self) -> Work:
        """What was done."""
        return self.first.entry.work


def grid_rows(session: Session, organisation_id: int, *, today: date) -> list[GridRow]:
    """A row for each plot of what stands today, or for a planting on a whole area."""
    found = plantings(
        session, within=Reach.own(organisation_id), standing_on=today, limit=MOST_ROWS
    ).items
    plots = plots_with_growers(session, {line.planting.pk for line in found})
    ordered = sorted(found, key=lambda line: (line.area.name_key, line.planting.pk))
    rows = [
        GridRow(line, choice)
        for line in ordered
        for choice in plots.get(line.planting.pk) or (None,)
    ]
    return rows[:MOST_ROWS]


def last_day_before(session: Session, organisation_id: int, day: date) -> date | None:
    """The last day before one of which the diary of an organisation says something."""
    wanted = select(func.max(col(DiaryEntry.done_on))).where(
        col(DiaryEntry.organisation_id) == organisation_id,
        col(DiaryEntry.done_on) < day,
        col(DiaryEntry.corrected).is_(False),
        col(DiaryEntry.void).is_(False),
    )
    found: date | None = session.execute(wanted).scalar_one()
    return found


def groups_on(session: Session, organisation_id: int, day: date) -> list[DayGroup]:
    """What was done on a day, the same work with the same inputs together; the largest group first."""
    wanted = EntryFilter(organisation_id=organisation_id, since=day, until=day)
    found = entries(session, within=Reach.own(organisation_id), wanted=wanted, limit=MOST_ROWS)
    details = details_of(session, [line.entry.pk for line in found.items])
    groups: defaultdict[tuple[object, ...], list[EntryLine]] = defaultdict(list)
    for line in found.items:
        names = tuple(one.name for one in details[line.entry.pk].inputs)
        groups[line.entry.work, names].append(line)
    made = [_group(lines, details) for lines in groups.values()]
    return sorted(made, key=lambda group: len(group.rows), reverse=True)


def _group(lines: Sequence[EntryLine], details: dict[int, EntryDetails]) -> DayGroup:
    rows: set[tuple[UUID, UUID | None]] = set()
    for line in lines:
        plots = details[line.entry.pk].plots
        rows |= {(line.planting.uid, plot.uid) for plot in plots}
        if not plots:
            rows.add((line.planting.uid, None))
    return DayGroup(lines[0], details[lines[0].entry.pk], frozenset(rows))
