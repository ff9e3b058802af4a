"""A drill finds what a recall would find, and nobody outside can tell that there was one."""

import re
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import text
from sqlmodel import Session
from starlette.testclient import TestClient

from app.accounts.reach import Reach
from app.drills.answering_commands import DrillAnswer, answer_drill, make_drill_link
from app.drills.commands import ask_for_drill, end_drill, start_drill
from app.drills.queries import (
    consignees_of,
    drill_by_uid,
    find_own_part,
    mass_of_drill,
    report_of,
)
from app.drills.rules import Held, mass_of
from app.errors import Conflict, NotFound, Refused
from app.kit.quantities import Grams
from app.ledger.queries import history_of
from app.lots.commands import recall_lot
from app.models.accounts import Role
from app.models.drills import Drill
from app.models.lots import HarvestLot
from app.movements.shipping_commands import Receiver
from app.tracing.start_queries import Asked
from tests.given import Given
from tests.movements.moving import Moving
from tests.provenance.goods import gtin, product_of

LINK = re.compile(r'href="https?://[^/"]+(/k/[\w-]+)"')


class Practised:
    """A lot of 100 kg: 40 with a shop, 25 with a packer, of which 10 with the packer's own buyer."""

    def __init__(self, session: Session, given: Given) -> None:
        self.session, self.given = session, given
        self.home, self.packer = Moving(given), Moving(given)
        self.lot: HarvestLot = self.home.lot(100)
        self.boss = given.caller(Role.COOP_ADMIN, self.home.home)
        self.shop, self.stall = self.home.party(), self.packer.party("Quầy 12")
        sold = self.home.ship(self.lot, 40_000, Receiver(party=self.shop))
        self.home.receive(sold, self.lot, 40_000)
        given_on = self.home.ship(self.lot, 25_000, Receiver(organisation=self.packer.home))
        self.home.receive(given_on, self.lot, 25_000)
        sold_on = self.packer.ship(self.lot, 10_000, Receiver(party=self.stall))
        self.packer.receive(sold_on, self.lot, 9_000)  # a kilogram is missing

    def start(self, what: str = "") -> Drill:
        return start_drill(
            self.session,
            Asked(what or self.lot.code),
            caller=self.boss,
            reach=Reach.own(self.home.home.pk),
            now=self.given.now,
        )


@pytest.fixture
def practised(session: Session, given: Given) -> Practised:
    return Practised(session, given)


def test_every_kilogram_is_found_again_or_said_not_to_be(
    session: Session, given: Given, practised: Practised
) -> None:
    drill = practised.start()
    assert (drill.total_g, drill.missing_g) == (100_000, 1_000)
    with pytest.raises(Conflict):
        end_drill(session, drill, "Tốt.", by=practised.home.doer.by, now=given.now)
    ask_for_drill(session, drill, now=given.now + timedelta(minutes=3))
    with pytest.raises(Conflict):
        ask_for_drill(session, drill, now=given.now)
    asked = consignees_of(session, drill, within=Reach.own(practised.home.home.pk))
    assert [one.consignee.expected_g for one in asked] == [40_000, 9_000, 15_000]
    # Who bought from a partner is the partner's to know.
    assert [one.party.name if one.party else None for one in asked] == [
        "Chợ đầu mối Bắc Hà",
        None,
        None,
    ]
    mass = mass_of_drill(session, drill)
    assert (mass.home.value, mass.open.value, mass.percent) == (35_000, 64_000, 35.0)
    shop, stall, packer = (one.consignee for one in asked)
    later = given.now + timedelta(minutes=40)
    for one, left, sold in ((shop, 30_000, 50_000), (packer, 12_000, 0)):
        answer_drill(session, drill, one, DrillAnswer(Grams(left), Grams(sold)), now=later)
    with pytest.raises(Refused):
        answer_drill(session, drill, stall, DrillAnswer(Grams(-1), Grams(0)), now=later)
    mass = mass_of_drill(session, drill)
    # More than was delivered proves nothing about the rest.
    assert (mass.confirmed.value, mass.open.value, mass.percent) == (52_000, 12_000, 87.0)
    with pytest.raises(Refused):
        end_drill(session, drill, " ", by=practised.home.doer.by, now=later)
    end_drill(session, drill, "Gọi quầy 12 sớm hơn.", by=practised.home.doer.by, now=later)
    told = history_of(session, str(drill.uid))[0].facts
    assert (told["accounted_g"], told["total_g"]) == (87_000, 100_000)
    kept = report_of(session, drill)
    assert kept[:5] == b"%PDF-"
    assert told["report_sha256"] == sha256(kept).hexdigest()
    assert b"Qu\xe1\xba\xa7y 12" not in kept
    with pytest.raises(Conflict):
        answer_drill(session, drill, shop, DrillAnswer(Grams(0), Grams(0)), now=later)


def test_who_sees_a_drill(session: Session, given: Given, practised: Practised) -> None:
    drill = practised.start()
    stranger, packer = given.cooperative(), practised.packer.home

    def sees(organisation_id: int) -> bool:
        try:
            return drill_by_uid(session, drill.uid, within=Reach.own(organisation_id)) is drill
        except NotFound:
            return False

    assert sees(practised.home.home.pk)
    assert not sees(packer.pk)  # not asked yet
    ask_for_drill(session, drill, now=given.now)
    assert sees(packer.pk)
    assert not sees(stranger.pk)
    seen = consignees_of(session, drill, within=Reach.own(packer.pk))
    assert {one.consignee.expected_g for one in seen} == {9_000, 15_000}
    assert find_own_part(session, drill, stranger.pk) is None
    with pytest.raises(NotFound):
        practised.start("LC0000000000000")
    shop = consignees_of(session, drill, within=Reach.all())[0].consignee
    first, second = (make_drill_link(session, drill, shop) for _ in range(2))
    assert first != second


def public_face(client: TestClient, lot: HarvestLot) -> dict[str, bytes]:
    """Everything that anybody may read of a lot and of the log, to the byte."""
    of_lot = [
        f"/t/{lot.code}",
        f"/t/{lot.code}/log",
        f"/api/v1/public/lots/{lot.code}",
        f"/api/v1/public/lots/{lot.code}/events",
        f"/api/v1/public/lots/{lot.code}/recall",
        f"/01/{gtin(77)}/10/{lot.code}?linkType=linkset",
    ]
    of_log = ["/log", "/log/checkpoint", "/log/tile/entries/000"]
    return {path: client.get(path).content for path in (*of_lot, *of_log)}


def facts(session: Session) -> list[str]:
    """The kinds of all facts of the ledger: as many entries has the log."""
    return list(session.execute(text("SELECT kind FROM ledger_entry ORDER BY position")).scalars())


def test_nothing_public_tells_that_there_is_a_drill(
    client: TestClient, session: Session, given: Given, practised: Practised
) -> None:
    product_of(session, practised.lot, 77)
    session.commit()
    before, known = public_face(client, practised.lot), facts(session)
    assert sum(practised.lot.code.encode() in body for body in before.values()) >= 4
    drill = practised.start()
    ask_for_drill(session, drill, now=given.now)
    shop = consignees_of(session, drill, within=Reach.all())[0].consignee
    token = make_drill_link(session, drill, shop)
    session.commit()
    door = client.get(f"/k/{token}", headers={"Accept-Language": "vi"})
    assert "DIỄN TẬP" in door.text
    assert "không thu hồi" in door.text.lower()
    said = client.post(
        f"/k/{token}",
        data={"remaining_g": "30", "passed_on_g": "10", "answered_by": "Chị Hoa"},
        headers={"sec-fetch-site": "same-origin"},
    )
    assert said.status_code == 200
    session.expire_all()
    assert shop.remaining_g == 30_000
    session.rollback()
    assert public_face(client, practised.lot) == before
    assert facts(session) == known
    end_drill(session, drill, "Nhanh hơn lần trước.", by=practised.home.doer.by, now=given.now)
    session.commit()
    # When it is over, the log has one entry more, which names neither lot nor organisation.
    after = public_face(client, practised.lot)
    of_lot = [path for path in before if practised.lot.code in path]
    assert {path: after[path] for path in of_lot} == {path: before[path] for path in of_lot}
    assert facts(session) == [*known, "drill.reported"]
    assert client.get(f"/k/{token}").status_code == 410
    # The control: what a real recall does to the same pages.
    recall_lot(
        session, lot=practised.lot, reason="Dư lượng.", by=practised.home.doer.by, now=given.now
    )
    session.commit()
    assert public_face(client, practised.lot) != after


def test_a_drill_on_the_pages(
    client: TestClient, session: Session, given: Given, practised: Practised
) -> None:
    manager = given.headers(Role.COOP_ADMIN, practised.home.home)
    inspector = given.headers(Role.INSPECTOR)
    session.commit()
    client.cookies.set("lang", "en")
    client.headers.update({"sec-fetch-site": "same-origin", **manager})
    assert client.post("/work/drills", data={"q": "", "once": "a"}).status_code == 422
    page = client.post("/work/drills", data={"q": practised.lot.code, "once": "b"}).headers[
        "location"
    ]
    assert client.post(f"{page}/ask", data={"version": "1"}).status_code == 303
    shown = client.get(page).text
    link = re.search(rf'action="({page}/asked/[\w-]+/link)"', shown)
    assert link
    assert LINK.search(client.post(link[1]).text)
    assert client.post(f"{page}/end", data={"version": "2", "lessons": ""}).status_code == 422
    done = client.post(f"{page}/end", data={"version": "2", "lessons": "Gọi sớm hơn."})
    assert done.status_code == 303
    assert client.get(f"{page}/report.pdf").content[:5] == b"%PDF-"
    client.headers.update(inspector)
    assert page in client.get("/desk/drills").text
    assert "Chợ đầu mối Bắc Hà" in client.get(page).text
    client.headers.update(manager)
    assert "Buyers, in a recall drill" in client.get("/work/looks").text


def test_a_drill_over_the_api(
    client: TestClient, session: Session, given: Given, practised: Practised
) -> None:
    manager, packer, other = (
        given.headers(Role.COOP_ADMIN, home)
        for home in (practised.home.home, practised.packer.home, given.cooperative())
    )
    session.commit()
    client.headers.update(manager)
    begin = {"q": practised.lot.code}
    begun = client.post("/api/v1/drills", json=begin, headers={"Idempotency-Key": "begin"})
    again = client.post("/api/v1/drills", json=begin, headers={"Idempotency-Key": "begin"})
    assert (begun.status_code, again.json()) == (201, begun.json())
    home = f"/api/v1/drills/{begun.json()['id']}"
    assert client.post(f"{home}/ask").status_code == 428
    asked = client.post(f"{home}/ask", headers={"If-Match": begun.headers["ETag"]})
    assert (asked.json()["state"], asked.json()["asked"]) == ("asking", 3)
    stale = client.post(
        f"{home}/end", json={"lessons": "Gọi sớm."}, headers={"If-Match": begun.headers["ETag"]}
    )
    assert stale.status_code == 412
    assert client.get(f"{home}/report").status_code == 409
    told = {"remaining_g": 15_000, "passed_on_g": 0}
    key = {"Idempotency-Key": "answer"}
    assert client.post(f"{home}/answer", json=told, headers=key).status_code == 409
    client.headers.update(packer)
    answered = client.post(f"{home}/answer", json=told, headers=key)
    assert (answered.status_code, answered.json()["remaining_g"]) == (201, 15_000)
    # Who is only asked sees itself and its own buyers, and neither ends it nor reads its report.
    names = {one["name"] for one in client.get(f"{home}/asked").json()}
    assert (len(names), "Chợ đầu mối Bắc Hà" in names) == (2, False)
    for refused in (
        client.post(f"{home}/end", json={"lessons": "x"}, headers={"If-Match": '"2"'}),
        client.get(f"{home}/report"),
    ):
        assert refused.status_code == 403
    client.headers.update(other)
    assert client.get(home).status_code == 404
    client.headers.update(manager)
    shop = next(one for one in client.get(f"{home}/asked").json() if one["organisation"] is None)
    linking = f"{home}/asked/{shop['id']}/link"
    links = [client.post(linking, headers={"Idempotency-Key": "link"}).json() for _ in range(2)]
    assert ("/k/" in links[0]["link"], links[1]["link"]) == (True, "")
    assert [one["code"] for one in client.get(f"{home}/lots").json()] == [practised.lot.code]
    done = client.post(
        f"{home}/end", json={"lessons": "Gọi sớm."}, headers={"If-Match": asked.headers["ETag"]}
    )
    assert (done.status_code, done.json()["state"]) == (200, "ended")
    assert done.json()["confirmed_g"] == 15_000
    assert client.get(f"{home}/report").content[:5] == b"%PDF-"
    assert client.get("/api/v1/drills").json()["items"] == [client.get(home).json()]


def test_nothing_at_all_is_all_found() -> None:
    nothing = Grams(0)
    assert mass_of(nothing, nothing, [Held(nothing, None)]).percent == 100.0
