"""A product as the public may know it: what it is, who sells it, what may be claimed for it in general.

What a particular lot may claim is said by the page of that lot alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.catalogue.gs1_numbers import shown_gtin
from app.catalogue.product_queries import find_product, find_product_of_gtin
from app.certificates.public_queries import Told, certificates_held
from app.certificates.queries import certificates_of
from app.certificates.rules import CONVERSION, Listed
from app.errors import NotFound
from app.kit.clock import day_of, start_of
from app.kit.messages import Message, say
from app.labels.run_content import STORAGE, WARNINGS, in_all
from app.lots.claims import TITLES
from app.models.catalogue import Crop
from app.models.certificates import CertificateStatus
from app.models.lots import HarvestLot, LotState
from app.models.pictures import Picture
from app.models.print_runs import PrintRun, PrintRunLot
from app.models.products import Product
from app.provenance.organisation_told import MakerTold, maker_told
from app.registry.organisation_queries import organisation_by_id
from app.registry.public_queries import PublicArea, public_areas_of

# A recalled lot older than this has long been eaten or thrown away.
RECENT = timedelta(days=365)
MOST_RECALLS = 50


@dataclass(frozen=True)
class GeneralClaim:
    """What a certificate that stands today lets the producer claim for the crop."""

    title: Message
    told: Told


@dataclass(frozen=True)
class RecallTold:
    """A recalled lot: its code and the day, nothing else."""

    code: str
    on: date


@dataclass(frozen=True)
class ProductTold:
    """The product's page as data."""

    product: Product
    crop: Crop
    maker: MakerTold
    held: Product | None
    picture: Picture | None
    claims: tuple[GeneralClaim, ...]
    areas: tuple[PublicArea, ...]
    recalls: tuple[RecallTold, ...]
    told_on: date

    @property
    def path(self) -> str:
        return product_path(self.product)

    @property
    def gtin_shown(self) -> str | None:
        """Its GTIN as it stands below a bar code."""
        return shown_gtin(self.product.gtin) if self.product.gtin else None

    @property
    def storage(self) -> Mapping[str, str]:
        """How to keep it, by language, where it is one of the sentences that are offered."""
        return in_all(self.product.storage, STORAGE)

    @property
    def warning(self) -> Mapping[str, str]:
        """What to mind, likewise."""
        return in_all(self.product.warning, WARNINGS)

    @property
    def picture_path(self) -> str | None:
        """The address of its photograph, which changes with it."""
        return f"{self.path}/picture.jpg?v={self.picture.sha256[:12]}" if self.picture else None

    @property
    def withdrawn(self) -> bool:
        """Whether it is no longer sold."""
        gone = self.product.withdrawn_on
        return gone is not None and gone <= self.told_on

    def name(self, tag: str) -> str:
        """Its name in a language; that of the crop where it has none in it."""
        own = {"vi": self.product.name_vi, "en": self.product.name_en, "zh": self.product.name_zh}
        return own[tag] or str(getattr(self.crop, f"name_{tag}"))


def product_path(product: Product) -> str:
    """The address of a product's page: by its GTIN where it has one."""
    return f"/p/{product.gtin or product.uid}"


def product_named(session: Session, code: str) -> Product:
    """The product with a GTIN of 14 digits, or with a public id; raises NotFound."""
    by_gtin = code.isdecimal()
    found = find_product_of_gtin(session, code) if by_gtin else find_product(session, UUID(code))
    if found is None:
        raise NotFound(say("There is no such product."))
    return found


def picture_of_product(session: Session, product: Product) -> Picture | None:
    """The photograph that everybody may see."""
    return None if product.picture_id is None else session.get_one(Picture, product.picture_id)


def product_told(session: Session, code: str, *, now: datetime) -> ProductTold:
    """What the public may know of a product today; raises NotFound."""
    product = product_named(session, code)
    today = day_of(now)
    organisation = organisation_by_id(session, product.organisation_id)
    areas = public_areas_of(session, organisation, day=today)
    return ProductTold(
        product=product,
        crop=session.get_one(Crop, product.crop_id),
        maker=maker_told(session, organisation),
        held=session.get_one(Product, product.holds_id) if product.holds_id else None,
        picture=picture_of_product(session, product),
        claims=_claims(session, product, today),
        areas=tuple(area for area in areas if area.grows(product.crop_id)),
        recalls=_recalls(session, product, today),
        told_on=today,
    )


def _claims(session: Session, product: Product, today: date) -> tuple[GeneralClaim, ...]:
    """By each certificate that stands today and has the crop on its list, or is of the facility."""
    covering = {
        held.id
        for held in certificates_of(session, product.organisation_id)
        if held.standing_on(today) == CertificateStatus.ACTIVE
        and (not held.crops or held.lists_on(Listed.CROPS, product.crop_id, today))
    }
    told = certificates_held(session, product.organisation_id, day=today)
    return tuple(
        GeneralClaim(_title(one), one) for one in told if one.line.certificate.pk in covering
    )


def _title(told: Told) -> Message:
    kind = told.line.standard.kind.value
    in_conversion = told.line.certificate.in_conversion
    return TITLES.get(CONVERSION if in_conversion else kind, say("Certified"))


def _recalls(session: Session, product: Product, today: date) -> tuple[RecallTold, ...]:
    """Recalled lots of this crop and producer, but those that were labelled as other products only."""
    wanted = (
        select(col(HarvestLot.id), col(HarvestLot.code), col(HarvestLot.state_since))
        .where(
            col(HarvestLot.organisation_id) == product.organisation_id,
            col(HarvestLot.crop_id) == product.crop_id,
            col(HarvestLot.state) == LotState.RECALLED,
            col(HarvestLot.state_since) >= start_of(today - RECENT),
        )
        .order_by(col(HarvestLot.state_since).desc(), col(HarvestLot.id).desc())
        .limit(MOST_RECALLS)
    )
    rows = session.execute(wanted).all()
    labelled = _labelled_as(session, [row[0] for row in rows])
    return tuple(
        RecallTold(code, day_of(since))
        for lot_id, code, since in rows
        if product.pk in labelled.get(lot_id, {product.pk})
    )


def _labelled_as(session: Session, lot_ids: list[int]) -> dict[int, set[int]]:
    """As which products the labels of lots were printed; nothing for those without."""
    wanted = (
        select(col(PrintRunLot.lot_id), col(PrintRun.product_id))
        .join(PrintRun, col(PrintRun.id) == col(PrintRunLot.run_id))
        .where(col(PrintRunLot.lot_id).in_(lot_ids), col(PrintRun.product_id).is_not(None))
    )
    found: dict[int, set[int]] = {}
    for lot_id, product_id in session.execute(wanted):
        found.setdefault(lot_id, set()).add(product_id)
    return found
