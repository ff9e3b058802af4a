"""Finding a lot and reading its history, on the wire."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from app.api.lots_shapes import LotLineOut
from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.api.shapes import Code, Name, Out
from app.deps import PageArgs, Reading
from app.errors import Malformed, NotFound
from app.inspection.queries import history_of_lot
from app.ledger.queries import Fact, newest_facts
from app.lots.queries import lot_line, lots_like

router = APIRouter(tags=["inspection"])


class FactOut(Out):
    """One fact of the ledger."""

    position: int
    at: datetime
    kind: str = Field(examples=["lot.recorded"])
    subject: str
    role: str
    account_name: str | None
    organisation_name: str | None
    facts: dict[str, Any]
    leaf_hash: str
    intact: bool


class HistoryOut(Out):
    """Every fact about a lot and its planting area, oldest first."""

    code: str
    facts: list[FactOut]


@router.get("/search/lots", responses=may_fail(Malformed))
def search_lots(
    call: Reading,
    page: PageArgs,
    q: Annotated[Name, Query(description="Letters of a code, crop, area or organisation.")],
) -> PageOut[LotLineOut]:
    """Lots by a few letters of what they are, without case or diacritics."""
    found = lots_like(call.session, q, within=call.within, after=page.after, limit=page.limit)
    return page_out(found, LotLineOut.of)


@router.get("/lots/{code}/history", responses=may_fail(NotFound))
def read_lot_history(code: Code, call: Reading) -> HistoryOut:
    """What happened to a lot, in order."""
    line = lot_line(call.session, code, within=call.within)
    call.saw(line.organisation.pk, "lot", line.lot.code)
    facts = history_of_lot(call.session, line)
    return HistoryOut(code=line.lot.code, facts=[_told(fact) for fact in facts])


@router.get("/ledger/entries", responses=may_fail(Malformed))
def list_ledger_entries(call: Reading, page: PageArgs) -> PageOut[FactOut]:
    """All facts, newest first."""
    return page_out(newest_facts(call.session, after=page.after, limit=page.limit), _told)


def _told(fact: Fact) -> FactOut:
    return FactOut.model_validate(fact)
