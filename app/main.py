"""The composition root: the one module that sees everything and puts it together."""

import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

import structlog
from anyio import to_thread
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.telemetry import TelemetryConfig
from sqlalchemy import Engine, text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Route

from app.api.description import described
from app.api.problems import answer_problem
from app.api.router import TAGS, api_router
from app.certificates.reminder_commands import send_certificate_reminders
from app.db import engine_for, learn_statistics, transaction
from app.deps import authorise
from app.errors import DomainError
from app.exchange.import_commands import IMPORT_JOB, READ_JOB, forget_old_imports
from app.exchange.import_reading import read_import
from app.exchange.import_registering import do_import
from app.inspection.daily import tend_findings
from app.jobs.progress import Progress
from app.jobs.running import Daily, Handler, Runner
from app.kit.clock import Clock, system_clock
from app.kit.cursor import UnreadableCursor
from app.kit.text import TextRefused
from app.labels.run_commands import JOB_KIND
from app.labels.run_files import make_run
from app.logs import configure_logs
from app.lots.archive_commands import write_archives
from app.lots.archive_signing import signing_key
from app.lots.waiting_commands import refresh_waiting
from app.models.jobs import Job
from app.notices.mail import send_due_mail
from app.plan.part_reminders import remind_of_parts
from app.plan.report_commands import JOB_KIND as REPORT_JOB
from app.plan.report_making import make_report
from app.plan.rollup import follow
from app.provenance.purging import Cache, purge_changed
from app.recalls.tending_commands import tend_recalls
from app.registry.reminder_commands import send_season_reminders
from app.reports.daily import forget_what_is_personal, remind_of_reports
from app.scans.count_commands import end_days
from app.settings import Settings, settings
from app.transparency.tending import CHECK_JOB, Tender, look_again, settle
from app.transparency.the_log import TheLog
from app.web.assets import static_files
from app.web.errors import answer_page
from app.web.guard import Guard
from app.web.guesses import SlowGuesses
from app.web.kept_pages import KeptPages, at_hand
from app.web.label_pages import label_routes
from app.web.link_memory import LinkMemory
from app.web.log_files import log_routes
from app.web.public import public_routes
from app.web.remaking import Remaker
from app.web.resolver import resolver_routes
from app.web.route_index import RouteIndex
from app.web.router import web_router
from app.web.visits import counter_of

log = structlog.get_logger()

REFUSALS: tuple[type[Exception], ...] = (
    DomainError,
    TextRefused,
    RequestValidationError,
    UnreadableCursor,
    StaleDataError,
    DataError,
    IntegrityError,
    OperationalError,
    HTTPException,
    Exception,
)
HANDLERS: dict[str, Handler] = {READ_JOB: read_import, IMPORT_JOB: do_import}

# Nothing about a request is told to anybody; FastAPI would look at each for whom to tell.
NOTHING_SENT: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}

# At least as many threads as the database pool has connections, so that neither starves.
THREADS = 40


def _daily(name: str, work: Callable[..., object], *, hourly: bool = False) -> Daily:
    """What is done by one transaction a day, or an hour."""

    def do(engine: Engine, _job: Job, progress: Progress) -> None:
        with transaction(engine) as session:
            work(session, now=progress.now())
            progress.settle(session)

    return Daily(name, do, hourly=hourly)


def _archive(key_file: Path, engine: Engine, _job: Job, progress: Progress) -> None:
    key = signing_key(key_file)
    with transaction(engine) as session:
        write_archives(session, key=key, now=progress.now())
        progress.settle(session)


def _tend_reports(engine: Engine, _job: Job, progress: Progress) -> None:
    with transaction(engine) as session:
        remind_of_reports(session, now=progress.now())
        forget_what_is_personal(session, now=progress.now())
        progress.settle(session)


def _check_log(the_log: TheLog, engine: Engine, _job: Job, progress: Progress) -> None:
    settle(engine, the_log, progress.now())
    look_again(engine, progress.now(), full=True)


def _learn(engine: Engine, _job: Job, _progress: Progress) -> None:
    learn_statistics(engine)


DAILIES = (
    _daily("scan-days", end_days),
    _daily("season-reminders", send_season_reminders),
    _daily("certificate-reminders", send_certificate_reminders),
    _daily("old-imports", forget_old_imports),
    _daily("lots-waiting", refresh_waiting),
    Daily("reports", _tend_reports),
    _daily("findings", tend_findings),
    _daily("recalls", tend_recalls, hourly=True),
    _daily("plan-parts", remind_of_parts),
    Daily("statistics", _learn),
)


def handlers_for(chosen: Settings) -> dict[str, Handler]:
    """What is done in the background, by kind of job."""
    return {
        **HANDLERS,
        JOB_KIND: partial(make_run, data_dir=chosen.data_dir),
        CHECK_JOB: partial(_check_log, TheLog.of(chosen)),
        REPORT_JOB: partial(make_report, TheLog.of(chosen), chosen.base_url),
    }


def create_app(
    configured: Settings | None = None,
    *,
    clock: Clock = system_clock,
    engine: Engine | None = None,
    background: bool = False,
) -> FastAPI:
    """The whole product as one ASGI application; `background`: it works on jobs by itself too."""
    chosen = configured or settings()
    app = FastAPI(
        title="Nguồn Gốc",
        summary="Traceability of a province's safe vegetables, from the field to the phone.",
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        openapi_tags=TAGS,
        redirect_slashes=False,
        dependencies=[Depends(authorise)],
        generate_unique_id_function=lambda route: route.name,
        lifespan=_lifespan,
        telemetry=NOTHING_SENT,
    )
    app.openapi = partial(described, app)  # type: ignore[method-assign]  # FastAPI's way to add
    app.state.settings = chosen
    app.state.clock = clock
    app.state.engine = engine or engine_for(chosen.database)
    app.state.background = background
    app.state.at_hand = partial(at_hand, app.state)
    # Ahead of FastAPI's routing: the pages behind the QR are the addresses that must be instant.
    app.router.routes[0:0] = _first_routes()
    app.include_router(api_router)
    app.include_router(web_router)
    app.mount("/static", static_files(), name="static")
    app.router.middleware_stack = RouteIndex(app, app.router.middleware_stack)
    for kind in REFUSALS:
        app.add_exception_handler(kind, _answer)
    _stand_before(app, chosen)
    return app


def _stand_before(app: FastAPI, chosen: Settings) -> None:
    """What sees a request ahead of the router, the last one added first."""
    app.add_middleware(
        Guard,
        base_url=chosen.base_url,
        max_body_bytes=chosen.max_body_bytes,
        max_upload_bytes=chosen.max_upload_bytes,
    )
    app.add_middleware(SlowGuesses)
    app.add_middleware(LinkMemory)
    app.add_middleware(KeptPages)


def _first_routes() -> list[BaseRoute]:
    found = Route("/healthz", healthz, name="healthz")
    return [found, *log_routes(), *public_routes(), *label_routes(), *resolver_routes()]


def serving() -> FastAPI:
    """The application as the `serve` command runs it: every process works on jobs as well."""
    return create_app(background=True)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    configure_logs(app.state.settings.log_format)
    to_thread.current_default_thread_limiter().total_tokens = THREADS
    app.state.runner = runner = _runner(app)
    remaker = Remaker(app.state)
    if app.state.background:
        gc.freeze()  # what importing made stays for good: no collection looks at it again
        runner.start()
        remaker.start()
    yield
    await to_thread.run_sync(remaker.stop)
    await to_thread.run_sync(runner.stop)
    await to_thread.run_sync(_write_last_scans, app)
    app.state.engine.dispose()


def _write_last_scans(app: FastAPI) -> None:
    """What was counted since the last writing, before the process ends."""
    counter = counter_of(app.state)
    try:
        if counter is not None:
            counter.flush(app.state.clock())
    except DBAPIError:
        log.exception("scans_lost_at_the_end")


def _runner(app: FastAPI) -> Runner:
    """What is done in the background: jobs by their kind, the day's work, and the mail."""

    def mail(engine: Engine, now: datetime) -> None:
        send_due_mail(engine, app.state.settings, now)

    def scans(_engine: Engine, now: datetime) -> None:
        counter = counter_of(app.state)
        if counter is not None:
            counter.keep_up(now)

    def tell_cache(engine: Engine, now: datetime) -> None:
        chosen = app.state.settings
        cache = Cache(chosen.purge_url, chosen.purge_token) if chosen.purge_url else None
        purge_changed(engine, cache, now)

    the_log = TheLog.of(app.state.settings)
    archive = Daily("archives", partial(_archive, app.state.settings.archive_key_file))
    dailies = (*DAILIES, archive, Daily("log-check", partial(_check_log, the_log)))
    return Runner(
        app.state.engine,
        handlers_for(app.state.settings),
        app.state.clock,
        dailies=dailies,
        chores=[tell_cache, mail, scans, follow, Tender(the_log)],
    )


def _answer(request: Request, error: Exception) -> Response:
    """Machines get a problem document, people a page."""
    if request.url.path.startswith("/api/"):
        return answer_problem(request, error)
    return answer_page(request, error)


def healthz(request: Request) -> Response:
    """200 when the database answers."""
    with request.app.state.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    return PlainTextResponse("ok")
