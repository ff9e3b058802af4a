"""The members of an organisation as a whole list: for files that name many of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.models.registry import Grower, GrowerMembership, Organisation

# Parameters of one statement: SQLite takes 32,766.
BATCH = 5_000


@dataclass(frozen=True)
class Listed:
    """A grower of an organisation, present or former (`left_on`), with what tells one from another."""

    grower_id: int
    uid: UUID
    code: str
    name: str
    name_key: str
    phone: str | None
    hamlet: str
    commune_id: int
    left_on: date | None

    @property
    def identity(self) -> tuple[object, ...]:
        """What the same person has in common (see `find_namesake`)."""
        return identity_key(self.name_key, self.phone, self.commune_id, self.hamlet)


def identity_key(
    name_key: str, phone: str | None, commune_id: int, hamlet: str
) -> tuple[object, ...]:
    """The same name and telephone; without a telephone the same name, commune and hamlet."""
    return (name_key, phone) if phone is not None else (name_key, commune_id, hamlet)


def listed_growers(
    session: Session, organisation: Organisation, *, name_keys: Collection[str] | None = None
) -> list[Listed]:
    """Everybody who is or was a member, each once with the newest membership.

    With `name_keys`, only people of these folded names.
    """
    if name_keys is None:
        return _newest(session.execute(_listed(organisation)).all())
    rows: list[Any] = []
    for keys in batches(name_keys):
        rows += session.execute(_listed(organisation).where(col(Grower.name_key).in_(keys))).all()
    return _newest(rows)


def batches(values: Collection[Any]) -> list[list[Any]]:
    """The distinct values in lists that fit into one statement each."""
    left = iter(dict.fromkeys(values))
    found: list[list[Any]] = []
    while batch := list(islice(left, BATCH)):
        found.append(batch)
    return found


def _listed(organisation: Organisation) -> Any:
    return (
        select(
            col(Grower.id),
            col(Grower.uid),
            col(Grower.code),
            col(Grower.name),
            col(Grower.name_key),
            col(Grower.phone),
            col(Grower.hamlet),
            col(Grower.commune_id),
            col(GrowerMembership.valid_to),
        )
        .join(GrowerMembership, col(GrowerMembership.grower_id) == col(Grower.id))
        .where(col(GrowerMembership.organisation_id) == organisation.pk)
        .order_by(col(GrowerMembership.id))
    )


def _newest(rows: Sequence[Any]) -> list[Listed]:
    return list({row[0]: Listed(*row) for row in rows}.values())
