"""Routes that answer a file: the caller is found and the file answered at one go, in one thread.

Such a route is asked for by machines and browsers in bulk, and needs none of what FastAPI puts
together for a page. Who may have it is decided by the same table and the same function.

Where the database is a file, only a few of them are answered at a time: none waits for anything, and
threads that take turns at every statement cost twice as much as those that finish.
"""

import inspect
from collections.abc import Callable, Coroutine
from typing import Any

from anyio import CapacityLimiter, to_thread
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Engine

from app.deps import looking

AT_A_TIME = 3  # one may wait for the disk, or write down that somebody is still there


class FileRoute(APIRoute):
    """A GET whose endpoint takes the parameters of its path, and `look`: a `Looking`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers a request."""
        kinds = inspect.signature(self.endpoint).parameters
        readers = {name: TypeAdapter[Any](kinds[name].annotation) for name in self.param_convertors}

        def answer(request: Request) -> Response:
            with looking(request) as look:
                found = _read(readers, request.path_params)
                answered: Response = self.endpoint(look=look, **found)
            return answered

        async def handle(request: Request) -> Response:
            return await to_thread.run_sync(answer, request, limiter=_turns(request.app.state))

        return handle


def _turns(state: Any) -> CapacityLimiter | None:
    """How many are answered at once: as many as there are threads where the database is a server."""
    engine: Engine = state.engine
    if engine.dialect.name != "sqlite":
        return None
    found: CapacityLimiter | None = getattr(state, "file_turns", None)
    if found is None:
        found = state.file_turns = CapacityLimiter(AT_A_TIME)
    return found


def _read(readers: dict[str, TypeAdapter[Any]], given: dict[str, Any]) -> dict[str, Any]:
    """The parameters as their kinds want them; what does not fit is refused as anywhere else."""
    found: dict[str, Any] = {}
    faults: list[Any] = []
    for name, reader in readers.items():
        try:
            found[name] = reader.validate_python(given[name])
        except ValidationError as wrong:
            faults += [{**fault, "loc": ("path", name)} for fault in wrong.errors()]
    if faults:
        raise RequestValidationError(faults)
    return found
