"""A change of one thing over the API: of the version the caller knows, answered with the newer one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Response
from pydantic import BaseModel

from app.api.problems import may_fail
from app.deps import Call, ExpectedVersion, Writing, etag, require_version
from app.errors import (
    Conflict,
    Forbidden,
    Malformed,
    NotFound,
    Refused,
    StaleVersion,
    VersionRequired,
)
from app.models.base import Versioned

# An answer and its headers, as what is done once is kept.
Said = tuple[BaseModel, dict[str, str]]
MAY_ADD = may_fail(Conflict, Forbidden, Malformed, NotFound, Refused)
MAY_CHANGE = may_fail(
    Conflict, Forbidden, Malformed, NotFound, Refused, StaleVersion, VersionRequired
)

Thing = TypeVar("Thing", bound=Versioned)


@dataclass(frozen=True)
class Changing:
    """Changes a thing if it is still what the caller saw, and puts its new version in the headers."""

    call: Call
    expected: int
    response: Response

    def __call__(self, thing: Thing, effect: Callable[[Thing], object]) -> Thing:
        """The thing, changed. Of two who change it at once the second is refused."""
        require_version(thing.version, self.expected)
        effect(thing)
        self.call.session.flush()
        self.response.headers["ETag"] = etag(thing.version)
        return thing


async def _changing(call: Writing, expected: ExpectedVersion, response: Response) -> Changing:
    return Changing(call, expected, response)


ChangeDep = Annotated[Changing, Depends(_changing, scope="function")]
