"""Print runs on the wire: check, start, watch, fetch, cancel, count, verify."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.api.changing import Said
from app.api.paging import PageOut, page_out
from app.api.print_mark_shapes import MarkIn, ProofIn, ProofOut, SerialOut
from app.api.print_run_shapes import CheckOut, RunIn, RunOut, RunWholeOut
from app.api.problems import may_fail
from app.api.shapes import Code
from app.deps import Call, Config, Looking, OnceDep, PageArgs, Reading, Writing
from app.errors import Conflict, Malformed, NotFound, Refused
from app.file_routes import FileRoute
from app.files import file_answer
from app.labels import run_commands, run_marks
from app.labels.run_files import delivered, is_lost, keys_in
from app.labels.run_orders import find_order
from app.labels.run_plan import Wanted
from app.labels.run_planning import plan_run
from app.labels.run_queries import RunLine, run_by_uid, runs
from app.labels.run_request import wanted_of
from app.labels.serial_queries import SerialState, serial_state
from app.lots.queries import lot_by_code
from app.models.registry import Organisation
from app.registry.organisation_queries import organisation_by_id

router = APIRouter(tags=["labels"])
files = APIRouter(route_class=FileRoute)
router.include_router(files)


@router.post("/print-runs/check", responses=may_fail(Malformed, Refused))
def check_print_run(body: RunIn, call: Reading, config: Config) -> CheckOut:
    """What a run would lack, before it is printed: refusals and warnings, and what is withheld."""
    plan = plan_run(
        call.session,
        _wanted(body, call),
        base_url=config.base_url,
        within=call.within,
        now=call.now,
    )
    return CheckOut.of(plan, call.language)


@router.post(
    "/print-runs",
    status_code=201,
    response_model=RunOut,
    responses=may_fail(Malformed, NotFound, Refused),
)
def start_print_run(body: RunIn, call: Writing, once: OnceDep, config: Config) -> Response:
    """Print: words are frozen and serials given out. Over 500 labels it goes on in the background."""

    def effect() -> Said:
        run = run_commands.start_run(
            call.session,
            organisation=organisation_by_id(call.session, call.caller.organisation_id),
            wanted=_wanted(body, call),
            keys=keys_in(config.data_dir),
            base_url=config.base_url,
            within=call.within,
            by=call.actor,
            now=call.now,
        )
        call.session.flush()
        line = run_by_uid(call.session, run.uid, within=call.within)
        return RunOut.of(line, call.language), {"Location": f"/api/v1/print-runs/{run.uid}"}

    return once(effect)


@router.get("/print-runs", responses=may_fail(Malformed, NotFound))
def list_print_runs(call: Reading, page: PageArgs, lot: Code | None = None) -> PageOut[RunOut]:
    """Runs, newest first; those of one lot when its code is given."""
    of_lot = lot_by_code(call.session, lot, within=call.within) if lot else None
    found = runs(call.session, within=call.within, lot=of_lot, after=page.after, limit=page.limit)
    return page_out(found, lambda line: RunOut.of(line, call.language))


@router.get("/print-runs/{run}", responses=may_fail(NotFound))
def read_print_run(run: UUID, call: Reading, config: Config) -> RunWholeOut:
    """One run: its lots, what became of the labels, what they say that is not so any more."""
    return _whole(run_by_uid(call.session, run, within=call.within), call, config.base_url)


@files.get(
    "/print-runs/{run}/file",
    response_class=Response,
    responses={
        **may_fail(Conflict, NotFound),
        200: {"content": {"application/pdf": {}, "image/png": {}, "application/octet-stream": {}}},
        206: {"description": "A part of a large file (Range)."},
    },
)
def download_print_run(run: UUID, look: Looking) -> Response:
    """The file of a run, the same bytes every time. Large ones answer Range requests."""
    with look.glance() as reading:
        wanted = find_order(reading, run, within=look.within)
    content, order = delivered(wanted, look.settings.data_dir), wanted.order
    return file_answer(content, media_type=order.media_type, name=order.file_name)


@router.post(
    "/print-runs/{run}/cancel",
    response_model=RunOut,
    responses=may_fail(Conflict, Malformed, NotFound),
)
def cancel_print_run(run: UUID, call: Writing, once: OnceDep) -> Response:
    """Give up a run that is still being made: all its labels are void."""

    def effect() -> Said:
        line, organisation = _found(run, call)
        run_commands.cancel_run(
            call.session, run=line.run, organisation=organisation, by=call.actor, now=call.now
        )
        return _again(run, call), {}

    return once(effect, status=200)


@router.post(
    "/print-runs/{run}/retry",
    response_model=RunOut,
    responses=may_fail(Conflict, Malformed, NotFound),
)
def retry_print_run(run: UUID, call: Writing, once: OnceDep, config: Config) -> Response:
    """Make a run again that failed, or whose file is lost: the same labels."""

    def effect() -> Said:
        line, organisation = _found(run, call)
        run_commands.retry_run(
            call.session,
            run=line.run,
            organisation=organisation,
            by=call.actor,
            now=call.now,
            lost=is_lost(line, config.data_dir),
        )
        return _again(run, call), {}

    return once(effect, status=200)


@router.post(
    "/print-runs/{run}/marks",
    status_code=201,
    response_model=RunWholeOut,
    responses=may_fail(Malformed, NotFound, Refused),
)
def mark_printed_labels(
    run: UUID, body: MarkIn, call: Writing, once: OnceDep, config: Config
) -> Response:
    """Say what became of a range of labels: applied, or voided with a reason."""

    def effect() -> Said:
        line, organisation = _found(run, call)
        run_marks.mark_labels(
            call.session,
            run=line.run,
            organisation=organisation,
            marking=body.marking(),
            by=call.actor,
            now=call.now,
        )
        call.session.flush()
        return _whole(line, call, config.base_url), {}

    return once(effect)


@router.post(
    "/print-runs/{run}/proofs",
    status_code=201,
    response_model=ProofOut,
    responses=may_fail(Conflict, Malformed, NotFound, Refused),
)
def prove_print_run(
    run: UUID, body: ProofIn, call: Writing, once: OnceDep, config: Config
) -> Response:
    """What the first or the last label says when it is scanned. Both right: the run is verified."""

    def effect() -> Said:
        line, organisation = _found(run, call)
        proof = run_marks.prove_label(
            call.session,
            run=line.run,
            organisation=organisation,
            which=body.which,
            read=body.read,
            keys=keys_in(config.data_dir),
            by=call.actor,
            now=call.now,
        )
        verified = line.run.verified_at
        return ProofOut(which=proof.which, matched=proof.matched, verified_at=verified), {}

    return once(effect)


@router.get("/lots/{code}/serials/{serial}", responses=may_fail(NotFound))
def read_serial(code: Code, serial: str, call: Reading, config: Config) -> SerialOut:
    """What became of a label with this serial; `invented` for one this installation never made."""
    lot = lot_by_code(call.session, code, within=call.within)
    number = keys_in(config.data_dir).read(lot.code, serial)
    if number is None:
        return SerialOut(number=None, state=SerialState.INVENTED, run=None, reason="")
    return SerialOut.of(number, serial_state(call.session, lot, number))


def _wanted(body: RunIn, call: Call) -> Wanted:
    return wanted_of(call.session, body.asked(), within=call.within, today=call.today)


def _found(run: UUID, call: Call) -> tuple[RunLine, Organisation]:
    line = run_by_uid(call.session, run, within=call.within)
    return line, organisation_by_id(call.session, line.run.organisation_id)


def _again(run: UUID, call: Call) -> RunOut:
    call.session.flush()
    return RunOut.of(run_by_uid(call.session, run, within=call.within), call.language)


def _whole(line: RunLine, call: Call, base_url: str) -> RunWholeOut:
    return RunWholeOut.of_whole(call.session, line, call.language, base_url=base_url, now=call.now)
