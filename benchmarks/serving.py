"""`python -m benchmarks.serving APPLICATION PORT [factory]`: one worker, as the `serve` command runs it."""

import sys

import uvicorn

# As text: what is measured beside the product loads nothing of it.
WIRE = "app.web.wire:Wire"


def main(application: str, port: str, *factory: str) -> None:
    """Serve until told to end; a factory makes our application."""
    uvicorn.run(
        application,
        factory=bool(factory),
        port=int(port),
        http=WIRE if factory else "auto",
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
