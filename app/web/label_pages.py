"""The page of one numbered label: its lot's ready-made page, with what is known of the label put in.

It is made at each scan and kept by nobody: it says how often the label was looked up.
"""

import gzip
from datetime import date

import brotli
from fastapi.responses import Response
from sqlmodel import Session
from starlette.background import BackgroundTask
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from app.db import open_read_session
from app.deps import language_of
from app.errors import TooMany
from app.kit.clock import day_of
from app.kit.i18n import Language
from app.kit.messages import say
from app.labels.run_files import keys_in
from app.models.registry import Organisation
from app.models.scans import NOT_MADE_HERE
from app.scans.label_queries import LabelKnown, known_of, read_label
from app.scans.limit_queries import limits_on
from app.scans.rules import Level, Limits
from app.scans.tally import Count
from app.scans.words import CAUSES, SIGNS
from app.web.kept_answer import KeptAnswer
from app.web.page_answer import Asked, Kept
from app.web.public import lot_answer
from app.web.rendering import render
from app.web.visits import address_of, counter_of, device_of, pace_of

MARKER = b"<!--label-->"
CACHE = "private, no-store"
VARY = "Accept-Language, Cookie, Accept-Encoding"
_BROTLI_QUALITY = 1
_GZIP_LEVEL = 1
_LONGEST_SHOWN = 40


def label_routes() -> list[BaseRoute]:
    """The pages of numbered labels, in either case of their path, ahead of all other routing."""
    return [
        Route(
            f"/{letter}/{{code}}/{{serial:serial}}", label_page, name="label_page", methods=["GET"]
        )
        for letter in ("t", "T")
    ]


class _SerialConvertor(StringConvertor):
    """What may stand behind a lot's code as a serial: anything but other pages of the lot."""

    regex = "(?!report$)[^/]+"


register_url_convertor("serial", _SerialConvertor())


def label_page(request: Request) -> Response:
    """What a number is worth and what is known of its label, on the page of its lot."""
    found = lot_answer(request)
    if not isinstance(found, KeptAnswer):
        return found
    state, typed = request.app.state, request.path_params["serial"]
    counter, code, now = counter_of(state), found.kept.page.code, state.clock()
    with open_read_session(state.engine) as session:
        read = read_label(session, code, typed, keys_in(state.settings.data_dir))
        limits = limits_on(session, day_of(now))
        if read.serial == NOT_MADE_HERE and read.checkable:
            _pace(request, limits)
        waiting = counter.waiting(code, read.serial) if counter else Count()
        known = known_of(session, read, waiting, limits, now=now)
        strip = _strip(session, known, typed, language_of(request), day_of(now))
    if counter is not None and getattr(request.state, "visit", False):
        counter.count_label(code, read.serial, device_of(request, counter), known.signs)
    return _answered(request, found.kept, strip, found.background)


def _strip(session: Session, known: LabelKnown, typed: str, reader: Language, today: date) -> str:
    worried = known.level is Level.UNUSUAL or known.read.number is None
    organisation = session.get_one(Organisation, known.read.lot.organisation_id)
    return render(
        reader.tag,
        "public/_label.html",
        known=known,
        lot=known.read.lot,
        standing=known.read.standing,
        typed=typed[:_LONGEST_SHOWN],
        today=today,
        phone=organisation.public_phone if worried else "",
        signs=SIGNS,
        causes=CAUSES,
    )


def _answered(
    request: Request, kept: Kept, strip: str, afterwards: BackgroundTask | None
) -> Response:
    asked = Asked.of({**request.scope, "query_string": b""})
    encoding = asked.encoding if asked else "identity"
    body = gzip.decompress(kept.page.gzip).replace(MARKER, strip.encode(), 1)
    headers = {"Cache-Control": CACHE, "Vary": VARY}
    headers["Content-Language"] = language_of(request).html_tag
    if encoding == "br":
        body = brotli.compress(body, quality=_BROTLI_QUALITY)
    elif encoding == "gzip":
        body = gzip.compress(body, _GZIP_LEVEL, mtime=0)
    if encoding != "identity":
        headers["Content-Encoding"] = encoding
    status = kept.page.status
    return Response(body, status, headers, media_type="text/html", background=afterwards)


def _pace(request: Request, limits: Limits) -> None:
    """Whoever tries number after number is asked to wait."""
    state = request.app.state
    wait = pace_of(state).claim(
        address_of(request.scope),
        limit=limits.address_per_minute,
        instant=state.clock().timestamp(),
    )
    if wait:
        why = say("Too many numbers in a minute. Wait {seconds} seconds.", seconds=wait)
        raise TooMany(why, retry_after=wait)
