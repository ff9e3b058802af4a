"""Others who vouch: whose signatures are taken, kept and served; on both engines."""

from datetime import datetime
from functools import partial

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine
from sqlmodel import Session

from app.db import open_read_session, transaction
from app.errors import Conflict, DomainError, NotFound, Refused
from app.ledger.actors import Actor
from app.models.transparency import LogWitness
from app.transparency.notes import (
    COSIGNATURE_V1,
    ED25519,
    Verifier,
    cosigned,
    public_bytes,
    read_note,
    verified_by,
)
from app.transparency.queries import (
    cosignatures_of,
    newest_checkpoint,
    served_note,
    verifier_of,
    verifiers,
)
from app.transparency.the_log import TheLog
from app.transparency.witnesses import (
    accept_cosignatures,
    register_witness,
    retire_witness,
)
from tests.threads import at_once
from tests.transparency.facts import published

BY = Actor.system()


class Voucher:
    """A witness with its key."""

    def __init__(self, name: str = "chungnhan.test/w1") -> None:
        self.name = name
        self.key = Ed25519PrivateKey.generate()
        self.verifier = Verifier(name, public_bytes(self.key), COSIGNATURE_V1)

    def register(self, session: Session, now: datetime) -> LogWitness:
        return register_witness(
            session, key=str(self.verifier), who="Trung tâm Chứng nhận", by=BY, now=now
        )

    def vouch(self, note: str, now: datetime, seconds: int = 0) -> str:
        text = read_note(note).text
        return f"{text}\n{cosigned(text, self.name, self.key, int(now.timestamp()) + seconds).line}"


def checkpoint_note(engine: Engine) -> str:
    with open_read_session(engine) as session:
        found = newest_checkpoint(session)
        assert found is not None
        return served_note(session, found)


def test_a_witness_s_signature_is_kept_once_and_served_with_the_checkpoint(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    published(engine, log, now, 3)
    witness, note = Voucher(), checkpoint_note(engine)
    with transaction(engine) as session:
        witness.register(session, now)
        first = accept_cosignatures(session, whole=witness.vouch(note, now), now=now)
        again = accept_cosignatures(session, whole=witness.vouch(note, now, 60), now=now)
        assert (first.taken, first.known, again.taken, again.known) == (1, 0, 0, 1)
    served = read_note(checkpoint_note(engine))
    with open_read_session(engine) as session:
        known = verifiers(session)
    assert verified_by(served, [*known, witness.verifier]) == [*known, witness.verifier]


def test_several_at_once_are_taken_once_each(engine: Engine, log: TheLog, now: datetime) -> None:
    published(engine, log, now, 3)
    vouchers, note = [Voucher(f"w{number}.test") for number in range(3)], checkpoint_note(engine)
    with transaction(engine) as session:
        for one in vouchers:
            one.register(session, now)

    def vouch(one: Voucher) -> None:
        with transaction(engine) as session:
            accept_cosignatures(session, whole=one.vouch(note, now), now=now)

    assert at_once([partial(vouch, one) for one in vouchers * 2]) == [None] * 6
    with open_read_session(engine) as session:
        found = newest_checkpoint(session)
        assert found is not None
        assert {one.name for _, one in cosignatures_of(session, found)} == {
            "w0.test",
            "w1.test",
            "w2.test",
        }


def test_signatures_of_strangers_are_passed_over_and_wrong_ones_refused(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    published(engine, log, now, 3)
    witness, stranger, note = Voucher(), Voucher("la.test"), checkpoint_note(engine)
    mine, theirs = witness.vouch(note, now), stranger.vouch(note, now)
    text = read_note(note).text
    forged = f"{text}\n{cosigned(text + 'x', witness.name, witness.key, 1).line}"
    too_early = witness.vouch(note, now, 4_000)
    elsewhere = witness.vouch(note.replace("truyxuat", "other"), now)
    with transaction(engine) as session:
        witness.register(session, now)
        refused: list[tuple[str, type[DomainError]]] = [
            (theirs, Refused),
            (forged, Refused),
            (too_early, Refused),
            (elsewhere, NotFound),
            (note, Refused),
            ("no note", Refused),
            (f"no checkpoint\n\n{mine.rpartition(chr(10) * 2)[2]}", Refused),
        ]
        for whole, why in refused:
            with pytest.raises(why):
                accept_cosignatures(session, whole=whole, now=now)
        both = mine + theirs.rpartition("\n\n")[2]
        assert accept_cosignatures(session, whole=both, now=now).taken == 1


def test_one_that_retired_is_not_heard_any_more_and_what_it_said_stays(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    published(engine, log, now, 3)
    witness, note = Voucher(), checkpoint_note(engine)
    with transaction(engine) as session:
        row = witness.register(session, now)
        accept_cosignatures(session, whole=witness.vouch(note, now), now=now)
        retire_witness(session, witness=row, by=BY, now=now)
        retire_witness(session, witness=row, by=BY, now=now)
    assert witness.name in checkpoint_note(engine)
    published(engine, log, now, 1, begin=3)
    with transaction(engine) as session, pytest.raises(Refused):
        accept_cosignatures(session, whole=witness.vouch(checkpoint_note(engine), now), now=now)


def test_only_keys_of_witnesses_are_registered_each_once_and_never_our_own(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    published(engine, log, now, 1)
    with transaction(engine) as session:
        own = verifiers(session)[0]
        witness = Voucher()
        row = witness.register(session, now)
        assert verifier_of(row) == witness.verifier
        with pytest.raises(Conflict):
            witness.register(session, now)
        as_log = Verifier(witness.name, witness.verifier.key, ED25519)
        ours = Verifier("me.test", own.key, COSIGNATURE_V1)
        long = Verifier("x" * 81, bytes(range(32)), COSIGNATURE_V1)
        for key in ("", "x", str(as_log), str(ours), str(long)):
            with pytest.raises(Refused):
                register_witness(session, key=key, who="Ai đó", by=BY, now=now)
        fresh = str(Voucher("khac.test").verifier)
        with pytest.raises(Refused):
            register_witness(session, key=fresh, who="  ", by=BY, now=now)
