"""Recalls in force, for machines of shops, kitchens and neighbours, without signing in."""

from datetime import date

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.deps import Config, PageArgs, Reading
from app.errors import Malformed
from app.models.recalls import RecallKind, RecallState
from app.recalls.public_queries import PublicRecall, public_recalls

router = APIRouter(prefix="/public/recalls", tags=["provenance"])

CACHE = "public, max-age=0, s-maxage=30, must-revalidate"


class PublicRecallOut(BaseModel):
    """A recall as everybody may read it. `producer` null: a household that is not named.

    `lots`: the first codes that warn; `lot_count` is all of those. Each lot's own answer is what counts.
    """

    kind: RecallKind
    state: RecallState
    since: date
    reason: str = Field(examples=["Dư lượng thuốc bảo vệ thực vật vượt mức cho phép."])
    producer: str | None = Field(examples=["Hợp tác xã Rau an toàn Bản Phố"])
    crop: str = Field(examples=["BAP_CAI"])
    lot_count: int
    released_count: int = Field(description="Lots that were fixed and released.")
    lots: list[str] = Field(examples=[["LC0123456789ABC"]])
    pages: list[str]
    demonstration: bool


@router.get("", responses=may_fail(Malformed))
def list_public_recalls(
    call: Reading, page: PageArgs, config: Config, response: Response
) -> PageOut[PublicRecallOut]:
    """Recalls in force, the newest first: no buyer, no kilogram."""
    response.headers["Cache-Control"] = CACHE
    found = public_recalls(call.session, after=page.after, limit=page.limit)

    def told(one: PublicRecall) -> PublicRecallOut:
        return PublicRecallOut(
            kind=one.kind,
            state=one.state,
            since=one.since,
            reason=one.reason,
            producer=one.producer or None,
            crop=one.crop.slug,
            lot_count=one.lots,
            released_count=one.released,
            lots=list(one.codes),
            pages=[f"{config.base_url}/t/{code}" for code in one.codes],
            demonstration=one.demonstration,
        )

    return page_out(found, told)
