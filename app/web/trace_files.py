"""A trace as a table in a file: a row for each place where kilograms of a lot are."""

from app.exchange.page_writing import Shown
from app.kit.codes import grouped
from app.kit.i18n import Language
from app.kit.messages import say
from app.kit.quantities import Grams
from app.tracing.closure_queries import TracedLot
from app.tracing.supply_queries import TracedSupply
from app.tracing.traces import Trace
from app.tracing.whereabouts import Whereabouts
from app.web.trace_words import HOLDING_STATES, label_line
from app.web.words import LOT_STATES

_HEADINGS = (
    say("Lot"),
    say("Crop"),
    say("Organisation"),
    say("Area"),
    say("Harvested"),
    say("Weight (kg)"),
    say("State"),
    say("Steps away"),
    say("Where it is"),
    say("With whom"),
    say("Address"),
    say("There (kg)"),
    say("Supplier from outside"),
    say("By which document"),
    say("The label asked for"),
)


def headings(language: Language) -> list[str]:
    """What stands over the columns."""
    return [language.say(heading) for heading in _HEADINGS]


def rows(told: Trace, language: Language) -> list[list[Shown]]:
    """Oldest lot first; a lot of which nothing is held within reach has a row as well."""
    places: dict[int, list[Whereabouts]] = {}
    for place in told.places:
        places.setdefault(place.lot_id, []).append(place)
    supplied = {one.lot_id: (_supplier(one), one.document) for one in told.supplies}
    label = label_line(told.label, language) if told.label else ""
    begun = set(told.begun.lots)
    return [
        [
            *_lot(told, lot, language),
            *_place(place, language),
            *supplied.get(lot.id, ("", "")),
            label if lot.id in begun else "",
        ]
        for lot in told.found.lots.values()
        for place in places.get(lot.id, [None])
    ]


def _lot(told: Trace, lot: TracedLot, language: Language) -> list[Shown]:
    names = told.names
    return [
        grouped(lot.code),
        getattr(names.crops[lot.crop_id], f"name_{language.tag}"),
        names.organisations[lot.organisation_id],
        names.areas[lot.area_id] if lot.area_id else "",
        lot.harvested_on,
        Grams(lot.quantity_g).kg,
        language.say(LOT_STATES[lot.state.value]),
        told.found.steps.get(lot.id),
    ]


def _supplier(supply: TracedSupply) -> str:
    known = (supply.supplier, supply.supplier_address, supply.supplier_code)
    return ", ".join(part for part in known if part)


def _place(place: Whereabouts | None, language: Language) -> list[Shown]:
    if place is None:
        return ["", "", "", None]
    return [
        language.say(HOLDING_STATES[place.state.value]),
        place.party or place.organisation,
        place.party_address,
        Grams(place.quantity_g).kg,
    ]
