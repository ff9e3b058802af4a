"""Sending labels to a printer: on the local network through its raw port, or through a queue of CUPS.

The network cannot say what came out of the printer, only what it took. So every refusal names how
many labels were handed over, and the person looks at the last one that came out before going on.
"""

import select
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.errors import refuse
from app.kit.messages import Message, say

RAW_PORT = 9100
_CONNECT_SECONDS = 5.0
_STALL_SECONDS = 60.0
_LAST_SECONDS = 3.0
_QUEUE_SECONDS = 120.0
_HIGHEST_PORT = 65535


class PrinterTrouble(Exception):
    """The printer did not take everything. `handed_over` labels of this run went before."""

    def __init__(self, why: Message, handed_over: int) -> None:
        super().__init__(str(why))
        self.why = why
        self.handed_over = handed_over


@dataclass(frozen=True)
class RawPrinter:
    """A printer's raw port, with how long to wait for it: to answer, and to take the next label."""

    host: str
    port: int = RAW_PORT
    connect_seconds: float = _CONNECT_SECONDS
    stall_seconds: float = _STALL_SECONDS

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"


def raw_printer(address: str) -> RawPrinter:
    """`host`, `host:port` or `[IPv6]:port`."""
    address = address.strip()
    host, colon, port = address.rpartition(":")
    if not colon or address.endswith("]") or (":" in host and not host.endswith("]")):
        host, port = address, str(RAW_PORT)
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isascii() or not port.isdigit() or not 1 <= int(port) <= _HIGHEST_PORT:
        raise refuse("to", say("A printer's address is written host or host:9100."))
    return RawPrinter(host, int(port))


def send_raw(
    printer: RawPrinter, labels: Iterable[bytes], *, told: Callable[[int], None] | None = None
) -> int:
    """Hand the labels over one by one; how many there were. `told` hears the count after each.

    Raises PrinterTrouble when the printer is not there, closes the connection, or takes nothing
    for `stall_seconds`: it is out of paper, paused or open.
    """
    count = 0
    with _connected(printer) as connection:
        for label in labels:
            with _watched(printer, count):
                _require_open(connection)
                connection.sendall(label)
            count += 1
            if told:
                told(count)
        with _watched(printer, count):
            _finish(connection)
    return count


def send_to_queue(queue: str, content: bytes, *, title: str, raw: bool = True) -> str:
    """Give a whole file to a CUPS queue (`lp`); what CUPS called the job. `raw` passes it as it is."""
    program = shutil.which("lp")
    if program is None:
        raise refuse("queue", say("This computer has no CUPS: there is no lp command."))
    if not queue or queue.startswith("-"):
        raise refuse("queue", say("There is no printer queue {queue}.", queue=queue))
    options = ["-o", "raw"] if raw else []
    try:
        done = subprocess.run(  # noqa: S603  # the program is lp, the queue no option
            [program, "-d", queue, "-t", title.replace("\n", " "), *options, "--", "-"],
            input=content,
            capture_output=True,
            timeout=_QUEUE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PrinterTrouble(
            say(
                "The queue {queue} has not answered for {seconds} seconds.",
                queue=queue,
                seconds=round(_QUEUE_SECONDS),
            ),
            0,
        ) from None
    if done.returncode != 0:
        reason = done.stderr.decode(errors="replace").strip()
        raise PrinterTrouble(
            say("The queue {queue} does not take the job: {reason}", queue=queue, reason=reason), 0
        )
    return done.stdout.decode(errors="replace").strip()


@contextmanager
def _connected(printer: RawPrinter) -> Iterator[socket.socket]:
    try:
        connection = socket.create_connection(
            (printer.host, printer.port), timeout=printer.connect_seconds
        )
    except (OSError, UnicodeError):  # the second for what is no name of a host: 192.168..50
        raise PrinterTrouble(
            say(
                "The printer {name} does not answer. Is it switched on and on the same network?",
                name=printer.name,
            ),
            0,
        ) from None
    with connection:
        connection.settimeout(printer.stall_seconds)
        yield connection


@contextmanager
def _watched(printer: RawPrinter, count: int) -> Iterator[None]:
    """What can go wrong with a printer, as a sentence."""
    try:
        yield
    except TimeoutError:
        raise PrinterTrouble(
            say(
                "The printer {name} has taken nothing for {seconds} seconds, after {count} labels."
                " Look at paper, ribbon and cover, then at the last label that came out.",
                name=printer.name,
                seconds=round(printer.stall_seconds),
                count=count,
            ),
            count,
        ) from None
    except OSError:
        raise PrinterTrouble(
            say(
                "The printer {name} closed the connection after {count} labels."
                " Look at the last label that came out.",
                name=printer.name,
                count=count,
            ),
            count,
        ) from None


def _require_open(connection: socket.socket) -> None:
    """A printer that hung up is noticed here, not labels later when the buffers are full."""
    while select.select([connection], [], [], 0)[0]:
        if not connection.recv(4096):  # what it says is no concern; that it says goodbye is
            raise ConnectionResetError


def _finish(connection: socket.socket) -> None:
    """Say that this was all, and give the printer a moment to object: a reset means lost labels."""
    connection.shutdown(socket.SHUT_WR)
    connection.settimeout(_LAST_SECONDS)
    try:
        while connection.recv(4096):
            pass
    except TimeoutError:
        return  # most printers keep the connection until it times out: nothing is wrong
