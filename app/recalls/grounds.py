"""What a recall rests on: the lots it names, a laboratory's result, a shopper's report."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import NotFound, refuse
from app.kit.messages import say
from app.lots.queries import lot_by_code
from app.models.inspection import LabReport
from app.models.lots import HarvestLot, LotState
from app.models.reports import ShopperReport
from app.recalls.rules import MOST_ROOTS


def roots_named(session: Session, codes: Sequence[str], within: Reach) -> list[HarvestLot]:
    """The lots with these codes, of one organisation; refused with what is wrong."""
    lots: dict[int, HarvestLot] = {}
    for number, code in enumerate(codes, start=1):
        try:
            lot = lot_by_code(session, code, within=within)
        except NotFound as unknown:
            why = say("Lot {number}: {why}", number=number, why=unknown.why)
            raise refuse("lots", why) from None
        if lot.state is LotState.WITHDRAWN:
            why = say("Lot {code} was withdrawn as a mistake.", code=lot.code)
            raise refuse("lots", why)
        lots[lot.pk] = lot
    if len({lot.organisation_id for lot in lots.values()}) > 1:
        raise refuse("lots", say("One recall is of the goods of one organisation."))
    return list(lots.values())


def codes_to_recall(session: Session, keys: Sequence[int], *, organisation_id: int) -> list[str]:
    """Which of some lots an organisation's recall can name, oldest first; one more than it may."""
    wanted = (
        select(col(HarvestLot.code))
        .where(
            col(HarvestLot.id).in_(keys),
            col(HarvestLot.organisation_id) == organisation_id,
            col(HarvestLot.state).not_in((LotState.RECALLED, LotState.WITHDRAWN)),
        )
        .order_by(col(HarvestLot.id))
        .limit(MOST_ROOTS + 1)
    )
    return list(session.execute(wanted).scalars())


def lab_report_key(session: Session, uid: UUID | None, within: Reach) -> int | None:
    """The laboratory's result a recall rests on, where it names one."""
    if uid is None:
        return None
    wanted = (
        select(col(LabReport.id))
        .join(HarvestLot, col(HarvestLot.id) == col(LabReport.lot_id))
        .where(col(LabReport.uid) == uid, within.limits(col(HarvestLot.organisation_id)))
    )
    key: int | None = session.execute(wanted).scalar_one_or_none()
    if key is None:
        raise refuse("lab_report", say("There is no such laboratory result."))
    return key


def shopper_report_key(session: Session, uid: UUID | None, within: Reach) -> int | None:
    """The shopper's report a recall rests on, where it names one."""
    if uid is None:
        return None
    wanted = select(col(ShopperReport.id)).where(
        col(ShopperReport.uid) == uid, within.limits(col(ShopperReport.organisation_id))
    )
    key: int | None = session.execute(wanted).scalar_one_or_none()
    if key is None:
        raise refuse("shopper_report", say("There is no such report."))
    return key
