"""Labels on the wire: print, list, download."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from app.api.problems import may_fail
from app.api.shapes import Code, In, Out
from app.deps import Config, OnceDep, Reading, Writing
from app.errors import Malformed, NotFound, Refused
from app.labels import commands
from app.labels.queries import print_by_uid, prints_of
from app.labels.snapshot import file_of
from app.lots.queries import lot_by_code, lot_line
from app.models.labels import LabelForm, LabelPrint

router = APIRouter(tags=["labels"])


class PrintIn(In):
    """What to print: `png_203` and `png_300` are one 50 × 30 mm label, `sheet_a4` a PDF of many."""

    form: LabelForm
    copies: int = Field(default=1, examples=[36])
    start_at: int = Field(default=1, description="First free place of a half-used sheet.")


class PrintOut(Out):
    """One printing; `file` is where its picture or PDF is fetched, as often as needed."""

    id: UUID
    form: LabelForm
    copies: int
    start_at: int
    printed_at: datetime
    file: str

    @classmethod
    def of(cls, printed: LabelPrint) -> "PrintOut":
        return cls(
            id=printed.uid,
            form=printed.form,
            copies=printed.copies,
            start_at=printed.start_at,
            printed_at=printed.printed_at,
            file=f"/api/v1/label-prints/{printed.uid}/file",
        )


@router.post(
    "/lots/{code}/label-prints",
    status_code=201,
    deprecated=True,
    response_model=PrintOut,
    responses=may_fail(Malformed, NotFound, Refused),
)
def print_labels(
    code: Code, body: PrintIn, call: Writing, once: OnceDep, config: Config
) -> Response:
    """Print labels of a lot as its crop. Print runs know products, numbers, papers and languages too."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        printed = commands.print_labels(
            call.session,
            line=lot_line(call.session, code, within=call.within),
            printing=commands.Printing(body.form, body.copies, body.start_at),
            base_url=config.base_url,
            by=call.actor,
            now=call.now,
        )
        out = PrintOut.of(printed)
        return out, {"Location": out.file}

    return once(effect)


@router.get("/lots/{code}/label-prints", responses=may_fail(NotFound))
def list_label_prints(code: Code, call: Reading) -> list[PrintOut]:
    """Every printing of a lot, newest first."""
    lot = lot_by_code(call.session, code, within=call.within)
    return [PrintOut.of(printed) for printed in prints_of(call.session, lot)]


@router.get(
    "/label-prints/{printing}/file",
    response_class=Response,
    responses={
        **may_fail(NotFound),
        200: {"content": {"image/png": {}, "application/pdf": {}}},
    },
)
def download_label_print(printing: UUID, call: Reading) -> Response:
    """The picture or PDF of a printing, made again from what was frozen."""
    content, media_type, name = file_of(print_by_uid(call.session, printing, within=call.within))
    headers = {
        "Content-Disposition": f'inline; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type=media_type, headers=headers)
