"""Tables, one file a noun. Importing this package registers all of them on `SQLModel.metadata`."""

from app.models import (
    accounts,
    catalogue,
    certificates,
    dossiers,
    exchange,
    finding,
    jobs,
    labels,
    ledger,
    lots,
    notices,
    places,
    plan,
    registry,
    seasons,
)

__all__ = [
    "accounts",
    "catalogue",
    "certificates",
    "dossiers",
    "exchange",
    "finding",
    "jobs",
    "labels",
    "ledger",
    "lots",
    "notices",
    "places",
    "plan",
    "registry",
    "seasons",
]
