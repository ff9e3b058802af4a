"""The advice that the plan asks for, and the registers of the province: lists that one can act on."""

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.catalogue.queries import crop_by_slug
from app.deps import Call, PageArgs, PageWanted, Reading, StepsDep
from app.errors import NotFound, refuse
from app.kit.cursor import decode, encode
from app.kit.messages import say
from app.models.catalogue import Crop
from app.places.queries import former_districts
from app.plan.advice_law import term
from app.plan.grounds import Narrowed
from app.plan.rollup import freshen
from app.plan.supply_queries import (
    GRAMS_A_KG,
    Month,
    Supply,
    coming,
    months_from,
    supply,
    supply_terms,
)
from app.web.bars import bar_chart
from app.web.listed import Listed
from app.web.pages import show
from app.web.plan_lists import ADVICE
from app.web.plan_registers import REGISTERS
from app.web.sheets import sheet_file

router = APIRouter(prefix="/desk/plan", include_in_schema=False)

PAGE = 50
LISTS: Mapping[str, Listed] = {**ADVICE, **REGISTERS}


@router.get("/advice")
def plan_advice_page(request: Request, call: Reading, steps: StepsDep) -> Response:
    """What should not be left so, each with how many there are."""
    freshen(call.session, steps, call.now)
    return show(
        request,
        call,
        "desk/plan/advice.html",
        lists=ADVICE,
        counts={slug: listed.to_act_on(call) for slug, listed in ADVICE.items()},
        number={slug: list_terms(call, listed) for slug, listed in ADVICE.items()},
    )


@router.get("/registers")
def plan_registers_page(request: Request, call: Reading) -> Response:
    """Every register and list of the province, and how to take it away."""
    return show(request, call, "desk/plan/registers.html", registers=REGISTERS, advice=ADVICE)


@router.get("/lists/{slug}")
def plan_list_page(
    request: Request,
    call: Reading,
    steps: StepsDep,
    page: PageArgs,
    *,
    slug: str,
    district: str = "",
    q: str = "",
) -> Response:
    """One list, narrowed down."""
    freshen(call.session, steps, call.now)
    listed = _listed(slug)
    narrowed = _narrowed(call, district, q)
    sheet = listed.build(call, narrowed)
    start = _start(page)
    shown = sheet.part(start, PAGE)  # before all are counted: a list that is read tells its number
    whole = len(sheet.rows)
    return show(
        request,
        call,
        "desk/plan/list.html",
        slug=slug,
        listed=listed,
        number=list_terms(call, listed),
        sheet=shown,
        whole=whole,
        start=start,
        more=encode(start + PAGE) if whole > start + PAGE else None,
        narrowed=narrowed,
        query=_query(narrowed),
        advice=slug in ADVICE,
        districts=[(one.code, one.name) for one in former_districts(call.session)],
    )


@router.get("/lists/{slug}/table.{ending}")
def plan_list_file(
    call: Reading, steps: StepsDep, slug: str, ending: str, district: str = "", q: str = ""
) -> Response:
    """The whole list as a file."""
    freshen(call.session, steps, call.now)
    sheet = _listed(slug).build(call, _narrowed(call, district, q))
    return sheet_file(call.language, sheet, ending, call.today)


@router.get("/supply/{slug}")
def plan_supply_page(
    request: Request, call: Reading, steps: StepsDep, page: PageArgs, slug: str, month: str = ""
) -> Response:
    """A crop month by month, expected beside usual, and the seasons behind one month."""
    freshen(call.session, steps, call.now)
    crop = crop_by_slug(call.session, slug[:40])
    known = {(one.year, one.month): one for one in _supplies(call, crop)}
    months = months_from(call.today)
    at = _month(month, months) or next(iter(known), months[0])
    lines = [known.get(one) for one in months]
    amounts = [
        [one.expected_g // GRAMS_A_KG if one else 0 for one in lines],
        [one.usual_g // GRAMS_A_KG if one else 0 for one in lines],
        [one.agreed_g // GRAMS_A_KG if one else 0 for one in lines],
    ]
    say_it, number = call.language.say, call.language.number
    words = (say("Expected (kg)"), say("Usual (kg)"), say("Agreed by contracts (kg)"))
    names = [say_it(one) for one in words]
    chart = bar_chart(
        [f"{month:02}" for _, month in months],
        list(zip(names, amounts, strict=True)),
        said=[[f"{number(value)} kg" for value in values] for values in amounts],
    )
    start = _start(page)
    seasons = coming(call.session, crop, at, within=call.within, day=call.today)
    shown = seasons[start : start + PAGE]
    return show(
        request,
        call,
        "desk/plan/supply.html",
        crop=crop,
        known=known,
        months=months,
        at=at,
        chart=chart,
        seasons=shown,
        more=encode(start + PAGE) if len(seasons) > start + PAGE else None,
        terms=supply_terms(call.session, call.today),
    )


def _supplies(call: Call, crop: Crop) -> list[Supply]:
    found = supply(call.session, within=call.within, day=call.today)
    return [one for one in found if one.crop.pk == crop.pk]


def _start(page: PageWanted) -> int:
    return max(int(decode(page.after, int)[0]), 0) if page.after else 0


def _month(typed: str, months: list[Month]) -> Month | None:
    return next((one for one in months if typed == f"{one[0]}-{one[1]:02}"), None)


def list_terms(call: Call, listed: Listed) -> int | None:
    """The number in the dated row that a list rests on."""
    return term(call.session, listed.rule, call.today) if listed.rule else None


def _listed(slug: str) -> Listed:
    if slug not in LISTS:
        raise NotFound(say("There is no such page."))
    return LISTS[slug]


def _narrowed(call: Call, district: str, q: str) -> Narrowed:
    if district and district not in {one.code for one in former_districts(call.session)}:
        raise refuse("district", say("This is not one of the choices."))
    return Narrowed(district, q[:80])


def _query(narrowed: Narrowed) -> str:
    chosen = {"district": narrowed.district, "q": narrowed.q}
    return urlencode({name: value for name, value in chosen.items() if value})
