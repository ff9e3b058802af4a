"""The dated law of labels, read once for a day."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from app.catalogue.queries import rule_on, value_of
from app.catalogue.rules import Severity, severity

_GS1_SMALLEST_UM = 396
_SMALLEST_UM = "label.smallest_module_um"


@dataclass(frozen=True)
class Wanted:
    """Facts a rule wants, and whether a label without them is refused or warned about."""

    facts: tuple[str, ...] = ()
    refuses: bool = False


@dataclass(frozen=True)
class LabelRules:
    """What the law of labels says on a day."""

    today: date
    required: Wanted = Wanted()
    food: Wanted = Wanted()
    public: Wanted = Wanted()
    export_china: Wanted = Wanted()
    home_language: str = "vi"
    letter_um: int = 0
    module_um: int = _GS1_SMALLEST_UM
    former_address_until: date | None = None
    most_labels: int = 200_000


def label_rules(session: Session, today: date) -> LabelRules:
    """The rules in force on a day."""

    def value(key: str, otherwise: Any) -> Any:
        rule = rule_on(session, key, today)
        return otherwise if rule is None else value_of(rule)

    def wanted(key: str) -> Wanted:
        rule = rule_on(session, key, today)
        if rule is None:
            return Wanted()
        refuses = severity(rule.confidence, rule.enforced) is Severity.REFUSE
        return Wanted(tuple(value_of(rule)), refuses)

    until = value("label.former_address_until", None)
    return LabelRules(
        today=today,
        required=wanted("label.required_items"),
        food=wanted("label.food_items"),
        public=wanted("label.public_items"),
        export_china=wanted("label.export_china_items"),
        home_language=value("label.home_language", "vi"),
        letter_um=value("label.letter_height_um", 0),
        module_um=value(_SMALLEST_UM, _GS1_SMALLEST_UM),
        former_address_until=date.fromisoformat(until) if until else None,
        most_labels=value("label.run_limit", 200_000),
    )
