"""The mass balance on the wire: how full each season is, and which lots are over what was declared."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from app.api.lots_shapes import LotLineOut
from app.api.problems import may_fail
from app.api.shapes import Out
from app.deps import Reading
from app.errors import Malformed
from app.kit.i18n import Language
from app.lots.balance import Standing
from app.lots.gauge_queries import Gauge, OverLot, gauges, lots_over

router = APIRouter(prefix="/balance", tags=["lots"])


class GaugeOut(Out):
    """What was harvested in a season against what was declared for it."""

    season: UUID
    area: UUID
    area_name: str
    crop: str
    organisation_name: str
    harvested_g: int
    declared_g: int
    percent: int = Field(examples=[93])
    standing: Standing
    doubt: str | None = Field(description="More than the land gives by the plan's yields.")

    @classmethod
    def of(cls, gauge: Gauge, language: Language) -> "GaugeOut":
        return cls(
            season=gauge.declaration.uid,
            area=gauge.area.uid,
            area_name=gauge.area.name,
            crop=gauge.crop.slug,
            organisation_name=gauge.organisation.name,
            harvested_g=gauge.used.value,
            declared_g=gauge.limit.value,
            percent=gauge.percent,
            standing=gauge.standing,
            doubt=language.say(gauge.doubt) if gauge.doubt else None,
        )


class OverLotOut(Out):
    """A lot with which a season passed what was declared for it."""

    lot: LotLineOut
    harvested_g: int
    declared_g: int

    @classmethod
    def of(cls, over: OverLot) -> "OverLotOut":
        return cls(
            lot=LotLineOut.of(over.line), harvested_g=over.upto.value, declared_g=over.limit.value
        )


@router.get("/seasons", responses=may_fail(Malformed))
def list_balances(call: Reading) -> list[GaugeOut]:
    """The seasons that are open or ended lately, the fullest first."""
    found = gauges(call.session, within=call.within, today=call.today)
    return [GaugeOut.of(gauge, call.language) for gauge in found]


@router.get("/lots-over", responses=may_fail(Malformed))
def list_lots_over(call: Reading) -> list[OverLotOut]:
    """The lots that are over what their season declared, the newest first."""
    found = lots_over(call.session, within=call.within, today=call.today)
    return [OverLotOut.of(over) for over in found]
