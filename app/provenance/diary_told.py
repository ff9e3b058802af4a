"""The diary of a lot in a shopper's measure: what was done how often, what was sprayed last. Pure."""

from datetime import date

from app.catalogue.input_rules import VerdictKind
from app.lots.facts import DiaryFacts, Use
from app.lots.inputs import find_unfit
from app.lots.waiting import over_on, that_count, waiting_of
from app.provenance.standing import Inputs
from app.provenance.story import DiaryTold, TreatmentTold

# Of the treatments a harvest had to wait for, so many are named, the latest first.
MOST_TREATMENTS = 3


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
