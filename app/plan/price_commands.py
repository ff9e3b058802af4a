"""Entering what crops cost, and taking back what was a mistake."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from app.catalogue.queries import chosen_crop
from app.errors import Conflict, FieldError, Refused, refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.kit.text import clean
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.catalogue import Crop
from app.models.plan_prices import CropPrice, PriceSource
from app.models.registry import Organisation

# A guard against a slip of the unit (dong a tonne), not a judgment of the market.
MOST_DONG_PER_KG = 10_000_000
FARTHEST_AHEAD = timedelta(days=366)
FIRST_DAY = date(2015, 1, 1)


@dataclass(frozen=True)
class PriceDetails:
    """A price as it is entered; `crop` is a slug."""

    crop: str
    dong_per_kg: int
    from_day: date
    source: PriceSource = PriceSource.ENTERED
    ended_on: date | None = None
    note: str = ""


def enter_price(
    session: Session,
    *,
    organisation: Organisation | None,
    details: PriceDetails,
    by: Actor,
    now: datetime,
) -> CropPrice:
    """Say what a kilogram costs from a day on: for one organisation, or for everybody (None).

    Raises Refused for what cannot be a price, Conflict where one of the same day stands.
    """
    crop = chosen_crop(session, details.crop, field="crop")
    faults = _faults(details, today=day_of(now))
    if faults:
        raise Refused(faults[0].why, *faults)
    price = CropPrice(
        crop_id=crop.pk,
        organisation_id=organisation.pk if organisation else None,
        from_day=details.from_day,
        ended_on=details.ended_on,
        dong_per_kg=details.dong_per_kg,
        source=details.source,
        note=clean(details.note, longest=300),
        recorded_at=now,
    )
    _require_new(session, price)
    session.add(price)
    session.flush()  # a lost race must fail before the ledger is touched
    _record(session, price, crop, organisation, "price.entered", by=by, now=now)
    return price


def withdraw_price(session: Session, *, price: CropPrice, by: Actor, now: datetime) -> CropPrice:
    """Take back a price that was a mistake: it counts nowhere any more, and stays readable."""
    if price.withdrawn_at is not None:
        raise refuse("price", say("This price was withdrawn already."))
    price.withdrawn_at = now
    session.flush()
    organisation = (
        session.get_one(Organisation, price.organisation_id) if price.organisation_id else None
    )
    crop = session.get_one(Crop, price.crop_id)
    _record(session, price, crop, organisation, "price.withdrawn", by=by, now=now)
    return price


def _faults(details: PriceDetails, *, today: date) -> list[FieldError]:
    faults = []
    if details.dong_per_kg <= 0:
        why = say("A price is more than nothing. Leave it out if you do not know it.")
        faults.append(FieldError("dong_per_kg", why))
    elif details.dong_per_kg > MOST_DONG_PER_KG:
        why = say(
            "More than {most} dong a kilogram. Check the unit.", most=Decimal(MOST_DONG_PER_KG)
        )
        faults.append(FieldError("dong_per_kg", why))
    if not FIRST_DAY <= details.from_day <= today + FARTHEST_AHEAD:
        why = say("A price begins between {first} and a year from now.", first=FIRST_DAY)
        faults.append(FieldError("from_day", why))
    if details.ended_on is not None and details.ended_on < details.from_day:
        faults.append(FieldError("ended_on", say("The last day comes after the first.")))
    return faults


def _require_new(session: Session, price: CropPrice) -> None:
    owner = col(CropPrice.organisation_id)
    same = select(col(CropPrice.id)).where(
        col(CropPrice.crop_id) == price.crop_id,
        owner.is_(None) if price.organisation_id is None else owner == price.organisation_id,
        col(CropPrice.source) == price.source,
        col(CropPrice.from_day) == price.from_day,
        col(CropPrice.withdrawn_at).is_(None),
    )
    if session.execute(same).first() is not None:
        why = say(
            "A price from {day} on is entered already. Withdraw it first if it was wrong.",
            day=price.from_day,
        )
        raise Conflict(why, FieldError("from_day", why))


def _record(
    session: Session,
    price: CropPrice,
    crop: Crop,
    organisation: Organisation | None,
    kind: str,
    *,
    by: Actor,
    now: datetime,
) -> None:
    told = {"dong_per_kg": price.dong_per_kg}
    record(
        session,
        kind=kind,
        subject=str(price.uid),
        by=by,
        now=now,
        organisation=organisation.uid if organisation else None,
        facts={
            "crop": crop.slug,
            "from_day": price.from_day,
            "ended_on": price.ended_on,
            "source": price.source,
            **(told if organisation is None else {}),
        },
        # What somebody is paid is no business of the public log, which keeps its hash.
        personal=told if organisation is not None else None,
    )
