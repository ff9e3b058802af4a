"""A unit's own part of a report: what it says, what cannot be, how far it is from the records. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pydantic import TypeAdapter

from app.errors import FieldError, Refused
from app.kit.messages import say
from app.ledger.leaf import canonical
from app.models.catalogue import CropGroup
from app.models.plan_reports import PlanSubmission

MOST_M2 = 10**9
MOST_G = 10**13
MOST_DONG = 10**15
# Farther apart than so many percent, the two figures want a word with the unit.
FAR_PERCENT = 20


@dataclass(frozen=True)
class GroupPart:
    """What a unit says of one group of crops; None: it does not say."""

    group: CropGroup
    sown_m2: int | None = None
    output_g: int | None = None
    value_dong: int | None = None


@dataclass(frozen=True)
class PartFigures:
    """What a unit says of a period: its land once, and what was grown on it by group."""

    land_m2: int | None = None
    groups: tuple[GroupPart, ...] = ()

    @property
    def sown_m2(self) -> int | None:
        return _sum(one.sown_m2 for one in self.groups)

    @property
    def output_g(self) -> int | None:
        return _sum(one.output_g for one in self.groups)

    @property
    def value_dong(self) -> int | None:
        return _sum(one.value_dong for one in self.groups)

    def of(self, group: CropGroup) -> GroupPart:
        """What is said of a group."""
        return next((one for one in self.groups if one.group is group), GroupPart(group))


@dataclass(frozen=True)
class Difference:
    """What a unit says against what the records gave when it said it."""

    said: int | None
    ours: int | None

    @property
    def less(self) -> int | None:
        """By how much it says more (less: negative); None where one of the two is not known."""
        return None if self.said is None or self.ours is None else self.said - self.ours

    @property
    def is_far(self) -> bool:
        """Whether the two lie so far apart that somebody should ask."""
        if self.less is None:
            return self.said is not None and self.said > 0
        return abs(self.less) * 100 > FAR_PERCENT * max(self.ours or 0, 1)


class Channel(StrEnum):
    """Who entered a part: the organisation itself, a commune by its link, an officer for it."""

    UNIT = "unit"
    LINK = "link"
    OFFICER = "officer"


def channel_of(submission: PlanSubmission) -> Channel:
    """How a part came in."""
    if submission.link_id is not None:
        return Channel.LINK
    own = submission.organisation_id == submission.entered_by_id
    return Channel.UNIT if own else Channel.OFFICER


_PART = TypeAdapter(PartFigures)


def part_written(part: PartFigures) -> str:
    """The figures as they are kept."""
    return canonical(_PART.dump_python(part, mode="json")).decode()


def part_read(text: str) -> PartFigures:
    """The figures from the text that was kept."""
    return _PART.validate_json(text)


def require_plausible(part: PartFigures) -> None:
    """Refuse, field by field, what no unit can mean."""
    faults = list(_faults(part))
    if faults:
        raise Refused(faults[0].why, *faults)


def field_of(what: str, group: CropGroup | None = None) -> str:
    """The name of a figure's field in forms and requests."""
    return what if group is None else f"{what}_{group.value}"


def _faults(part: PartFigures) -> Iterable[FieldError]:
    if part.land_m2 is None and all(
        one.sown_m2 is None and one.output_g is None for one in part.groups
    ):
        nothing = say("Write at least one figure; 0 where nothing was grown.")
        yield FieldError("land_m2", nothing)
        return
    yield from _bounds("land_m2", part.land_m2, MOST_M2)
    for one in part.groups:
        yield from _faults_of(one)
    if part.land_m2 == 0 and part.sown_m2:
        yield FieldError("land_m2", say("Something was sown, so there was land."))


def _faults_of(one: GroupPart) -> Iterable[FieldError]:
    sown, output, value = (
        field_of(what, one.group) for what in ("sown_m2", "output_g", "value_dong")
    )
    yield from _bounds(sown, one.sown_m2, MOST_M2)
    yield from _bounds(output, one.output_g, MOST_G)
    yield from _bounds(value, one.value_dong, MOST_DONG)
    if one.output_g and not one.sown_m2:
        yield FieldError(sown, say("There is output: on how much land was it sown?"))
    if one.value_dong and not one.output_g:
        yield FieldError(output, say("There is value: how much was harvested?"))
    if one.output_g and one.value_dong == 0:
        yield FieldError(
            value, say("Goods are not worth nothing: leave the value empty where it is not known.")
        )


def _bounds(field: str, value: int | None, most: int) -> Iterable[FieldError]:
    if value is not None and value < 0:
        yield FieldError(field, say("This cannot be less than nothing."))
    if value is not None and value > most:
        yield FieldError(field, say("This is more than the whole province has."))


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
