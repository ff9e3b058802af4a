"""The public log as files (C2SP tlog-tiles), ahead of FastAPI's routes: checkpoints, tiles, keys, health."""

import gzip

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from app.db import open_read_session
from app.errors import NotFound
from app.transparency.queries import (
    checkpoint_of_size,
    newest_checkpoint,
    served_note,
    state_of,
    verifier_of,
    verifiers,
    witnesses,
)
from app.transparency.serving import find_extent, find_file
from app.transparency.tile_names import WIDTH, TileName

FOR_EVER = "public, max-age=31536000, immutable"
SECONDS = "public, max-age=5"
# Of a partial tile the same bytes stand in the full one later: it need not be kept so long.
PARTIAL = "public, max-age=86400"
LATE_AFTER = 3
CHECK_HOURS = 48


def log_routes() -> list[BaseRoute]:
    """Everything under `/log` that is a file. After a break the log goes on under `/log/2`, `/log/3` …"""
    return [
        Route("/log/checkpoint", log_checkpoint, name="log_checkpoint", methods=["GET"]),
        Route("/log/keys", log_keys, name="log_keys", methods=["GET"]),
        Route("/log/health", log_health, name="log_health", methods=["GET"]),
        Route("/log/checkpoints/{size:int}", log_former, name="log_former", methods=["GET"]),
        Route("/log/tile/{tile:path}", log_tile, name="log_tile", methods=["GET"]),
        Route(
            "/log/{edition:int}/checkpoint", log_checkpoint, name="log_checkpoint", methods=["GET"]
        ),
        Route("/log/{edition:int}/tile/{tile:path}", log_tile, name="log_tile", methods=["GET"]),
    ]


def log_checkpoint(request: Request) -> Response:
    """The newest checkpoint with its cosignatures."""
    with open_read_session(request.app.state.engine) as session:
        found = newest_checkpoint(session)
        # Every edition leads to the newest checkpoint: its origin says which edition it is of.
        note = served_note(session, found) if found else ""
    return _text(note, SECONDS) if note else _nothing()


def log_former(request: Request) -> Response:
    """A checkpoint that was published before, by its size."""
    with open_read_session(request.app.state.engine) as session:
        try:
            found = checkpoint_of_size(session, min(request.path_params["size"], 2**31 - 1))
        except NotFound:
            return _nothing()
        return _text(served_note(session, found), SECONDS)


def log_keys(request: Request) -> Response:
    """The keys that ever signed, the newest first, then the witnesses': a line each (vkey)."""
    with open_read_session(request.app.state.engine) as session:
        known = [*verifiers(session), *map(verifier_of, witnesses(session))]
    return _text("".join(f"{one}\n" for one in known), SECONDS)


def log_tile(request: Request) -> Response:
    """A tile of hashes, or of entries."""
    name = TileName.read(request.path_params["tile"])
    if name is None:
        return _nothing()
    with open_read_session(request.app.state.engine) as session:
        extent = find_extent(session, request.path_params.get("edition", 1))
        content = find_file(session, name, extent) if extent else None
    if content is None:
        return _nothing()
    headers = {"Cache-Control": FOR_EVER if name.width == WIDTH else PARTIAL}
    if name.level is None:
        headers["Vary"] = "Accept-Encoding"
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            content = gzip.compress(content, 6, mtime=0)
    return Response(content, headers=headers, media_type="application/octet-stream")


def log_health(request: Request) -> Response:
    """200 when the log is whole, looked at lately and published in time; 503 and why when not."""
    state = request.app.state
    now = state.clock()
    with open_read_session(state.engine) as session:
        found = state_of(session)
    troubles = []
    if found.fault is not None:
        at = "" if found.fault.bad is None else f" {found.fault.bad}"
        troubles.append(f"fault {found.fault.fault}{at}")
    if found.is_late(now, LATE_AFTER * state.settings.log_checkpoint_seconds):
        troubles.append("late")
    full = found.full_check
    if full is not None and (now - full.checked_at).total_seconds() > CHECK_HOURS * 3600:
        troubles.append("unchecked")
    verdict = troubles or ["ok"]
    told = [*verdict, f"size {found.size}", f"facts {found.facts}", f"breaks {len(found.breaks)}"]
    return _text("".join(f"{line}\n" for line in told), "no-store", 503 if troubles else 200)


def _text(content: str, cache: str, status: int = 200) -> Response:
    answer = PlainTextResponse(content, status)
    answer.headers["Cache-Control"] = cache
    return answer


def _nothing() -> Response:
    return _text("not found\n", SECONDS, 404)
