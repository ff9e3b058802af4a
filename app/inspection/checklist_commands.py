"""A new edition of a checklist from a day on; the editions before it stay as visits used them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from app.errors import Conflict, FieldError, Refused, refuse
from app.inspection.checklist_queries import ChecklistLine, newest_edition
from app.inspection.checklist_rules import Asked, faults_of_items
from app.kit.clock import day_of
from app.kit.messages import say
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.catalogue import Confidence, RowSource
from app.models.checklists import Checklist, ChecklistItem


@dataclass(frozen=True)
class Edition:
    """What an administrator writes: from when it holds, on what it rests, what is asked."""

    valid_from: date
    legal_ref: str
    confidence: Confidence
    items: Sequence[Asked]


def publish_edition(
    session: Session, slug: str, edition: Edition, *, by: Actor, now: datetime
) -> Checklist:
    """Write the next edition of a checklist. No edition before it is changed."""
    former = newest_edition(session, slug)
    _require_plausible(former, edition, day_of(now))
    last = former.checklist
    made = Checklist(
        slug=slug,
        edition=last.edition + 1,
        name_vi=last.name_vi,
        name_en=last.name_en,
        name_zh=last.name_zh,
        standard_code=last.standard_code,
        legal_ref=edition.legal_ref,
        confidence=edition.confidence,
        valid_from=edition.valid_from,
        source=RowSource.EDITED,
    )
    session.add(made)
    session.flush()  # its id, for its items; of two at once UNIQUE(slug, edition) lets one through
    session.add_all(_items(made, edition, former))
    session.flush()
    record(
        session,
        kind="checklist.published",
        subject=f"checklist {slug}",
        by=by,
        now=now,
        facts={
            "edition": made.edition,
            "valid_from": made.valid_from,
            "legal_ref": made.legal_ref,
            "items": [
                {
                    "key": one.key,
                    "severity": one.severity,
                    "clause": one.clause,
                    "text": one.text_vi,
                }
                for one in edition.items
            ],
        },
    )
    return made


def _require_plausible(former: ChecklistLine, edition: Edition, today: date) -> None:
    faults = list(faults_of_items(edition.items))
    if edition.valid_from < today:
        faults.append(
            FieldError("valid_from", say("The day {day} is over.", day=edition.valid_from))
        )
    if not edition.legal_ref.strip():
        faults.append(FieldError("legal_ref", say("Say on which text it rests.")))
    if faults:
        raise Refused(faults[0].why, *faults)
    last = former.checklist
    if last.valid_from > edition.valid_from:
        why = say("Edition {number} begins on {day}: this one must not begin before it.",
                  number=last.edition, day=last.valid_from)  # fmt: skip
        raise refuse("valid_from", why)
    if _asked_of(former) == list(edition.items):
        raise Conflict(say("It asks the same as edition {number}.", number=last.edition))


def _items(made: Checklist, edition: Edition, former: ChecklistLine) -> Iterator[ChecklistItem]:
    """What is asked word for word as before is as sure as before; what is new, as the edition is."""
    before = {one.key: one for one in former.items}
    for rank, asked in enumerate(edition.items, start=1):
        known = before.get(asked.key)
        same = known is not None and asked_of(known) == asked
        assert asked.severity is not None  # a row without is refused above
        yield ChecklistItem(
            checklist_id=made.pk,
            rank=rank,
            key=asked.key,
            clause=asked.clause,
            text_vi=asked.text_vi,
            text_en=asked.text_en or asked.text_vi,
            text_zh=asked.text_zh or asked.text_vi,
            severity=asked.severity,
            confidence=known.confidence if known and same else edition.confidence,
            enforced=known.enforced if known and same else False,
            source=RowSource.EDITED,
        )


def asked_of(item: ChecklistItem) -> Asked:
    """An item as an administrator writes it."""
    return Asked(item.key, item.severity, item.clause, item.text_vi, item.text_en, item.text_zh)


def _asked_of(line: ChecklistLine) -> list[Asked]:
    return [asked_of(one) for one in line.items]
