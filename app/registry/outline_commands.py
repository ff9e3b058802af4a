"""Loading the real outlines of communes that the province supplies as a GeoJSON file."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import mapping, shape
from sqlmodel import Session

from app.errors import refuse
from app.kit.messages import say
from app.kit.text import fold
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.places import AdminOutline, AdminUnit
from app.places.queries import communes_on
from app.registry.geometry import UNITS_A_DEGREE

# Five decimals are about a metre: enough for the line between two communes.
DECIMALS = 5
_TOLERANCE = 0.00005


@dataclass(frozen=True)
class OutlinesLoaded:
    """How many outlines were kept, and the names in the file that name no commune of the day."""

    kept: int
    unknown: tuple[str, ...]


def load_outlines(
    session: Session, path: Path, *, day: date, by: Actor, now: datetime
) -> OutlinesLoaded:
    """Keep the outlines of the communes of a day. A feature names its commune by code or by name.

    Any property may carry the code or the name. Lines that cross themselves are mended. Raises
    Refused (field `file`) for a file that is no GeoJSON FeatureCollection of polygons.
    """
    communes = communes_on(session, day)
    by_key = _keys(communes)
    kept, unknown = 0, []
    for feature in _features(path):
        unit = _named(feature.get("properties") or {}, by_key)
        if unit is None:
            unknown.append(_any_name(feature))
            continue
        session.merge(_outline(unit, feature.get("geometry"), path.name))
        kept += 1
    facts = {"file": path.name, "kept": kept, "unknown": len(unknown)}
    record(session, kind="outlines.loaded", subject="outlines", by=by, now=now, facts=facts)
    return OutlinesLoaded(kept, tuple(unknown))


def _features(path: Path) -> list[dict[str, Any]]:
    try:
        read = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        raise refuse("file", say("This is not a GeoJSON file.")) from None
    match read:
        case {"type": "FeatureCollection", "features": [*features]}:
            return [feature for feature in features if isinstance(feature, dict)]
        case {"type": "Feature"}:
            return [read]
        case _:
            raise refuse("file", say("This is not a GeoJSON file."))


def _keys(communes: list[AdminUnit]) -> dict[str, AdminUnit | None]:
    """Communes by code and by folded name; a name that two of them bear names neither."""
    keys: dict[str, AdminUnit | None] = {unit.code: unit for unit in communes}
    for unit in communes:
        for name in {fold(unit.name), unit.name_key}:
            keys[name] = None if name in keys else unit
    return keys


def _named(properties: dict[str, Any], by_key: dict[str, AdminUnit | None]) -> AdminUnit | None:
    texts = [str(value) for value in properties.values() if isinstance(value, str | int)]
    codes = [by_key.get(text.strip().zfill(5)) for text in texts if text.strip().isdigit()]
    names = [by_key.get(fold(text)) for text in texts]
    return next((unit for unit in [*codes, *names] if unit is not None), None)


def _any_name(feature: dict[str, Any]) -> str:
    texts = [
        value for value in (feature.get("properties") or {}).values() if isinstance(value, str)
    ]
    return texts[0][:80] if texts else "?"


def _outline(unit: AdminUnit, geometry: Any, source: str) -> AdminOutline:
    try:
        drawn = shapely.make_valid(shape(geometry))
    except (ValueError, TypeError, KeyError, AttributeError, shapely.errors.ShapelyError):
        raise refuse("file", say("The outline of {name} cannot be read.", name=unit.name)) from None
    if drawn.is_empty or drawn.area == 0:
        raise refuse("file", say("The outline of {name} encloses nothing.", name=unit.name))
    plain = shapely.set_precision(drawn.simplify(_TOLERANCE), 10**-DECIMALS)
    west, south, east, north = (round(side * UNITS_A_DEGREE) for side in plain.bounds)
    return AdminOutline(
        unit_id=unit.pk,
        outline=json.dumps(mapping(plain), separators=(",", ":")),
        west=west,
        south=south,
        east=east,
        north=north,
        source=source[:200],
    )
