"""Weighs harvests against what was declared, certified, and what the land can give."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, or_, select
from sqlmodel import Session, col

from app.catalogue.queries import rule_on, value_of
from app.certificates.rules import CertificateFacts
from app.kit.quantities import Grams, SquareMetres
from app.lots.balance import (
    Season,
    Thresholds,
    Weighed,
    of_season,
    season_of,
    year_of,
)
from app.models.certificates import Certificate
from app.models.lots import HarvestLot, LotSource, LotState
from app.models.seasons import SeasonDeclaration
from app.registry.season_rules import HARVEST_LEEWAY

WARN_RULE = "balance.warn_percent"
TOLERANCE_RULE = "balance.tolerance_percent"

Limits = Callable[[Session, date], Thresholds | None]


def thresholds_on(session: Session, day: date) -> Thresholds | None:
    """How full a limit may get by the rules of a day; None: nothing is limited."""
    tolerance, warn = rule_on(session, TOLERANCE_RULE, day), rule_on(session, WARN_RULE, day)
    if tolerance is None:
        return None
    return Thresholds(
        warn_percent=100 if warn is None else int(value_of(warn)),
        tolerance_percent=int(value_of(tolerance)),
        law=tolerance.legal_ref,
    )


_DECLARED: Any = select(SeasonDeclaration).where(
    col(SeasonDeclaration.area_id) == bindparam("area"),
    col(SeasonDeclaration.crop_id) == bindparam("crop"),
)


def seasons_declared(session: Session, area_id: int, crop_id: int) -> list[Season]:
    """The declared harvests of a crop on an area, the actual output where it is reported."""
    found = session.execute(_DECLARED, {"area": area_id, "crop": crop_id}).scalars()
    return [season_from(row) for row in found]


def season_from(row: SeasonDeclaration) -> Season:
    """A declaration as the balance sees it: a harvest that took longer lasted until it ended."""
    reported = row.actual_output_g
    return Season(
        id=row.pk,
        starts_on=row.starts_on,
        harvest_from=row.harvest_from,
        last=max(row.harvest_to, row.ended_on or row.harvest_to),
        output=Grams(row.expected_output_g if reported is None else reported),
        sown=SquareMetres(row.area_m2),
    )


def weighed_of(
    session: Session, lot: HarvestLot, find_thresholds: Limits = thresholds_on
) -> Weighed | None:
    """A harvest's season with all that was harvested in it; None when none was declared for it.

    A lot made of others adds nothing: its kilograms were weighed when they were harvested.
    """
    if lot.area_id is None:
        return None
    thresholds = find_thresholds(session, lot.harvested_on)
    seasons = seasons_declared(session, lot.area_id, lot.crop_id) if thresholds else []
    season = season_of(lot.harvested_on, seasons, HARVEST_LEEWAY)
    if season is None or thresholds is None:
        return None
    by_day = _by_day(session, lot, season)
    total, mine = (
        of_season(season, {day: sums[at] for day, sums in by_day.items()}, seasons, HARVEST_LEEWAY)
        for at in (0, 1)
    )
    return Weighed(season.output, mine, total, season.starts_on, thresholds)


def certified_of(
    session: Session,
    lot: HarvestLot,
    certificates: Sequence[CertificateFacts],
    find_thresholds: Limits = thresholds_on,
) -> dict[int, Weighed]:
    """What was harvested this year under each certificate that says how much it covers a year."""
    thresholds = find_thresholds(session, lot.harvested_on)
    limits = _limits(session, certificates) if thresholds else {}
    if thresholds is None:
        return {}
    return {
        certificate.id: _weighed_under(
            session, lot, certificate, Grams(limits[certificate.id]), thresholds
        )
        for certificate in certificates
        if certificate.id in limits and certificate.valid_from <= lot.harvested_on
    }


_LIMITED: Any = select(col(Certificate.id), col(Certificate.expected_output_g)).where(
    col(Certificate.id).in_(bindparam("certificates", expanding=True)),
    col(Certificate.expected_output_g).is_not(None),
)


def _limits(session: Session, certificates: Sequence[CertificateFacts]) -> dict[int, int]:
    if not certificates:
        return {}
    asked = {"certificates": [certificate.id for certificate in certificates]}
    return {key: grams for key, grams in session.execute(_LIMITED, asked) if grams is not None}


def _weighed_under(
    session: Session,
    lot: HarvestLot,
    certificate: CertificateFacts,
    limit: Grams,
    thresholds: Thresholds,
) -> Weighed:
    first = year_of(lot.harvested_on, certificate.valid_from)
    last = year_of(first + timedelta(days=400), certificate.valid_from) - timedelta(days=1)
    wanted = _sums(lot.pk).where(
        col(HarvestLot.organisation_id) == lot.organisation_id,
        col(HarvestLot.crop_id).in_(certificate.crops),
        col(HarvestLot.area_id).in_(certificate.areas),
        col(HarvestLot.harvested_on).between(max(first, certificate.valid_from), last),
        _by_members(certificate),
    )
    total, upto = session.execute(wanted).one()
    return Weighed(limit, Grams(int(upto)), Grams(int(total)), first, thresholds)


def _by_members(certificate: CertificateFacts) -> ColumnElement[bool]:
    if not certificate.members:
        return col(HarvestLot.id).is_not(None)
    parts = select(col(LotSource.id)).where(
        col(LotSource.lot_id) == col(HarvestLot.id),
        col(LotSource.grower_id).in_(certificate.members),
    )
    return or_(col(HarvestLot.grower_id).in_(certificate.members), parts.exists())


def _sums(up_to: Any) -> Any:
    grams = col(HarvestLot.quantity_g)
    return select(
        func.coalesce(func.sum(grams), 0),
        func.coalesce(func.sum(grams).filter(col(HarvestLot.id) <= up_to), 0),
    ).where(col(HarvestLot.state) != LotState.WITHDRAWN)


_BY_DAY: Any = (
    _sums(bindparam("lot"))
    .add_columns(col(HarvestLot.harvested_on))
    .where(
        col(HarvestLot.area_id) == bindparam("area"),
        col(HarvestLot.crop_id) == bindparam("crop"),
        col(HarvestLot.harvested_on).between(bindparam("first"), bindparam("last")),
    )
    .group_by(col(HarvestLot.harvested_on))
)


def _by_day(session: Session, lot: HarvestLot, season: Season) -> dict[date, tuple[int, int]]:
    """By day: everything of the lot's crop and area around a season, and what was recorded up to it."""
    asked = {
        "lot": lot.pk,
        "area": lot.area_id,
        "crop": lot.crop_id,
        "first": season.harvest_from - HARVEST_LEEWAY,
        "last": season.last + HARVEST_LEEWAY,
    }
    return {day: (int(total), int(upto)) for total, upto, day in session.execute(_BY_DAY, asked)}
