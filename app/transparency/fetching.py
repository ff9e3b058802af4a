"""Asking a log over the network, for commands that people run: never the server by itself."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException
from ipaddress import ip_address
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from app.errors import Refused
from app.kit.messages import say
from app.transparency.bundles import MOST_BYTES
from app.transparency.checkpoints import decoded
from app.transparency.notes import BadNote, Signature

TIMEOUT_SECONDS = 20
_MOST_TOLD = 65_536
_LONGEST = 300


class _Staying(HTTPRedirectHandler):
    """Follows no redirect: evidence comes from where it was asked for."""

    def redirect_request(self, *_: Any) -> None:
        return None


@dataclass(frozen=True)
class RemoteLog:
    """A log at an address (`https://host`, or `http://` on this machine)."""

    base: str

    @classmethod
    def at(cls, address: str) -> "RemoteLog":
        """The log of the installation that an address is of. Raises Refused for an unsafe one."""
        parts = urlsplit(address)
        if parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname or "")):
            return cls(f"{parts.scheme}://{parts.netloc}")
        raise Refused(say("Only https addresses are asked, and http on this machine."))

    def checkpoint(self) -> str:
        """The newest checkpoint."""
        return self._get("/log/checkpoint").decode()

    def evidence(self, code: str, size: int | None = None) -> bytes:
        """The evidence file of a lot."""
        return self._get(f"/log/lots/{code}/evidence.zip", size=size)

    def consistency(self, former: int, size: int) -> Sequence[bytes]:
        """The proof that the log only grew between two sizes; none where the server has none to give."""
        told = json.loads(self._get("/api/v1/log/consistency", first=former, second=size))
        try:
            return [decoded(one) for one in told["proof"]]
        except (BadNote, LookupError, TypeError):
            return []

    def send(self, text: str, *signatures: Signature) -> None:
        """Hand in a witness's signatures under a checkpoint."""
        note = text + "\n" + "".join(one.line for one in signatures)
        request = Request(  # noqa: S310  # the scheme was looked at
            f"{self.base}/api/v1/log/cosignatures",
            data=json.dumps({"note": note}).encode(),
            headers={"Content-Type": "application/json"},
        )
        self._open(request)

    def _get(self, path: str, **query: int | None) -> bytes:
        asked = {name: value for name, value in query.items() if value is not None}
        tail = f"?{urlencode(asked)}" if asked else ""
        return self._open(Request(f"{self.base}{path}{tail}"))  # noqa: S310  # the scheme was looked at

    def _open(self, request: Request) -> bytes:
        try:
            with build_opener(_Staying).open(request, timeout=TIMEOUT_SECONDS) as answer:
                content: bytes = answer.read(MOST_BYTES + 1)
        except (URLError, HTTPException, OSError) as failed:
            told = _told(failed) if isinstance(failed, HTTPError) else ""
            why = say(
                "{address} cannot be read: {why}", address=request.full_url, why=told or str(failed)
            )
            raise Refused(why) from failed
        if len(content) > MOST_BYTES:
            raise Refused(say("The answer is too large."))
        return content


def _told(failed: HTTPError) -> str:
    """What a server says is wrong (problem details); "" where it says nothing of the kind."""
    with failed:  # it is the answer as well
        try:
            told = json.loads(failed.read(_MOST_TOLD))["detail"]
        except (ValueError, LookupError, TypeError, HTTPException, OSError):
            return ""
    return "".join(one for one in str(told) if one.isprintable())[:_LONGEST]


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
