"""Static files: small, our own, cached for ever under a hashed address."""

from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).with_name("static")
FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=300"


class HashedFiles(StaticFiles):
    """Files asked for with `?v=<hash>` never change; the others may."""

    def file_response(self, full_path: Any, stat_result: Any, scope: Scope, *rest: Any) -> Response:
        answer = super().file_response(full_path, stat_result, scope, *rest)
        hashed = scope.get("query_string", b"").startswith(b"v=")
        answer.headers["Cache-Control"] = FOR_EVER if hashed else FOR_A_WHILE
        return answer


def static_files() -> StaticFiles:
    """The application that serves the folder."""
    return HashedFiles(directory=FOLDER)
