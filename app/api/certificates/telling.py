"""Certificates told on the wire: which a caller sees, and everything about one."""

from typing import Any
from uuid import UUID

from app.api.certificates.shapes import (
    AreaNamed,
    CertificateOut,
    ExtensionOut,
    MemberNamed,
    StepOut,
    TermOut,
    WordOut,
)
from app.api.problems import FieldProblem
from app.certificates import queries
from app.certificates.checks import warnings_about
from app.certificates.history_queries import (
    Word,
    extensions_of,
    find_predecessor,
    find_successor,
    words_about,
)
from app.certificates.rules import Listed
from app.deps import Call, require_version
from app.models.certificates import Certificate


def sight_of(call: Call, *, unclaimed: bool = False) -> queries.Sight:
    """Which certificates a caller sees."""
    return queries.Sight.of(call.caller, call.within, unclaimed=unclaimed)


def of_version(
    call: Call, certificate: UUID, expected: int, *, unclaimed: bool = False
) -> queries.CertificateLine:
    """A certificate that is to be changed, in the version its reader saw."""
    sight = sight_of(call, unclaimed=unclaimed)
    line = queries.certificate_line(call.session, certificate, sight=sight)
    require_version(line.certificate.version, expected)
    return line


def line_shape(line: queries.CertificateLine, standing: str) -> dict[str, Any]:
    certificate, standard, holder = line.certificate, line.standard, line.holder
    return {
        "id": certificate.uid,
        "standard": standard.code,
        "kind": standard.kind.value,
        "edition": standard.edition,
        "number": certificate.number,
        "holder": holder.uid,
        "holder_name": holder.name,
        "body_name": certificate.body_name,
        "valid_from": certificate.valid_from,
        "valid_to": certificate.valid_to,
        "confirmation": certificate.confirmation,
        "disputed": certificate.disputed,
        "standing": standing,
        "version": certificate.version,
    }


def whole(call: Call, line: queries.CertificateLine) -> CertificateOut:
    certificate = line.certificate
    scope = queries.scope_of(call.session, certificate)
    return CertificateOut(
        **line_shape(line, line.standing_on(call.today, scope.steps)),
        body_code=certificate.body_code,
        issued_on=certificate.issued_on,
        in_conversion=certificate.in_conversion,
        grade=certificate.grade,
        status=certificate.status,
        crops=[crop.slug for crop in scope.crops],
        areas=[AreaNamed(id=area.uid, name=area.name) for area in scope.areas],
        members=[MemberNamed(id=grower.uid, code=grower.code) for grower in scope.members],
        conversion_from=certificate.conversion_from,
        points=certificate.points,
        area_m2=certificate.area_m2,
        expected_output_g=certificate.expected_output_g,
        **_befell(call, certificate),
        terms=_terms(certificate, scope),
        steps=[StepOut.model_validate(step) for step in scope.steps],
        warnings=[
            FieldProblem(at=warning.field, why=call.language.say(warning.why))
            for warning in warnings_about(call.session, certificate)
        ],
    )


def _befell(call: Call, certificate: Certificate) -> dict[str, Any]:
    former = find_predecessor(call.session, certificate)
    successor = find_successor(call.session, certificate)
    return {
        "replaces": former.uid if former else None,
        "replaced_by": successor.uid if successor else None,
        "extensions": [
            ExtensionOut.model_validate(one) for one in extensions_of(call.session, certificate)
        ],
        "words": [_word(word) for word in words_about(call.session, certificate)],
    }


def _word(word: Word) -> WordOut:
    row, organisation = word.row, word.organisation
    return WordOut(
        confirmation=row.confirmation,
        disputed=row.disputed,
        organisation=organisation.uid if organisation else None,
        organisation_name=organisation.name if organisation else "",
        words=row.words,
        recorded_at=row.recorded_at,
    )


def _terms(certificate: Certificate, scope: queries.Scope) -> list[TermOut]:
    names = {
        **{(Listed.CROPS, crop.pk): crop.slug for crop in scope.crops},
        **{(Listed.AREAS, area.pk): str(area.uid) for area in scope.areas},
        **{(Listed.MEMBERS, grower.pk): str(grower.uid) for grower in scope.members},
    }
    return [
        TermOut(
            listed=term.listed,
            what=names[term.listed, term.id],
            since=term.since,
            until=term.until,
        )
        for term in scope.terms
        if term.since != certificate.valid_from or term.until is not None
    ]
