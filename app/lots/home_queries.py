"""What a clerk should do today: everything that is due, in a few indexed statements."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, func, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.catalogue.queries import rule_on, value_of
from app.certificates.listing_queries import running_out
from app.certificates.queries import Sight
from app.kit.codes import grouped
from app.kit.messages import Message, say
from app.models.catalogue import Crop
from app.models.diary import ConflictState, DiaryConflict, DiaryEntry, Planting
from app.models.lots import HarvestLot, LotKind, LotState
from app.models.registry import ApplicationState, CodeApplication, PlantingArea
from app.registry.season_reminder_queries import season_reminders

OPEN_RULE = "lots.open_days"
SILENT_RULE = "lots.diary_silent_days"
# How early one wants to know that a certificate runs out; when to file is the law's.
CERTIFICATE_DAYS = timedelta(days=60)
# Of one kind so many are named, and the rest counted.
MOST_NAMED = 3


@dataclass(frozen=True)
class Due:
    """One thing to do: the sentence, the page where it is done, whether it should not wait."""

    kind: str
    sentence: Message
    address: str
    urgent: bool = False


@dataclass(frozen=True)
class DayAtWork:
    """What an organisation recorded on a day, and what still waits."""

    recorded: int
    grams: int
    still_open: int


def day_at_work(session: Session, *, organisation_id: int, recorded: date) -> DayAtWork:
    """What an organisation harvested on a day, and how many of its lots are still open."""
    mine = col(HarvestLot.organisation_id) == organisation_id
    standing = and_(
        col(HarvestLot.state) != LotState.WITHDRAWN, col(HarvestLot.kind) == LotKind.HARVEST
    )
    count, grams = session.execute(
        select(func.count(), func.coalesce(func.sum(col(HarvestLot.quantity_g)), 0)).where(
            mine, standing, col(HarvestLot.harvested_on) == recorded
        )
    ).one()
    still_open = session.execute(
        select(func.count()).where(mine, col(HarvestLot.state) == LotState.OPEN)
    ).scalar_one()
    return DayAtWork(recorded=count, grams=int(grams), still_open=still_open)


def due_today(session: Session, *, organisation_id: int, today: date) -> list[Due]:
    """Everything an organisation should look at today, what should not wait first."""
    within = Reach.own(organisation_id)
    due = [
        *_held(session, organisation_id),
        *_sellable(session, organisation_id, today),
        *_open_too_long(session, organisation_id, today),
        *_returned(session, organisation_id),
        *_seasons(session, within, today),
        *_conflicts(session, organisation_id),
        *_silent(session, organisation_id, today),
        *_certificates(session, within, today),
    ]
    return sorted(due, key=lambda one: not one.urgent)


def _held(session: Session, organisation_id: int) -> Iterator[Due]:
    wanted = (
        select(HarvestLot)
        .where(
            col(HarvestLot.organisation_id) == organisation_id,
            col(HarvestLot.state) == LotState.HELD,
        )
        .order_by(col(HarvestLot.harvested_on).desc())
        .limit(MOST_NAMED)
    )
    for lot in session.execute(wanted).scalars():
        told = say("Lot {code} is held: {reason}", code=grouped(lot.code), reason=lot.state_reason)
        yield Due("held", told, f"/work/lots/{lot.code}", urgent=True)


def _sellable(session: Session, organisation_id: int, today: date) -> Iterator[Due]:
    wanted = (
        select(HarvestLot)
        .where(
            col(HarvestLot.organisation_id) == organisation_id,
            col(HarvestLot.sellable_from) == today,
            col(HarvestLot.state).in_([LotState.OPEN, LotState.SEALED]),
        )
        .order_by(col(HarvestLot.id))
        .limit(MOST_NAMED)
    )
    for lot in session.execute(wanted).scalars():
        told = say("The waiting time of lot {code} is over today.", code=grouped(lot.code))
        yield Due("sellable", told, f"/work/lots/{lot.code}", urgent=True)


def _open_too_long(session: Session, organisation_id: int, today: date) -> Iterator[Due]:
    rule = rule_on(session, OPEN_RULE, today)
    if rule is None:
        return
    before = today - timedelta(days=int(value_of(rule)))
    late = (
        col(HarvestLot.organisation_id) == organisation_id,
        col(HarvestLot.state) == LotState.OPEN,
        col(HarvestLot.harvested_on) < before,
    )
    count, oldest = session.execute(
        select(func.count(), func.min(col(HarvestLot.harvested_on))).where(*late)
    ).one()
    if count:
        told = say(
            "Lots open longer than {days} days: {count}, the oldest of {day}. Seal what has left.",
            count=count,
            days=int(value_of(rule)),
            day=oldest,
        )
        yield Due("open", told, "/work/lots?state=open")


def _returned(session: Session, organisation_id: int) -> Iterator[Due]:
    wanted = (
        select(PlantingArea)
        .join(CodeApplication, col(CodeApplication.area_id) == col(PlantingArea.id))
        .where(
            col(PlantingArea.organisation_id) == organisation_id,
            col(CodeApplication.state) == ApplicationState.RETURNED,
        )
        .order_by(col(CodeApplication.id))
        .limit(MOST_NAMED)
    )
    for area in session.execute(wanted).scalars():
        told = say("The application for {area} was sent back. Complete it.", area=area.name)
        yield Due("returned", told, f"/work/areas/{area.uid}/dossier", urgent=True)


def _seasons(session: Session, within: Reach, today: date) -> Iterator[Due]:
    owed = season_reminders(session, today, within=within)
    for reminder in owed[:MOST_NAMED]:
        yield Due(f"season_{reminder.kind}", reminder.sentence, reminder.address)
    if len(owed) > MOST_NAMED:
        more = say("More seasons to declare or to report: {count}.", count=len(owed) - MOST_NAMED)
        yield Due("season_more", more, "/work/seasons")


def _conflicts(session: Session, organisation_id: int) -> Iterator[Due]:
    wanted = select(func.count()).where(
        col(DiaryConflict.organisation_id) == organisation_id,
        col(DiaryConflict.state) == ConflictState.OPEN,
    )
    count = session.execute(wanted).scalar_one()
    if count:
        told = say(
            "Entries of the diary with two versions: {count}. Choose which stands.", count=count
        )
        yield Due("conflicts", told, "/work/diary/conflicts", urgent=True)


def _silent(session: Session, organisation_id: int, today: date) -> Iterator[Due]:
    rule = rule_on(session, SILENT_RULE, today)
    if rule is None:
        return
    since = today - timedelta(days=int(value_of(rule)))
    lately = select(col(DiaryEntry.id)).where(
        col(DiaryEntry.planting_id) == col(Planting.id), col(DiaryEntry.done_on) > since
    )
    wanted = (
        select(Planting, Crop, PlantingArea)
        .join(Crop, col(Crop.id) == col(Planting.crop_id))
        .join(PlantingArea, col(PlantingArea.id) == col(Planting.area_id))
        .where(
            col(Planting.organisation_id) == organisation_id,
            col(Planting.ended_on).is_(None),
            col(Planting.sown_on) <= since,
            ~lately.exists(),
        )
        .order_by(col(Planting.id))
        .limit(MOST_NAMED)
    )
    for planting, crop, area in session.execute(wanted):
        told = say(
            "Nothing was written about {crop} in {area} for {days} days.",
            crop=crop.name_vi,
            area=area.name,
            days=int(value_of(rule)),
        )
        yield Due("silent", told, f"/work/diary/plantings/{planting.uid}")


def _certificates(session: Session, within: Reach, today: date) -> Iterator[Due]:
    ending = running_out(session, sight=Sight(within), today=today, until=today + CERTIFICATE_DAYS)
    for line in ending[:MOST_NAMED]:
        told = say(
            "Certificate {number} runs out on {day}.",
            number=line.certificate.number,
            day=line.certificate.valid_to,
        )
        yield Due("certificate", told, f"/work/certificates/{line.certificate.uid}")
