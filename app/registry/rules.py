"""What may be registered and when a code holds: plausible sizes and days, steps of a code. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta

from app.errors import refuse
from app.kit.messages import Message, say
from app.kit.quantities import SquareMetres
from app.models.registry import (
    ENDED,
    ApplicationState,
    AreaCodeStep,
    CodeStatus,
    PlantingArea,
)
from app.registry.geometry import measured

NEXT_STATUS: dict[CodeStatus, frozenset[CodeStatus]] = {
    CodeStatus.ACTIVE: frozenset({CodeStatus.WARNED, CodeStatus.SUSPENDED, *ENDED}),
    CodeStatus.WARNED: frozenset({CodeStatus.ACTIVE, CodeStatus.SUSPENDED, *ENDED}),
    # A suspended code is not replaced: a new one would hide why it was suspended.
    CodeStatus.SUSPENDED: frozenset({CodeStatus.ACTIVE, CodeStatus.REVOKED, CodeStatus.CANCELLED}),
    CodeStatus.REVOKED: frozenset(),
    CodeStatus.CANCELLED: frozenset(),
    CodeStatus.SUPERSEDED: frozenset(),
}

NEXT_STATE: dict[ApplicationState, frozenset[ApplicationState]] = {
    ApplicationState.SUBMITTED: frozenset(
        {
            ApplicationState.INSPECTING,
            ApplicationState.RETURNED,
            ApplicationState.ISSUED,
            ApplicationState.REJECTED,
            ApplicationState.CANCELLED,
        }
    ),
    # A site check that was ordered is finished before a code is issued.
    ApplicationState.INSPECTING: frozenset(
        {
            ApplicationState.SUBMITTED,
            ApplicationState.RETURNED,
            ApplicationState.REJECTED,
            ApplicationState.CANCELLED,
        }
    ),
    ApplicationState.RETURNED: frozenset(
        {ApplicationState.SUBMITTED, ApplicationState.REJECTED, ApplicationState.CANCELLED}
    ),
    ApplicationState.ISSUED: frozenset(),
    ApplicationState.REJECTED: frozenset(),
    ApplicationState.CANCELLED: frozenset(),
}

# Guards against a slip of the unit: the plan counts 2,400 ha of vegetables in the whole province.
LARGEST_AREA = SquareMetres(24_000_000)
LARGEST_PLOT = SquareMetres(5_000_000)
# Cooperatives of today's kind are younger; an older year is a slip of the keyboard.
EARLIEST_DAY = date(1945, 9, 2)
FARTHEST_AHEAD = timedelta(days=30)


def may_become(status: CodeStatus, target: CodeStatus) -> bool:
    """Whether a code with one status may get another."""
    return target in NEXT_STATUS[status]


def may_go_to(state: ApplicationState, target: ApplicationState) -> bool:
    """Whether an application in one state may get into another."""
    return target in NEXT_STATE[state]


def status_on(steps: Sequence[AreaCodeStep], day: date) -> CodeStatus | None:
    """The status on a day from steps in any order; None before the first.

    Of two steps on one day the one recorded later counts.
    """
    past = [step for step in steps if step.effective_on <= day]
    if not past:
        return None
    return max(past, key=lambda step: (step.effective_on, step.id or 0)).status


def require_step(steps: Sequence[AreaCodeStep], effective_on: date, *, today: date) -> None:
    """Refuse a step that lies before the newest one, or more than 30 days ahead."""
    if effective_on > today + FARTHEST_AHEAD:
        raise refuse("effective_on", say("This day is more than a month away."))
    newest = max(step.effective_on for step in steps)
    if effective_on < newest:
        raise refuse(
            "effective_on",
            say("The status changed on {day}; this cannot be earlier.", day=newest),
        )


def require_past_day(field: str, day: date, *, today: date) -> None:
    """Refuse a day in the future, or one so long ago that the year must be mistyped."""
    if day > today:
        raise refuse(field, say("The day {day} is in the future.", day=day))
    if day < EARLIEST_DAY:
        raise refuse(field, say("The day {day} is too long ago. Check the year.", day=day))


def require_plausible(field: str, area: SquareMetres, *, largest: SquareMetres) -> None:
    """Refuse an area of nothing, and one that only a slip of the unit explains."""
    if area.value <= 0:
        raise refuse(field, say("An area is larger than nothing."))
    if area > largest:
        raise refuse(field, say("At most {largest}. Check the unit.", largest=largest))


def warnings_of_boundary(area: PlantingArea, *, percent: int | None) -> list[Message]:
    """What deserves a second look at an area's boundary without being refused.

    `percent`: by how much what it encloses may differ from what is declared (None: by anything).
    """
    if area.polygon is None:
        return [say("The area has no boundary on the map yet.")]
    drawn, declared = measured(area.polygon), SquareMetres(area.area_m2)
    apart = abs(drawn.value - declared.value) * 100
    if percent is None or apart <= declared.value * percent:
        return []
    return [
        say(
            "The boundary encloses {drawn}, but {declared} is declared.",
            drawn=drawn,
            declared=declared,
        )
    ]
