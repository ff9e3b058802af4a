"""Products on the wire: trade items with their GTINs."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Query, Response, UploadFile
from pydantic import Field

from app.api.changing import Said
from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.api.registry.shapes import LARGEST_INT
from app.api.shapes import Code, In, Name, Out, Words
from app.catalogue import product_commands as commands
from app.catalogue import product_queries as queries
from app.catalogue.gs1_numbers import shown_gtin
from app.deps import (
    Call,
    ExpectedVersion,
    OnceDep,
    PageArgs,
    Reading,
    Writing,
    etag,
    require_version,
)
from app.errors import Conflict, Malformed, NotFound, Refused, StaleVersion, VersionRequired
from app.models.products import Product
from app.pictures.cleaning import cleaned_picture
from app.pictures.commands import keep_picture
from app.registry.organisation_queries import organisation_by_id

router = APIRouter(prefix="/products", tags=["products"])


CHANGING = may_fail(NotFound, Conflict, Refused, StaleVersion, VersionRequired)
GTIN = "8935312340017"


class ProductIn(In):
    """A product, the whole of it.

    `gtin` with 8, 12, 13 or 14 digits, in any usual writing. `pack_g` is the net weight in grams; a
    carton `holds` `holds_count` of another product and weighs as much as they do.
    """

    crop: Code = Field(examples=["BAP_CAI"])
    name_vi: Name = Field(examples=["Bắp cải Bắc Hà"])
    name_en: Name = Field(default="", examples=["Bac Ha cabbage"])
    name_zh: Name = Field(default="", examples=["北河卷心菜"])
    brand: Name = Field(default="", examples=["Mây Bắc Hà"])
    gtin: Words = Field(default="", examples=[GTIN])
    pack_g: int | None = Field(default=None, ge=-LARGEST_INT, le=LARGEST_INT, examples=[800])
    holds: UUID | None = Field(default=None, description="The product a carton is full of.")
    holds_count: int | None = Field(default=None, ge=-LARGEST_INT, le=LARGEST_INT, examples=[12])
    best_before_days: int | None = Field(
        default=None, ge=-LARGEST_INT, le=LARGEST_INT, examples=[7]
    )
    storage: Words = Field(default="", examples=["nơi thoáng mát"])
    warning: Words = Field(default="", examples=["rửa sạch trước khi dùng"])
    marks_sold: bool = Field(default=False, description="Whether a shop may mark labels as sold.")
    marks_opened: bool = Field(default=False, description="Whether a buyer may mark one as opened.")

    def details(self) -> commands.ProductDetails:
        """The same, as the command takes it."""
        return commands.ProductDetails(**self.model_dump())


class ProductOut(Out):
    """A product. `gtin` has 14 digits, `gtin_shown` those that stand below a bar code."""

    id: UUID
    organisation: UUID
    organisation_name: str
    crop: str = Field(examples=["BAP_CAI"])
    name_vi: str = Field(examples=["Bắp cải Bắc Hà"])
    name_en: str
    name_zh: str
    brand: str = Field(examples=["Mây Bắc Hà"])
    gtin: str | None = Field(examples=[f"0{GTIN}"])
    gtin_shown: str | None = Field(examples=[GTIN])
    pack_g: int | None = Field(examples=[800])
    holds: UUID | None
    holds_count: int | None = Field(examples=[12])
    best_before_days: int | None = Field(examples=[7])
    storage: str
    warning: str
    picture: UUID | None
    marks_sold: bool
    marks_opened: bool
    withdrawn_on: date | None
    created_at: datetime
    version: int

    @classmethod
    def of(cls, line: queries.ProductLine) -> "ProductOut":
        same = set(cls.model_fields) & set(Product.model_fields) - {"id"}
        gtin = line.product.gtin
        return cls(
            **line.product.model_dump(include=same),
            id=line.product.uid,
            organisation=line.organisation.uid,
            organisation_name=line.organisation.name,
            crop=line.crop.slug,
            gtin_shown=shown_gtin(gtin) if gtin else None,
            holds=line.held.uid if line.held else None,
            picture=line.picture,
        )


class ProductWholeOut(ProductOut):
    """A product with what is odd about its GTIN."""

    warnings: list[str] = Field(examples=[[]])


@router.get("", responses=may_fail(Malformed))
def list_products(
    call: Reading,
    page: PageArgs,
    q: Annotated[str, Query(max_length=80, description="Words of the name, or of the GTIN.")] = "",
    withdrawn: Annotated[bool | None, Query(description="Only those withdrawn, or not.")] = None,
) -> PageOut[ProductOut]:
    """Products by name."""
    found = queries.products(
        call.session,
        within=call.within,
        q=q,
        withdrawn=withdrawn,
        after=page.after,
        limit=page.limit,
    )
    return page_out(found, ProductOut.of)


@router.get("/{product}", responses=may_fail(NotFound))
def read_product(product: UUID, call: Reading, response: Response) -> ProductWholeOut:
    """One product."""
    told = _told(call, product)
    response.headers["ETag"] = etag(told.version)
    return told


@router.post(
    "",
    status_code=201,
    response_model=ProductWholeOut,
    responses=may_fail(Malformed, Conflict, Refused),
)
def register_product(body: ProductIn, call: Writing, once: OnceDep) -> Response:
    """Enter a product. A GTIN is given once: one of a withdrawn product is not used again."""

    def effect() -> Said:
        made = commands.register_product(
            call.session,
            organisation=organisation_by_id(call.session, call.caller.organisation_id),
            details=body.details(),
            by=call.actor,
            now=call.now,
        )
        headers = {"Location": f"/api/v1/products/{made.uid}", "ETag": etag(made.version)}
        return _told(call, made.uid), headers

    return once(effect)


@router.put("/{product}", responses=CHANGING)
def change_product(
    product: UUID,
    body: ProductIn,
    call: Writing,
    expected: ExpectedVersion,
    response: Response,
) -> ProductWholeOut:
    """Correct a product. What its GTIN stands for stays once labels bear it."""
    line = queries.product_line(call.session, product, within=call.within)
    require_version(line.product.version, expected)
    commands.change_product(
        call.session, product=line.product, details=body.details(), by=call.actor, now=call.now
    )
    return read_product(product, call, response)


@router.put("/{product}/picture", responses=CHANGING)
def show_product(
    product: UUID,
    file: Annotated[UploadFile, File(description="JPEG, PNG or WebP.")],
    call: Writing,
    expected: ExpectedVersion,
    response: Response,
) -> ProductWholeOut:
    """Let a photograph stand for the product."""
    line = queries.product_line(call.session, product, within=call.within)
    require_version(line.product.version, expected)
    picture = keep_picture(
        call.session,
        organisation_id=call.caller.organisation_id,
        organisation=call.caller.organisation_uid,
        picture=cleaned_picture(file.file.read()),
        by=call.actor,
        now=call.now,
    )
    commands.show_product(
        call.session,
        product=line.product,
        picture_id=picture.pk,
        sha256=picture.sha256,
        by=call.actor,
        now=call.now,
    )
    return read_product(product, call, response)


@router.post(
    "/{product}/withdraw",
    response_model=ProductWholeOut,
    responses=may_fail(Malformed, NotFound, Conflict, Refused),
)
def withdraw_product(product: UUID, call: Writing, once: OnceDep) -> Response:
    """Sell a product no more; its GTIN stays its own."""

    def effect() -> Said:
        line = queries.product_line(call.session, product, within=call.within)
        commands.withdraw_product(call.session, product=line.product, by=call.actor, now=call.now)
        told = _told(call, product)
        return told, {"ETag": etag(told.version)}

    return once(effect, status=200)


def _told(call: Call, product: UUID) -> ProductWholeOut:
    call.session.flush()  # the version, as it will be
    line = queries.product_line(call.session, product, within=call.within)
    warnings = queries.gtin_warnings(call.session, line.product)
    return ProductWholeOut(
        **ProductOut.of(line).model_dump(), warnings=[call.language.say(one) for one in warnings]
    )
