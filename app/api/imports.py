"""Lists from spreadsheets: sent in, looked at row by row, imported, undone."""

from datetime import datetime
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, File, Form, Response, UploadFile
from pydantic import BaseModel, Field

from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.api.shapes import In, Out
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
from app.exchange.import_commands import SentList, begin_import, send_list, undo_import
from app.exchange.import_queries import (
    ImportLine,
    RowLine,
    import_line,
    import_rows,
    imports,
    mapping_of,
    marked_file,
    template_for,
    template_name,
)
from app.kit.i18n import Language
from app.models.exchange import ImportLayout, ImportState, RowOutcome
from app.models.registry import Organisation
from app.registry.organisation_queries import organisation_by_id, organisation_by_uid

router = APIRouter(tags=["imports"])

CHANGING = may_fail(NotFound, Refused, Conflict, StaleVersion, VersionRequired)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ColumnOut(Out):
    """A column of the file and what it was understood as."""

    key: str = Field(examples=["phone"])
    letter: str = Field(examples=["C"])
    heading: str = Field(examples=["Số điện thoại"])


class ImportOut(Out):
    """An import: `rows_good` are new and right, `rows_known` are registered already."""

    id: UUID
    organisation: UUID
    layout: ImportLayout
    filename: str = Field(examples=["danh-sach-ho.xlsx"])
    sha256: str
    state: ImportState
    rows_good: int
    rows_known: int
    rows_faulty: int
    rows_imported: int
    fault: str | None = Field(description="Why the file was refused, in words.", examples=[None])
    job: UUID | None = Field(description="The work in the background; see `/jobs/{job}`.")
    sheet: str = Field(examples=["Ho_dan"])
    columns: list[ColumnOut]
    unknown_headings: list[str] = Field(description="Columns that are not imported.")
    created_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, line: ImportLine, call: Call) -> "ImportOut":
        batch, mapping = line.batch, mapping_of(call.session, line.batch)
        fault = line.fault
        return cls(
            id=batch.uid,
            organisation=line.organisation.uid,
            layout=batch.layout,
            filename=batch.filename,
            sha256=batch.sha256,
            state=batch.state,
            rows_good=batch.rows_good,
            rows_known=batch.rows_known,
            rows_faulty=batch.rows_faulty,
            rows_imported=batch.rows_imported,
            fault=call.language.say(fault) if fault else None,
            job=line.job.uid if line.job else None,
            sheet=mapping.get("sheet", ""),
            columns=[
                ColumnOut(key=key, letter=letter, heading=heading)
                for key, (letter, heading) in mapping.get("columns", {}).items()
            ],
            unknown_headings=mapping.get("unknown", []),
            created_at=batch.created_at,
            ended_at=batch.ended_at,
        )


class NoteOut(Out):
    """What is said about a cell; only a warning does not keep its row out."""

    column: str = Field(examples=["phone"])
    why: str
    warning: bool


class ImportRowOut(Out):
    """A row of the file by the number that Excel shows; `made` is what was registered for it."""

    number: int = Field(examples=[2])
    outcome: RowOutcome
    cells: dict[str, str]
    notes: list[NoteOut]
    made: str | None

    @classmethod
    def of(cls, row: RowLine, language: Language) -> "ImportRowOut":
        return cls(
            number=row.number,
            outcome=row.outcome,
            cells=row.cells,
            notes=[
                NoteOut(column=note.column, why=language.say(note.why), warning=note.warning)
                for note in row.notes
            ],
            made=row.made,
        )


class BeginImportIn(In):
    """`whole`: all rows or none, and none while one is faulty."""

    whole: bool = False


@router.get("/imports", responses=may_fail(Malformed))
def list_imports(call: Reading, page: PageArgs) -> PageOut[ImportOut]:
    """The imports, newest first."""
    found = imports(call.session, within=call.within, after=page.after, limit=page.limit)
    return page_out(found, lambda line: ImportOut.of(line, call))


@router.post(
    "/imports",
    status_code=202,
    response_model=ImportOut,
    responses=may_fail(NotFound, Refused, Malformed),
)
def send_import(
    file: Annotated[UploadFile, File(description="An .xlsx, .xls, .ods or .csv of at most 10 MB.")],
    layout: Annotated[ImportLayout, Form(description="What its rows are.")],
    call: Writing,
    once: OnceDep,
    organisation: Annotated[
        UUID | None, Form(description="Whose list it is; your own organisation's unless given.")
    ] = None,
) -> Response:
    """Send a list in: it is read and checked in the background, and nothing is registered yet."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        batch = send_list(
            call.session,
            organisation=_organisation(call, organisation),
            sent=SentList(layout, file.filename or "", file.file.read()),
            role=call.caller.role,
            by=call.actor,
            now=call.now,
        )
        line = import_line(call.session, batch.uid, within=call.within)
        headers = {"Location": f"/api/v1/imports/{batch.uid}", "ETag": etag(batch.version)}
        return ImportOut.of(line, call), headers

    return once(effect, status=202)


@router.get("/imports/{import_id}", responses=may_fail(NotFound))
def read_import(import_id: UUID, call: Reading, response: Response) -> ImportOut:
    """An import: ask again until it is ready, imported or failed."""
    return _answer(call, import_id, response)


@router.get("/imports/{import_id}/rows", responses=may_fail(NotFound, Malformed))
def list_import_rows(
    import_id: UUID, call: Reading, page: PageArgs, outcome: RowOutcome | None = None
) -> PageOut[ImportRowOut]:
    """The rows in the order of the file, all or those of one outcome, with what is said of each."""
    line = import_line(call.session, import_id, within=call.within)
    rows = import_rows(
        call.session, line.batch, outcome=outcome, after=page.after, limit=page.limit
    )
    return page_out(rows, lambda row: ImportRowOut.of(row, call.language))


@router.get(
    "/imports/{import_id}/marked",
    response_class=Response,
    responses=may_fail(NotFound, Refused),
)
def read_marked_import(import_id: UUID, call: Reading) -> Response:
    """The file that was sent, as .xlsx, with its faulty cells marked and explained."""
    line = import_line(call.session, import_id, within=call.within)
    content = marked_file(call.session, line, say=call.language.say)
    return _spreadsheet(content, f"{line.batch.filename.rsplit('.', 1)[0]}-loi.xlsx")


@router.post("/imports/{import_id}/import", status_code=202, responses=CHANGING)
def begin_importing(
    import_id: UUID,
    begin: BeginImportIn,
    call: Writing,
    expected: ExpectedVersion,
    response: Response,
) -> ImportOut:
    """Register in the background what is new and right; pressed twice, it is done once."""
    begin_import(
        call.session,
        line=_of_version(call, import_id, expected),
        whole=begin.whole,
        role=call.caller.role,
        by=call.actor,
        now=call.now,
    )
    return _answer(call, import_id, response)


@router.post("/imports/{import_id}/undo", responses=CHANGING)
def undo_importing(
    import_id: UUID, call: Writing, expected: ExpectedVersion, response: Response
) -> ImportOut:
    """Take back everything the import registered, while nothing rests on any of it."""
    line = _of_version(call, import_id, expected)
    undo_import(call.session, line=line, role=call.caller.role, by=call.actor, now=call.now)
    return _answer(call, import_id, response)


@router.get(
    "/import-templates/{layout}",
    response_class=Response,
    responses=may_fail(NotFound),
)
def read_import_template(
    layout: ImportLayout, call: Reading, organisation: UUID | None = None
) -> Response:
    """A template as .xlsx, with the organisation's own members and areas to choose from."""
    owner = _organisation(call, organisation)
    content = template_for(call.session, layout, owner, now=call.now, say=call.language.say)
    return _spreadsheet(content, template_name(layout, call.now))


def _of_version(call: Call, import_id: UUID, expected: int) -> ImportLine:
    """The import, if it is still what the caller saw."""
    line = import_line(call.session, import_id, within=call.within)
    require_version(line.batch.version, expected)
    return line


def _answer(call: Call, import_id: UUID, response: Response) -> ImportOut:
    line = import_line(call.session, import_id, within=call.within)
    response.headers["ETag"] = etag(line.batch.version)
    return ImportOut.of(line, call)


def _spreadsheet(content: bytes, filename: str) -> Response:
    """An .xlsx to be saved."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(filename, safe='')}",
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type=XLSX, headers=headers)


def _organisation(call: Call, chosen: UUID | None) -> Organisation:
    if chosen is None:
        return organisation_by_id(call.session, call.caller.organisation_id)
    return organisation_by_uid(call.session, chosen, within=call.within)
