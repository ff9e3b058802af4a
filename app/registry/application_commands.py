"""Applying for a planting-area code, and turning an application down."""

from datetime import datetime

from sqlmodel import Session

from app.errors import Conflict, Refused
from app.kit.messages import say
from app.ledger.actors import Actor
from app.models.registry import ApplicationState, CodeApplication, PlantingArea
from app.registry.application_queries import find_open_application
from app.registry.area_history_commands import record_of_area
from app.registry.code_queries import find_standing_code
from app.registry.markets import market_of
from app.registry.words import reason_of, text_of


def apply_for_code(
    session: Session, *, area: PlantingArea, market: str, note: str, by: Actor, now: datetime
) -> CodeApplication:
    """Ask for a code of an area for one market (ISO 3166-1 alpha-3; VNM is the home market).

    Raises Conflict while an application waits, or the area holds a code for that market.
    """
    wanted = market_of(market)
    words = text_of("note", note, longest=500, multiline=True)
    if area.closed_on is not None:
        raise Refused(say("The planting area was closed on {closed}.", closed=area.closed_on))
    if find_open_application(session, area, wanted) is not None:
        raise Conflict(say("This area already has an application that waits for a decision."))
    require_no_code(session, area, wanted)
    application = CodeApplication(area_id=area.pk, market=wanted, note=words, submitted_at=now)
    session.add(application)
    session.flush()  # of two at once, one must fail before the ledger is touched
    facts = {"application": application.uid, "market": wanted, "note": words}
    record_of_area(session, area, "application.submitted", facts, by=by, now=now)
    return application


def reject_application(
    session: Session, *, application: CodeApplication, reason: str, by: Actor, now: datetime
) -> CodeApplication:
    """Turn an application down, with the reason the applicant will read."""
    why = reason_of(reason)
    decide(session, application, ApplicationState.REJECTED, reason=why, now=now)
    facts = {"application": application.uid, "market": application.market, "reason": why}
    area = session.get_one(PlantingArea, application.area_id)
    record_of_area(session, area, "application.rejected", facts, by=by, now=now)
    return application


def require_no_code(session: Session, area: PlantingArea, market: str) -> None:
    """Refuse (Conflict) when the area holds a code for a market, active or suspended."""
    standing = find_standing_code(session, area.pk, market)
    if standing is not None:
        raise Conflict(
            say("This area already holds code {code} for this market.", code=standing.code)
        )


def require_undecided(application: CodeApplication) -> None:
    """Refuse (Conflict) when somebody has decided an application already."""
    if application.state is not ApplicationState.SUBMITTED:
        raise Conflict(say("This application was decided already."))


def decide(
    session: Session,
    application: CodeApplication,
    state: ApplicationState,
    *,
    reason: str = "",
    now: datetime,
) -> None:
    """Close an application. Of two officers at once the second fails here (StaleDataError)."""
    require_undecided(application)
    application.state = state
    application.decision_reason = reason
    application.decided_at = now
    session.flush()  # before a serial is used and the ledger is touched
