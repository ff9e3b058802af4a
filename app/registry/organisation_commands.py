"""Registering and amending organisations."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.errors import Conflict, FieldError, refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.registry import Organisation, OrganisationKind
from app.registry.finding_commands import index_organisation
from app.registry.organisation_queries import find_by_registration_number
from app.registry.phones import public_phone_of
from app.registry.place_queries import Placed, placed
from app.registry.words import name_of, text_of

_EMAIL = re.compile(r"[^\s@<>,;:]+@[^\s@<>,;:]+\.[^\s@<>,;:]+")
# A certification body or an authority may sit in a province whose communes are not kept here.
ELSEWHERE = frozenset({OrganisationKind.CERTIFICATION_BODY, OrganisationKind.AUTHORITY})


@dataclass(frozen=True)
class OrganisationDetails:
    """What is written down about an organisation.

    `commune` is a code of today or a former one, `former_commune` one from before the merger;
    a label may show the former address until 1 July 2027 (NĐ 37/2026/NĐ-CP art. 98(5)).
    `email`: where notices are mailed to. `name_public`: whether the public register may show the
    name; None leaves it as it is, and a household's name begins hidden (Luật 91/2025/QH15 art. 16).
    """

    name: str
    commune: str
    former_commune: str | None = None
    address: str = ""
    public_phone: str = ""
    registration_number: str | None = None
    demonstration: bool = False
    email: str = ""
    name_public: bool | None = None


def register_organisation(
    session: Session,
    *,
    kind: OrganisationKind,
    details: OrganisationDetails,
    by: Actor,
    now: datetime,
) -> Organisation:
    """Enter an organisation in the register. Raises Refused; Conflict for a taken number."""
    organisation = Organisation(
        kind=kind,
        name="",
        name_key="",
        demonstration=details.demonstration,
        name_public=kind is not OrganisationKind.HOUSEHOLD,
        created_at=now,
    )
    place = _write(session, organisation, details, now)
    session.add(organisation)
    session.flush()  # its id, for whatever is registered next
    facts = {"kind": kind, "demonstration": organisation.demonstration}
    facts |= _facts(organisation, place)
    _record(session, organisation, "organisation.registered", facts, by=by, now=now)
    return organisation


def amend_organisation(
    session: Session,
    *,
    organisation: Organisation,
    details: OrganisationDetails,
    by: Actor,
    now: datetime,
) -> Organisation:
    """Correct what is written down: the whole of it, as it should be. What it is, stays."""
    place = _write(session, organisation, details, now)
    session.flush()  # a lost race must fail before the ledger is touched
    index_organisation(session, organisation)
    facts = _facts(organisation, place)
    _record(session, organisation, "organisation.amended", facts, by=by, now=now)
    return organisation


def _write(
    session: Session, organisation: Organisation, details: OrganisationDetails, now: datetime
) -> Placed | None:
    name, name_key = name_of("name", details.name, longest=160)
    number = text_of("registration_number", details.registration_number or "", longest=40) or None
    address = text_of("address", details.address, longest=200)
    phone = public_phone_of("public_phone", details.public_phone)
    place = _place(session, organisation.kind, details, now)
    _require_free(session, number, organisation)
    organisation.name, organisation.name_key = name, name_key
    known = organisation.commune_id, organisation.former_commune_id
    organisation.former_commune_id = place.former_after(*known) if place else None
    organisation.commune_id = place.present.pk if place else None
    organisation.address, organisation.public_phone = address, phone
    organisation.registration_number = number
    organisation.email = _email(details.email)
    if details.name_public is not None:
        organisation.name_public = details.name_public
    return place


def _email(typed: str) -> str:
    address = text_of("email", typed, longest=254)
    if address and not _EMAIL.fullmatch(address):
        raise refuse("email", say("This is no e-mail address."))
    return address


def _place(
    session: Session, kind: OrganisationKind, details: OrganisationDetails, now: datetime
) -> Placed | None:
    if kind in ELSEWHERE and not details.commune and not details.former_commune:
        return None
    former = details.former_commune
    return placed(session, details.commune, former_commune=former, today=day_of(now))


def _require_free(session: Session, number: str | None, organisation: Organisation) -> None:
    holder = find_by_registration_number(session, number) if number else None
    if holder is not None and holder.uid != organisation.uid:
        why = say("The registration number {number} is taken.", number=number)
        raise Conflict(why, FieldError("registration_number", why))


def _record(
    session: Session,
    organisation: Organisation,
    kind: str,
    facts: dict[str, Any],
    *,
    by: Actor,
    now: datetime,
) -> None:
    record(
        session,
        kind=kind,
        subject=str(organisation.uid),
        by=by,
        now=now,
        organisation=organisation.uid,
        facts=facts,
    )


def _facts(organisation: Organisation, place: Placed | None) -> dict[str, Any]:
    return {
        "name": organisation.name,
        "address": organisation.address,
        "public_phone": organisation.public_phone,
        "registration_number": organisation.registration_number,
        "name_public": organisation.name_public,
        **(place.facts() if place else {}),
    }
