"""All that an inspector looks at before and on a visit of one organisation, on one page."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.certificates.listing_queries import certificates
from app.certificates.queries import CertificateLine, Sight
from app.diary.entry_queries import EntryFilter, EntryLine, entries
from app.inspection.finding_queries import FindingLine, findings
from app.inspection.oddity_queries import Oddity, oddities
from app.inspection.risk_queries import RiskLine, risks
from app.inspection.sample_queries import SampleLine, samples
from app.inspection.visit_queries import VisitLine, visits
from app.lots.gauge_queries import Gauge, gauges
from app.lots.queries import LotLine, newest_lots
from app.models.registry import AreaCode, Organisation, PlantingArea

MOST_CODES, MOST_PAPERS, MOST_GAUGES, MOST_LOTS = 30, 10, 10, 20
MOST_ENTRIES, MOST_ODD, MOST_VISITS, MOST_FINDINGS = 15, 4, 5, 15


@dataclass(frozen=True)
class Dossier:
    """What is known of an organisation, the newest of everything."""

    risk: RiskLine
    codes: tuple[tuple[AreaCode, PlantingArea], ...]
    certificates: tuple[CertificateLine, ...]
    gauges: tuple[Gauge, ...]
    lots: tuple[LotLine, ...]
    entries: tuple[EntryLine, ...]
    oddities: tuple[Oddity, ...]
    findings: tuple[FindingLine, ...]
    samples: tuple[SampleLine, ...]
    visits: tuple[VisitLine, ...]


def dossier_of(session: Session, organisation: Organisation, *, today: date) -> Dossier:
    """The dossier of an organisation as it stands."""
    within = Reach.own(organisation.pk)
    codes = (
        select(AreaCode, PlantingArea)
        .join(PlantingArea, col(PlantingArea.id) == col(AreaCode.area_id))
        .where(col(PlantingArea.organisation_id) == organisation.pk)
        .order_by(col(AreaCode.id).desc())
        .limit(MOST_CODES)
    )
    [risk] = risks(session, today=today, organisation_id=organisation.pk)
    return Dossier(
        risk=risk,
        codes=tuple((code, area) for code, area in session.execute(codes)),
        certificates=certificates(
            session, sight=Sight(within), today=today, limit=MOST_PAPERS
        ).items,
        gauges=tuple(gauges(session, within=within, today=today)[:MOST_GAUGES]),
        lots=newest_lots(session, within=within, limit=MOST_LOTS).items,
        entries=entries(session, within=within, wanted=EntryFilter(), limit=MOST_ENTRIES).items,
        oddities=tuple(
            oddities(session, today=today, organisation=organisation, limit=MOST_ODD)
        ),
        findings=findings(session, within=within, today=today, limit=MOST_FINDINGS).items,
        samples=samples(session, within=within, limit=MOST_VISITS).items,
        visits=visits(session, within=Reach.all(), organisation_id=organisation.pk,
                      limit=MOST_VISITS).items,
    )  # fmt: skip
