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


def origins_told(
    session: Session, lot: HarvestLot, *, today: date
) -> tuple[AreaTold, tuple[OriginTold, ...]]:
    """The area with the largest share, and of a lot that was made of others all areas, largest first."""
    by_area: defaultdict[int, list[Origin]] = defaultdict(list)
    for origin in origins_of(session, lot):
        by_area[origin.area.pk].append(origin)
    told = [
        OriginTold(sum(one.percent for one in origins), _area(session, origins, today))
        for origins in by_area.values()
    ]
    ranked = sorted(told, key=lambda one: -one.percent)
    return ranked[0].area, () if lot.kind is LotKind.HARVEST else tuple(ranked)


def _area(session: Session, origins: Sequence[Origin], today: date) -> AreaTold:
    named = is_named(origins[0].organisation)
    area = shown(origins[0].area, agreed=named)
    place = unit_by_id(session, area.commune_id)
    former = unit_by_id(session, area.former_commune_id) if area.former_commune_id else None
    first = min(origin.lot.harvested_on for origin in origins)
    codes = codes_of_area_on(session, origins[0].area.pk, first, today)
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
