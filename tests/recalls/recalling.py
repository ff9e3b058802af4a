"""A harvest that was packed, sold and shipped, and the recall of it, in a few words."""

from dataclasses import dataclass

from sqlmodel import Session

from app.accounts.caller import Caller
from app.accounts.reach import Reach
from app.kit.quantities import Grams
from app.lots.holding_commands import Holder, put, take
from app.models.accounts import Role
from app.models.lots import HarvestLot
from app.models.movements import HoldingState, Party, PartyKind
from app.models.recalls import Recall, RecallConsignee
from app.models.registry import Organisation
from app.recalls.commands import Opening, decide_recall, open_recall
from app.recalls.queries import consignees_of
from tests.given import Given
from tests.movements.test_derived import made_of

WHY = "Dư lượng thuốc vượt mức cho phép."


@dataclass(frozen=True)
class World:
    """A harvest of 250 kg of which 200 went into a packed lot: 80 kg with a shop, 50 with a friend."""

    home: Organisation
    friend: Organisation
    shop: Party
    harvest: HarvestLot
    packed: HarvestLot
    boss: Caller
    inspector: Caller


def world_of(session: Session, given: Given) -> World:
    """The same, made anew."""
    harvest = given.lot(kilograms=250)
    home = session.get_one(Organisation, harvest.organisation_id)
    friend = given.cooperative()
    shop = Party(
        organisation_id=home.pk,
        kind=PartyKind.RETAILER,
        name="Cửa hàng Hoa",
        name_key="cua hang hoa",
        created_at=given.now,
    )
    session.add(shop)
    session.flush()
    packed = made_of(session, given, (harvest, 200_000))
    take(session, harvest, Holder(home.pk), Grams(200_000))
    put(session, packed, Holder(home.pk), Grams(200_000))
    give(session, packed, home, Holder(home.pk, HoldingState.WITH_PARTY, shop.pk), 80)
    give(session, packed, home, Holder(friend.pk), 50)
    return World(
        home,
        friend,
        shop,
        harvest,
        packed,
        given.caller(Role.COOP_ADMIN, home),
        given.caller(Role.INSPECTOR),
    )


def give(
    session: Session, lot: HarvestLot, giver: Organisation, to: Holder, kilograms: int
) -> None:
    """Let kilograms be with somebody else."""
    take(session, lot, Holder(giver.pk), Grams(kilograms * 1000))
    put(session, lot, to, Grams(kilograms * 1000))


def opened(session: Session, given: Given, world: World, *lots: HarvestLot) -> Recall:
    """A voluntary recall that is not decided yet."""
    codes = [lot.code for lot in lots or (world.harvest,)]
    return open_recall(
        session,
        Opening(codes, WHY, given.now),
        caller=world.boss,
        within=Reach.own(world.home.pk),
        now=given.now,
    )


def running(session: Session, given: Given, world: World, *lots: HarvestLot) -> Recall:
    """The same, decided."""
    recall = opened(session, given, world, *lots)
    return decide_recall(session, recall, by=world.boss.actor, now=given.now)


def asked(session: Session, recall: Recall, *, party: bool) -> RecallConsignee:
    """Who has goods of it: the shop, or the other cooperative."""
    for one in consignees_of(session, recall, within=Reach.all()):
        if (one.consignee.party_id is not None) is party:
            return one.consignee
    raise AssertionError("nobody has goods")
