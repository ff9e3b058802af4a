"""One thousand ways to alter the record, and every one is noticed; with what a weaker check lets through."""

import random
from collections.abc import Callable
from datetime import datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, text
from sqlmodel import Session

from app.db import open_read_session, open_session, transaction
from app.ledger.leaf import leaf_hash
from app.models.registry import OrganisationKind
from app.notices.queries import notices_of
from app.transparency.checking import check_log
from app.transparency.evidence import public_evidence, whole_evidence
from app.transparency.evidence_files import evidence_file
from app.transparency.faults import Fault
from app.transparency.merkle import Frontier
from app.transparency.notes import Verifier
from app.transparency.queries import newest_checkpoint, standing_fault, verifiers
from app.transparency.sequencing import extend_log
from app.transparency.tending import look_again
from app.transparency.the_log import TheLog
from app.transparency.tiles import StoredTree, log_size
from app.transparency.verifying import Trust, verify_bundle
from tests.given import Given
from tests.transparency.facts import LOT, owner, published

FACTS = 30
# On either engine: one thousand together.
TAMPERINGS_OF_ROWS = 500
TAMPERINGS_OF_FILES = 800
Tampering = Callable[[Session, random.Random, int, int], int | None]


def _set(session: Session, column: str, value: object, position: int) -> None:
    session.execute(
        text(f"UPDATE ledger_entry SET {column} = :value WHERE position = :position"),
        {"value": value, "position": position},
    )


def _body(session: Session, position: int) -> str:
    wanted = text("SELECT body FROM ledger_entry WHERE position = :position")
    return str(session.execute(wanted, {"position": position}).scalar_one())


def flip_a_letter(session: Session, dice: random.Random, first: int, size: int) -> int | None:
    position = dice.randrange(first, size)
    body = _body(session, position)
    at = dice.randrange(len(body))
    changed = body[:at] + ("0" if body[at] != "0" else "1") + body[at + 1 :]
    _set(session, "body", changed, position)
    return position


def flip_a_letter_and_its_hash(
    session: Session, dice: random.Random, first: int, size: int
) -> int | None:
    position = dice.randrange(first, size)
    body = _body(session, position).replace('"BAP_CAI"', '"CA_CHUA"').replace("facts", "factz")
    _set(session, "body", body, position)
    _set(session, "leaf_hash", leaf_hash(body.encode()), position)
    return position


def change_a_column(session: Session, dice: random.Random, first: int, size: int) -> int | None:
    position = dice.randrange(first, size)
    column, value = dice.choice([("kind", "lot.sealed"), ("subject", "x"), ("organisation", None)])
    _set(session, column, value, position)
    return position


def swap_two(session: Session, dice: random.Random, first: int, size: int) -> int | None:
    one, other = sorted(dice.sample(range(first, size), 2))
    columns = "at, kind, subject, organisation, body, leaf_hash"
    rows = [
        session.execute(
            text(f"SELECT {columns} FROM ledger_entry WHERE position = :p"), {"p": position}
        ).one()
        for position in (one, other)
    ]
    for position, row in zip((other, one), rows, strict=True):
        for column, value in zip(columns.split(", "), row, strict=True):
            _set(session, column, value, position)
    # Facts that are equal to the letter, with equal times, may change places: nothing is altered.
    return None if rows[0] == rows[1] else one


def take_one_away(session: Session, dice: random.Random, first: int, size: int) -> int | None:
    position = dice.randrange(first, size)
    for table in ("ledger_personal", "log_part", "ledger_entry"):
        session.execute(text(f"DELETE FROM {table} WHERE position = :p"), {"p": position})
    return position


def slip_one_in(session: Session, dice: random.Random, first: int, size: int) -> int | None:
    position = dice.randrange(first, size)
    for table in ("ledger_personal", "log_part", "ledger_entry"):
        session.execute(text(f"DELETE FROM {table} WHERE position = :p"), {"p": position})
    source = position - 1 if position > first else position + 1
    columns = "at, kind, subject, organisation, body, leaf_hash"
    session.execute(
        text(
            f"INSERT INTO ledger_entry (position, {columns}) SELECT :p, {columns} "
            "FROM ledger_entry WHERE position = :source"
        ),
        {"p": position, "source": source},
    )
    return position


def cut_the_end_off(session: Session, dice: random.Random, first: int, size: int) -> int | None:
    position = dice.randrange(first, size)
    for table in ("ledger_personal", "log_part", "ledger_entry"):
        session.execute(text(f"DELETE FROM {table} WHERE position >= :p"), {"p": position})
    return position


def change_a_shown_part(session: Session, dice: random.Random, first: int, size: int) -> int | None:
    wanted = text("SELECT position FROM log_part WHERE position >= :first ORDER BY position")
    position = int(dice.choice(session.execute(wanted, {"first": first}).scalars().all()))
    session.execute(
        text("UPDATE log_part SET part = replace(part, '250', '950') || ' ' WHERE position = :p"),
        {"p": position},
    )
    return position


def flip_a_bit_of_a_tile(
    session: Session, dice: random.Random, first: int, size: int
) -> int | None:
    rows = session.execute(text("SELECT level, number, hashes, salts FROM log_tile")).all()
    level, number, hashes, salts = dice.choice(rows)
    column, content = ("hashes", hashes) if level or dice.random() < 0.5 else ("salts", salts)
    flipped = bytearray(content)
    begin = first * 32 if not level and not number else 0
    at = dice.randrange(begin, len(flipped))
    flipped[at] ^= 1 << dice.randrange(8)
    session.execute(
        text(f"UPDATE log_tile SET {column} = :it WHERE level = :level AND number = :number"),
        {"it": bytes(flipped), "level": level, "number": number},
    )
    position = number * 256 + at // 32
    if column == "salts" and at % 32 >= 16 and not _has_part(session, position):
        return None  # the salt of a part that is shown to nobody
    return None if level else position


def change_a_checkpoint(session: Session, dice: random.Random, first: int, size: int) -> int | None:
    change = dice.choice(
        ["root = :root", "note = replace(note, ' ', '  ')", "note = replace(note, 'xuat', 'xuot')"]
    )
    changed = {"root": dice.randbytes(32)} if ":root" in change else {}
    session.execute(text(f"UPDATE log_checkpoint SET {change}"), changed)
    return None


def _has_part(session: Session, position: int) -> bool:
    wanted = text("SELECT count(*) FROM log_part WHERE position = :p AND NOT is_open")
    return bool(session.execute(wanted, {"p": position}).scalar_one())


TAMPERINGS: tuple[Tampering, ...] = (
    flip_a_letter,
    flip_a_letter_and_its_hash,
    change_a_column,
    swap_two,
    take_one_away,
    slip_one_in,
    cut_the_end_off,
    change_a_shown_part,
    flip_a_bit_of_a_tile,
    change_a_checkpoint,
)


def test_every_tampering_below_the_triggers_is_detected_and_named(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    dice = random.Random(6962)
    with open_read_session(engine) as session:
        first = log_size(session)
    size = published(engine, log, now, FACTS)
    first = size - FACTS
    missed, misnamed = [], []
    with open_session(engine) as session, owner(session):
        assert check_log(session, full=True, now=now).fault == ""
        for turn in range(TAMPERINGS_OF_ROWS):
            tampering = TAMPERINGS[turn % len(TAMPERINGS)]
            with session.begin_nested() as point:
                bad = tampering(session, dice, first, size)
                check = check_log(session, full=True, now=now)
                point.rollback()
            harmless = bad is None and tampering in {swap_two, flip_a_bit_of_a_tile}
            if not check.fault and not harmless:
                missed.append((turn, tampering.__name__))
            if bad is not None and check.bad != bad:
                misnamed.append((turn, tampering.__name__, bad, check.bad))
        assert check_log(session, full=True, now=now).fault == ""
    assert (missed, misnamed) == ([], [])


def test_the_frontier_alone_would_not_have_noticed(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    """The control: a root made from the stored hashes stays right while a record is altered."""
    size = published(engine, log, now, 5)
    with open_session(engine) as session, owner(session):
        flip_a_letter(session, random.Random(1), size - 5, size)
        checkpoint = newest_checkpoint(session)
        assert checkpoint is not None
        tree = StoredTree(session)
        assert tree.root(size) == checkpoint.root
        assert Frontier.at(tree.read, size).root() == checkpoint.root
        assert check_log(session, full=True, now=now).fault == Fault.ENTRY_ALTERED


def test_an_entry_altered_with_its_whole_tree_contradicts_what_was_published(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    """Whoever owns the database and the salts can make a new tree, but not an old signature."""
    size = published(engine, log, now, 5)
    with open_session(engine) as session, owner(session):
        flip_a_letter_and_its_hash(session, random.Random(1), size - 1, size)
        session.execute(text("DELETE FROM log_part"))
        session.execute(text("DELETE FROM log_tile"))
        session.execute(text("DELETE FROM log_growth"))
        assert extend_log(session, log, now=now) >= size
        assert check_log(session, full=True, now=now).fault == Fault.CHECKPOINT_DIFFERS


def test_rows_that_cannot_be_read_are_a_fault(
    engine: Engine, log: TheLog, now: datetime, engine_name: str
) -> None:
    published(engine, log, now, 3)
    broken = "CAST(x'ff80' AS TEXT)" if engine_name == "sqlite" else "'x'"
    with transaction(engine) as session, owner(session):
        session.execute(text(f"UPDATE log_checkpoint SET note = {broken}"))
    found = look_again(engine, now, full=True).fault
    assert found == (Fault.UNREADABLE if engine_name == "sqlite" else Fault.CHECKPOINT_FORGED)


def test_only_new_entries_are_looked_at_between_the_whole_looks(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    first = published(engine, log, now, 300)
    assert look_again(engine, now, full=False).begin == 0
    size = published(engine, log, now, 7, begin=300)
    check = look_again(engine, now, full=False)
    assert (check.begin, check.size, check.fault) == (first, size, "")
    with transaction(engine) as session, owner(session):
        flip_a_letter(session, random.Random(3), 10, 11)
    published(engine, log, now, 2, begin=400)
    assert look_again(engine, now, full=False).fault == ""  # it does not look so far back
    assert look_again(engine, now, full=True).fault == Fault.ENTRY_ALTERED


def test_a_fault_is_told_to_the_province_once_and_stands_until_all_is_well(
    engine: Engine, log: TheLog, now: datetime, given: Given
) -> None:
    authority = given.organisation(OrganisationKind.AUTHORITY)
    given.session.commit()
    size = published(engine, log, now, 5)
    whole = {}
    with transaction(engine) as session, owner(session):
        whole["body"] = _body(session, size - 1)
        _set(session, "body", whole["body"].replace("}", " }"), size - 1)
    look_again(engine, now, full=True)
    look_again(engine, now, full=True)
    with open_read_session(engine) as session:
        told = notices_of(session, authority.pk, limit=9).items
        assert [one.kind for one in told] == ["ledger.at_fault"]
        assert str(size - 1) in told[0].details
        fault = standing_fault(session)
        assert fault is not None
        assert (fault.fault, fault.bad) == (Fault.ENTRY_ALTERED, size - 1)
    with transaction(engine) as session, owner(session):
        _set(session, "body", whole["body"], size - 1)
    look_again(engine, now, full=False)
    with open_read_session(engine) as session:
        assert standing_fault(session) is not None  # a look at the newest only proves nothing
    look_again(engine, now, full=True)
    with open_read_session(engine) as session:
        assert standing_fault(session) is None


@pytest.mark.parametrize("whole", [False, True], ids=["public", "whole"])
def test_a_changed_byte_anywhere_in_the_evidence_is_detected(
    engine: Engine, log: TheLog, now: datetime, whole: bool
) -> None:
    content, trust = evidence(engine, log, now, whole=whole)
    assert verify_bundle(content, trust).whole
    dice = random.Random(8785)
    missed = []
    places = dice.sample(range(len(content)), min(TAMPERINGS_OF_FILES // 2, len(content)))
    for at in places:
        changed = bytearray(content)
        changed[at] ^= 1 << dice.randrange(8)
        if verify_bundle(bytes(changed), trust).whole:
            missed.append(at)
    assert missed == []
    for shorter in (content[:-1], content[1:], content + b"\0", content[: len(content) // 2], b""):
        assert not verify_bundle(shorter, trust).whole


def evidence(
    engine: Engine, log: TheLog, now: datetime, *, whole: bool = False
) -> tuple[bytes, Trust]:
    published(engine, log, now, 7)
    with open_read_session(engine) as session:
        keys = verifiers(session)
        found = whole_evidence(session, LOT, ["thing"]) if whole else public_evidence(session, LOT)
        content = evidence_file(found, log, keys=keys, witnesses=[])
    return content, Trust(keys=tuple(keys))


def test_evidence_signed_by_somebody_else_is_not_believed(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    content, trust = evidence(engine, log, now)
    name = trust.keys[0].name
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    for keys in ((), (Verifier(name, other),), (Verifier("other.test/log", trust.keys[0].key),)):
        report = verify_bundle(content, Trust(keys=keys))
        assert not report.whole
        assert (
            report.first_bad is None
        )  # each record leads to the root; whose root it is, nobody said
