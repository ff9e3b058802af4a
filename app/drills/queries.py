"""Finding drills: one's own, those one is asked in, or all; who was asked and what was found again."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.accounts.queries import token_digest
from app.accounts.reach import Reach
from app.drills.rules import Held, Mass, mass_of
from app.errors import NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.kit.quantities import Grams
from app.models.catalogue import Crop
from app.models.drills import Drill, DrillConsignee, DrillLot, DrillReport, DrillState
from app.models.lots import HarvestLot
from app.models.movements import Party
from app.models.registry import Organisation


@dataclass(frozen=True)
class DrillTold:
    """A drill with what every page shows of it."""

    drill: Drill
    organisation: Organisation
    lots: int
    asked: int
    answered: int
    mass: Mass


@dataclass(frozen=True)
class AskedTold:
    """Somebody who is asked. `party` is the seller's own secret, and the inspectors'."""

    consignee: DrillConsignee
    seller: Organisation
    organisation: Organisation | None
    party: Party | None

    @property
    def found(self) -> Grams | None:
        """How many kilograms it knows of; None: no answer yet."""
        one = self.consignee
        if one.remaining_g is None or one.passed_on_g is None:
            return None
        return Grams(one.remaining_g + one.passed_on_g)


def drill_by_uid(session: Session, uid: UUID, *, within: Reach) -> Drill:
    """The drill with this public id, for who began it, who is asked in it, and officials."""
    wanted = select(Drill).where(col(Drill.uid) == uid, _seen(within))
    found: Drill | None = session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound(say("There is no such drill."))
    return found


def newest_drills(
    session: Session, *, within: Reach, after: str | None = None, limit: int = 30
) -> Page[DrillTold]:
    """Drills, newest first."""
    wanted = select(Drill).where(_seen(within))
    if after is not None:
        wanted = wanted.where(col(Drill.id) < decode(after, int)[0])
    newest = wanted.order_by(col(Drill.id).desc()).limit(limit + 1)
    rows = [told_of(session, one) for one in session.execute(newest).scalars()]
    return page_of(rows, limit=limit, key=lambda one: (one.drill.pk,))


def told_of(session: Session, drill: Drill) -> DrillTold:
    """A drill with what is shown beside it."""
    of_it = col(DrillConsignee.drill_id) == drill.pk
    count = select(func.count(), func.count(col(DrillConsignee.answered_at))).where(of_it)
    asked, answered = session.execute(count).one()
    lots = select(func.count()).where(col(DrillLot.drill_id) == drill.pk)
    return DrillTold(
        drill,
        session.get_one(Organisation, drill.organisation_id),
        session.execute(lots).scalar_one(),
        asked,
        answered,
        mass_of_drill(session, drill),
    )


def mass_of_drill(session: Session, drill: Drill) -> Mass:
    """What was found again so far."""
    wanted = select(DrillConsignee).where(col(DrillConsignee.drill_id) == drill.pk)
    others = [
        Held(
            Grams(one.expected_g),
            None
            if one.remaining_g is None or one.passed_on_g is None
            else Grams(one.remaining_g + one.passed_on_g),
        )
        for one in session.execute(wanted).scalars()
    ]
    return mass_of(Grams(drill.total_g), Grams(drill.missing_g), others)


def consignees_of(session: Session, drill: Drill, *, within: Reach) -> list[AskedTold]:
    """Who is asked: all for who began it, else one's own buyers and oneself.

    Whoever began a drill sees that a partner has buyers and what they have, never who they are.
    """
    wanted = _consignees().where(col(DrillConsignee.drill_id) == drill.pk)
    if not within.sees(drill.organisation_id):
        wanted = wanted.where(
            or_(
                within.limits(col(DrillConsignee.to_organisation_id)),
                within.limits(col(DrillConsignee.seller_id)),
            )
        )
    rows = session.execute(wanted.order_by(col(DrillConsignee.id)))
    return [
        AskedTold(one, seller, organisation, party if within.sees(seller.pk) else None)
        for one, seller, organisation, party in rows
    ]


def asked_by_uid(session: Session, drill: Drill, uid: UUID, *, within: Reach) -> AskedTold:
    """One of them."""
    for one in consignees_of(session, drill, within=within):
        if one.consignee.uid == uid:
            return one
    raise NotFound(say("Nobody of this kind was asked in this drill."))


def find_own_part(session: Session, drill: Drill, organisation_id: int) -> DrillConsignee | None:
    """What an organisation is asked in a drill; None when it has no goods of it."""
    wanted = select(DrillConsignee).where(
        col(DrillConsignee.drill_id) == drill.pk,
        col(DrillConsignee.to_organisation_id) == organisation_id,
    )
    found: DrillConsignee | None = session.execute(wanted).scalar_one_or_none()
    return found


def find_drill_of_link(session: Session, token: str) -> tuple[Drill, AskedTold] | None:
    """What a link was made for, while the drill runs; None: no link of a drill."""
    wanted = (
        _consignees()
        .add_columns(Drill)
        .join(Drill, col(Drill.id) == col(DrillConsignee.drill_id))
        .where(
            col(DrillConsignee.token_hash) == token_digest(token).hex(),
            col(Drill.state) == DrillState.ASKING,
        )
    )
    row = session.execute(wanted).one_or_none()
    if row is None:
        return None
    *told, drill = row
    return drill, AskedTold(*told)


def lots_of(
    session: Session, drill: Drill, *, limit: int = 200
) -> list[tuple[DrillLot, HarvestLot, Crop]]:
    """The first lots of a drill, oldest first."""
    wanted = (
        select(DrillLot, HarvestLot, Crop)
        .join(HarvestLot, col(HarvestLot.id) == col(DrillLot.lot_id))
        .join(Crop, col(Crop.id) == col(HarvestLot.crop_id))
        .where(col(DrillLot.drill_id) == drill.pk)
        .order_by(col(DrillLot.lot_id))
        .limit(limit)
    )
    return [(row, lot, crop) for row, lot, crop in session.execute(wanted)]


def report_of(session: Session, drill: Drill) -> bytes:
    """The report as it was kept when the drill ended."""
    kept = session.get(DrillReport, drill.pk)
    if kept is None:
        raise NotFound(say("There is no report before the drill has ended."))
    return kept.content


def _consignees() -> Any:
    receiver = aliased(Organisation)
    return (
        select(DrillConsignee, Organisation, receiver, Party)
        .join(Organisation, col(Organisation.id) == col(DrillConsignee.seller_id))
        .outerjoin(receiver, col(receiver.id) == col(DrillConsignee.to_organisation_id))
        .outerjoin(Party, col(Party.id) == col(DrillConsignee.party_id))
    )


def _seen(within: Reach) -> Any:
    asked = exists().where(
        col(DrillConsignee.drill_id) == col(Drill.id),
        or_(
            within.limits(col(DrillConsignee.to_organisation_id)),
            within.limits(col(DrillConsignee.seller_id)),
        ),
    )
    return or_(within.limits(col(Drill.organisation_id)), asked)
