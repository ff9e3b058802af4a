"""The lists of the province's desk: what should not be left so, and the registers, each as one table."""

from collections.abc import Mapping
from functools import partial

from app.certificates.border_queries import Border, organic_borders
from app.deps import Call
from app.kit.messages import say
from app.kit.quantities import SquareMetres
from app.models.catalogue import Crop
from app.plan.advice_law import (
    CODE_IDLE_DAYS,
    OVERSUPPLY_PERCENT,
    ROTATION_DAYS,
    VISIT_DAYS,
)
from app.plan.advice_queries import (
    IdleCode,
    Uncoded,
    Unvisited,
    areas_without_codes,
    certificates_without_visits,
    codes_without_lots,
)
from app.plan.grounds import Ground, Narrowed
from app.plan.rotation_queries import Repeated, rotation_conflicts
from app.plan.supply_queries import supply
from app.registry.markets import market_said
from app.web.listed import Listed
from app.web.sheets import Cell, Column, Share, Sheet, Told, land, mass, share
from app.web.words import APPLICATION_STATES, CODE_STATUS


def _ground(one: Ground) -> list[Cell]:
    return [
        Cell(one.name, f"/desk/areas/{one.uid}"),
        Cell(one.organisation),
        Cell(one.commune),
        Cell(one.district),
    ]


_GROUND = [
    Column(say("Area")),
    Column(say("Organisation")),
    Column(say("Commune")),
    Column(say("Former district")),
]


def _rotation(call: Call, narrowed: Narrowed) -> Sheet:
    found = rotation_conflicts(call.session, within=call.within, day=call.today, narrowed=narrowed)
    columns = [
        *_GROUND,
        Column(say("Before")),
        Column(say("Ended")),
        Column(say("Then")),
        Column(say("Sown or declared")),
        Column(say("Family")),
        land(say("At least on")),
        Column(say("Known from")),
    ]
    return Sheet("luan-canh", ROTATION.title, columns, Told(found, partial(_repeated, call)))


def _repeated(call: Call, one: Repeated) -> list[Cell]:
    source = (
        Cell(say("Diary"), f"/desk/diary/plantings/{one.planting}")
        if one.planting
        else Cell(say("Declaration"), f"/work/seasons/{one.season}")
    )
    return [
        *_ground(one.ground),
        Cell(_crop(call, one.before)),
        Cell(one.ended_on or say("still stands")),
        Cell(_crop(call, one.after)),
        Cell(one.sown_on),
        Cell(one.after.family),
        Cell(SquareMetres(one.land_m2)),
        source,
    ]


def _uncoded(call: Call, narrowed: Narrowed) -> Sheet:
    found = areas_without_codes(call.session, within=call.within, day=call.today, narrowed=narrowed)
    columns = [
        *_GROUND,
        land(say("Land")),
        Column(say("Since")),
        Column(say("Last code")),
        Column(say("Application")),
        Column(say("To be decided by")),
    ]
    return Sheet(
        "vung-chua-co-ma", UNCODED.title, columns, Told(found, partial(_without_code, call))
    )


def _without_code(call: Call, one: Uncoded) -> list[Cell]:
    return [
        *_ground(one.ground),
        Cell(SquareMetres(one.ground.area_m2)),
        Cell(one.ground.established_on),
        Cell(CODE_STATUS[one.last_status.value] if one.last_status else say("never had one")),
        Cell(APPLICATION_STATES[one.state.value], f"/desk/applications/{one.application}")
        if one.state
        else Cell(say("none"), tone="warn"),
        Cell(one.due_on, tone="bad" if one.due_on and one.due_on < call.today else ""),
    ]


def _idle(call: Call, narrowed: Narrowed) -> Sheet:
    found = codes_without_lots(call.session, within=call.within, day=call.today, narrowed=narrowed)
    columns = [
        Column(say("Code")),
        *_GROUND,
        Column(say("Market")),
        Column(say("Issued on")),
        Column(say("Last harvest")),
    ]
    return Sheet("ma-khong-co-lo", IDLE.title, columns, Told(found, _without_lots))


def _without_lots(one: IdleCode) -> list[Cell]:
    return [
        Cell(one.code, f"/desk/codes/{one.uid}"),
        *_ground(one.ground),
        Cell(market_said(one.market)),
        Cell(one.issued_on),
        Cell(one.last_harvest or say("never")),
    ]


def _unvisited(call: Call, narrowed: Narrowed) -> Sheet:
    found = certificates_without_visits(
        call.session, within=call.within, day=call.today, narrowed=narrowed
    )
    columns = [
        Column(say("Certificate")),
        Column(say("Standard")),
        Column(say("Holder")),
        Column(say("Valid from")),
        Column(say("Valid until")),
        Column(say("Last visit")),
        Column(say("To do")),
    ]
    rows = Told(found, partial(_without_visit, call))
    return Sheet("chung-nhan-chua-kiem-tra", UNVISITED.title, columns, rows)


def _without_visit(call: Call, one: Unvisited) -> list[Cell]:
    return [
        Cell(one.number, f"/work/certificates/{one.uid}"),
        Cell(getattr(one.standard, f"title_{call.language.tag}")),
        Cell(one.organisation),
        Cell(one.valid_from),
        Cell(one.valid_to),
        Cell(one.last_visit or say("never")),
        Cell(say("Look at the holder"), f"/desk/inspect/{one.organisation_uid}"),
    ]


def _supply(call: Call, _narrowed: Narrowed) -> Sheet:
    found = supply(call.session, within=call.within, day=call.today)
    columns = [
        Column(say("Crop")),
        Column(say("Month")),
        mass(say("Expected")),
        mass(say("Usual")),
        Column(say("Former years"), number=True),
        mass(say("Agreed by contracts")),
        share(say("Expected of what is asked for")),
        Column(say("Warning")),
    ]
    rows = [
        [
            Cell(
                _crop(call, one.crop),
                f"/desk/plan/supply/{one.crop.slug}?month={one.year}-{one.month:02}",
            ),
            Cell(f"{one.month:02}/{one.year}"),
            Cell(one.expected),
            Cell(one.usual if one.years else None),
            Cell(one.years),
            Cell(one.agreed if one.agreed_g else None),
            Cell(None if one.percent is None else Share(one.percent * 10)),
            Cell(say("Too much"), tone="warn")
            if one.warned
            else Cell(None if one.asked_g else say("nothing to compare with")),
        ]
        for one in sorted(found, key=lambda one: (not one.warned, one.year, one.month))
    ]
    return Sheet("cung-vuot-cau", SUPPLY.title, columns, rows)


def _borders(call: Call, narrowed: Narrowed) -> Sheet:
    words = narrowed.q.casefold().split()
    found = [
        one
        for one in organic_borders(call.session, call.today)
        if call.within.sees(one.organic.organisation_id)
        and all(word in f"{one.owner.name} {one.organic.name}".casefold() for word in words)
    ]
    columns = [
        Column(say("Organic area")),
        Column(say("Organisation")),
        Column(say("Its neighbour")),
        Column(say("Neighbour's organisation")),
        Column(say("Distance (m)"), number=True),
    ]
    return Sheet("ranh-gioi-huu-co", BORDERS.title, columns, Told(found, _border))


def _border(one: Border) -> list[Cell]:
    return [
        Cell(one.organic.name, f"/desk/areas/{one.organic.uid}"),
        Cell(one.owner.name),
        Cell(one.beside.area.name, f"/desk/areas/{one.beside.area.uid}"),
        Cell(one.beside.organisation.name),
        Cell(round(one.beside.metres)),
    ]


def _crop(call: Call, crop: Crop) -> str:
    return str(getattr(crop, f"name_{call.language.tag}"))


ROTATION = Listed(
    say("Rotation conflicts"),
    say(
        "The plan (IV.3) asks not to grow one family after itself on the same land. Shown is what"
        " was sown or declared within a year, no more than {number} days after its own family."
    ),
    _rotation,
    say("No crop follows its own family."),
    ROTATION_DAYS,
)
UNCODED = Listed(
    say("Areas without a code"),
    say("Areas that stand and have no planting-area code in force, for any market."),
    _uncoded,
    say("Every area has a code."),
)
IDLE = Listed(
    say("Codes without lots"),
    say("Codes in force from whose area no harvest was recorded for {number} days."),
    _idle,
    say("From every coded area there was a harvest."),
    CODE_IDLE_DAYS,
)
UNVISITED = Listed(
    say("Certificates without an inspection"),
    say(
        "Certificates that stand, where {number} days passed since they began and since an"
        " inspector was last with their holder."
    ),
    _unvisited,
    say("Every holder was visited in time."),
    VISIT_DAYS,
    by_district=False,
)
SUPPLY = Listed(
    say("More than is asked for"),
    say(
        "What declared seasons let expect in the next twelve months, beside what these months"
        " usually brought and what contracts take. A warning stands where it is more than"
        " {number} % of the larger of both."
    ),
    _supply,
    say("No season is declared whose harvest is to come."),
    OVERSUPPLY_PERCENT,
    by_district=False,
    pressing=lambda call: sum(
        one.warned for one in supply(call.session, within=call.within, day=call.today)
    ),
)
BORDERS = Listed(
    say("Borders of organic land"),
    say("Areas beside certified organic land, nearest first: what is sprayed there is watched."),
    _borders,
    say("No area lies beside certified organic land."),
    by_district=False,
)
ADVICE: Mapping[str, Listed] = {
    "rotation": ROTATION,
    "uncoded": UNCODED,
    "idle-codes": IDLE,
    "unvisited": UNVISITED,
    "supply": SUPPLY,
    "borders": BORDERS,
}
