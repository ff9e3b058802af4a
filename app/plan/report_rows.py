"""Figures of a period, told by a dimension, as a report keeps them."""

from collections.abc import Iterable

from sqlmodel import Session

from app.kit.i18n import language
from app.kit.messages import Message
from app.plan.dimensions import Dimension, Figures, Measure, Where, summed
from app.plan.figures import figures, total
from app.plan.frozen import FiguresRow, Known
from app.plan.naming import PLAN_PROVINCE
from app.plan.report_periods import Period

HERE: Where = {Dimension.PROVINCE: PLAN_PROVINCE}
_VI = language("vi")


def total_of(session: Session, period: Period, where: Where = HERE) -> FiguresRow:
    """All that is asked for, together."""
    year = total(session, year=period.year, where=where)
    if not period.quarter:
        return _row(PLAN_PROVINCE, "Tổng", year)
    monthly = [
        total(session, year=period.year, where={**where, Dimension.SEASON: str(month)})
        for month in period.months
    ]
    return _row(PLAN_PROVINCE, "Tổng", year, monthly)


def rows_of(
    session: Session, period: Period, by: Dimension, where: Where = HERE
) -> tuple[FiguresRow, ...]:
    """One row for each value of a dimension. Land is a year's, whichever quarter is told of."""
    year = {row.key: row for row in figures(session, year=period.year, by=by, where=where)}
    if not period.quarter:
        return tuple(_row(key, row.name, row.figures) for key, row in year.items())
    monthly: dict[str, list[Figures]] = {key: [] for key in year}
    for month in period.months:
        asked = {**where, Dimension.SEASON: str(month)}
        for row in figures(session, year=period.year, by=by, where=asked):
            monthly.setdefault(row.key, []).append(row.figures)
    rows = (_row(key, row.name, row.figures, monthly[key]) for key, row in year.items())
    if by is Dimension.CROP:
        return tuple(row for row in rows if row.sown_m2.value or row.output_g.value)
    return tuple(rows)


def _row(
    key: str, name: str | Message, year: Figures, months: list[Figures] | None = None
) -> FiguresRow:
    said = _VI.say(name) if isinstance(name, Message) else name
    land = _known(year.land_m2)
    if months is None:
        return FiguresRow(
            key, said, land, _known(year.sown_m2), _known(year.output_g), _known(year.value_dong)
        )
    return FiguresRow(
        key,
        said,
        land,
        _known(_sum(one.sown_m2 for one in months)),
        _known(_sum(one.output_g for one in months)),
        _known(_sum(one.value_dong for one in months)),
    )


def _known(measure: Measure) -> Known:
    return Known(measure.value, measure.basis)


def _sum(measures: Iterable[Measure]) -> Measure:
    parts = list(measures)
    return summed(
        measured=sum(one.measured for one in parts),
        declared=sum(one.declared for one in parts),
        estimated=sum(one.estimated for one in parts),
    )
