"""Printers on the wire: what lies in them, how far off they print, the page to measure them with."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from app.accounts.reach import Reach
from app.api.problems import may_fail
from app.api.shapes import In, Name, Out
from app.deps import Call, ExpectedVersion, OnceDep, Reading, Writing, etag, require_version
from app.errors import Conflict, Malformed, NotFound, Refused, StaleVersion, VersionRequired
from app.labels import stock_commands
from app.labels.ruler import ruler_of
from app.labels.stock_queries import ProfileLine, chosen_stock, profile_by_uid, profiles
from app.models.print_runs import Output
from app.registry.organisation_queries import organisation_by_id

router = APIRouter(prefix="/printers", tags=["labels"])

Micrometres = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]


class PrinterIn(In):
    """A printer with paper in it. `ruler_um`: how long the ruler page's 100 mm came out."""

    name: Name
    stock: str = Field(max_length=60)
    output: Output
    dpi: int = 203
    offset_x_um: Micrometres = 0
    offset_y_um: Micrometres = 0
    pitch_x_um: Micrometres = 0
    pitch_y_um: Micrometres = 0
    ruler_um: Micrometres = 100_000
    crop_marks: bool = False
    measured: bool = Field(default=False, description="The figures were read off a ruler page.")

    def details(self) -> stock_commands.ProfileDetails:
        return stock_commands.ProfileDetails(**self.model_dump(exclude={"stock"}))


class PrinterOut(Out):
    """A printer; `checked_at` is null until its ruler page was measured."""

    id: UUID
    name: str
    stock: str
    output: Output
    dpi: int
    offset_x_um: int
    offset_y_um: int
    pitch_x_um: int
    pitch_y_um: int
    scale_ppm: int
    crop_marks: bool
    checked_at: datetime | None

    @classmethod
    def of(cls, line: ProfileLine) -> "PrinterOut":
        values = {
            name: getattr(line.profile, name)
            for name in cls.model_fields
            if name not in {"id", "stock"}
        }
        return cls(id=line.profile.uid, stock=line.stock.slug, **values)


@router.get("", responses=may_fail())
def list_printers(call: Reading) -> list[PrinterOut]:
    """The printers of your organisation."""
    return [PrinterOut.of(line) for line in profiles(call.session, within=own(call))]


@router.post("", status_code=201, response_model=PrinterOut, responses=may_fail(Malformed, Refused))
def add_printer(body: PrinterIn, call: Writing, once: OnceDep) -> Response:
    """Add a printer with the paper in it."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        stock = chosen_stock(call.session, body.stock, within=call.within)
        profile = stock_commands.add_profile(
            call.session,
            organisation=organisation_by_id(call.session, call.caller.organisation_id),
            stock=stock,
            details=body.details(),
            by=call.actor,
            now=call.now,
        )
        call.session.flush()
        location = {"Location": f"/api/v1/printers/{profile.uid}", "ETag": etag(profile.version)}
        return PrinterOut.of(ProfileLine(profile, stock)), location

    return once(effect)


@router.get("/{printer}", responses=may_fail(NotFound))
def read_printer(printer: UUID, call: Reading, response: Response) -> PrinterOut:
    """One printer."""
    line = profile_by_uid(call.session, printer, within=own(call))
    response.headers["ETag"] = etag(line.profile.version)
    return PrinterOut.of(line)


@router.put(
    "/{printer}",
    responses=may_fail(Conflict, Malformed, NotFound, Refused, StaleVersion, VersionRequired),
)
def change_printer(
    printer: UUID, body: PrinterIn, call: Writing, expected: ExpectedVersion, response: Response
) -> PrinterOut:
    """Set a printer anew, as its ruler page was measured."""
    line = profile_by_uid(call.session, printer, within=own(call))
    require_version(line.profile.version, expected)
    stock = chosen_stock(call.session, body.stock, within=call.within)
    stock_commands.change_profile(
        call.session,
        profile=line.profile,
        stock=stock,
        details=body.details(),
        by=call.actor,
        now=call.now,
    )
    call.session.flush()
    response.headers["ETag"] = etag(line.profile.version)
    return PrinterOut.of(ProfileLine(line.profile, stock))


@router.get(
    "/{printer}/ruler",
    response_class=Response,
    responses={
        **may_fail(NotFound),
        200: {"content": {"application/pdf": {}, "application/octet-stream": {}}},
    },
)
def read_ruler_page(printer: UUID, call: Reading) -> Response:
    """The page to measure a printer with: in the language of a label printer, else as a PDF."""
    line = profile_by_uid(call.session, printer, within=own(call))
    made = ruler_of(line, call.now)
    headers = {"Cache-Control": "no-store"}
    return Response(made.content, media_type=made.media_type, headers=headers)


def own(call: Call) -> Reach:
    """Printers are of the house they stand in."""
    return Reach.own(call.caller.organisation_id)
