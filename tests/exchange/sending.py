"""A list sent in, read and imported, as the background does it: what tests of imports share."""

import csv
import io
from dataclasses import dataclass, field

from sqlalchemy import Engine, func, select

from app.accounts.reach import Reach
from app.db import open_read_session, open_session, transaction
from app.exchange import import_commands as commands
from app.exchange.import_commands import IMPORT_JOB, READ_JOB, SentList
from app.exchange.import_queries import import_line, import_rows, mapping_of, marked_file
from app.exchange.import_reading import read_import
from app.exchange.import_registering import do_import
from app.jobs.running import Runner
from app.kit.i18n import language
from app.ledger.actors import Actor
from app.models.accounts import Role
from app.models.exchange import ImportLayout
from app.models.ledger import LedgerEntry
from app.models.registry import Organisation
from tests.exchange import files

HANDLERS = {READ_JOB: read_import, IMPORT_JOB: do_import}
ENGLISH = language("en")


def csv_file(rows, *, separator=";", encoding="utf-8-sig"):
    """The rows as a .csv."""
    lines = io.StringIO()
    csv.writer(lines, delimiter=separator).writerows(rows)
    return lines.getvalue().encode(encoding)


@dataclass
class Sender:
    """Somebody of a cooperative who imports lists, and the background that works on them."""

    engine: Engine
    clock: object
    organisation: Organisation
    role: Role = Role.STAFF
    handlers: dict = field(default_factory=lambda: dict(HANDLERS))

    def send(self, rows, layout=ImportLayout.GROWERS, *, filename="danh-sach.xlsx"):
        """Send rows, or a file as it is, and have it read."""
        content = rows if isinstance(rows, bytes) else files.xlsx(rows)
        with transaction(self.engine) as session:
            batch = commands.send_list(
                session,
                organisation=self.organisation,
                sent=SentList(layout, filename, content),
                role=self.role,
                by=Actor.system(),
                now=self.clock(),
            )
            uid = batch.uid
        self.work()
        return Sent(self, uid)

    def work(self):
        """Do every job that waits."""
        runner = Runner(self.engine, self.handlers, self.clock)
        while runner.run_one():
            pass


@dataclass
class Sent:
    """One import."""

    sender: Sender
    uid: object

    @property
    def line(self):
        with open_read_session(self.sender.engine) as session:
            return import_line(session, self.uid, within=Reach.all())

    @property
    def batch(self):
        return self.line.batch

    @property
    def counts(self):
        """New, known, faulty."""
        batch = self.batch
        return batch.rows_good, batch.rows_known, batch.rows_faulty

    @property
    def fault(self):
        why = self.line.fault
        return ENGLISH.say(why) if why else ""

    def rows(self, limit=20_000):
        with open_read_session(self.sender.engine) as session:
            return list(import_rows(session, self.batch, limit=limit).items)

    def mapping(self):
        with open_read_session(self.sender.engine) as session:
            return mapping_of(session, self.batch)

    def said(self, language=ENGLISH):
        """Everything said about the cells: (row number, column, sentence), in the order of the file."""
        return [
            (row.number, note.column, language.say(note.why))
            for row in self.rows()
            for note in row.notes
        ]

    def marked(self):
        with open_read_session(self.sender.engine) as session:
            return marked_file(session, self.line, say=ENGLISH.say)

    def press(self, *, whole=False):
        """Press the button; nothing is done yet."""
        with transaction(self.sender.engine) as session:
            line = import_line(session, self.uid, within=Reach.all())
            commands.begin_import(
                session,
                line=line,
                whole=whole,
                role=self.sender.role,
                by=Actor.system(),
                now=self.sender.clock(),
            )

    def run(self, *, whole=False):
        """Press the button and wait."""
        self.press(whole=whole)
        self.sender.work()
        return self

    def undo(self):
        with transaction(self.sender.engine) as session:
            line = import_line(session, self.uid, within=Reach.all())
            commands.undo_import(
                session,
                line=line,
                role=self.sender.role,
                by=Actor.system(),
                now=self.sender.clock(),
            )


def count(engine, table, *where):
    """How many rows there are."""
    with open_session(engine) as session:
        return session.execute(select(func.count()).select_from(table).where(*where)).scalar_one()


def kinds(engine):
    """How many facts of each kind the ledger has."""
    with open_session(engine) as session:
        counted = select(LedgerEntry.kind, func.count()).group_by(LedgerEntry.kind)
        return dict(session.execute(counted).all())
