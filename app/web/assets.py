"""Static files: small, our own, compressed once, cached for ever under a hashed address."""

import gzip
from functools import lru_cache
from pathlib import Path
from typing import Any

import brotli
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

from app.web.page_answer import encoding_of

FOLDER = Path(__file__).with_name("static")
FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=300"
# What is text gets much smaller; pictures and fonts are compressed already.
COMPRESSED = frozenset({".css", ".js", ".svg", ".json", ".geojson", ".webmanifest"})
# A large file takes a while at the best quality, and is asked for seldom.
SMALL_BYTES = 100_000


class HashedFiles(StaticFiles):
    """Files asked for with `?v=<hash>` never change; the others may."""

    def file_response(self, full_path: Any, stat_result: Any, scope: Scope, *rest: Any) -> Response:
        answer = super().file_response(full_path, stat_result, scope, *rest)
        path = Path(full_path)
        if path.suffix in COMPRESSED:
            answer = _compressed(path, stat_result, scope, answer)
        hashed = scope.get("query_string", b"").startswith(b"v=")
        answer.headers["Cache-Control"] = FOR_EVER if hashed else FOR_A_WHILE
        return answer


def static_files() -> StaticFiles:
    """The application that serves the folder."""
    return HashedFiles(directory=FOLDER)


def _compressed(path: Path, stat_result: Any, scope: Scope, plain: Response) -> Response:
    """The file in the encoding the reader takes; each encoding has an ETag of its own."""
    sent = dict(scope["headers"])
    encoding = encoding_of(sent.get(b"accept-encoding", b"").decode("latin-1"))
    if encoding == "identity" or b"range" in sent or isinstance(plain, NotModifiedResponse):
        plain.headers["Vary"] = "Accept-Encoding"
        return plain
    body = _bytes_of(path, stat_result.st_mtime_ns, encoding)
    headers = {
        "Content-Type": plain.headers["content-type"],
        "Content-Encoding": encoding,
        "ETag": f'{plain.headers["etag"][:-1]}-{encoding[0]}"',
        "Last-Modified": plain.headers["last-modified"],
        "Vary": "Accept-Encoding",
    }
    if sent.get(b"if-none-match", b"").decode("latin-1") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers)


@lru_cache(maxsize=256)
def _bytes_of(path: Path, _changed: int, encoding: str) -> bytes:
    content = path.read_bytes()
    if encoding == "gzip":
        return gzip.compress(content, 9, mtime=0)
    small: bytes = brotli.compress(content, quality=11 if len(content) < SMALL_BYTES else 5)
    return small
