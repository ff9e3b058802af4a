"""What a telephone needs to work without a network: plantings, products usual here, entries to copy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.diary.entry_queries import EntryDetails, EntryFilter, EntryLine, details_of, entries
from app.diary.planting_queries import PlotChoice
from app.diary.queries import PlantingLine, plantings, plots_of_plantings
from app.models.diary import DiaryEntry, EntryInput, PlantingPlot
from app.models.inputs import InputProduct
from app.models.registry import Grower, Plot

MOST_PLANTINGS = 200
MOST_PRODUCTS = 60
MOST_RECENT = 30
USUAL = timedelta(days=540)


@dataclass(frozen=True)
class UsualProduct:
    """A product that was used here, with what it holds and the interval it was last used with."""

    name: str
    product: InputProduct | None
    actives: str
    unit: str
    interval_days: int | None


@dataclass(frozen=True)
class Recent:
    """An entry to copy."""

    line: EntryLine
    details: EntryDetails


@dataclass(frozen=True)
class Start:
    """All of it, for one person of one organisation."""

    plantings: tuple[PlantingLine, ...]
    plots: dict[int, tuple[PlotChoice, ...]]
    products: tuple[UsualProduct, ...]
    recent: tuple[Recent, ...]
    grower: Grower | None


def start_for(
    session: Session, *, organisation_id: int, account_id: int, own_only: bool, today: date
) -> Start:
    """What somebody works with; with `own_only`, a grower's own plots and what stands on whole areas."""
    reach = Reach.own(organisation_id)
    grower = grower_of_account(session, account_id)
    standing = plantings(session, within=reach, standing_on=today, limit=MOST_PLANTINGS).items
    soon = _sown_soon(session, reach, today)
    plots = plots_with_growers(session, {line.planting.pk for line in (*standing, *soon)})
    chosen = [
        line
        for line in (*standing, *soon)
        if not own_only or _is_for(plots.get(line.planting.pk, ()), grower)
    ]
    keys = {line.planting.pk for line in chosen}
    recent = [one for one in _recent(session, reach) if one.line.planting.pk in keys]
    return Start(
        plantings=tuple(chosen),
        plots={key: held for key, held in plots.items() if key in keys},
        products=tuple(usual_products(session, organisation_id, since=today - USUAL)),
        recent=tuple(recent),
        grower=grower,
    )


def grower_of_account(session: Session, account_id: int) -> Grower | None:
    """The grower who signs in with an account."""
    wanted = select(Grower).where(col(Grower.account_id) == account_id)
    found: Grower | None = session.execute(wanted).scalar_one_or_none()
    return found


def plots_with_growers(
    session: Session, planting_ids: set[int]
) -> dict[int, tuple[PlotChoice, ...]]:
    """The plots of plantings with who grows on them, by name."""
    wanted = (
        select(Plot, Grower)
        .join(PlantingPlot, col(PlantingPlot.plot_id) == col(Plot.id))
        .join(Grower, col(Grower.id) == col(Plot.grower_id))
        .where(col(PlantingPlot.planting_id).in_(planting_ids))
        .order_by(col(Plot.name_key), col(Plot.id))
        .distinct()
    )
    choices = {plot.pk: PlotChoice(plot, grower) for plot, grower in session.execute(wanted)}
    taken = plots_of_plantings(session, planting_ids)
    return {
        key: tuple(choice for plot, choice in choices.items() if plot in held)
        for key, held in taken.items()
    }


def usual_products(session: Session, organisation_id: int, *, since: date) -> list[UsualProduct]:
    """What was used here since a day, the most used first."""
    newest = func.max(col(EntryInput.id))
    wanted = (
        select(newest)
        .join(DiaryEntry, col(DiaryEntry.id) == col(EntryInput.entry_id))
        .where(
            col(DiaryEntry.organisation_id) == organisation_id,
            col(DiaryEntry.done_on) >= since,
            col(DiaryEntry.void).is_(False),
        )
        .group_by(col(EntryInput.name))
        .order_by(func.count().desc(), newest.desc())
        .limit(MOST_PRODUCTS)
    )
    keys = list(session.execute(wanted).scalars())
    rows = session.execute(
        select(EntryInput, InputProduct)
        .outerjoin(InputProduct, col(InputProduct.id) == col(EntryInput.product_id))
        .where(col(EntryInput.id).in_(keys))
    )
    used = {one.pk: (one, product) for one, product in rows}
    return [
        UsualProduct(one.name, product, one.actives, one.unit, one.interval_days)
        for one, product in (used[key] for key in keys)
    ]


def _recent(session: Session, reach: Reach) -> list[Recent]:
    found = entries(session, within=reach, wanted=EntryFilter(), limit=MOST_RECENT).items
    details = details_of(session, [line.entry.pk for line in found])
    return [Recent(line, details[line.entry.pk]) for line in found]


def _sown_soon(session: Session, reach: Reach, today: date) -> Sequence[PlantingLine]:
    # Land is prepared before it is sown, and disposal follows the end.
    newest = plantings(session, within=reach, limit=MOST_PLANTINGS).items
    return [line for line in newest if line.planting.sown_on > today]


def _is_for(plots: Sequence[PlotChoice], grower: Grower | None) -> bool:
    if not plots or grower is None:
        return True
    return any(choice.grower.pk == grower.pk for choice in plots)
