"""What somebody wrote into an entry, cleaned, or refused at the field it was written into. Pure."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from app.catalogue.input_words import interval_of
from app.diary.rules import MOST_INPUTS
from app.diary.writing import Using, Writing
from app.errors import refuse
from app.kit.messages import say
from app.registry.words import text_of

LONGEST = {"operator": 120, "weather": 60, "pest": 160, "reason": 300}
LONGEST_INPUT = {"name": 160, "actives": 300, "unit": 20, "batch_number": 60}
# Guards against a slip of the finger, and what a database column holds: a thousand tonnes.
MOST_AMOUNT = 10**12
MOST_WATER_ML = 10**10
YEARS = range(2000, 2100)
MOST_PLOTS = 500


def cleaned_writing(writing: Writing) -> Writing:
    """The same as it is kept. Raises Refused for what cannot be stored."""
    if writing.uid is not None and writing.uid.version != UUID_VERSION:
        raise refuse("uid", say("The id of an entry is a UUID of version 7."))
    if len(writing.inputs) > MOST_INPUTS:
        raise refuse("inputs", say("At most {most} inputs in one entry.", most=MOST_INPUTS))
    if len(writing.plots) > MOST_PLOTS:
        raise refuse("plots", say("There is no such plot."))
    for field in ("written_at", "sent_at"):
        _require_sane(field, getattr(writing, field))
    texts: dict[str, Any] = {
        name: text_of(name, getattr(writing, name), longest=longest)
        for name, longest in LONGEST.items()
    }
    note = text_of("note", writing.note, longest=1000, multiline=True)
    used = tuple(_cleaned_using(one) for one in writing.inputs)
    plots = tuple(dict.fromkeys(writing.plots))
    return replace(writing, note=note, inputs=used, plots=plots, **texts)


UUID_VERSION = 7


def _cleaned_using(one: Using) -> Using:
    texts: dict[str, Any] = {
        name: text_of("inputs", getattr(one, name), longest=longest)
        for name, longest in LONGEST_INPUT.items()
    }
    if not texts["name"] and one.product is None:
        raise refuse("inputs", say("Name what was used."))
    _require_amount(one.amount, MOST_AMOUNT)
    _require_amount(one.water_ml, MOST_WATER_ML)
    return replace(one, interval_days=interval_of(one.interval_days), **texts)


def _require_amount(amount: int | None, most: int) -> None:
    if amount is not None and not 0 < amount <= most:
        raise refuse("inputs", say("An amount is more than nothing, and not that much."))


def _require_sane(field: str, instant: datetime | None) -> None:
    if instant is not None and instant.year not in YEARS:
        raise refuse(field, say("The telephone's clock shows no year of ours. Set it."))
