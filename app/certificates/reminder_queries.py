"""Which certificates should be renewed now, by the dated lead times of their kinds."""

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from sqlmodel import Session

from app.accounts.reach import Reach
from app.certificates.history_queries import find_successor
from app.certificates.law_queries import renewal_months
from app.certificates.listing_queries import running_out
from app.certificates.queries import CertificateLine, Sight

# No lead time is longer than this.
FARTHEST_DAYS = 750
MOST = 10_000


@dataclass(frozen=True)
class Ending:
    """A certificate whose time to be renewed has come; `about` is the same until it is extended."""

    line: CertificateLine
    months: int

    @property
    def about(self) -> str:
        held = self.line.certificate
        return f"certificate.ending {held.uid} {held.valid_to.isoformat()}"


def endings(session: Session, today: date) -> list[Ending]:
    """Certificates in force that end within the lead time of their kind and have no successor."""
    until = today + timedelta(days=FARTHEST_DAYS)
    lines = running_out(session, sight=Sight(Reach.all()), today=today, until=until, limit=MOST)
    months: dict[int, int | None] = {}
    found = []
    for line in lines:
        kind = line.standard.pk
        if kind not in months:
            months[kind] = renewal_months(session, line.standard, today)
        lead = months[kind]
        if lead is not None and due(line.certificate.valid_to, lead, today):
            found.append(Ending(line, lead))
    return [one for one in found if find_successor(session, one.line.certificate) is None]


def due(valid_to: date, months: int, today: date) -> bool:
    """Whether the day to begin renewing has come."""
    return today >= valid_to - relativedelta(months=months)
