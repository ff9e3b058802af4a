"""How often somebody may do something in a minute.

Counted in memory by a hash that means nothing elsewhere. Each process counts for itself, so with
several of them a little more goes through.
"""

import hashlib
import secrets
from threading import Lock

SECONDS = 60
_HASH_BYTES = 8


class Pace:
    """Tries by address in the minute that runs; the minute before is forgotten."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._minute = 0
        self._tries: dict[bytes, int] = {}
        self._lock = Lock()

    def claim(self, address: str, *, limit: int, instant: float) -> int:
        """Count one more try; 0 when it may go ahead, else the seconds to wait."""
        minute = int(instant // SECONDS)
        told = hashlib.blake2b(address.encode(), key=self._key, digest_size=_HASH_BYTES).digest()
        with self._lock:
            if minute != self._minute:
                self._minute = minute
                self._tries.clear()
            tries = self._tries[told] = self._tries.get(told, 0) + 1
        return 0 if tries <= limit else max(1, int(SECONDS - instant % SECONDS))
