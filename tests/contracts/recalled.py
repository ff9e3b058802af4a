"""A recall with a buyer who has goods of it, as the table of who may do what needs one."""

from sqlmodel import Session

from app.accounts.reach import Reach
from app.drills.commands import ask_for_drill, start_drill
from app.drills.queries import consignees_of as asked_in
from app.kit.clock import day_of
from app.kit.quantities import Grams
from app.ledger.actors import Actor
from app.lots.holding_commands import Holder, put, take
from app.models.accounts import Role
from app.models.lots import HarvestLot
from app.models.movements import HoldingState, Party, PartyKind
from app.models.recalls import Way
from app.models.registry import Organisation
from app.pictures.cleaning import cleaned_picture
from app.recalls.commands import Opening, decide_recall, open_recall
from app.recalls.disposal_commands import Disposal, dispose
from app.recalls.queries import consignees_of
from app.tracing.start_queries import Asked
from tests.given import Given

SOME = Grams(1_000)


def recalled_things(
    session: Session, given: Given, organisation: Organisation, lot: HarvestLot
) -> dict[str, str]:
    """Ids of a recall of a lot, decided, and of a shop that has a kilogram of it."""
    shop = Party(
        organisation_id=organisation.pk,
        kind=PartyKind.RETAILER,
        name="Cửa hàng",
        name_key="cua hang",
        created_at=given.now,
    )
    session.add(shop)
    session.flush()
    take(session, lot, Holder(organisation.pk), SOME)
    put(session, lot, Holder(organisation.pk, HoldingState.WITH_PARTY, shop.pk), SOME)
    recall = open_recall(
        session,
        Opening((lot.code,), "Dư lượng thuốc vượt mức.", given.now),
        caller=given.caller(Role.COOP_ADMIN, organisation),
        within=Reach.own(organisation.pk),
        now=given.now,
    )
    decide_recall(session, recall, by=Actor.system(), now=given.now)
    asked = consignees_of(session, recall, within=Reach.all())[0]
    told = Disposal(
        lot.code, Way.FIX, SOME, day_of(given.now), photo=cleaned_picture(given.picture())
    )
    done = dispose(
        session, recall, told, organisation=organisation, by=Actor.system(), now=given.now
    )
    return {
        **drilled_things(session, given, organisation, lot),
        "recall": str(recall.uid),
        "disposal": str(done.uid),
        "consignee": str(asked.consignee.uid),
        "recalled_lot": lot.code,
    }


def drilled_things(
    session: Session, given: Given, organisation: Organisation, lot: HarvestLot
) -> dict[str, str]:
    """Ids of a drill with the same lot, and of the shop that is asked in it."""
    drill = start_drill(
        session,
        Asked(lot.code),
        caller=given.caller(Role.COOP_ADMIN, organisation),
        reach=Reach.own(organisation.pk),
        now=given.now,
    )
    ask_for_drill(session, drill, now=given.now)
    asked = asked_in(session, drill, within=Reach.all())[0]
    return {"drill": str(drill.uid), "asked": str(asked.consignee.uid)}
