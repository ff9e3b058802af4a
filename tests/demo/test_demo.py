"""The demonstration province holds what it promises."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event, func, select, text
from sqlmodel import Session, col

from app.db import open_read_session, open_session
from app.lots import presence_queries
from app.lots.presence_queries import Beside
from app.models.logistic_units import SsccRange
from app.models.lots import HarvestLot, LotState
from app.models.print_runs import PrinterProfile, PrintRun
from app.models.products import Product
from app.models.registry import Grower, Organisation, OrganisationKind, PlantingArea
from app.models.visit_findings import VisitFinding
from app.models.visits import InspectionPlan, InspectionVisit
from app.web.lot_drafts import draft_lot
from tests.databases import Postgres, Sqlite
from tests.demonstration import Demonstration, demonstrated

# The first of a run waits until the province is made.
pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def told(databases: Sqlite | Postgres) -> Iterator[Demonstration]:
    with demonstrated(databases) as made:
        yield made


@pytest.fixture
def session(told: Demonstration) -> Iterator[Session]:
    with open_read_session(told.engine) as opened:
        yield opened


def test_the_demonstration_shows_the_interesting_cases(
    told: Demonstration, session: Session
) -> None:
    def count(table: type) -> int:
        return session.execute(select(func.count()).select_from(table)).scalar_one()

    kinds = (OrganisationKind.COOPERATIVE, OrganisationKind.GROUP)
    homes = select(func.count()).where(col(Organisation.kind).in_(kinds))
    assert session.execute(homes).scalar_one() >= 9
    assert count(Grower) >= 60
    assert count(PlantingArea) >= 40
    assert count(HarvestLot) >= 200
    assert count(PrintRun) == 4
    assert count(SsccRange) == 1
    assert count(Product) == 8
    assert count(PrinterProfile) == 2
    assert (count(InspectionVisit), count(VisitFinding), count(InspectionPlan)) == (3, 3, 1)
    assert told.people.keys() == {
        "grower",
        "staff",
        "coop_admin",
        "certifier",
        "inspector",
        "province_admin",
    }
    districts = session.execute(
        text(
            "SELECT count(DISTINCT u.district_code) FROM planting_area a "
            "JOIN admin_unit u ON u.id = a.former_commune_id"
        )
    ).scalar_one()
    assert districts == 9
    at_home = session.execute(
        text(
            "SELECT count(DISTINCT u.district_code) FROM organisation o "
            "JOIN admin_unit u ON u.id = o.former_commune_id WHERE o.kind IN ('cooperative', 'group')"
        )
    ).scalar_one()
    assert at_home == 9
    drawn = select(func.count()).where(col(PlantingArea.polygon).is_not(None))
    assert session.execute(drawn).scalar_one() >= 40
    states = set(session.execute(select(col(HarvestLot.state)).distinct()).scalars())
    assert {LotState.RECALLED, LotState.WITHDRAWN, LotState.SEALED, LotState.OPEN} <= states
    cases = {
        "an expired certificate": "SELECT count(*) FROM lot_claim WHERE reason LIKE '%ran out%'",
        "a crop outside the scope": "SELECT count(*) FROM lot_claim WHERE reason LIKE '%does not cover {crop}%'",
        "a suspended area": "SELECT count(*) FROM area_code WHERE status = 'suspended'",
        "organic in conversion": "SELECT count(*) FROM lot_claim WHERE kind = 'organic_conversion' AND granted",
        "a reused commune code": "SELECT count(*) FROM planting_area a JOIN admin_unit u ON u.id = a.former_commune_id WHERE u.code = '02647'",
        "a warned code": "SELECT count(*) FROM area_code WHERE status = 'warned'",
        "a replaced code": "SELECT count(*) FROM area_code WHERE status = 'superseded'",
        "a code restored": "SELECT count(*) FROM area_code_step WHERE reason_slug = 'all_mended'",
        "an application to decide": "SELECT count(*) FROM code_application WHERE state = 'submitted'",
        "one on site": "SELECT count(*) FROM code_application WHERE state = 'inspecting'",
        "one sent back": "SELECT count(*) FROM code_application WHERE state = 'returned'",
        "a draft": "SELECT count(*) FROM dossier WHERE state = 'draft' AND submitted_at IS NULL",
        "a household": "SELECT count(*) FROM organisation WHERE kind = 'household' AND NOT name_public",
        "plots": "SELECT count(*) FROM plot WHERE area_id IS NOT NULL",
        "a season reported": "SELECT count(*) FROM season_declaration WHERE actual_output_g > 0",
        "a lot of two plots": "SELECT count(*) FROM (SELECT lot_id FROM lot_source GROUP BY lot_id HAVING count(*) = 2) AS parted",
        "a lot over what was declared": "SELECT count(*) FROM lot_claim WHERE reason LIKE 'With this lot%' AND kind = 'area_code'",
        "a lot that waits": "SELECT count(*) FROM harvest_lot WHERE sellable_from > harvested_on",
        "a lot held": "SELECT count(*) FROM harvest_lot WHERE state = 'held'",
        "a sample that passed": "SELECT count(*) FROM lab_report WHERE sampler = 'official' AND verdict = 'passed'",
        "a failed sample of a lot held": "SELECT count(*) FROM lab_report r JOIN harvest_lot l ON l.id = r.lot_id WHERE r.verdict = 'failed' AND l.state = 'held'",
        "an own test": "SELECT count(*) FROM lab_report WHERE sampler = 'own'",
        "a report just come": "SELECT count(*) FROM shopper_report WHERE state = 'received' AND lot_id IS NOT NULL",
        "one of an unknown code": "SELECT count(*) FROM shopper_report WHERE lot_id IS NULL",
        "one looked at": "SELECT count(*) FROM shopper_report WHERE state = 'looking'",
        "one answered": "SELECT count(*) FROM shopper_report WHERE state = 'answered'",
        "a lot closed": "SELECT count(*) FROM harvest_lot WHERE state = 'closed'",
        "a season owed": "SELECT count(*) FROM notice WHERE kind LIKE 'season.%'",
    }
    missing = [case for case, sql in cases.items() if not session.execute(text(sql)).scalar_one()]
    assert missing == []


def test_pages_say_the_same_where_what_is_not_there_is_not_read(
    told: Demonstration, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = select(col(HarvestLot.code), col(HarvestLot.recorded_at)).order_by(col(HarvestLot.id))
    lots = session.execute(every).all()
    now = max(recorded_at for _, recorded_at in lots)
    codes = [code for code, _ in lots[::16]]

    def drafts(opened: Session) -> list[object]:
        return [draft_lot(opened, code, "https://x.test", now) for code in codes]

    asked: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *said: asked.append(said[2]))
    short = drafts(session)
    assert len(asked) <= 25 * len(codes)
    with open_session(told.engine) as looking_itself:
        assert drafts(looking_itself) == short
    # Without looking what there is, something would be missing.
    nothing = Beside(*[False] * len(Beside._fields))
    monkeypatch.setattr(presence_queries, "_found", lambda *_asked: nothing)
    with open_read_session(told.engine) as misled:
        assert drafts(misled) != short
