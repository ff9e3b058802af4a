"""Changing what a certificate covers from a day on: who joins a member list, which field leaves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col, select

from app.accounts.caller import Caller
from app.certificates.queries import scope_of
from app.certificates.rules import FACILITY_KINDS, Listed, Term
from app.certificates.scope import Goods, Named, goods_named, refuse_if
from app.certificates.telling import tell_holder
from app.certificates.words import STATUS_WORDS, require_reason
from app.errors import FieldError, Refused, refuse
from app.kit.messages import Message, say
from app.ledger.commands import record
from app.models.base import Row
from app.models.catalogue import Standard
from app.models.certificates import (
    Certificate,
    CertificateArea,
    CertificateCrop,
    CertificateMember,
    CertificateStatus,
)
from app.models.registry import Organisation

_OVER = frozenset({CertificateStatus.WITHDRAWN, CertificateStatus.REPLACED})
_TABLES: dict[Listed, tuple[Any, str]] = {
    Listed.CROPS: (CertificateCrop, "crop_id"),
    Listed.AREAS: (CertificateArea, "area_id"),
    Listed.MEMBERS: (CertificateMember, "grower_id"),
}
NOTHING = Named((), (), ())


@dataclass(frozen=True)
class ScopeChange:
    """What joins a certificate's scope on a day, and what is no longer in it from that day on."""

    effective_on: date
    reason: str
    joins: Named = NOTHING
    leaves: Named = NOTHING


def change_scope(
    session: Session,
    *,
    certificate: Certificate,
    change: ScopeChange,
    caller: Caller,
    now: datetime,
) -> Certificate:
    """Let crops, areas and members join or leave from a day on; harvests before it keep their scope."""
    reason = require_reason(change.reason)
    holder = session.get_one(Organisation, certificate.organisation_id)
    _require_open(session, certificate, change.effective_on)
    joins = goods_named(session, holder, change.joins)
    leaves = goods_named(session, holder, change.leaves)
    if not any((joins.count, leaves.count)):
        raise Refused(say("Choose what joins or leaves."))
    terms = scope_of(session, certificate).terms
    refuse_if([*_cannot_join(terms, joins, change), *_cannot_leave(terms, leaves, joins, change)])
    flag_modified(certificate, "status")  # who read the scope before must read it again
    session.flush()
    _write(session, certificate, joins, leaves, change.effective_on)
    record(
        session,
        kind="certificate.scope_changed",
        subject=str(certificate.uid),
        by=caller.actor,
        now=now,
        organisation=holder.uid,
        facts={
            "effective_on": change.effective_on,
            "reason": reason,
            "joins": _facts(joins),
            "leaves": _facts(leaves),
        },
    )
    sentence = say(
        "The scope of certificate {number} changes on {day}.",
        number=certificate.number,
        day=change.effective_on,
    )
    tell_holder(session, certificate, "certificate.scope_changed", sentence, now=now)
    return certificate


def _require_open(session: Session, certificate: Certificate, day: date) -> None:
    if certificate.status in _OVER:
        words = STATUS_WORDS[certificate.status]
        why = say("A certificate that is {status} cannot be changed like this.", status=words)
        raise Refused(why)
    if session.get_one(Standard, certificate.standard_id).kind.value in FACILITY_KINDS:
        raise Refused(say("A facility is certified as a whole; it has no lists."))
    if not certificate.valid_from <= day <= certificate.valid_to:
        raise refuse("effective_on", say("The certificate is not valid on that day."))


def _cannot_join(
    terms: tuple[Term, ...], joins: Goods, change: ScopeChange
) -> Iterable[FieldError]:
    if joins.members and not any(term.listed is Listed.MEMBERS for term in terms):
        why = say("This certificate covers every member; there is no list to join.")
        yield FieldError("members_join", why)
        return
    for listed, rows in _lists(joins):
        for row in rows:
            if any(_stands_from(term, change.effective_on) for term in _of(terms, listed, row)):
                why = say("{name} is on the list already.", name=_name(row))
                yield FieldError(f"{listed}_join", why)


def _cannot_leave(
    terms: tuple[Term, ...], leaves: Goods, joins: Goods, change: ScopeChange
) -> Iterable[FieldError]:
    joining = dict(_lists(joins))
    for listed, rows in _lists(leaves):
        told = [
            _fault_of_leaving(_of(terms, listed, row), change.effective_on, _name(row))
            for row in rows
        ]
        faults = [fault for fault in told if fault is not None]
        left = sum(term.listed is listed and term.until is None for term in terms) - len(rows)
        if rows and not faults and left <= 0 and not joining[listed]:
            faults.append(say("Something must stay on the list."))
        yield from (FieldError(f"{listed}_leave", fault) for fault in faults)


def _fault_of_leaving(terms: list[Term], day: date, name: str) -> Message | None:
    standing = [term for term in terms if term.until is None]
    if not standing:
        return say("{name} is not on the list.", name=name)
    if standing[0].since >= day:
        return say("{name} joined on {day}; choose a later day.", name=name, day=standing[0].since)
    return None


def _write(
    session: Session, certificate: Certificate, joins: Goods, leaves: Goods, day: date
) -> None:
    last = day - timedelta(days=1)
    for listed, rows in _lists(leaves):
        table, name = _TABLES[listed]
        for row in rows:
            wanted = select(table).where(
                col(table.certificate_id) == certificate.pk,
                col(getattr(table, name)) == row.pk,
                col(table.until).is_(None),
            )
            for term in session.execute(wanted).scalars():
                term.until = last
    for listed, rows in _lists(joins):
        table, name = _TABLES[listed]
        session.add_all(
            table(certificate_id=certificate.pk, since=day, **{name: row.pk}) for row in rows
        )
    session.flush()


def _stands_from(term: Term, day: date) -> bool:
    return term.until is None or term.until >= day


def _of(terms: tuple[Term, ...], listed: Listed, row: Row) -> list[Term]:
    return [term for term in terms if (term.listed, term.id) == (listed, row.pk)]


def _lists(goods: Goods) -> list[tuple[Listed, list[Any]]]:
    return [
        (Listed.CROPS, list(goods.crops)),
        (Listed.AREAS, list(goods.areas)),
        (Listed.MEMBERS, list(goods.members)),
    ]


def _name(row: Any) -> str:
    """A crop or an area by name; a grower by code: names are personal data."""
    return str(getattr(row, "name_vi", None) or getattr(row, "code", None) or row.name)


def _facts(goods: Goods) -> dict[str, object]:
    return {
        "crops": [crop.slug for crop in goods.crops],
        "areas": [area.uid for area in goods.areas],
        "members": [grower.uid for grower in goods.members],
    }
