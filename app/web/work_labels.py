"""The clerk's pages of labels: runs, a new run with its preview, one run with its account and proof."""

from base64 import b64encode
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, Config, Looking, PageArgs, Reading, Writing
from app.errors import DomainError
from app.file_routes import FileRoute
from app.files import file_answer
from app.jobs.queries import fault_of
from app.kit.messages import thawed
from app.labels import run_commands, run_marks
from app.labels.checking import FACT_NAMES, public_items, refusals
from app.labels.layout_words import TONGUES
from app.labels.previewing import plan_picture
from app.labels.run_content import STORAGE
from app.labels.run_files import delivered, is_lost, keys_in
from app.labels.run_marks import Marking
from app.labels.run_orders import MEDIA_TYPES, find_order, name_of
from app.labels.run_plan import Plan
from app.labels.run_planning import plan_run
from app.labels.run_queries import RunLine, parts_of, proofs_of, run_by_uid, runs
from app.labels.run_request import differences, said_on, wanted_of
from app.labels.run_standing import unmade, why_stopped
from app.labels.stock_commands import DPIS
from app.labels.stock_queries import layouts, profiles, stocks
from app.models.print_runs import MarkKind, Output, VoidCause
from app.registry.organisation_queries import organisation_by_id
from app.settings import Settings
from app.web.forms import Typed
from app.web.label_forms import request_of
from app.web.label_products import USUAL, likely_product, name_said, product_choices, reason_choices
from app.web.label_words import CAUSES, MARKS, OUTPUTS, RUN_STATES
from app.web.pages import (
    Refusal,
    TypedForm,
    go_to,
    refusal_of,
    show,
    submitted_once,
    tried,
)
from app.web.progress import while_running

router = APIRouter(prefix="/work/labels", include_in_schema=False)
files = APIRouter(route_class=FileRoute)
router.include_router(files)


# What the short form on the page of a lot means by its one choice.
QUICK: dict[str, dict[str, str]] = {
    "sheet_a4": {"stock": "a4-4x9-50x30", "output": "pdf", "dpi": ""},
    "png_203": {"stock": "roll-50x30", "output": "png", "dpi": "203", "start_at": "1"},
    "png_300": {"stock": "roll-50x30", "output": "png", "dpi": "300", "start_at": "1"},
}


@router.get("")
def labels_page(request: Request, call: Reading, page: PageArgs) -> Response:
    """The runs, newest first."""
    found = runs(call.session, within=call.within, after=page.after, limit=20)
    return show(request, call, "work/labels.html", runs=found, run_words=RUN_STATES)


@router.get("/new")
def new_run_page(request: Request, call: Reading, lot: str = "", product: str = "") -> Response:
    """The form of a run; `lot` is the one it is for, `product` what it is sold as."""
    chosen = product[:40] or likely_product(call, lot[:40])
    return _form(request, call, {**USUAL, "lots": lot[:40], "product": chosen})


@router.post("/new")
def start_run_form(request: Request, call: Writing, typed: TypedForm, config: Config) -> Response:
    """Preview, or print once grave warnings were seen; what is forbidden stands beside its field."""
    typed.fields.update(QUICK.get(typed.raw("form"), {}))
    if typed.raw("what") == "preview":
        return _previewed(request, call, typed, config)
    unread = _unread(call, typed, config)
    if unread is not None:
        return _form(request, call, typed.fields, plan=unread, first=True)

    def effect() -> str:
        asked = request_of(typed)
        typed.done()
        run = run_commands.start_run(
            call.session,
            organisation=organisation_by_id(call.session, call.caller.organisation_id),
            wanted=wanted_of(call.session, asked, within=call.within, today=call.today),
            keys=keys_in(config.data_dir),
            base_url=config.base_url,
            within=call.within,
            by=call.actor,
            now=call.now,
        )
        return f"/work/labels/runs/{run.uid}?done=printed"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        return _form(request, call, typed.fields, refusal=answer)
    return answer


@router.get("/runs/{run}")
def run_page(request: Request, call: Reading, run: UUID, config: Config) -> Response:
    """One run: its file, its account, what its labels say that is not so any more."""
    return _run(request, call, run, config)


@files.get("/runs/{run}/file")
def run_file(run: UUID, look: Looking) -> Response:
    """The file of a run; large ones go on where a download broke off."""
    with look.glance() as reading:
        wanted = find_order(reading, run, within=look.within)
    content, order = delivered(wanted, look.settings.data_dir), wanted.order
    return file_answer(content, media_type=order.media_type, name=order.file_name)


@router.post("/runs/{run}/cancel")
def cancel_run_form(request: Request, call: Writing, run: UUID, config: Config) -> Response:
    """Give up a run that is being made."""

    def effect(line: RunLine) -> None:
        organisation = organisation_by_id(call.session, line.run.organisation_id)
        run_commands.cancel_run(
            call.session, run=line.run, organisation=organisation, by=call.actor, now=call.now
        )

    return _change(request, call, run, config, effect, done="run_cancelled")


@router.post("/runs/{run}/retry")
def retry_run_form(request: Request, call: Writing, run: UUID, config: Config) -> Response:
    """Make a run again: the same labels."""

    def effect(line: RunLine) -> None:
        run_commands.retry_run(
            call.session,
            run=line.run,
            organisation=organisation_by_id(call.session, line.run.organisation_id),
            by=call.actor,
            now=call.now,
            lost=is_lost(line, config.data_dir),
        )

    return _change(request, call, run, config, effect, done="run_retried")


@router.post("/runs/{run}/marks")
def mark_labels_form(
    request: Request, call: Writing, run: UUID, typed: TypedForm, config: Config
) -> Response:
    """Say what became of a range of labels."""

    def effect(line: RunLine) -> None:
        kind = MarkKind.APPLIED if typed.raw("kind") == "applied" else MarkKind.VOIDED
        first = typed.whole("first", default=0)
        last = typed.whole("last", default=first)
        reason = typed.text("reason", longest=300)
        cause = VoidCause(typed.raw("cause")) if typed.raw("cause") in CAUSES else None
        typed.done()
        run_marks.mark_labels(
            call.session,
            run=line.run,
            organisation=organisation_by_id(call.session, line.run.organisation_id),
            marking=Marking(typed.raw("lot"), kind, first - 1, last - 1, reason, cause),
            by=call.actor,
            now=call.now,
        )

    return _change(request, call, run, config, effect, done="saved", typed=typed)


def _previewed(request: Request, call: Call, typed: Typed, config: Settings) -> Response:
    try:
        plan = _planned(call, typed, config)
    except DomainError as refused:
        return _form(request, call, typed.fields, refusal=refusal_of(refused))
    return _form(request, call, typed.fields, plan=plan)


def _planned(call: Call, typed: Typed, config: Settings) -> Plan:
    asked = request_of(typed)
    typed.done()
    return plan_run(
        call.session,
        wanted_of(call.session, asked, within=call.within, today=call.today),
        base_url=config.base_url,
        within=call.within,
        now=call.now,
    )


def _unread(call: Call, typed: Typed, config: Settings) -> Plan | None:
    """The plan whose grave warnings were not shown yet; what forbids it is told when it is printed."""
    try:
        plan = _planned(call, typed, config)
    except DomainError:
        typed.faults.clear()
        return None
    seen = plan.warnings_mark in ("", typed.raw("read"))
    return None if seen or refusals(plan.lacks) else plan


def _form(
    request: Request,
    call: Call,
    typed: dict[str, str],
    *,
    refusal: Refusal | None = None,
    plan: Plan | None = None,
    first: bool = False,
) -> Response:
    found = layouts(call.session, within=call.within, on=call.today)
    return show(
        request,
        call,
        "work/label_run_new.html",
        status=422 if refusal else 200,
        typed=typed,
        refusal=refusal,
        plan=plan,
        first=first,
        picture=b64encode(plan_picture(plan)).decode() if plan else "",
        complete=public_items(plan.rules, plan.lots[0].edition.words) if plan else {},
        layout_choices=[(layout.slug, name_said(call, layout.name)) for layout in found],
        stocks=stocks(call.session, within=call.within),
        printers=profiles(call.session, within=call.within),
        outputs=[(output.value, OUTPUTS[output.value]) for output in Output],
        tongues=TONGUES,
        dpis=DPIS,
        reason_choices=reason_choices(call),
        storages=[one["vi"] for one in STORAGE],
        product_choices=product_choices(call),
        fact_names=FACT_NAMES,
    )


def _run(
    request: Request,
    call: Call,
    uid: UUID,
    config: Settings,
    *,
    typed: dict[str, str] | None = None,
    refusal: Refusal | None = None,
) -> Response:
    line = run_by_uid(call.session, uid, within=call.within)
    parts = parts_of(call.session, line.run)
    sentence, _, values = line.run.stopped_because.partition("\n")
    page = show(
        request,
        call,
        "work/label_run.html",
        status=422 if refusal else 200,
        line=line,
        parts=parts,
        proofs=proofs_of(call.session, line.run),
        said={one.lot.code: said_on(line, one.part) for one in parts},
        file_name=name_of(parts[0].lot.code, line.run.created_at, uid)
        + f".{MEDIA_TYPES[line.run.output][1]}",
        fault=fault_of(line.job) if line.job else None,
        failed=unmade(line.run, line.job),
        lost=is_lost(line, config.data_dir),
        stopped=thawed(sentence, values or "{}")
        if sentence
        else why_stopped(call.session, line.run),
        differences=differences(call.session, line, base_url=config.base_url, now=call.now),
        fact_names=FACT_NAMES,
        run_words=RUN_STATES,
        output_words=OUTPUTS,
        mark_words=MARKS,
        causes=CAUSES,
        typed=typed or {},
        refusal=refusal,
    )
    return while_running(page, line.job) if line.job else page


def _change(
    request: Request,
    call: Call,
    uid: UUID,
    config: Settings,
    effect: Any,
    *,
    done: str,
    typed: Typed | None = None,
) -> Response:
    line = run_by_uid(call.session, uid, within=call.within)
    outcome = tried(call, lambda: effect(line))
    if isinstance(outcome, Refusal):
        return _run(
            request, call, uid, config, typed=typed.fields if typed else {}, refusal=outcome
        )
    return go_to(f"/work/labels/runs/{uid}?done={done}")
