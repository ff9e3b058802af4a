"""What befell a lot as an EPCIS 2.0 document (JSON-LD): how it came to be, packing, that it was shipped.

A day is all that is known of either, so that an event's time is the beginning of that day in
Viet Nam, and the day itself stands in the instance data.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import Gone
from app.kit.clock import day_of, start_of
from app.kit.gs1_links import DigitalLink
from app.kit.messages import say
from app.kit.quantities import Grams
from app.lots.evidence import claims_of
from app.lots.origin_queries import origins_of, percent_from_outside
from app.lots.queries import LotLine, lot_line
from app.models.lots import LotState
from app.models.movements import MovementKind
from app.models.products import LocationNumber
from app.movements.public_queries import Step, steps_of_way

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
# GS1's own root, under which a key is written where no resolver is meant.
GS1_ROOT = "https://id.gs1.org"
OFFSET = "+07:00"
COUNTRY = "VN"


@dataclass(frozen=True)
class _Lot:
    """A lot with what its events need."""

    line: LotLine
    identity: str
    place: str
    certificates: tuple[str, ...]
    # None: no harvest in it is known here. `outside`: not all of it is.
    harvested: tuple[date, date] | None
    outside: bool
    steps: tuple[Step, ...]


def events_of(session: Session, code: str, *, root: str, now: datetime) -> dict[str, Any]:
    """The document of a lot's events. Raises NotFound, and Gone for one recorded by mistake."""
    line = lot_line(session, code, within=Reach.all())
    if line.lot.state is LotState.WITHDRAWN:
        raise Gone(say("This lot was withdrawn: it was recorded by mistake."))
    lot = _Lot(
        line=line,
        identity=f"{root}/t/{line.lot.code}",
        place=_place(session, line, root),
        certificates=_certificates(session, line, root, day_of(now)),
        harvested=_harvested(session, line),
        outside=percent_from_outside(origins_of(session, line.lot)) > 0,
        steps=tuple(step for step in steps_of_way(session, line.lot) if step.of_lot),
    )
    return {
        "@context": [CONTEXT],
        "id": f"{root}/api/v1/public/lots/{line.lot.code}/events",
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": _instant(now),
        "epcisBody": {"eventList": list(_events(lot, root))},
    }


def _events(lot: _Lot, root: str) -> Iterator[dict[str, Any]]:
    made = next((step for step in lot.steps if step.made_it), None)
    if made is not None and made.kind is MovementKind.RECEIVING:
        yield _receiving(lot, made)
    else:
        yield _harvest(lot) if made is None else _making(lot, made)
    if made is None and lot.line.lot.packed_on is not None:
        yield _packing(lot, lot.line.lot.packed_on)
    for step in lot.steps:
        if not step.made_it:
            yield _shipping(lot, step, root)


def _making(lot: _Lot, step: Step) -> dict[str, Any]:
    """A lot made of others begins here: a transformation (EPCIS 2.0 §7.4.5).

    Which lots went into it is for the trade and the authority: the id of the transformation stands in
    their place, and is of this lot alone, so that nobody can tell what was made beside it.
    """
    born = _harvest(lot)
    made = born.pop("quantityList")
    del born["action"]
    return {
        **born,
        "type": "TransformationEvent",
        "eventTime": _instant(step.at),
        "transformationID": _name(lot, f"transformation-{step.key}"),
        "outputQuantityList": made,
        "bizStep": "packing" if step.kind is MovementKind.PACKING else "transforming",
    }


def _receiving(lot: _Lot, step: Step) -> dict[str, Any]:
    """Goods from a supplier outside of the system begin here: not who brought them, nor where they grew."""
    told = _harvest(lot)
    return {
        **told,
        "eventID": _name(lot, f"receiving-{step.key}"),
        "eventTime": _instant(step.at),
        "bizStep": "receiving",
    }


def _shipping(lot: _Lot, step: Step, root: str) -> dict[str, Any]:
    """That goods left, and from whom: not how many kilograms, and not to whom."""
    told = _event(lot, f"shipping-{step.key}", day_of(step.at), "OBSERVE", "shipping", "in_transit")
    place = {"id": f"{root}/o/{step.organisation.uid}"}
    return {
        **told,
        "eventTime": _instant(step.at),
        "quantityList": [{"epcClass": lot.identity}],
        "readPoint": place,
        "bizLocation": place,
    }


def _harvested(session: Session, line: LotLine) -> tuple[date, date] | None:
    """The first and the last day of all harvests in a lot that are known here."""
    origins = origins_of(session, line.lot)
    days = [origin.lot.harvested_on for origin in origins if origin.area is not None]
    return (min(days), max(days)) if days else None


def _harvest(lot: _Lot) -> dict[str, Any]:
    kept, crop = lot.line.lot, lot.line.crop
    born: dict[str, Any] = {
        "cbvmda:lotNumber": kept.code,
        "cbvmda:descriptionShort": crop.name_vi,
    }
    if lot.harvested is not None:
        first, last = lot.harvested
        born["cbvmda:harvestStartDate"] = first.isoformat()
        born["cbvmda:harvestEndDate"] = last.isoformat()
    if not lot.outside:
        born["cbvmda:countryOfOrigin"] = COUNTRY
    if kept.best_before is not None:
        born["cbvmda:bestBeforeDate"] = kept.best_before.isoformat()
    told = _event(lot, "harvest", kept.harvested_on, "ADD", "commissioning", "active")
    if lot.certificates:
        told["certificationInfo"] = list(lot.certificates)
    return {**told, "ilmd": born}


def _packing(lot: _Lot, day: date) -> dict[str, Any]:
    return _event(lot, "packing", day, "OBSERVE", "packing", "in_progress")


def _event(
    lot: _Lot, name: str, day: date, action: str, step: str, disposition: str
) -> dict[str, Any]:
    kept = lot.line.lot
    return {
        "type": "ObjectEvent",
        "eventID": _name(lot, name),
        "eventTime": _instant(start_of(day)),
        "eventTimeZoneOffset": OFFSET,
        "recordTime": _instant(kept.recorded_at),
        "action": action,
        "bizStep": step,
        "disposition": disposition,
        "quantityList": [
            {
                "epcClass": lot.identity,
                "quantity": float(Grams(kept.quantity_g).kg),
                "uom": "KGM",
            }
        ],
        "readPoint": {"id": lot.place},
        "bizLocation": {"id": lot.place},
    }


def _name(lot: _Lot, what: str) -> str:
    """The lasting name of something that happened to a lot."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{lot.identity}#{what}')}"


def _place(session: Session, line: LotLine, root: str) -> str:
    """The planting area: by its own GLN, else by its address here, which never changes.

    A lot made of others was made at its organisation's place.
    """
    area = line.area
    if area is None:
        return f"{root}/o/{line.organisation.uid}"
    wanted = select(col(LocationNumber.gln)).where(col(LocationNumber.area_id) == area.pk)
    gln = session.execute(wanted).scalar_one_or_none()
    return f"{root}/a/{area.uid}" if gln is None else DigitalLink("414", gln).address(GS1_ROOT)


def _certificates(session: Session, line: LotLine, root: str, today: date) -> tuple[str, ...]:
    granted = (claim for claim in claims_of(session, line.lot, today=today) if claim.granted)
    numbers = dict.fromkeys(claim.number for claim in granted if claim.number)
    return tuple(f"{root}/certificates/{quote(number, safe='/')}" for number in numbers)


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
