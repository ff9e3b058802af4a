"""Harvests an inspector should look at: no diary behind them, picked too early, all of them round figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.kit.messages import Message, say
from app.kit.quantities import Grams
from app.lots.queries import LotLine, lines
from app.models.diary import DiaryEntry, Planting, Work
from app.models.lots import HarvestLot, LotKind, LotState

LOOK_BACK = timedelta(days=90)
# Scales seldom show whole hundredweights; of so many lots, so many in a hundred are suspicious.
ROUND = Grams(100_000)
LEAST_LOTS = 8
ROUND_PERCENT = 80
WHOLE = 100


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
    since = today - LOOK_BACK
    recent = (
        within.limits(col(HarvestLot.organisation_id)),
        col(HarvestLot.kind) == LotKind.HARVEST,
        col(HarvestLot.harvested_on) >= since,
        col(HarvestLot.state) != LotState.WITHDRAWN,
    )
    # + 0: else a database reads all lots in the order of this key, for want of sorting the recent ones.
    newest = lines().where(*recent).order_by((col(HarvestLot.id) + 0).desc()).limit(limit)
    return [
        *_early(session, newest),
        *_without_diary(session, newest, since),
        *_round(session, recent, limit),
    ]


def _early(session: Session, newest: Any) -> list[Anomaly]:
    wanted = newest.where(col(HarvestLot.sellable_from).is_not(None))
    return [
        Anomaly(
            AnomalyKind.EARLY,
            line,
            say("Harvested while a waiting time ran, until {day}.", day=line.lot.sellable_from),
        )
        for line in (LotLine(*row) for row in session.execute(wanted))
    ]


def _without_diary(session: Session, newest: Any, since: date) -> list[Anomaly]:
    """Lots of a planting that is entered, and of which nothing is written but harvests."""
    written = select(col(DiaryEntry.id)).where(
        col(DiaryEntry.planting_id) == col(Planting.id),
        col(DiaryEntry.work) != Work.HARVEST,
        col(DiaryEntry.void).is_(False),
    )
    area, crop = col(Planting.area_id), col(Planting.crop_id)
    silent = (
        select(area, crop, func.min(col(Planting.sown_on)).label("sown_on"))
        .where(or_(col(Planting.ended_on).is_(None), col(Planting.ended_on) >= since))
        .group_by(area, crop)
        .having(func.count().filter(written.exists()) == 0)
        .subquery()
    )
    wanted = newest.add_columns(silent.c.sown_on).join(
        silent,
        (silent.c.area_id == col(HarvestLot.area_id))
        & (silent.c.crop_id == col(HarvestLot.crop_id))
        & (silent.c.sown_on <= col(HarvestLot.harvested_on)),
    )
    return [
        Anomaly(
            AnomalyKind.NO_DIARY,
            LotLine(*line),
            say("Harvested, and nothing else is written since it was sown on {day}.", day=sown),
        )
        for *line, sown in session.execute(wanted)
    ]


def _round(session: Session, recent: Sequence[Any], limit: int) -> list[Anomaly]:
    """Of each organisation whose lots nearly all weigh whole hundredweights, the newest lot."""
    newest, count = func.max(col(HarvestLot.id)), func.count()
    whole = func.count().filter(col(HarvestLot.quantity_g) % ROUND.value == 0)
    # + 0: for the same reason.
    owner = col(HarvestLot.organisation_id) + 0
    wanted = (
        select(newest, count, whole)
        .where(*recent)
        .group_by(owner)
        .having(count >= LEAST_LOTS, whole * WHOLE >= count * ROUND_PERCENT)
        .order_by(newest.desc())
        .limit(limit)
    )
    rows = session.execute(wanted).all()
    found = lines().where(col(HarvestLot.id).in_([key for key, *_ in rows]))
    by_key = {row[0].pk: LotLine(*row) for row in session.execute(found)}
    return [
        Anomaly(
            AnomalyKind.ROUND,
            by_key[key],
            say(
                "Lots of whole {weight}: {whole} of {count}.",
                weight=ROUND,
                whole=round_ones,
                count=all_of_them,
            ),
        )
        for key, all_of_them, round_ones in rows
    ]
