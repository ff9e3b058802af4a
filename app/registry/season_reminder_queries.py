"""Who should be reminded to declare a season, or to report what one gave."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import and_, or_, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.catalogue.queries import rule_on, value_of
from app.kit.messages import Message, say
from app.models.catalogue import Crop
from app.models.registry import ENDED, AreaCode, PlantingArea
from app.models.seasons import SeasonDeclaration

DECLARE_RULE = "season.declare_after_days"
REPORT_RULE = "season.report_after_days"


@dataclass(frozen=True)
class Reminder:
    """One thing an organisation owes; `about` is the same for as long as it is owed.

    `address` is the page where it is done.
    """

    organisation_id: int
    area: PlantingArea
    kind: Literal["declare", "report"]
    about: str
    sentence: Message
    address: str


def season_reminders(
    session: Session, today: date, *, within: Reach | None = None
) -> list[Reminder]:
    """What is owed on a day, by the dated rules of that day (QĐ 3156/QĐ-BNN-TT annex 2).

    A declaration: of an open area with a standing code, nothing of which grows by any declaration,
    nor started lately or is to start. A report: of a harvest that should have ended a while ago.
    Without a rule nobody is reminded.
    """
    reach = within or Reach.all()
    return [*_to_declare(session, today, reach), *_to_report(session, today, reach)]


def _to_declare(session: Session, today: date, reach: Reach) -> Iterator[Reminder]:
    lately = _ago(session, DECLARE_RULE, today)
    if lately is None:
        return
    wanted = (
        select(PlantingArea)
        .where(
            reach.limits(col(PlantingArea.organisation_id)),
            col(PlantingArea.closed_on).is_(None),
            _holds_code(),
            ~_is_declared(today, lately),
        )
        .order_by(col(PlantingArea.id))
    )
    areas = list(session.execute(wanted).scalars())
    newest = _newest(session, [area.pk for area in areas])
    for area in areas:
        last = newest.get(area.pk)
        yield Reminder(
            organisation_id=area.organisation_id,
            area=area,
            kind="declare",
            # Once for every gap between two declarations.
            about=f"season.declare {area.uid} after {last.uid if last else 'nothing'}",
            sentence=say("No season is declared for {area}. Declare what grows.", area=area.name),
            address=f"/work/areas/{area.uid}/seasons/new",
        )


def _to_report(session: Session, today: date, reach: Reach) -> Iterator[Reminder]:
    overdue = _ago(session, REPORT_RULE, today)
    if overdue is None:
        return
    wanted = (
        select(SeasonDeclaration, PlantingArea, Crop)
        .join(PlantingArea, col(PlantingArea.id) == col(SeasonDeclaration.area_id))
        .join(Crop, col(Crop.id) == col(SeasonDeclaration.crop_id))
        .where(
            reach.limits(col(PlantingArea.organisation_id)),
            col(SeasonDeclaration.ended_on).is_(None),
            col(SeasonDeclaration.harvest_to) <= overdue,
        )
        .order_by(col(SeasonDeclaration.harvest_to), col(SeasonDeclaration.id))
    )
    for season, area, crop in session.execute(wanted):
        yield Reminder(
            organisation_id=area.organisation_id,
            area=area,
            kind="report",
            about=f"season.report {season.uid}",
            sentence=say(
                "The harvest of {crop} in {area} should have ended on {day}. Report what it gave.",
                crop=crop.name_vi,
                area=area.name,
                day=season.harvest_to,
            ),
            address=f"/work/seasons/{season.uid}",
        )


def _ago(session: Session, key: str, today: date) -> date | None:
    rule = rule_on(session, key, today)
    return None if rule is None else today - timedelta(days=int(value_of(rule)))


def _holds_code() -> Any:
    standing = select(col(AreaCode.id)).where(
        col(AreaCode.area_id) == col(PlantingArea.id), col(AreaCode.status).not_in(ENDED)
    )
    return standing.exists()


def _is_declared(today: date, lately: date) -> Any:
    starts = col(SeasonDeclaration.starts_on)
    covered = and_(starts <= today, col(SeasonDeclaration.harvest_to) >= today)
    declared = select(col(SeasonDeclaration.id)).where(
        col(SeasonDeclaration.area_id) == col(PlantingArea.id), or_(covered, starts >= lately)
    )
    return declared.exists()


def _newest(session: Session, area_ids: list[int]) -> dict[int, SeasonDeclaration]:
    wanted = (
        select(SeasonDeclaration)
        .where(col(SeasonDeclaration.area_id).in_(area_ids))
        .order_by(col(SeasonDeclaration.starts_on), col(SeasonDeclaration.id))
    )
    return {season.area_id: season for season in session.execute(wanted).scalars()}
