"""The list of recalls for everybody: what not to eat, sell or give away."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import PageArgs, Reading
from app.models.recalls import RecallState
from app.recalls.public_queries import IN_FORCE, public_recalls
from app.recalls.rules import KIND_WORDS, STATE_WORDS
from app.web.pages import show

router = APIRouter(include_in_schema=False)


@router.get("/recalls")
def public_recalls_page(
    request: Request, call: Reading, page: PageArgs, ended: str = ""
) -> Response:
    """Recalls in force, or those that are over: their lots still warn."""
    states = (RecallState.REPORTED,) if ended else IN_FORCE
    return show(
        request,
        call,
        "public/recalls.html",
        recalls=public_recalls(call.session, states=states, after=page.after),
        ended=bool(ended),
        kinds=KIND_WORDS,
        states=STATE_WORDS,
    )
