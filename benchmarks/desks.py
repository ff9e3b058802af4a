"""Every page of the province's desk over a synthetic province, against its SQL and an empty page."""

import operator
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy import Engine, event, select
from sqlmodel import col
from starlette.testclient import TestClient

from app.db import transaction
from app.deps import Reading
from app.kit.clock import system_clock
from app.main import create_app
from app.models.accounts import Role
from app.models.registry import Organisation
from app.plan import rollup
from app.settings import Settings
from app.web.desk_plan_lists import LISTS
from app.web.pages import show
from benchmarks.harness import Result, side
from benchmarks.provinces import ROLLED, bare_sql, milliseconds, note_of, province
from benchmarks.worlds import BASE_URL
from tests.crawl import Crawler
from tests.given import Given

REQUESTS = 20
DESK = "/desk/plan"
NOTHING = f"{DESK}/nothing"
GOAL = 1.5

Statement = tuple[str, Any]


@dataclass
class Page:
    """A page, its own statements (None: figures are on it), and what was measured.

    `frame` is what an empty page takes beside its SQL, in the same round.
    """

    address: str
    get: Callable[[], None]
    own: list[Statement] | None
    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    frame: list[float] = field(default_factory=list)

    @property
    def to_sql(self) -> float:
        """How many times its SQL it takes."""
        return statistics.median(map(operator.truediv, self.ours, self.bare))

    @property
    def to_both(self) -> float:
        """How many times its SQL and what an empty page takes beside its own, together."""
        both = map(operator.add, self.bare, self.frame)
        return statistics.median(map(operator.truediv, self.ours, both))


@dataclass(frozen=True)
class Desk:
    """All pages as they were measured; `floor`: the 95th percentile of one with nothing in it."""

    pages: tuple[Page, ...]
    floor: float
    note: str


def desk_vs_sql(engine: str) -> Result:
    """The pages whose SQL takes longer than a page with nothing in it: the worst one against its SQL."""
    desk = measured(engine)
    long = [page for page in desk.pages if p95(page.bare) > desk.floor]
    worst = max(long, key=lambda page: page.to_sql)
    short = max(desk.pages, key=lambda page: page.to_sql)
    slowest = max(desk.pages, key=lambda page: p95(page.ours))
    return Result(
        f"desk_vs_sql_{engine}",
        worst.to_sql,
        side(f"GET {worst.address}", "ms", worst.ours),
        side("the bare SQL it needs", "ms", worst.bare),
        engine,
        f"{desk.note}; {len(desk.pages)} pages, {len(long)} of them with SQL longer than an empty page"
        f" (p95 {desk.floor:.1f} ms): the worst ratio of these, p95 {p95(worst.ours):.0f} ms for"
        f" {p95(worst.bare):.0f} ms of SQL. Of all {short.to_sql:.1f}:"
        f" {short.address}, p95 {p95(short.ours):.1f} ms for {p95(short.bare):.1f} ms of SQL."
        f" Slowest p95 {p95(slowest.ours):.0f} ms: {slowest.address}",
    )


def desk_vs_sql_and_frame(engine: str) -> Result:
    """All pages: the worst one against its SQL and a page with nothing in it, together."""
    desk = measured(engine)
    worst = max(desk.pages, key=lambda page: page.to_both)
    over = sum(page.to_both > GOAL for page in desk.pages)
    both = list(map(operator.add, worst.bare, worst.frame))
    return Result(
        f"desk_vs_sql_and_frame_{engine}",
        worst.to_both,
        side(f"GET {worst.address}", "ms", worst.ours),
        side("its bare SQL and an empty page", "ms", both),
        engine,
        f"{desk.note}; {len(desk.pages)} pages, {over} of them above {GOAL}; p95 {p95(worst.ours):.1f} ms"
        f" for {p95(both):.1f} ms; an empty page {desk.floor:.1f} ms",
    )


@cache
def measured(engine: str) -> Desk:
    """All pages of an engine's province, measured once a run."""
    with province(engine) as opened:
        with transaction(opened) as session:
            rollup.refresh(session, system_clock(), most=None)
        client, headers, addresses = _desk(opened)
        empty = _page(opened, client, headers, NOTHING)
        pages = [_page(opened, client, headers, address) for address in addresses]
        _rounds(opened, pages, empty)
        note = note_of(opened)
    for page in sorted(pages, key=lambda page: page.to_both, reverse=True):
        print(
            f"   {page.to_sql:7.2f} {page.to_both:6.2f} {p95(page.ours):8.1f} ms "
            f"{p95(page.bare):8.1f} ms  {page.address}"
        )
    return Desk(tuple(pages), p95(empty.ours), note)


def _rounds(opened: Engine, pages: Sequence[Page], empty: Page) -> None:
    """All pages in turn, and with each its own SQL; what figures need is the same for all, once a round."""
    bare_sql(opened)
    for _ in range(REQUESTS):
        figures = milliseconds(lambda: bare_sql(opened))
        measure(opened, empty, figures)
        for page in pages:
            measure(opened, page, figures)
            page.frame.append(empty.ours[-1] - empty.bare[-1])


def measure(opened: Engine, page: Page, figures: float) -> None:
    """Ask once for a page, and once for what it asks the database."""
    own = page.own
    page.ours.append(milliseconds(page.get))
    page.bare.append(figures if own is None else milliseconds(lambda: _send(opened, own)))


def _send(opened: Engine, statements: Sequence[Statement]) -> None:
    with opened.connect() as connection:
        for statement, given in statements:
            connection.exec_driver_sql(statement, given).all()


def _desk(opened: Engine) -> tuple[TestClient, dict[str, str], list[str]]:
    """An officer's client, and every page of the desk that it comes to by links."""
    settings = Settings(database_url="sqlite://", base_url=BASE_URL, count_scans=False)
    app = create_app(settings, engine=opened)
    # Open to whom the registers are open, which the policy tells by the name.
    app.add_api_route(NOTHING, nothing, name="plan_registers_page", include_in_schema=False)
    with transaction(opened) as session:
        office = session.execute(select(Organisation).order_by(col(Organisation.id)).limit(1))
        # A province that is kept was measured before: its officers have names already.
        given = Given(session, system_clock(), first=int(time.time()))
        headers = given.headers(Role.PROVINCE_ADMIN, office.scalar_one())
    client = TestClient(app, base_url=BASE_URL, headers={**headers, "Accept": "text/html"})
    starts = [DESK, *(f"{DESK}/{page}" for page in ("advice", "registers", "targets"))]
    found = Crawler(app, within=DESK).walk(client, starts)
    # It takes two pages of a kind; of the lists everyone is another page.
    pages = {page for known in found.pages.values() for page in known}
    pages |= {f"{DESK}/lists/{slug}" for slug in LISTS}
    return client, headers, sorted(pages)


def nothing(request: Request, call: Reading) -> Response:
    """A page of the desk with nothing in it: who asks, their notices, the frame and its menu."""
    return show(request, call, "work/base.html")


def _page(opened: Engine, client: TestClient, headers: dict[str, str], address: str) -> Page:
    """A page, and its own statements where it shows no figures of the roll-up."""
    sent: list[Statement] = []

    def listen(_connection: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        sent.append((statement, given))

    def get() -> None:
        if client.get(address, headers=headers).status_code != 200:
            raise RuntimeError(address)

    get()  # what is kept in the process is read
    event.listen(opened, "before_cursor_execute", listen)
    get()
    event.remove(opened, "before_cursor_execute", listen)
    figures = any(name in statement for statement, _ in sent for name in ROLLED)
    own = [one for one in sent if one[0].startswith(("SELECT", "WITH"))]
    return Page(address, get, None if figures else own)


def p95(times: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(times, n=20)[-1]


CASES: dict[str, tuple[Callable[[], Result], ...]] = {
    "desk_vs_sql": (
        lambda: desk_vs_sql("sqlite"),
        lambda: desk_vs_sql_and_frame("sqlite"),
        lambda: desk_vs_sql("postgres"),
        lambda: desk_vs_sql_and_frame("postgres"),
    ),
}
