"""An officer's decisions under each scheme, and the law as a test wants it."""

import json
from datetime import date

from sqlalchemy import update
from sqlmodel import Session, col

from app.ledger.actors import Actor
from app.models.catalogue import Confidence, LegalRule
from app.models.registry import CodeScheme
from app.registry.decision_queries import Decision

BY = Actor.system()
ND38 = Decision(CodeScheme.ND38_2026, date(2026, 9, 21), "12/QĐ-TTBVTV")
QD3156 = Decision(CodeScheme.QD3156_2022, date(2025, 5, 6), "7/QĐ-TTBVTV")
EXTERNAL = Decision(CodeScheme.EXTERNAL, date(2026, 9, 21), "9", typed_code="LCI/RAU 00017")
TCCS774 = Decision(CodeScheme.TCCS774_2020, date(2024, 9, 2), "3", typed_code="vn lcor 0017")


def set_rule(
    session: Session, key: str, value: object, confidence: Confidence, *, enforced: bool = False
) -> None:
    """The law as one row since 2022."""
    session.execute(
        update(LegalRule)
        .where(col(LegalRule.key) == key)
        .values(value=json.dumps(value), confidence=confidence, enforced=enforced, valid_to=None)
    )
