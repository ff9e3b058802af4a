"""Which areas' figures a fact of the ledger can change: the ledger's own order is the list of what is due.

No command writes a mark of its own: `PlanCursor` says up to which fact the roll-up has looked, and
every later fact names its subject. What is looked at and not computed yet waits in `plan_due`.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from app.models.certificates import Certificate
from app.models.contracts import Contract
from app.models.diary import Planting
from app.models.ledger import LedgerEntry
from app.models.lots import HarvestLot
from app.models.movements import LotEdge, Movement, MovementLine
from app.models.plan_prices import CropPrice
from app.models.print_runs import PrintRun, PrintRunLot
from app.models.registry import AreaCode, Organisation, PlantingArea
from app.models.seasons import SeasonDeclaration

# So many facts are looked at in one go; so many keys go into one statement.
A_READING = 2_000
KEYS_AT_ONCE = 500
# What changes how everybody's figures are counted.
COMMON = frozenset({"reference", "crop", "plan.loaded", "plan.dated"})


@dataclass
class Touched:
    """The subjects of some facts by noun, the organisations behind them, and the first position."""

    subjects: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    owners: dict[str, UUID | None] = field(default_factory=dict)
    everything: bool = False


@dataclass(frozen=True)
class Looked:
    """What was found behind a position: the areas whose figures may have changed, and up to where."""

    areas: frozenset[int]
    everything: bool
    first: int
    last: int
    more: bool


def look_on(session: Session, position: int) -> Looked | None:
    """The areas touched by the facts behind a position; None when there are none."""
    wanted = (
        select(
            col(LedgerEntry.position),
            col(LedgerEntry.kind),
            col(LedgerEntry.subject),
            col(LedgerEntry.organisation),
        )
        .where(col(LedgerEntry.position) > position)
        .order_by(col(LedgerEntry.position))
        .limit(A_READING)
    )
    rows = session.execute(wanted).all()
    if not rows:
        return None
    touched = Touched()
    for _, kind, subject, owner in rows:
        noun = kind if kind in _FINDERS else kind.partition(".")[0]
        touched.everything = touched.everything or not COMMON.isdisjoint({kind, noun})
        if noun in _FINDERS:
            touched.subjects[noun].add(subject)
            touched.owners[subject] = owner
    areas = frozenset() if touched.everything else frozenset(_areas(session, touched))
    more = len(rows) == A_READING
    return Looked(areas, touched.everything, rows[0][0], rows[-1][0], more)


def areas_of_lots(session: Session, lots: Iterable[int]) -> set[int]:
    """The areas that lots came from, through everything they were made of."""
    found: set[int] = set()
    for some in _batches(lots):
        key = col(HarvestLot.id)
        walk = select(key.label("id")).where(key.in_(some)).cte(recursive=True)
        back = select(col(LotEdge.parent_id)).join(walk, col(LotEdge.child_id) == walk.c.id)
        walk = walk.union(back)
        area = col(HarvestLot.area_id)
        wanted = select(area).join(walk, walk.c.id == key).where(area.is_not(None)).distinct()
        found |= set(session.execute(wanted).scalars())
    return found


def _areas(session: Session, touched: Touched) -> set[int]:
    found: set[int] = set()
    for noun, subjects in touched.subjects.items():
        areas, known = _FINDERS[noun](session, subjects)
        found |= areas
        # What is gone cannot say where it lay: then everything of its organisation counts.
        gone = {touched.owners[one] for one in subjects - known}
        found |= _areas_of_organisations(session, {one for one in gone if one is not None})
    return found


Found = tuple[set[int], set[str]]


def _of_lots(session: Session, codes: set[str]) -> Found:
    rows = _rows(session, HarvestLot, "code", codes, col(HarvestLot.id))
    return areas_of_lots(session, rows.values()), set(rows)


def _of_labels(session: Session, subjects: set[str]) -> Found:
    lots = _rows(session, HarvestLot, "code", subjects, col(HarvestLot.id))
    runs = _rows(session, PrintRun, "uid", subjects, col(PrintRun.id))
    keys = {*lots.values(), *_lots_of(session, PrintRunLot, "run_id", runs.values())}
    # The other facts about labels (stocks, layouts, printers, marks of shops) change no figure.
    return areas_of_lots(session, keys), subjects


def _of_movements(session: Session, subjects: set[str]) -> Found:
    moved = _rows(session, Movement, "uid", subjects, col(Movement.id))
    lots = _lots_of(session, MovementLine, "movement_id", moved.values())
    return areas_of_lots(session, lots), set(moved)


def _of_certificates(session: Session, subjects: set[str]) -> Found:
    """A certificate of a facility covers no land by name: everything its holder has is looked at."""
    held = _rows(session, Certificate, "uid", subjects, col(Certificate.organisation_id))
    area = PlantingArea
    wanted = select(col(area.id)).where(col(area.organisation_id).in_(set(held.values())))
    return set(session.execute(wanted).scalars()), set(held)


def _of_prices(session: Session, subjects: set[str]) -> Found:
    """The areas of which a crop was harvested or declared, of the price's organisation or of all."""
    found: set[int] = set()
    uids = _uids(subjects)
    for price in session.execute(select(CropPrice).where(col(CropPrice.uid).in_(uids))).scalars():
        for table in (HarvestLot, SeasonDeclaration):
            wanted = select(col(table.area_id)).where(col(table.crop_id) == price.crop_id)
            if price.organisation_id is not None:
                area = select(col(PlantingArea.id)).where(
                    col(PlantingArea.organisation_id) == price.organisation_id
                )
                wanted = wanted.where(col(table.area_id).in_(area))
            found |= {key for key in session.execute(wanted.distinct()).scalars() if key}
    return found, subjects


def _of_contracts(session: Session, subjects: set[str]) -> Found:
    """A contract's price is its seller's alone."""
    sold = _rows(session, Contract, "uid", subjects, col(Contract.organisation_id))
    area = PlantingArea
    wanted = select(col(area.id)).where(col(area.organisation_id).in_(set(sold.values())))
    return set(session.execute(wanted).scalars()), set(sold)


def _by_uid(*ways: tuple[type[SQLModel], Any]) -> "Callable[[Session, set[str]], Found]":
    def find(session: Session, subjects: set[str]) -> Found:
        found: set[int] = set()
        known: set[str] = set()
        for table, column in ways:
            rows = _rows(session, table, "uid", subjects, column)
            found |= {key for key in rows.values() if key is not None}
            known |= set(rows)
        return found, known

    return find


def _gone(_session: Session, _subjects: set[str]) -> Found:
    """Nothing is found, so that everything of the organisation counts."""
    return set(), set()


_AREA = (PlantingArea, col(PlantingArea.id))
_PLANTING = _by_uid((Planting, col(Planting.area_id)))
_FINDERS: Mapping[str, Callable[[Session, set[str]], Found]] = {
    "area": _by_uid(_AREA),
    "boundary": _by_uid(_AREA),
    "code": _by_uid(_AREA, (AreaCode, col(AreaCode.area_id))),
    "season": _by_uid((SeasonDeclaration, col(SeasonDeclaration.area_id))),
    "planting": _PLANTING,
    "entry": _PLANTING,
    "conflict": _PLANTING,
    "lot": _of_lots,
    "label": _of_labels,
    "movement": _of_movements,
    "certificate": _of_certificates,
    "price": _of_prices,
    "contract": _of_contracts,
    # Lots and places on the lists of certificates pass from one record of a person to another.
    "grower.merged": _gone,
}


def _rows(
    session: Session, table: type[SQLModel], name: str, subjects: Collection[str], column: Any
) -> dict[str, Any]:
    """A column of the rows with these public ids or codes, by what they are called."""
    key: Any = getattr(table, name)
    asked = _uids(subjects) if name == "uid" else list(subjects)
    found: dict[str, Any] = {}
    for some in _batches(asked):
        rows = session.execute(select(key, column).where(key.in_(some)))
        found |= {str(called): value for called, value in rows}
    return found


def _lots_of(session: Session, table: Any, name: str, keys: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for some in _batches(keys):
        wanted = select(table.lot_id).where(getattr(table, name).in_(some))
        found |= set(session.execute(wanted).scalars())
    return found


def _areas_of_organisations(session: Session, uids: set[UUID]) -> set[int]:
    if not uids:
        return set()
    wanted = (
        select(col(PlantingArea.id))
        .join(Organisation, col(Organisation.id) == col(PlantingArea.organisation_id))
        .where(col(Organisation.uid).in_(uids))
    )
    return set(session.execute(wanted).scalars())


def _uids(subjects: Iterable[str]) -> list[UUID]:
    found = []
    for subject in subjects:
        try:
            found.append(UUID(subject))
        except ValueError:
            continue
    return found


def _batches(keys: Iterable[Any]) -> list[list[Any]]:
    everything = list(keys)
    return [everything[at : at + KEYS_AT_ONCE] for at in range(0, len(everything), KEYS_AT_ONCE)]
