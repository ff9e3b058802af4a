"""Certificates on the wire: found, recorded, read, corrected."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from app.api.certificates.shapes import (
    CertificateIn,
    CertificateLineOut,
    CertificateOut,
    NewCertificateIn,
)
from app.api.certificates.telling import line_shape, of_version, sight_of, whole
from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.api.shapes import Name
from app.certificates import commands, queries
from app.certificates.amending_commands import amend_certificate as amend
from app.certificates.listing_queries import STANDINGS, Wanted, certificates
from app.deps import (
    ExpectedVersion,
    OnceDep,
    PageArgs,
    Reading,
    Writing,
    etag,
)
from app.errors import (
    Conflict,
    Malformed,
    NotFound,
    Refused,
    StaleVersion,
    VersionRequired,
    refuse,
)
from app.kit.messages import say
from app.models.catalogue import StandardKind
from app.registry.organisation_queries import organisation_by_uid

router = APIRouter(prefix="/certificates", tags=["certificates"])


@router.get("", responses=may_fail(Malformed, Refused))
def list_certificates(
    call: Reading,
    page: PageArgs,
    q: Annotated[Name, Query(description="Words of the number or of the holder's name.")] = "",
    standing: Annotated[
        str,
        Query(description="A standing of today; `ending` (soonest first) or `unconfirmed`."),
    ] = "",
    kind: Annotated[StandardKind | None, Query(description="A kind of standard.")] = None,
) -> PageOut[CertificateLineOut]:
    """Certificates, newest first. A certification body sees those it gave, whoever holds them."""
    if standing not in {"", "ending", "unconfirmed", *STANDINGS}:
        raise refuse("standing", say("This is not one of the choices."))
    found = certificates(
        call.session,
        sight=sight_of(call, unclaimed=bool(q)),
        wanted=Wanted(q, standing, kind),
        today=call.today,
        after=page.after,
        limit=page.limit,
    )
    steps = queries.steps_of(call.session, [line.certificate.pk for line in found.items])
    return page_out(
        found,
        lambda line: CertificateLineOut(
            **line_shape(line, line.standing_on(call.today, steps[line.certificate.pk]))
        ),
    )


@router.post(
    "",
    status_code=201,
    response_model=CertificateOut,
    responses=may_fail(Malformed, NotFound, Conflict, Refused),
)
def record_certificate(body: NewCertificateIn, call: Writing, once: OnceDep) -> Response:
    """Write a certificate down. Who records it decides its `confirmation`."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        certificate = commands.record_certificate(
            call.session,
            holder=organisation_by_uid(
                call.session, body.holder or call.caller.organisation_uid, within=call.within
            ),
            details=body.details(),
            caller=call.caller,
            now=call.now,
        )
        line = queries.line_of(call.session, certificate)
        address = f"/api/v1/certificates/{certificate.uid}"
        return whole(call, line), {"Location": address, "ETag": etag(certificate.version)}

    return once(effect)


@router.get("/{certificate}", responses=may_fail(NotFound))
def read_certificate(certificate: UUID, call: Reading, response: Response) -> CertificateOut:
    """One certificate."""
    sight = sight_of(call, unclaimed=True)
    line = queries.certificate_line(call.session, certificate, sight=sight)
    response.headers["ETag"] = etag(line.certificate.version)
    return whole(call, line)


@router.put(
    "/{certificate}",
    responses=may_fail(NotFound, Conflict, Refused, StaleVersion, VersionRequired),
)
def amend_certificate(
    certificate: UUID,
    body: CertificateIn,
    call: Writing,
    expected: ExpectedVersion,
    response: Response,
) -> CertificateOut:
    """Correct what was declared, while nobody vouched for it."""
    line = of_version(call, certificate, expected)
    amend(
        call.session,
        certificate=line.certificate,
        details=body.details(),
        caller=call.caller,
        now=call.now,
    )
    response.headers["ETag"] = etag(line.certificate.version)
    return whole(call, queries.line_of(call.session, line.certificate))
