"""The form of a visit that works without a script: its flat fields from a sheet, and back."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from pydantic import ValidationError

from app.errors import refuse
from app.inspection.sheet import Sheet
from app.kit.messages import say
from app.models.visits import Signer
from app.web.forms import Typed

EMPTY_FINDINGS, EMPTY_SAMPLES = 2, 1
MOST_ROWS = 30


def flat(sheet: Sheet) -> dict[str, str]:
    """The fields of a form that shows a sheet."""
    fields = {"note": sheet.note, "area": str(sheet.area or "")}
    for answer in sheet.answers:
        fields[f"outcome_{answer.item}"] = answer.outcome
        fields[f"note_{answer.item}"] = answer.note
    for number, found in enumerate(sheet.findings, start=1):
        fields |= {
            f"finding_uid_{number}": str(found.uid),
            f"finding_item_{number}": found.item or "",
            f"finding_severity_{number}": found.severity,
            f"finding_words_{number}": found.words,
            f"finding_due_{number}": found.due_on.isoformat() if found.due_on else "",
        }
    for number, taken in enumerate(sheet.samples, start=1):
        fields |= {
            f"sample_uid_{number}": str(taken.uid),
            f"sample_lot_{number}": taken.lot or "",
            f"sample_what_{number}": taken.what,
            f"sample_seal_{number}": taken.seal,
            f"sample_place_{number}": taken.place,
        }
    for signed in sheet.signatures:
        fields[f"name_{signed.signer}"] = signed.name
        fields[f"affirmed_{signed.signer}"] = "yes" if signed.affirmed else ""
    return fields


def rows_of(fields: dict[str, str]) -> dict[str, int]:
    """How many rows of findings and samples a form shows: those filled in, and some empty ones."""
    return {
        "findings": min(_filled(fields, "finding_words_") + EMPTY_FINDINGS, MOST_ROWS),
        "samples": min(_filled(fields, "sample_what_") + EMPTY_SAMPLES, MOST_ROWS),
    }


def sheet_in(typed: Typed, former: Sheet, *, now: Any, finish: bool) -> Sheet:
    """The sheet that was typed, one revision on; refused for what cannot be read."""
    parts = {
        **former.model_dump(mode="json"),
        "revision": former.revision + 1,
        "finished_at": now.isoformat() if finish else None,
        "note": typed.raw("note"),
        "area": typed.raw("area") or None,
        "answers": _answers(typed),
        "findings": _findings(typed),
        "samples": _samples(typed),
        "signatures": _signatures(typed, former),
    }
    typed.done()
    try:
        return Sheet.model_validate(parts)
    except ValidationError as fault:
        where = fault.errors()[0]["loc"]
        name = "_".join(str(one) for one in where)[:60]
        raise refuse(
            name, say("This cannot be read as a visit. See {field}.", field=name)
        ) from None


def _answers(typed: Typed) -> list[dict[str, Any]]:
    chosen = {
        name.removeprefix("outcome_"): value
        for name, value in typed.fields.items()
        if name.startswith("outcome_") and value
    }
    return [
        {"item": key, "outcome": outcome, "note": typed.raw(f"note_{key}")}
        for key, outcome in chosen.items()
    ]


def _findings(typed: Typed) -> list[dict[str, Any]]:
    return [
        {
            "uid": _uid(typed, f"finding_uid_{number}"),
            "item": typed.raw(f"finding_item_{number}") or None,
            "severity": typed.raw(f"finding_severity_{number}") or "major",
            "words": typed.raw(f"finding_words_{number}"),
            "due_on": _iso(typed.day(f"finding_due_{number}")),
        }
        for number in range(1, MOST_ROWS + 1)
        if typed.raw(f"finding_words_{number}").strip()
    ]


def _samples(typed: Typed) -> list[dict[str, Any]]:
    return [
        {
            "uid": _uid(typed, f"sample_uid_{number}"),
            "lot": typed.raw(f"sample_lot_{number}").strip() or None,
            "what": typed.raw(f"sample_what_{number}"),
            "seal": typed.raw(f"sample_seal_{number}"),
            "place": typed.raw(f"sample_place_{number}"),
        }
        for number in range(1, MOST_ROWS + 1)
        if typed.raw(f"sample_what_{number}").strip() or typed.raw(f"sample_seal_{number}").strip()
    ]


def _signatures(typed: Typed, former: Sheet) -> list[dict[str, Any]]:
    """Names that were typed; what somebody drew on a telephone stays under the same name."""
    drawn = {(one.signer, one.name): one.strokes for one in former.signatures}
    return [
        {
            "signer": signer,
            "name": typed.raw(f"name_{signer}"),
            "strokes": drawn.get((signer, typed.raw(f"name_{signer}")), ""),
            "affirmed": typed.ticked(f"affirmed_{signer}"),
        }
        for signer in Signer
        if typed.raw(f"name_{signer}").strip()
    ]


def _uid(typed: Typed, name: str) -> str:
    try:
        return str(UUID(typed.raw(name)))
    except ValueError:
        return str(uuid4())


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _filled(fields: dict[str, str], prefix: str) -> int:
    return sum(1 for name, value in fields.items() if name.startswith(prefix) and value.strip())
