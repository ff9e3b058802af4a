"""Our application with an empty route beside it in the same process."""

import gc

from fastapi import FastAPI
from starlette.routing import Mount

from app.main import create_app
from app.web.remaking import Remaker
from benchmarks import empty


def create() -> FastAPI:
    """The application, and `/bench/empty`: a bare FastAPI application behind the same server."""
    application = create_app()
    application.router.routes.insert(0, Mount("/bench", empty.app))
    gc.freeze()  # as a serving process does
    return application


def create_remaking() -> FastAPI:
    """The same, and pages that went stale are made anew, as a serving process does."""
    application = create()
    Remaker(application.state).start()
    return application
