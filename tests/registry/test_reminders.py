"""Reminders of seasons: told once for each thing that is owed."""

from datetime import timedelta

from app.jobs.running import Runner
from app.main import DAILIES
from app.notices.queries import notices_of
from app.registry.reminder_commands import send_season_reminders


def test_a_season_owed_is_told_once(session, given, now):
    area = given.area(established_on=given.day(-700))
    given.code(area, decided_on=given.day(-300))
    session.flush()
    assert send_season_reminders(session, now=now) == 1
    assert send_season_reminders(session, now=now + timedelta(days=1)) == 0


def test_the_daily_work_reminds(engine, session, given, clock):
    area = given.area(established_on=given.day(-700))
    given.code(area, decided_on=given.day(-300))
    session.commit()
    runner = Runner(engine, {}, clock, dailies=DAILIES)
    runner.do_chores()
    while runner.run_one():
        pass
    session.expire_all()
    told = notices_of(session, area.organisation_id, unread_only=True, after=None, limit=10)
    assert "season.declare" in [notice.kind for notice in told.items]
