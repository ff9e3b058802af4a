"""Worker processes of their own, and shoppers who scan without a pause: for races about what a page says."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn

from app.main import create_app
from app.web.kept_pages import Memory

ROOT = Path(__file__).parents[2]
SECONDS_TO_START = 60
SHOPPERS_A_WORKER = 8
# A worker, and one whose memory never asks what was recorded after it first looked.
HONEST, DEAF = "honest", "deaf"
PHONE = (
    "Host: x\r\nAccept: text/html\r\nAccept-Language: en\r\n"
    "User-Agent: Mozilla/5.0 (Linux; Android 14) Mobile\r\n"
)


def main(kinds_and_ports: list[str]) -> None:
    """Put the application together once, then go on as a process for each kind of worker."""
    app = create_app()
    children = []
    for told in kinds_and_ports:
        kind, _, port = told.partition(":")
        child = os.fork()  # nothing is connected yet, and nothing runs beside
        if not child:
            if kind == DEAF:
                Memory.grew = property(lambda memory: memory._end < 0)
            uvicorn.run(app, port=int(port), access_log=False, log_level="warning")
            return
        children.append(child)
    sys.stdin.read()  # until whoever started us has had enough
    for child in children:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)


@contextmanager
def serving(kinds: list[str], environment: dict[str, str]) -> Iterator[list[int]]:
    """A process for each of these kinds of worker; the ports they listen on."""
    ports = [_free_port() for _ in kinds]
    told = [f"{kind}:{port}" for kind, port in zip(kinds, ports, strict=True)]
    command = [sys.executable, "-m", "tests.web.racing", *told]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environment}, stdin=subprocess.PIPE
    )
    try:
        for port in ports:
            _wait_for(port)
        yield ports
    finally:
        process.communicate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return


@dataclass
class Scans:
    """Every scan of a race at one worker: when it was asked, and whether the page warned."""

    port: int
    path: str
    warning: bytes
    told: list[tuple[float, bool]] = field(default_factory=list)

    def since(self, moment: float) -> int:
        """How many scans were asked for after a moment."""
        return sum(asked > moment for asked, _ in self.told)

    def unwarned_after(self, moment: float) -> list[float]:
        """How long after a moment people still asked who were not warned."""
        return [asked - moment for asked, warned in self.told if asked > moment and not warned]

    async def go_on(self, over: asyncio.Event) -> None:
        """Scan as fast as the answers come, with several telephones."""
        await asyncio.gather(*(self._shopper(over) for _ in range(SHOPPERS_A_WORKER)))

    async def once(self) -> bool:
        """One scan; whether it warned."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        warned = await self._scan(reader, writer)
        writer.close()
        return warned

    async def _shopper(self, over: asyncio.Event) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        while not over.is_set():
            asked = time.monotonic()
            self.told.append((asked, await self._scan(reader, writer)))
        writer.close()

    async def _scan(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        writer.write(f"GET {self.path} HTTP/1.1\r\n{PHONE}\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head[:40]
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        return self.warning in await reader.readexactly(length)


if __name__ == "__main__":
    main(sys.argv[1:])
