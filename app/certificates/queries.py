"""Finding certificates and their scope, in a constant number of statements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlmodel import Session, col

from app.accounts.caller import Caller
from app.accounts.reach import Reach
from app.certificates.rules import CertificateFacts, standing
from app.errors import NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.kit.text import fold
from app.models.accounts import Role
from app.models.catalogue import Crop, Standard
from app.models.certificates import (
    Certificate,
    CertificateArea,
    CertificateCrop,
    CertificateMember,
    CertificateStep,
)
from app.models.registry import (
    AreaCrop,
    Grower,
    GrowerMembership,
    Organisation,
    OrganisationKind,
    PlantingArea,
)


@dataclass(frozen=True)
class CertificateLine:
    """A certificate with its standard and holder."""

    certificate: Certificate
    standard: Standard
    holder: Organisation

    def standing_on(self, day: date, steps: Sequence[CertificateStep]) -> str:
        """What the certificate is worth on a day, given its steps: see `rules.standing`."""
        return standing(self.certificate.valid_from, self.certificate.valid_to, steps, day)


@dataclass(frozen=True)
class Scope:
    """What a certificate covers."""

    crops: list[Crop]
    areas: list[PlantingArea]
    members: list[Grower]
    steps: list[CertificateStep]


@dataclass(frozen=True)
class Sight:
    """Which certificates a caller may see: those held within reach, or those of its own body."""

    holders: Reach
    body_id: int | None = None

    @classmethod
    def of(cls, caller: Caller, within: Reach) -> "Sight":
        """A certifier sees its own body's certificates, whoever holds them."""
        if caller.role is Role.CERTIFIER:
            return cls(Reach(frozenset()), caller.organisation_id)
        return cls(within)

    def limits(self) -> Any:
        """The WHERE clause of this sight."""
        held = self.holders.limits(col(Certificate.organisation_id))
        if self.body_id is None:
            return held
        return or_(held, col(Certificate.body_id) == self.body_id)


def certificates(
    session: Session, *, sight: Sight, q: str = "", after: str | None = None, limit: int = 50
) -> Page[CertificateLine]:
    """Certificates, newest first; `q`: every word must occur in the number or the holder's name."""
    wanted = _lines(sight)
    for word in fold(q).split()[:6]:
        wanted = wanted.where(
            or_(
                col(Certificate.number_key).like(f"%{word}%"),
                col(Organisation.name_key).like(f"%{word}%"),
            )
        )
    if after is not None:
        wanted = wanted.where(col(Certificate.id) < decode(after, int)[0])
    newest = wanted.order_by(col(Certificate.id).desc()).limit(limit + 1)
    rows = [CertificateLine(*row) for row in session.execute(newest).all()]
    return page_of(rows, limit=limit, key=lambda line: (line.certificate.pk,))


def certificate_line(session: Session, uid: UUID, *, sight: Sight) -> CertificateLine:
    """One certificate."""
    row = session.execute(_lines(sight).where(col(Certificate.uid) == uid)).one_or_none()
    if row is None:
        raise NotFound(say("There is no such certificate."))
    return CertificateLine(*row)


def line_of(session: Session, certificate: Certificate) -> CertificateLine:
    """A certificate that is at hand, with its standard and holder."""
    return CertificateLine(
        certificate,
        session.get_one(Standard, certificate.standard_id),
        session.get_one(Organisation, certificate.organisation_id),
    )


def scope_of(session: Session, certificate: Certificate) -> Scope:
    """What a certificate covers, with names."""
    mine = certificate.pk
    crops = (
        select(Crop)
        .join(CertificateCrop, col(CertificateCrop.crop_id) == col(Crop.id))
        .where(col(CertificateCrop.certificate_id) == mine)
        .order_by(col(Crop.name_key))
    )
    areas = (
        select(PlantingArea)
        .join(CertificateArea, col(CertificateArea.area_id) == col(PlantingArea.id))
        .where(col(CertificateArea.certificate_id) == mine)
        .order_by(col(PlantingArea.name_key))
    )
    members = (
        select(Grower)
        .join(CertificateMember, col(CertificateMember.grower_id) == col(Grower.id))
        .where(col(CertificateMember.certificate_id) == mine)
        .order_by(col(Grower.name_key))
    )
    return Scope(
        crops=list(session.execute(crops).scalars()),
        areas=list(session.execute(areas).scalars()),
        members=list(session.execute(members).scalars()),
        steps=steps_of(session, [mine])[mine],
    )


def certificates_of(session: Session, organisation_id: int) -> list[CertificateFacts]:
    """Every certificate an organisation holds or held, with its scope, in five statements."""
    rows = session.execute(
        select(Certificate, Standard)
        .join(Standard, col(Standard.id) == col(Certificate.standard_id))
        .where(col(Certificate.organisation_id) == organisation_id)
        .order_by(col(Certificate.valid_from), col(Certificate.id))
    ).all()
    if not rows:
        return []
    ids = [certificate.pk for certificate, _ in rows]
    steps = steps_of(session, ids)
    crops = _scope(session, CertificateCrop, CertificateCrop.crop_id, ids)
    areas = _scope(session, CertificateArea, CertificateArea.area_id, ids)
    members = _scope(session, CertificateMember, CertificateMember.grower_id, ids)
    return [
        CertificateFacts(
            id=certificate.pk,
            kind=standard.kind.value,
            edition=standard.edition,
            number=certificate.number,
            body_name=certificate.body_name,
            confirmation=certificate.confirmation,
            valid_from=certificate.valid_from,
            valid_to=certificate.valid_to,
            in_conversion=certificate.in_conversion,
            grade=certificate.grade,
            steps=tuple(steps[certificate.pk]),
            crops=frozenset(crops[certificate.pk]),
            areas=frozenset(areas[certificate.pk]),
            members=frozenset(members[certificate.pk]),
        )
        for certificate, standard in rows
    ]


def steps_of(session: Session, ids: Iterable[int]) -> defaultdict[int, list[CertificateStep]]:
    """The steps of certificates, oldest first."""
    found: defaultdict[int, list[CertificateStep]] = defaultdict(list)
    wanted = (
        select(CertificateStep)
        .where(col(CertificateStep.certificate_id).in_(list(ids)))
        .order_by(col(CertificateStep.effective_on), col(CertificateStep.id))
    )
    for step in session.execute(wanted).scalars():
        found[step.certificate_id].append(step)
    return found


def areas_held(session: Session, holder: Organisation, uids: Iterable[UUID]) -> list[PlantingArea]:
    """Those of these areas that belong to a holder, by name."""
    wanted = select(PlantingArea).where(
        col(PlantingArea.organisation_id) == holder.pk, col(PlantingArea.uid).in_(set(uids))
    )
    return list(session.execute(wanted.order_by(col(PlantingArea.name_key))).scalars())


def members_held(session: Session, holder: Organisation, uids: Iterable[UUID]) -> list[Grower]:
    """Those of these growers who are, or were, members of a holder, by name."""
    belonging = select(col(GrowerMembership.grower_id)).where(
        col(GrowerMembership.organisation_id) == holder.pk
    )
    wanted = select(Grower).where(col(Grower.uid).in_(set(uids)), col(Grower.id).in_(belonging))
    return list(session.execute(wanted.order_by(col(Grower.name_key))).scalars())


def crops_grown(
    session: Session, holder: Organisation, *, among: frozenset[int] = frozenset()
) -> set[int]:
    """The crops (ids) a holder grows, in all its areas or only among some of them."""
    wanted = (
        select(col(AreaCrop.crop_id))
        .join(PlantingArea, col(PlantingArea.id) == col(AreaCrop.area_id))
        .where(col(PlantingArea.organisation_id) == holder.pk)
    )
    if among:
        wanted = wanted.where(col(AreaCrop.area_id).in_(among))
    return set(session.execute(wanted).scalars())


def certification_bodies(session: Session) -> list[Organisation]:
    """The registered certification bodies, by name."""
    return list(session.execute(_bodies().order_by(col(Organisation.name_key))).scalars())


def certification_body(session: Session, uid: UUID) -> Organisation | None:
    """The certification body with this public id, if it is one."""
    return session.execute(_bodies().where(col(Organisation.uid) == uid)).scalar_one_or_none()


def running_out(
    session: Session, *, sight: Sight, today: date, until: date
) -> list[CertificateLine]:
    """Certificates whose last day lies between two days, soonest first."""
    wanted = _lines(sight).where(
        col(Certificate.valid_to) >= today, col(Certificate.valid_to) <= until
    )
    rows = session.execute(wanted.order_by(col(Certificate.valid_to)).limit(20)).all()
    return [CertificateLine(*row) for row in rows]


def _bodies() -> Select[Organisation]:
    return select(Organisation).where(col(Organisation.kind) == OrganisationKind.CERTIFICATION_BODY)


def _lines(sight: Sight) -> Any:
    return (
        select(Certificate, Standard, Organisation)
        .join(Standard, col(Standard.id) == col(Certificate.standard_id))
        .join(Organisation, col(Organisation.id) == col(Certificate.organisation_id))
        .where(sight.limits())
    )


def _scope(session: Session, table: Any, column: Any, ids: list[int]) -> defaultdict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    wanted = select(col(table.certificate_id), col(column)).where(
        col(table.certificate_id).in_(ids)
    )
    for certificate_id, other_id in session.execute(wanted):
        found[certificate_id].add(other_id)
    return found
