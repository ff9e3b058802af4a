"""Finding inputs in the catalogue, and judging what the diary says was used, in a few statements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import Session, col

from app.catalogue.input_rules import (
    InputVerdict,
    ProductFacts,
    UsedInput,
    find_interval_warning,
    verdict_of,
)
from app.catalogue.queries import regulated_actives, rule_on, value_of
from app.errors import NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import Message, say
from app.kit.text import fold
from app.ledger.law_memory import while_law_stands
from app.models.catalogue import Crop
from app.models.diary import DiaryEntry, EntryInput, Work
from app.models.inputs import (
    InputKind,
    InputProduct,
    ProductActive,
    ProductPermission,
    ProductUse,
    UseException,
)

INTERVAL_RULE = "pesticide.longest_interval_days.vegetables"
MOST_WORDS = 6
# What an input that is only named is taken for, by the work it was used in.
KIND_OF_WORK = {
    Work.FERTILISING: InputKind.FERTILISER,
    Work.SOWING: InputKind.SEED,
    Work.SOIL: InputKind.FERTILISER,
}

Owned = TypeVar("Owned", ProductActive, ProductPermission, ProductUse, UseException)


@dataclass(frozen=True)
class ProductLine:
    """A product with the names of its actives, as a list shows it."""

    product: InputProduct
    actives: str


def product_by_uid(session: Session, uid: UUID) -> InputProduct:
    """The product with this public id."""
    wanted = select(InputProduct).where(col(InputProduct.uid) == uid)
    found: InputProduct | None = session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound(say("There is no such product."))
    return found


def products_like(
    session: Session,
    letters: str,
    *,
    kind: InputKind | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[ProductLine]:
    """Products by name; every word must occur in the name, or begin an active's name."""
    wanted = select(InputProduct)
    for word in fold(letters).split()[:MOST_WORDS]:
        active = select(col(ProductActive.product_id)).where(
            col(ProductActive.name_key).like(f"{word}%")
        )
        wanted = wanted.where(
            or_(col(InputProduct.name_key).like(f"%{word}%"), col(InputProduct.id).in_(active))
        )
    if kind is not None:
        wanted = wanted.where(col(InputProduct.kind) == kind)
    if after is not None:
        key, row = decode(after, str, int)
        name = col(InputProduct.name_key)
        wanted = wanted.where(or_(name > key, (name == key) & (col(InputProduct.id) > row)))
    ordered = wanted.order_by(col(InputProduct.name_key), col(InputProduct.id)).limit(limit + 1)
    found = list(session.execute(ordered).scalars())
    named = _by_product(session, ProductActive, [product.pk for product in found])
    lines = [
        ProductLine(product, " + ".join(active.name for active in named[product.pk]))
        for product in found
    ]
    return page_of(lines, limit=limit, key=lambda one: (one.product.name_key, one.product.pk))


def facts_of(session: Session, product_ids: Iterable[int]) -> dict[int, ProductFacts]:
    """All that is known of products, by their keys, in five statements."""
    wanted = tuple(sorted(set(product_ids)))
    return _facts_of(session, wanted) if wanted else {}


@while_law_stands
def _facts_of(session: Session, wanted: tuple[int, ...]) -> dict[int, ProductFacts]:
    products = session.execute(select(InputProduct).where(col(InputProduct.id).in_(wanted)))
    actives = _by_product(session, ProductActive, wanted)
    permissions = _by_product(session, ProductPermission, wanted)
    uses = _by_product(session, ProductUse, wanted)
    exceptions = _by_product(session, UseException, wanted)
    return {
        product.pk: ProductFacts(
            product=product,
            actives=tuple(actives[product.pk]),
            permissions=tuple(permissions[product.pk]),
            uses=tuple(uses[product.pk]),
            exceptions=tuple(exceptions[product.pk]),
        )
        for product in products.scalars()
    }


def verdicts_of(
    session: Session,
    inputs: Sequence[EntryInput],
    *,
    crop: Crop,
    organisation_id: int,
    on: date | None = None,
) -> list[InputVerdict]:
    """The verdict on each input, in the order given, on one crop, in at most seven statements.

    `on`: the day to judge by; without it each is judged by the day its entry says it was done on.
    """
    if not inputs:
        return []
    regulated = regulated_actives(session)
    known = facts_of(session, (one.product_id for one in inputs if one.product_id is not None))
    done = _entries_of(session, inputs)
    verdicts = []
    for one in inputs:
        day, work = done.get(one.entry_id, (on, Work.SPRAYING))
        judged_on = on or day
        if judged_on is None:
            raise ValueError("an input without an entry needs a day to be judged by")
        facts = known.get(one.product_id) if one.product_id is not None else None
        used = UsedInput(
            one.name, one.actives, one.interval_days, KIND_OF_WORK.get(work, InputKind.PESTICIDE)
        )
        verdicts.append(
            verdict_of(
                used,
                facts,
                regulated=regulated,
                crop=crop,
                organisation_id=organisation_id,
                on=judged_on,
            )
        )
    return verdicts


def longest_interval_on(session: Session, day: date) -> int | None:
    """The longest interval a pesticide for vegetables may be registered with on a day; None: no rule."""
    rule = rule_on(session, INTERVAL_RULE, day)
    return None if rule is None else int(value_of(rule))


def interval_warning(session: Session, interval_days: int | None, day: date) -> Message | None:
    """A second look at an interval, by the dated rule; the value is always kept."""
    return find_interval_warning(interval_days, longest_interval_on(session, day))


def _by_product(
    session: Session, table: type[Owned], product_ids: Sequence[int]
) -> defaultdict[int, list[Owned]]:
    wanted = select(table).where(col(table.product_id).in_(product_ids)).order_by(col(table.id))
    found: defaultdict[int, list[Owned]] = defaultdict(list)
    for row in session.execute(wanted).scalars():
        found[row.product_id].append(row)
    return found


def _entries_of(session: Session, inputs: Sequence[EntryInput]) -> dict[Any, tuple[date, Work]]:
    entry_ids = {one.entry_id for one in inputs}
    wanted = select(col(DiaryEntry.id), col(DiaryEntry.done_on), col(DiaryEntry.work)).where(
        col(DiaryEntry.id).in_(entry_ids)
    )
    return {key: (day, work) for key, day, work in session.execute(wanted)}


def exception_by_uid(session: Session, uid: UUID) -> UseException:
    """The exception with this public id."""
    wanted = select(UseException).where(col(UseException.uid) == uid)
    found: UseException | None = session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound(say("There is no such exception."))
    return found


def verdict_on_product(
    session: Session, product: InputProduct, *, crop: Crop, organisation_id: int, on: date
) -> InputVerdict:
    """The verdict on a product of the catalogue for a crop on a day."""
    return verdict_of(
        UsedInput(product.name, kind=product.kind),
        facts_of(session, [product.pk])[product.pk],
        regulated=regulated_actives(session),
        crop=crop,
        organisation_id=organisation_id,
        on=on,
    )
