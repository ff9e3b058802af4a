"""Who saw what: an official who is shown private data of an organisation leaves a row that it can read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.accounts.caller import Caller
from app.accounts.reach import Reach
from app.accounts.rules import OFFICIAL_ROLES
from app.db import is_sqlite
from app.kit.clock import day_of
from app.kit.cursor import Page, decode, page_of
from app.models.access_log import DataAccess
from app.models.accounts import Account
from app.models.registry import Organisation


@dataclass(frozen=True)
class Seen:
    """What was shown of an organisation: the kind of thing, and which one ("" of a list)."""

    organisation_id: int
    what: str
    subject: str = ""


@dataclass(frozen=True)
class SeenLine:
    """A look, with who looked and for whom."""

    look: DataAccess
    account: Account
    office: Organisation
    organisation: Organisation


def is_kept(caller: Caller, seen: Seen) -> bool:
    """Whether a look is written down: an official's, at another organisation than their own."""
    return caller.role in OFFICIAL_ROLES and caller.organisation_id != seen.organisation_id


def keep_looks(session: Session, looks: Iterable[Seen], *, caller: Caller, now: datetime) -> None:
    """Write looks down: one row a day for one thing, which counts how often and when last."""
    insert = sqlite.insert if is_sqlite(session) else postgresql.insert
    # In one order, so that two requests never wait for each other.
    for seen in sorted(set(looks), key=lambda one: (one.organisation_id, one.what, one.subject)):
        made = insert(DataAccess).values(
            organisation_id=seen.organisation_id,
            day=day_of(now),
            account_id=caller.account_id,
            role=caller.role,
            office_id=caller.organisation_id,
            what=seen.what,
            subject=seen.subject,
            first_at=now,
            last_at=now,
            times=1,
        )
        again = {"times": col(DataAccess.times) + 1, "last_at": now}
        one = ["organisation_id", "day", "account_id", "what", "subject"]
        session.execute(made.on_conflict_do_update(index_elements=one, set_=again))


def looks(
    session: Session, *, within: Reach, after: str | None = None, limit: int = 50
) -> Page[SeenLine]:
    """Who saw private data of the organisations within reach, the newest first."""
    office, home = aliased(Organisation), aliased(Organisation)
    wanted = (
        select(DataAccess, Account, office, home)
        .join(Account, col(Account.id) == col(DataAccess.account_id))
        .join(office, col(office.id) == col(DataAccess.office_id))
        .join(home, col(home.id) == col(DataAccess.organisation_id))
        .where(within.limits(col(DataAccess.organisation_id)))
    )
    if after is not None:
        wanted = wanted.where(col(DataAccess.id) < decode(after, int)[0])
    newest = wanted.order_by(col(DataAccess.id).desc()).limit(limit + 1)
    rows = [SeenLine(*row) for row in session.execute(newest)]
    return page_of(rows, limit=limit, key=lambda line: (line.look.pk,))
