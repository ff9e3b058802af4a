"""How a page is shown, a form answered and a refusal said beside its field."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar
from uuid import uuid4

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from starlette.datastructures import UploadFile

from app.accounts.remembering import attempt, find_answer, remember
from app.deps import Call
from app.errors import DomainError
from app.kit.messages import Message, say
from app.notices.queries import unread_count
from app.web.forms import Typed
from app.web.menu import menu_of
from app.web.rendering import render

T = TypeVar("T")

MOST_PHOTOS = 4


@dataclass(frozen=True)
class Refusal:
    """Why a form was not accepted: one sentence, and one a field."""

    why: Message
    fields: dict[str, Message] = field(default_factory=dict)


async def _typed(request: Request) -> Typed:
    form = await request.form()
    texts = {name: value for name, value in form.items() if isinstance(value, str)}
    several = {
        name: [value for value in form.getlist(name) if isinstance(value, str)] for name in form
    }
    return Typed(texts, several)


async def _uploaded(request: Request) -> bytes | None:
    async with request.form() as form:
        file = form.get("photo")
        return await file.read() if isinstance(file, UploadFile) else None


async def _sent(request: Request) -> tuple[bytes, str] | None:
    return (await _sent_files(request)).get("file")


async def _sent_files(request: Request) -> dict[str, tuple[bytes, str]]:
    # A form is closed with all that is in it: its files are read together.
    async with request.form() as form:
        return {
            name: (await file.read(), file.filename)
            for name, file in form.items()
            if isinstance(file, UploadFile) and file.filename
        }


async def _photos(request: Request) -> list[bytes]:
    async with request.form() as form:
        files = [one for one in form.getlist("photos") if isinstance(one, UploadFile)]
        return [await one.read() for one in files[:MOST_PHOTOS] if one.filename]


SentPhotos = Annotated[list[bytes], Depends(_photos)]
SentFile = Annotated[tuple[bytes, str] | None, Depends(_sent)]
SentFiles = Annotated[dict[str, tuple[bytes, str]], Depends(_sent_files)]
TypedForm = Annotated[Typed, Depends(_typed)]
Uploaded = Annotated[bytes | None, Depends(_uploaded)]


def show(
    request: Request, call: Call, template: str, *, status: int = 200, **context: Any
) -> HTMLResponse:
    """A page in the reader's language, with who is reading."""
    html = render(
        call.language.tag,
        template,
        caller=call.known,
        unread=unread_count(call.session, call.known.organisation_id) if call.known else 0,
        path=request.url.path,
        menu=menu_of(request.app, call.known, request.url.path) if call.known else None,
        today=call.today,
        once=str(uuid4()),
        **{"typed": {}, "refusal": None, "done": request.query_params.get("done"), **context},
    )
    headers = {"Content-Language": call.language.html_tag, "Vary": "Accept-Language, Cookie"}
    headers["Cache-Control"] = "private, no-store"
    return HTMLResponse(html, status, headers)


def go_to(address: str) -> RedirectResponse:
    """Show another page after a form was accepted (303, so that reloading never sends it again)."""
    return RedirectResponse(address, status_code=303)


def tried(call: Call, effect: Callable[[], T]) -> T | Refusal:
    """What an effect returns, or why it was refused; a refusal leaves nothing half-written."""
    try:
        result = effect()
        call.session.flush()  # constraints and lost races speak here, beside the form
    except DomainError as refused:
        call.session.rollback()
        return refusal_of(refused)
    except StaleDataError:
        call.session.rollback()
        return Refusal(say("Somebody changed this before you. Read it again."))
    except IntegrityError:
        call.session.rollback()
        return Refusal(say("This contradicts another record that stands already."))
    return result


def submitted_once(
    request: Request, call: Call, typed: Typed, effect: Callable[[], str]
) -> Response | Refusal:
    """Act once per form shown, however often the button is pressed.

    `effect` acts and returns the address to show next; the form carries a hidden `once`.
    """
    known = find_answer(call.session, _form_attempt(request, call, typed))
    if known is not None:
        return go_to(known.body)
    address = tried(call, effect)
    if isinstance(address, Refusal):
        return address
    remember(
        call.session,
        _form_attempt(request, call, typed),
        status=303,
        body=address,
        headers="",
        now=call.now,
    )
    return go_to(address)


def refusal_of(refused: DomainError) -> Refusal:
    """A domain refusal as a form shows it; the first fault of a field stands."""
    fields: dict[str, Message] = {}
    for fault in reversed(refused.fields):
        fields[fault.field] = fault.why
    return Refusal(refused.why, fields)


def _form_attempt(request: Request, call: Call, typed: Typed) -> Any:
    sent = "\n".join(f"{name}={value}" for name, value in sorted(typed.fields.items()))
    return attempt(
        caller=f"form {call.caller.membership_id}",
        key=_digest(typed.raw("once")) if typed.raw("once") else str(uuid4()),
        method=request.method,
        path=request.url.path,
        body=sent.encode("utf-8", "surrogatepass"),
    )


def _digest(text: str) -> str:
    # Whatever came in the hidden field, the database is given plain letters.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
