"""Whether an input may be used on a crop on a day, and how long to wait before harvest. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.catalogue.active_names import keys_in
from app.catalogue.input_matching import (
    exception_for,
    find_regulated,
    is_for,
    keys_of_active,
    permission_on,
)
from app.kit.messages import Message, say
from app.models.catalogue import ActiveStatus, Crop, RegulatedActive
from app.models.inputs import (
    InputKind,
    InputProduct,
    Permission,
    ProductActive,
    ProductPermission,
    ProductUse,
    UseException,
)


class VerdictKind(StrEnum):
    """What the catalogue says of a use. `NOT_JUDGED`: what would be needed to say is not known."""

    PERMITTED = "permitted"
    BANNED = "banned"
    REMOVED = "removed"
    UNLISTED = "unlisted"
    NOT_FOR_CROP = "not_for_crop"
    EXCEPTED = "excepted"
    NOT_JUDGED = "not_judged"


@dataclass(frozen=True)
class InputVerdict:
    """What is to be said of one input on one crop on one day.

    `interval_days`: days from the use to the harvest, the longest that is known of; None: unknown.
    """

    kind: VerdictKind
    reason: Message
    interval_days: int | None


@dataclass(frozen=True)
class UsedInput:
    """What was used, as the diary has it. `kind` is that of the product, or as the work suggests."""

    name: str
    actives: str = ""
    interval_days: int | None = None
    kind: InputKind = InputKind.PESTICIDE


@dataclass(frozen=True)
class ProductFacts:
    """A product of the catalogue and all that is known of it, in every version."""

    product: InputProduct
    actives: tuple[ProductActive, ...] = ()
    permissions: tuple[ProductPermission, ...] = ()
    uses: tuple[ProductUse, ...] = ()
    exceptions: tuple[UseException, ...] = ()


def verdict_of(
    used: UsedInput,
    facts: ProductFacts | None,
    *,
    regulated: Sequence[RegulatedActive],
    crop: Crop,
    organisation_id: int,
    on: date,
) -> InputVerdict:
    """The verdict on one use. A ban of an active comes before all that a product may say for itself."""
    names = _names(used, facts)
    ban = _ban(used, facts, names, regulated, on=on)
    if ban is not None:
        return ban
    if facts is None:
        return _verdict_of_named(used, names, regulated, on=on)
    if facts.product.kind is not InputKind.PESTICIDE:
        return InputVerdict(VerdictKind.NOT_JUDGED, NOT_A_PESTICIDE, used.interval_days)
    standing = permission_on(facts.permissions, on)
    if standing is None or standing.status is Permission.REMOVED:
        return _verdict_off_list(used, facts, standing, names, regulated, on=on)
    return _verdict_for_crop(used, facts, crop, organisation_id, on=on)


def find_interval_warning(interval_days: int | None, longest: int | None) -> Message | None:
    """A second look at an interval that is longer than may be registered for vegetables.

    The value stays: an older product may carry it, and a longer wait is the safer one.
    """
    if interval_days is None or longest is None or interval_days <= longest:
        return None
    return say(
        "{days} days is longer than the {longest} days that may be registered for vegetables."
        " Check the label; the value is kept.",
        days=interval_days,
        longest=longest,
    )


def longest_of(*intervals: int | None) -> int | None:
    """The longest interval that is known; None when none is."""
    return max((days for days in intervals if days is not None), default=None)


NOT_A_PESTICIDE = say("Only pesticides are judged by the permitted list.")


def _names(used: UsedInput, facts: ProductFacts | None) -> frozenset[str]:
    written = [used.name, used.actives]
    if facts is not None:
        written += [facts.product.name, *(active.name for active in facts.actives)]
    return frozenset(key for text in written for key in keys_in(text))


def _ban(
    used: UsedInput,
    facts: ProductFacts | None,
    names: frozenset[str],
    regulated: Sequence[RegulatedActive],
    *,
    on: date,
) -> InputVerdict | None:
    own = used.interval_days
    banned = find_regulated(names, regulated, on=on, status=ActiveStatus.BANNED)
    if banned is not None:
        return InputVerdict(VerdictKind.BANNED, _banned(banned), own)
    standing = None if facts is None else permission_on(facts.permissions, on)
    if facts is not None and standing is not None and standing.status is Permission.BANNED:
        return InputVerdict(VerdictKind.BANNED, _off_list(facts, standing), own)
    later = _banned_later(names, regulated, on=on)
    return None if later is None else InputVerdict(VerdictKind.NOT_JUDGED, later, own)


def _verdict_of_named(
    used: UsedInput, names: frozenset[str], regulated: Sequence[RegulatedActive], *, on: date
) -> InputVerdict:
    removed = find_regulated(names, regulated, on=on, status=ActiveStatus.REMOVED)
    if removed is not None:
        return InputVerdict(VerdictKind.REMOVED, _removed(removed), used.interval_days)
    if used.kind is not InputKind.PESTICIDE:
        return InputVerdict(VerdictKind.NOT_JUDGED, NOT_A_PESTICIDE, used.interval_days)
    why = say("{product} is not in the catalogue of inputs.", product=used.name)
    return InputVerdict(VerdictKind.UNLISTED, why, used.interval_days)


def _verdict_off_list(
    used: UsedInput,
    facts: ProductFacts,
    standing: ProductPermission | None,
    names: frozenset[str],
    regulated: Sequence[RegulatedActive],
    *,
    on: date,
) -> InputVerdict:
    wait = longest_of(used.interval_days, *(use.interval_days for use in facts.uses))
    if standing is not None:
        return InputVerdict(VerdictKind.REMOVED, _off_list(facts, standing), wait)
    removed = find_regulated(names, regulated, on=on, status=ActiveStatus.REMOVED)
    if removed is not None:
        return InputVerdict(VerdictKind.REMOVED, _removed(removed), wait)
    known = sorted(facts.permissions, key=lambda one: one.valid_from)
    name = facts.product.name
    if not known:
        why = say("{product} is not on the permitted list as far as is known.", product=name)
        return InputVerdict(VerdictKind.UNLISTED, why, wait)
    if on < known[0].valid_from:
        why = say(
            "The list as it stood on {day} is not known here; {product} is on it since {since}.",
            day=on,
            product=name,
            since=known[0].valid_from,
        )
        return InputVerdict(VerdictKind.NOT_JUDGED, why, wait)
    why = say("{product} was no longer on the permitted list on {day}.", product=name, day=on)
    return InputVerdict(VerdictKind.REMOVED, why, wait)


def _verdict_for_crop(
    used: UsedInput, facts: ProductFacts, crop: Crop, organisation_id: int, *, on: date
) -> InputVerdict:
    fitting = [use for use in facts.uses if is_for(use, crop)]
    name = facts.product.name
    if fitting:
        wait = longest_of(used.interval_days, *(use.interval_days for use in fitting))
        why = say("{product} is registered for {crop}.", product=name, crop=fitting[0].crop_words)
        return InputVerdict(VerdictKind.PERMITTED, why, wait)
    wait = longest_of(used.interval_days, *(use.interval_days for use in facts.uses))
    excepted = exception_for(facts.exceptions, crop, organisation_id, on=on)
    if excepted is not None:
        why = say(
            "{product} is not registered for {crop}; an officer allowed it: {reason}",
            product=name,
            crop=crop.name_vi,
            reason=excepted.reason,
        )
        return InputVerdict(
            VerdictKind.EXCEPTED, why, longest_of(used.interval_days, excepted.interval_days)
        )
    if not facts.uses:
        why = say("What {product} is registered for is not known here.", product=name)
        return InputVerdict(VerdictKind.NOT_JUDGED, why, wait)
    why = say("{product} is not registered for {crop}.", product=name, crop=crop.name_vi)
    return InputVerdict(VerdictKind.NOT_FOR_CROP, why, wait)


def _banned_later(
    names: frozenset[str], regulated: Sequence[RegulatedActive], *, on: date
) -> Message | None:
    """For a day before the oldest list known here: what is banned today may have been then."""
    editions = [one.valid_from for one in regulated if one.valid_from is not None]
    if not editions or on >= min(editions):
        return None
    for active in regulated:
        listed = active.status is ActiveStatus.BANNED and keys_of_active(active) & names
        if listed and active.valid_from is not None:
            return say(
                "{active} is banned since {since} at the latest; the list of {day} is not known here.",
                active=active.name,
                since=active.valid_from,
                day=on,
            )
    return None


def _banned(active: RegulatedActive) -> Message:
    return say("{active} is banned ({law}).", active=active.name, law=active.legal_ref)


def _removed(active: RegulatedActive) -> Message:
    return say(
        "{active} was taken off the permitted list ({law}).",
        active=active.name,
        law=active.legal_ref,
    )


def _off_list(facts: ProductFacts, standing: ProductPermission) -> Message:
    product, since, law = facts.product.name, standing.valid_from, standing.legal_ref
    if standing.status is Permission.BANNED:
        return say(
            "{product} is banned since {since} ({law}).", product=product, since=since, law=law
        )
    return say(
        "{product} was taken off the permitted list on {since} ({law}).",
        product=product,
        since=since,
        law=law,
    )
