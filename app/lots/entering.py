"""Writing down a lot: its row, parts, first step and claims, and what the ledger is told of it."""

from datetime import datetime

from sqlmodel import Session

from app.errors import FieldError
from app.kit.codes import new_lot_code
from app.kit.messages import say
from app.kit.quantities import Grams, SquareMetres
from app.kit.text import clean
from app.lots import rules
from app.lots.claims import Claim
from app.lots.evidence import plain_values
from app.lots.harvests import Field, Harvest
from app.lots.holding_commands import in_hand, put, take
from app.models.lots import HarvestLot, LotClaim, LotPicture, LotSource, LotStep
from app.models.registry import Organisation, PlantingArea


def written(
    session: Session, organisation: Organisation, harvest: Harvest, field: Field, *, now: datetime
) -> HarvestLot:
    """A harvest as rows: the lot with its parts, photographs and first step, all of it in hand."""
    lot = HarvestLot(
        code=new_lot_code(),
        organisation_id=organisation.pk,
        area_id=field.area.pk,
        crop_id=field.crop.pk,
        grower_id=field.grower.id if field.grower else None,
        harvested_on=harvest.harvested_on,
        packed_on=harvest.packed_on,
        best_before=harvest.best_before,
        quantity_g=harvest.quantity.value,
        grade=clean(harvest.grade, longest=40),
        note=clean(harvest.note, longest=500, multiline=True),
        state_since=now,
        recorded_at=now,
    )
    session.add(lot)
    session.flush()  # the lot's id, for its parts and claims
    keep_step(session, lot)
    put(session, lot, in_hand(lot), harvest.quantity)
    session.add_all(
        LotSource(
            lot_id=lot.pk,
            planting_id=piece.planting.id if piece.planting else None,
            plot_id=piece.plot.id if piece.plot else None,
            grower_id=piece.grower.id if piece.grower else None,
            entry_id=piece.entry.id if piece.entry else None,
            quantity_g=piece.quantity.value,
        )
        for piece in field.pieces
    )
    session.add_all(
        LotPicture(lot_id=lot.pk, picture_id=picture.pk, rank=rank)
        for rank, picture in enumerate(field.pictures)
    )
    return lot


def keep_claims(session: Session, lot: HarvestLot, claims: list[Claim]) -> None:
    """Keep what a lot could claim when it was recorded."""
    for claim in claims:
        session.add(
            LotClaim(
                lot_id=lot.pk,
                kind=claim.kind,
                granted=claim.granted,
                certificate_id=claim.certificate_id,
                reason=claim.reason.msgid,
                reason_values=plain_values(claim.reason),
            )
        )


def keep_step(session: Session, lot: HarvestLot) -> None:
    """Keep the state that a lot has come to."""
    session.add(
        LotStep(
            lot_id=lot.pk, state=lot.state, reason=lot.state_reason, recorded_at=lot.state_since
        )
    )


def weigh_anew(session: Session, lot: HarvestLot, quantity: Grams) -> None:
    """Let what is there follow a corrected weight; what has left already cannot be less."""
    more = quantity.value - lot.quantity_g
    if more > 0:
        put(session, lot, in_hand(lot), Grams(more))
    elif more < 0:
        take(session, lot, in_hand(lot), Grams(-more))


def faults_of_weight(session: Session, lot: HarvestLot, quantity: Grams) -> list[FieldError]:
    """What is wrong with a corrected weight."""
    if lot.area_id is None:
        if quantity.value == lot.quantity_g:
            return []
        why = say("Its weight is what the movement made: undo the movement to change it.")
        return [FieldError("quantity_g", why)]
    area = session.get_one(PlantingArea, lot.area_id)
    return rules.faults_of_quantity(quantity, SquareMetres(area.area_m2))


def changeable(lot: HarvestLot) -> dict[str, object]:
    """What may be corrected while a lot is open."""
    return {
        "quantity_g": lot.quantity_g,
        "packed_on": lot.packed_on,
        "best_before": lot.best_before,
        "grade": lot.grade,
        "note": lot.note,
    }


def told_of(lot: HarvestLot, field: Field, claims: list[Claim]) -> dict[str, object]:
    """What the ledger is told of a new harvest."""
    return {
        **changeable(lot),
        "sellable_from": lot.sellable_from,
        "parts": [
            {
                "planting": piece.planting.uid if piece.planting else None,
                "plot": piece.plot.uid if piece.plot else None,
                "grower": piece.grower.uid if piece.grower else None,
                "entry": piece.entry.uid if piece.entry else None,
                "quantity_g": piece.quantity.value,
            }
            for piece in field.pieces
        ],
        "pictures": [picture.uid for picture in field.pictures],
        "area": field.area.uid,
        "crop": field.crop.slug,
        "grower": field.grower.uid if field.grower else None,
        "harvested_on": lot.harvested_on,
        "claims": [{"kind": claim.kind, "granted": claim.granted} for claim in claims],
    }
