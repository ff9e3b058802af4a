"""Places on the wire: communes as they were on any day, and what became of them."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from app.api.paging import PageOut
from app.api.problems import may_fail
from app.api.shapes import Code, Name, Out
from app.deps import Reading
from app.errors import NotFound
from app.models.places import AdminUnit
from app.places import queries

router = APIRouter(prefix="/communes", tags=["places"])

MOST_FOUND = 50


class UnitNamed(Out):
    """A unit by its code and name; a code alone may have named another unit earlier."""

    code: str = Field(examples=["02839"])
    name: str = Field(examples=["Thị trấn Bắc Hà"])
    valid_from: date
    valid_to: date | None


class CommuneOut(UnitNamed):
    """A commune with what tells it from its namesakes. `valid_to` is its last day."""

    address: str = Field(examples=["Thị trấn Bắc Hà, huyện Bắc Hà, tỉnh Lào Cai"])
    kind: str = Field(examples=["thị trấn"])
    province_code: str = Field(examples=["10"])
    province_name: str = Field(examples=["Tỉnh Lào Cai"])
    lat: float | None
    lon: float | None
    legal_ref: str
    former_districts: list[UnitNamed]
    predecessors: list[UnitNamed]
    successor: UnitNamed | None

    @classmethod
    def of(cls, found: queries.CommuneFound, language: str) -> "CommuneOut":
        unit = found.unit
        return cls(
            code=unit.code,
            name=unit.name,
            valid_from=unit.valid_from,
            valid_to=unit.valid_to,
            address=queries.address_of(unit, language),
            kind=unit.kind,
            province_code=unit.province_code,
            province_name=unit.province_name,
            lat=unit.lat,
            lon=unit.lon,
            legal_ref=unit.legal_ref,
            former_districts=[_named(district) for district in found.former_districts],
            predecessors=[_named(former) for former in found.predecessors],
            successor=_named(found.successor) if found.successor else None,
        )


@router.get("", responses=may_fail())
def search_communes(
    call: Reading,
    q: Annotated[Name, Query(description="Words of an old or new name.", examples=["bac ha"])],
    on: Annotated[date | None, Query(description="Only communes that stood on this day.")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_FOUND)] = 20,
) -> PageOut[CommuneOut]:
    """Communes by words of their name, without case or diacritics; the best answers first."""
    found = queries.search_communes(call.session, q, day=on, limit=limit)
    told = [CommuneOut.of(commune, call.language.tag) for commune in found]
    return PageOut(items=told, next=None)


@router.get("/{code}", responses=may_fail(NotFound))
def read_commune(
    code: Code,
    call: Reading,
    on: Annotated[date | None, Query(description="The day; today unless given.")] = None,
) -> CommuneOut:
    """The commune that bore a code on a day. Codes are reused: 02647 was Kim Tân, is Lào Cai."""
    found = queries.commune_found(call.session, code, on or call.today)
    return CommuneOut.of(found, call.language.tag)


def _named(unit: AdminUnit) -> UnitNamed:
    return UnitNamed.model_validate(unit)
