"""The public register on the wire, for anybody; and the numbers of the desk."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.api.registry.shapes import CommuneNamed
from app.api.shapes import Code, Name, Out
from app.catalogue.reason_queries import reasons_by_slug
from app.deps import Call, PageArgs, Reading
from app.errors import Malformed, NotFound, Refused
from app.kit.i18n import Language
from app.models.registry import CodeScheme, CodeStatus
from app.places.queries import address_on
from app.registry.register_queries import Holder, RegisterLine, register, registered_area
from app.registry.register_words import holder_said, steps_said, wanted_of
from app.registry.statistics_queries import Line, codes_by_commune, codes_by_district

router = APIRouter(tags=["registry"])

CACHE = "public, max-age=0, s-maxage=60, must-revalidate"


class By(StrEnum):
    """What is counted by: districts until 30 June 2025, or communes of today."""

    DISTRICT = "district"
    COMMUNE = "commune"


class RegisterFilter(BaseModel):
    """Which codes; what is left out means any."""

    q: Name = Field(default="", description="Words of a code, a place or an organisation.")
    status: CodeStatus | None = None
    market: Code = Field(default="", examples=["VNM"])
    crop: Code = Field(default="", examples=["BAP_CAI"])
    commune: Code = Field(default="", description="A code of today, or else a former one.")


class PointOut(Out):
    """The middle of the boundary rounded to 0.01°, about a kilometre (WGS 84)."""

    longitude: float = Field(examples=[104.3])
    latitude: float = Field(examples=[22.53])


class HolderOut(Out):
    """Whose area it is, as everybody may read it; a household is named only if it agreed."""

    holder: str = Field(examples=["Hợp tác xã Rau an toàn Bản Phố"])
    named: bool
    commune: CommuneNamed
    former_commune: CommuneNamed | None
    crops: list[str] = Field(examples=[["BAP_CAI"]])
    area_m2: int = Field(examples=[24000])
    position: PointOut | None
    demonstration: bool

    @classmethod
    def of(cls, holder: Holder, language: Language) -> "HolderOut":
        at = holder.position
        return cls(
            holder=language.say(holder_said(holder)),
            named=holder.name is not None,
            commune=CommuneNamed.of(holder.commune),
            former_commune=CommuneNamed.of(holder.former) if holder.former else None,
            crops=[crop.slug for crop in holder.crops],
            area_m2=holder.area_m2,
            position=PointOut(longitude=at[0], latitude=at[1]) if at else None,
            demonstration=holder.demonstration,
        )


class RegisterLineOut(HolderOut):
    """A code of the register with its status today."""

    code: str = Field(examples=["15-PUC-BAPCAI01-000001-VNM"])
    code_key: str = Field(examples=["15pucbapcai01000001vnm"])
    market: str = Field(examples=["VNM"])
    scheme: CodeScheme
    issued_on: date
    status: CodeStatus


class RegisteredStepOut(Out):
    """A step in the life of a code: by which decision, and why."""

    status: CodeStatus
    effective_on: date
    number: str = Field(examples=["112/QĐ-TTBVTV"])
    reason: str


class RegisteredCodeOut(Out):
    """A code with its whole history, and its status on the day; null before it was issued."""

    code: str = Field(examples=["15-PUC-BAPCAI01-000001-VNM"])
    market: str = Field(examples=["VNM"])
    scheme: CodeScheme
    issued_on: date
    status: CodeStatus | None
    steps: list[RegisteredStepOut]


class RegisteredAreaOut(HolderOut):
    """An area with every code it was given, and its address on a day."""

    on: date
    address: str = Field(examples=["Xã Bản Phố, huyện Bắc Hà, tỉnh Lào Cai"])
    codes: list[RegisteredCodeOut]


class PlaceCountOut(Out):
    """What lies in a district or commune; a code alone may have named another unit earlier."""

    code: str = Field(examples=["085"])
    name: str = Field(examples=["Huyện Bắc Hà"])
    province_name: str = Field(examples=["Tỉnh Lào Cai"])
    areas: int
    area_m2: int
    codes: dict[CodeStatus, int]

    @classmethod
    def of(cls, line: Line) -> "PlaceCountOut":
        unit, count = line.unit, line.count
        return cls(
            code=unit.code,
            name=unit.name,
            province_name=unit.province_name,
            areas=count.areas,
            area_m2=count.area_m2,
            codes={status: count.codes[status] for status in CodeStatus},
        )


class StatisticsOut(Out):
    """`unallocated`: communes of two districts whose areas do not say in which of them they lie."""

    on: date
    by: By
    places: list[PlaceCountOut]
    unallocated: list[PlaceCountOut]
    areas: int
    area_m2: int


@router.get("/register", responses=may_fail(Malformed, Refused))
def list_register(
    call: Reading,
    page: PageArgs,
    asked: Annotated[RegisterFilter, Query()],
    response: Response,
) -> PageOut[RegisterLineOut]:
    """Every code that was ever given, newest first, without signing in."""
    wanted = wanted_of({**asked.model_dump(), "status": asked.status or ""})
    found = register(call.session, wanted, day=call.today, after=page.after, limit=page.limit)
    _for_anybody(call, response)
    return page_out(found, lambda line: _line(line, call.language))


@router.get("/register/{code}", responses=may_fail(NotFound))
def read_registered_area(
    code: Code,
    call: Reading,
    response: Response,
    on: Annotated[date | None, Query(description="The day; today unless given.")] = None,
) -> RegisteredAreaOut:
    """The area that holds, or held, a code, however it is typed, with all its codes."""
    day = on or call.today
    area = registered_area(call.session, code, day=day)
    holder, tag = area.holder, call.language.tag
    reasons = reasons_by_slug(call.session)
    _for_anybody(call, response)
    return RegisteredAreaOut(
        **HolderOut.of(holder, call.language).model_dump(),
        on=day,
        address=address_on(call.session, holder.former or holder.commune, day, tag),
        codes=[
            RegisteredCodeOut(
                code=told.code.code,
                market=told.code.market,
                scheme=told.code.scheme,
                issued_on=told.code.issued_on,
                status=told.status,
                steps=[
                    RegisteredStepOut.model_validate(step)
                    for step in steps_said(told, reasons, tag, named=holder.name is not None)
                ],
            )
            for told in area.codes
        ],
    )


@router.get("/statistics/codes", responses=may_fail())
def read_code_statistics(
    call: Reading,
    by: By = By.DISTRICT,
    on: Annotated[date | None, Query(description="The day; today unless given.")] = None,
) -> StatisticsOut:
    """Areas, hectares and codes by status, by former district for the plan or by commune of today."""
    day = on or call.today
    counted = codes_by_district if by is By.DISTRICT else codes_by_commune
    told = counted(call.session, day)
    return StatisticsOut(
        on=day,
        by=by,
        places=[PlaceCountOut.of(line) for line in told.lines],
        unallocated=[PlaceCountOut.of(line) for line in told.unallocated],
        areas=told.total.areas,
        area_m2=told.total.area_m2,
    )


def _line(line: RegisterLine, language: Language) -> RegisterLineOut:
    code = line.code
    return RegisterLineOut(
        **HolderOut.of(line.holder, language).model_dump(),
        code=code.code,
        code_key=code.code_key,
        market=code.market,
        scheme=code.scheme,
        issued_on=code.issued_on,
        status=line.status,
    )


def _for_anybody(call: Call, response: Response) -> None:
    response.headers["Content-Language"] = call.language.html_tag
    response.headers["Vary"] = "Accept-Language, Cookie"
    if call.known is None:
        response.headers["Cache-Control"] = CACHE
