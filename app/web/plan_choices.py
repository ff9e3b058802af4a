"""What the forms of the plan's desk offer to choose from."""

from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.certificates.listing_queries import running_out
from app.certificates.queries import Sight
from app.inspection.risk_queries import GROWING
from app.models.registry import Organisation
from app.plan.standing import SAFETY_KINDS

MOST = 500


def growing_organisations(session: Session) -> list[tuple[str, str]]:
    """Those who grow, by name: public id and name."""
    wanted = (
        select(col(Organisation.uid), col(Organisation.name))
        .where(col(Organisation.kind).in_(GROWING))
        .order_by(col(Organisation.name_key))
    )
    return [(str(uid), name) for uid, name in session.execute(wanted)]


def certificates_of_models(session: Session, within: Reach, day: date) -> list[tuple[str, str]]:
    """Certificates of safe production that stand: what a model group can rest on."""
    found = running_out(session, sight=Sight(within), today=day, until=date.max, limit=MOST)
    chosen = [line for line in found if line.standard.kind.value in SAFETY_KINDS]
    return sorted(
        (
            (str(one.certificate.uid), f"{one.holder.name} · {one.certificate.number}")
            for one in chosen
        ),
        key=lambda choice: choice[1],
    )
