"""One list of what an inspector should look at: lots, diaries, codes and labels that look odd."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.diary.anomaly_queries import AnomalyKind as DiaryKind
from app.diary.anomaly_queries import anomalies
from app.kit.clock import day_of
from app.kit.codes import grouped
from app.kit.messages import Message, say
from app.lots.anomaly_queries import AnomalyKind as LotKind
from app.lots.anomaly_queries import lot_anomalies
from app.lots.gauge_queries import lots_over
from app.models.catalogue import Crop
from app.models.lots import HarvestLot, LotState
from app.models.registry import AreaCode, AreaCrop, CodeStatus, Organisation, PlantingArea
from app.models.scans import ScanAlert

LOOK_BACK = timedelta(days=180)
HOLDING = (CodeStatus.ACTIVE, CodeStatus.WARNED, CodeStatus.SUSPENDED)


class OddityKind(StrEnum):
    """What looks odd, the gravest first."""

    BANNED = "banned"
    OTHER_CROP = "other_crop"
    OVER_CAP = "over_cap"
    EVERYWHERE = "everywhere"
    EARLY = "early"
    SAME_PHOTO = "same_photo"
    NO_DIARY = "no_diary"
    BACK_DATED = "back_dated"
    ROUND = "round"
    NIGHT = "night"
    CLOCK = "clock"


WORDS: dict[OddityKind, Message] = {
    OddityKind.BANNED: say("Banned substance"),
    OddityKind.OTHER_CROP: say("Code used for another crop"),
    OddityKind.OVER_CAP: say("More than was declared"),
    OddityKind.EVERYWHERE: say("One label looked up everywhere"),
    OddityKind.EARLY: say("Harvested in a waiting time"),
    OddityKind.SAME_PHOTO: say("The same photograph twice"),
    OddityKind.NO_DIARY: say("Harvest without a diary"),
    OddityKind.BACK_DATED: say("Written down late"),
    OddityKind.ROUND: say("Round figures"),
    OddityKind.NIGHT: say("Written down at night"),
    OddityKind.CLOCK: say("Clock in doubt"),
}
_DIARY = {
    DiaryKind.BANNED: OddityKind.BANNED,
    DiaryKind.SAME_PHOTO: OddityKind.SAME_PHOTO,
    DiaryKind.LATE: OddityKind.BACK_DATED,
    DiaryKind.NIGHT: OddityKind.NIGHT,
    DiaryKind.CLOCK: OddityKind.CLOCK,
}
_LOTS = {
    LotKind.EARLY: OddityKind.EARLY,
    LotKind.NO_DIARY: OddityKind.NO_DIARY,
    LotKind.ROUND: OddityKind.ROUND,
}


@dataclass(frozen=True)
class Oddity:
    """Something odd: of whom, why, and the page that shows it."""

    kind: OddityKind
    organisation: Organisation
    why: Message
    address: str
    day: date


def oddities(
    session: Session, *, today: date, organisation: Organisation | None = None, limit: int = 30
) -> list[Oddity]:
    """What is odd everywhere, or at one organisation: at most `limit` of a kind, the gravest first."""
    within = Reach.own(organisation.pk) if organisation else Reach.all()
    found = [
        *_of_lots(session, within, today, limit),
        *_of_diaries(session, within, organisation, today, limit),
        *_other_crops(session, within, today, limit),
        *_labels(session, within, limit),
    ]
    rank = {kind: place for place, kind in enumerate(OddityKind)}
    return sorted(found, key=lambda one: (rank[one.kind], -one.day.toordinal()))


def _of_lots(session: Session, within: Reach, today: date, limit: int) -> list[Oddity]:
    over = [
        Oddity(
            OddityKind.OVER_CAP,
            one.line.organisation,
            say(
                "Lot {code}: {upto} of {limit} declared.",
                code=grouped(one.line.lot.code),
                upto=one.upto,
                limit=one.limit,
            ),
            f"/desk/lots/{one.line.lot.code}",
            one.line.lot.harvested_on,
        )
        for one in lots_over(session, within=within, today=today)[:limit]
    ]
    odd = [
        Oddity(
            _LOTS[one.kind],
            one.line.organisation,
            say("Lot {code}: {why}", code=grouped(one.line.lot.code), why=one.why),
            f"/desk/lots/{one.line.lot.code}",
            one.line.lot.harvested_on,
        )
        for one in lot_anomalies(session, within=within, today=today, limit=limit)
    ]
    return over + odd


def _of_diaries(
    session: Session, within: Reach, organisation: Organisation | None, today: date, limit: int
) -> list[Oddity]:
    found = anomalies(
        session,
        within=within,
        organisation_id=organisation.pk if organisation else None,
        today=today,
        limit=limit,
    )
    keys = {one.line.entry.organisation_id for one in found}
    wanted = select(Organisation).where(col(Organisation.id).in_(keys))
    homes = {one.pk: one for one in session.execute(wanted).scalars()}
    return [
        Oddity(
            _DIARY[one.kind],
            homes[one.line.entry.organisation_id],
            one.why,
            f"/work/diary/entries/{one.line.entry.uid}",
            one.line.entry.done_on,
        )
        for one in found
    ]


def _other_crops(session: Session, within: Reach, today: date, limit: int) -> list[Oddity]:
    """Lots under the code of an area that is not registered for their crop."""
    registered = select(col(AreaCrop.crop_id)).where(
        col(AreaCrop.area_id) == col(HarvestLot.area_id),
        col(AreaCrop.crop_id) == col(HarvestLot.crop_id),
    )
    coded = select(col(AreaCode.id)).where(
        col(AreaCode.area_id) == col(HarvestLot.area_id), col(AreaCode.status).in_(HOLDING)
    )
    wanted = (
        select(HarvestLot, Organisation, PlantingArea, Crop)
        .join(Organisation, col(Organisation.id) == col(HarvestLot.organisation_id))
        .join(PlantingArea, col(PlantingArea.id) == col(HarvestLot.area_id))
        .join(Crop, col(Crop.id) == col(HarvestLot.crop_id))
        .where(
            within.limits(col(HarvestLot.organisation_id)),
            col(HarvestLot.harvested_on) >= today - LOOK_BACK,
            col(HarvestLot.state) != LotState.WITHDRAWN,
            ~registered.exists(),
            coded.exists(),
        )
        # + 0: else a database reads all lots in the order of this key, not the recent ones.
        .order_by((col(HarvestLot.id) + 0).desc())
        .limit(limit)
    )
    return [
        Oddity(
            OddityKind.OTHER_CROP,
            home,
            say(
                "Lot {code}: {crop} from {area}, which is not registered for it.",
                code=grouped(lot.code),
                crop=crop.name_vi,
                area=area.name,
            ),
            f"/desk/lots/{lot.code}",
            lot.harvested_on,
        )
        for lot, home, area, crop in session.execute(wanted)
    ]


def _labels(session: Session, within: Reach, limit: int) -> list[Oddity]:
    wanted = (
        select(ScanAlert, HarvestLot, Organisation)
        .join(HarvestLot, col(HarvestLot.id) == col(ScanAlert.lot_id))
        .join(Organisation, col(Organisation.id) == col(HarvestLot.organisation_id))
        .where(
            within.limits(col(HarvestLot.organisation_id)),
            col(ScanAlert.closed_at).is_(None),
        )
        .order_by(col(ScanAlert.id).desc())
        .limit(limit)
    )
    return [
        Oddity(
            OddityKind.EVERYWHERE,
            home,
            say("A label of lot {code} was looked up in an unusual way.", code=grouped(lot.code)),
            f"/desk/scans/alerts/{alert.uid}",
            day_of(alert.opened_at),
        )
        for alert, lot, home in session.execute(wanted)
    ]
