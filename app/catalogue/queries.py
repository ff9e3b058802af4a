"""Reading the catalogue: crops, standards, regulated actives, and the law as it stood on a day."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session, col

from app.catalogue.rules import active_key
from app.errors import NotFound, refuse
from app.kit.messages import say
from app.kit.text import fold
from app.ledger.law_memory import while_law_stands
from app.models.catalogue import (
    ActiveStatus,
    Crop,
    CropAlias,
    CropGroup,
    LegalRule,
    RegulatedActive,
    Standard,
    StandardKind,
)

SYNONYMS_APART = ";"


def crop_by_slug(session: Session, slug: str) -> Crop:
    """The crop with this slug ("BAP_CAI"); refuses what is no crop."""
    return chosen_crop(session, slug, field="crop")


def crops_by_slugs(session: Session, slugs: Iterable[str]) -> list[Crop]:
    """The crops of these slugs, each once, in the order given; refuses an unknown one."""
    return [chosen_crop(session, slug, field="crops") for slug in dict.fromkeys(slugs)]


def chosen_crop(session: Session, slug: str, *, field: str) -> Crop:
    """The crop somebody chose in a field; refuses what is no crop."""
    wanted = select(Crop).where(col(Crop.slug) == slug)
    crop: Crop | None = session.execute(wanted).scalar_one_or_none()
    if crop is None:
        raise refuse(field, say("There is no crop {slug}.", slug=slug))
    return crop


def crops_by_ids(session: Session, crop_ids: set[int]) -> dict[int, Crop]:
    """Crops by their keys; keys of nothing are left out."""
    wanted = select(Crop).where(col(Crop.id).in_(crop_ids))
    return {crop.pk: crop for crop in session.execute(wanted).scalars()}


def list_crops(session: Session, group: CropGroup | None = None) -> list[Crop]:
    """Every crop, or those of one of the plan's groups, by Vietnamese name."""
    wanted = select(Crop).order_by(col(Crop.name_key))
    if group is not None:
        wanted = wanted.where(col(Crop.policy_group) == group)
    return list(session.execute(wanted).scalars())


def find_crop(session: Session, name: str) -> Crop | None:
    """The crop with this Vietnamese name or alias ("cải bắp"), case and diacritics aside.

    None too when several crops go by the name.
    """
    key = fold(name)
    named = select(col(CropAlias.crop_id)).where(col(CropAlias.name_key) == key)
    wanted = select(Crop).where(or_(col(Crop.name_key) == key, col(Crop.id).in_(named)))
    found = list(session.execute(wanted).scalars())
    return found[0] if len(found) == 1 else None


def standard_by_code(session: Session, code: str) -> Standard:
    """The edition of a standard with this code ("VIETGAP_2017")."""
    wanted = select(Standard).where(col(Standard.code) == code)
    standard: Standard | None = session.execute(wanted).scalar_one_or_none()
    if standard is None:
        raise NotFound(say("There is no standard {code}.", code=code))
    return standard


def standards_on(session: Session, day: date, kind: StandardKind | None = None) -> list[Standard]:
    """The editions in force on a day, by code."""
    wanted = select(Standard).where(_holds(Standard, day)).order_by(col(Standard.code))
    if kind is not None:
        wanted = wanted.where(col(Standard.kind) == kind)
    return list(session.execute(wanted).scalars())


def all_standards(session: Session) -> list[Standard]:
    """Every edition, those that ended too (certificates of them still run), by code."""
    return list(session.execute(select(Standard).order_by(col(Standard.code))).scalars())


@while_law_stands
def rule_on(session: Session, key: str, day: date) -> LegalRule | None:
    """The rule as it stood on a day; None when there was none.

    Of two that hold, the one that began later (a newer act amends an older one).
    """
    wanted = (
        select(LegalRule)
        .where(col(LegalRule.key) == key, _holds(LegalRule, day))
        .order_by(col(LegalRule.valid_from).desc())
        .limit(1)
    )
    return session.execute(wanted).scalars().first()


def rules_of(session: Session, key: str) -> list[LegalRule]:
    """A rule in all its versions, the one that began last first."""
    wanted = select(LegalRule).where(col(LegalRule.key) == key)
    return list(session.execute(wanted.order_by(col(LegalRule.valid_from).desc())).scalars())


def holds_on(rule: LegalRule, day: date) -> bool:
    """Whether a version of a rule stood on a day."""
    return rule.valid_from <= day and (rule.valid_to is None or rule.valid_to >= day)


def rules_on(session: Session, day: date) -> list[LegalRule]:
    """Every rule as it stood on a day, by key."""
    wanted = (
        select(LegalRule)
        .where(_holds(LegalRule, day))
        .order_by(col(LegalRule.key), col(LegalRule.valid_from))
    )
    newest = {rule.key: rule for rule in session.execute(wanted).scalars()}
    return list(newest.values())


def legal_rules(session: Session) -> list[LegalRule]:
    """Every version of every rule, by key, oldest first."""
    wanted = select(LegalRule).order_by(col(LegalRule.key), col(LegalRule.valid_from))
    return list(session.execute(wanted).scalars())


def rule_history(session: Session, key: str) -> list[LegalRule]:
    """A rule's versions, oldest first."""
    wanted = select(LegalRule).where(col(LegalRule.key) == key)
    return list(session.execute(wanted.order_by(col(LegalRule.valid_from))).scalars())


def value_of(rule: LegalRule) -> Any:
    """What the rule says: a number, text, truth value, list or object, as its key documents."""
    return json.loads(rule.value)


@while_law_stands
def regulated_actives(session: Session, day: date | None = None) -> list[RegulatedActive]:
    """The actives on the lists, of one day when it is given, banned or removed, by name."""
    wanted = select(RegulatedActive).order_by(col(RegulatedActive.name_key))
    if day is not None:
        wanted = wanted.where(_holds(RegulatedActive, day))
    return list(session.execute(wanted).scalars())


def find_actives(session: Session, name: str, day: date | None = None) -> list[RegulatedActive]:
    """The banned or removed actives with this whole name or synonym; bans before removals.

    With a day, only what was on the list then. The list of 10 February 2026 is the oldest here,
    so an earlier day finds no ban: for those days nothing found does not mean permitted.
    """
    key = active_key(name)
    found = [active for active in regulated_actives(session, day) if key in _keys(active)]
    return sorted(found, key=lambda active: active.status is not ActiveStatus.BANNED)


def _keys(active: RegulatedActive) -> set[str]:
    synonyms = (active_key(name) for name in active.synonyms.split(SYNONYMS_APART))
    return {active.name_key, *(key for key in synonyms if key)}


def _holds(table: type[Standard | LegalRule | RegulatedActive], day: date) -> ColumnElement[bool]:
    started = or_(col(table.valid_from).is_(None), col(table.valid_from) <= day)
    return started & or_(col(table.valid_to).is_(None), col(table.valid_to) >= day)
