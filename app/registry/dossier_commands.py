"""Preparing the dossier of a planting area and handing it in: one application a market."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col

from app.catalogue.queries import standard_by_code
from app.errors import Conflict, Refused, refuse
from app.kit.messages import say
from app.kit.quantities import Grams
from app.ledger.actors import Actor
from app.models.dossiers import Dossier, DossierMarket, DossierState
from app.models.registry import ApplicationState, CodeApplication, PlantingArea
from app.registry.application_commands import file_application
from app.registry.application_queries import find_open_application
from app.registry.area_history_commands import record_of_area
from app.registry.code_queries import find_standing_code
from app.registry.dossier_queries import find_dossier, markets_of, missing_from
from app.registry.markets import market_of
from app.registry.words import text_of

# Guards against a slip of the unit: the plan counts on 71,000 tonnes in the whole province.
MOST_OUTPUT = Grams(100_000 * 1_000_000)
MOST_HOUSEHOLDS = 10_000


@dataclass(frozen=True)
class DossierDetails:
    """What is asked for. Everything may be left out of a draft; `standard` is a code of the catalogue."""

    markets: tuple[str, ...] = ()
    standard: str = ""
    expected_output: Grams | None = None
    households: int | None = None
    representative: str = ""
    parcel: str = ""
    note: str = ""


def open_dossier(session: Session, *, area: PlantingArea, now: datetime) -> Dossier:
    """The dossier of an area, begun if there was none."""
    known = find_dossier(session, area.pk)
    if known is not None:
        return known
    dossier = Dossier(area_id=area.pk, created_at=now)
    session.add(dossier)
    session.flush()  # its id, for its markets
    return dossier


def save_dossier(
    session: Session, *, dossier: Dossier, details: DossierDetails, by: Actor, now: datetime
) -> Dossier:
    """Keep a draft as it is: what is there must be right, what is missing may come later.

    Raises Conflict while it is being decided: the officer must read what was handed in.
    """
    area = session.get_one(PlantingArea, dossier.area_id)
    if _waiting(session, area, dossier):
        raise Conflict(say("The dossier is being decided. It can be changed when it comes back."))
    markets = sorted({market_of(market) for market in details.markets})
    dossier.representative = text_of("representative", details.representative, longest=120)
    dossier.parcel = text_of("parcel", details.parcel, longest=120)
    dossier.note = text_of("note", details.note, longest=500, multiline=True)
    dossier.standard_id = _standard(session, details.standard)
    dossier.expected_output_g = _output(details.expected_output)
    dossier.households = _households(details.households)
    dossier.state = DossierState.DRAFT
    session.flush()  # a lost race must fail before the ledger is touched
    session.execute(delete(DossierMarket).where(col(DossierMarket.dossier_id) == dossier.pk))
    session.add_all(DossierMarket(dossier_id=dossier.pk, market=market) for market in markets)
    session.flush()
    record_of_area(session, area, "dossier.saved", _facts(session, dossier), by=by, now=now)
    return dossier


def submit_dossier(
    session: Session, *, dossier: Dossier, by: Actor, now: datetime
) -> list[CodeApplication]:
    """Hand a dossier in: an application for every market that has neither code nor application.

    Raises Refused with all that is missing at once; Conflict when there is nothing to ask for.
    """
    area = session.get_one(PlantingArea, dossier.area_id)
    lacking = missing_from(session, area, dossier)
    if lacking:
        why = say(
            "The dossier lacks {count} things before it can be handed in.", count=len(lacking)
        )
        raise Refused(why, *lacking)
    wanted = [market for market in markets_of(session, dossier) if _free(session, area, market)]
    if not wanted:
        raise Conflict(say("Every market asked for has a code or an application already."))
    dossier.state = DossierState.SUBMITTED
    dossier.submitted_at = now
    session.flush()  # a lost race must fail before the ledger is touched
    return [
        file_application(session, area=area, market=market, note=dossier.note, by=by, now=now)
        for market in wanted
    ]


def _waiting(session: Session, area: PlantingArea, dossier: Dossier) -> bool:
    """Whether an officer is deciding on the dossier as it was handed in."""
    if dossier.state is DossierState.DRAFT:
        return False
    asked = [find_open_application(session, area, one) for one in markets_of(session, dossier)]
    return any(one is not None and one.state is not ApplicationState.RETURNED for one in asked)


def _free(session: Session, area: PlantingArea, market: str) -> bool:
    waiting = find_open_application(session, area, market)
    if waiting is not None and waiting.state is not ApplicationState.RETURNED:
        return False
    return find_standing_code(session, area.pk, market) is None


def _standard(session: Session, code: str) -> int | None:
    if not code.strip():
        return None
    return standard_by_code(session, code.strip()).pk


def _output(expected: Grams | None) -> int | None:
    if expected is None:
        return None
    if expected.value <= 0:
        raise refuse("expected_output", say("An amount is more than nothing."))
    if expected > MOST_OUTPUT:
        raise refuse(
            "expected_output", say("At most {largest}. Check the unit.", largest=MOST_OUTPUT)
        )
    return expected.value


def _households(count: int | None) -> int | None:
    if count is None:
        return None
    if not 0 < count <= MOST_HOUSEHOLDS:
        raise refuse("households", say("Between 1 and {most} households.", most=MOST_HOUSEHOLDS))
    return count


def _facts(session: Session, dossier: Dossier) -> dict[str, object]:
    return {
        "dossier": dossier.uid,
        "markets": markets_of(session, dossier),
        "expected_output_g": dossier.expected_output_g,
        "households": dossier.households,
        "parcel": dossier.parcel,
    }
