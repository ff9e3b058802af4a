"""The checklists of a day and their items."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlmodel import Session, col

from app.errors import NotFound, refuse
from app.kit.messages import say
from app.models.checklists import Checklist, ChecklistItem


@dataclass(frozen=True)
class ChecklistLine:
    """An edition of a checklist with its items, in their order."""

    checklist: Checklist
    items: tuple[ChecklistItem, ...]


def checklists_on(session: Session, day: date) -> list[ChecklistLine]:
    """The editions that visits of a day are made by, of each checklist the newest."""
    wanted = (
        select(Checklist)
        .where(
            col(Checklist.valid_from) <= day,
            or_(col(Checklist.valid_to).is_(None), col(Checklist.valid_to) >= day),
        )
        .order_by(col(Checklist.slug), col(Checklist.edition))
    )
    newest = {one.slug: one for one in session.execute(wanted).scalars()}
    items = items_of(session, [one.pk for one in newest.values()])
    return [ChecklistLine(one, items[one.pk]) for one in newest.values()]


def checklist_on(session: Session, slug: str, day: date) -> Checklist:
    """The edition of a checklist that visits of a day are made by; refused at `checklist`."""
    found = next((one for one in checklists_on(session, day) if one.checklist.slug == slug), None)
    if found is None:
        raise refuse("checklist", say("There is no such checklist on {day}.", day=day))
    return found.checklist


def edition_of(session: Session, slug: str, edition: int) -> ChecklistLine:
    """One edition, whether it is still used or not; refused at `checklist`."""
    wanted = select(Checklist).where(col(Checklist.slug) == slug, col(Checklist.edition) == edition)
    found: Checklist | None = session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise refuse("checklist", say("There is no such checklist."))
    return ChecklistLine(found, items_of(session, [found.pk])[found.pk])


def newest_edition(session: Session, slug: str) -> ChecklistLine:
    """The last edition of a checklist, also one that is still to begin; NotFound for no checklist."""
    wanted = select(Checklist).where(col(Checklist.slug) == slug)
    newest = wanted.order_by(col(Checklist.edition).desc()).limit(1)
    found: Checklist | None = session.execute(newest).scalar_one_or_none()
    if found is None:
        raise NotFound(say("There is no such checklist."))
    return ChecklistLine(found, items_of(session, [found.pk])[found.pk])


def editions(session: Session) -> list[Checklist]:
    """Every edition of every checklist, of each the newest first."""
    wanted = select(Checklist).order_by(col(Checklist.slug), col(Checklist.edition).desc())
    return list(session.execute(wanted).scalars())


def items_of(session: Session, keys: Iterable[int]) -> dict[int, tuple[ChecklistItem, ...]]:
    """The items of editions, by the edition's key."""
    asked = list(keys)
    wanted = (
        select(ChecklistItem)
        .where(col(ChecklistItem.checklist_id).in_(asked))
        .order_by(col(ChecklistItem.rank))
    )
    found: dict[int, list[ChecklistItem]] = {key: [] for key in asked}
    for item in session.execute(wanted).scalars():
        found[item.checklist_id].append(item)
    return {key: tuple(items) for key, items in found.items()}
