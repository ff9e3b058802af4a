"""Photographs of a lot."""

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.errors import Refused, refuse
from app.kit.messages import say
from app.ledger.actors import Actor
from app.lots.commands import record_change
from app.lots.harvests import MOST_PICTURES
from app.models.lots import HarvestLot, LotPicture, LotState
from app.models.registry import Organisation
from app.pictures.cleaning import CleanPicture
from app.pictures.commands import keep_picture

PICTURED = frozenset({LotState.OPEN, LotState.SEALED, LotState.HELD})


def add_picture(
    session: Session,
    *,
    lot: HarvestLot,
    organisation: Organisation,
    picture: CleanPicture,
    by: Actor,
    now: datetime,
) -> None:
    """Keep a photograph of a lot; the same one twice is kept once."""
    if lot.state not in PICTURED:
        raise Refused(say("Lot {code} gets no more photographs.", code=lot.code))
    mine = col(LotPicture.lot_id) == lot.pk
    count = session.execute(select(func.count()).where(mine)).scalar_one()
    if count >= MOST_PICTURES:
        raise refuse("photo", say("At most {most} photographs.", most=MOST_PICTURES))
    kept = keep_picture(
        session,
        organisation_id=organisation.pk,
        organisation=organisation.uid,
        picture=picture,
        by=by,
        now=now,
    )
    if session.get(LotPicture, (lot.pk, kept.pk)) is not None:
        return
    session.add(LotPicture(lot_id=lot.pk, picture_id=kept.pk, rank=count))
    facts: dict[str, object] = {"picture": kept.uid, "sha256": kept.sha256}
    record_change(session, lot, "lot.pictured", facts, by=by, now=now)
