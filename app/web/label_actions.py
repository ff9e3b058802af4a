"""What somebody before a label may say: where they bought it, that they opened it; a shop, that it sold it."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, Config, Reading, Writing
from app.errors import refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.labels.run_files import keys_in
from app.labels.serials import bare_serial
from app.lots.queries import LotLine, lot_line
from app.models.scans import WHOLE_LOT
from app.places.queries import provinces_on
from app.scans.label_queries import LabelKnown, known_of, read_label
from app.scans.limit_queries import limits_on
from app.scans.mark_commands import mark_opened, mark_sold
from app.scans.place_commands import answer_place
from app.scans.rules import Limits
from app.scans.tally import Count
from app.settings import Settings
from app.web.choices import PROVINCE, commune_choices
from app.web.pages import Refusal, TypedForm, go_to, show, tried
from app.web.sellers import seller_of
from app.web.visits import device_now, require_pace

router = APIRouter(prefix="/t/{code}/{serial}", include_in_schema=False)

# In the place of a number: the label bears none.
NO_NUMBER = "-"


@router.get("/place")
def place_page(request: Request, call: Reading, code: str, serial: str) -> Response:
    """Where did you buy it? Only what is chosen here is counted, by place."""
    return _place(request, call, lot_line(call.session, code, within=call.within), serial)


@router.post("/place")
def place_form(
    request: Request, call: Writing, code: str, serial: str, typed: TypedForm, config: Config
) -> Response:
    """Count the answer; a telephone answers once a day for a label."""
    device = device_now(request)
    line = lot_line(call.session, code, within=call.within)
    require_pace(request, limits_on(call.session, call.today))
    number = WHOLE_LOT
    if serial != NO_NUMBER:
        number = read_label(call.session, line.lot.code, serial, keys_in(config.data_dir)).serial

    def effect() -> None:
        answer_place(
            call.session,
            lot=line.lot,
            serial=max(number, WHOLE_LOT),  # a number not made here says nothing of any label
            province=typed.raw("province"),
            commune=typed.raw("commune") if typed.raw("province") == PROVINCE else "",
            device=device,
            now=call.now,
        )

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        again = lot_line(call.session, code, within=call.within)
        return _place(request, call, again, serial, typed=typed.fields, refusal=outcome)
    return go_to(f"{_here(line, serial)}/place?done=place_counted")


@router.post("/opened")
def opened_form(
    request: Request, call: Writing, code: str, serial: str, config: Config
) -> Response:
    """The pack was opened: whoever looks the label up later reads so."""
    device = device_now(request)
    line = lot_line(call.session, code, within=call.within)
    known, limits = _known(request, call, line, serial, config)
    mark_opened(call.session, known=known, device=device, limits=limits, now=call.now)
    return go_to(f"{_here(line, serial)}?done=opened")


@router.post("/sold")
def sold_form(request: Request, call: Writing, code: str, serial: str, config: Config) -> Response:
    """The pack was sold, says a shop that was let in, or the cooperative."""
    line = lot_line(call.session, code, within=call.within)
    seller = seller_of(request, call.session, call.known, line.organisation, now=call.now)
    if seller is None:
        why = say("Only the cooperative, or a shop that it let in, may do this.")
        raise refuse("label", why)
    known, _ = _known(request, call, line, serial, config)
    mark_sold(call.session, known=known, shop=seller.shop, by=seller.actor, now=call.now)
    return go_to(f"{_here(line, serial)}?done=sold")


def _known(
    request: Request, call: Call, line: LotLine, serial: str, config: Settings
) -> tuple[LabelKnown, Limits]:
    limits = limits_on(call.session, call.today)
    require_pace(request, limits)
    read = read_label(call.session, line.lot.code, serial, keys_in(config.data_dir))
    return known_of(call.session, read, Count(), limits, now=call.now), limits


def _place(
    request: Request,
    call: Call,
    line: LotLine,
    serial: str,
    *,
    typed: dict[str, str] | None = None,
    refusal: Refusal | None = None,
) -> Response:
    today = day_of(call.now)
    page = show(
        request,
        call,
        "public/place.html",
        status=422 if refusal else 200,
        line=line,
        here=_here(line, serial),
        back=f"/t/{line.lot.code}" if serial == NO_NUMBER else _here(line, serial),
        provinces=provinces_on(call.session, today),
        home=PROVINCE,
        communes=commune_choices(call.session, today),
        typed=typed or {},
        refusal=refusal,
    )
    page.headers["X-Robots-Tag"] = "noindex"
    return page


def _here(line: LotLine, serial: str) -> str:
    number = NO_NUMBER if serial == NO_NUMBER else bare_serial(serial)[:40] or NO_NUMBER
    return f"/t/{line.lot.code}/{number}"
