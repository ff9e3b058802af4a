"""The picture of a mark as it is kept: a greyscale PNG, known by the hash of its bytes. Pure."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Artwork:
    """A greyscale PNG and its size in pixels."""

    content: bytes = field(repr=False)
    width: int
    height: int

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()
