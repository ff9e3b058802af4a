"""Fixed goods of a recall: stopped until somebody looks again, then sold, and the columns stay right."""

import re

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.accounts.reach import Reach
from app.errors import Conflict, DomainError, Forbidden, Refused
from app.kit.clock import day_of
from app.kit.quantities import Grams
from app.ledger.actors import Actor
from app.lots.holding_commands import Holder
from app.lots.origin_queries import deciding_lot
from app.models.accounts import Role
from app.models.lots import HarvestLot, LotState
from app.models.movements import HoldingState, Movement, MovementKind
from app.models.recalls import Recall, RecallDisposal, Way
from app.movements.ending_commands import destroy_lots
from app.movements.making_commands import Made, Making, make_lots
from app.movements.recording import Circumstances, Doer, Piece
from app.movements.undoing_commands import undo_movement
from app.provenance.recall import recall_of
from app.recalls.commands import extend_recall, recall_at_once
from app.recalls.disposal_commands import Disposal, dispose
from app.recalls.ending_commands import lift_recall
from app.recalls.progress_queries import progress_of
from app.recalls.releasing_commands import release_fixed
from app.recalls.scope_queries import outside_of
from app.recalls.tending_commands import tend_recalls
from tests.given import PASSWORD, Given
from tests.movements.test_derived import made_of
from tests.recalls.recalling import WHY, World, give, running, world_of
from tests.recalls.test_goods import columns

SYSTEM = Actor.system()
LOOKED = "Đã dán lại nhãn đúng, đã kiểm tra."


@pytest.fixture
def world(session: Session, given: Given) -> World:
    return world_of(session, given)


def fixed(
    session: Session, given: Given, world: World, recall: Recall, lot: HarvestLot, kilograms: int
) -> RecallDisposal:
    told = Disposal(lot.code, Way.FIX, Grams(kilograms * 1000), day_of(given.now), document="BB-1")
    return dispose(session, recall, told, organisation=world.home, by=SYSTEM, now=given.now)


def packed_from(session: Session, given: Given, world: World, *lots: HarvestLot) -> HarvestLot:
    making = Making(
        MovementKind.MERGING if len(lots) > 1 else MovementKind.PACKING,
        [Piece(lot.code, Grams(5_000)) for lot in lots],
        [Made(Grams(5_000 * len(lots)))],
    )
    told = Circumstances(given.now)
    return make_lots(session, Doer(world.home, SYSTEM, given.now), making, told)[1][0]


def test_a_fixed_part_is_released_as_a_lot_of_its_own_and_the_columns_stay(
    session: Session, given: Given, world: World
) -> None:
    recall = running(session, given, world)
    disposal = fixed(session, given, world, recall, world.packed, 40)
    before = progress_of(session, recall)
    # The control: fixed, and stopped as long as nobody looked again.
    with pytest.raises(Refused, match="recalled"):
        packed_from(session, given, world, world.packed)
    for caller, reason in ((world.boss, LOOKED), (world.inspector, "")):
        with pytest.raises(DomainError):
            release_fixed(session, recall, disposal, reason=reason, caller=caller, now=given.now)
    release = release_fixed(
        session, recall, disposal, reason=LOOKED, caller=world.inspector, now=given.now
    )
    freed = session.get_one(HarvestLot, release.lot_id)
    assert (freed.quantity_g, freed.state) == (40_000, LotState.SEALED)
    session.refresh(world.packed)
    assert world.packed.state is LotState.RECALLED
    assert deciding_lot(session, freed) is freed
    told = recall_of(session, freed.code)
    assert told.released is not None
    assert (told.recalled, told.released.recall_reason, told.released.reason) == (
        False,
        WHY,
        LOOKED,
    )
    # Packed again and sold, also to the shop that had some: nothing of it is in the recall.
    again = packed_from(session, given, world, freed)
    child = recall_of(session, again.code)
    assert (child.recalled, child.released) == (False, told.released)
    shop = Holder(world.home.pk, HoldingState.WITH_PARTY, world.shop.pk)
    give(session, freed, world.home, shop, 10)
    assert progress_of(session, recall) == before
    assert columns(before) == before.total_g
    # What is mixed with goods that are still stopped is stopped.
    mixed = made_of(session, given, (freed, 5_000), (world.packed, 5_000))
    assert deciding_lot(session, mixed).state is LotState.RECALLED
    assert outside_of(session, recall.pk) == [mixed.pk]
    tend_recalls(session, now=given.now)
    session.refresh(again)
    session.refresh(mixed)
    assert (again.state, mixed.state) == (LotState.SEALED, LotState.RECALLED)
    with pytest.raises(Conflict):
        release_fixed(
            session, recall, disposal, reason=LOOKED, caller=world.inspector, now=given.now
        )
    with pytest.raises(Refused, match="released"):
        extend_recall(
            session, recall, [freed.code], reason=WHY, within=Reach.all(), by=SYSTEM, now=given.now
        )
    movement = session.get_one(Movement, release.movement_id)
    with pytest.raises(Refused, match="not undone"):
        undo_movement(session, Doer(world.home, SYSTEM, given.now), movement, "Nhầm.")


def test_a_lot_all_of_which_was_fixed_is_what_it_was_until_it_is_recalled_anew(
    session: Session, given: Given, world: World
) -> None:
    recall = running(session, given, world)
    part = Disposal(
        world.harvest.code, Way.DESTROY, Grams(10_000), day_of(given.now), document="BB-2"
    )
    dispose(session, recall, part, organisation=world.home, by=SYSTEM, now=given.now)
    disposal = fixed(session, given, world, recall, world.harvest, 40)
    before = progress_of(session, recall)
    release = release_fixed(
        session, recall, disposal, reason=LOOKED, caller=world.inspector, now=given.now
    )
    session.refresh(world.harvest)
    assert (release.lot_id, world.harvest.state) == (world.harvest.pk, LotState.OPEN)
    assert (release.fixed_g, release.destroyed_g) == (40_000, 10_000)
    doer = Doer(world.home, SYSTEM, given.now)
    told = Circumstances(given.now, reason="Hỏng.")
    destroy_lots(session, doer, [Piece(world.harvest.code, Grams(40_000))], told)
    assert progress_of(session, recall) == before
    with pytest.raises(Refused, match="in trade"):
        fixed(session, given, world, recall, world.harvest, 1)
    admin = given.caller(Role.PROVINCE_ADMIN)
    anew = recall_at_once(
        session, world.harvest, reason=WHY, caller=admin, within=Reach.all(), now=given.now
    )
    session.refresh(world.harvest)
    assert world.harvest.state is LotState.RECALLED
    # The one that released it does not keep it stopped once the other was an error.
    lift_recall(session, anew, reason="Nhầm mẫu.", by=SYSTEM, now=given.now)
    session.refresh(world.harvest)
    assert world.harvest.state is LotState.OPEN


def test_of_a_compulsory_recall_the_administrator_releases_and_never_while_another_stops_it(
    session: Session, given: Given, world: World
) -> None:
    recall = recall_at_once(
        session, world.packed, reason=WHY, caller=world.inspector, within=Reach.all(), now=given.now
    )
    disposal = fixed(session, given, world, recall, world.packed, 40)
    with pytest.raises(Forbidden):
        release_fixed(
            session, recall, disposal, reason=LOOKED, caller=world.inspector, now=given.now
        )
    admin = given.caller(Role.PROVINCE_ADMIN)
    other = recall_at_once(
        session, world.harvest, reason=WHY, caller=admin, within=Reach.all(), now=given.now
    )
    with pytest.raises(Conflict):
        release_fixed(session, recall, disposal, reason=LOOKED, caller=admin, now=given.now)
    lift_recall(session, other, reason="Nhầm mẫu.", by=SYSTEM, now=given.now)
    release_fixed(session, recall, disposal, reason=LOOKED, caller=admin, now=given.now)


def test_the_page_and_the_api_release_and_the_public_reads_all_of_it(
    session: Session, given: Given, world: World, client: TestClient
) -> None:
    recall = running(session, given, world)
    first = fixed(session, given, world, recall, world.harvest, 50)
    second = fixed(session, given, world, recall, world.packed, 20)
    keys = {role: given.headers(role, home) for role, home in
            ((Role.COOP_ADMIN, world.home), (Role.INSPECTOR, None))}  # fmt: skip
    code, here = world.harvest.code, f"/work/recalls/{recall.uid}"
    one, other = (f"disposals/{disposal.uid}/release" for disposal in (first, second))
    given.account(Role.INSPECTOR, login="thanh-tra")
    session.commit()
    address = f"/api/v1{here.removeprefix('/work')}"

    def sent(role: Role, key: str) -> int:
        headers = {**keys[role], "Idempotency-Key": key}
        body = {"reason": LOOKED}
        return client.post(f"{address}/{one}", json=body, headers=headers).status_code

    assert client.get(f"/api/v1/public/lots/{code}/recall").json()["recalled"]
    assert sent(Role.COOP_ADMIN, "a" * 20) == 403
    assert sent(Role.INSPECTOR, "b" * 20) == 201
    assert sent(Role.INSPECTOR, "c" * 20) == 409
    told = client.get(f"/api/v1/public/lots/{code}/recall").json()
    assert (told["recalled"], told["released"]["reason"]) == (False, LOOKED)
    page = client.get(f"/t/{code}", headers={"Accept-Language": "vi"}).text
    assert WHY.rstrip(".") in page
    assert LOOKED.rstrip(".") in page
    client.headers["sec-fetch-site"] = "same-origin"
    client.post("/sign-in", data={"login": "thanh-tra", "password": PASSWORD})
    form = f"{here}/{other}"
    shown = client.get(here).text
    version = re.search(r'name="version" value="(\d+)"', shown)
    assert version
    assert form in shown
    kept = client.post(form, data={"version": version[1], "reason": "x"})
    assert kept.status_code == 422
    done = client.post(form, data={"version": version[1], "reason": LOOKED})
    assert done.headers["location"] == f"{here}?done=recall_released"
    rows = client.get(f"{address}/releases", headers=keys[Role.COOP_ADMIN]).json()
    assert [row["source"] == row["lot"] for row in rows] == [True, False]
    assert rows[1]["lot"] in client.get(here).text.replace(" ", "")
    assert client.get("/api/v1/public/recalls").json()["items"][0]["released_count"] == 2
