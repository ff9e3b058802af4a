"""A planting area as the public may know it: its codes then and now, its papers, its seasons in general.

No position finer than a kilometre, no outline, no quantity of anybody's harvest, no person.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.catalogue.reason_queries import reasons_by_slug
from app.certificates.public_queries import Told, certificates_held
from app.certificates.queries import certificates_of
from app.certificates.rules import Listed
from app.models.catalogue import Crop, DecisionReason
from app.models.certificates import CertificateStatus
from app.models.products import LocationNumber
from app.models.registry import Organisation, PlantingArea
from app.models.seasons import SeasonDeclaration
from app.provenance.organisation_told import MakerTold, maker_told
from app.registry.code_queries import area_by_code
from app.registry.finding_queries import is_named
from app.registry.public_queries import PublicCode, area_path, holder_of_area, public_codes_of
from app.registry.register_queries import RegisteredArea, registered_area_of
from app.registry.season_rules import Stage, stage_of

MOST_SEASONS = 12


@dataclass(frozen=True)
class SeasonTold:
    """A declared season in general terms: what grew, when it was to be harvested, for which market."""

    crop: Crop
    starts_on: date
    harvest_from: date
    harvest_to: date
    market: str
    stage: Stage


@dataclass(frozen=True)
class AreaTold:
    """The area's page as data, as on `day`. `name` is None where it might name a person."""

    uid: UUID
    name: str | None
    registered: RegisteredArea
    codes_today: tuple[PublicCode, ...]
    maker: MakerTold
    gln: str | None
    established_on: date
    closed_on: date | None
    certificates: tuple[Told, ...]
    seasons: tuple[SeasonTold, ...]
    reasons: dict[str, DecisionReason]
    day: date
    told_on: date

    @property
    def path(self) -> str:
        return area_path(self.uid, self.codes_today)

    @property
    def title(self) -> str:
        """Its codes, or its name, or nothing that names a person."""
        return ", ".join(code.code for code in self.codes_today) or self.name or ""

    def today(self, code_key: str) -> str:
        """The status of one of its codes today."""
        return next(code.status for code in self.codes_today if code.code_key == code_key)

    def since(self, code_key: str) -> date | None:
        """From when one of its codes has the status it has today; None before it was issued."""
        code = next(one for one in self.registered.codes if one.code.code_key == code_key)
        past = [step.effective_on for step in code.steps if step.effective_on <= self.told_on]
        return past[-1] if past else None


def area_told_by_code(session: Session, code: str, *, day: date, today: date) -> AreaTold:
    """The area that holds, or held, a code; raises NotFound."""
    area = area_by_code(session, code, within=Reach.all())
    return _told(session, area, session.get_one(Organisation, area.organisation_id), day, today)


def area_told(session: Session, uid: UUID, *, day: date, today: date) -> AreaTold:
    """The area with a public id; raises NotFound."""
    area, organisation = holder_of_area(session, uid)
    return _told(session, area, organisation, day, today)


def _told(
    session: Session, area: PlantingArea, organisation: Organisation, day: date, today: date
) -> AreaTold:
    covering = _covering(session, area, day)
    held = certificates_held(session, organisation.pk, day=day)
    return AreaTold(
        uid=area.uid,
        name=area.name if is_named(organisation) else None,
        registered=registered_area_of(session, area.pk, day=day),
        codes_today=public_codes_of(session, area, day=today),
        maker=maker_told(session, organisation),
        gln=_gln(session, area),
        established_on=area.established_on,
        closed_on=area.closed_on,
        certificates=tuple(one for one in held if one.line.certificate.pk in covering),
        seasons=_seasons(session, area, today),
        reasons=reasons_by_slug(session),
        day=day,
        told_on=today,
    )


def _covering(session: Session, area: PlantingArea, day: date) -> set[int]:
    """The certificates that stand on a day and have the area on their list."""
    return {
        held.id
        for held in certificates_of(session, area.organisation_id)
        if held.standing_on(day) == CertificateStatus.ACTIVE
        and held.lists_on(Listed.AREAS, area.pk, day)
    }


def _gln(session: Session, area: PlantingArea) -> str | None:
    wanted = select(col(LocationNumber.gln)).where(col(LocationNumber.area_id) == area.pk)
    return session.execute(wanted).scalar_one_or_none()


def _seasons(session: Session, area: PlantingArea, today: date) -> tuple[SeasonTold, ...]:
    wanted = (
        select(SeasonDeclaration, Crop)
        .join(Crop, col(Crop.id) == col(SeasonDeclaration.crop_id))
        .where(col(SeasonDeclaration.area_id) == area.pk)
        .order_by(col(SeasonDeclaration.starts_on).desc(), col(SeasonDeclaration.id).desc())
        .limit(MOST_SEASONS)
    )
    return tuple(
        SeasonTold(
            crop=crop,
            starts_on=season.starts_on,
            harvest_from=season.harvest_from,
            harvest_to=season.harvest_to,
            market=season.market,
            stage=stage_of(season, today),
        )
        for season, crop in session.execute(wanted)
    )
