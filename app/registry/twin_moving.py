"""Everything one record of a grower has goes over to another record of the same person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, delete, select, update
from sqlmodel import Session, col

from app.models.certificates import CertificateMember
from app.models.registry import Grower, GrowerConsent, GrowerMembership, Organisation, Plot
from app.registry.dependent_queries import referring_columns
from app.registry.twin_rules import joined_periods, standing_consent
from app.registry.words import name_of

# Their rows have rules of their own, below; everything else that refers to a grower just moves.
_OWN_WAY = frozenset(
    {"grower", "grower_membership", "grower_consent", "plot", "certificate_member"}
)


def move_all(
    session: Session, *, organisation: Organisation, gone: Grower, stays: Grower, now: datetime
) -> dict[str, int]:
    """Move every row; how many of each table."""
    moved = {
        "plot": _move_plots(session, gone, stays),
        "grower_consent": _move_consents(session, gone, stays, now),
        "certificate_member": _join_certificates(session, gone, stays),
        "grower_membership": _join_memberships(session, organisation, gone, stays),
    }
    for column in referring_columns("grower"):
        table = column.table.name
        if table not in _OWN_WAY:
            moved[table] = moved.get(table, 0) + _move(session, column, gone, stays)
    session.expire_all()  # what was read before tells of the record that is gone
    return {table: count for table, count in sorted(moved.items()) if count}


def _move(session: Session, column: Column[Any], gone: Grower, stays: Grower) -> int:
    columns = column.table.c
    values: dict[str, Any] = {column.name: stays.pk}
    if "version" in columns:
        values["version"] = columns.version + 1
    done = session.execute(update(column.table).where(column == gone.pk).values(values))
    return int(getattr(done, "rowcount", 0))


def _move_plots(session: Session, gone: Grower, stays: Grower) -> int:
    taken = set(
        session.execute(select(col(Plot.name_key)).where(col(Plot.grower_id) == stays.pk)).scalars()
    )
    rows = _rows(session, Plot, gone)
    for plot in rows:
        if plot.name_key in taken:
            # Two plots of one name: the code of the record it came from tells them apart.
            longer = f"{plot.name[:100]} ({gone.code})"
            plot.name, plot.name_key = name_of("name", longer, longest=120)
        plot.grower_id = stays.pk
    session.flush()
    return len(rows)


def _move_consents(session: Session, gone: Grower, stays: Grower, now: datetime) -> int:
    rows = _rows(session, GrowerConsent, gone)
    by_purpose: dict[str, list[GrowerConsent]] = {}
    for consent in [*_rows(session, GrowerConsent, stays), *rows]:
        by_purpose.setdefault(consent.purpose, []).append(consent)
    for consents in by_purpose.values():
        goes_on = standing_consent([(one.given_at, one.withdrawn_at) for one in consents])
        for at, consent in enumerate(consents):
            if consent.withdrawn_at is None and at != goes_on:
                consent.withdrawn_at = now
    session.flush()  # at most one stands before they meet
    for consent in rows:
        consent.grower_id = stays.pk
    session.flush()
    return len(rows)


def _join_memberships(
    session: Session, organisation: Organisation, gone: Grower, stays: Grower
) -> int:
    of_both = col(GrowerMembership.grower_id).in_([gone.pk, stays.pk])
    here = col(GrowerMembership.organisation_id) == organisation.pk
    rows = session.execute(select(GrowerMembership).where(of_both, here)).scalars().all()
    periods = joined_periods([(row.valid_from, row.valid_to) for row in rows])
    session.execute(delete(GrowerMembership).where(of_both, here))
    for start, end in periods:
        session.add(
            GrowerMembership(
                grower_id=stays.pk,
                organisation_id=organisation.pk,
                valid_from=start,
                valid_to=end,
            )
        )
        session.flush()  # in their order: the newest row is the newest period
    return sum(row.grower_id == gone.pk for row in rows)


def _join_certificates(session: Session, gone: Grower, stays: Grower) -> int:
    of_both = col(CertificateMember.grower_id).in_([gone.pk, stays.pk])
    rows = session.execute(select(CertificateMember).where(of_both)).scalars().all()
    theirs = {row.certificate_id for row in rows if row.grower_id == gone.pk}
    for certificate_id in sorted(theirs):
        listed = [row for row in rows if row.certificate_id == certificate_id]
        periods = joined_periods([(row.since, row.until) for row in listed])
        session.execute(
            delete(CertificateMember).where(
                of_both, col(CertificateMember.certificate_id) == certificate_id
            )
        )
        session.add_all(
            CertificateMember(
                certificate_id=certificate_id, grower_id=stays.pk, since=start, until=end
            )
            for start, end in periods
        )
    session.flush()
    return sum(row.grower_id == gone.pk for row in rows)


def _rows(session: Session, table: type[Any], grower: Grower) -> Sequence[Any]:
    wanted = select(table).where(col(table.grower_id) == grower.pk).order_by(col(table.id))
    return session.execute(wanted).scalars().all()
