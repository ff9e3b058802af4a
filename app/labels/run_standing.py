"""Whether a run may be printed, may go on, or has to be tried again. Reads only."""

from sqlalchemy import select
from sqlmodel import Session, col

from app.errors import Conflict
from app.jobs.queries import has_ended
from app.kit.messages import Message, say
from app.models.jobs import Job
from app.models.lots import HarvestLot, LotState
from app.models.print_runs import PrintRun, PrintRunLot, RunState

STOPPING = frozenset({LotState.HELD, LotState.RECALLED, LotState.WITHDRAWN})


def why_stopped(session: Session, run: PrintRun) -> Message | None:
    """Why a run may not go on: a lot that was held, recalled or withdrawn; None while all may leave."""
    wanted = (
        select(col(HarvestLot.code))
        .join(PrintRunLot, col(PrintRunLot.lot_id) == col(HarvestLot.id))
        .where(col(PrintRunLot.run_id) == run.pk, col(HarvestLot.state).in_(STOPPING))
    )
    code = session.execute(wanted.limit(1)).scalar_one_or_none()
    return None if code is None else stopped_by(code)


def stopped_by(code: str) -> Message:
    """What is said of a run with a lot that may not leave."""
    return say("Lot {code} is held, recalled or withdrawn: the run was stopped.", code=code)


def require_ready(session: Session, run: PrintRun) -> None:
    """Refuse the file of a run that is not ready, or whose lot may not leave any more."""
    stopped = why_stopped(session, run)
    if stopped is not None:
        raise Conflict(stopped)
    if run.state is not RunState.READY:
        raise Conflict(say("This run is not ready to be printed."))


def unmade(run: PrintRun, job: Job | None) -> bool:
    """Whether the work on a run ended without a file: it can be tried again or given up."""
    return run.state is RunState.MAKING and (job is None or has_ended(job))
