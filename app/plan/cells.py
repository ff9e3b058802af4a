"""The figures of one area from what was gathered of it: cells by crop and month, land by year. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date

from app.lots.balance import season_of
from app.lots.claims import GROWING_KINDS
from app.models.diary import Planting
from app.models.plan_prices import PriceSource
from app.models.seasons import SeasonDeclaration
from app.plan.gathering import Gathered, Harvest
from app.plan.standing import (
    SAFETY_KINDS,
    Ground,
    certified_in,
    certified_on,
    coded_in,
    coded_on,
    year_days,
)
from app.registry.season_rules import HARVEST_LEEWAY

Values = dict[str, object]
Flags = dict[str, bool]
Key = tuple[int, int, int]  # crop, year, month
Cells = defaultdict[Key, Counter[str]]
_VALUE = {
    PriceSource.CONTRACT: "value_contract",
    PriceSource.ENTERED: "value_entered",
    None: "value_general",
}


def cells_of(of: Gathered) -> list[Values]:
    """The rows of `plan_cell`: what was sown and harvested on an area."""
    cells: Cells = defaultdict(Counter)
    for season in of.declared:
        _add_season(of, season, cells[_at(season.crop_id, season.harvest_from)])
    for planting in _undeclared(of):
        day = planting.harvest_from or planting.sown_on
        _add_planting(of, planting, cells[_at(planting.crop_id, day)])
    for harvest in of.harvests:
        _add_harvest(of, harvest, cells[_at(harvest.crop_id, harvest.day)])
    _add_gaps(of, cells)
    _share_land(of, cells)
    shared = {**_shared(of), "area_id": of.area.pk}
    return [
        {**shared, **dict(counts), "crop_id": crop, "year": year, "month": month}
        | {"crop_group": of.groups[crop], "axis": of.axis_in(year)}
        for (crop, year, month), counts in sorted(cells.items())
    ]


def land_of(of: Gathered, until: int) -> list[Values]:
    """The rows of `plan_land`: an area once for each year in which it stood, until a year."""
    first = of.area.established_on.year
    last = of.area.closed_on.year if of.area.closed_on else until
    return [_land_in(of, year) for year in range(first, min(last, until) + 1)]


def _shared(of: Gathered) -> Values:
    return {"organisation_id": of.area.organisation_id, **asdict(of.lies)}


def _at(crop_id: int, day: date) -> Key:
    return crop_id, day.year, day.month


def _land_in(of: Gathered, year: int) -> Values:
    size, ground = of.area.area_m2, Ground(of.area.pk)
    coded, diary = coded_in(year, of.codes), _diary_in(of, year)
    safe = coded and diary and certified_in(year, ground, of.certificates, SAFETY_KINDS)
    return {
        **_shared(of),
        "area_id": of.area.pk,
        "axis": of.axis_in(year),
        "year": year,
        "land_m2": size,
        "drawn_m2": size if of.area.polygon else 0,
        "certified_m2": size * certified_in(year, ground, of.certificates, GROWING_KINDS),
        "safe_m2": size * safe,
        "coded_m2": size * coded,
        "diary_m2": size * diary,
    }


def _diary_in(of: Gathered, year: int) -> bool:
    first, last = year_days(year)
    return any(
        one.pk in of.noted and one.sown_on <= last and (one.ended_on or last) >= first
        for one in of.plantings
    )


def flags_of_season(of: Gathered, season: SeasonDeclaration) -> Flags:
    """In which shares of the sown land a declared season counts."""
    diary = any(one.pk in of.noted and belongs(one, season) for one in of.plantings)
    return _flags(of, Ground(of.area.pk, season.crop_id), season.harvest_from, diary)


def flags_of_planting(of: Gathered, planting: Planting) -> Flags:
    """In which shares of the sown land a planting counts that no declaration speaks of."""
    ground, day = Ground(of.area.pk, planting.crop_id), planting.harvest_from or planting.sown_on
    return _flags(of, ground, day, planting.pk in of.noted)


def flags_of_harvest(of: Gathered, harvest: Harvest) -> Flags:
    """In which shares of the output a lot counts."""
    ground = Ground(of.area.pk, harvest.crop_id, harvest.growers)
    flags = _flags(of, ground, harvest.day, _has_diary(of, harvest))
    return {**flags, "labelled": harvest.labelled, "scanned": harvest.scanned}


def _flags(of: Gathered, ground: Ground, day: date, diary: bool) -> Flags:
    coded = coded_on(day, of.codes)
    safe = coded and diary and certified_on(day, ground, of.certificates, SAFETY_KINDS)
    certified = certified_on(day, ground, of.certificates, GROWING_KINDS)
    return {"certified": certified, "safe": safe, "coded": coded, "diary": diary}


def _add_season(of: Gathered, season: SeasonDeclaration, cell: Counter[str]) -> None:
    _add_sown(season.area_m2, flags_of_season(of, season), cell)
    cell["seasons"] += 1
    cell["expected_g"] += season.expected_output_g
    cell["declared_g"] += season.actual_output_g or 0


def _add_planting(of: Gathered, planting: Planting, cell: Counter[str]) -> None:
    _add_sown(planting.area_m2, flags_of_planting(of, planting), cell)
    cell["sown_noted_m2"] += planting.area_m2


def _add_sown(size: int, flags: Flags, cell: Counter[str]) -> None:
    cell["sown_m2"] += size
    cell.update({f"sown_{name}_m2": size * holds for name, holds in flags.items()})


def _undeclared(of: Gathered) -> Iterator[Planting]:
    """Plantings that no declaration speaks of: their land is sown as well, and counted once."""
    for planting in of.plantings:
        if planting.season_id is None and not any(belongs(planting, one) for one in of.declared):
            yield planting


def belongs(planting: Planting, season: SeasonDeclaration) -> bool:
    """Whether a declared season speaks of a planting, be it not said."""
    if planting.season_id is not None or planting.crop_id != season.crop_id:
        return planting.season_id == season.id
    last = max(season.harvest_to, season.ended_on or season.harvest_to)
    return season.starts_on - HARVEST_LEEWAY <= planting.sown_on <= last


def _add_harvest(of: Gathered, harvest: Harvest, cell: Counter[str]) -> None:
    flags = flags_of_harvest(of, harvest)
    cell["lots"] += 1
    cell["harvested_g"] += harvest.grams
    cell.update({f"{name}_g": harvest.grams for name, holds in flags.items() if holds})
    _add_worth(of, harvest.crop_id, harvest.day, harvest.grams, cell)


def _add_worth(of: Gathered, crop_id: int, day: date, grams: int, cell: Counter[str]) -> None:
    worth = of.prices.find(crop_id, day)
    if worth is not None:
        cell["priced_g"] += grams
        cell[_VALUE[worth.source]] += worth.of(grams)


def _has_diary(of: Gathered, harvest: Harvest) -> bool:
    return any(
        one.pk in of.noted
        and one.crop_id == harvest.crop_id
        and one.sown_on <= harvest.day <= (one.ended_on or date.max)
        for one in of.plantings
    )


def _add_gaps(of: Gathered, cells: Cells) -> None:
    """What seasons declare as harvested beyond the lots that belong to them, by the mass balance's rule."""
    for crop_id in {season.crop_id for season in of.declared}:
        seasons = of.seasons_of(crop_id)
        weighed: Counter[int] = Counter()
        for harvest in of.harvests:
            if harvest.crop_id == crop_id:
                season = season_of(harvest.day, seasons, HARVEST_LEEWAY)
                weighed[season.id if season else 0] += harvest.grams
        for row in of.declared:
            if row.crop_id == crop_id and row.actual_output_g is not None:
                gap = max(0, row.actual_output_g - weighed[row.pk])
                cell = cells[_at(crop_id, row.harvest_from)]
                cell["gap_g"] += gap
                _add_worth_of_gap(of, row, gap, cell)


def _add_worth_of_gap(
    of: Gathered, season: SeasonDeclaration, gap: int, cell: Counter[str]
) -> None:
    """What no lot stands for is never worth more than an estimate, whatever price it has."""
    worth = of.prices.find(season.crop_id, season.harvest_from)
    if gap and worth is not None:
        cell["priced_g"] += gap
        cell["value_general"] += worth.of(gap)


def _share_land(of: Gathered, cells: Cells) -> None:
    """Give each year's land to what grew on it, by the land sown, or the weight where none was."""
    for year in {key[1] for key in cells}:
        keys = sorted(key for key in cells if key[1] == year)
        if not of.area.established_on.year <= year <= (of.area.closed_on or date.max).year:
            continue
        for name in ("sown_m2", "harvested_g"):
            weights = [cells[key][name] for key in keys]
            if sum(weights):
                for key, part in zip(keys, apportioned(of.area.area_m2, weights), strict=True):
                    cells[key]["land_m2"] = part
                break


def apportioned(whole: int, weights: Sequence[int]) -> list[int]:
    """A whole number given out by weights, the last ones left over to the largest remainders."""
    total = sum(weights)
    parts = [whole * weight // total for weight in weights]
    rest = sorted(range(len(weights)), key=lambda at: (-(whole * weights[at] % total), at))
    for at in rest[: whole - sum(parts)]:
        parts[at] += 1
    return parts
