"""The inspector's view of diaries: anybody's entries, and what is odd about them."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.reach import Reach
from app.deps import PageArgs, Reading
from app.diary.anomaly_queries import anomalies
from app.diary.entry_queries import EntryFilter, entries
from app.registry.organisation_queries import organisation_by_uid, organisations
from app.web.diary_words import ANOMALIES
from app.web.pages import show
from app.web.work_diary import beside

router = APIRouter(prefix="/desk/diary", include_in_schema=False)

MOST_OF_A_KIND = 30
MOST_ORGANISATIONS = 200


@router.get("")
def desk_diary_page(
    request: Request,
    call: Reading,
    page: PageArgs,
    *,
    organisation: UUID | None = None,
    late: bool = False,
) -> Response:
    """What is odd first, then the newest entries; of one organisation if chosen."""
    chosen = (
        organisation_by_uid(call.session, organisation, within=call.within)
        if organisation
        else None
    )
    key = None if chosen is None else chosen.pk
    if key is not None:
        call.saw(key, "diary")
    found = entries(
        call.session,
        within=call.within,
        wanted=EntryFilter(organisation_id=key, back_dated=late, whole=True),
        after=page.after,
        limit=30,
    )
    return show(
        request,
        call,
        "desk/diary.html",
        entries=found,
        **beside(call, found.items),
        anomalies=anomalies(
            call.session,
            within=call.within,
            organisation_id=key,
            today=call.today,
            limit=MOST_OF_A_KIND,
        )
        if page.after is None
        else [],
        anomaly_words=ANOMALIES,
        organisation=chosen,
        organisations=_choices(call),
        late=late,
    )


def _choices(call: Reading) -> list[tuple[str, str]]:
    found = organisations(call.session, within=Reach.all(), limit=MOST_ORGANISATIONS).items
    return [(str(one.uid), one.name) for one in found]
