"""Finding the papers of a planting area, and what is in them."""

from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import NotFound
from app.kit.messages import say
from app.models.dossiers import Document, DocumentContent
from app.models.registry import PlantingArea


def documents_of(session: Session, area: PlantingArea) -> list[Document]:
    """The papers of an area that stand, newest first."""
    wanted = select(Document).where(
        col(Document.area_id) == area.pk, col(Document.removed_at).is_(None)
    )
    return list(session.execute(wanted.order_by(col(Document.id).desc())).scalars())


def document_by_uid(session: Session, uid: UUID, *, within: Reach) -> tuple[Document, PlantingArea]:
    """The standing paper with this public id, and its area."""
    wanted = (
        select(Document, PlantingArea)
        .join(PlantingArea, col(PlantingArea.id) == col(Document.area_id))
        .where(
            col(Document.uid) == uid,
            col(Document.removed_at).is_(None),
            within.limits(col(PlantingArea.organisation_id)),
        )
    )
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(say("There is no such paper."))
    return row[0], row[1]


def content_of(session: Session, document: Document) -> bytes:
    """The bytes of a paper."""
    return session.get_one(DocumentContent, document.pk).content


def taken_by(session: Session, area: PlantingArea) -> tuple[int, int]:
    """How many papers an area has, and their bytes."""
    wanted = select(func.count(), func.coalesce(func.sum(col(Document.size)), 0)).where(
        col(Document.area_id) == area.pk, col(Document.removed_at).is_(None)
    )
    count, size = session.execute(wanted).one()
    return int(count), int(size)


def find_same(session: Session, area: PlantingArea, sha256: str) -> Document | None:
    """The standing paper of an area with the same content."""
    wanted = select(Document).where(
        col(Document.area_id) == area.pk,
        col(Document.sha256) == sha256,
        col(Document.removed_at).is_(None),
    )
    return session.execute(wanted.limit(1)).scalars().first()
