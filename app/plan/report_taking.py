"""Reading all figures of a report in one transaction, to be frozen."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from app.catalogue.plan_queries import plan_on
from app.kit.i18n import language
from app.models.plan import PlanTarget, TargetScope
from app.plan.comparing import model_groups
from app.plan.dimensions import Dimension
from app.plan.forecasting import forecast
from app.plan.frozen import FiguresRow, Flag, FrozenFigures, Outlook, ShareRow, TargetFigures
from app.plan.inconsistencies import inconsistencies
from app.plan.queries import act_of, targets
from app.plan.report_periods import Period
from app.plan.report_registers import registers
from app.plan.report_rows import HERE, rows_of, total_of
from app.plan.submission_queries import part_lines
from app.plan.summing import Sums, cell_sums, land_sums
from app.plan.telling import Inconsistency

SHARES = ("safe", "certified", "coded", "diary", "labelled", "scanned")
_VI = language("vi")
Step = Callable[[int, int], None]


def frozen_figures(
    session: Session, period: Period, *, today: date, step: Step | None = None
) -> FrozenFigures:
    """Everything a report says, as the records stand in this transaction."""
    tell = step or (lambda _done, _of: None)
    plan = plan_on(session, min(today, period.last))
    read: dict[str, Any] = {}
    for done, (name, ask) in enumerate(_READERS.items(), start=1):
        read[name] = ask(session, period)
        tell(done, READ_STEPS)
    lists = registers(session, period, today=today)
    tell(READ_STEPS, READ_STEPS)
    return FrozenFigures(
        kind=period.kind,
        year=period.year,
        quarter=period.quarter,
        first=period.first,
        last=min(period.last, today),
        plan=plan,
        plan_act=act_of(session, plan),
        registers=lists,
        outlook=_outlook(session, period, today),
        models=len(model_groups(session, plan, period.year)),
        flags=tuple(_flag(one) for one in inconsistencies(session, plan)),
        **_planned(targets(session, plan=plan), period.year),
        **read,
    )


def _planned(everything: list[PlanTarget], year: int) -> dict[str, Any]:
    """What the plan states, as a report needs it."""
    milestone = milestone_of(everything, year)
    return {
        "milestone": milestone,
        "milestones": tuple(sorted({one.year for one in everything})),
        "area_target_m2": _stated(everything, "area_at_least"),
        "targets": target_figures(everything, milestone),
        "value_target_dong": _stated(everything, "value_at_least"),
        "share_target_permille": _stated(everything, "safe_sown_share_at_least"),
        "models_target": _models_target(everything),
    }


def _crops(session: Session, period: Period) -> tuple[FiguresRow, ...]:
    rows = rows_of(session, period, Dimension.CROP)
    return tuple(sorted(rows, key=lambda row: -(row.output_g.value or 0)))


def milestone_of(everything: Iterable[PlanTarget], year: int) -> int:
    """The year of the plan that a year is held against: its own, else the next, else the last."""
    named = sorted({target.year for target in everything})
    return next((one for one in named if one >= year), named[-1] if named else year)


def _shares(session: Session, period: Period) -> tuple[ShareRow, ...]:
    land = land_sums(session, year=period.year, by=None, where=HERE).get(None)
    cells = _cells(session, period)
    return tuple(
        ShareRow(
            name,
            _part(land, f"{name}_m2"),
            _part(cells, f"sown_{name}_m2"),
            _part(cells, f"{name}_g"),
        )
        for name in SHARES
    )


def _cells(session: Session, period: Period) -> Sums | None:
    if not period.quarter:
        return cell_sums(session, year=period.year, by=None, where=HERE).get(None)
    found: Sums | None = None
    for month in period.months:
        asked = {**HERE, Dimension.SEASON: str(month)}
        sums = cell_sums(session, year=period.year, by=None, where=asked).get(None)
        if sums is not None:
            before = found or dict.fromkeys(sums, 0)
            found = {name: before[name] + sums[name] for name in sums}
    return found


def _part(sums: Sums | None, name: str) -> int | None:
    return None if sums is None else sums.get(name)


def target_figures(everything: Iterable[PlanTarget], year: int) -> tuple[TargetFigures, ...]:
    """The annex's rows of a year: area, yield and output side by side, as they are stated."""
    rows: dict[str, dict[str, int]] = {}
    fields = {"area": "area_m2", "yield": "yield_kg_per_ha", "output": "output_kg"}
    for one in everything:
        if one.year != year or one.measure not in fields or one.scope is TargetScope.CROP_GROUP:
            continue
        row = rows.setdefault(one.scope_name, {})
        row[fields[one.measure]] = one.stated
    return tuple(TargetFigures(key, key, **row) for key, row in rows.items())


def _stated(everything: Iterable[PlanTarget], measure: str) -> int | None:
    return next((one.stated for one in everything if one.measure == measure), None)


def _models_target(everything: Iterable[PlanTarget]) -> tuple[int, int] | None:
    least, most = (_stated(everything, f"models_{end}") for end in ("at_least", "at_most"))
    return None if least is None or most is None else (least, most)


def _flag(one: Inconsistency) -> Flag:
    what = f"Năm {one.year}" if one.year else "Nội dung"
    return Flag(what, one.stated, one.recomputed, one.unit, _VI.say(one.sentence))


def _outlook(session: Session, period: Period, today: date) -> Outlook | None:
    """The forecast for a year that goes on; None where nothing can be said, and for a quarter."""
    if period.quarter or period.year != today.year:
        return None
    told = forecast(session, year=period.year, where=HERE, today=today)
    if told.low is None or told.middle is None or told.high is None:
        return None
    return Outlook(told.low, told.middle, told.high, _VI.say(told.why))


# What is read one after the other; the progress of a job counts them.
_READERS: Mapping[str, Callable[[Session, Period], object]] = {
    "total": total_of,
    "before": lambda session, period: total_of(session, period.before),
    "districts": lambda session, period: rows_of(session, period, Dimension.DISTRICT),
    "groups": lambda session, period: rows_of(session, period, Dimension.GROUP),
    "axes": lambda session, period: rows_of(session, period, Dimension.AXIS),
    "crops": _crops,
    "shares": _shares,
    "parts": part_lines,
}
READ_STEPS = len(_READERS) + 1
