"""Organisations of every kind and size, and their members."""

from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlmodel import Session

from app.demo.cast import AUTHORITY, BODY
from app.demo.scale.chance import Numbers, Shares, person_names, uids, weighted, words
from app.demo.scale.ground import Basis, Days, Ground
from app.demo.scale.writing import write
from app.kit.text import fold
from app.models.registry import Grower, GrowerMembership, Organisation, OrganisationKind
from app.registry.grower_commands import CODE_CHARACTERS, CODE_PREFIX

MARK = "mô phỏng"
AREAS_A_HOLDER = 25
FEWEST = 9
# How often each kind is met, how large it is beside a cooperative, and what it is called.
KINDS = (
    (OrganisationKind.COOPERATIVE, 0.50, 1.0, "Hợp tác xã Rau"),
    (OrganisationKind.GROUP, 0.30, 0.5, "Tổ hợp tác Rau"),
    (OrganisationKind.ENTERPRISE, 0.08, 1.2, "Công ty Nông sản"),
    (OrganisationKind.HOUSEHOLD, 0.12, 0.04, "Hộ"),
)
REGISTERED = -60
LONG_AGO = 400
AUTHORITY_ID, BODY_ID, FIRST_HOLDER = 1, 2, 3


@dataclass(frozen=True)
class Holders:
    """The organisations that grow: position 0 has the key FIRST_HOLDER."""

    uids: list[UUID]
    names: list[str]
    kinds: Numbers
    places: Numbers
    # How much of everything is theirs.
    weights: Shares

    def __len__(self) -> int:
        return len(self.uids)

    def is_household(self, at: int) -> bool:
        return KINDS[int(self.kinds[at])][0] is OrganisationKind.HOUSEHOLD


@dataclass(frozen=True)
class Members:
    """The growers: position 0 has the key 1."""

    uids: list[UUID]
    codes: list[str]
    holders: Numbers
    since: Numbers


def make_holders(session: Session, basis: Basis) -> Holders:
    """The authority, the certification body, and the organisations that grow."""
    size, ground, days, chance = basis.size, basis.ground, basis.days, basis.chance
    count = max(FEWEST, size.areas // AREAS_A_HOLDER)
    drawn = chance.of("holders")
    kinds = weighted(drawn, len(KINDS), count, np.array([kind[1] for kind in KINDS]))
    places = weighted(drawn, len(ground.places), count, ground.shares)
    scale = np.array([kind[2] for kind in KINDS])[kinds]
    weights = scale * drawn.lognormal(0.0, 0.7, count)
    people = person_names(drawn, count)
    begun = np.full(count + 2, REGISTERED, dtype=np.int64)
    ids = uids(drawn, days.milliseconds(begun))
    names = [
        _name(int(kind), people[at], ground.places[place].former.short_name, at + 1)
        for at, (kind, place) in enumerate(zip(kinds, places.tolist(), strict=True))
    ]
    holders = Holders(ids[2:], names, kinds, places, weights)
    _write_organisations(session, holders, ids[:2], ground, days)
    return holders


def make_members(session: Session, basis: Basis, holders: Holders) -> Members:
    """Growers with their memberships; a few have left."""
    size, ground, days = basis.size, basis.ground, basis.days
    count, drawn = size.growers, basis.chance.of("growers")
    alone = [holders.is_household(at) for at in range(len(holders))]
    # A household is one grower; all others are divided by size.
    theirs = weighted(drawn, len(holders), count, np.where(alone, 1e-9, holders.weights))
    theirs[: len(holders)] = np.arange(len(holders))[:count]
    since = np.where(drawn.random(count) < 0.8, REGISTERED, drawn.integers(0, days.last, count))
    members = Members(
        uids(drawn, days.milliseconds(since)),
        [f"{CODE_PREFIX}{one}" for one in words(drawn, count, CODE_CHARACTERS)],
        theirs,
        since,
    )
    _write_growers(session, members, holders, ground, days, drawn)
    _write_memberships(session, members, days, drawn)
    return members


def _write_growers(
    session: Session,
    members: Members,
    holders: Holders,
    ground: Ground,
    days: Days,
    drawn: np.random.Generator,
) -> None:
    count, theirs, since = len(members.uids), members.holders, members.since
    names = person_names(drawn, count)
    places = [ground.places[at] for at in holders.places[theirs].tolist()]
    write(
        session,
        Grower,
        {
            "id": range(1, count + 1),
            "uid": members.uids,
            "code": members.codes,
            "name": names,
            "name_key": [fold(name) for name in names],
            # 0999 is given to nobody, so that nobody is ever rung.
            "phone": [f"0999{one:06}" for one in drawn.integers(0, 10**6, count).tolist()],
            "commune_id": [place.present.pk for place in places],
            "hamlet": [f"Thôn {one} ({MARK})" for one in drawn.integers(1, 12, count).tolist()],
            "created_at": days.instants(since),
        },
    )


def _write_memberships(
    session: Session, members: Members, days: Days, drawn: np.random.Generator
) -> None:
    count, theirs, since = len(members.uids), members.holders, members.since
    left = np.where(drawn.random(count) < 0.03, days.last - drawn.integers(1, LONG_AGO, count), -1)
    write(
        session,
        GrowerMembership,
        {
            "id": range(1, count + 1),
            "grower_id": range(1, count + 1),
            "organisation_id": (theirs + FIRST_HOLDER).tolist(),
            "valid_from": days.days(since),
            "valid_to": [
                days.day(ended) if ended >= begun else None
                for ended, begun in zip(left.tolist(), since.tolist(), strict=True)
            ],
        },
    )


def _name(kind: int, person: str, commune: str, number: int) -> str:
    if KINDS[kind][0] is OrganisationKind.HOUSEHOLD:
        return f"Hộ {person} ({MARK})"
    return f"{KINDS[kind][3]} {commune} {number} ({MARK})"


def _write_organisations(
    session: Session, holders: Holders, offices: list[UUID], ground: Ground, days: Days
) -> None:
    places = [ground.places[0], ground.places[0]]
    places += [ground.places[at] for at in holders.places.tolist()]
    kinds = [OrganisationKind.AUTHORITY, OrganisationKind.CERTIFICATION_BODY]
    kinds += [KINDS[at][0] for at in holders.kinds.tolist()]
    names = [
        *(name.replace("minh hoạ", MARK) for name in (AUTHORITY, BODY)),
        *holders.names,
    ]
    write(
        session,
        Organisation,
        {
            "id": range(1, len(names) + 1),
            "uid": [*offices, *holders.uids],
            "kind": kinds,
            "name": names,
            "name_key": [fold(name) for name in names],
            "commune_id": [place.present.pk for place in places],
            "former_commune_id": [place.former.pk for place in places],
            "name_public": [kind is not OrganisationKind.HOUSEHOLD for kind in kinds],
            "demonstration": [True] * len(names),
            "created_at": [days.instant(REGISTERED)] * len(names),
        },
    )
