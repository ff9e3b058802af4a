"""The caller of a request: which account, in which role, for which organisation."""

from dataclasses import dataclass
from uuid import UUID

from app.ledger.actors import Actor
from app.models.accounts import Role


@dataclass(frozen=True)
class Caller:
    """A known caller. Internal ids serve joins; uids serve the ledger."""

    account_id: int
    account_uid: UUID
    name: str
    login: str
    language: str
    membership_id: int
    role: Role
    organisation_id: int
    organisation_uid: UUID
    organisation_name: str
    demonstration: bool
    session_id: int | None = None
    api_key_id: int | None = None
    # The role asks for a second step at sign-in that is not set up yet.
    must_enrol: bool = False

    @property
    def actor(self) -> Actor:
        """The same, as the ledger remembers it."""
        return Actor(self.account_uid, self.role.value, self.organisation_uid)
