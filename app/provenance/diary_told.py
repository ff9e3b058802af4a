"""The diary of a lot in a shopper's measure: what was done how often, what was sprayed last. Pure."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from math import inf

from app.catalogue.input_rules import VerdictKind
from app.lots.facts import DiaryFacts, Use
from app.lots.inputs import find_unfit
from app.lots.waiting import Waiting, over_on, that_count, waiting_of
from app.models.diary import Work
from app.provenance.standing import Inputs
from app.provenance.story import DiaryTold, TreatmentTold

# Of the treatments a harvest had to wait for, so many are named, the latest first.
MOST_TREATMENTS = 3
_WORST_FIRST = (Waiting.BROKEN, Waiting.UNKNOWN, Waiting.KEPT)


def diary_told(diary: DiaryFacts | None, harvested_on: date) -> DiaryTold | None:
    """The summary; None where no diary, or an empty one, is linked to the harvest."""
    if diary is None or not diary.entries:
        return None
    uses = sorted(that_count(diary.uses, harvested_on), key=lambda use: use.on, reverse=True)
    deciding = _deciding(uses)
    return DiaryTold(
        counts=dict(diary.works),
        sown_on=diary.sown_on,
        treatments=tuple(_told(use, harvested_on) for use in uses[:MOST_TREATMENTS]),
        deciding=_told(deciding, harvested_on) if deciding else None,
        waiting=waiting_of(diary, harvested_on),
    )


def diaries_told(told: Sequence[DiaryTold | None]) -> DiaryTold | None:
    """The diaries of all harvests in a lot as one; None as soon as one of them has none."""
    known = [one for one in told if one is not None]
    if len(known) < len(told) or len(known) <= 1:
        return known[0] if len(known) == len(told) == 1 else None
    counts: Counter[Work] = Counter()
    for one in known:
        counts.update(one.counts)
    uses = sorted(
        {use for one in known for use in one.treatments}, key=lambda use: use.on, reverse=True
    )
    deciding = [one.deciding for one in known if one.deciding is not None]
    sown = [one.sown_on for one in known if one.sown_on is not None]
    return DiaryTold(
        counts=dict(counts),
        sown_on=min(sown, default=None),
        treatments=tuple(uses[:MOST_TREATMENTS]),
        deciding=max(deciding, key=_left_to_wait, default=None),
        waiting=next(one for one in _WORST_FIRST if one in {each.waiting for each in known}),
    )


def _left_to_wait(use: TreatmentTold) -> tuple[float, date]:
    left = inf if use.interval_days is None else use.interval_days - use.waited_days
    return left, use.on


def _deciding(uses: list[Use]) -> Use | None:
    """The treatment whose waiting time ends last; before all others one of which nobody knows it."""
    return max(uses, key=lambda use: (over_on(use) or date.max, use.on), default=None)


def _told(use: Use, harvested_on: date) -> TreatmentTold:
    return TreatmentTold(use.product, use.on, use.interval_days, (harvested_on - use.on).days)


def inputs_of(diary: DiaryFacts | None) -> Inputs:
    """Whether all the diary names was permitted; an unknown product is neither good nor bad."""
    if diary is None or not diary.entries:
        return Inputs.UNKNOWN
    unfit = find_unfit(diary.uses)
    if unfit is None:
        return Inputs.FIT
    return Inputs.UNKNOWN if unfit.verdict is VerdictKind.NOT_JUDGED else Inputs.UNFIT
