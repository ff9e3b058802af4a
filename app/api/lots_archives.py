"""Archives on the wire: which there are, and their files."""

from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from app.api.problems import may_fail
from app.api.shapes import Out
from app.deps import Reading
from app.errors import Malformed, NotFound
from app.lots.archive_queries import archive_by_uid, archives
from app.models.lots import Archive

router = APIRouter(prefix="/archives", tags=["lots"])


class ArchiveOut(Out):
    """An archive: gzipped JSON lines, signed with the installation's key (Ed25519, base64)."""

    id: UUID
    name: str = Field(examples=["lots-2023-10"])
    kind: str
    until: date
    rows: int
    sha256: str
    signature: str
    made_at: datetime
    file: str

    @classmethod
    def of(cls, archive: Archive) -> "ArchiveOut":
        return cls(
            id=archive.uid,
            name=archive.name,
            kind=archive.kind,
            until=archive.until,
            rows=archive.rows,
            sha256=archive.sha256,
            signature=archive.signature,
            made_at=archive.made_at,
            file=f"/api/v1/archives/{archive.uid}/file",
        )


@router.get("", responses=may_fail(Malformed))
def list_archives(call: Reading) -> list[ArchiveOut]:
    """Every archive, the newest first."""
    return [ArchiveOut.of(archive) for archive in archives(call.session)]


@router.get(
    "/{archive}/file",
    response_class=Response,
    responses={**may_fail(NotFound), 200: {"content": {"application/gzip": {}}}},
)
def download_archive(archive: UUID, call: Reading) -> Response:
    """The file of an archive, exactly as it was signed."""
    return file_of(archive_by_uid(call.session, archive))


def file_of(found: Archive) -> Response:
    """An archive as a file to keep."""
    headers = {
        "Content-Disposition": f'attachment; filename="{found.name}.jsonl.gz"',
        "Cache-Control": "private, no-store",
    }
    return Response(found.content, media_type="application/gzip", headers=headers)
