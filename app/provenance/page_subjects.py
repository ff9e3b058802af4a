"""What the pages of organisations, areas, products and certificate numbers depend on.

Whatever is recorded about one of these makes the page stale; see `subjects` for that of a lot.
"""

from uuid import UUID

from app.certificates.public_queries import Answer
from app.ledger.marks import COMMON_NOUNS, noun_mark
from app.provenance.area_told import AreaTold
from app.provenance.organisation_told import OrganisationTold
from app.provenance.product_told import ProductTold

# Nouns of an organisation of which a fact may change what its pages say.
ORGANISATION_NOUNS = ("area", "certificate", "code", "location_number", "organisation", "product")
AREA_NOUNS = ("area", "certificate", "code", "location_number", "organisation", "season")
PRODUCT_NOUNS = ("area", "certificate", "code", "label", "lot", "organisation", "product")


def subjects_of_organisation(told: OrganisationTold) -> frozenset[str]:
    return _of(told.maker.uid, ORGANISATION_NOUNS)


def subjects_of_area(told: AreaTold) -> frozenset[str]:
    return _of(told.maker.uid, AREA_NOUNS) | {str(told.uid)}


def subjects_of_product(told: ProductTold) -> frozenset[str]:
    return _of(told.maker.uid, PRODUCT_NOUNS) | {str(told.product.uid)}


def subjects_of_number(answer: Answer) -> frozenset[str]:
    """A number may come to be borne by another organisation's certificate: all of them count."""
    subjects = {noun_mark(None, "certificate"), *_common()}
    for told in answer.certificates:
        holder = told.line.holder.uid
        subjects |= {str(told.line.certificate.uid), str(holder), noun_mark(holder, "area")}
    return frozenset(subjects)


def _of(organisation: UUID, nouns: tuple[str, ...]) -> frozenset[str]:
    own = {noun_mark(organisation, noun) for noun in nouns}
    return frozenset({str(organisation), *own, *_common()})


def _common() -> set[str]:
    return {noun_mark(None, noun) for noun in COMMON_NOUNS}
