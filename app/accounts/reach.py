"""How far a caller sees: some organisations, or all. Every query of owned rows is given one."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, true


@dataclass(frozen=True)
class Reach:
    """The organisations (internal ids) whose rows may be seen; `everything` means all."""

    organisations: frozenset[int]
    everything: bool = False

    @classmethod
    def all(cls) -> "Reach":
        return cls(frozenset(), everything=True)

    @classmethod
    def own(cls, organisation_id: int) -> "Reach":
        return cls(frozenset({organisation_id}))

    def sees(self, organisation_id: int | None) -> bool:
        """Whether rows of this organisation are within reach."""
        return self.everything or organisation_id in self.organisations

    def limits(self, column: Any) -> ColumnElement[bool]:
        """The WHERE clause that keeps a query within reach."""
        if self.everything:
            return true()
        clause: ColumnElement[bool] = column.in_(self.organisations)
        return clause
