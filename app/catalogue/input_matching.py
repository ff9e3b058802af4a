"""What fits what among inputs: names and lists, words and crops, exceptions and days. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date

from app.catalogue.active_names import name_keys
from app.kit.text import fold
from app.models.catalogue import ActiveStatus, Crop, RegulatedActive
from app.models.inputs import ProductPermission, ProductUse, UseException

SYNONYMS_APART = ";"
ANY_VEGETABLE = "vegetable"
# How the permitted list words a group of crops; a family or ANY_VEGETABLE. Keys are folded.
GROUPS: dict[str, str] = {
    "rau": ANY_VEGETABLE,
    "rau mau": ANY_VEGETABLE,
    "rau cac loai": ANY_VEGETABLE,
    "cay rau": ANY_VEGETABLE,
    "rau cai": "Brassicaceae",
    "rau cai cac loai": "Brassicaceae",
    "rau ho cai": "Brassicaceae",
    "rau ho thap tu": "Brassicaceae",
    "rau thap tu": "Brassicaceae",
    "ho thap tu": "Brassicaceae",
    "ho cai": "Brassicaceae",
    "dau": "Fabaceae",
    "cay ho dau": "Fabaceae",
    "rau ho dau": "Fabaceae",
    "dau rau": "Fabaceae",
    "dau an qua": "Fabaceae",
    "ho ca": "Solanaceae",
    "rau ho ca": "Solanaceae",
    "bau bi": "Cucurbitaceae",
    "ho bau bi": "Cucurbitaceae",
    "rau ho bau bi": "Cucurbitaceae",
}


def find_regulated(
    names: frozenset[str], regulated: Iterable[RegulatedActive], *, on: date, status: ActiveStatus
) -> RegulatedActive | None:
    """The first active of a status, in force on a day, whose whole name or synonym is among the keys."""
    return next(
        (
            active
            for active in regulated
            if active.status is status
            and holds(active.valid_from, active.valid_to, on)
            and keys_of_active(active) & names
        ),
        None,
    )


def keys_of_active(active: RegulatedActive) -> frozenset[str]:
    """The keys of an active's name and of its synonyms."""
    written = [active.name, *active.synonyms.split(SYNONYMS_APART)]
    return frozenset(key for name in written for key in name_keys(name))


def permission_on(permissions: Sequence[ProductPermission], on: date) -> ProductPermission | None:
    """What holds of a product on a day; of several that hold, the one that began last."""
    holding = [one for one in permissions if holds(one.valid_from, one.valid_to, on)]
    return max(holding, key=lambda one: one.valid_from, default=None)


def group_of(crop_words: str) -> str:
    """The family, or any vegetable, that the list's words mean; empty where they mean no group."""
    return GROUPS.get(fold(crop_words), "")


def is_for(use: ProductUse, crop: Crop) -> bool:
    """Whether a use is of a crop itself, or of a group that the crop belongs to."""
    if use.crop_id is not None:
        return use.crop_id == crop.id
    return use.crop_group in _groups_of(crop)


def exception_for(
    exceptions: Sequence[UseException], crop: Crop, organisation_id: int, *, on: date
) -> UseException | None:
    """An officer's exception that holds for a crop and an organisation on a day; its own one first."""
    holding = [
        one
        for one in exceptions
        if one.crop_id == crop.id
        and one.organisation_id in {None, organisation_id}
        and one.ended_at is None
        and holds(one.valid_from, one.valid_to, on)
    ]
    return min(holding, key=lambda one: one.organisation_id is None, default=None)


def _groups_of(crop: Crop) -> frozenset[str]:
    return frozenset({ANY_VEGETABLE, crop.family, crop.policy_group.value}) - {""}


def holds(since: date | None, until: date | None, day: date) -> bool:
    return (since is None or since <= day) and (until is None or until >= day)
