"""A form that changes one thing: of the version it was made from, and shown again with what was wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from fastapi.responses import Response

from app.deps import Call, require_version
from app.models.base import Versioned
from app.web.forms import Typed
from app.web.pages import Refusal, go_to, tried

Thing = TypeVar("Thing", bound=Versioned)


@dataclass(frozen=True)
class Changing(Generic[Thing]):
    """Applies a change to what `find` finds; `again` shows its page with the refusal and what was typed."""

    call: Call
    typed: Typed
    address: str
    find: Callable[[], Thing]
    again: Callable[..., Response]

    def __call__(self, effect: Callable[[Thing], object], form: str, done: str) -> Response:
        """`form` names the form that is shown open again, `done` what the page says of success."""

        def changing() -> None:
            thing = self.find()
            require_version(thing.version, self.typed.whole("version", default=0))
            effect(thing)

        outcome = tried(self.call, changing)
        if isinstance(outcome, Refusal):
            return self.again(typed=self.typed.fields, refusal=outcome, tried=form)
        return go_to(f"{self.address}?done={done}")
