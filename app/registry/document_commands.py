"""Adding papers to an area and taking them away."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col

from app.errors import Conflict, FieldError, Refused, refuse
from app.kit.messages import say
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.dossiers import Document, DocumentContent, DocumentKind
from app.models.registry import AreaCodeStep, Organisation, PlantingArea
from app.registry.document_queries import find_same, taken_by
from app.registry.papers import FIELD, Paper

MOST_PAPERS = 40
MOST_BYTES_AN_AREA = 60 * 1024 * 1024


def add_document(
    session: Session,
    *,
    area: PlantingArea,
    kind: DocumentKind,
    paper: Paper,
    by: Actor,
    now: datetime,
    step: AreaCodeStep | None = None,
) -> Document:
    """Keep a cleaned paper with an area; `step`: the step of a code that it was given for.

    Raises Refused when the area has no room for more, Conflict when it has the same paper.
    """
    _require_room(session, area, paper)
    known = find_same(session, area, paper.sha256)
    if known is not None:
        why = say("The area has this paper already: {name}.", name=known.filename)
        raise Conflict(why, FieldError(FIELD, why))
    document = Document(
        area_id=area.pk,
        step_id=step.pk if step else None,
        kind=kind,
        filename=paper.filename,
        media_type=paper.media_type,
        size=len(paper.content),
        pages=paper.pages,
        sha256=paper.sha256,
        added_at=now,
    )
    session.add(document)
    session.flush()  # the paper's id, for its content
    session.add(DocumentContent(document_id=document.pk, content=paper.content))
    _record(session, area, document, "document.added", by=by, now=now)
    return document


def remove_document(
    session: Session, *, document: Document, area: PlantingArea, by: Actor, now: datetime
) -> None:
    """Take a paper away: its content goes, that it was there stays in the ledger.

    Raises Refused for a paper that a decision about a code rests on.
    """
    if document.step_id is not None:
        raise Refused(say("A decision rests on this paper; it stays."))
    document.removed_at = now
    session.execute(delete(DocumentContent).where(col(DocumentContent.document_id) == document.pk))
    _record(session, area, document, "document.removed", by=by, now=now)


def _require_room(session: Session, area: PlantingArea, paper: Paper) -> None:
    count, size = taken_by(session, area)
    if count >= MOST_PAPERS:
        raise refuse(FIELD, say("An area has at most {most} papers.", most=MOST_PAPERS))
    if size + len(paper.content) > MOST_BYTES_AN_AREA:
        most = MOST_BYTES_AN_AREA >> 20
        raise refuse(FIELD, say("The papers of an area have at most {most} MB.", most=most))


def _record(
    session: Session,
    area: PlantingArea,
    document: Document,
    kind: str,
    *,
    by: Actor,
    now: datetime,
) -> None:
    record(
        session,
        kind=kind,
        subject=str(area.uid),
        by=by,
        now=now,
        organisation=session.get_one(Organisation, area.organisation_id).uid,
        facts={
            "document": document.uid,
            "kind": document.kind,
            "media_type": document.media_type,
            "size": document.size,
            "sha256": document.sha256,
        },
        personal={"filename": document.filename},
    )
