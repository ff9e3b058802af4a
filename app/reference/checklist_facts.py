"""The shipped checklists of inspections as table rows."""

from sqlalchemy import select
from sqlmodel import Session, col

from app.models.catalogue import RowSource
from app.models.checklists import Checklist, ChecklistItem
from app.reference.files import Values, cells_of, typed


def items(session: Session) -> list[Values]:
    """The items of every edition, by the keys the database gave the editions.

    An edition that an administrator wrote under the same number stays as it was written.
    """
    wanted = select(col(Checklist.slug), col(Checklist.edition), col(Checklist.id)).where(
        col(Checklist.source) == RowSource.SHIPPED
    )
    ids = {(slug, edition): key for slug, edition, key in session.execute(wanted)}
    return [
        typed(ChecklistItem, cells)
        | {"checklist_id": ids[cells["checklist"], int(cells["edition"])]}
        for cells in cells_of("checklist_items")
        if (cells["checklist"], int(cells["edition"])) in ids
    ]
