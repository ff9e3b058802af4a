"""Marks of standards on the wire: which labels may bear, from when until when, by which act."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Response, UploadFile
from pydantic import BaseModel, Field

from app.api.paging import PageOut
from app.api.problems import may_fail
from app.api.shapes import Code, Name, Out
from app.catalogue.mark_commands import MarkTerms, add_mark
from app.catalogue.mark_queries import MarkLine, mark_by_uid, marks
from app.catalogue.queries import standard_by_code
from app.deps import OnceDep, Reading, Writing
from app.errors import Malformed, NotFound, Refused
from app.pictures.marks import cleaned_mark

router = APIRouter(prefix="/standard-marks", tags=["catalogue"])


class StandardMarkOut(Out):
    """A mark: a greyscale PNG. `valid_to` is its last day, null while it has none."""

    uid: UUID
    standard: str = Field(examples=["ORGANIC_2017"])
    width: int = Field(examples=[600])
    height: int = Field(examples=[600])
    sha256: str = Field(description="Of the bytes of the picture.")
    valid_from: date
    valid_to: date | None
    legal_ref: str = Field(examples=["NĐ 109/2018/NĐ-CP art. 12"])
    replaced: bool = Field(description="A newer one has taken its place.")

    @classmethod
    def of(cls, line: MarkLine) -> "StandardMarkOut":
        mark = line.mark
        return cls(
            uid=mark.uid,
            standard=line.standard.code,
            width=mark.width,
            height=mark.height,
            sha256=mark.sha256,
            valid_from=mark.valid_from,
            valid_to=mark.valid_to,
            legal_ref=mark.legal_ref,
            replaced=line.replaced,
        )


@router.get("", responses=may_fail())
def list_standard_marks(call: Reading) -> PageOut[StandardMarkOut]:
    """Every mark there is or was, the newest of a standard first: always one page."""
    found = [StandardMarkOut.of(line) for line in marks(call.session, call.today)]
    return PageOut(items=found, next=None)


@router.post(
    "",
    status_code=201,
    response_model=StandardMarkOut,
    responses=may_fail(Malformed, NotFound, Refused),
)
def add_standard_mark(
    file: Annotated[UploadFile, File(description="PNG, JPEG or WebP, dark on white.")],
    standard: Annotated[Code, Form(examples=["ORGANIC_2017"])],
    valid_from: Annotated[date, Form(examples=["2026-12-01"])],
    legal_ref: Annotated[Name, Form(examples=["NĐ 109/2018/NĐ-CP art. 12"])],
    call: Writing,
    once: OnceDep,
    *,
    valid_to: Annotated[date | None, Form(examples=["2028-12-31"])] = None,
) -> Response:
    """Keep a newer mark of a standard. Labels that are printed stay as they are."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        edition = standard_by_code(call.session, standard)
        mark = add_mark(
            call.session,
            standard=edition,
            artwork=cleaned_mark(file.file.read()),
            terms=MarkTerms(valid_from, legal_ref, valid_to),
            by=call.actor,
            now=call.now,
        )
        where = f"/api/v1/standard-marks/{mark.uid}/picture"
        return StandardMarkOut.of(MarkLine(mark, edition)), {"Location": where}

    return once(effect)


@router.get("/{mark}/picture", response_class=Response, responses=may_fail(NotFound))
def read_standard_mark_picture(mark: UUID, call: Reading) -> Response:
    """The picture of a mark."""
    found = mark_by_uid(call.session, mark).mark
    headers = {"ETag": f'"{found.sha256}"', "Cache-Control": "private, max-age=31536000, immutable"}
    return Response(found.content, media_type="image/png", headers=headers)
