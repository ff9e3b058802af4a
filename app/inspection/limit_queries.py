"""The most that is allowed of a substance in a crop, and how the catalogue writes the substance."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app.catalogue.active_names import keys_in, name_keys
from app.catalogue.queries import rules_on, value_of
from app.inspection.lab_rules import Limit
from app.models.catalogue import Confidence, LegalRule, RegulatedActive
from app.models.inputs import ProductActive

LIMIT_RULES = "residue.limit."
EVERY_CROP = "*"


class Limits:
    """The dated limits of one crop on one day, looked up once."""

    def __init__(self, session: Session, crop_slug: str, day: date) -> None:
        self._crop = crop_slug
        self._rules = [rule for rule in rules_on(session, day) if rule.key.startswith(LIMIT_RULES)]

    def find(self, analyte: str) -> Limit | None:
        """The limit of a substance, by whatever name; None where no row says one for the crop."""
        wanted = keys_in(analyte)
        for rule in self._rules:
            named = rule.key.removeprefix(LIMIT_RULES).replace("_", " ")
            if wanted & name_keys(named):
                return self._of(rule)
        return None

    def _of(self, rule: LegalRule) -> Limit | None:
        by_crop: dict[str, Any] = value_of(rule)
        figure = by_crop.get(self._crop, by_crop.get(EVERY_CROP))
        if figure is None:
            return None
        sure = rule.confidence is Confidence.VERIFIED
        enforced = rule.confidence is Confidence.SECONDARY and rule.enforced
        return Limit(
            value=Decimal(str(figure)),
            unit=rule.unit,
            legal_ref=rule.legal_ref,
            confidence=rule.confidence,
            judges=sure or enforced,
        )


def names_of_actives(session: Session) -> list[str]:
    """The names of the catalogue's actives, each once, in order."""
    permitted = session.execute(select(col(ProductActive.name)).distinct()).scalars()
    regulated = session.execute(select(col(RegulatedActive.name)).distinct()).scalars()
    by_key = {name.casefold(): name for name in (*regulated, *permitted)}
    return [by_key[key] for key in sorted(by_key)]


def find_active_name(names: list[str], typed: str) -> str | None:
    """How the catalogue writes a name that somebody typed; None for what it does not know."""
    wanted = keys_in(typed)
    return next((name for name in names if wanted & name_keys(name)), None)
