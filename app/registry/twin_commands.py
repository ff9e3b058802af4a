"""Growers entered twice become one; records that only look alike are told apart."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.errors import Conflict, refuse
from app.kit.messages import say
from app.ledger.actors import Actor
from app.ledger.commands import Fact, record, record_all
from app.models.registry import Grower, GrowerMembership, Organisation
from app.models.twins import TwinVerdict
from app.registry.grower_commands import queue_for
from app.registry.twin_moving import move_all
from app.registry.twin_queries import pair_of


@dataclass(frozen=True)
class Merged:
    """The record that stays, the one that became part of it, and how many rows moved."""

    stays: Grower
    gone: Grower
    moved: dict[str, int]


def tell_apart(
    session: Session,
    *,
    organisation: Organisation,
    noun: str,
    uids: tuple[UUID, UUID],
    by: Actor,
    now: datetime,
) -> None:
    """Remember that two growers (or plots) are not the same. Twice changes nothing."""
    first, second = pair_of(*uids)
    if first == second:
        raise refuse("other", say("This is one and the same record."))
    queue_for(session, organisation)
    known = select(col(TwinVerdict.id)).where(
        col(TwinVerdict.organisation_id) == organisation.pk,
        col(TwinVerdict.first_uid) == first,
        col(TwinVerdict.second_uid) == second,
    )
    if session.execute(known).first() is not None:
        return
    session.add(
        TwinVerdict(
            organisation_id=organisation.pk, first_uid=first, second_uid=second, decided_at=now
        )
    )
    record(
        session,
        kind=f"{noun}.told_apart",
        subject=str(first),
        by=by,
        now=now,
        organisation=organisation.uid,
        facts={"other": str(second)},
    )


def merge_growers(
    session: Session,
    *,
    organisation: Organisation,
    growers: tuple[Grower, Grower],
    by: Actor,
    now: datetime,
) -> Merged:
    """Make one of two records of a person: the older stays and takes over all the younger has."""
    stays, gone = sorted(growers, key=lambda grower: grower.pk)
    if stays.pk == gone.pk:
        raise refuse("other", say("This is one and the same record."))
    queue_for(session, organisation)
    for grower in (stays, gone):  # of two who merge at once, the second sees the first
        session.refresh(grower, with_for_update=True)
    _require_mergeable(session, organisation, stays, gone)
    moved = move_all(session, organisation=organisation, gone=gone, stays=stays, now=now)
    _take_account(session, stays, gone)
    gone.merged_into_id = stays.pk
    session.flush()  # a lost race must fail before the ledger is touched
    facts = {"stays": str(stays.uid), "gone": str(gone.uid), "moved": moved}
    facts |= {"code": stays.code, "gone_code": gone.code}
    record_all(
        session,
        # Under both names, so that whatever was kept about either is made anew.
        [
            Fact("grower.merged", str(stays.uid), facts, None, organisation.uid),
            Fact("grower.merged_away", str(gone.uid), facts, None, organisation.uid),
        ],
        by=by,
        now=now,
    )
    return Merged(stays, gone, moved)


def _require_mergeable(
    session: Session, organisation: Organisation, stays: Grower, gone: Grower
) -> None:
    for grower in (stays, gone):
        if grower.merged_into_id is not None:
            raise Conflict(say("{code} was merged into another record.", code=grower.code))
    if stays.account_id is not None and gone.account_id is not None:
        why = say("Both have an account of their own: they cannot be merged.")
        raise Conflict(why)
    elsewhere = select(col(GrowerMembership.id)).where(
        col(GrowerMembership.grower_id) == gone.pk,
        col(GrowerMembership.organisation_id) != organisation.pk,
    )
    if session.execute(elsewhere.limit(1)).first() is not None:
        why = say(
            "{code} is also a member of another organisation: it cannot be merged here.",
            code=gone.code,
        )
        raise Conflict(why)


def _take_account(session: Session, stays: Grower, gone: Grower) -> None:
    if gone.account_id is None:
        return
    account, gone.account_id = gone.account_id, None
    session.flush()  # an account belongs to one grower at any time
    stays.account_id = account
