"""A process with the product loaded that bears servers, so that one can be killed many times a minute.

`python -m tests.ledger.nursery FOLDER`: every line on its standard input is JSON. A line with a `url`
opens a site on that database: a child of the nursery, which does one harvest and one recall to know
how this product's statements are written, and bears servers from then on. A line with `work` has it
bear one: eight writers ask the whole product for what they are given, each its own requests one after
another, while the log is tended beside them. It dies as its line says:

* `["statement", N]`: before the Nth write of a transaction that began a recall;
* `["answer", KIND]`: after the commit of a `recall` or `harvest`, before anybody hears of it;
* `["promise", KIND]`: before the commit of such a thing, which was acknowledged already;
* `null`: when it is killed from outside.

With `in_pieces` every statement is committed for itself. What happens is told in lines: `born`, `asked`, `acknowledged`,
`recalling`, `published`, `dead`. A line `end` closes a site.
"""

import asyncio
import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
from fastapi import FastAPI
from sqlalchemy import Engine, event
from sqlmodel import Session

from app.db import engine_for
from app.kit.clock import system_clock
from app.main import create_app
from app.models.lots import HarvestLot
from app.models.recalls import Recall
from app.settings import Settings
from app.transparency.tending import publish, take_in
from app.transparency.the_log import TheLog

ADDRESS = "https://truyxuat.test"
A_BREATH = 0.01
WRITES = ("INSERT", "UPDATE", "DELETE")
KINDS = {Recall: "recall", HarvestLot: "harvest"}


# Where lines are told; what the product logs goes elsewhere.
TOLD = os.dup(1)
os.dup2(2, 1)


def tell(*words: object) -> None:
    """One line, whole: shorter than what a pipe takes at once, whoever else writes into it."""
    os.write(TOLD, (" ".join(map(str, words)) + "\n").encode())


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def mark_kinds() -> None:
    """Have a session know which kinds of things are made in it."""

    def mark(session: Session, _context: object) -> None:
        for one in session.new:
            if type(one) in KINDS:
                session.info.setdefault("made", {})[KINDS[type(one)]] = one

    event.listen(Session, "after_flush", mark)


def die_after(kind: str) -> None:
    """Die between the commit of such a thing and its answer."""

    def dies(session: Session) -> None:
        if kind in session.info.get("made", ()):
            die()

    event.listen(Session, "after_commit", dies)


def die_before(engine: Engine, number: int) -> None:
    """Die before so manieth a write of a recall."""

    def dies(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        written = connection.info.get("written")
        if statement.startswith("INSERT INTO recall "):
            connection.info["written"] = written = 0
        if written is not None and statement.startswith(WRITES):
            connection.info["written"] = written + 1
            if written + 1 == number:
                die()

    def forget(connection: Any) -> None:
        connection.info.pop("written", None)

    event.listen(engine, "before_cursor_execute", dies)
    event.listen(engine, "commit", forget)


def tell_recalls(engine: Engine) -> None:
    """Say that a recall is being written."""

    def tells(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("INSERT INTO recall "):
            tell("recalling")

    event.listen(engine, "after_cursor_execute", tells)


def in_pieces(engine: Engine) -> None:
    """Commit whatever was written before anything else is."""

    def commit(_connection: Any, cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(WRITES):
            cursor.connection.commit()

    event.listen(engine, "before_cursor_execute", commit)


def promise_before(kind: str) -> None:
    """Acknowledge a thing that is not committed yet, and die."""

    def promise(session: Session) -> None:
        made = session.info.get("made", {}).get(kind)
        if made is not None:
            tell("acknowledged", made.quantity_g, made.code)
            die()

    event.listen(Session, "before_commit", promise)


async def ask(client: httpx2.AsyncClient, request: dict[str, Any]) -> None:
    """One request; whoever reads the pipe may rely on what is acknowledged."""
    tell("asked", request["name"])
    headers = {**request["headers"], "Idempotency-Key": request["key"]}
    answer = await client.post(request["path"], json=request["body"], headers=headers)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    tell("acknowledged", request["name"], told.get("code") or told["uid"])


async def work(app: FastAPI, given: list[list[dict[str, Any]]]) -> None:
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url=ADDRESS) as client:

        async def write(requests: list[dict[str, Any]]) -> None:
            for request in requests:
                await ask(client, request)

        await asyncio.gather(*map(write, given))


def tend(engine: Engine, log: TheLog) -> None:
    """Take facts in and publish them, without end; what is told is signed and public."""
    while True:
        take_in(engine, log, system_clock())
        made = publish(engine, log, system_clock())
        if made is not None:
            tell("published", made.size, made.root.hex())
        time.sleep(A_BREATH)


def serve(app: FastAPI, line: dict[str, Any]) -> None:
    """What a server does from its birth until it is killed."""
    engine, how = app.state.engine, line["dies"]
    deaths: dict[str, Callable[[Any], None]] = {
        "statement": partial(die_before, engine),
        "answer": die_after,
        "promise": promise_before,
    }
    tell_recalls(engine)
    if how is not None:
        deaths[how[0]](how[1])
    if line.get("in_pieces"):
        in_pieces(engine)
    else:
        log = TheLog.of(app.state.settings)
        threading.Thread(target=tend, args=(engine, log), daemon=True).start()
    tell("born", os.getpid())
    asyncio.run(work(app, line["work"]))
    signal.pause()


def born(act: Callable[[], None]) -> int:
    """A child that does this and nothing else; its id."""
    child = os.fork()
    if not child:
        try:
            act()
        except BaseException:  # noqa: BLE001  # nobody above it would say what went wrong
            traceback.print_exc()
        os._exit(1)
    return child


def keep_site(app: FastAPI, line: dict[str, Any]) -> None:
    """A database with the servers on it, one after another."""
    app.state.settings = Settings(
        data_dir=Path(line["folder"]),
        database_url=line["url"],
        base_url=ADDRESS,
        log_merge_delay_seconds=0,
    )
    app.state.engine = engine_for(line["url"])
    asyncio.run(work(app, line["first"]))
    app.state.engine.dispose()
    tell("open")
    for text in iter(sys.stdin.readline, "end\n"):
        if not text:
            return
        child = born(partial(serve, app, json.loads(text)))
        tell("dead", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def main(folder: str) -> None:
    app = create_app(Settings(data_dir=Path(folder), database_url="sqlite://", base_url=ADDRESS))
    mark_kinds()
    for text in iter(sys.stdin.readline, ""):
        os.waitpid(born(partial(keep_site, app, json.loads(text))), 0)
        tell("closed")


if __name__ == "__main__":
    main(*sys.argv[1:])
