"""Certificates: the list, one, recording, and what befalls them."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.reach import Reach
from app.catalogue.queries import all_standards, list_crops
from app.certificates import commands, queries
from app.certificates.checks import warnings_about
from app.certificates.queries import CertificateLine, Sight
from app.deps import Call, PageArgs, Reading, Writing, require_version
from app.errors import Refused
from app.kit.messages import say
from app.models.accounts import Role
from app.models.certificates import CertificateStatus
from app.models.registry import Organisation, OrganisationKind
from app.registry.area_queries import areas
from app.registry.grower_queries import growers
from app.registry.organisation_queries import (
    organisation_by_id,
    organisation_by_uid,
    organisations,
)
from app.web.forms import Typed
from app.web.pages import Refusal, TypedForm, go_to, show, submitted_once, tried

router = APIRouter(prefix="/work/certificates", include_in_schema=False)

MOST_CHOICES = 200
HOLDERS = frozenset(
    {OrganisationKind.COOPERATIVE, OrganisationKind.GROUP, OrganisationKind.ENTERPRISE}
)
MAY_CHANGE = frozenset({Role.CERTIFIER, Role.INSPECTOR, Role.PROVINCE_ADMIN})


@router.get("")
def certificates_page(request: Request, call: Reading, page: PageArgs, q: str = "") -> Response:
    """Certificates in sight."""
    found = queries.certificates(
        call.session, sight=_sight(call), q=q[:80], after=page.after, limit=20
    )
    steps = queries.steps_of(call.session, [line.certificate.pk for line in found.items])
    standings = {
        line.certificate.pk: line.standing_on(call.today, steps[line.certificate.pk])
        for line in found.items
    }
    return show(
        request,
        call,
        "work/certificates.html",
        certificates=found,
        standings=standings,
        q=q[:80],
    )


@router.get("/new")
def new_certificate_page(request: Request, call: Reading, holder: UUID | None = None) -> Response:
    """The form; officials choose the holder first."""
    return _form(request, call, _holder(call, holder), {})


@router.post("/new")
def record_certificate_form(
    request: Request, call: Writing, typed: TypedForm, holder: UUID | None = None
) -> Response:
    """Record, or say beside each field what cannot be."""
    held_by = _holder(call, holder)
    if held_by is None:
        raise Refused(say("Choose who holds the certificate."))

    def effect() -> str:
        certificate = commands.record_certificate(
            call.session,
            holder=held_by,
            details=_details(typed),
            caller=call.caller,
            now=call.now,
        )
        return f"/work/certificates/{certificate.uid}?done=saved"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        return _form(request, call, held_by, typed.fields, chosen=typed.several, refusal=answer)
    return answer


@router.get("/{uid}")
def certificate_page(request: Request, call: Reading, uid: UUID) -> Response:
    """One certificate."""
    line = queries.certificate_line(call.session, uid, sight=_sight(call))
    return _one(request, call, line)


@router.post("/{uid}/status")
def certificate_status_form(
    request: Request, call: Writing, uid: UUID, typed: TypedForm
) -> Response:
    """Suspend, restore or withdraw."""

    def effect() -> str:
        line = queries.certificate_line(call.session, uid, sight=_sight(call))
        require_version(line.certificate.version, typed.whole("version", default=0))
        day = typed.day("effective_on", required=True)
        status = typed.raw("status")
        typed.done()
        if status not in set(CertificateStatus):
            raise Refused(say("Choose one from the list."))
        change = commands.Change(CertificateStatus(status), day or call.today, typed.raw("reason"))
        commands.change_status(
            call.session, certificate=line.certificate, change=change, by=call.actor, now=call.now
        )
        return {"active": "restored", "suspended": "suspended"}.get(status, "saved")

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        line = queries.certificate_line(call.session, uid, sight=_sight(call))
        return _one(request, call, line, typed=typed.fields, refusal=outcome)
    return go_to(f"/work/certificates/{uid}?done={outcome}")


def _sight(call: Call) -> Sight:
    return Sight.of(call.caller, call.within)


def _one(request: Request, call: Call, line: CertificateLine, **again: Any) -> Response:
    scope = queries.scope_of(call.session, line.certificate)
    return show(
        request,
        call,
        "work/certificate.html",
        status=422 if again.get("refusal") else 200,
        line=line,
        scope=scope,
        standing=line.standing_on(call.today, scope.steps),
        may_change=call.caller.role in MAY_CHANGE,
        warnings=[found.why for found in warnings_about(call.session, line.certificate)],
        **again,
    )


def _holder(call: Call, uid: UUID | None) -> Organisation | None:
    if call.caller.role is Role.COOP_ADMIN:
        return organisation_by_id(call.session, call.caller.organisation_id)
    return organisation_by_uid(call.session, uid, within=Reach.all()) if uid else None


def _form(
    request: Request,
    call: Call,
    holder: Organisation | None,
    typed: dict[str, str],
    *,
    chosen: dict[str, list[str]] | None = None,
    refusal: Refusal | None = None,
) -> Response:
    mine = Reach.own(holder.pk) if holder else Reach(frozenset())
    # Certifiers choose among members by name only when they are named on a list they certify.
    named = (
        []
        if call.caller.role is Role.CERTIFIER
        else growers(call.session, within=mine, limit=MOST_CHOICES).items
    )
    return show(
        request,
        call,
        "work/certificate_new.html",
        status=422 if refusal else 200,
        typed=typed,
        refusal=refusal,
        holder=holder,
        holders=[] if holder else _holders(call),
        standards=[
            (found.code, f"{found.title_vi} – {found.edition}")
            for found in all_standards(call.session)
        ],
        crops=list_crops(call.session),
        areas=[line.area for line in areas(call.session, within=mine, limit=MOST_CHOICES).items],
        growers=[(line.grower.uid, line.grower.name) for line in named],
        chosen=chosen or {},
    )


def _holders(call: Call) -> list[tuple[str, str]]:
    found = organisations(call.session, within=Reach.all(), limit=MOST_CHOICES)
    return [(str(one.uid), one.name) for one in found.items if one.kind in HOLDERS]


def _details(typed: Typed) -> commands.CertificateDetails:
    standard = typed.text("standard", longest=40, required=True)
    number = typed.text("number", longest=80, required=True)
    issued_on = typed.day("issued_on", required=True)
    valid_from, valid_to = (
        typed.day("valid_from", required=True),
        typed.day("valid_to", required=True),
    )
    grade, body_name = typed.text("grade", longest=20), typed.text("body_name", longest=160)
    areas_chosen, members = typed.uids("areas"), typed.uids("members")
    typed.done()
    return commands.CertificateDetails(
        standard=standard,
        number=number,
        issued_on=issued_on or date.min,
        valid_from=valid_from or date.min,
        valid_to=valid_to or date.min,
        crops=tuple(typed.several.get("crops", [])),
        areas=tuple(areas_chosen),
        members=tuple(members),
        body_name=body_name,
        in_conversion=typed.ticked("in_conversion"),
        grade=grade,
    )
