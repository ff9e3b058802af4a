"""Printing runs: ranges given out once, words frozen, and everything that befalls a run a fact."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.db import is_sqlite
from app.errors import Conflict
from app.jobs.commands import cancel, queue
from app.kit.messages import Message, frozen, say
from app.kit.text import clean
from app.labels.keys import KeyRing
from app.labels.run_content import plain_content
from app.labels.run_labels import Units
from app.labels.run_orders import MARKS
from app.labels.run_plan import Plan, PlannedLot, Wanted
from app.labels.run_planning import plan_run
from app.labels.run_queries import parts_of
from app.labels.run_recording import record_run
from app.labels.run_standing import why_stopped
from app.labels.sscc_commands import keep_range, take_ssccs
from app.ledger.actors import Actor
from app.models.jobs import Job, JobState
from app.models.print_runs import (
    LabelMark,
    LotSerial,
    MarkKind,
    PrintRun,
    PrintRunLot,
    RunState,
    VoidCause,
)
from app.models.registry import Organisation

# More labels than this are made in the background.
MOST_AT_ONCE = 500
JOB_KIND = "labels.print"


def start_run(
    session: Session,
    *,
    organisation: Organisation,
    wanted: Wanted,
    keys: KeyRing,
    base_url: str,
    within: Reach,
    by: Actor,
    now: datetime,
) -> PrintRun:
    """Print: give out the serials, freeze what the labels say, and queue the work if it is much.

    Raises Refused with everything the law or the paper forbids. A range is given out in the
    transaction of the run, so two clerks at once get two ranges and a refused run gives its back.
    """
    _lock(session, wanted)
    plan = plan_run(session, wanted, base_url=base_url, within=within, now=now)
    plan.require_printable()
    run = _run(plan, organisation, now)
    if wanted.serialised:
        run.key_id = keys.lot_key(plan.lots[0].line.lot.code).key_id
    session.add(run)
    session.flush()
    parts = _parts(session, run, plan)
    if plan.total > MOST_AT_ONCE:
        run.job_id = _queued(session, run, organisation.pk, by, now).pk
    else:
        run.state, run.ready_at = RunState.READY, now
    ranges = {
        lot.line.lot.code: [part.first_index, part.last_index]
        for lot, part in zip(plan.lots, parts, strict=True)
    }
    record_run(
        session,
        run,
        organisation,
        kind="label.run_started",
        by=by,
        now=now,
        facts=_facts(plan, run, ranges),
    )
    return run


def cancel_run(
    session: Session, *, run: PrintRun, organisation: Organisation, by: Actor, now: datetime
) -> PrintRun:
    """Give up a run that is still being made: nothing of it reached paper, so all of it is void."""
    if run.state is not RunState.MAKING:
        raise Conflict(say("This run is made already: void its labels instead."))
    if run.job_id is not None:
        cancel(session, job=session.get_one(Job, run.job_id), now=now)
    _end(session, run, RunState.CANCELLED, say("Cancelled."), now)
    record_run(session, run, organisation, kind="label.run_cancelled", by=by, now=now, facts={})
    return run


def retry_run(
    session: Session,
    *,
    run: PrintRun,
    organisation: Organisation,
    by: Actor,
    now: datetime,
    lost: bool = False,
) -> PrintRun:
    """Make a run again whose work failed, or whose file is lost: the same labels, the same serials."""
    job = session.get(Job, run.job_id) if run.job_id else None
    failed = run.state is RunState.MAKING and job is not None and job.state is JobState.FAILED
    gone = lost and run.state is RunState.READY
    if not (failed or gone) or why_stopped(session, run) is not None:
        raise Conflict(say("There is nothing to try again."))
    run.state = RunState.MAKING
    run.job_id = _queued(session, run, organisation.pk, by, now).pk
    record_run(session, run, organisation, kind="label.run_retried", by=by, now=now, facts={})
    return run


def stop_run(session: Session, *, run: PrintRun, why: Message, by: Actor, now: datetime) -> None:
    """Stop a run whose lot may not leave any more: all of its labels are void."""
    _end(session, run, RunState.STOPPED, why, now)
    organisation = session.get_one(Organisation, run.organisation_id)
    record_run(
        session,
        run,
        organisation,
        kind="label.run_stopped",
        by=by,
        now=now,
        facts={"why": why.msgid},
    )


def finish_run(session: Session, *, run: PrintRun, size: int, by: Actor, now: datetime) -> None:
    """The file of a run stands."""
    run.state, run.ready_at, run.size = RunState.READY, now, size
    organisation = session.get_one(Organisation, run.organisation_id)
    record_run(
        session, run, organisation, kind="label.run_ready", by=by, now=now, facts={"size": size}
    )


def _lock(session: Session, wanted: Wanted) -> None:
    """Runs of one lot are planned one after the other, and see the lot as it stands by then."""
    for line in sorted((line for line, _ in wanted.lots), key=lambda one: one.lot.pk):
        session.refresh(line.lot, with_for_update=True)


def _run(plan: Plan, organisation: Organisation, now: datetime) -> PrintRun:
    wanted = plan.wanted
    return PrintRun(
        organisation_id=organisation.pk,
        layout_id=wanted.layout.pk,
        stock_id=wanted.stock.pk,
        profile_id=wanted.profile.pk if wanted.profile else None,
        output=wanted.output,
        language=wanted.language,
        dpi=wanted.dpi,
        start_at=wanted.start_at,
        serialised=wanted.serialised,
        product_id=wanted.product.product.pk if wanted.product else None,
        pack_g=_grams(wanted),
        reprint_reason=clean(wanted.reprint_reason, longest=300),
        total=plan.total,
        frozen=json.dumps(
            {
                "layout": plan.body.model_dump(exclude_defaults=True),
                "paper": plan.paper.plain(),
                "crop_marks": wanted.crop_marks,
                "module_um": plan.rules.module_um,
                "content": plain_content(wanted.content),
                "sscc": bool(wanted.sscc_prefix),
            },
            ensure_ascii=False,
        ),
        created_at=now,
    )


def _grams(wanted: Wanted) -> int | None:
    """What one label stands for."""
    content = wanted.filled
    return content.pack.value * max(1, content.packs) if content.pack else None


def _parts(session: Session, run: PrintRun, plan: Plan) -> list[PrintRunLot]:
    """The lots of a run with the numbers their labels get."""
    prefix = plan.wanted.sscc_prefix
    unit = take_ssccs(session, prefix, plan.total) if prefix else 0
    parts: list[PrintRunLot] = []
    for lot in plan.lots:
        units = Units(prefix, unit) if prefix else None
        part = _part(session, run, lot, units, serialised=plan.wanted.serialised)
        session.add(part)
        session.flush()  # the part's id, for its SSCCs
        if units is not None:
            keep_range(session, part, prefix=prefix, first=unit)
        unit += lot.count
        parts.append(part)
    return parts


def _part(
    session: Session, run: PrintRun, lot: PlannedLot, units: Units | None, *, serialised: bool
) -> PrintRunLot:
    first = _taken(session, lot.line.lot.pk, lot.count) if serialised else 0
    said = {
        "words": dict(lot.edition.words),
        "address": lot.edition.address,
        "elements": [list(element) for element in lot.edition.elements],
        "units": [units.prefix, units.first] if units else None,
        "shortened": list(lot.front.composed.shortened),
    }
    if lot.edition.marks:
        said[MARKS] = _marks(lot)
    return PrintRunLot(
        run_id=run.pk,
        lot_id=lot.line.lot.pk,
        first_index=first,
        last_index=first + lot.count - 1,
        said=json.dumps(said, ensure_ascii=False),
    )


def _marks(lot: PlannedLot) -> dict[str, str]:
    """The marks of standards on a lot's labels, by the hashes of their pictures."""
    return {place: artwork.sha256 for place, artwork in lot.edition.marks.items()}


def _taken(session: Session, lot_id: int, count: int) -> int:
    """The first of `count` serial numbers that nobody else has or will have.

    On PostgreSQL the upsert holds the counter's row until commit: the next clerk waits, and a run
    that fails gives its numbers back. SQLite has one writer at a time anyway.
    """
    insert: Any = sqlite.insert if is_sqlite(session) else postgresql.insert
    first = insert(LotSerial).values(lot_id=lot_id, taken=count)
    counted = first.on_conflict_do_update(
        index_elements=["lot_id"], set_={"taken": col(LotSerial.taken) + count}
    ).returning(col(LotSerial.taken))
    return int(session.execute(counted).scalar_one()) - count


def _queued(session: Session, run: PrintRun, organisation_id: int, by: Actor, now: datetime) -> Job:
    return queue(
        session,
        kind=JOB_KIND,
        argument={"run": str(run.uid)},
        by=by,
        organisation_id=organisation_id,
        now=now,
    )


def _end(session: Session, run: PrintRun, state: RunState, why: Message, now: datetime) -> None:
    run.state = state
    run.stopped_because = "\n".join(frozen(why))
    for part in parts_of(session, run):
        if part.account.voided < part.account.printed:
            mark = LabelMark(
                run_lot_id=part.part.pk,
                kind=MarkKind.VOIDED,
                first_index=part.part.first_index,
                last_index=part.part.last_index,
                reason=str(why)[:300],
                cause=VoidCause.NOT_PRINTED,
                marked_at=now,
            )
            session.add(mark)


def _facts(plan: Plan, run: PrintRun, ranges: Mapping[str, list[int]]) -> dict[str, object]:
    marks = {lot.line.lot.code: _marks(lot) for lot in plan.lots if lot.edition.marks}
    return {
        "layout": plan.wanted.layout.slug,
        "edition": plan.wanted.layout.edition,
        "stock": plan.wanted.stock.slug,
        "output": run.output,
        "language": run.language,
        "serialised": run.serialised,
        "product": plan.wanted.product.product.uid if plan.wanted.product else None,
        "sscc_prefix": plan.wanted.sscc_prefix or None,
        "total": run.total,
        "lots": dict(ranges),
        "reason": run.reprint_reason,
    } | ({MARKS: marks} if marks else {})
