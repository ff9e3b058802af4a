"""Which crop may follow which on the same land, by botanical family. Pure; it only ever advises."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from app.kit.messages import Message, say
from app.models.catalogue import Crop

LEGUMES = "Fabaceae"
# One crop before is no habit yet: a legume is advised from the second planting without one.
WITHOUT_LEGUME = 2


@dataclass(frozen=True)
class Grown:
    """What stood on some of the same land before: `ended_on` None while it still stands."""

    planting: UUID
    crop_id: int
    crop_name: str
    family: str
    sown_on: date
    ended_on: date | None


def rotation_advice(
    crop: Crop, sown_on: date, before: Sequence[Grown], *, look_back: timedelta
) -> list[Message]:
    """What speaks against sowing a crop on land on a day: its own family stood there not long ago.

    The plan (part IV.3): not one crop again and again, not one family on the same land, legumes
    in between. `before`: what stood on the same land, in any order.
    """
    recent = sorted(
        (one for one in before if _within(one, sown_on, look_back)),
        key=lambda one: (one.ended_on or date.max, one.sown_on),
        reverse=True,
    )
    repeated = next((one for one in recent if _is_same(one, crop)), None)
    if repeated is None:
        return []
    advice = [_repetition(repeated, crop)]
    if crop.family != LEGUMES and _lacks_legume(recent):
        advice.append(
            say("A legume in between (peas, beans) mends the soil and breaks the round of pests.")
        )
    return advice


def _within(one: Grown, sown_on: date, look_back: timedelta) -> bool:
    if one.sown_on > sown_on:
        return False
    return one.ended_on is None or one.ended_on >= sown_on - look_back


def _is_same(one: Grown, crop: Crop) -> bool:
    return one.crop_id == crop.id or (crop.family != "" and one.family == crop.family)


def _lacks_legume(recent: Sequence[Grown]) -> bool:
    return len(recent) >= WITHOUT_LEGUME and all(one.family != LEGUMES for one in recent)


def _repetition(one: Grown, crop: Crop) -> Message:
    if one.crop_id == crop.id:
        return say(
            "{crop} stood on this land already, sown on {sown}. Another family is better now.",
            crop=one.crop_name,
            sown=one.sown_on,
        )
    return say(
        "{earlier}, sown here on {sown}, is of the same family as {crop} ({family})."
        " Another family is better now.",
        earlier=one.crop_name,
        sown=one.sown_on,
        crop=crop.name_vi,
        family=crop.family,
    )
