"""What befalls a certificate, on the wire: states, extensions, scope, words for it and against it."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from app.api.certificates.shapes import (
    MOST_AREAS,
    MOST_CROPS,
    MOST_MEMBERS,
    CertificateOut,
    StatusChangeIn,
)
from app.api.certificates.telling import of_version, whole
from app.api.problems import may_fail
from app.api.shapes import Code, In, Words
from app.certificates import commands, queries
from app.certificates.confirming_commands import confirm_certificate as confirm
from app.certificates.confirming_commands import dispute_certificate as dispute
from app.certificates.extending_commands import extend_certificate as extend
from app.certificates.scope import Named
from app.certificates.scope_commands import ScopeChange, change_scope
from app.deps import Call, ExpectedVersion, Writing, etag
from app.errors import Conflict, Forbidden, NotFound, Refused, StaleVersion, VersionRequired
from app.models.certificates import CertificateStatus

router = APIRouter(prefix="/certificates", tags=["certificates"])

CHANGE = may_fail(NotFound, Refused, StaleVersion, VersionRequired)
WORD = may_fail(NotFound, Conflict, Forbidden, Refused, StaleVersion, VersionRequired)


class ExtensionIn(In):
    """The new last day, and why."""

    valid_to: date = Field(examples=["2028-01-11"])
    reason: Words = Field(examples=["Gia hạn chờ đánh giá lại."])


class WordsIn(In):
    """What was seen, or what is wrong."""

    words: Words = Field(default="", examples=["Đã xem bản gốc tại trụ sở hợp tác xã."])


class NamedIn(In):
    """Crops by slug, areas and growers by id."""

    crops: list[Code] = Field(default=[], max_length=MOST_CROPS)
    areas: list[UUID] = Field(default=[], max_length=MOST_AREAS)
    members: list[UUID] = Field(default=[], max_length=MOST_MEMBERS)

    def named(self) -> Named:
        """The same, as the command takes it."""
        return Named(tuple(self.crops), tuple(self.areas), tuple(self.members))


class ScopeChangeIn(In):
    """What joins the scope on a day, and what is no longer in it from that day on."""

    effective_on: date = Field(examples=["2026-05-10"])
    reason: Words = Field(examples=["Đánh giá giám sát ngày 05/05/2026."])
    joins: NamedIn = NamedIn()
    leaves: NamedIn = NamedIn()


@router.post("/{certificate}/suspend", responses=CHANGE)
def suspend_certificate(
    certificate: UUID,
    body: StatusChangeIn,
    call: Writing,
    expected: ExpectedVersion,
    response: Response,
) -> CertificateOut:
    """Suspend a certificate from a day on: later harvests cannot claim it."""
    change = commands.Change(CertificateStatus.SUSPENDED, body.effective_on, body.reason)
    return _changed(call, of_version(call, certificate, expected), change, response)


@router.post("/{certificate}/restore", responses=CHANGE)
def restore_certificate(
    certificate: UUID,
    body: StatusChangeIn,
    call: Writing,
    expected: ExpectedVersion,
    response: Response,
) -> CertificateOut:
    """Restore a suspended certificate from a day on."""
    change = commands.Change(CertificateStatus.ACTIVE, body.effective_on, body.reason)
    return _changed(call, of_version(call, certificate, expected), change, response)


@router.post("/{certificate}/withdraw", responses=CHANGE)
def withdraw_certificate(
    certificate: UUID,
    body: StatusChangeIn,
    call: Writing,
    expected: ExpectedVersion,
    response: Response,
) -> CertificateOut:
    """Withdraw a certificate for good from a day on."""
    change = commands.Change(CertificateStatus.WITHDRAWN, body.effective_on, body.reason)
    return _changed(call, of_version(call, certificate, expected), change, response)


def _changed(
    call: Call, line: queries.CertificateLine, change: commands.Change, response: Response
) -> CertificateOut:
    commands.change_status(
        call.session, certificate=line.certificate, change=change, by=call.actor, now=call.now
    )
    response.headers["ETag"] = etag(line.certificate.version)
    return whole(call, line)


@router.post("/{certificate}/extend", responses=CHANGE)
def extend_certificate(
    certificate: UUID,
    body: ExtensionIn,
    call: Writing,
    expected: ExpectedVersion,
    response: Response,
) -> CertificateOut:
    """Let a certificate run to a later last day."""
    line = of_version(call, certificate, expected)
    extend(
        call.session,
        certificate=line.certificate,
        valid_to=body.valid_to,
        reason=body.reason,
        caller=call.caller,
        now=call.now,
    )
    return _answer(call, line, response)


@router.post("/{certificate}/scope", responses=CHANGE)
def change_certificate_scope(
    certificate: UUID,
    body: ScopeChangeIn,
    call: Writing,
    expected: ExpectedVersion,
    response: Response,
) -> CertificateOut:
    """Let crops, areas and members join or leave from a day on."""
    line = of_version(call, certificate, expected)
    change = ScopeChange(body.effective_on, body.reason, body.joins.named(), body.leaves.named())
    change_scope(
        call.session,
        certificate=line.certificate,
        change=change,
        caller=call.caller,
        now=call.now,
    )
    return _answer(call, line, response)


@router.post("/{certificate}/confirm", responses=WORD)
def confirm_certificate(
    certificate: UUID,
    body: WordsIn,
    call: Writing,
    expected: ExpectedVersion,
    response: Response,
) -> CertificateOut:
    """Vouch for a certificate: as its body, or as an inspector with words or a paper."""
    line = of_version(call, certificate, expected, unclaimed=True)
    confirm(
        call.session,
        certificate=line.certificate,
        words=body.words,
        caller=call.caller,
        now=call.now,
    )
    return _answer(call, line, response)


@router.post("/{certificate}/dispute", responses=WORD)
def dispute_certificate(
    certificate: UUID,
    body: WordsIn,
    call: Writing,
    expected: ExpectedVersion,
    response: Response,
) -> CertificateOut:
    """Say that a certificate does not stand as it is recorded."""
    line = of_version(call, certificate, expected)
    dispute(
        call.session,
        certificate=line.certificate,
        words=body.words,
        caller=call.caller,
        now=call.now,
    )
    return _answer(call, line, response)


def _answer(call: Call, line: queries.CertificateLine, response: Response) -> CertificateOut:
    call.session.flush()  # the version, for the ETag
    response.headers["ETag"] = etag(line.certificate.version)
    return whole(call, line)
