"""Registering many growers at once: the rules of `register_grower`, in a few statements."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.db import insert_rows
from app.errors import Conflict
from app.kit.clock import day_of
from app.kit.messages import say
from app.ledger.actors import Actor
from app.ledger.commands import Fact, record_all
from app.models.base import new_uid
from app.models.registry import Grower, GrowerMembership, Organisation
from app.registry.grower_commands import Person, identity_of, new_code, queue_for
from app.registry.grower_list_queries import batches, identity_key, listed_growers
from app.registry.grower_queries import Identity
from app.registry.place_queries import Places
from app.registry.rules import require_past_day


@dataclass(frozen=True)
class NewMember:
    """Somebody to be entered as a member from a day on."""

    person: Person
    since: date


def register_growers(
    session: Session,
    *,
    organisation: Organisation,
    members: Sequence[NewMember],
    by: Actor,
    now: datetime,
) -> list[UUID]:
    """Enter growers as members of an organisation: all of them or none; their public ids in order.

    Raises what `register_grower` raises, and Conflict for somebody who is known here already,
    former members and the others of the list included.
    """
    places = Places(session, day_of(now))
    kept = [_kept(member, places) for member in members]
    queue_for(session, organisation)
    _require_new(session, organisation, kept)
    rows = [
        {"uid": new_uid(), "version": 1, "code": new_code(), "created_at": now, **asdict(identity)}
        for identity in kept
    ]
    ids = _insert(session, rows)
    insert_rows(
        session,
        GrowerMembership,
        [
            {
                "grower_id": ids[row["uid"]],
                "organisation_id": organisation.pk,
                "valid_from": member.since,
            }
            for row, member in zip(rows, members, strict=True)
        ],
    )
    facts = [_fact(row, member, organisation) for row, member in zip(rows, members, strict=True)]
    record_all(session, facts, by=by, now=now)
    return [row["uid"] for row in rows]


def _kept(member: NewMember, places: Places) -> Identity:
    require_past_day("member_since", member.since, today=places.today)
    person = member.person
    return identity_of(person, places.find(person.commune, person.former_commune))


def _require_new(session: Session, organisation: Organisation, kept: list[Identity]) -> None:
    names = [identity.name_key for identity in kept]
    known = {line.identity for line in listed_growers(session, organisation, name_keys=names)}
    for one in kept:
        key = identity_key(one.name_key, one.phone, one.commune_id, one.hamlet)
        if key in known:
            raise Conflict(say("{name} is a member already.", name=one.name))
        known.add(key)


def _insert(session: Session, rows: list[dict[str, Any]]) -> dict[UUID, int]:
    if not rows:
        return {}
    insert_rows(session, Grower, rows)
    made: dict[UUID, int] = {}
    for uids in batches([row["uid"] for row in rows]):
        wanted = select(col(Grower.uid), col(Grower.id)).where(col(Grower.uid).in_(uids))
        made.update(dict(session.execute(wanted).all()))
    return made


def _fact(row: dict[str, Any], member: NewMember, organisation: Organisation) -> Fact:
    return Fact(
        "grower.registered",
        str(row["uid"]),
        {"code": row["code"], "member_since": member.since},
        {"name": row["name"], "phone": row["phone"], "hamlet": row["hamlet"]},
        organisation.uid,
    )
