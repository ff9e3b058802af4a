"""Conflicts of the diary: both versions side by side, and which of them is to stand."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, PageArgs, Reading, Writing, require_version
from app.diary.conflict_commands import settle_conflict
from app.diary.conflict_queries import conflict_by_uid, conflicts
from app.diary.work_words import WORKS
from app.diary.writing import content_of
from app.errors import refuse
from app.kit.messages import say
from app.models.accounts import Role
from app.models.diary import ConflictState
from app.web.diary_words import FIELDS
from app.web.pages import Refusal, TypedForm, go_to, show, tried
from app.web.work_diary import pen_of

router = APIRouter(prefix="/work/diary/conflicts", include_in_schema=False)

SETTLING = frozenset({Role.STAFF, Role.COOP_ADMIN})


@router.get("")
def conflicts_page(
    request: Request, call: Reading, page: PageArgs, settled: bool = False
) -> Response:
    """What waits to be settled, with the difference shown; or all of it."""
    return _page(request, call, after=page.after, settled=settled)


@router.post("/{uid}")
def settle_conflict_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Keep what stands, take the other, or let both count."""
    conflict_by_uid(call.session, uid, within=call.within)

    def effect() -> None:
        found = conflict_by_uid(call.session, uid, within=call.within)
        require_version(found.version, typed.whole("version", default=0))
        choice = typed.raw("choice")
        if choice not in set(ConflictState) - {ConflictState.OPEN}:
            raise refuse("choice", say("Choose one."))
        settle_conflict(
            call.session, conflict=found, choice=ConflictState(choice), pen=pen_of(call)
        )

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        return _page(request, call, refusal=outcome, at=str(uid))
    return go_to("/work/diary/conflicts?done=conflict_settled")


def _page(
    request: Request,
    call: Call,
    *,
    after: str | None = None,
    settled: bool = False,
    refusal: Refusal | None = None,
    **again: Any,
) -> Response:
    found = conflicts(
        call.session, within=call.within, open_only=not settled, after=after, limit=20
    )
    return show(
        request,
        call,
        "work/diary_conflicts.html",
        status=422 if refusal else 200,
        conflicts=found,
        says={
            one.conflict.pk: (content_of(one.here), content_of(one.other)) for one in found.items
        },
        refusal=refusal,
        settled=settled,
        field_words=FIELDS,
        work_words={work.value: words for work, words in WORKS.items()},
        may_settle=call.caller.role in SETTLING,
        **{"at": "", **again},
    )
