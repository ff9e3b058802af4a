"""Imports that are interrupted, raced, refused late, or old: nothing half done, nothing done twice."""

import json
from contextlib import suppress
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.db import transaction
from app.errors import Refused, refuse
from app.exchange import import_registering
from app.exchange.import_commands import IMPORT_JOB, READ_JOB, forget_old_imports
from app.exchange.importers import IMPORTERS
from app.jobs.claiming import claim_next
from app.jobs.progress import Progress, TakenOver
from app.kit.messages import say
from app.kit.quantities import SquareMetres
from app.ledger.actors import Actor
from app.models.exchange import ImportFile, ImportLayout, ImportState, RowOutcome
from app.models.ledger import LedgerEntry, LedgerPersonal
from app.models.registry import Grower, GrowerMembership, Plot
from app.registry.grower_commands import Person, register_grower
from app.registry.grower_list_commands import NewMember, register_growers
from app.registry.plot_commands import PlotDetails, register_plot
from app.registry.plot_list_commands import register_plots
from tests.exchange.sending import HANDLERS, count, kinds

HEADINGS = ["Họ và tên", "Điện thoại", "Xã"]


def people(number):
    return [HEADINGS, *([f"Lý Thị {at}", f"09123{at:05}", "Xã Bắc Hà"] for at in range(number))]


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(import_registering, "ROWS_A_TRANSACTION", 10)


def killed_in_chunk(chunk):
    """A handler whose process is killed in the middle of a transaction."""

    def handler(engine, job, progress):
        steps = 0
        told = progress.step

        def step(done, of):
            nonlocal steps
            steps += 1
            told(done, of)

        progress.step = step
        work = import_registering._Work(engine, job, progress)
        mark = work._mark

        def mark_or_die(session, batch, became):
            mark(session, batch, became)
            if steps == chunk:
                raise Killed

        work._mark = mark_or_die
        work.what_is_right()

    return handler


def test_an_import_that_was_killed_is_finished_by_the_next_worker(sender, engine, clock, small):
    sent = sender.send(people(35))
    sent.press()
    sender.handlers = {IMPORT_JOB: killed_in_chunk(3)}
    with pytest.raises(Killed):
        sender.work()
    assert sent.batch.rows_imported == count(engine, Grower) == 20
    assert sent.line.working
    clock.forward(seconds=61)
    sender.handlers = dict(HANDLERS)
    sender.work()
    assert sent.batch.state is ImportState.IMPORTED
    assert sent.batch.rows_imported == count(engine, Grower) == 35
    assert kinds(engine)["grower.registered"] == 35
    assert {row.outcome for row in sent.rows()} == {RowOutcome.IMPORTED}


def test_two_workers_at_one_import_do_each_row_once(sender, engine, clock, small):
    sent = sender.send(people(25))
    sent.press()
    slow = claim_next(engine, [IMPORT_JOB], clock())
    first = import_registering._Work(engine, slow, Progress(engine, slow, clock))
    clock.forward(seconds=61)
    sender.work()
    with suppress(TakenOver):  # it read the rows before the other one registered them all
        first.what_is_right()
    assert count(engine, Grower) == sent.batch.rows_imported == 25


def test_a_job_that_failed_for_good_can_be_begun_again(sender, engine, clock, small):
    sent = sender.send(people(5))
    sent.press()
    sender.handlers = {IMPORT_JOB: broken}
    sender.work()
    assert sent.line.interrupted
    assert "fault in the system" in sent.fault
    sender.handlers = dict(HANDLERS)
    sent.run()
    assert sent.batch.rows_imported == 5


def test_a_file_whose_reading_failed_is_read_again(sender):
    sender.handlers = {READ_JOB: broken}
    sent = sender.send(people(5))
    assert sent.batch.state is ImportState.READING
    assert sent.line.interrupted
    sender.handlers = dict(HANDLERS)
    sent.run()
    assert sent.batch.state is ImportState.READY
    assert sent.counts == (5, 0, 0)


def broken(engine, job, progress):
    """A handler with a fault."""
    raise RuntimeError


def test_a_row_that_is_refused_after_all_keeps_no_other_out(sender, engine, monkeypatch, small):
    sent = sender.send(people(25))
    refuse_one(monkeypatch, "Lý Thị 13")
    sent.run()
    assert sent.batch.state is ImportState.IMPORTED
    assert sent.counts == (0, 0, 1)
    assert count(engine, Grower) == 24
    assert sent.said() == [(15, "phone", "Not this one.")]


def test_all_or_none_is_none_when_one_is_refused_and_says_which(sender, engine, monkeypatch):
    sent = sender.send(people(25))
    refuse_one(monkeypatch, "Lý Thị 13")
    sent.run(whole=True)
    assert sent.batch.state is ImportState.READY
    assert sent.counts == (24, 0, 1)
    assert count(engine, Grower) == 0
    assert "Nothing was imported: 1 rows are faulty" in sent.fault
    monkeypatch.undo()
    sent.run()
    assert count(engine, Grower) == 24


def refuse_one(monkeypatch, name):
    """The product's rules refuse one person, though the preview did not know."""
    known = IMPORTERS[ImportLayout.GROWERS]

    def many(session, doing, facts):
        for fact in facts:
            require_other(fact)
        return known.register(session, doing, facts)

    def one(session, doing, fact):
        require_other(fact)
        return known.register_one(session, doing, fact)

    def require_other(fact):
        if fact.person.name == name:
            raise refuse("phone", say("Not this one."))

    stricter = replace(known, register=many, register_one=one)
    monkeypatch.setitem(IMPORTERS, ImportLayout.GROWERS, stricter)


def test_old_files_and_what_their_cells_said_are_forgotten_and_can_still_be_undone(
    sender, engine, clock
):
    done, waiting = sender.send(people(3)).run(), sender.send([HEADINGS, ["An", "", "Xã Bắc Hà"]])
    with transaction(engine) as session:
        assert forget_old_imports(session, now=clock()) == 0
    clock.forward(days=31)
    with transaction(engine) as session:
        assert forget_old_imports(session, now=clock()) == 2
        assert forget_old_imports(session, now=clock()) == 0
    assert count(engine, ImportFile) == 0
    assert all(row.cells == {} for row in (*done.rows(), *waiting.rows()))
    assert waiting.batch.state is ImportState.FAILED
    with pytest.raises(Refused, match="not kept any more"):
        done.marked()
    done.undo()
    assert count(engine, Grower) == 0


def test_registering_many_growers_is_registering_each(engine, session, given, home):
    now, by = given.now, Actor.system()
    members = [
        NewMember(
            Person("Lý Thị Mẩy", "02839", phone="0912 345 678", hamlet="Thôn 1"), given.day(-9)
        ),
        NewMember(Person("Giàng A Páo", "", former_commune="02866"), given.day(0)),
    ]
    other = given.cooperative()
    register_growers(session, organisation=home, members=members, by=by, now=now)
    for member in members:
        register_grower(
            session,
            organisation=other,
            person=member.person,
            member_since=member.since,
            by=by,
            now=now,
        )
    session.commit()
    assert _growers(session, home) == _growers(session, other)
    assert _facts(session, home, "grower") == _facts(session, other, "grower")


def test_registering_many_plots_is_registering_each(engine, session, given, home):
    now, by, other = given.now, Actor.system(), given.cooperative()
    for place, many in ((home, True), (other, False)):
        area = given.area(place, name="Vùng 1")
        grower = given.grower(place, "Lý Thị Mẩy", phone="0912345678")
        plots = [
            PlotDetails("Thửa 1", grower.uid, "02839", SquareMetres(800), area.uid),
            PlotDetails("Thửa 2", grower.uid, "", SquareMetres(900), former_commune="02866"),
        ]
        if many:
            register_plots(session, organisation=place, plots=plots, by=by, now=now)
        else:
            for details in plots:
                register_plot(session, organisation=place, details=details, by=by, now=now)
    session.commit()
    assert _plots(session, home) == _plots(session, other)
    assert _facts(session, home, "plot") == _facts(session, other, "plot")


def _growers(session, organisation):
    wanted = (
        select(Grower, GrowerMembership)
        .join(GrowerMembership, GrowerMembership.grower_id == Grower.id)
        .where(GrowerMembership.organisation_id == organisation.pk)
        .order_by(Grower.id)
    )
    rows = session.execute(wanted).all()
    return [
        (
            grower.model_dump(exclude={"id", "uid", "code"}),
            membership.valid_from,
            membership.valid_to,
        )
        for grower, membership in rows
    ]


def _plots(session, organisation):
    wanted = select(Plot).where(Plot.organisation_id == organisation.pk).order_by(Plot.id)
    own = {"id", "uid", "organisation_id", "grower_id", "area_id"}
    return [plot.model_dump(exclude=own) for plot in session.execute(wanted).scalars()]


def _facts(session, organisation, noun):
    wanted = (
        select(LedgerEntry, LedgerPersonal.body)
        .outerjoin(LedgerPersonal, LedgerPersonal.position == LedgerEntry.position)
        .where(
            LedgerEntry.organisation == organisation.uid, LedgerEntry.kind == f"{noun}.registered"
        )
        .order_by(LedgerEntry.position)
    )
    told = []
    for entry, personal in session.execute(wanted):
        body = json.loads(entry.body)
        for own in ("subject", "organisation", "personal_hash"):
            body.pop(own)
        for own in ("code", "grower", "area"):
            body["facts"].pop(own, None)
        told.append((body, personal))
    return told
