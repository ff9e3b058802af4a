"""Certificates: the list with what ends next, one certificate, and its state."""

from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.certificates import commands, queries
from app.certificates.listing_queries import (
    ENDING,
    SOON_DAYS,
    STANDINGS,
    UNCONFIRMED,
    Wanted,
    certificates,
    running_out,
)
from app.certificates.queries import CertificateLine, Sight
from app.deps import Call, PageArgs, Reading, Writing, require_version
from app.errors import Refused
from app.kit.messages import say
from app.models.catalogue import StandardKind
from app.models.certificates import CertificateStatus
from app.web.certificate_page import one_page
from app.web.pages import Refusal, TypedForm, go_to, show, tried

router = APIRouter(prefix="/work/certificates", include_in_schema=False)

SHOWN_NEXT = 5


@router.get("")
def certificates_page(
    request: Request,
    call: Reading,
    page: PageArgs,
    q: str = "",
    standing: str = "",
    kind: str = "",
) -> Response:
    """Certificates in sight, narrowed down, what ends next above them."""
    wanted = _wanted(q, standing, kind)
    # A certifier who searches finds what names no registered body too, to recognise its own.
    sight = Sight.of(call.caller, call.within, unclaimed=bool(wanted.q))
    found = certificates(
        call.session, sight=sight, wanted=wanted, today=call.today, after=page.after, limit=20
    )
    narrowed = {"q": wanted.q, "standing": wanted.standing, "kind": kind if wanted.kind else ""}
    query = urlencode({name: value for name, value in narrowed.items() if value})
    return show(
        request,
        call,
        "work/certificates.html",
        certificates=found,
        standings=_standings(call, list(found.items)),
        ending=[] if query or page.after else _ending(call),
        typed=narrowed,
        query=query,
        states=[ENDING, UNCONFIRMED, *STANDINGS],
        kinds=list(StandardKind),
    )


@router.get("/{uid}")
def certificate_page(request: Request, call: Reading, uid: UUID) -> Response:
    """One certificate."""
    return one_page(request, call, uid)


@router.post("/{uid}/status")
def certificate_status_form(
    request: Request, call: Writing, uid: UUID, typed: TypedForm
) -> Response:
    """Suspend, restore or withdraw."""

    def effect() -> str:
        sight = Sight.of(call.caller, call.within)
        line = queries.certificate_line(call.session, uid, sight=sight)
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
        return one_page(request, call, uid, typed=typed.fields, refusal=outcome, tried="status")
    return go_to(f"/work/certificates/{uid}?done={outcome}")


def _wanted(q: str, standing: str, kind: str) -> Wanted:
    known = standing if standing in {ENDING, UNCONFIRMED, *STANDINGS} else ""
    return Wanted(q[:80], known, StandardKind(kind) if kind in set(StandardKind) else None)


def _standings(call: Call, lines: list[CertificateLine]) -> dict[int, str]:
    steps = queries.steps_of(call.session, [line.certificate.pk for line in lines])
    return {
        line.certificate.pk: line.standing_on(call.today, steps[line.certificate.pk])
        for line in lines
    }


def _ending(call: Call) -> list[tuple[CertificateLine, int]]:
    """The certificates that end next, and in how many days."""
    found = running_out(
        call.session,
        sight=Sight.of(call.caller, call.within),
        today=call.today,
        until=call.today + timedelta(days=SOON_DAYS),
        limit=SHOWN_NEXT,
    )
    return [(line, (line.certificate.valid_to - call.today).days) for line in found]
