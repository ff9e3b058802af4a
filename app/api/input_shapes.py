"""Shapes of inputs: what an officer sends, and a product with all that is known of it."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field
from sqlmodel import Session

from app.api.registry.shapes import LARGEST_INT
from app.api.shapes import Code, In, Name, Out, Words
from app.catalogue.input_commands import ProductDetails, UseDetails
from app.catalogue.input_law_commands import ExceptionDetails, PermissionDetails
from app.catalogue.input_queries import ProductLine
from app.catalogue.input_rules import ProductFacts, VerdictKind
from app.catalogue.queries import crops_by_ids
from app.models.catalogue import Confidence
from app.models.inputs import InputKind, Permission
from app.models.pictures import Picture


class ProductIn(In):
    """A product, the whole of it; `actives` by their whole names."""

    kind: InputKind
    name: Name = Field(examples=["Movento 150OD"])
    actives: list[Name] = Field(default=[], max_length=20, examples=[["spirotetramat"]])
    registrant: Name = ""
    formulation: Code = ""
    pesticide_group: Code = ""
    organic_permitted: bool | None = None

    def details(self) -> ProductDetails:
        """The same, as the command takes it."""
        return ProductDetails(**{**self.model_dump(), "actives": tuple(self.actives)})


class UseIn(In):
    """A use in the list's words; `crop` a slug where they mean one crop."""

    crop_words: Name = Field(examples=["bắp cải"])
    crop: Code = Field(default="", examples=["BAP_CAI"])
    pest: Name = Field(default="", examples=["rệp muội"])
    dose: Name = Field(default="", examples=["0,4 lít/ha"])
    interval_days: int | None = Field(default=None, ge=-LARGEST_INT, le=LARGEST_INT)

    def details(self) -> UseDetails:
        """The same, as the command takes it."""
        return UseDetails(**self.model_dump())


class PermissionIn(In):
    """What the list says from a day on."""

    status: Permission
    valid_from: date
    valid_to: date | None = None
    legal_ref: Words = Field(examples=["TT 28/2026/TT-BNNMT"])
    confidence: Confidence

    def details(self) -> PermissionDetails:
        """The same, as the command takes it."""
        return PermissionDetails(**self.model_dump())


class ExceptionIn(In):
    """Why a product may be used on a crop; by one organisation, or by all."""

    crop: Code = Field(examples=["SU_SU"])
    reason: Words
    valid_from: date
    valid_to: date | None = None
    interval_days: int | None = Field(default=None, ge=-LARGEST_INT, le=LARGEST_INT)
    organisation: UUID | None = None

    def details(self) -> ExceptionDetails:
        """The same, as the command takes it."""
        return ExceptionDetails(**self.model_dump(exclude={"organisation"}))


class InputLineOut(Out):
    """A product in a list."""

    id: UUID
    kind: InputKind
    name: str
    registrant: str
    actives: str


class UseOut(Out):
    """What a product is registered for."""

    crop_words: str
    crop: str | None
    crop_group: str
    pest: str
    dose: str
    interval_days: int | None


class PermissionOut(Out):
    """What the list says of a product for a time; both days inclusive."""

    status: Permission
    valid_from: date
    valid_to: date | None
    legal_ref: str
    confidence: Confidence


class ExceptionOut(Out):
    """An officer's exception."""

    id: UUID
    crop: str
    for_one_organisation: bool
    interval_days: int | None
    reason: str
    valid_from: date
    valid_to: date | None
    ended_at: datetime | None


class InputOut(InputLineOut):
    """A product with all that is known of it; `label` is the photograph of its label."""

    formulation: str
    pesticide_group: str
    organic_permitted: bool | None
    label: UUID | None
    uses: list[UseOut]
    permissions: list[PermissionOut]
    exceptions: list[ExceptionOut]
    version: int


class VerdictOut(BaseModel):
    """What the catalogue says of one use; `warning`: a second look at the interval."""

    kind: VerdictKind
    reason: str
    interval_days: int | None
    warning: str | None


def line_out(line: ProductLine) -> InputLineOut:
    """A product in a list."""
    product = line.product
    return InputLineOut(
        id=product.uid,
        kind=product.kind,
        name=product.name,
        registrant=product.registrant,
        actives=line.actives,
    )


def input_out(session: Session, facts: ProductFacts) -> InputOut:
    """A product with all that is known of it."""
    product = facts.product
    named = {one.crop_id for one in facts.uses if one.crop_id is not None}
    named |= {one.crop_id for one in facts.exceptions}
    slugs = {key: crop.slug for key, crop in crops_by_ids(session, named).items()}
    label = session.get(Picture, product.label_picture_id) if product.label_picture_id else None
    return InputOut(
        id=product.uid,
        kind=product.kind,
        name=product.name,
        registrant=product.registrant,
        actives=" + ".join(one.name for one in facts.actives),
        formulation=product.formulation,
        pesticide_group=product.pesticide_group,
        organic_permitted=product.organic_permitted,
        label=None if label is None else label.uid,
        uses=[
            UseOut(
                crop=slugs.get(one.crop_id or 0),
                **one.model_dump(include=set(UseOut.model_fields) - {"crop"}),
            )
            for one in facts.uses
        ],
        permissions=[PermissionOut.model_validate(one) for one in facts.permissions],
        exceptions=[
            ExceptionOut(
                id=one.uid,
                crop=slugs[one.crop_id],
                for_one_organisation=one.organisation_id is not None,
                **one.model_dump(
                    include={"interval_days", "reason", "valid_from", "valid_to", "ended_at"}
                ),
            )
            for one in facts.exceptions
        ],
        version=product.version,
    )
