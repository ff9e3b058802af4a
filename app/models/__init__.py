"""Tables, one file a noun. Importing this package registers all of them on `SQLModel.metadata`."""

from app.models import (
    accounts,
    catalogue,
    certificates,
    labels,
    ledger,
    lots,
    places,
    plan,
    registry,
)

__all__ = [
    "accounts",
    "catalogue",
    "certificates",
    "labels",
    "ledger",
    "lots",
    "places",
    "plan",
    "registry",
]
