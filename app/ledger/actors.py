"""Who did it: the account, role and organisation that stand behind a fact."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Actor:
    """The one who acts. `account` is None for the system itself and for the anonymous public."""

    account: UUID | None
    role: str
    organisation: UUID | None

    @classmethod
    def system(cls) -> "Actor":
        """The installation itself: migrations, reference data, the demonstration."""
        return cls(account=None, role="system", organisation=None)

    @classmethod
    def public(cls) -> "Actor":
        """Somebody who did not sign in."""
        return cls(account=None, role="public", organisation=None)
