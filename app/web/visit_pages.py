"""Visits: the inspector's, with the form that needs no script, and those of the organisation visited."""

from typing import Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.reach import Reach
from app.deps import Call, PageArgs, Reading, Writing, require_version
from app.inspection.checklist_queries import checklist_on, checklists_on
from app.inspection.finding_queries import findings
from app.inspection.plan_queries import plan_line
from app.inspection.sample_queries import samples
from app.inspection.sheet import Sheet
from app.inspection.start_queries import visitable
from app.inspection.visit_commands import Bearer, save_sheet, take_over
from app.inspection.visit_picture_commands import add_visit_picture
from app.inspection.visit_queries import VisitLine, details_of, visit_line, visits
from app.models.visit_findings import FindingState
from app.pictures.cleaning import cleaned_picture
from app.registry.area_queries import area_choices
from app.web.pages import Refusal, SentPhotos, TypedForm, go_to, show, submitted_once, tried
from app.web.visit_form import flat, rows_of, sheet_in

router = APIRouter(include_in_schema=False)

WORK, DESK = "/work", "/desk"
LINES_A_PAGE = 30


@router.get("/work/visits")
def visits_page(request: Request, call: Reading, page: PageArgs) -> Response:
    """The visits an organisation had."""
    return _list(request, call, WORK, page.after)


@router.get("/desk/visits")
def desk_visits_page(
    request: Request, call: Reading, page: PageArgs, going_on: str = ""
) -> Response:
    """Every visit."""
    return _list(request, call, DESK, page.after, going_on=bool(going_on))


@router.get("/desk/visits/new")
def new_visit_page(
    request: Request, call: Reading, plan: UUID | None = None, organisation: str = ""
) -> Response:
    """Begin a visit: a planned one, or another."""
    return _new(request, call, plan, typed={"organisation": organisation[:40]})


@router.post("/desk/visits/new")
def begin_visit_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """The visit begins now."""
    plan = typed.uid("plan")

    def effect() -> str:
        organisation = typed.uid("organisation", required=True)
        typed.done()
        checklist = checklist_on(call.session, typed.raw("checklist")[:40], call.today)
        sheet = Sheet.model_validate(
            {
                "uid": uuid4(),
                "revision": 1,
                "plan": plan,
                "organisation": organisation,
                "checklist": checklist.slug,
                "edition": checklist.edition,
                "started_at": call.now,
            }
        )
        visit = save_sheet(call.session, sheet=sheet, bearer=Bearer(call.caller, call.now))
        return f"/desk/visits/{visit.uid}"

    outcome = submitted_once(request, call, typed, effect)
    if isinstance(outcome, Refusal):
        return _new(request, call, plan, typed=typed.fields, refusal=outcome)
    return outcome


@router.get("/work/visits/{visit}")
def visit_page(request: Request, call: Reading, visit: UUID) -> Response:
    """One visit that is finished."""
    return _one(request, call, WORK, visit)


@router.get("/desk/visits/{visit}")
def desk_visit_page(request: Request, call: Reading, visit: UUID) -> Response:
    """One visit; the form where it goes on."""
    return _one(request, call, DESK, visit)


@router.post("/desk/visits/{visit}")
def save_visit_form(request: Request, call: Writing, visit: UUID, typed: TypedForm) -> Response:
    """Save it as it stands, or finish it."""
    finish = typed.raw("do") == "finish"

    def effect() -> None:
        line = visit_line(call.session, visit, within=call.within)
        require_version(line.visit.version, typed.whole("version", default=0))
        former = details_of(call.session, line.visit).sheet
        if former is not None:
            sheet = sheet_in(typed, former, now=call.now, finish=finish)
            save_sheet(call.session, sheet=sheet, bearer=Bearer(call.caller, call.now))

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        return _one(request, call, DESK, visit, typed=typed.fields, refusal=outcome)
    done = "visit_finished" if finish else "saved"
    return go_to(f"/desk/visits/{visit}?done={done}")


@router.post("/desk/visits/{visit}/photos")
def add_visit_photos_form(
    request: Request, call: Writing, visit: UUID, typed: TypedForm, photos: SentPhotos
) -> Response:
    """Add photographs."""

    def effect() -> None:
        for photo in photos:
            add_visit_picture(
                call.session,
                visit=visit,
                item=typed.raw("item")[:40] or None,
                photo=cleaned_picture(photo),
                caller=call.caller,
                now=call.now,
            )

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        return _one(request, call, DESK, visit, refused_photo=outcome)
    return go_to(f"/desk/visits/{visit}?done=pictured")


@router.post("/desk/visits/{visit}/take-over")
def take_over_visit_form(
    request: Request, call: Writing, visit: UUID, typed: TypedForm
) -> Response:
    """Go on with a visit that a colleague cannot end."""

    def effect() -> None:
        line = visit_line(call.session, visit, within=call.within)
        require_version(line.visit.version, typed.whole("version", default=0))
        take_over(call.session, visit=line.visit, caller=call.caller, now=call.now)

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        return _one(request, call, DESK, visit, refusal=outcome)
    return go_to(f"/desk/visits/{visit}?done=visit_taken_over")


def _list(
    request: Request, call: Call, home: str, after: str | None, *, going_on: bool = False
) -> Response:
    found = visits(
        call.session,
        within=call.within,
        finished=False if going_on else None,
        after=after,
        limit=LINES_A_PAGE,
    )
    return show(request, call, "work/visits.html", home=home, lines=found, going_on=going_on)


def _new(request: Request, call: Call, plan: UUID | None, **again: Any) -> Response:
    return show(
        request,
        call,
        "desk/visit_new.html",
        status=422 if again.get("refusal") else 200,
        plan=plan_line(call.session, plan) if plan else None,
        checklists=checklists_on(call.session, call.today),
        organisations=[(one.uid, one.name) for one, _ in visitable(call.session)],
        **again,
    )


def _one(request: Request, call: Call, home: str, uid: UUID, **again: Any) -> Response:
    line = visit_line(call.session, uid, within=call.within)
    details = details_of(call.session, line.visit)
    within = Reach.own(line.organisation.pk)
    fields = flat(details.sheet) if details.sheet else {}
    shown = again.get("typed") or fields
    return show(
        request,
        call,
        "work/visit.html",
        status=422 if again.get("refusal") or again.get("refused_photo") else 200,
        **{
            "home": home,
            "line": line,
            "details": details,
            "mine": _is_mine(call, line),
            "fields": shown,
            "rows": rows_of(shown),
            "areas": area_choices(call.session, line.organisation.pk),
            "findings": findings(
                call.session,
                within=within,
                today=call.today,
                states=tuple(FindingState),
                visit_id=line.visit.pk,
            ),
            "samples": samples(call.session, within=within, visit_id=line.visit.pk),
            "refused_photo": None,
            **again,
        },
    )


def _is_mine(call: Call, line: VisitLine) -> bool:
    return line.visit.inspector_id == call.caller.account_id
