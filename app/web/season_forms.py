"""The form of a season: what it offers, what was typed into it, and a declaration as if typed."""

from datetime import date
from decimal import Decimal
from typing import Any

from app.catalogue.queries import all_standards
from app.deps import Call
from app.models.catalogue import StandardKind
from app.models.registry import PlantingArea
from app.registry.area_queries import crops_of
from app.registry.season_commands import SeasonDetails
from app.registry.season_queries import SeasonLine
from app.web.choices import market_choices
from app.web.forms import GRAMS, SQUARE_METRES, Typed

# What is applied while growing; the other kinds are of facilities and products.
GROWING_STANDARDS = frozenset({StandardKind.VIETGAP, StandardKind.ORGANIC, StandardKind.GLOBALGAP})


def offered(call: Call, area: PlantingArea, line: SeasonLine | None = None) -> dict[str, Any]:
    """What the form of a season offers, and what stands in it already."""
    tag = call.language.tag
    crops = {crop.slug: getattr(crop, f"name_{tag}") for crop in crops_of(call.session, area)}
    markets = dict(market_choices(call.language))
    standards = {
        standard.code: f"{getattr(standard, f'title_{tag}')} – {standard.edition}"
        for standard in all_standards(call.session)
        if standard.kind in GROWING_STANDARDS or (line and line.season.standard_id == standard.id)
    }
    if line is not None:
        crops.setdefault(line.crop.slug, getattr(line.crop, f"name_{tag}"))
        markets.setdefault(line.season.market, line.season.market)
    return {
        "crops": list(crops.items()),
        "markets": list(markets.items()),
        "standards": list(standards.items()),
    }


def season_typed(typed: Typed) -> SeasonDetails:
    """What was typed, or a refusal that names every field at once."""
    crop = typed.text("crop", longest=40, required=True)
    starts_on = typed.day("starts_on", required=True)
    harvest_from = typed.day("harvest_from", required=True)
    harvest_to = typed.day("harvest_to", required=True)
    sown = typed.land("area_m2", "area_unit")
    output = typed.mass("expected_output_g", "unit")
    variety = typed.text("variety", longest=120)
    standard, market = typed.text("standard", longest=40), typed.text("market", longest=3)
    typed.done()
    return SeasonDetails(
        crop=crop,
        starts_on=required_day(starts_on),
        harvest_from=required_day(harvest_from),
        harvest_to=required_day(harvest_to),
        sown=sown,
        expected_output=output,
        variety=variety,
        standard=standard,
        market=market,
        intercropped=typed.ticked("intercropped"),
    )


def required_day(day: date | None) -> date:
    """A day that the form required; ValueError before `Typed.done`."""
    if day is None:
        raise ValueError("required fields are there once the form is done")
    return day


def as_typed(line: SeasonLine) -> dict[str, str]:
    """A declaration as somebody would have typed it."""
    season = line.season
    (size, area_unit), (output, unit) = land_typed(season.area_m2), _mass(season.expected_output_g)
    return {
        "crop": line.crop.slug,
        "variety": season.variety,
        "starts_on": season.starts_on.isoformat(),
        "harvest_from": season.harvest_from.isoformat(),
        "harvest_to": season.harvest_to.isoformat(),
        "area_m2": size,
        "area_unit": area_unit,
        "standard": line.standard.code if line.standard else "",
        "market": season.market,
        "expected_output_g": output,
        "unit": unit,
        "intercropped": "yes" if season.intercropped else "",
    }


def land_typed(square_metres: int) -> tuple[str, str]:
    """Square metres as somebody would have typed them, and the unit beside."""
    unit = "ha" if square_metres >= SQUARE_METRES["ha"] else "m2"
    return _written(square_metres, SQUARE_METRES[unit]), unit


def _mass(grams: int) -> tuple[str, str]:
    unit = "tan" if grams >= GRAMS["tan"] else "kg"
    return _written(grams, GRAMS[unit]), unit


def _written(amount: int, factor: int) -> str:
    # As forms read it: a comma before the decimals, and nothing between thousands.
    return f"{(Decimal(amount) / factor).normalize():f}".replace(".", ",")
