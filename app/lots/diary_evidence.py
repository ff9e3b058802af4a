"""Gathers what the diary says of a lot: which plantings it came from, and what was used on them."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import bindparam, or_, select
from sqlmodel import Session, col

from app.catalogue.input_queries import verdicts_of
from app.diary.queries import (
    inputs_of_entries,
    plots_of_entries,
    plots_of_plantings,
    standing_entries,
)
from app.lots.facts import DiaryFacts, Use
from app.lots.waiting import LONGEST_WAIT
from app.models.catalogue import Crop
from app.models.diary import DiaryEntry, EntryInput, Planting, PlantingPlot, Work
from app.models.inputs import InputKind, InputProduct
from app.models.lots import HarvestLot, LotSource

Plots = frozenset[int]


@dataclass(frozen=True)
class Ground:
    """The plantings a lot came from, those that stood on the same land, and the land itself.

    `plots` None: nobody said on which plots it grew, so it may have been any.
    """

    own: tuple[Planting, ...]
    others: tuple[Planting, ...]
    plots: Plots | None
    plots_of: dict[int, Plots]


def ground_of(
    session: Session, lot: HarvestLot, sources: Sequence[LotSource], *, months: int
) -> Ground:
    """Where a lot grew: by its parts, else by what of its crop stood on its area that day."""
    known = _plantings(session, lot, sources, months=months)
    plots_of = plots_of_plantings(session, [planting.pk for planting in known])
    own = [planting for planting in known if _is_own(planting, lot, sources, plots_of)]
    keys = {planting.pk for planting in own}
    return Ground(
        own=tuple(own),
        others=tuple(planting for planting in known if planting.pk not in keys),
        plots=_plots_of_lot(own, sources, plots_of),
        plots_of=plots_of,
    )


def diary_of(
    session: Session, lot: HarvestLot, ground: Ground, *, crop: Crop, land: bool
) -> DiaryFacts | None:
    """What the diary proves of a lot; None when no planting of it is known.

    `land`: look back at everything that was used on the land, as organic production asks.
    """
    if not ground.own:
        return None
    entries = _entries(session, lot, ground, land=land)
    keys = [entry.pk for entry in entries]
    used, plots = inputs_of_entries(session, keys), plots_of_entries(session, keys)
    own = {planting.pk for planting in ground.own}
    touching = [entry for entry in entries if _touches(entry, ground, plots, sure=False)]
    near = [
        entry
        for entry in touching
        if entry.planting_id in own or _touches(entry, ground, plots, sure=True)
    ]
    near_keys = {entry.pk for entry in near}
    far = [entry for entry in touching if entry.pk not in near_keys] if land else []
    works: Counter[Work] = Counter(
        entry.work for entry in near if entry.planting_id in own and entry.work is not Work.HARVEST
    )
    return DiaryFacts(
        entries=works.total(),
        uses=_judged(session, near, used, crop=crop, lot=lot),
        on_the_land=_uses_on(session, far, used),
        works=works,
        sown_on=sown_on_of(ground, None),
    )


_NEAR: Any = (
    select(Planting)
    .where(
        or_(
            col(Planting.area_id) == bindparam("area"),
            col(Planting.id).in_(bindparam("named", expanding=True)),
            col(Planting.id).in_(
                select(col(PlantingPlot.planting_id)).where(
                    col(PlantingPlot.plot_id).in_(bindparam("plots", expanding=True))
                )
            ),
        ),
        col(Planting.sown_on) <= bindparam("day"),
        or_(col(Planting.ended_on).is_(None), col(Planting.ended_on) >= bindparam("since")),
    )
    .order_by(col(Planting.sown_on), col(Planting.id))
)


def _plantings(
    session: Session, lot: HarvestLot, sources: Sequence[LotSource], *, months: int
) -> list[Planting]:
    named = {source.planting_id for source in sources if source.planting_id is not None}
    plots = {source.plot_id for source in sources if source.plot_id is not None}
    asked = {
        "area": lot.area_id,
        "named": list(named),
        "plots": list(plots),
        "day": lot.harvested_on,
        "since": lot.harvested_on - relativedelta(months=months),
    }
    return list(session.execute(_NEAR, asked).scalars())


def _is_own(
    planting: Planting, lot: HarvestLot, sources: Sequence[LotSource], plots_of: dict[int, Plots]
) -> bool:
    """Whether a lot, or some part of it, came from a planting as far as is known."""
    if any(source.planting_id == planting.pk for source in sources):
        return True
    stands = planting.ended_on is None or planting.ended_on >= lot.harvested_on
    if not stands or planting.crop_id != lot.crop_id:
        return False
    unsaid = [source for source in sources if source.planting_id is None]
    if not sources:
        return planting.area_id == lot.area_id
    own = plots_of.get(planting.pk)
    return any(source.plot_id is None or own is None or source.plot_id in own for source in unsaid)


def _plots_of_lot(
    own: Iterable[Planting], sources: Sequence[LotSource], plots_of: dict[int, Plots]
) -> Plots | None:
    if not sources:
        return _all_of(plots_of.get(planting.pk) for planting in own)
    return _all_of(_plots_of_part(source, plots_of) for source in sources)


def _plots_of_part(source: LotSource, plots_of: dict[int, Plots]) -> Plots | None:
    if source.plot_id is not None:
        return frozenset({source.plot_id})
    return plots_of.get(source.planting_id) if source.planting_id is not None else None


def _all_of(parts: Iterable[Plots | None]) -> Plots | None:
    """All plots together; None as soon as of one part nobody knows."""
    together: set[int] = set()
    for part in parts:
        if part is None:
            return None
        together |= part
    return frozenset(together) or None


def _entries(session: Session, lot: HarvestLot, ground: Ground, *, land: bool) -> list[DiaryEntry]:
    since = lot.harvested_on - LONGEST_WAIT
    others = [
        planting
        for planting in ground.others
        if land or planting.ended_on is None or planting.ended_on >= since
    ]
    keys = [planting.pk for planting in (*ground.own, *others)]
    return standing_entries(session, keys, until=lot.harvested_on)


def _touches(entry: DiaryEntry, ground: Ground, plots: dict[int, Plots], *, sure: bool) -> bool:
    """Whether an entry was about land that the lot came from; `sure`: both say which plots."""
    here = plots.get(entry.pk) or ground.plots_of.get(entry.planting_id)
    if here is None or ground.plots is None:
        return not sure
    return bool(here & ground.plots)


def _judged(
    session: Session,
    entries: Sequence[DiaryEntry],
    used: dict[int, list[EntryInput]],
    *,
    crop: Crop,
    lot: HarvestLot,
) -> list[Use]:
    applied = [(entry, one) for entry in entries for one in used.get(entry.pk, ())]
    inputs = [one for _, one in applied]
    verdicts = verdicts_of(session, inputs, crop=crop, organisation_id=lot.organisation_id)
    products = _products(session, inputs)
    return [
        Use(
            on=entry.done_on,
            product=one.name,
            pesticide=_is_pesticide(entry, products.get(one.product_id or 0)),
            interval_days=verdict.interval_days,
            verdict=verdict.kind,
            reason=verdict.reason,
            organic=_is_organic(entry, products.get(one.product_id or 0)),
        )
        for (entry, one), verdict in zip(applied, verdicts, strict=True)
    ]


def _uses_on(
    session: Session, entries: Sequence[DiaryEntry], used: dict[int, list[EntryInput]]
) -> list[Use]:
    applied = [(entry, one) for entry in entries for one in used.get(entry.pk, ())]
    products = _products(session, [one for _, one in applied])
    return [
        Use(
            on=entry.done_on,
            product=one.name,
            pesticide=_is_pesticide(entry, products.get(one.product_id or 0)),
            interval_days=one.interval_days,
            organic=_is_organic(entry, products.get(one.product_id or 0)),
        )
        for entry, one in applied
    ]


def _products(session: Session, inputs: Iterable[EntryInput]) -> dict[int, InputProduct]:
    keys: Collection[int] = {one.product_id for one in inputs if one.product_id is not None}
    if not keys:
        return {}
    wanted = select(InputProduct).where(col(InputProduct.id).in_(keys))
    return {product.pk: product for product in session.execute(wanted).scalars()}


def _is_pesticide(entry: DiaryEntry, product: InputProduct | None) -> bool:
    if product is None:
        return entry.work is Work.SPRAYING
    return product.kind is InputKind.PESTICIDE


def _is_organic(entry: DiaryEntry, product: InputProduct | None) -> bool | None:
    """Whether organic production permits it; seed is no substance and always passes here."""
    if entry.work is Work.SOWING or (product and product.kind is InputKind.SEED):
        return True
    return product.organic_permitted if product else None


def sown_on_of(ground: Ground, planting_id: int | None) -> date | None:
    """The day a part was sown: that of its planting, else the earliest it can have been."""
    named = [planting for planting in ground.own if planting.pk == planting_id]
    return min((planting.sown_on for planting in named or ground.own), default=None)
