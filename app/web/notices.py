"""What the own organisation was told: read, open, and mark as read."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.policy import Scope, access_to
from app.accounts.reach import Reach
from app.deps import Call, PageArgs, Reading, Writing
from app.models.notices import Notice
from app.notices import commands, queries
from app.web.pages import TypedForm, go_to, show
from app.web.reaching import may_open

router = APIRouter(prefix="/work/notices", include_in_schema=False)

HOME = "/work/notices"


@router.get("")
def notices_page(request: Request, call: Reading, page: PageArgs) -> Response:
    """Newest first."""
    found = queries.notices_of(
        call.session, call.caller.organisation_id, after=page.after, limit=30
    )
    return show(
        request,
        call,
        "work/notices.html",
        notices=found,
        sentences={notice.uid: queries.message_of(notice) for notice in found.items},
        open_to={
            notice.uid
            for notice in found.items
            if may_open(request.app, call.caller.role, notice.address)
        },
        may_mark=_may_mark(call),
    )


@router.post("/read")
def mark_notices_read_form(call: Writing, typed: TypedForm) -> Response:
    """Mark everything up to the newest notice that was on the page."""
    until = typed.uid("until")
    typed.done()
    if until is not None:
        commands.mark_all_read(
            call.session, call.caller.organisation_id, until=_own(call, until), now=call.now
        )
    return go_to(f"{HOME}?done=read")


@router.post("/{notice}/open")
def open_notice_form(call: Writing, notice: UUID) -> Response:
    """Mark one as read and show the page it is about."""
    found = _own(call, notice)
    commands.mark_read(call.session, found, now=call.now)
    return go_to(found.address or HOME)


def _own(call: Call, uid: UUID) -> Notice:
    own = Reach.own(call.caller.organisation_id)
    return queries.notice_by_uid(call.session, uid, within=own)


def _may_mark(call: Call) -> bool:
    access = access_to("open_notice_form")
    return access is not None and access.scope(call.caller.role) is not Scope.NO
