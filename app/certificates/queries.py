"""Finding certificates and their scope, in a constant number of statements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, literal, or_, select, union_all
from sqlmodel import Session, col

from app.accounts.caller import Caller
from app.accounts.reach import Reach
from app.certificates.rules import CertificateFacts, Listed, Term, standing
from app.db import once_a_reading
from app.errors import NotFound
from app.kit.messages import say
from app.models.accounts import Role
from app.models.base import Row
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
        held = self.certificate
        return standing(held.valid_from, held.valid_to, steps, day, disputed=held.disputed)


@dataclass(frozen=True)
class Scope:
    """What a certificate covers, or covered once: `terms` say from when until when."""

    crops: list[Crop]
    areas: list[PlantingArea]
    members: list[Grower]
    steps: list[CertificateStep]
    terms: tuple[Term, ...] = ()

    def terms_of(self, listed: str, row: Row) -> list[Term]:
        """When something is, or was, on a list."""
        return [term for term in self.terms if (term.listed, term.id) == (listed, row.pk)]

    def lists_on(self, listed: str, row: Row, day: date) -> bool:
        """Whether something is on a list on a day."""
        return any(term.holds_on(day) for term in self.terms_of(listed, row))


@dataclass(frozen=True)
class Sight:
    """Which certificates a caller may see: those held within reach, or those of its own body.

    `unclaimed`: also those that name no registered body, which a body may recognise as its own.
    """

    holders: Reach
    body_id: int | None = None
    unclaimed: bool = False

    @classmethod
    def of(cls, caller: Caller, within: Reach, *, unclaimed: bool = False) -> "Sight":
        """A certifier sees its own body's certificates, whoever holds them."""
        if caller.role is Role.CERTIFIER:
            return cls(Reach(frozenset()), caller.organisation_id, unclaimed)
        return cls(within)

    def limits(self) -> Any:
        """The WHERE clause of this sight."""
        held = self.holders.limits(col(Certificate.organisation_id))
        if self.body_id is None:
            return held
        own = col(Certificate.body_id) == self.body_id
        if self.unclaimed:
            return or_(held, own, col(Certificate.body_id).is_(None))
        return or_(held, own)


def certificate_line(session: Session, uid: UUID, *, sight: Sight) -> CertificateLine:
    """One certificate."""
    row = session.execute(lines_in(sight).where(col(Certificate.uid) == uid)).one_or_none()
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
    terms = {listed: of_all[mine] for listed, of_all in _every_term(session, [mine]).items()}
    return Scope(
        crops=_named(session, Crop, terms[Listed.CROPS]),
        areas=_named(session, PlantingArea, terms[Listed.AREAS]),
        members=_named(session, Grower, terms[Listed.MEMBERS]),
        steps=steps_of(session, [mine])[mine],
        terms=tuple(term for of_list in terms.values() for term in of_list),
    )


def land_of(session: Session, certificate: Certificate) -> int:
    """The square metres that the areas in a certificate's scope have in the register."""
    listed = select(col(CertificateArea.area_id)).where(
        col(CertificateArea.certificate_id) == certificate.pk, col(CertificateArea.until).is_(None)
    )
    wanted = select(func.coalesce(func.sum(col(PlantingArea.area_m2)), 0))
    return int(session.execute(wanted.where(col(PlantingArea.id).in_(listed))).scalar_one())


@once_a_reading
def certificates_of(session: Session, organisation_id: int) -> list[CertificateFacts]:
    """Every certificate an organisation holds or held, with its scope, in three statements."""
    rows = session.execute(_HELD, {"holder": organisation_id}).all()
    if not rows:
        return []
    ids = [certificate.pk for certificate, _ in rows]
    steps = steps_of(session, ids)
    crops, areas, members = _every_term(session, ids).values()
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
            crops=_ids(crops[certificate.pk]),
            areas=_ids(areas[certificate.pk]),
            members=_ids(members[certificate.pk]),
            terms=(*crops[certificate.pk], *areas[certificate.pk], *members[certificate.pk]),
            disputed=certificate.disputed,
            conversion_from=certificate.conversion_from,
        )
        for certificate, standard in rows
    ]


def steps_of(session: Session, ids: Iterable[int]) -> defaultdict[int, list[CertificateStep]]:
    """The steps of certificates, oldest first."""
    found: defaultdict[int, list[CertificateStep]] = defaultdict(list)
    for step in session.execute(_STEPS, {"certificates": list(ids)}).scalars():
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


def find_body_named(session: Session, name_key: str) -> Organisation | None:
    """The certification body of this folded name; None too where several share it."""
    wanted = _bodies().where(col(Organisation.name_key) == name_key)
    found = list(session.execute(wanted.limit(2)).scalars())
    return found[0] if len(found) == 1 else None


def _bodies() -> Select[Organisation]:
    return select(Organisation).where(col(Organisation.kind) == OrganisationKind.CERTIFICATION_BODY)


def lines_in(sight: Sight) -> Any:
    """The statement of the certificates in sight, with standard and holder."""
    return (
        select(Certificate, Standard, Organisation)
        .join(Standard, col(Standard.id) == col(Certificate.standard_id))
        .join(Organisation, col(Organisation.id) == col(Certificate.organisation_id))
        .where(sight.limits())
    )


_LISTS: dict[Listed, tuple[Any, Any]] = {
    Listed.CROPS: (CertificateCrop, col(CertificateCrop.crop_id)),
    Listed.AREAS: (CertificateArea, col(CertificateArea.area_id)),
    Listed.MEMBERS: (CertificateMember, col(CertificateMember.grower_id)),
}


# Put together once: every public page of a lot asks for these.
_AMONG: Any = bindparam("certificates", expanding=True)
_HELD: Any = (
    select(Certificate, Standard)
    .join(Standard, col(Standard.id) == col(Certificate.standard_id))
    .where(col(Certificate.organisation_id) == bindparam("holder"))
    .order_by(col(Certificate.valid_from), col(Certificate.id))
)
_STEPS: Any = (
    select(CertificateStep)
    .where(col(CertificateStep.certificate_id).in_(_AMONG))
    .order_by(col(CertificateStep.effective_on), col(CertificateStep.id))
)
_TERMS: Any = union_all(
    *(
        select(
            literal(listed.value).label("listed"),
            col(table.certificate_id).label("certificate_id"),
            column.label("other_id"),
            col(table.since).label("since"),
            col(table.until).label("until"),
        ).where(col(table.certificate_id).in_(_AMONG))
        for listed, (table, column) in _LISTS.items()
    )
).order_by("since")


def _every_term(session: Session, ids: list[int]) -> dict[Listed, defaultdict[int, list[Term]]]:
    """What certificates cover and covered, by kind and certificate, in one statement."""
    found: dict[Listed, defaultdict[int, list[Term]]] = {one: defaultdict(list) for one in Listed}
    for kind, certificate_id, other_id, since, until in session.execute(
        _TERMS, {"certificates": ids}
    ):
        listed = Listed(kind)
        found[listed][certificate_id].append(Term(listed, other_id, since, until))
    return found


def _named(session: Session, table: Any, terms: list[Term]) -> list[Any]:
    wanted = select(table).where(col(table.id).in_(_ids(terms)))
    return list(session.execute(wanted.order_by(col(table.name_key))).scalars())


def _ids(terms: list[Term]) -> frozenset[int]:
    return frozenset(term.id for term in terms)
