"""Shapes of outside parties on the wire."""

from uuid import UUID

from pydantic import Field

from app.api.shapes import Code, In, Name, Out
from app.models.movements import Party, PartyKind
from app.movements.party_commands import PartyDetails


class PartyIn(In):
    """An outside party, the whole of it."""

    name: Name = Field(examples=["Chợ đầu mối Bắc Hà"])
    kind: PartyKind = PartyKind.OTHER
    address: Name = ""
    code: Code = Field(default="", description="Its tax code or number, if it has one.")
    phone: Code = ""

    def details(self) -> PartyDetails:
        """The same, as the command takes it."""
        return PartyDetails(self.name, self.kind, self.address, self.code, self.phone)


class PartyOut(Out):
    """An outside party, as its organisation and inspectors see it."""

    id: UUID
    name: str
    kind: PartyKind
    address: str
    code: str
    phone: str
    version: int

    @classmethod
    def of(cls, party: Party) -> "PartyOut":
        return cls(
            id=party.uid,
            name=party.name,
            kind=party.kind,
            address=party.address,
            code=party.code,
            phone=party.phone,
            version=party.version,
        )
