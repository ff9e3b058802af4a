"""The life of an application for a planting-area code, up to the decision to issue one."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from app.errors import Conflict, Refused, refuse
from app.kit.clock import day_of
from app.kit.messages import Message, say
from app.ledger.actors import Actor
from app.models.dossiers import DossierState, Finding, SiteCheck
from app.models.registry import ApplicationState, CodeApplication, PlantingArea
from app.registry.application_queries import find_open_application
from app.registry.area_history_commands import record_of_area, tell_holder
from app.registry.code_queries import find_standing_code
from app.registry.dossier_queries import find_dossier
from app.registry.law_queries import due_on
from app.registry.markets import market_of, market_said
from app.registry.reason_queries import Reason, reason_given
from app.registry.rules import may_go_to, require_past_day
from app.registry.words import text_of

_TOLD = {
    ApplicationState.INSPECTING: say("{area} will be checked on site for the market {market}."),
    ApplicationState.RETURNED: say(
        "The application of {area} for the market {market} came back to be completed: {reason}"
    ),
    ApplicationState.REJECTED: say(
        "The application of {area} for the market {market} was rejected: {reason}"
    ),
}


@dataclass(frozen=True)
class CheckDetails:
    """What was found on site: the day, fit or unfit, and what was seen."""

    checked_on: date
    finding: Finding
    words: str = ""


def file_application(
    session: Session, *, area: PlantingArea, market: str, note: str, by: Actor, now: datetime
) -> CodeApplication:
    """Ask for a code of an area for one market (ISO 3166-1 alpha-3; VNM is the home market).

    One that came back to be completed is handed in again. Raises Conflict while an application
    waits, or the area holds a code for that market.
    """
    wanted = market_of(market)
    words = text_of("note", note, longest=500, multiline=True)
    if area.closed_on is not None:
        raise Refused(say("The planting area was closed on {closed}.", closed=area.closed_on))
    waiting = find_open_application(session, area, wanted)
    if waiting is not None and waiting.state is not ApplicationState.RETURNED:
        raise Conflict(say("This area already has an application that waits for a decision."))
    require_no_code(session, area, wanted)
    application = waiting or CodeApplication(area_id=area.pk, market=wanted, submitted_at=now)
    application.state = ApplicationState.SUBMITTED
    application.note = words
    application.submitted_at = now
    application.due_on = due_on(session, wanted, day_of(now))
    session.add(application)
    session.flush()  # of two at once, one must fail before the ledger is touched
    facts = {"application": application.uid, "market": wanted, "note": words}
    record_of_area(session, area, "application.submitted", facts, by=by, now=now)
    return application


def order_site_check(
    session: Session, *, application: CodeApplication, by: Actor, now: datetime
) -> CodeApplication:
    """Have the area looked at before deciding (kiểm tra thực địa)."""
    _go_to(session, application, ApplicationState.INSPECTING)
    _publish(session, application, "application.inspecting", None, by=by, now=now)
    return application


def record_site_check(
    session: Session,
    *,
    application: CodeApplication,
    details: CheckDetails,
    by: Actor,
    now: datetime,
) -> SiteCheck:
    """Keep what was found on site. Found fit, the application can be decided; else it waits on."""
    if application.state not in {ApplicationState.INSPECTING, ApplicationState.SUBMITTED}:
        raise Conflict(say("This application was decided already."))
    require_past_day("checked_on", details.checked_on, today=day_of(now))
    words = text_of("words", details.words, longest=2000, multiline=True)
    if details.finding is Finding.UNFIT and not words:
        raise refuse("words", say("Say what was wrong."))
    application.state = (
        ApplicationState.SUBMITTED
        if details.finding is Finding.FIT
        else ApplicationState.INSPECTING
    )
    check = SiteCheck(
        application_id=application.pk,
        checked_on=details.checked_on,
        finding=details.finding,
        words=words,
        recorded_at=now,
    )
    session.add(check)
    session.flush()  # a lost race must fail before the ledger is touched
    area = session.get_one(PlantingArea, application.area_id)
    facts = {
        "application": application.uid,
        "checked_on": check.checked_on,
        "finding": check.finding,
        "words": check.words,
    }
    record_of_area(session, area, "application.checked", facts, by=by, now=now)
    return check


def return_application(
    session: Session,
    *,
    application: CodeApplication,
    reason: str,
    reason_slug: str = "",
    by: Actor,
    now: datetime,
) -> CodeApplication:
    """Send an application back to be completed (trả lại): its dossier can be changed again."""
    why = reason_given(session, step="returned", slug=reason_slug, words=reason, day=day_of(now))
    _keep_reason(application, why)
    _go_to(session, application, ApplicationState.RETURNED)
    dossier = find_dossier(session, application.area_id)
    if dossier is not None:
        dossier.state = DossierState.DRAFT
    _publish(session, application, "application.returned", why, by=by, now=now)
    return application


def reject_application(
    session: Session,
    *,
    application: CodeApplication,
    reason: str,
    reason_slug: str = "",
    by: Actor,
    now: datetime,
) -> CodeApplication:
    """Turn an application down, with the reason the applicant will read."""
    why = reason_given(session, step="rejected", slug=reason_slug, words=reason, day=day_of(now))
    _keep_reason(application, why)
    decide(session, application, ApplicationState.REJECTED, now=now)
    _publish(session, application, "application.rejected", why, by=by, now=now)
    return application


def cancel_application(
    session: Session, *, application: CodeApplication, by: Actor, now: datetime
) -> CodeApplication:
    """Take an application back: whoever applied no longer wants the code."""
    decide(session, application, ApplicationState.CANCELLED, now=now)
    _publish(session, application, "application.cancelled", None, by=by, now=now)
    return application


def require_no_code(session: Session, area: PlantingArea, market: str) -> None:
    """Refuse (Conflict) when the area holds a code for a market, active or suspended."""
    standing = find_standing_code(session, area.pk, market)
    if standing is not None:
        raise Conflict(
            say("This area already holds code {code} for this market.", code=standing.code)
        )


def require_decidable(application: CodeApplication, target: ApplicationState) -> None:
    """Refuse (Conflict) when an application cannot be decided so: it was, or its site check waits."""
    if may_go_to(application.state, target):
        return
    if application.state is ApplicationState.INSPECTING:
        raise Conflict(say("The site check is not finished, or did not find the area fit."))
    if application.state is ApplicationState.RETURNED:
        raise Conflict(say("This application came back to its holder to be completed."))
    raise Conflict(say("This application was decided already."))


def decide(
    session: Session, application: CodeApplication, state: ApplicationState, *, now: datetime
) -> None:
    """Close an application. Of two officers at once the second fails here (StaleDataError)."""
    _go_to(session, application, state, decided_at=now)


def _go_to(
    session: Session,
    application: CodeApplication,
    state: ApplicationState,
    *,
    decided_at: datetime | None = None,
) -> None:
    require_decidable(application, state)
    application.state = state
    application.decided_at = decided_at
    session.flush()  # before a serial is used and the ledger is touched


def _keep_reason(application: CodeApplication, why: Reason) -> None:
    application.decision_reason = why.words
    application.reason_slug = why.slug


def _publish(
    session: Session,
    application: CodeApplication,
    kind: str,
    why: Reason | None,
    *,
    by: Actor,
    now: datetime,
) -> None:
    area = session.get_one(PlantingArea, application.area_id)
    facts: dict[str, object] = {"application": application.uid, "market": application.market}
    if why is not None:
        facts |= {"reason": why.words, "reason_slug": why.slug}
    position = record_of_area(session, area, kind, facts, by=by, now=now)
    told = _TOLD.get(application.state)
    if told is not None:
        values = {
            "area": area.name,
            "market": market_said(application.market),
            "reason": why.said if why else "",
        }
        tell_holder(session, area, kind, f"fact:{position}", Message(told.msgid, values), now=now)
