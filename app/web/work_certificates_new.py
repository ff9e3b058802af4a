"""Recording a certificate, and correcting one that only its holder declared."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.certificates import commands
from app.certificates.amending_commands import amend_certificate, is_amendable
from app.certificates.drafting import CertificateDetails
from app.certificates.holder_queries import holder_by_uid, holders
from app.certificates.paper_commands import add_paper
from app.certificates.queries import CertificateLine, Sight, certificate_line, scope_of
from app.deps import Call, PageArgs, Reading, Writing, require_version
from app.errors import Refused
from app.kit.messages import say
from app.models.accounts import Role
from app.models.registry import Organisation
from app.registry.organisation_queries import organisation_by_id
from app.registry.papers import Paper, cleaned
from app.web.certificate_forms import as_chosen, as_typed, details_of, offered
from app.web.pages import Refusal, SentFile, TypedForm, go_to, show, submitted_once, tried

router = APIRouter(prefix="/work/certificates", include_in_schema=False)


@router.get("/new")
def new_certificate_page(
    request: Request, call: Reading, page: PageArgs, holder: UUID | None = None, q: str = ""
) -> Response:
    """The form; officials find the holder first."""
    held_by = _holder(call, holder)
    if held_by is None:
        found = holders(call.session, within=call.within, q=q[:80], after=page.after, limit=20)
        return show(request, call, "work/certificate_holder.html", holders=found, q=q[:80])
    return _form(request, call, held_by, {})


@router.post("/new")
def record_certificate_form(
    request: Request,
    call: Writing,
    typed: TypedForm,
    file: SentFile,
    holder: UUID | None = None,
) -> Response:
    """Record, or say beside each field what cannot be."""
    held_by = _holder(call, holder)
    if held_by is None:
        raise Refused(say("Choose who holds the certificate."))

    def effect() -> str:
        paper = cleaned(file[0], filename=file[1]) if file else None
        details = _with_evidence(call, details_of(call, typed, held_by), paper)
        certificate = commands.record_certificate(
            call.session, holder=held_by, details=details, caller=call.caller, now=call.now
        )
        if paper is not None:
            add_paper(
                call.session,
                certificate=certificate,
                paper=paper,
                caller=call.caller,
                now=call.now,
            )
        return f"/work/certificates/{certificate.uid}?done=saved"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        again = _holder(call, held_by.uid) or held_by
        return _form(request, call, again, typed.fields, chosen=typed.several, refusal=answer)
    return answer


@router.get("/{uid}/edit")
def edit_certificate_page(request: Request, call: Reading, uid: UUID) -> Response:
    """The form of a recorded certificate, filled in."""
    line = _line(call, uid)
    if not is_amendable(call.session, line.certificate):
        return go_to(f"/work/certificates/{uid}")
    return _edit(request, call, line)


@router.post("/{uid}/edit")
def amend_certificate_form(
    request: Request, call: Writing, uid: UUID, typed: TypedForm
) -> Response:
    """Correct, or say beside each field what cannot be."""

    def effect() -> None:
        line = _line(call, uid)
        require_version(line.certificate.version, typed.whole("version", default=0))
        amend_certificate(
            call.session,
            certificate=line.certificate,
            details=details_of(call, typed, line.holder),
            caller=call.caller,
            now=call.now,
        )

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        line = _line(call, uid)
        return _edit(request, call, line, typed=typed.fields, chosen=typed.several, refusal=outcome)
    return go_to(f"/work/certificates/{uid}?done=amended")


def _with_evidence(
    call: Call, details: CertificateDetails, paper: Paper | None
) -> CertificateDetails:
    """An inspector who sends the paper has shown what was seen."""
    if call.caller.role is Role.INSPECTOR and paper is not None and not details.evidence:
        return replace(details, evidence=paper.filename)
    return details


def _line(call: Call, uid: UUID) -> CertificateLine:
    return certificate_line(call.session, uid, sight=Sight.of(call.caller, call.within))


def _holder(call: Call, uid: UUID | None) -> Organisation | None:
    if call.caller.role is Role.COOP_ADMIN:
        return organisation_by_id(call.session, call.caller.organisation_id)
    return holder_by_uid(call.session, uid, within=call.within) if uid else None


def _form(
    request: Request,
    call: Call,
    holder: Organisation,
    typed: dict[str, str],
    *,
    chosen: dict[str, list[str]] | None = None,
    refusal: Refusal | None = None,
) -> Response:
    return show(
        request,
        call,
        "work/certificate_new.html",
        status=422 if refusal else 200,
        typed=typed,
        refusal=refusal,
        holder=holder,
        chosen=chosen or {},
        amended=None,
        **offered(call, holder),
    )


def _edit(request: Request, call: Call, line: CertificateLine, **again: Any) -> Response:
    certificate = line.certificate
    body = (
        call.session.get(Organisation, certificate.body_id)
        if certificate.body_id is not None
        else None
    )
    as_is = {
        "typed": as_typed(certificate, line.standard, body),
        "chosen": as_chosen(scope_of(call.session, certificate)),
        "refusal": None,
    }
    return show(
        request,
        call,
        "work/certificate_new.html",
        status=422 if again.get("refusal") else 200,
        holder=line.holder,
        amended=certificate,
        **offered(call, line.holder),
        **(as_is | again),
    )
