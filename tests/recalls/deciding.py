"""A process with the product loaded that decides recalls in children, and kills each after a while.

`python -m tests.recalls.deciding URL`: a line `RECALL SECONDS WHOLE` on its standard input has a child
decide that recall; it is killed so long after it began, and the answer is how it ended (-9, or 0).
`WHOLE` 0 takes away what makes the decision one: every statement is committed for itself.
"""

import os
import signal
import sys
import time
from typing import Any

from sqlalchemy import Engine, event

from app.db import engine_for, transaction
from app.kit.clock import system_clock
from app.ledger.actors import Actor
from app.models.recalls import Recall
from app.recalls.commands import decide_recall


def in_pieces(engine: Engine) -> None:
    """Commit whatever is written at once."""

    def commit(_connection: Any, cursor: Any, *_rest: Any) -> None:
        cursor.connection.commit()

    event.listen(engine, "after_cursor_execute", commit)


def decide(url: str, key: int, *, whole: bool, began: int) -> None:
    engine = engine_for(url)
    with transaction(engine) as session:
        recall = session.get_one(Recall, key)
        if not whole:
            in_pieces(engine)
        os.write(began, b".")
        decide_recall(session, recall, by=Actor.system(), now=system_clock())


def main(url: str) -> None:
    for line in sys.stdin:
        key, seconds, whole = line.split()
        read, write = os.pipe()
        child = os.fork()
        if not child:
            try:
                decide(url, int(key), whole=whole == "1", began=write)
            finally:
                os._exit(0)
        os.read(read, 1)
        begun = time.monotonic()
        while time.monotonic() < begun + float(seconds):
            if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                break
            time.sleep(0.001)
        os.kill(child, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        for end in (read, write):
            os.close(end)
        sys.stdout.write(f"{status} {time.monotonic() - begun}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
