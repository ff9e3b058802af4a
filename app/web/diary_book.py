"""The printed diary book, for those without a telephone."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.deps import Config, Reading
from app.labels.diary_book import diary_book_pdf
from app.labels.diary_book_queries import diary_book
from app.registry.organisation_queries import organisation_by_id

router = APIRouter(include_in_schema=False)


@router.get("/work/diary/book.pdf")
def diary_book_file(call: Reading, settings: Config, planting: UUID | None = None) -> Response:
    """A book of one planting, or of all that stand today, made when it is asked for."""
    book = diary_book(
        call.session,
        organisation=organisation_by_id(call.session, call.caller.organisation_id),
        planting=planting,
        base_url=settings.base_url,
        today=call.today,
    )
    headers = {
        "Content-Disposition": 'inline; filename="so-nhat-ky.pdf"',
        "Cache-Control": "private, no-store",
    }
    return Response(diary_book_pdf(book), media_type="application/pdf", headers=headers)
