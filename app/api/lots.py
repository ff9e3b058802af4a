"""Harvest lots on the wire: record, read, amend, seal, withdraw, recall."""

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.api.lots_shapes import LotChangeIn, LotIn, LotLineOut, LotOut, ReasonIn, whole
from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.api.shapes import Code
from app.deps import (
    Call,
    ExpectedVersion,
    OnceDep,
    PageArgs,
    Reading,
    Writing,
    etag,
    require_version,
)
from app.errors import Conflict, Malformed, NotFound, Refused, StaleVersion, VersionRequired
from app.lots import commands, queries
from app.lots.evidence import findings_of
from app.lots.part_queries import parts_of
from app.models.lots import HarvestLot
from app.recalls.commands import recall_at_once
from app.registry.organisation_queries import organisation_by_id

router = APIRouter(prefix="/lots", tags=["lots"])


@router.get("", responses=may_fail(Malformed))
def list_lots(call: Reading, page: PageArgs) -> PageOut[LotLineOut]:
    """The newest lots within the caller's reach."""
    found = queries.newest_lots(
        call.session, within=call.within, after=page.after, limit=page.limit
    )
    return page_out(found, LotLineOut.of)


@router.post(
    "",
    status_code=201,
    response_model=LotOut,
    responses=may_fail(Malformed, NotFound, Conflict, Refused),
)
def record_lot(body: LotIn, call: Writing, once: OnceDep) -> Response:
    """Record a harvest. A claim that cannot be made is withheld with its reason; the harvest stands."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        lot = commands.record_lot(
            call.session,
            organisation=organisation_by_id(call.session, call.caller.organisation_id),
            harvest=body.harvest(),
            by=call.actor,
            now=call.now,
        )
        return _told(call, lot), {"Location": f"/api/v1/lots/{lot.code}", "ETag": etag(lot.version)}

    return once(effect)


@router.get("/{code}", responses=may_fail(NotFound))
def read_lot(code: Code, call: Reading, response: Response) -> LotOut:
    """One lot, with what it may claim today."""
    return answer(call, queries.lot_by_code(call.session, code, within=call.within), response)


@router.put("/{code}", responses=may_fail(NotFound, Refused, StaleVersion, VersionRequired))
def amend_lot(
    code: Code, body: LotChangeIn, call: Writing, expected: ExpectedVersion, response: Response
) -> LotOut:
    """Correct an open lot."""
    lot = lot_of_version(call, code, expected)
    commands.amend_lot(
        call.session, lot=lot, correction=body.correction(), by=call.actor, now=call.now
    )
    return answer(call, lot, response)


@router.post("/{code}/seal", responses=may_fail(NotFound, Refused, StaleVersion, VersionRequired))
def seal_lot(code: Code, call: Writing, expected: ExpectedVersion, response: Response) -> LotOut:
    """Close a lot for good."""
    lot = lot_of_version(call, code, expected)
    commands.seal_lot(call.session, lot=lot, by=call.actor, now=call.now)
    return answer(call, lot, response)


@router.post(
    "/{code}/withdraw", responses=may_fail(NotFound, Refused, StaleVersion, VersionRequired)
)
def withdraw_lot(
    code: Code, body: ReasonIn, call: Writing, expected: ExpectedVersion, response: Response
) -> LotOut:
    """Take back a lot that was recorded by mistake."""
    lot = lot_of_version(call, code, expected)
    commands.withdraw_lot(call.session, lot=lot, reason=body.reason, by=call.actor, now=call.now)
    return answer(call, lot, response)


@router.post("/{code}/recall", responses=may_fail(NotFound, Refused, StaleVersion, VersionRequired))
def recall_lot(
    code: Code, body: ReasonIn, call: Writing, expected: ExpectedVersion, response: Response
) -> LotOut:
    """Recall a lot and everything made of it: their pages warn from this moment."""
    lot = lot_of_version(call, code, expected)
    recall_at_once(
        call.session,
        lot,
        reason=body.reason,
        caller=call.caller,
        within=call.within,
        now=call.now,
    )
    return answer(call, lot, response)


def lot_of_version(call: Call, code: str, expected: int) -> HarvestLot:
    """The lot, if nobody changed it since the version the caller knows."""
    lot = queries.lot_by_code(call.session, code, within=call.within)
    require_version(lot.version, expected)
    return lot


def answer(call: Call, lot: HarvestLot, response: Response) -> LotOut:
    """The lot as it is now, with its ETag."""
    told = _told(call, lot)
    response.headers["ETag"] = etag(lot.version)
    return told


def _told(call: Call, lot: HarvestLot) -> LotOut:
    line = queries.line_of(call.session, lot)
    findings = findings_of(call.session, lot, today=call.today)
    return whole(line, findings, parts_of(call.session, lot), call.language)
