"""The GS1 keys of an organisation: its company prefixes, its own GLN and those of its areas."""

from datetime import datetime

from sqlmodel import Session

from app.catalogue.gs1_key_queries import find_number_of, find_overlapping, location_by_gln
from app.catalogue.gs1_numbers import gln_of, prefix_of
from app.errors import Conflict, FieldError
from app.kit.messages import Message, say
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.products import CompanyPrefix, LocationNumber
from app.models.registry import Organisation, PlantingArea


def register_prefix(
    session: Session, *, organisation: Organisation, prefix: str, by: Actor, now: datetime
) -> CompanyPrefix:
    """Write down a company prefix that GS1 gave an organisation.

    Raises Refused for what is none, Conflict where its numbers would be another's too.
    """
    digits = prefix_of(prefix)
    known = find_overlapping(session, digits)
    if known is not None:
        mine = known.organisation_id == organisation.pk
        why = _held_already(known) if mine else say("Another organisation holds these numbers.")
        raise Conflict(why, FieldError("prefix", why))
    held = CompanyPrefix(organisation_id=organisation.pk, prefix=digits)
    session.add(held)
    session.flush()  # a lost race must fail before the ledger is touched
    _record(session, "company_prefix.registered", digits, organisation, None, by=by, now=now)
    return held


def remove_prefix(session: Session, *, held: CompanyPrefix, by: Actor, now: datetime) -> None:
    """Strike out a company prefix that was written down by mistake, or that was given back."""
    organisation = session.get_one(Organisation, held.organisation_id)
    session.delete(held)
    session.flush()
    _record(session, "company_prefix.removed", held.prefix, organisation, None, by=by, now=now)


def number_location(
    session: Session,
    *,
    organisation: Organisation,
    area: PlantingArea | None,
    gln: str,
    by: Actor,
    now: datetime,
) -> LocationNumber:
    """Write down the GLN of an organisation as a party, or of one of its areas; each has one."""
    digits = gln_of(gln)
    session.refresh(organisation, with_for_update=True)  # two at once would both find none
    if find_number_of(session, organisation.pk, area.pk if area else None) is not None:
        raise _numbered(say("It has a location number already: strike that out first."))
    number = LocationNumber(
        gln=digits, organisation_id=organisation.pk, area_id=area.pk if area else None
    )
    if location_by_gln(session, digits) is not None:
        raise _numbered(say("This location number is in use already."))
    session.add(number)
    session.flush()
    _record(session, "location_number.registered", digits, organisation, area, by=by, now=now)
    return number


def remove_location_number(
    session: Session, *, number: LocationNumber, by: Actor, now: datetime
) -> None:
    """Strike out a GLN that was written down by mistake."""
    organisation = session.get_one(Organisation, number.organisation_id)
    area = session.get(PlantingArea, number.area_id) if number.area_id else None
    session.delete(number)
    session.flush()
    _record(session, "location_number.removed", number.gln, organisation, area, by=by, now=now)


def _held_already(known: CompanyPrefix) -> Message:
    return say("The prefix {prefix} covers these numbers already.", prefix=known.prefix)


def _numbered(why: Message) -> Conflict:
    return Conflict(why, FieldError("gln", why))


def _record(
    session: Session,
    kind: str,
    digits: str,
    organisation: Organisation,
    area: PlantingArea | None,
    *,
    by: Actor,
    now: datetime,
) -> None:
    record(
        session,
        kind=kind,
        subject=digits,
        by=by,
        now=now,
        organisation=organisation.uid,
        facts={"area": area.uid if area else None},
    )
