"""The page behind the QR, ready-made: hot, unchanged, random, first read, and its bytes."""

import os
import random
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from app.db import engine_for
from app.kit.codes import new_lot_code
from app.main import create_app
from app.settings import Settings
from benchmarks.harness import Result, interleaved, side
from benchmarks.servers import (
    Server,
    burst,
    free_port,
    running,
    stop,
    wait_until_answers,
)
from benchmarks.worlds import BASE_URL, World, world

ROUNDS = 5
REQUESTS = 8_000
HOT = 1_000
RANDOM = 30_000
MANY = 1_000_000
NGINX_REQUESTS = 40_000
GZIP = {"Accept-Encoding": "gzip"}
# One process, which stays in the foreground and writes nothing.
NGINX = """
daemon off; master_process off; pid {root}/nginx.pid; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; default_type text/html;
  client_body_temp_path {root}/a; proxy_temp_path {root}/b; fastcgi_temp_path {root}/c;
  uwsgi_temp_path {root}/d; scgi_temp_path {root}/e;
  {headers}
  server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""


def page_hot(engine: str) -> Result:
    """1,000 lots whose pages are in memory."""
    return _measured(f"page_hot_{engine}", engine, HOT, GZIP, 200)


def page_304(engine: str) -> Result:
    """The same for a reader who has the page already."""
    return _measured(f"page_304_{engine}", engine, HOT, {**GZIP, "If-None-Match": "*"}, 304)


def page_random(engine: str) -> Result:
    """30,000 of 1,000,000 lots in random order: more than the memory holds, so they come from the file."""
    return _measured(f"page_random_{engine}", engine, RANDOM, GZIP, 200, among=MANY)


def _measured(
    name: str, engine: str, lots: int, headers: dict[str, str], status: int, *, among: int = 0
) -> Result:
    with ExitStack() as stack:
        made = stack.enter_context(world(engine))
        codes = random.Random(2).sample(clones(made, among or lots), lots)
        environment = {"NGUONGOC_DATABASE_URL": made.url, "NGUONGOC_BASE_URL": BASE_URL}
        server = stack.enter_context(
            running("benchmarks.application:create", environment, factory=True, path="/healthz")
        )
        return _against_empty(name, engine, server, codes, headers, status)


def _against_empty(
    name: str, engine: str, server: Server, codes: list[str], headers: dict[str, str], status: int
) -> Result:
    shuffled = random.Random(1).sample(codes, len(codes))
    pages = [f"/t/{code}" for code in shuffled]
    speeds: dict[str, list[float]] = {"page": [], "empty": []}

    def cost(what: str, paths: list[str], sent: dict[str, str], answer: int) -> Callable[[], float]:
        def once() -> float:
            turned = paths[len(speeds[what]) * REQUESTS % len(paths) :] + paths
            load = burst(server, turned, requests=REQUESTS, headers=sent, status=answer)
            speeds[what].append(load.requests_per_second)
            return load.cpu_us_per_request

        return once

    page = cost("page", pages, headers, status)
    empty = cost("empty", ["/bench/empty"], {}, 200)
    # Once each, so that the file lies in the system's memory: it was only just written.
    burst(server, pages, requests=len(pages), headers=headers, status=status)
    page(), empty()
    ours, reference, ratio = interleaved(empty, page, rounds=ROUNDS)
    per_second = {what: statistics.median(rates[1:]) for what, rates in speeds.items()}
    return Result(
        name,
        ratio,
        side(f"page ({len(codes)} lots)", "us/request", reference),
        side("empty sync route", "us/request", ours),
        engine,
        f"{per_second['page']:.0f} against {per_second['empty']:.0f} requests/s, one worker",
    )


def page_vs_nginx() -> Result | None:
    """A page from the memory against nginx, which sends the same bytes from a file; None without nginx."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        print("page_vs_nginx: no nginx on this machine (Debian: nginx-light)")
        return None
    with ExitStack() as stack:
        made = stack.enter_context(world("sqlite"))
        codes = clones(made, HOT)
        environment = {"NGUONGOC_DATABASE_URL": made.url, "NGUONGOC_BASE_URL": BASE_URL}
        ours = stack.enter_context(
            running("benchmarks.application:create", environment, factory=True, path="/healthz")
        )
        pages = [f"/t/{code}" for code in codes]
        files = stack.enter_context(_nginx(program, _fetched(ours.port, pages)))

        def cost(server: Server) -> Callable[[], float]:
            asked = partial(burst, server, pages, requests=NGINX_REQUESTS, headers=GZIP)
            return lambda: asked().cpu_us_per_request

        page, static = cost(ours), cost(files)
        page(), static()
        reference, own, ratio = interleaved(static, page, rounds=ROUNDS)
    return Result(
        "page_vs_nginx",
        ratio,
        side("page from the memory", "us/request", own),
        side("nginx, the same bytes from disk", "us/request", reference),
        "sqlite",
        "one worker each",
    )


def _fetched(port: int, pages: list[str]) -> dict[str, tuple[dict[str, str], bytes]]:
    """Headers and packed bytes of pages."""
    found = {}
    connection = HTTPConnection("127.0.0.1", port)
    for page in pages:
        connection.request("GET", page, headers={**GZIP, "Accept-Language": "vi"})
        answer = connection.getresponse()
        found[page] = dict(answer.getheaders()), answer.read()
    connection.close()
    return found


@contextmanager
def _nginx(program: str, pages: dict[str, tuple[dict[str, str], bytes]]) -> Iterator[Server]:
    """One nginx process that sends these pages, with as many headers as they have with us."""
    with tempfile.TemporaryDirectory() as folder:
        port, root = free_port(), Path(folder)
        for page, (_, body) in pages.items():
            file = root / page.lstrip("/")
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(body)
        headers, _ = next(iter(pages.values()))
        said = "".join(
            f'add_header {name} "{value}";\n'
            for name, value in headers.items()
            if name not in {"content-length", "content-type", "etag", "date", "server"}
        )
        config = root / "nginx.conf"
        config.write_text(NGINX.format(root=root, port=port, headers=said))
        process = subprocess.Popen([program, "-c", config, "-p", root, "-e", "stderr"])
        try:
            wait_until_answers(port, next(iter(pages)))
            yield Server(process.pid, port)
        finally:
            stop(process)


def page_bytes() -> Result:
    """Bytes of a lot's page over the wire with brotli, against the same page uncompressed."""
    with world("sqlite") as made:
        app = create_app(Settings(database_url=made.url, base_url=BASE_URL))
        with TestClient(app, base_url=BASE_URL) as client:
            plain = [_length(client, code, "identity") for code in made.codes]
            small = [_length(client, code, "br") for code in made.codes]
    return Result(
        "page_bytes",
        statistics.median(small) / statistics.median(plain),
        side("page, brotli", "bytes", [float(size) for size in small]),
        side("page, uncompressed", "bytes", [float(size) for size in plain]),
        "sqlite",
    )


def _length(client: TestClient, code: str, encoding: str) -> int:
    headers = {"Accept-Encoding": encoding, "Accept-Language": "vi"}
    return int(client.get(f"/t/{code}", headers=headers).headers["content-length"])


def clones(made: World, lots: int) -> list[str]:
    """Stored pages of so many codes, each a copy of one that the product made itself."""
    app = create_app(Settings(database_url=made.url, base_url=BASE_URL))
    with TestClient(app, base_url=BASE_URL) as client:
        client.get(f"/t/{made.codes[0]}", headers={"Accept-Language": "vi"}).raise_for_status()
    engine = engine_for(made.url)
    codes = [new_lot_code() for _ in range(lots)]
    _copy(engine, codes)
    engine.dispose()
    return codes


def _copy(engine: Engine, codes: list[str]) -> None:
    """Copies of the first page under other codes, each with its own code among its subjects."""
    columns = "kind, language, status, build, position, fresh_from, fresh_until, etag, gzip, brotli"
    page = (
        f"INSERT INTO stored_page (code, subjects, {columns}) "
        f"SELECT CAST(:code AS VARCHAR), replace(subjects, code, CAST(:code AS VARCHAR)), {columns} "
        "FROM stored_page WHERE id = (SELECT min(id) FROM stored_page)"
    )
    mark = (
        "INSERT INTO subject_mark (subject, position) SELECT CAST(:code AS VARCHAR), position "
        "FROM stored_page WHERE id = (SELECT min(id) FROM stored_page)"
    )
    named = [{"code": code} for code in codes]
    with engine.begin() as connection:
        connection.execute(text(page), named)
        connection.execute(text(mark), named)


CASES: dict[str, tuple[Callable[[], Result | None], ...]] = {
    "page_hot": (lambda: page_hot("sqlite"), lambda: page_hot("postgres")),
    "page_304": (lambda: page_304("sqlite"), lambda: page_304("postgres")),
    "page_random": (lambda: page_random("sqlite"),),
    "page_vs_nginx": (page_vs_nginx,),
    "page_bytes": (page_bytes,),
}
