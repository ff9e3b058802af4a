"""The journey of a lot: what befell it and the harvests in it, by whom, in which commune. Reads only."""

from datetime import date

from sqlmodel import Session

from app.kit.clock import day_of
from app.kit.messages import Message, say
from app.labels.public_queries import first_labelled_on
from app.lots.findings import Findings
from app.lots.origin_queries import origins_of
from app.lots.queries import LotLine
from app.models.lots import HarvestLot, LotState
from app.models.movements import MovementKind
from app.movements.public_queries import steps_of_way
from app.places.queries import address_of, unit_by_id
from app.provenance.organisation_told import MakerTold, maker_told
from app.provenance.story import EventTold
from app.provenance.visibility import shown

_STATES_TOLD = {
    LotState.HELD: say("Held by the authority"),
    LotState.CLOSED: say("All of it has left"),
    LotState.RECALLED: say("Recalled"),
}
_STEPS_TOLD = {
    MovementKind.PACKING: say("Packed into new lots"),
    MovementKind.SPLITTING: say("Split into smaller lots"),
    MovementKind.MERGING: say("Merged with other harvests"),
    MovementKind.PROCESSING: say("Processed"),
    MovementKind.SHIPPING: say("Shipped"),
    MovementKind.RECEIVING: say("Received from a supplier outside of this system"),
}


def journey_of(
    session: Session, line: LotLine, findings: Findings, deciding: HarvestLot, maker: MakerTold
) -> tuple[EventTold, ...]:
    """The events in their order; what happened to several harvests in the same way is said once."""
    lot, home = shown(line.lot), _home(session, line, maker)
    labelled = first_labelled_on(session, line.lot)
    days: list[tuple[Message, date | None]] = [
        (say("Packed"), lot.packed_on if line.area is not None else None),
        (say("Recorded"), day_of(lot.recorded_at)),
        (say("Labelled"), day_of(labelled) if labelled else None),
    ]
    state = shown(deciding)
    if state.state in _STATES_TOLD:
        days.append((_STATES_TOLD[state.state], day_of(state.state_since)))
    told = [
        *_grown(session, line.lot, findings),
        *_moved(session, line.lot),
        *(EventTold(what, on, home, maker.name) for what, on in days if on is not None),
    ]
    once = [event for number, event in enumerate(told) if event not in told[:number]]
    return tuple(sorted(once, key=lambda event: event.on))


def _moved(session: Session, lot: HarvestLot) -> list[EventTold]:
    """Made of what, and shipped: by whom, in which commune; to whom is nobody else's business."""
    told = []
    for step in steps_of_way(session, lot):
        maker = maker_told(session, step.organisation)
        place = address_of(maker.commune) if maker.commune else ""
        told.append(EventTold(_STEPS_TOLD[step.kind], day_of(step.at), place, maker.name))
    return told


def _home(session: Session, line: LotLine, maker: MakerTold) -> str:
    """Where what is done with a lot is done: at its area, or where those who made it are."""
    if line.area is not None:
        return address_of(unit_by_id(session, line.area.commune_id))
    return address_of(maker.commune) if maker.commune else ""


def _grown(session: Session, lot: HarvestLot, findings: Findings) -> list[EventTold]:
    told, sown = [], findings.evidence.diary.sown_on if findings.evidence.diary else None
    for number, origin in enumerate(origins_of(session, lot)):
        if origin.area is None:
            continue  # what a supplier says of its harvest is no event of ours
        place = address_of(unit_by_id(session, origin.area.commune_id))
        who = maker_told(session, origin.organisation).name
        if sown is not None and number == 0:
            told.append(EventTold(say("Sown or planted"), sown, place, who))
        told.append(EventTold(say("Harvested"), origin.lot.harvested_on, place, who))
    return told
