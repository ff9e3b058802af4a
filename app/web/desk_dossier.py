"""One organisation on one light page for whoever inspects it, the same as a signed file, and what looks odd."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Config, Reading
from app.inspection.dossier_queries import dossier_of
from app.inspection.oddity_queries import WORDS, oddities
from app.inspection.pack_records import records_of
from app.inspection.packs import pack_of
from app.kit.clock import local
from app.kit.text import fold
from app.lots.archive_signing import signing_key
from app.registry.organisation_queries import organisation_by_uid
from app.web.pages import show
from app.web.rendering import render

router = APIRouter(prefix="/desk", include_in_schema=False)


@router.get("/inspect/{organisation}")
def inspected_page(request: Request, call: Reading, organisation: UUID) -> Response:
    """The page: at most 60 kB, so that it opens where the network is thin."""
    home = organisation_by_uid(call.session, organisation, within=call.within)
    call.saw(home.pk, "dossier", home.uid)
    dossier = dossier_of(call.session, home, today=call.today)
    return show(request, call, "desk/dossier.html", home=home, dossier=dossier, oddity_words=WORDS)


@router.get("/inspect/{organisation}/pack")
def inspected_pack(call: Reading, organisation: UUID, config: Config) -> Response:
    """The same to take along: a page to read, the records, and a signature over both."""
    home = organisation_by_uid(call.session, organisation, within=call.within)
    call.saw(home.pk, "dossier_pack", home.uid)
    dossier = dossier_of(call.session, home, today=call.today)
    page = render(
        call.language.tag,
        "desk/dossier_kept.html",
        home=home,
        dossier=dossier,
        oddity_words=WORDS,
        today=call.today,
        made_at=call.now,
        caller=call.known,
    )
    head = {
        "organisation": home.uid,
        "name": home.name,
        "made_at": call.now.isoformat(),
        "made_by": call.caller.account_uid,
    }
    key = signing_key(config.archive_key_file)
    content = pack_of(key, head=head, records=records_of(dossier), page=page)
    stem = fold(home.name).replace(" ", "-")[:40]
    name = f"kiem-tra-{stem}-{local(call.now):%Y-%m-%d}.zip"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type="application/zip", headers=headers)


@router.get("/anomalies")
def anomalies_page(request: Request, call: Reading, organisation: UUID | None = None) -> Response:
    """What looks odd everywhere, or at one organisation, the gravest first."""
    home = (
        organisation_by_uid(call.session, organisation, within=call.within)
        if organisation
        else None
    )
    found = oddities(call.session, today=call.today, organisation=home)
    return show(request, call, "desk/anomalies.html", found=found, home=home, oddity_words=WORDS)
