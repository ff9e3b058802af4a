"""Whom and what one may choose when a certificate is written down: names and codes, no more."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.api.shapes import Name, Out
from app.certificates.holder_queries import goods_of, holder_by_uid, holders
from app.deps import PageArgs, Reading
from app.errors import Malformed, NotFound
from app.models.registry import Organisation, OrganisationKind

router = APIRouter(prefix="/certificate-holders", tags=["certificates"])

MOST_MEMBERS = 2000


class HolderOut(Out):
    """Somebody who can hold a certificate."""

    id: UUID
    name: str
    kind: OrganisationKind


class AreaOffered(Out):
    """An open area of the holder."""

    id: UUID
    name: str
    area_m2: int
    crops: list[str]


class MemberOffered(Out):
    """A member of today, by code and name."""

    id: UUID
    code: str
    name: str


class HolderGoodsOut(HolderOut):
    """What a certificate of this holder can cover; `more`: members beyond those listed."""

    areas: list[AreaOffered]
    members: list[MemberOffered]
    more: int


@router.get("", responses=may_fail(Malformed))
def list_certificate_holders(
    call: Reading,
    page: PageArgs,
    q: Annotated[Name, Query(description="Words of the name.")] = "",
) -> PageOut[HolderOut]:
    """Who can hold a certificate."""
    found = holders(call.session, within=call.within, q=q, after=page.after, limit=page.limit)
    return page_out(found, _holder)


@router.get("/{organisation}", responses=may_fail(NotFound))
def read_certificate_holder(organisation: UUID, call: Reading) -> HolderGoodsOut:
    """A holder's areas with their crops, and its members by code and name."""
    holder = holder_by_uid(call.session, organisation, within=call.within)
    goods = goods_of(call.session, holder, day=call.today, most=MOST_MEMBERS)
    return HolderGoodsOut(
        **_holder(holder).model_dump(),
        areas=[
            AreaOffered(
                id=choice.area.uid,
                name=choice.area.name,
                area_m2=choice.area.area_m2,
                crops=[crop.slug for crop in choice.crops],
            )
            for choice in goods.areas
        ],
        members=[MemberOffered(id=one.uid, code=one.code, name=one.name) for one in goods.members],
        more=goods.more,
    )


def _holder(holder: Organisation) -> HolderOut:
    return HolderOut(id=holder.uid, name=holder.name, kind=holder.kind)
