"""A process with the product loaded that bears servers, so that one can be killed many times a minute.

`python -m tests.ledger.nursery URL FOLDER PORT`: every line on its standard input bears one and is
answered by its process id. When the input ends, the last one is killed and the nursery ends. A file
named DOOM in the folder has a server die at the worst moment: after a commit, before the answer.
"""

import os
import signal
import sys
from pathlib import Path

import uvicorn
from sqlalchemy import event
from sqlmodel import Session

from app.main import create_app
from app.settings import Settings

DOOM = "doom"


def doom(folder: Path) -> None:
    """Die after the next commit once somebody asks for it."""

    def die(_session: Session) -> None:
        mark = folder / DOOM
        if mark.exists():
            mark.unlink()
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Session, "after_commit", die)


def main(url: str, folder: str, port: str) -> None:
    chosen = Settings(
        data_dir=Path(folder),
        database_url=url,
        base_url=f"http://127.0.0.1:{port}",
        log_merge_delay_seconds=0,
    )
    doom(chosen.data_dir)
    # The whole product with its background work; nothing of it is open or runs before it serves.
    app = create_app(chosen, background=True)
    child = 0
    for _ in sys.stdin:
        if child:
            os.waitpid(child, 0)
        child = os.fork()
        if not child:
            os.dup2(os.open(os.devnull, os.O_RDWR), 0)
            uvicorn.run(app, port=int(port), log_config=None)
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
    if child:
        os.kill(child, signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
