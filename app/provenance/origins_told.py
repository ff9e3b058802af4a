"""Where the goods of a lot grew: its area, or the areas of all harvests in it with their shares. Reads only."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from app.lots.evidence import codes_of_area_on
from app.lots.facts import CodeFacts
from app.lots.origin_queries import Origin, origins_of
from app.models.lots import HarvestLot, LotKind
from app.places.queries import address_of, unit_by_id
from app.provenance.story import AreaTold, CodeTold, OriginTold
from app.provenance.visibility import shown
from app.registry.finding_queries import is_named

OUTSIDE = 0  # no row has this key
# From a supplier outside of the system: where it grew is not known.
FROM_OUTSIDE = AreaTold("", "", "", None, "", ())


def origins_told(
    session: Session, lot: HarvestLot, *, today: date
) -> tuple[AreaTold, tuple[OriginTold, ...]]:
    """The area with the largest share, and of a lot that was made of others all areas, largest first."""
    by_area: defaultdict[int, list[Origin]] = defaultdict(list)
    for origin in origins_of(session, lot):
        by_area[origin.area.pk if origin.area else OUTSIDE].append(origin)
    told = [
        OriginTold(sum(one.percent for one in origins), _area(session, origins, today))
        for origins in by_area.values()
    ]
    ranked = sorted(told, key=lambda one: -one.percent)
    whole = lot.kind in {LotKind.HARVEST, LotKind.SUPPLIED}
    return ranked[0].area, () if whole else tuple(ranked)


def _area(session: Session, origins: Sequence[Origin], today: date) -> AreaTold:
    grown = origins[0].area
    if grown is None:
        return FROM_OUTSIDE
    named = is_named(origins[0].organisation)
    area = shown(grown, agreed=named)
    place = unit_by_id(session, area.commune_id)
    former = unit_by_id(session, area.former_commune_id) if area.former_commune_id else None
    first = min(origin.lot.harvested_on for origin in origins)
    codes = codes_of_area_on(session, grown.pk, first, today)
    return AreaTold(
        name=area.name if named else "",
        commune=place.name,
        commune_code=place.code,
        former_place=address_of(former) if former else None,
        province=place.province_name,
        codes=tuple(_code(code) for code in codes),
    )


def _code(code: CodeFacts) -> CodeTold:
    return CodeTold(
        code=code.code,
        market=code.market,
        scheme=code.scheme.value,
        issued_on=code.issued_on,
        status_then=code.then.value if code.then else "none",
        status_now=code.now.value,
    )
