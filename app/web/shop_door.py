"""The link with which a cooperative lets a shop mark its labels as sold: opened, then taken once."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Config, Reading, Writing
from app.errors import Gone
from app.kit.messages import say
from app.models.registry import Organisation
from app.scans.shop_commands import LINK_LIFE, take_shop_link
from app.scans.shop_queries import find_shop_link
from app.web.pages import show
from app.web.sellers import let_in

router = APIRouter(prefix="/shop", include_in_schema=False)


@router.get("/{token}")
def shop_door_page(request: Request, call: Reading, token: str) -> Response:
    """Who lets whom in, for how long. Looking takes nothing: previews of links look too."""
    link = find_shop_link(call.session, token, now=call.now, life=LINK_LIFE)
    if link is None:
        raise Gone(say("This link was used already or has run out. Ask for a new one."))
    organisation = call.session.get_one(Organisation, link.organisation_id)
    return show(
        request,
        call,
        "public/shop.html",
        link=link,
        organisation=organisation,
        taken=False,
        token=token,
    )


@router.post("/{token}")
def take_shop_form(request: Request, call: Writing, token: str, config: Config) -> Response:
    """Let this browser in, and no other."""
    link, kept = take_shop_link(call.session, token=token, now=call.now)
    organisation = call.session.get_one(Organisation, link.organisation_id)
    answer = show(
        request,
        call,
        "public/shop.html",
        link=link,
        organisation=organisation,
        taken=True,
        token="",
    )
    let_in(answer, config, kept, seconds=int((link.expires_at - call.now).total_seconds()))
    return answer
