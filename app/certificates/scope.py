"""What a certificate covers and who gave it, held against what its holder has and grows."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col

from app.accounts.caller import Caller
from app.catalogue.queries import chosen_crop
from app.certificates import rules
from app.certificates.queries import (
    areas_held,
    certification_body,
    crops_grown,
    find_body_named,
    members_held,
)
from app.errors import FieldError, Forbidden, Refused, refuse
from app.kit.messages import say
from app.kit.text import fold
from app.models.accounts import Role
from app.models.catalogue import Crop, StandardKind
from app.models.certificates import (
    Certificate,
    CertificateArea,
    CertificateCrop,
    CertificateMember,
)
from app.models.registry import Grower, Organisation, PlantingArea

SOME_FAULTS = say("Some of what stands on the certificate cannot be right.")


@dataclass(frozen=True)
class Named:
    """What somebody says a certificate covers: slugs of crops, ids of areas and growers."""

    crops: tuple[str, ...]
    areas: tuple[UUID, ...]
    members: tuple[UUID, ...]


@dataclass(frozen=True)
class Goods:
    """The same as rows, all of them the holder's."""

    crops: list[Crop]
    areas: list[PlantingArea]
    members: list[Grower]

    @property
    def count(self) -> int:
        return len(self.crops) + len(self.areas) + len(self.members)


@dataclass(frozen=True)
class Body:
    """Who gave the certificate; `id` only for a registered certification body."""

    id: int | None
    name: str


def refuse_if(faults: list[FieldError]) -> None:
    """Refuse with every fault at once; pass when there is none."""
    if faults:
        raise Refused(faults[0].why if len(faults) == 1 else SOME_FAULTS, *faults)


def goods_for(session: Session, *, holder: Organisation, kind: StandardKind, named: Named) -> Goods:
    """What a holder's certificate covers. Areas, growers and crops of others are unknown here."""
    goods = goods_named(session, holder, named)
    refuse_if(_lacking(kind, goods) or _not_grown(session, holder, goods))
    return goods


def goods_named(session: Session, holder: Organisation, named: Named) -> Goods:
    """What somebody names, all of it the holder's. Raises Refused for what is not."""
    goods = Goods(
        crops=[chosen_crop(session, slug, field="crops") for slug in dict.fromkeys(named.crops)],
        areas=areas_held(session, holder, named.areas),
        members=members_held(session, holder, named.members),
    )
    refuse_if(_unknown(named, goods))
    return goods


def body_for(session: Session, caller: Caller, *, body: UUID | None, body_name: str) -> Body:
    """The body that certified: a certifier's own, a registered one, or a name that was typed."""
    if caller.role is Role.CERTIFIER:
        own = certification_body(session, caller.organisation_uid)
        if own is None:
            raise Forbidden(say("Your organisation is not a certification body."))
        return Body(own.pk, own.name)
    if body is not None:
        found = certification_body(session, body)
        if found is None:
            raise refuse("body", say("There is no such certification body."))
        return Body(found.pk, found.name)
    if not fold(body_name):
        raise refuse("body_name", say("Name the certification body."))
    named = find_body_named(session, fold(body_name))
    return Body(named.pk, named.name) if named else Body(None, body_name)


def keep_goods(session: Session, certificate: Certificate, goods: Goods) -> None:
    """Write down what a certificate covers from its first day on, in place of what stood there."""
    mine, since = certificate.pk, certificate.valid_from
    for table in (CertificateCrop, CertificateArea, CertificateMember):
        session.execute(delete(table).where(col(table.certificate_id) == mine))
    crops = (
        CertificateCrop(certificate_id=mine, crop_id=one.pk, since=since) for one in goods.crops
    )
    areas = (
        CertificateArea(certificate_id=mine, area_id=one.pk, since=since) for one in goods.areas
    )
    members = (
        CertificateMember(certificate_id=mine, grower_id=one.pk, since=since)
        for one in goods.members
    )
    session.add_all([*crops, *areas, *members])
    session.flush()


def _unknown(named: Named, goods: Goods) -> list[FieldError]:
    faults = []
    if len(goods.areas) != len(set(named.areas)):
        faults.append(FieldError("areas", say("There is no such planting area.")))
    if len(goods.members) != len(set(named.members)):
        faults.append(FieldError("members", say("There is no such grower.")))
    return faults


def _lacking(kind: StandardKind, goods: Goods) -> list[FieldError]:
    if kind.value in rules.FACILITY_KINDS:
        return []
    faults = []
    if not goods.crops:
        faults.append(FieldError("crops", say("Choose at least one crop.")))
    if not goods.areas and kind.value not in rules.PRODUCT_KINDS:
        faults.append(FieldError("areas", say("Choose at least one planting area.")))
    return faults


def _not_grown(session: Session, holder: Organisation, goods: Goods) -> list[FieldError]:
    grown = crops_grown(session, holder, among=_ids(goods.areas))
    return [
        FieldError("crops", say("{crop} is grown in none of these areas.", crop=crop.name_vi))
        for crop in goods.crops
        if crop.pk not in grown
    ]


def _ids(areas: Iterable[PlantingArea]) -> frozenset[int]:
    return frozenset(area.pk for area in areas)
