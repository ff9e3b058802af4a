"""Writes the files of a copy: whole or not at all, and only those whose bytes changed."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from app.web.copies.state import CopyState

# A stylesheet or picture of the server by its address: its media type and bytes, None without one.
Fetch = Callable[[str], tuple[str, bytes] | None]
_PICTURES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/svg+xml": "svg"}
_STATIC = "/static/"


class CopyWriter:
    """The folder of a copy with its state; counts what it wrote."""

    def __init__(self, folder: Path, state: CopyState, fetch: Fetch) -> None:
        self.folder = folder
        self.state = state
        self.written = 0
        self._fetch = fetch

    def write(self, path: str, content: bytes, stem: str = "") -> None:
        """Let a file hold these bytes; one that does already is left alone."""
        sha256 = hashlib.sha256(content).hexdigest()
        if self.state.hash_of(path) != sha256 or not self.is_there(path, len(content)):
            self._replace(path, content)
            self.written += 1
        self.state.keep_file(path, sha256, len(content), stem)

    def is_there(self, path: str, size: int) -> bool:
        """Whether a file of this size is there."""
        try:
            return (self.folder / path).stat().st_size == size
        except FileNotFoundError:
            return False

    def asset(self, url: str) -> str | None:
        """Where in the copy a picture or stylesheet of the server is; taken over when it is first met."""
        known = self.state.asset(url)
        if known is not None and (self.folder / known).exists():
            return known
        found = self._fetch(url)
        if found is None:
            return None
        path = _asset_path(url, *found)
        self.write(path, found[1])
        self.state.keep_asset(url, path)
        return path

    def remove(self, path: str) -> None:
        (self.folder / path).unlink(missing_ok=True)

    def _replace(self, path: str, content: bytes) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f".{target.name}.new")
        fresh.write_bytes(content)
        fresh.replace(target)


def _asset_path(url: str, media_type: str, content: bytes) -> str:
    """A name that says what it is: of static files their own, of pictures the hash of their bytes."""
    path = url.partition("?")[0]
    if path.startswith(_STATIC):
        return f"static/{path.removeprefix(_STATIC)}"
    ending = _PICTURES.get(media_type.partition(";")[0], "bin")
    return f"pictures/{hashlib.sha256(content).hexdigest()[:32]}.{ending}"
