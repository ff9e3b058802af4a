"""A commune without an account sends in its part by a link: secret, expiring, ended, limited, told apart."""

import re
from datetime import timedelta
from html import unescape

from sqlmodel import Session, select

from app.kit.quantities import SquareMetres
from app.ledger.queries import history_of
from app.models.accounts import Role
from app.models.plan_reports import PlanPartLink, PlanSubmission
from app.models.registry import OrganisationKind
from app.notices.queries import notices_of
from app.plan.part_link_commands import MOST_AN_HOUR
from app.plan.part_reminders import remind_of_parts
from app.plan.report_periods import Period
from tests.given import Given

EN = {"accept-language": "en"}
READ = {"cookie": "lang=en"}
DESK = "/desk/plan/part-links"
GOOD = {"land_m2": "12", "sown_m2_leaf_brassica": "20", "output_g_leaf_brassica": "300"}


def secrets_of(page: str) -> list[str]:
    return re.findall(r"/b/([\w-]{32})", re.sub(r"<a [^>]*>", "", page))


def test_a_commune_sends_its_part_by_its_link(session: Session, given: Given, client):
    area = given.area(area_m2=20_000)
    given.season(area, sown=SquareMetres(20_000), harvest_from=-9)
    given.lot(area, kilograms=5_000)
    officer = given.headers(Role.PROVINCE_ADMIN)
    boss, inspector = given.headers(Role.COOP_ADMIN), given.headers(Role.INSPECTOR)
    session.commit()
    assert client.post(DESK, data={"period": "2026-0"}, headers=boss).status_code == 403
    assert client.get(DESK, headers=inspector).status_code == 403
    made = client.post(DESK, data={"period": "2026-0"}, headers=officer)
    assert made.status_code == 200 and made.headers["Referrer-Policy"] == "no-referrer"
    (secret,) = set(secrets_of(made.text))
    assert "trước hết ngày 02/12/2026" in unescape(made.text)  # to be sent as it is
    kept = session.execute(select(PlanPartLink)).scalar_one()
    assert secret not in kept.token_hash
    key = kept.pk
    session.commit()
    # The commune needs nothing but the link; nothing of the records is shown to whoever has it.
    door = f"/b/{secret}"
    page = client.get(door, headers=EN)
    assert page.status_code == 200 and "Due by 02/12/2026" in page.text
    assert 'value="5"' not in page.text and "noindex" in page.text
    bad = client.post(door, data={**GOOD, "output_g_leaf_brassica": "nhiều"}, headers=EN)
    assert bad.status_code == 422 and 'value="nhiều"' in bad.text
    for _ in range(2):  # pressed twice, one part
        assert "has arrived" in client.post(door, data=GOOD, headers=EN).text
    again = {**GOOD, "output_g_leaf_brassica": "310", "note": "Đã cân lại."}
    assert "has arrived" in client.post(door, data=again, headers=EN).text
    parts = session.execute(select(PlanSubmission).order_by(PlanSubmission.edition)).scalars().all()
    assert [(one.edition, one.link_id) for one in parts] == [(1, key), (2, key)]
    newest = parts[1].uid
    (fact,) = history_of(session, str(parts[0].uid))
    assert (fact.facts["channel"], fact.facts["edition"]) == ("link", 1)
    session.commit()
    desk = client.get("/desk/plan/submissions?period=2026-0", headers=officer | READ).text
    assert "sent by its link" in desk
    assert (
        "sent by its link"
        in client.get(f"/desk/plan/submissions/{newest}", headers=officer | READ).text
    )
    # What an officer writes down beside it is told apart, also on the wire.
    written = {**GOOD, "period": "2026-0", "commune": re.findall(r"commune=(\d{5})", desk)[0]}
    client.post("/desk/plan/submissions", data=written, headers=officer)
    told = client.get("/api/v1/plan/submissions", headers=officer | READ).json()["items"]
    assert [one["channel"] for one in told] == ["officer", "link", "link"]
    # Nobody types so fast by hand.
    codes = [
        client.post(door, data={**GOOD, "land_m2": str(20 + one)}, headers=EN).status_code
        for one in range(MOST_AN_HOUR)
    ]
    assert codes[-1] == 422 and codes[0] == 200


def test_a_link_ends_runs_out_and_is_let_work_on_by_reminders(
    session: Session, given: Given, client, clock
):
    given.area()
    authority = given.organisation(OrganisationKind.AUTHORITY)
    officer = given.headers(Role.PROVINCE_ADMIN)
    session.commit()
    first = secrets_of(client.post(DESK, data={"period": "2026-0"}, headers=officer).text)[0]
    second = secrets_of(client.post(DESK, data={"period": "2026-0"}, headers=officer).text)[0]
    assert client.get(f"/b/{first}", headers=EN).status_code == 410
    assert client.get(f"/b/{second}", headers=EN).status_code == 200
    assert client.get(f"/b/{'x' * 32}", headers=EN).status_code == 404
    link = session.execute(select(PlanPartLink).where(PlanPartLink.ended_at.is_(None))).scalar_one()
    before = link.expires_at
    # The first reminder, on 18 November; the second, on the 29th, lets the same link work on.
    for day in (0, 11):
        remind_of_parts(session, now=given.now + timedelta(days=day))
    session.flush()
    assert link.expires_at == before + timedelta(days=11)
    (_, renewed) = [
        one for one in history_of(session, str(link.uid)) if one.kind.endswith("renewed")
    ]
    assert renewed.facts["commune"]
    told = notices_of(session, authority.pk, unread_only=True, after=None, limit=50).items
    assert sum(one.about.startswith("plan_part.communes") for one in told) == 2
    # Late, it is counted among those that are.
    remind_of_parts(session, now=given.now + timedelta(days=16))
    told = notices_of(session, authority.pk, unread_only=True, after=None, limit=50).items
    assert sum(one.about.startswith("plan_part.late") for one in told) == 1
    session.commit()
    ended = client.post(f"{DESK}/{link.uid}/end", headers=officer)
    assert ended.status_code == 303
    assert client.get(f"/b/{second}", headers=EN).status_code == 410
    assert client.post(f"/b/{second}", data=GOOD, headers=EN).status_code == 410
    keyed = officer | {"Idempotency-Key": "links"}
    made = client.post("/api/v1/plan/part-links", json={"year": 2026}, headers=keyed)
    assert made.status_code == 201
    third = made.json()["items"][0]
    listed = client.get("/api/v1/plan/part-links?year=2026", headers=officer | READ).json()["items"]
    assert [(one["id"], one["works"]) for one in listed] == [(third["id"], True)]
    wrong = {"year": 2026, "communes": ["99999"]}
    keyed = officer | {"Idempotency-Key": "wrong"}
    assert client.post("/api/v1/plan/part-links", json=wrong, headers=keyed).status_code == 422
    clock.forward(days=22)
    assert client.get(third["link"].replace("https://", "http://"), headers=EN).status_code == 410
    assert Period(2026).key == "2026-0"
