"""What the own organisation was told, said in the caller's language."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from app.accounts.reach import Reach
from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.api.shapes import Out
from app.deps import PageArgs, Reading, Writing
from app.errors import Malformed, NotFound
from app.kit.i18n import Language
from app.models.notices import Notice
from app.notices import commands, queries

router = APIRouter(prefix="/notices", tags=["notices"])


class NoticeOut(Out):
    """A notice; `address` is the page to look at, or empty."""

    id: UUID
    kind: str = Field(examples=["certificate.ending"])
    text: str = Field(examples=["Chứng nhận VietGAP-TT-13-09-10-0001 hết hạn ngày 31/12/2026."])
    address: str = Field(examples=["/work/certificates"])
    created_at: datetime
    read_at: datetime | None

    @classmethod
    def of(cls, notice: Notice, reader: Language) -> "NoticeOut":
        return cls(
            id=notice.uid,
            kind=notice.kind,
            text=reader.say(queries.message_of(notice)),
            address=notice.address,
            created_at=notice.created_at,
            read_at=notice.read_at,
        )


@router.get("", responses=may_fail(Malformed))
def list_notices(
    call: Reading,
    page: PageArgs,
    unread_only: Annotated[bool, Query(description="Leave out what was read.")] = False,
) -> PageOut[NoticeOut]:
    """What your organisation was told, newest first."""
    found = queries.notices_of(
        call.session,
        call.caller.organisation_id,
        unread_only=unread_only,
        after=page.after,
        limit=page.limit,
    )
    return page_out(found, lambda notice: NoticeOut.of(notice, call.language))


@router.post("/{notice}/read", responses=may_fail(NotFound))
def read_notice(notice: UUID, call: Writing) -> NoticeOut:
    """Mark a notice as read. Doing it twice changes nothing."""
    own = Reach.own(call.caller.organisation_id)
    found = queries.notice_by_uid(call.session, notice, within=own)
    commands.mark_read(call.session, found, now=call.now)
    return NoticeOut.of(found, call.language)
