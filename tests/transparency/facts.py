"""Facts to put into a log, lots among them, and somebody who has the keys of the database itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine, text
from sqlmodel import Session

from app.db import transaction
from app.ledger.actors import Actor
from app.ledger.commands import Fact, record_all
from app.transparency.publishing import publish_checkpoint
from app.transparency.sequencing import extend_log
from app.transparency.the_log import TheLog

CLERK = Actor(UUID(int=7), "staff", UUID(int=9))
LOT = "LC0123456789AB0"
OTHER_LOT = "LCZYXWVTSRQPNM1"
TABLES = (
    "ledger_entry",
    "log_tile",
    "log_growth",
    "log_part",
    "log_key",
    "log_checkpoint",
    "log_cosignature",
    "log_break",
    "log_check",
)
# The person, the place and the words of a fact that nobody outside may learn from the log.
CANARIES = (
    "Chim Hoàng Yến",
    "0912987654",
    "104.290001",
    "Ghi chú mật của cán bộ",
    LOT,
    OTHER_LOT,
)


def lot_fact(number: int = 0, code: str = LOT, kind: str = "lot.recorded") -> Fact:
    """A fact about a lot: some of it is shown, some is not, some is a person's."""
    return Fact(
        kind,
        code,
        {
            "quantity_g": 250_000 + number,
            "harvested_on": "2026-11-19",
            "crop": "BAP_CAI",
            "claims": [{"granted": True, "kind": "vietgap"}],
            "grower": UUID(int=77),
            "note": CANARIES[3],
            "polygon": CANARIES[2],
        },
        personal={"name": CANARIES[0], "phone": CANARIES[1]},
    )


def other_fact(number: int = 0) -> Fact:
    """A fact about something else."""
    return Fact("thing.noted", "thing", {"number": number, "note": CANARIES[3]})


def write_facts(session: Session, now: datetime, count: int, *, begin: int = 0) -> None:
    """Some facts of both kinds, every third about a lot."""
    told = [
        lot_fact(number, kind="lot.recorded" if number < 3 else "lot.amended")
        if number % 3 == 0
        else other_fact(number)
        for number in range(begin, begin + count)
    ]
    record_all(session, told, by=CLERK, now=now)


def published(engine: Engine, log: TheLog, now: datetime, count: int, *, begin: int = 0) -> int:
    """That many more facts, in the tree and published; the size of the log."""
    with transaction(engine) as session:
        write_facts(session, now, count, begin=begin)
    with transaction(engine) as session:
        while extend_log(session, log, now=now):
            pass
        made = publish_checkpoint(session, log, now=now)
    return made.size if made else 0


@contextmanager
def owner(session: Session) -> Iterator[None]:
    """What somebody could do who owns the database: no trigger stands in the way."""
    triggers = _sqlite_triggers(session)
    for name in triggers:
        session.execute(text(f"DROP TRIGGER {name}"))
    if not triggers:
        for table in TABLES:
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
    yield
    session.expire_all()
    for statement in triggers.values():
        session.execute(text(statement))
    if not triggers:
        for table in TABLES:
            session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER ALL"))


def _sqlite_triggers(session: Session) -> dict[str, str]:
    if session.get_bind().dialect.name != "sqlite":
        return {}
    wanted = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {str(name): str(statement) for name, statement in session.execute(wanted)}
