"""Loading the shipped facts: idempotent, in one transaction, one ledger entry when they changed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlmodel import Session, SQLModel

from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.base import new_uid
from app.models.catalogue import (
    Crop,
    CropAlias,
    DecisionReason,
    LegalRule,
    RegulatedActive,
    Standard,
)
from app.models.checklists import Checklist, ChecklistItem
from app.models.inputs import InputProduct, ProductActive, ProductPermission, ProductUse
from app.models.places import AdminSuccession, AdminUnit
from app.models.plan import (
    PlanAxisCrop,
    PlanAxisPlace,
    PlanNamedPlace,
    PlanTarget,
    ProvincePlan,
)
from app.models.print_runs import LabelLayout, LabelStock
from app.reference import checklist_facts, facts, input_facts, place_facts
from app.reference.files import Values, digest_of
from app.reference.label_facts import label_layouts
from app.reference.sync import Synced, synchronise


@dataclass(frozen=True)
class LoadReport:
    """What a load did, by file."""

    files: dict[str, Synced]

    @property
    def added(self) -> int:
        return sum(file.added for file in self.files.values())

    @property
    def changed(self) -> int:
        return sum(file.changed for file in self.files.values())

    @property
    def kept(self) -> int:
        return sum(file.kept for file in self.files.values())

    def __str__(self) -> str:
        return "\n".join(f"{name}: {file}" for name, file in self.files.items())


@dataclass(frozen=True)
class _File:
    """A shipped file: the table it fills, what identifies its rows, and how they are made."""

    table: type[SQLModel]
    key: tuple[str, ...]
    rows: Callable[[Session], list[Values]]
    # What only a new row gets, from the instant of the load.
    birth: Callable[[datetime], Values] = lambda _: {}


def _born(now: datetime) -> Values:
    return {"uid": new_uid(), "version": 1, "created_at": now}


# In this order: later files name rows of earlier ones.
_FILES = {
    "admin_units": _File(
        AdminUnit, ("level", "code", "valid_from"), lambda _: place_facts.admin_units()
    ),
    "admin_succession": _File(
        AdminSuccession, ("old_unit_id", "new_unit_id"), place_facts.admin_succession
    ),
    "crops": _File(Crop, ("slug",), lambda _: facts.crops()),
    "crop_aliases": _File(CropAlias, ("crop_id", "name_key"), facts.crop_aliases),
    "standards": _File(Standard, ("code",), lambda _: facts.plain("standards", Standard)),
    "regulated_actives": _File(
        RegulatedActive, ("name", "status", "valid_from"), lambda _: facts.actives()
    ),
    "input_products": _File(
        InputProduct,
        ("kind", "name_key", "registrant"),
        lambda _: input_facts.products(),
        _born,
    ),
    "product_actives": _File(ProductActive, ("product_id", "name_key"), input_facts.actives),
    "product_permissions": _File(
        ProductPermission, ("product_id", "status", "valid_from"), input_facts.permissions
    ),
    "product_uses": _File(ProductUse, ("product_id", "crop_words_key", "pest"), input_facts.uses),
    "legal_rules": _File(
        LegalRule, ("key", "valid_from"), lambda _: facts.plain("legal_rules", LegalRule)
    ),
    "decision_reasons": _File(
        DecisionReason,
        ("slug", "step"),
        lambda _: facts.plain("decision_reasons", DecisionReason),
    ),
    "inspection_checklists": _File(
        Checklist,
        ("slug", "edition"),
        lambda _: facts.plain("inspection_checklists", Checklist),
    ),
    "checklist_items": _File(ChecklistItem, ("checklist_id", "key"), checklist_facts.items),
    "label_stocks": _File(LabelStock, ("slug",), lambda _: facts.plain("label_stocks", LabelStock)),
    "label_layouts": _File(LabelLayout, ("slug", "edition"), lambda _: label_layouts()),
    "province_plans": _File(
        ProvincePlan, ("plan",), lambda _: facts.plain("province_plans", ProvincePlan)
    ),
    "plan_targets": _File(
        PlanTarget,
        ("plan", "measure", "scope", "scope_name", "year"),
        lambda _: facts.plain("plan_targets", PlanTarget),
    ),
    "plan_axis_places": _File(
        PlanAxisPlace,
        ("plan", "district", "former_commune"),
        lambda _: facts.plain("plan_axis_places", PlanAxisPlace),
    ),
    "plan_axis_crops": _File(
        PlanAxisCrop,
        ("plan", "axis", "crop", "district"),
        lambda _: facts.plain("plan_axis_crops", PlanAxisCrop),
    ),
    "plan_named_places": _File(
        PlanNamedPlace,
        ("plan", "crop_group", "district"),
        lambda _: facts.plain("plan_named_places", PlanNamedPlace),
    ),
}


def load(session: Session, *, now: datetime) -> LoadReport:
    """Bring the reference tables to the shipped facts. Doing it again changes nothing.

    Rows that an administrator edited are kept, and no row is ever deleted.
    """
    report = LoadReport(
        {
            name: synchronise(
                session,
                file.table,
                file.rows(session),
                key=file.key,
                birth=partial(file.birth, now),
            )
            for name, file in _FILES.items()
        }
    )
    _record(session, report, now)
    return report


def _record(session: Session, report: LoadReport, now: datetime) -> None:
    moved = {name: file for name, file in report.files.items() if file.added or file.changed}
    if not moved:
        return
    record(
        session,
        kind="reference.loaded",
        subject="reference",
        by=Actor.system(),
        now=now,
        facts={
            name: {"added": file.added, "changed": file.changed, "sha256": digest_of(name)}
            for name, file in moved.items()
        },
    )
