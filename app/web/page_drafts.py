"""What the public pages of organisations, products, areas and certificate numbers say, and depend on.

All of them tell of a day, so they are made anew at midnight though nothing is recorded.
"""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from sqlmodel import Session

from app.certificates.public_queries import certificates_numbered
from app.errors import NotFound
from app.kit.clock import day_of
from app.kit.i18n import LANGUAGES
from app.kit.messages import say
from app.models.pages import PageKind
from app.models.places import AdminUnit
from app.places.queries import address_of, address_on, communes_on, predecessors_of
from app.places.rules import address_line
from app.provenance.area_told import AreaTold, area_told, area_told_by_code
from app.provenance.organisation_told import organisation_told
from app.provenance.page_subjects import (
    subjects_of_area,
    subjects_of_number,
    subjects_of_organisation,
    subjects_of_product,
)
from app.provenance.product_told import product_told
from app.registry.register_queries import Holder, Position
from app.registry.register_words import steps_said
from app.web.lot_drafts import draft_lot
from app.web.making_pages import Draft, Drafter
from app.web.register_map import PlaceDrawn, place_among

UID_MARK = "-"  # stands in every public id, and in no code as it is compared


def draft_organisation(session: Session, code: str, base_url: str, now: datetime) -> Draft:
    """The page of an organisation; raises NotFound."""
    told = organisation_told(session, UUID(code), today=day_of(now))
    return _draft(
        "public/organisation.html",
        base_url,
        told.maker.path,
        told.told_on,
        subjects_of_organisation(told),
        told=told,
    )


def draft_product(session: Session, code: str, base_url: str, now: datetime) -> Draft:
    """The page of a product, sold or no longer; raises NotFound."""
    told = product_told(session, code, now=now)
    return _draft(
        "public/product.html",
        base_url,
        told.path,
        told.told_on,
        subjects_of_product(told),
        standing="recalled" if told.recalls else "withdrawn" if told.withdrawn else "sold",
        told=told,
    )


def draft_area(session: Session, code: str, base_url: str, now: datetime) -> Draft:
    """The page of an area, by one of its codes or by its own id, as of today; raises NotFound."""
    return _draft_area(session, code, base_url, now, day_of(now))


def draft_area_on(day: date) -> Drafter:
    """The same as of another day."""

    def draft(session: Session, code: str, base_url: str, now: datetime) -> Draft:
        return _draft_area(session, code, base_url, now, day)

    return draft


def draft_certificate(session: Session, code: str, base_url: str, now: datetime) -> Draft:
    """The page of a certificate number that is recorded; raises NotFound for another."""
    today = day_of(now)
    answer = certificates_numbered(session, code, day=today)
    if not answer.certificates:
        raise NotFound(say("No certificate with this number is recorded here."))
    number = answer.certificates[0].line.certificate.number
    path = f"/certificates/{quote(number, safe='/')}"
    return _draft(
        "public/certificate.html",
        base_url,
        path,
        today,
        subjects_of_number(answer),
        standing=answer.state.value,
        answer=answer,
        number=number,
        day=today,
        demonstration=any(told.line.holder.demonstration for told in answer.certificates),
    )


DRAFTERS: dict[PageKind, Drafter] = {
    PageKind.LOT: draft_lot,
    PageKind.PRODUCT: draft_product,
    PageKind.AREA: draft_area,
    PageKind.CERTIFICATE: draft_certificate,
    PageKind.ORGANISATION: draft_organisation,
}


def _draft_area(session: Session, code: str, base_url: str, now: datetime, day: date) -> Draft:
    today = day_of(now)
    if UID_MARK in code:
        told = area_told(session, UUID(code), day=day, today=today)
    else:
        told = area_told_by_code(session, code, day=day, today=today)
    asked = next((one for one in told.registered.codes if one.code.code_key == code), None)
    return _draft(
        "public/register_area.html",
        base_url,
        told.path,
        today,
        subjects_of_area(told),
        standing=told.today(asked.code.code_key) if asked else "",
        told=told,
        area=told.registered,
        asked=asked,
        day=day,
        drawn=_drawn(session, told),
        words={tag: _words(session, told, day, tag) for tag in LANGUAGES},
    )


def _drawn(session: Session, told: AreaTold) -> PlaceDrawn | None:
    """The place to about a kilometre, or else its commune, among the communes of the province."""
    holder = told.registered.holder
    middle = _middle(holder.commune)
    at = holder.position or middle
    if at is None:
        return None
    province = holder.commune.province_code
    around = [unit for unit in communes_on(session, told.told_on) if unit.province_code == province]
    return place_among([found for unit in around if (found := _middle(unit))], at)


def _middle(unit: AdminUnit) -> Position | None:
    return None if unit.lat is None or unit.lon is None else (unit.lon, unit.lat)


def _words(session: Session, told: AreaTold, day: date, tag: str) -> dict[str, Any]:
    """What is said of an area in one language only: its addresses and the steps of its codes."""
    holder = told.registered.holder
    told_former, former = _former(session, holder, tag)
    return {
        "steps": [
            steps_said(code, told.reasons, tag, named=holder.name is not None)
            for code in told.registered.codes
        ],
        "present": address_of(holder.commune, tag),
        "address": address_on(session, holder.former or holder.commune, day, tag),
        "former": former,
        "told_former": told_former,
    }


def _former(session: Session, holder: Holder, tag: str) -> tuple[bool, list[str]]:
    """Whether the address before the merger is known, and it; else all that may be meant, by district."""
    if holder.former is not None:
        return True, [address_of(holder.former, tag)]
    found = predecessors_of(session, holder.commune)
    if len(found) == 1:
        return True, [address_of(found[0], tag)]
    districts: dict[str, list[str]] = {}
    for unit in found:
        above = address_line([unit.district_name or "", unit.province_name], tag)
        districts.setdefault(above, []).append(address_line([unit.name], tag))
    return False, [f"{above}: {', '.join(names)}" for above, names in districts.items()]


def _draft(
    template: str,
    base_url: str,
    path: str,
    told_on: date,
    subjects: frozenset[str],
    *,
    standing: str = "",
    **context: Any,
) -> Draft:
    """A page that tells of a day; how it stands is in the address of the picture that is shared with it."""
    tomorrow = told_on + timedelta(days=1)
    context |= {"base_url": base_url, "address": base_url + path, "standing": standing}
    context["shared"] = f"{base_url}/i{path}"
    return Draft(template, path, told_on, subjects, flip=tomorrow, context=context)
