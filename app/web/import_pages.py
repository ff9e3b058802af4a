"""Lists from Excel, the same for a cooperative and for the province: sent, looked at, imported."""

from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from app.deps import Call
from app.errors import refuse
from app.exchange.import_commands import SentList, begin_import, send_list, undo_import
from app.exchange.import_queries import (
    ImportLine,
    import_line,
    import_rows,
    imports,
    mapping_of,
    marked_file,
    template_for,
    template_name,
)
from app.exchange.importers import IMPORTERS, layouts_for
from app.kit.messages import say
from app.models.exchange import ImportLayout, RowOutcome
from app.models.registry import Organisation
from app.web.forms import Typed
from app.web.pages import Refusal, SentFile, go_to, show, submitted_once, tried
from app.web.progress import while_running

ROWS_SHOWN = 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def list_page(
    request: Request, call: Call, home: str, after: str | None, **context: Any
) -> Response:
    """What may be sent, and what was."""
    layouts = layouts_for(call.caller.role)
    return show(
        request,
        call,
        "work/imports.html",
        status=422 if context.get("refusal") else 200,
        home=home,
        layouts=[(layout.value, call.language.say(IMPORTERS[layout].words)) for layout in layouts],
        lines=imports(
            call.session, within=call.within, layouts=_seen(call, home), after=after, limit=20
        ),
        organisations=context.pop("organisations", None),
        **context,
    )


def send(
    request: Request,
    call: Call,
    typed: Typed,
    file: SentFile,
    *,
    home: str,
    organisation: Organisation | None,
) -> Response | Refusal:
    """Take a file in and show its import, or say what is missing."""

    def effect() -> str:
        if typed.raw("layout") not in set(ImportLayout):
            raise refuse("layout", say("Choose one from the list."))
        if organisation is None:
            raise refuse("organisation", say("Choose one from the list."))
        if file is None:
            raise refuse("file", say("Choose a file."))
        content, filename = file
        batch = send_list(
            call.session,
            organisation=organisation,
            sent=SentList(ImportLayout(typed.raw("layout")), filename, content),
            role=call.caller.role,
            by=call.actor,
            now=call.now,
        )
        return f"{home}/imports/{batch.uid}"

    return submitted_once(request, call, typed, effect)


def one_page(
    request: Request, call: Call, uid: UUID, *, home: str, refusal: Refusal | None = None
) -> Response:
    """One import: how far it is, what was understood, what is wrong, what to do next."""
    line = find(call, uid, home)
    shown = _outcome(request.query_params.get("rows", ""))
    rows = import_rows(
        call.session,
        line.batch,
        outcome=shown,
        after=request.query_params.get("after"),
        limit=ROWS_SHOWN,
    )
    page = show(
        request,
        call,
        "work/import.html",
        status=422 if refusal else 200,
        home=home,
        line=line,
        batch=line.batch,
        columns=_columns(line, mapping_of(call.session, line.batch)),
        mapping=mapping_of(call.session, line.batch),
        rows=rows,
        shown=shown.value if shown else "",
        more=_address(home, uid, shown),
        words=_words(line),
        refusal=refusal,
    )
    return while_running(page, line.job) if line.working and line.job else page


def begin(request: Request, call: Call, uid: UUID, typed: Typed, *, home: str) -> Response:
    """Begin, or say why not."""

    def effect() -> None:
        begin_import(
            call.session,
            line=find(call, uid, home),
            whole=typed.raw("whole") == "yes",
            role=call.caller.role,
            by=call.actor,
            now=call.now,
        )

    return _done(request, call, uid, tried(call, effect), home)


def undo(request: Request, call: Call, uid: UUID, *, home: str) -> Response:
    """Undo, or say why not."""

    def effect() -> None:
        line = find(call, uid, home)
        undo_import(call.session, line=line, role=call.caller.role, by=call.actor, now=call.now)

    return _done(request, call, uid, tried(call, effect), home)


def marked(call: Call, uid: UUID, *, home: str) -> Response:
    """The user's file with its faults marked."""
    line = find(call, uid, home)
    content = marked_file(call.session, line, say=call.language.say)
    return _spreadsheet(content, f"{line.batch.filename.rsplit('.', 1)[0]}-loi.xlsx")


def template(call: Call, layout: ImportLayout, organisation: Organisation) -> Response:
    """A template to fill in."""
    content = template_for(call.session, layout, organisation, now=call.now, say=call.language.say)
    return _spreadsheet(content, template_name(layout, call.now))


def find(call: Call, uid: UUID, home: str) -> ImportLine:
    """The import, where it may be looked at from here."""
    return import_line(call.session, uid, within=call.within, layouts=_seen(call, home))


def _spreadsheet(content: bytes, filename: str) -> Response:
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(filename, safe='')}",
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type=XLSX, headers=headers)


def _seen(call: Call, home: str) -> list[ImportLayout] | None:
    # A cooperative sees too what the province entered for it; the desk shows its own lists.
    return layouts_for(call.caller.role) if home == "/desk" else None


def _done(request: Request, call: Call, uid: UUID, outcome: Refusal | None, home: str) -> Response:
    if isinstance(outcome, Refusal):
        return one_page(request, call, uid, home=home, refusal=outcome)
    return go_to(f"{home}/imports/{uid}")


def _columns(line: ImportLine, mapping: dict[str, Any]) -> list[dict[str, Any]]:
    """The columns of the file in its own order, with what each was understood as."""
    known = line.importer.columns
    return [
        {"key": key, "words": known[key].heading, "letter": letter, "heading": heading}
        for key, (letter, heading) in sorted(
            mapping.get("columns", {}).items(), key=lambda one: (len(one[1][0]), one[1][0])
        )
        if key in known
    ]


def _outcome(typed: str) -> RowOutcome | None:
    return RowOutcome(typed) if typed in set(RowOutcome) else None


def _address(home: str, uid: UUID, shown: RowOutcome | None) -> str:
    query = urlencode({"rows": shown.value}) if shown else ""
    return f"{home}/imports/{uid}" + (f"?{query}" if query else "")


def _words(line: ImportLine) -> Any:
    reading = say("The file is being read and checked")
    return reading if line.batch.state.value == "reading" else say("The rows are being imported")
