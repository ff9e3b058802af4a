"""Runs an ASGI application in a process of its own and counts the processor time it spends."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
ROOT = Path(__file__).parent.parent
CONNECTIONS = 16
PROCESS_CLOCK = 2  # CPUCLOCK_SCHED, of all threads: clock_getcpuclockid(3)


@dataclass(frozen=True)
class Server:
    """A listening server process."""

    pid: int
    port: int

    def cpu_seconds(self) -> float:
        """User and system time of the process so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def running_seconds(self) -> float:
        """The same to the nanosecond, by the clock that Linux keeps for a process."""
        return time.clock_gettime(~self.pid << 3 | PROCESS_CLOCK)

    def resident_bytes(self) -> int:
        """Resident memory of the process now."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(
    application: str, environment: dict[str, str], *, factory: bool
) -> tuple[subprocess.Popen[bytes], int]:
    """Start one worker, as the product serves itself, on a free port; does not wait."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.serving", application, str(port)]
    if factory:
        command.append("factory")
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})
    return process, port


def wait_until_answers(port: int, path: str, *, seconds: float = 90.0) -> float:
    """Seconds until a path first answers 200."""
    started = time.perf_counter()
    while time.perf_counter() - started < seconds:
        try:
            if asyncio.run(_status(port, path)) == 200:
                return time.perf_counter() - started
        except OSError:
            time.sleep(0.005)
    raise TimeoutError(f"nothing answered on port {port}")


@contextmanager
def running(
    application: str, environment: dict[str, str], *, factory: bool, path: str
) -> Iterator[Server]:
    """A server that answers `path`, ended with the block."""
    process, port = start(application, environment, factory=factory)
    try:
        wait_until_answers(port, path)
        yield Server(process.pid, port)
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server we started."""
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=10)


@dataclass(frozen=True)
class Load:
    """What a burst of requests cost."""

    cpu_us_per_request: float
    requests_per_second: float


def burst(
    server: Server,
    paths: list[str],
    *,
    requests: int,
    headers: dict[str, str] | None = None,
    status: int = 200,
) -> Load:
    """Send keep-alive GETs over 16 connections; every answer must have the status."""
    before, started = server.cpu_seconds(), time.perf_counter()
    sent = {"Host": "x", "Accept-Language": "vi", **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
    asyncio.run(_burst(server.port, paths, requests, head, status))
    seconds = time.perf_counter() - started
    cpu = server.cpu_seconds() - before
    return Load(cpu / requests * 1e6, requests / seconds)


async def _burst(port: int, paths: list[str], requests: int, head: str, status: int) -> None:
    each = requests // CONNECTIONS
    turns = range(CONNECTIONS)
    await asyncio.gather(*(_talk(port, paths, each, turn, head, status) for turn in turns))


async def _talk(
    port: int, paths: list[str], requests: int, turn: int, sent: str, status: int
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number in range(requests):
        path = paths[(turn * requests + number) % len(paths)]
        writer.write(f"GET {path} HTTP/1.1\r\n{sent}\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 %d" % status):
            raise RuntimeError(head.split(b"\r\n", 1)[0].decode())
        await reader.readexactly(_length(head) if status == 200 else 0)
    writer.close()


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    raise RuntimeError("an answer without a length")


async def _status(port: int, path: str) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    line = await reader.readline()
    writer.close()
    return int(line.split()[1])
