"""What an inspector's telephone needs to work without a network: plans, checklists, whom one can visit."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.inspection.checklist_queries import ChecklistLine, checklists_on, edition_of
from app.inspection.plan_queries import PlanLine, plans
from app.inspection.risk_queries import GROWING
from app.inspection.sheet import Sheet
from app.inspection.terms_queries import Terms, terms_on
from app.inspection.visit_queries import visits
from app.models.registry import Organisation, PlantingArea

MOST_PLANS, MOST_VISITS, MOST_ORGANISATIONS = 100, 20, 500


@dataclass(frozen=True)
class Start:
    """All of it, for one inspector. `checklists` holds those of visits that go on as well."""

    plans: tuple[PlanLine, ...]
    sheets: tuple[Sheet, ...]
    checklists: tuple[ChecklistLine, ...]
    organisations: tuple[tuple[Organisation, tuple[PlantingArea, ...]], ...]
    terms: Terms


def start_for(session: Session, *, account_id: int, today: date) -> Start:
    """What an inspector works with today."""
    going_on = visits(
        session, within=Reach.all(), finished=False, inspector_id=account_id, limit=MOST_VISITS
    ).items
    sheets = [Sheet.model_validate_json(line.visit.draft) for line in going_on]
    checklists = checklists_on(session, today)
    known = {(one.checklist.slug, one.checklist.edition) for one in checklists}
    former = {(one.checklist, one.edition) for one in sheets} - known
    checklists += [edition_of(session, slug, edition) for slug, edition in sorted(former)]
    return Start(
        plans=plans(session, assigned_id=account_id, limit=MOST_PLANS).items,
        sheets=tuple(sheets),
        checklists=tuple(checklists),
        organisations=tuple(visitable(session)),
        terms=terms_on(session, today),
    )


def visitable(session: Session) -> list[tuple[Organisation, tuple[PlantingArea, ...]]]:
    """Those who grow, by name, with their areas."""
    wanted = select(Organisation).where(col(Organisation.kind).in_(GROWING))
    found = list(
        session.execute(
            wanted.order_by(col(Organisation.name_key)).limit(MOST_ORGANISATIONS)
        ).scalars()
    )
    areas = areas_by_organisation(session, [one.pk for one in found])
    return [(one, areas.get(one.pk, ())) for one in found]


def areas_by_organisation(
    session: Session, keys: Iterable[int]
) -> dict[int, tuple[PlantingArea, ...]]:
    """The areas of organisations that are not closed, by name."""
    areas: defaultdict[int, list[PlantingArea]] = defaultdict(list)
    standing = select(PlantingArea).where(
        col(PlantingArea.organisation_id).in_(list(keys)),
        col(PlantingArea.closed_on).is_(None),
    )
    for area in session.execute(standing.order_by(col(PlantingArea.name_key))).scalars():
        areas[area.organisation_id].append(area)
    return {key: tuple(some) for key, some in areas.items()}
