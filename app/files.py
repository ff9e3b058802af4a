"""Answers that are files: whole, or the part a broken download asks for (RFC 9110 §14)."""

from pathlib import Path

from starlette.responses import FileResponse, Response

PRIVATE = {"Cache-Control": "private, no-store"}


def file_answer(
    content: bytes | Path, *, media_type: str, name: str, inline: bool = True
) -> Response:
    """Bytes at hand, or a file of any size; `name` is plain ASCII."""
    how = "inline" if inline else "attachment"
    headers = {**PRIVATE, "Content-Disposition": f'{how}; filename="{name}"'}
    if isinstance(content, Path):
        # Revalidated by ETag, so that a download that broke off goes on where it was.
        kept = {**headers, "Cache-Control": "private, no-cache"}
        return FileResponse(content, media_type=media_type, headers=kept)
    return Response(content, media_type=media_type, headers=headers)
