"""Harvests an inspector should look at: no diary behind them, picked too early, all of them round figures."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.kit.messages import Message, say
from app.kit.quantities import Grams
from app.lots.queries import LotLine, lines
from app.models.diary import DiaryEntry, Planting, Work
from app.models.lots import HarvestLot, LotKind, LotState

LOOK_BACK = timedelta(days=90)
MOST_LOOKED_AT = 5_000
# Scales seldom show whole hundredweights; of so many lots, so many in a hundred are suspicious.
ROUND = Grams(100_000)
LEAST_LOTS = 8
ROUND_PERCENT = 80


class AnomalyKind(StrEnum):
    """What is odd about a lot."""

    EARLY = "early"
    NO_DIARY = "no_diary"
    ROUND = "round"


@dataclass(frozen=True)
class Anomaly:
    """A lot worth a second look, and why."""

    kind: AnomalyKind
    line: LotLine
    why: Message


def lot_anomalies(session: Session, *, within: Reach, today: date, limit: int) -> list[Anomaly]:
    """The odd lots of the last three months, at most `limit` of a kind, the newest first."""
    wanted = lines().where(
        within.limits(col(HarvestLot.organisation_id)),
        col(HarvestLot.kind) == LotKind.HARVEST,
        col(HarvestLot.harvested_on) >= today - LOOK_BACK,
        col(HarvestLot.state) != LotState.WITHDRAWN,
    )
    newest = wanted.order_by(col(HarvestLot.id).desc()).limit(MOST_LOOKED_AT)
    found = [LotLine(*row) for row in session.execute(newest)]
    kinds = (_early(found), _without_diary(session, found), _round(found))
    return [one for anomalies in kinds for one in anomalies[:limit]]


def _early(found: Sequence[LotLine]) -> list[Anomaly]:
    return [
        Anomaly(
            AnomalyKind.EARLY,
            line,
            say("Harvested while a waiting time ran, until {day}.", day=line.lot.sellable_from),
        )
        for line in found
        if line.lot.sellable_from is not None
    ]


def _without_diary(session: Session, found: Sequence[LotLine]) -> list[Anomaly]:
    """Lots of a planting that is entered, and of which nothing is written but harvests."""
    areas = {line.lot.area_id for line in found}
    written = select(col(DiaryEntry.id)).where(
        col(DiaryEntry.planting_id) == col(Planting.id),
        col(DiaryEntry.work) != Work.HARVEST,
        col(DiaryEntry.void).is_(False),
    )
    wanted = (
        select(col(Planting.area_id), col(Planting.crop_id), func.min(col(Planting.sown_on)))
        .where(
            col(Planting.area_id).in_(areas),
            or_(col(Planting.ended_on).is_(None), col(Planting.ended_on) >= _oldest(found)),
        )
        .group_by(col(Planting.area_id), col(Planting.crop_id))
        .having(func.count().filter(written.exists()) == 0)
    )
    silent = {(area, crop): sown for area, crop, sown in session.execute(wanted)}
    return [
        Anomaly(
            AnomalyKind.NO_DIARY,
            line,
            say("Harvested, and nothing else is written since it was sown on {day}.", day=sown),
        )
        for line in found
        if (sown := silent.get((line.lot.area_id, line.crop.pk))) is not None
        and sown <= line.lot.harvested_on
    ]


def _oldest(found: Sequence[LotLine]) -> date:
    return min((line.lot.harvested_on for line in found), default=date.max)


def _round(found: Sequence[LotLine]) -> list[Anomaly]:
    by_home: defaultdict[int, list[LotLine]] = defaultdict(list)
    for line in found:
        by_home[line.organisation.pk].append(line)
    odd = []
    for of_home in by_home.values():
        whole = [line for line in of_home if line.lot.quantity_g % ROUND.value == 0]
        if len(of_home) >= LEAST_LOTS and len(whole) * 100 >= len(of_home) * ROUND_PERCENT:
            why = say(
                "Lots of whole {weight}: {whole} of {count}.",
                weight=ROUND,
                whole=len(whole),
                count=len(of_home),
            )
            odd.append(Anomaly(AnomalyKind.ROUND, of_home[0], why))
    return odd
