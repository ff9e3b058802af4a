"""Movements worth seeing: merged, split, shipped, bought; deliveries that wait or differ; a packing house."""

from datetime import datetime
from functools import partial

from app.accounts.reach import Reach
from app.catalogue.queries import crops_by_ids
from app.demo.certificates import caller_of
from app.demo.contracts import DRAFT, Agreed, agree
from app.demo.drills import Practice, practise
from app.demo.world import World
from app.kit.clock import day_of
from app.kit.quantities import Grams
from app.ledger.actors import Actor
from app.lots.leaving import obstacles_to_leaving
from app.lots.queries import newest_lots
from app.lots.readiness_queries import readiness_of
from app.models.accounts import Role
from app.models.lots import HarvestLot, LotKind, LotState
from app.models.movements import Condition, MovementKind, PartyKind
from app.models.registry import OrganisationKind
from app.movements.making_commands import Made, Making, make_lots
from app.movements.party_commands import PartyDetails, register_party
from app.movements.receiving_commands import Arrived, Receipt, receive_delivery
from app.movements.recording import Circumstances, Doer, Piece
from app.movements.shipping_commands import Receiver, Sent, ship_lots
from app.movements.supplying_commands import Supply, receive_supplies
from app.registry.organisation_commands import OrganisationDetails, register_organisation

HOME = "bac-ha"
HOUSE = "Nhà đóng gói Rau Bắc Hà (minh hoạ)"
HOUSE_COMMUNE = "02866"
PLACE = "Nhà sơ chế Bản Phố"
MARKET = PartyDetails(
    name="Quầy 12, chợ đầu mối Lào Cai (minh hoạ)",
    kind=PartyKind.WHOLESALER,
    address="Chợ đầu mối Lào Cai",
)
SCHOOL = PartyDetails(
    name="Bếp ăn Trường Tiểu học Bắc Hà (minh hoạ)",
    kind=PartyKind.KITCHEN,
    address="Bắc Hà, Lào Cai",
)
SUPPLIER = PartyDetails(
    name="Hộ trồng rau ngoài hệ thống (minh hoạ)",
    kind=PartyKind.SUPPLIER,
    address="Xã Bảo Nhai, Lào Cai",
)
MOST_LOOKED_AT = 80


def plan_movements(world: World) -> None:
    """All of them, this morning."""
    world.plan(world.at(0, hour=9), partial(_move, world))


def _move(world: World, now: datetime) -> None:
    first, second, third = _free(world, now)
    doer = Doer(world.organisations[HOME], world.clerk(HOME), now)
    told = Circumstances(now, place=PLACE, document="PXK-01")
    merged = _make(world, doer, MovementKind.MERGING, [first, second], [2])
    halves = _make(world, doer, MovementKind.SPLITTING, merged, [3, 3])
    market, school = (register_party(world.session, doer, one) for one in (MARKET, SCHOOL))
    house = _packing_house(world, now)
    agreed = [
        Agreed("HĐLK-01/2026", school, 3, 9_500),
        Agreed("HĐLK-02/2026", market, 1, None),
        Agreed("HĐLK-03/2026", house.organisation, 8, 8_200),
        Agreed(DRAFT, school, 12, 9_000),
    ]
    agree(world, doer, halves[0], agreed)
    sent = _ship(world, doer, halves[0], told, Receiver(party=market))
    _receive(world, sent, halves[0], Actor.public(), now, missing=2_000)
    _ship(world, doer, halves[1], told, Receiver(party=school))
    gone = _ship(world, doer, third, told, Receiver(organisation=house.organisation))
    _receive(world, gone, third, house.by, now)
    packs = _make(world, house, MovementKind.PACKING, [third], [2, 2], all_of=True)
    buyer = register_party(world.session, house, MARKET)
    _ship(world, house, packs[0], told, Receiver(party=buyer))
    _blend_with_bought(world, house, packs[1])
    practise(Practice(world, caller_of(world, HOME, Role.COOP_ADMIN.value), now), halves[0], third)


def _blend_with_bought(world: World, house: Doer, pack: HarvestLot) -> None:
    """What a grower outside of the system brought, half of it blended with a lot of ours."""
    supplier = register_party(world.session, house, SUPPLIER)
    crop = crops_by_ids(world.session, {pack.crop_id})[pack.crop_id].slug
    supply = Supply(crop, Grams(pack.quantity_g), day_of(house.now), note="Sổ cân số 12")
    told = Circumstances(house.now, place=HOUSE, document="PNK-01")
    _, [bought] = receive_supplies(world.session, house, supplier, [supply], told)
    _make(world, house, MovementKind.MERGING, [pack, bought], [1])


def _free(world: World, now: datetime) -> list[HarvestLot]:
    """Three lots of one crop that may leave."""
    session, home = world.session, world.organisations[HOME]
    found = newest_lots(
        session, within=Reach.own(home.pk), kind=LotKind.HARVEST, limit=MOST_LOOKED_AT
    )
    by_crop: dict[int, list[HarvestLot]] = {}
    for line in found.items:
        if line.lot.state not in {LotState.OPEN, LotState.SEALED}:
            continue
        ready = readiness_of(session, line, today=day_of(now))
        if not obstacles_to_leaving(ready, day_of(now)):
            by_crop.setdefault(line.crop.pk, []).append(line.lot)
    return max(by_crop.values(), key=len)[:3]


def _make(
    world: World,
    doer: Doer,
    kind: MovementKind,
    lots: list[HarvestLot],
    shares: list[int],
    *,
    all_of: bool = False,
) -> list[HarvestLot]:
    """Take half of each lot, or all of it, and make as many as there are shares of what is left."""
    pieces = [Piece(lot.code, Grams(lot.quantity_g // (1 if all_of else 2))) for lot in lots]
    whole = sum(piece.quantity.value for piece in pieces)
    loss = whole // 50 if kind is MovementKind.PACKING else 0
    outputs = [Made(Grams((whole - loss) // len(shares))) for _ in shares]
    making = Making(kind, pieces, outputs, Grams(loss))
    told = Circumstances(doer.now, place=PLACE)
    return make_lots(world.session, doer, making, told)[1]


def _ship(world: World, doer: Doer, lot: HarvestLot, told: Circumstances, to: Receiver) -> Sent:
    piece = Piece(lot.code, Grams(lot.quantity_g))
    return ship_lots(world.session, doer, [piece], told, to=to)


def _receive(
    world: World, sent: Sent, lot: HarvestLot, by: Actor, now: datetime, *, missing: int = 0
) -> None:
    bad = Condition.DAMAGED if missing else Condition.GOOD
    line = Arrived(lot.code, Grams(lot.quantity_g - missing), condition=bad)
    receipt = Receipt([line], received_by="Người nhận (minh hoạ)")
    receive_delivery(world.session, sent.delivery, receipt, by=by, now=now)


def _packing_house(world: World, now: datetime) -> Doer:
    house = register_organisation(
        world.session,
        kind=OrganisationKind.ENTERPRISE,
        details=OrganisationDetails(name=HOUSE, commune=HOUSE_COMMUNE),
        by=Actor.system(),
        now=now,
    )
    house.demonstration = True
    return Doer(house, Actor(None, Role.STAFF.value, house.uid), now)
