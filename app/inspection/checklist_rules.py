"""What is wrong with the items of a checklist, row by row; items as lines of text. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.errors import FieldError
from app.kit.messages import Message, say
from app.models.checklists import Severity

MOST_ITEMS = 100
LONGEST_TEXT, LONGEST_CLAUSE, SHORTEST_TEXT = 300, 120, 5
COLUMNS = 6
_KEY = re.compile(r"[a-z][a-z0-9_]{1,39}")


@dataclass(frozen=True)
class Asked:
    """One thing to look at. Without English or Chinese words the Vietnamese ones are shown."""

    key: str
    severity: Severity | None
    clause: str
    text_vi: str
    text_en: str = ""
    text_zh: str = ""


def faults_of_items(items: Sequence[Asked]) -> Iterator[FieldError]:
    """A sentence for every wrong row, with its number."""
    if not items:
        yield FieldError("items", say("A checklist asks at least one thing."))
    if len(items) > MOST_ITEMS:
        yield FieldError("items", say("A checklist asks at most {most} things.", most=MOST_ITEMS))
    seen: set[str] = set()
    for number, one in enumerate(items, start=1):
        why = _find_fault(one, seen)
        seen.add(one.key)
        if why is not None:
            yield FieldError("items", say("Row {number}: {why}", number=number, why=why))


def read_items(typed: str) -> list[Asked]:
    """Rows as they are typed or pasted from a sheet: six columns between tabs or bars."""
    rows = [line for line in typed.splitlines() if line.strip()]
    return [_read(line) for line in rows]


def written_items(items: Sequence[Asked]) -> str:
    """The same rows as text."""
    return "\n".join(
        " | ".join([one.key, one.severity or "", one.clause, one.text_vi, one.text_en, one.text_zh])
        for one in items
    )


def _read(line: str) -> Asked:
    cells = [cell.strip() for cell in line.split("\t" if "\t" in line else "|", COLUMNS - 1)]
    key, grave, clause, vi, en, zh = cells + [""] * (COLUMNS - len(cells))
    known = grave.casefold() in set(Severity)
    return Asked(key, Severity(grave.casefold()) if known else None, clause, vi, en, zh)


def _find_fault(one: Asked, seen: set[str]) -> Message | None:
    if not _KEY.fullmatch(one.key):
        return say("A code is 2 to 40 small letters, digits and _, a letter first.")
    if one.key in seen:
        return say("The code {code} stands twice.", code=one.key)
    return _find_fault_of_words(one)


def _find_fault_of_words(one: Asked) -> Message | None:
    if one.severity is None:
        return say("Say how grave a fault is: critical, major or minor.")
    if len(one.clause) > LONGEST_CLAUSE:
        return say("The legal reference is longer than {most} letters.", most=LONGEST_CLAUSE)
    if len(one.text_vi) < SHORTEST_TEXT:
        return say("Say in Vietnamese what is looked at.")
    if max(map(len, (one.text_vi, one.text_en, one.text_zh))) > LONGEST_TEXT:
        return say("The words are longer than {most} letters.", most=LONGEST_TEXT)
    return None
