"""Finding prices and model groups, within reach."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.models.catalogue import Crop
from app.models.certificates import Certificate
from app.models.plan_prices import CropPrice, ModelGroup
from app.models.registry import Organisation


@dataclass(frozen=True)
class PriceLine:
    """A price with its crop and whose it is; None: everybody's."""

    price: CropPrice
    crop: Crop
    organisation: Organisation | None


@dataclass(frozen=True)
class ModelLine:
    """A model group with what it rests on."""

    group: ModelGroup
    organisation: Organisation
    certificate: Certificate


def prices(
    session: Session,
    *,
    within: Reach,
    crop: str = "",
    withdrawn: bool = False,
    after: str | None = None,
    limit: int = 50,
) -> Page[PriceLine]:
    """Everybody's prices and those within reach, the newest first."""
    wanted = _prices(within).order_by(col(CropPrice.id).desc()).limit(limit + 1)
    if crop:
        wanted = wanted.where(col(Crop.slug) == crop)
    if not withdrawn:
        wanted = wanted.where(col(CropPrice.withdrawn_at).is_(None))
    if after is not None:
        wanted = wanted.where(col(CropPrice.id) < decode(after, int)[0])
    rows = [PriceLine(*row) for row in session.execute(wanted)]
    return page_of(rows, limit=limit, key=lambda line: (line.price.pk,))


def price_line(session: Session, uid: UUID, *, within: Reach) -> PriceLine:
    """One price; NotFound outside the reach."""
    row = session.execute(_prices(within).where(col(CropPrice.uid) == uid)).one_or_none()
    if row is None:
        raise NotFound(say("There is no such price."))
    return PriceLine(*row)


def own_price_line(session: Session, uid: UUID, *, within: Reach) -> PriceLine:
    """The same for whoever may change it: everybody's prices are for those who see everything."""
    line = price_line(session, uid, within=within)
    if line.organisation is None and not within.everything:
        raise NotFound(say("There is no such price."))
    return line


def model_lines(session: Session, plan: str) -> list[ModelLine]:
    """The model groups of a plan, those that ended too, the oldest first."""
    wanted = _models().where(col(ModelGroup.plan) == plan)
    order = (col(ModelGroup.since), col(ModelGroup.id))
    return [ModelLine(*row) for row in session.execute(wanted.order_by(*order))]


def models_elsewhere(session: Session, plan: str) -> list[ModelGroup]:
    """Standing model groups of other plans that are none of this one: of each organisation the newest."""
    standing = col(ModelGroup.until).is_(None)
    here = select(col(ModelGroup.organisation_id)).where(col(ModelGroup.plan) == plan, standing)
    wanted = (
        select(ModelGroup)
        .where(col(ModelGroup.plan) != plan, standing, col(ModelGroup.organisation_id).not_in(here))
        .order_by(col(ModelGroup.since), col(ModelGroup.id))
    )
    newest = {one.organisation_id: one for one in session.execute(wanted).scalars()}
    return list(newest.values())


def model_line(session: Session, uid: UUID) -> ModelLine:
    """One model group."""
    row = session.execute(_models().where(col(ModelGroup.uid) == uid)).one_or_none()
    if row is None:
        raise NotFound(say("There is no such model group."))
    return ModelLine(*row)


def _prices(within: Reach) -> Any:
    owner = col(CropPrice.organisation_id)
    return (
        select(CropPrice, Crop, Organisation)
        .join(Crop, col(Crop.id) == col(CropPrice.crop_id))
        .outerjoin(Organisation, col(Organisation.id) == owner)
        .where(or_(owner.is_(None), within.limits(owner)))
    )


def _models() -> Any:
    return (
        select(ModelGroup, Organisation, Certificate)
        .join(Organisation, col(Organisation.id) == col(ModelGroup.organisation_id))
        .join(Certificate, col(Certificate.id) == col(ModelGroup.certificate_id))
    )
