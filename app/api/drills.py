"""Drills of a recall on the wire: begun, asked, answered, ended with a report. No lot is stopped by one."""

from collections.abc import Callable
from uuid import UUID

from fastapi import APIRouter, Response

from app.api.changing import MAY_ADD, MAY_CHANGE, ChangeDep, Changing, Said
from app.api.drills_shapes import (
    DrillAnswerIn,
    DrillAskedOut,
    DrillIn,
    DrillLinkOut,
    DrillLotOut,
    DrillOut,
    LessonsIn,
)
from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.deps import Call, Config, OnceDep, PageArgs, Reading, Writing, etag
from app.drills import answering_commands, commands, queries
from app.drills.leading import require_leader
from app.errors import (
    Conflict,
    Forbidden,
    Malformed,
    NotFound,
    Refused,
)
from app.files import file_answer
from app.kit.messages import say
from app.models.drills import Drill, DrillState

router = APIRouter(prefix="/drills", tags=["recalls"])


@router.get("", responses=may_fail(Malformed))
def list_drills(call: Reading, page: PageArgs) -> PageOut[DrillOut]:
    """The own drills, those one is asked in, or all; newest first."""
    found = queries.newest_drills(
        call.session, within=call.within, after=page.after, limit=page.limit
    )
    return page_out(found, DrillOut.of)


@router.post(
    "",
    status_code=201,
    response_model=DrillOut,
    responses=may_fail(Malformed, NotFound, Refused),
)
def start_drill(body: DrillIn, call: Writing, once: OnceDep) -> Response:
    """Find everything a recall would reach; the clock runs from now on."""

    def effect() -> Said:
        drill = commands.start_drill(
            call.session, body.asked(), caller=call.caller, reach=call.within, now=call.now
        )
        headers = {"Location": f"/api/v1/drills/{drill.uid}", "ETag": etag(drill.version)}
        return _told(call, drill), headers

    return once(effect)


@router.get("/{drill}", responses=may_fail(NotFound))
def read_drill(drill: UUID, call: Reading, response: Response) -> DrillOut:
    """One drill: how long it took, how much was found again."""
    found = _found(call, drill)
    response.headers["ETag"] = etag(found.version)
    return _told(call, found)


@router.get("/{drill}/lots", responses=may_fail(NotFound))
def list_drill_lots(drill: UUID, call: Reading) -> list[DrillLotOut]:
    """The first 200 lots of it, oldest first."""
    found = _found(call, drill)
    return [DrillLotOut.of(*one) for one in queries.lots_of(call.session, found)]


@router.get("/{drill}/asked", responses=may_fail(NotFound))
def list_drill_asked(drill: UUID, call: Reading) -> list[DrillAskedOut]:
    """Who was asked and what they said; who is only asked sees itself and its own buyers."""
    found = _found(call, drill)
    told = queries.consignees_of(call.session, found, within=call.within)
    for one in told:
        if one.party is not None:
            call.saw(one.seller.pk, "drill", drill)
    return [DrillAskedOut.of(one) for one in told]


@router.post("/{drill}/ask", responses=MAY_CHANGE)
def ask_for_drill(drill: UUID, change: ChangeDep) -> DrillOut:
    """Ask everybody who has goods, as a recall would; every word says that it is a drill."""
    call = change.call
    return _led(change, drill, lambda one: commands.ask_for_drill(call.session, one, now=call.now))


@router.post("/{drill}/answer", status_code=201, response_model=DrillAskedOut, responses=MAY_ADD)
def answer_drill(drill: UUID, body: DrillAnswerIn, call: Writing, once: OnceDep) -> Response:
    """Who is asked says how much is there and how much was sold on."""

    def effect() -> Said:
        found = _found(call, drill)
        part = queries.find_own_part(call.session, found, call.caller.organisation_id)
        if part is None:
            raise Conflict(say("Your organisation is not asked in this drill."))
        answering_commands.answer_drill(call.session, found, part, body.answer(), now=call.now)
        own = queries.asked_by_uid(call.session, found, part.uid, within=call.within)
        return DrillAskedOut.of(own), {}

    return once(effect)


@router.post(
    "/{drill}/asked/{asked}/link",
    status_code=201,
    response_model=DrillLinkOut,
    responses=MAY_ADD,
)
def make_drill_link(
    drill: UUID, asked: UUID, call: Writing, once: OnceDep, config: Config
) -> Response:
    """A link for a buyer without an account; shown this once."""

    def effect() -> Said:
        found = _found(call, drill)
        own = queries.asked_by_uid(call.session, found, asked, within=call.within)
        if own.seller.pk != call.caller.organisation_id:
            raise Forbidden(say("Only who delivered the goods makes this link."))
        token = answering_commands.make_drill_link(call.session, found, own.consignee)
        return DrillLinkOut(link=f"{config.base_url}/k/{token}"), {}

    return once(effect, shown_once="link")


@router.post("/{drill}/end", responses=MAY_CHANGE)
def end_drill(drill: UUID, body: LessonsIn, change: ChangeDep) -> DrillOut:
    """End it with what was learnt: its report is kept as it is now, its hash in the ledger."""
    call = change.call
    return _led(
        change,
        drill,
        lambda one: commands.end_drill(
            call.session, one, body.lessons, by=call.actor, now=call.now
        ),
    )


@router.get(
    "/{drill}/report",
    response_class=Response,
    responses={
        **may_fail(Conflict, Forbidden, NotFound),
        200: {"content": {"application/pdf": {}}},
    },
)
def read_drill_report(drill: UUID, call: Reading) -> Response:
    """The report as it was kept when the drill ended (PDF)."""
    found = _found(call, drill)
    require_leader(found, call.caller, call.within)
    if found.state is not DrillState.ENDED:
        raise Conflict(say("There is no report before the drill has ended."))
    content = queries.report_of(call.session, found)
    return file_answer(
        content, media_type="application/pdf", name="dien-tap-thu-hoi.pdf", inline=False
    )


def _found(call: Call, drill: UUID) -> Drill:
    return queries.drill_by_uid(call.session, drill, within=call.within)


def _led(change: Changing, drill: UUID, effect: Callable[[Drill], object]) -> DrillOut:
    """Change a drill of the version the caller knows, if the caller leads it."""
    call = change.call
    found = _found(call, drill)
    require_leader(found, call.caller, call.within)
    return _told(call, change(found, effect))


def _told(call: Call, drill: Drill) -> DrillOut:
    return DrillOut.of(queries.told_of(call.session, drill))
