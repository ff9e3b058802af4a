"""The page of one numbered label: its lot's ready-made page, with what is known of the label put in.

It is made at each scan and kept by nobody: it says how often the label was looked up.
"""

import gzip
import re
from datetime import datetime
from html import escape
from http import HTTPStatus

import brotli
from fastapi.responses import Response
from sqlmodel import Session
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from app.db import open_read_session
from app.deps import language_of
from app.identifying import identify, session_cookie
from app.kit.clock import day_of
from app.kit.messages import Message, say
from app.labels.run_files import keys_in
from app.labels.serial_queries import SerialState
from app.labels.serials import bare_serial
from app.models.lots import HarvestLot, LotState
from app.models.registry import Organisation
from app.scans.label_queries import LabelKnown, known_of, read_label
from app.scans.tally import Count
from app.scans.words import CAUSES, SIGNS
from app.web.kept_answer import KeptAnswer
from app.web.page_answer import Asked
from app.web.public import lot_answer
from app.web.rendering import render
from app.web.sellers import seller_of, shop_cookie
from app.web.visits import counter_of, device_of, limits_now

MARKER = b"<!--label-->"
# Ahead of how the lot stands, where that would reassure: the page says of the lot that nothing is wrong.
FIRST = b"<!--label first-->"
CACHE = "private, no-store"
CALM = frozenset({LotState.OPEN, LotState.SEALED, LotState.CLOSED})
VARY = "Accept-Language, Cookie, Accept-Encoding"
CARE = say("Look twice at this label")
HEADS = {
    SerialState.VOIDED: say("Void label"),
    SerialState.NEVER_PRINTED: say("A number never given out"),
    SerialState.WAITING: say("A label that is not on goods yet"),
    SerialState.INVENTED: say("This number was not made here"),
}
_TITLES = re.compile(rb'<title>|<meta property="og:title" content="')
_SHARED = re.compile(rb'<meta property="og:image[^>]*>\n?')
# A shopper on a bad network pays for every byte: within 3 kB, for 0.1 ms that the page takes longer.
_BROTLI_QUALITY = 5
_GZIP_LEVEL = 6
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
        limits = limits_now(request, session)
        waiting = counter.waiting(code, read.serial) if counter else Count()
        known = known_of(session, read, waiting, limits, now=now)
        strip = _strip(request, session, known, typed, now)
        leads = known.worrying and read.lot.state in CALM
    if counter is not None and getattr(request.state, "visit", False):
        counter.count_label(code, read.serial, device_of(request, counter), known.signs)
    place = FIRST if leads else MARKER
    body = gzip.decompress(found.kept.page.gzip).replace(place, strip.encode(), 1)
    if leads:
        body = _warning(body, language_of(request).say(head_of(known) or CARE))
    return _answered(request, found, body, read.exists)


def head_of(known: LabelKnown) -> Message | None:
    """What stands above all that is said of a label; None for one as it should be."""
    if not known.read.checkable:
        return say("This number cannot be checked now")
    return HEADS.get(known.read.standing.state, CARE if known.worrying else None)


def _warning(page: bytes, words: str) -> bytes:
    """The page with a title that warns too, and without the picture that says how the lot stands."""
    said = f"{escape(words)}: ".encode()
    return _TITLES.sub(lambda begun: begun[0] + said, _SHARED.sub(b"", page))


def _strip(request: Request, session: Session, known: LabelKnown, typed: str, now: datetime) -> str:
    lot = known.read.lot
    return render(
        language_of(request).tag,
        "public/_label.html",
        known=known,
        head=head_of(known),
        lot=lot,
        standing=known.read.standing,
        typed=typed[:_LONGEST_SHOWN],
        here=f"/t/{lot.code}/{bare_serial(typed)}",
        selling=known.may_sell and _sells(request, session, lot, now),
        today=day_of(now),
        care=known.worrying or lot.state not in CALM,
        phone=_home(session, lot).public_phone if known.worrying else "",
        signs=SIGNS,
        causes=CAUSES,
    )


def _sells(request: Request, session: Session, lot: HarvestLot, now: datetime) -> bool:
    """Whether it is a shop or the cooperative that looks; shoppers carry no cookie that is asked for."""
    state, carried = request.app.state, request.cookies
    signed_in = session_cookie(state.settings.secure_cookies) in carried
    if not signed_in and shop_cookie(state.settings) not in carried:
        return False
    caller = identify(request, state.engine, state.settings, now) if signed_in else None
    return seller_of(request, session, caller, _home(session, lot), now=now) is not None


def _home(session: Session, lot: HarvestLot) -> Organisation:
    return session.get_one(Organisation, lot.organisation_id)


def _answered(request: Request, lot: KeptAnswer, body: bytes, there: bool) -> Response:
    """404 for a number that was never given out, with the page of its lot all the same."""
    page = lot.kept.page
    asked = Asked.of({**request.scope, "query_string": b""})
    encoding = asked.encodings[0] if asked else "identity"
    headers = {"Cache-Control": CACHE, "Vary": VARY}
    headers["Content-Language"] = language_of(request).html_tag
    if encoding == "br":
        body = brotli.compress(body, quality=_BROTLI_QUALITY)
    elif encoding == "gzip":
        body = gzip.compress(body, _GZIP_LEVEL, mtime=0)
    if encoding != "identity":
        headers["Content-Encoding"] = encoding
    status = page.status if there or page.status != HTTPStatus.OK else HTTPStatus.NOT_FOUND
    return Response(body, status, headers, media_type="text/html", background=lot.background)
