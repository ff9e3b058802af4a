"""The reading process, seen from the server: started, fed, listened to, and ended in any case."""

import json
import signal
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from threading import Timer
from typing import Any

from app.exchange.sheet_limits import WALL_SECONDS, Refusal
from app.exchange.written import Formula

# `-I` keeps the environment and the working directory out; only this package is let back in.
_ROOT = Path(__file__).parents[2]
_PROGRAM = (
    "import sys; sys.path.append(sys.argv[1]);"
    "from app.exchange.sheet_child import main; main(sys.argv[2:])"
)


def lines_of(
    content: bytes,
    preferred: Sequence[str],
    *,
    program: str = _PROGRAM,
    seconds: float = WALL_SECONDS,
) -> Generator[Any, None, None]:
    """What the reading process says about a file, line by line (see `sheet_child`).

    Refusal `memory` when it dies, `time` when it is still at it after so many seconds. The
    process has ended when the generator has, so close the generator. May be called in threads:
    nothing runs between fork and exec.
    """
    line: Any = None
    with _started(preferred, program) as child:
        timer = Timer(seconds, child.kill)
        timer.start()
        try:
            _feed(child, content)
            for written in child.stdout or ():
                line = json.loads(written, object_hook=_thawed)
                yield line
        finally:
            timer.cancel()
            child.kill()
    if not isinstance(line, dict) or not {"end", "refused"} & line.keys():
        late = -child.returncode in {signal.SIGXCPU, signal.SIGKILL}
        raise Refusal("time" if late else "memory")


def _started(preferred: Sequence[str], program: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  # our own program; the names of sheets are its arguments
        [sys.executable, "-I", "-c", program, str(_ROOT), *preferred],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
    )


def _feed(child: subprocess.Popen[bytes], content: bytes) -> None:
    # The child takes all of its input before it writes, so neither can wait for the other.
    with suppress(BrokenPipeError):
        if child.stdin:
            with child.stdin as pipe:
                pipe.write(content)


def _thawed(value: dict[str, Any]) -> Any:
    match value:
        case {"day": str(day)}:
            return date.fromisoformat(day)
        case {"moment": str(moment)}:
            return datetime.fromisoformat(moment)
        case {"formula": result}:
            return Formula(result)
        case _:
            return value
