"""Pages of layouts: where each fact stands on a label, changed with the label in view."""

from base64 import b64encode

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from app.deps import Call, Config, Reading, Writing, require_version
from app.errors import DomainError
from app.kit.messages import Message, say
from app.labels import stock_commands
from app.labels.checking import FACT_NAMES, Lack
from app.labels.label_rules import label_rules
from app.labels.layout import LayoutBody, checked_layout
from app.labels.layout_words import TONGUES
from app.labels.previewing import layout_picture
from app.labels.stock_queries import body_of, editions_of, layout_by_slug, layouts
from app.models.accounts import Role
from app.models.print_runs import LabelLayout, Purpose
from app.registry.organisation_queries import organisation_by_id
from app.settings import Settings
from app.web.label_words import MARK_PLACES, PURPOSES
from app.web.layout_form import typed_of, values_of
from app.web.pages import Refusal, TypedForm, go_to, refusal_of, show, tried

router = APIRouter(prefix="/work/labels", include_in_schema=False)

BOXES: dict[str, Message] = {
    "blocks": say("Box of words"),
    "symbols": say("Symbol"),
    "bars": say("Bar"),
    "marks": say("Mark of a standard"),
}
MAY_SAVE = {Role.COOP_ADMIN, Role.PROVINCE_ADMIN}


@router.get("/layouts")
def layouts_page(request: Request, call: Reading) -> Response:
    """Every layout in use."""
    found = layouts(call.session, within=call.within, on=call.today)
    shown = [(layout, body_of(layout)) for layout in found]
    return show(
        request, call, "work/label_layouts.html", layouts=shown, purposes=PURPOSES, tongues=TONGUES
    )


@router.get("/layouts/{layout}")
def layout_page(
    request: Request, call: Reading, layout: str, config: Config, language: str = ""
) -> Response:
    """One layout with a made-up lot on it."""
    found = layout_by_slug(call.session, layout, within=call.within, on=call.today)
    body = body_of(found)
    chosen = language if language in body.languages else body.languages[0]
    typed = {**typed_of(body), "name": found.name, "language": chosen}
    return _page(request, call, found, typed, config, body=body)


@router.post("/layouts/{layout}")
def save_layout_form(
    request: Request, call: Writing, layout: str, typed: TypedForm, config: Config
) -> Response:
    """Save as a new edition, or look at it first."""
    former = layout_by_slug(call.session, layout, within=call.within, on=call.today)
    if typed.raw("what") == "preview":
        return _page(request, call, former, typed.fields, config)

    def effect() -> str:
        require_version(former.edition, typed.whole("version", default=0))
        home = organisation_by_id(call.session, call.caller.organisation_id)
        saved = stock_commands.save_layout(
            call.session,
            organisation=None if call.within.everything else home,
            former=former,
            name=typed.raw("name")[:200],
            body=checked_layout(values_of(typed.fields)),
            by=call.actor,
            now=call.now,
        )
        return saved.slug

    slug = tried(call, effect)
    if isinstance(slug, Refusal):
        former = layout_by_slug(call.session, layout, within=call.within, on=call.today)
        return _page(request, call, former, typed.fields, config, refusal=slug)
    return go_to(f"/work/labels/layouts/{slug}?done=saved")


@router.post("/layouts/{layout}/preview")
def layout_preview(call: Reading, layout: str, typed: TypedForm, config: Config) -> Response:
    """The picture and what it lacks, for a page that shows both while somebody types."""
    former = layout_by_slug(call.session, layout, within=call.within, on=call.today)
    told: dict[str, object] = {"picture": "", "fault": "", "lacks": []}
    try:
        body = checked_layout(values_of(typed.fields))
        picture, found = _drawn(call, former, body, typed.raw("language"), config)
    except DomainError as refused:
        told["fault"] = _first_fault(call, refused)
        return JSONResponse(told, status_code=422)
    told["picture"] = b64encode(picture).decode()
    told["lacks"] = [[lack.refuses, call.language.say(lack.why)] for lack in found]
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


def _first_fault(call: Call, refused: DomainError) -> str:
    """Why, behind the box that it is about: the page is long, and its boxes have numbers."""
    why = call.language.say(refused.why)
    kind, _, rest = refused.fields[0].field.partition(".") if refused.fields else ("", "", "")
    number = rest.partition(".")[0]
    if kind not in BOXES or not number.isdigit():
        return why
    return f"{call.language.say(BOXES[kind])} {int(number) + 1} – {why}"


def _page(
    request: Request,
    call: Call,
    layout: LabelLayout,
    typed: dict[str, str],
    config: Settings,
    *,
    body: LayoutBody | None = None,
    refusal: Refusal | None = None,
) -> Response:
    picture = b""
    found: list[Lack] = []
    try:
        drawn = body or checked_layout(values_of(typed))
        picture, found = _drawn(call, layout, drawn, typed.get("language", ""), config)
    except DomainError as refused:
        refusal = refusal or refusal_of(refused)
    return show(
        request,
        call,
        "work/label_layout.html",
        status=422 if refusal else 200,
        layout=layout,
        editions=editions_of(call.session, layout.slug, within=call.within),
        picture=b64encode(picture).decode(),
        lacks=found,
        may_save=call.caller.role in MAY_SAVE,
        fact_names=FACT_NAMES,
        mark_words=MARK_PLACES,
        purposes=PURPOSES,
        tongue_names=TONGUES,
        typed=typed,
        refusal=refusal,
    )


def _drawn(
    call: Call, layout: LabelLayout, body: LayoutBody, language: str, config: Settings
) -> tuple[bytes, list[Lack]]:
    return layout_picture(
        body,
        language if language in body.languages else body.languages[0],
        Purpose(layout.purpose),
        label_rules(call.session, call.today),
        base_url=config.base_url,
    )
