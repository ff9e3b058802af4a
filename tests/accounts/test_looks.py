"""Who saw what: an official's look is written down before the answer, once a day for a thing, for its owner."""

import pytest
from sqlalchemy import func, select
from sqlmodel import Session, col
from starlette.testclient import TestClient

from app.accounts.looks import Seen, is_kept, keep_looks, looks
from app.accounts.reach import Reach
from app.models.access_log import DataAccess
from app.models.accounts import Role
from app.models.diary import Work
from app.models.registry import Organisation
from tests.diary.growing import Growing
from tests.given import PASSWORD, Given
from tests.movements.moving import Moving
from tests.recalls.recalling import running, world_of


@pytest.fixture
def home(given: Given) -> Organisation:
    return given.cooperative("Hợp tác xã Rau Bản Phố")


def kept(session: Session, home: Organisation) -> list[tuple[str, str]]:
    session.rollback()
    wanted = select(DataAccess).where(col(DataAccess.organisation_id) == home.pk)
    found = session.execute(wanted.order_by(col(DataAccess.id))).scalars()
    told = [(one.what, one.subject) for one in found]
    session.rollback()
    return told


def times(session: Session, home: Organisation) -> int:
    """How many looks there were, all together."""
    wanted = select(func.sum(col(DataAccess.times)))
    found = session.execute(wanted.where(col(DataAccess.organisation_id) == home.pk)).scalar_one()
    session.rollback()
    return int(found)


def test_every_page_and_list_of_private_data_leaves_its_row(
    session: Session, given: Given, home: Organisation, client: TestClient
) -> None:
    world = world_of(session, given)
    recall, home = running(session, given, world), world.home
    area = given.area(home)
    lot, document, application = given.lot(area), given.document(area), given.application(area)
    growing = Growing(given)
    planting = growing.planting(area)
    entry = growing.entry(planting, Work.WATERING, day=-1)
    picture = growing.photo(entry)
    grower = given.grower(home)
    moving = Moving(given, home)
    sent = moving.ship(lot, 1_000)
    headers = given.headers(Role.INSPECTOR)
    own = given.headers(Role.STAFF, home)
    session.commit()
    asked = {
        f"/desk/lots/{lot.code}": ("lot", lot.code),
        f"/desk/areas/{area.uid}": ("area", str(area.uid)),
        f"/desk/diary/plantings/{planting.uid}": ("planting", str(planting.uid)),
        f"/desk/diary?organisation={home.uid}": ("diary", ""),
        f"/work/diary/entries/{entry.uid}": ("entry", str(entry.uid)),
        f"/desk/applications/{application.uid}": ("application", str(application.uid)),
        f"/desk/documents/{document.uid}": ("document", str(document.uid)),
        f"/desk/pictures/{picture.uid}": ("picture", str(picture.uid)),
        f"/desk/inspect/{home.uid}": ("dossier", str(home.uid)),
        f"/desk/inspect/{home.uid}/pack": ("dossier_pack", str(home.uid)),
        "/api/v1/growers": ("growers", ""),
        f"/api/v1/growers/{grower.uid}": ("grower", str(grower.uid)),
        "/api/v1/diary/plantings": ("plantings", ""),
        "/api/v1/parties": ("buyers", ""),
        f"/api/v1/log/lots/{lot.code}/whole": ("evidence", lot.code),
        f"/api/v1/recalls/{recall.uid}/consignees": ("recall_buyers", str(recall.uid)),
    }
    for address in asked:
        assert client.get(address, headers=headers).status_code == 200, address
    assert sorted(kept(session, home)) == sorted(asked.values())
    # By machine it is the same thing that was seen: no further row, counted once more.
    for address in (
        f"/lots/{lot.code}/history",
        f"/areas/{area.uid}",
        f"/diary/plantings/{planting.uid}",
        f"/applications/{application.uid}",
        f"/documents/{document.uid}",
        f"/documents/{document.uid}/content",
        f"/pictures/{picture.uid}",
        f"/pictures/{picture.uid}/content",
        f"/parties/{world.shop.uid}",
    ):
        before = times(session, home)
        assert client.get(f"/api/v1{address}", headers=headers).status_code == 200, address
        assert times(session, home) == before + 1, address
    # On pages and in files of movements as well: a buyer's name stands there.
    for address in (
        "/work/parties",
        "/work/stock?state=with_party",
        "/work/stock/table.csv?state=with_party",
        "/work/deliveries",
        f"/work/deliveries/{sent.delivery.uid}",
        "/work/movements",
        "/work/movements/table.csv",
        f"/work/movements/{sent.movement.uid}",
    ):
        before = times(session, home)
        assert client.get(address, headers=headers).status_code == 200, address
        assert times(session, home) == before + 1, address
    assert sorted(kept(session, home)) == sorted(asked.values())
    # The control: what people of the organisation itself look at leaves nothing.
    before = kept(session, home)
    for address in ("/api/v1/growers", "/api/v1/diary/entries", f"/work/diary/entries/{entry.uid}"):
        assert client.get(address, headers=own).status_code == 200
    assert kept(session, home) == before


def test_looks_at_one_thing_on_one_day_are_one_row_that_counts(
    session: Session, given: Given, home: Organisation
) -> None:
    officer, stranger = given.caller(Role.INSPECTOR), given.cooperative()
    seen = Seen(home.pk, "lot", "LC1")
    for _ in range(3):
        keep_looks(session, [seen, seen], caller=officer, now=given.now)
    keep_looks(session, [Seen(stranger.pk, "lot", "LC2")], caller=officer, now=given.now)
    [line] = looks(session, within=Reach.own(home.pk)).items
    assert (line.look.times, line.account.pk, line.organisation.pk) == (
        3,
        officer.account_id,
        home.pk,
    )
    assert len(looks(session, within=Reach.all()).items) == 2
    assert is_kept(officer, seen)
    assert not is_kept(given.caller(Role.STAFF, stranger), seen)


def test_the_organisation_reads_who_looked_and_nobody_else_does(
    session: Session, given: Given, home: Organisation, client: TestClient
) -> None:
    lot = given.lot(given.area(home))
    headers = given.headers(Role.INSPECTOR)
    given.account(Role.STAFF, home, login="ke-toan")
    given.account(Role.STAFF, given.cooperative(), login="la-mat")
    session.commit()
    assert client.get(f"/desk/lots/{lot.code}", headers=headers).status_code == 200
    client.headers["sec-fetch-site"] = "same-origin"
    for login, shown in (("ke-toan", True), ("la-mat", False)):
        client.cookies.clear()
        client.post("/sign-in", data={"login": login, "password": PASSWORD})
        assert (f'href="/work/lots/{lot.code}"' in client.get("/work/looks").text) is shown
        assert bool(client.get("/api/v1/looks").json()["items"]) is shown
