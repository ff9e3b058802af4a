"""What the cooperative sees of the scans of its goods; the shops that it lets mark labels as sold."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, Config, PageArgs, Reading, Writing
from app.registry.organisation_queries import organisation_by_id
from app.scans.shop_commands import end_shop_link, make_shop_link
from app.scans.shop_queries import shop_by_uid, shops
from app.web import scan_reports
from app.web.pages import Refusal, TypedForm, go_to, show, tried

router = APIRouter(prefix="/work/scans", include_in_schema=False)

HOME = "/work/scans"
USUAL_DAYS = 30


@router.get("")
def scans_page(request: Request, call: Reading) -> Response:
    """How often the cooperative's goods were looked up, and where."""
    return scan_reports.report_page(request, call, home=HOME)


@router.get("/table.csv")
def scans_csv(request: Request, call: Reading) -> Response:
    """One of the tables as a file."""
    return scan_reports.report_csv(request, call)


@router.get("/alerts")
def scan_alerts_page(request: Request, call: Reading, page: PageArgs) -> Response:
    """Labels that were looked up in an unusual way."""
    return scan_reports.alerts_page(request, call, page.after, home=HOME)


@router.get("/alerts/{alert}")
def scan_alert_page(request: Request, call: Reading, alert: UUID) -> Response:
    """One of them, with the pattern behind it."""
    return scan_reports.alert_page(request, call, alert, home=HOME)


@router.post("/alerts/{alert}/close")
def close_scan_alert_form(
    request: Request, call: Writing, alert: UUID, typed: TypedForm
) -> Response:
    """Say what it turned out to be."""
    return scan_reports.close_alert(request, call, alert, typed, home=HOME)


@router.get("/shops")
def shops_page(request: Request, call: Reading) -> Response:
    """Shops that may mark labels as sold."""
    return _shops(request, call)


@router.post("/shops")
def make_shop_form(request: Request, call: Writing, typed: TypedForm, config: Config) -> Response:
    """A link for a shop; it is shown this once."""

    def effect() -> str:
        days = typed.whole("days", default=USUAL_DAYS)
        name = typed.text("name", longest=120, required=True)
        typed.done()
        _, token = make_shop_link(
            call.session,
            organisation=organisation_by_id(call.session, call.caller.organisation_id),
            name=name,
            days=days,
            by=call.actor,
            now=call.now,
        )
        return f"{config.base_url}/shop/{token}"

    link = tried(call, effect)
    if isinstance(link, Refusal):
        return _shops(request, call, typed=typed.fields, refusal=link)
    return _shops(request, call, link=link)


@router.post("/shops/{shop}/end")
def end_shop_form(request: Request, call: Writing, shop: UUID) -> Response:
    """The shop may not mark labels any more."""
    link = shop_by_uid(call.session, shop, within=call.within)
    outcome = tried(
        call, lambda: end_shop_link(call.session, link=link, by=call.actor, now=call.now)
    )
    if isinstance(outcome, Refusal):
        return _shops(request, call, refusal=outcome)
    return go_to(f"{HOME}/shops?done=shop_ended")


def _shops(
    request: Request,
    call: Call,
    *,
    link: str = "",
    typed: dict[str, str] | None = None,
    refusal: Refusal | None = None,
) -> Response:
    return show(
        request,
        call,
        "work/scan_shops.html",
        status=422 if refusal else 200,
        shops=shops(call.session, within=call.within),
        now=call.now,
        link=link,
        typed=typed or {"days": str(USUAL_DAYS)},
        refusal=refusal,
    )
