"""What one line of the policy table says: who may reach how far."""

from dataclasses import dataclass
from enum import StrEnum

from app.models.accounts import Role


class Scope(StrEnum):
    NO = "-"
    OWN = "o"
    ALL = "a"


COLUMNS: tuple[Role | None, ...] = (
    None,
    Role.GROWER,
    Role.STAFF,
    Role.COOP_ADMIN,
    Role.CERTIFIER,
    Role.INSPECTOR,
    Role.PROVINCE_ADMIN,
)


@dataclass(frozen=True)
class Access:
    """One line of the table."""

    cells: tuple[Scope, ...]

    def scope(self, role: Role | None) -> Scope:
        """What a role (None: the anonymous public) may reach."""
        return self.cells[COLUMNS.index(role)]

    @property
    def public(self) -> bool:
        return self.cells[0] is not Scope.NO


def line(cells: str) -> Access:
    """Seven cells, separated by spaces, in the order of COLUMNS."""
    scopes = tuple(Scope(cell) for cell in cells.split())
    if len(scopes) != len(COLUMNS):
        raise ValueError(f"{len(COLUMNS)} cells wanted: {cells}")
    return Access(scopes)


EVERYBODY = line("a a a a a a a")
SIGNED_IN = line("- a a a a a a")
