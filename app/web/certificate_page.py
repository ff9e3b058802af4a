"""One certificate as a page: what it says, who vouches for it, what befell it, what one may do."""

from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from app.certificates.amending_commands import is_amendable
from app.certificates.checks import warnings_about
from app.certificates.history_queries import (
    extensions_of,
    find_predecessor,
    find_successor,
    words_about,
)
from app.certificates.paper_queries import papers_of
from app.certificates.queries import CertificateLine, Sight, certificate_line, scope_of
from app.deps import Call
from app.models.accounts import Role
from app.models.certificates import CertificateStatus
from app.web.pages import show

CHANGING = frozenset({Role.CERTIFIER, Role.INSPECTOR, Role.PROVINCE_ADMIN})
VOUCHING = frozenset({Role.CERTIFIER, Role.INSPECTOR})
_OVER = frozenset({CertificateStatus.WITHDRAWN, CertificateStatus.REPLACED})


def one_page(request: Request, call: Call, uid: UUID, **again: Any) -> Response:
    """The page of one certificate; `again`: what was typed, why it was refused, which form."""
    line = certificate_line(call.session, uid, sight=_sight(call))
    held = line.certificate
    scope = scope_of(call.session, held)
    return show(
        request,
        call,
        "work/certificate.html",
        status=422 if again.get("refusal") else 200,
        line=line,
        scope=scope,
        standing=line.standing_on(call.today, scope.steps),
        may=_may(call, line),
        warnings=[found.why for found in warnings_about(call.session, held)],
        extensions=extensions_of(call.session, held),
        words=words_about(call.session, held),
        papers=papers_of(call.session, held) if _reads_papers(call, line) else [],
        former=find_predecessor(call.session, held),
        successor=find_successor(call.session, held),
        **{"tried": "", **again},
    )


def _sight(call: Call) -> Sight:
    return Sight.of(call.caller, call.within, unclaimed=True)


def _may(call: Call, line: CertificateLine) -> dict[str, bool]:
    """Which forms somebody is shown; each is decided again when it is sent."""
    role, held = call.caller.role, line.certificate
    own = role is not Role.CERTIFIER or held.body_id == call.caller.organisation_id
    open_to_change = role in CHANGING and own and held.status not in _OVER
    return {
        "change": role in CHANGING and own and held.status is not CertificateStatus.WITHDRAWN,
        "extend": open_to_change,
        "scope": open_to_change and role in VOUCHING,
        "confirm": role in VOUCHING,
        "dispute": role in CHANGING and own,
        "amend": role is Role.COOP_ADMIN and is_amendable(call.session, held),
        "papers": _reads_papers(call, line),
        "add": role in {Role.COOP_ADMIN, *CHANGING} and own,
    }


def _reads_papers(call: Call, line: CertificateLine) -> bool:
    if call.caller.role is Role.CERTIFIER:
        return line.certificate.body_id == call.caller.organisation_id
    return call.caller.role is not Role.GROWER
