"""Registering growers, their membership and consent (Luật 91/2025/QH15: personal data)."""

import secrets
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app.errors import Conflict, refuse
from app.kit.clock import day_of
from app.kit.codes import ALPHABET
from app.kit.messages import say
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.registry import (
    ConsentPurpose,
    Grower,
    GrowerConsent,
    GrowerMembership,
    Organisation,
)
from app.registry.grower_queries import GrowerLine, Identity, find_consent, find_namesake
from app.registry.phones import phone_of
from app.registry.place_queries import Placed, placed
from app.registry.rules import FARTHEST_AHEAD, require_past_day
from app.registry.words import name_of, text_of

CODE_PREFIX = "NH-"
CODE_CHARACTERS = 8


@dataclass(frozen=True)
class Person:
    """What is written down about a grower. Communes by code, as everywhere in the register."""

    name: str
    commune: str
    former_commune: str | None = None
    phone: str = ""
    hamlet: str = ""


def register_grower(
    session: Session,
    *,
    organisation: Organisation,
    person: Person,
    member_since: date,
    by: Actor,
    now: datetime,
) -> Grower:
    """Enter a grower as a member of an organisation from a day on.

    Somebody of the same name and telephone who left the organisation before that day comes back
    under the same code; one who is still a member raises Conflict.
    """
    require_past_day("member_since", member_since, today=day_of(now))
    identity = _identity(session, person, now)
    queue_for(session, organisation)
    namesake = find_namesake(session, organisation, identity, besides=None)
    if namesake is None:
        grower = Grower(code=new_code(), created_at=now, **asdict(identity))
        session.add(grower)
        session.flush()  # the grower's id, for the membership
    else:
        grower = _returning(namesake, since=member_since)
    session.add(
        GrowerMembership(
            grower_id=grower.pk, organisation_id=organisation.pk, valid_from=member_since
        )
    )
    kind = "grower.registered" if namesake is None else "grower.returned"
    facts = {"code": grower.code, "member_since": member_since}
    _record(session, grower, organisation, kind, facts=facts, by=by, now=now)
    return grower


def amend_grower(
    session: Session, *, line: GrowerLine, person: Person, by: Actor, now: datetime
) -> Grower:
    """Correct what is written down about a member: the whole of it, as it should be."""
    grower, ended = line.grower, line.membership.valid_to
    if ended is not None and ended < day_of(now):
        raise Conflict(say("This membership ended on {day}.", day=ended))
    identity = _identity(session, person, now)
    queue_for(session, line.organisation)
    namesake = find_namesake(session, line.organisation, identity, besides=grower)
    if namesake is not None:
        raise _known_already(namesake)
    for name, value in asdict(identity).items():
        setattr(grower, name, value)
    session.flush()  # a lost race must fail before the ledger is touched
    facts = {"code": grower.code}
    _record(session, grower, line.organisation, "grower.amended", facts=facts, by=by, now=now)
    return grower


def end_membership(
    session: Session, *, membership: GrowerMembership, last_day: date, by: Actor, now: datetime
) -> GrowerMembership:
    """End a membership; `last_day` still counts and is at most 30 days ahead."""
    # Locked and read again: of two who end it at once, the second must see the first.
    session.refresh(membership, with_for_update=True)
    if membership.valid_to is not None:
        raise Conflict(say("This membership ended on {day}.", day=membership.valid_to))
    if last_day < membership.valid_from:
        began = say("The membership began only on {day}.", day=membership.valid_from)
        raise refuse("last_day", began)
    if last_day > day_of(now) + FARTHEST_AHEAD:
        raise refuse("last_day", say("This day is more than a month away."))
    membership.valid_to = last_day
    organisation = session.get_one(Organisation, membership.organisation_id)
    record(
        session,
        kind="grower.membership_ended",
        subject=str(session.get_one(Grower, membership.grower_id).uid),
        by=by,
        now=now,
        organisation=organisation.uid,
        facts={"last_day": last_day},
    )
    return membership


def give_consent(session: Session, *, grower: Grower, by: Actor, now: datetime) -> GrowerConsent:
    """Write down that a grower agrees to be named in public. Twice changes nothing."""
    standing = find_consent(session, grower.pk)
    if standing is not None:
        return standing
    consent = GrowerConsent(grower_id=grower.pk, purpose=ConsentPurpose.PUBLIC_NAME, given_at=now)
    session.add(consent)
    session.flush()  # of two at once, one must fail before the ledger is touched
    _record_consent(session, grower, "grower.consent_given", by=by, now=now)
    return consent


def withdraw_consent(session: Session, *, grower: Grower, by: Actor, now: datetime) -> None:
    """Write down that a grower no longer agrees: no page names them from now on.

    Without a standing consent nothing changes.
    """
    standing = find_consent(session, grower.pk)
    if standing is None:
        return
    standing.withdrawn_at = now
    _record_consent(session, grower, "grower.consent_withdrawn", by=by, now=now)


def _identity(session: Session, person: Person, now: datetime) -> Identity:
    former = person.former_commune
    place = placed(session, person.commune, former_commune=former, today=day_of(now))
    return identity_of(person, place)


def identity_of(person: Person, place: Placed) -> Identity:
    """A person as they are kept, in a commune that was found; raises Refused."""
    name, name_key = name_of("name", person.name, longest=120)
    return Identity(
        name=name,
        name_key=name_key,
        phone=phone_of("phone", person.phone),
        hamlet=text_of("hamlet", person.hamlet, longest=120),
        commune_id=place.present.pk,
    )


def queue_for(session: Session, organisation: Organisation) -> None:
    """Register growers of an organisation one after the other."""
    # No constraint spans a grower and an organisation: who registers the same person at the same
    # time waits here and then finds the other's row (SQLite has one writer anyway).
    locked = select(col(Organisation.id)).where(col(Organisation.id) == organisation.pk)
    session.execute(locked.with_for_update(key_share=True))


def _returning(namesake: GrowerLine, *, since: date) -> Grower:
    ended = namesake.membership.valid_to
    if ended is None or ended >= since:
        raise _known_already(namesake)
    return namesake.grower


def _known_already(namesake: GrowerLine) -> Conflict:
    return Conflict(
        say(
            "{code} is a member with the same name and telephone. Is it the same person?",
            code=namesake.grower.code,
        )
    )


def _record(
    session: Session,
    grower: Grower,
    organisation: Organisation,
    kind: str,
    *,
    facts: dict[str, Any],
    by: Actor,
    now: datetime,
) -> None:
    record(
        session,
        kind=kind,
        subject=str(grower.uid),
        by=by,
        now=now,
        organisation=organisation.uid,
        facts=facts,
        personal={"name": grower.name, "phone": grower.phone, "hamlet": grower.hamlet},
    )


def _record_consent(
    session: Session, grower: Grower, kind: str, *, by: Actor, now: datetime
) -> None:
    record(
        session,
        kind=kind,
        subject=str(grower.uid),
        by=by,
        now=now,
        facts={"code": grower.code, "purpose": ConsentPurpose.PUBLIC_NAME},
    )


def new_code() -> str:
    """A code no grower has yet (it is drawn from more than anybody registers)."""
    # Random, so that it tells neither how many growers there are nor anything about one.
    return CODE_PREFIX + "".join(secrets.choice(ALPHABET) for _ in range(CODE_CHARACTERS))
