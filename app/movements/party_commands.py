"""Outside parties: whom an organisation trades with, kept to itself and the inspectors."""

from dataclasses import dataclass

from sqlmodel import Session

from app.errors import refuse
from app.kit.messages import say
from app.kit.text import clean, fold
from app.ledger.commands import record
from app.models.movements import Party, PartyKind
from app.movements.recording import Doer


@dataclass(frozen=True)
class PartyDetails:
    """What is known of a party: name, address, and a code where it has one."""

    name: str
    kind: PartyKind = PartyKind.OTHER
    address: str = ""
    code: str = ""
    phone: str = ""


def register_party(session: Session, doer: Doer, details: PartyDetails) -> Party:
    """Write a new party down."""
    party = Party(
        organisation_id=doer.organisation.pk,
        kind=details.kind,
        name="",
        name_key="",
        created_at=doer.now,
    )
    _fill(party, details)
    session.add(party)
    session.flush()  # its public id
    _record(session, doer, party, "party.registered")
    return party


def amend_party(session: Session, doer: Doer, party: Party, details: PartyDetails) -> Party:
    """Correct what is known of a party; what was delivered to it stays."""
    _fill(party, details)
    session.flush()  # a lost race must fail before the ledger is touched
    _record(session, doer, party, "party.amended")
    return party


def _fill(party: Party, details: PartyDetails) -> None:
    name = clean(details.name, longest=160)
    if not name:
        raise refuse("name", say("This is required."))
    party.kind, party.name, party.name_key = details.kind, name, fold(name)
    party.address = clean(details.address, longest=200)
    party.code = clean(details.code, longest=40)
    party.phone = clean(details.phone, longest=20)


def _record(session: Session, doer: Doer, party: Party, kind: str) -> None:
    record(
        session,
        kind=kind,
        subject=str(party.uid),
        by=doer.by,
        now=doer.now,
        organisation=doer.organisation.uid,
        facts={"kind": party.kind},
        # A buyer may be a person: only the salted hash of these enters the log.
        personal={
            "name": party.name,
            "address": party.address,
            "code": party.code,
            "phone": party.phone,
        },
    )
