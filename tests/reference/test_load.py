"""Loading the shipped facts: complete, repeatable, careful with what people wrote."""

import json
import time
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, delete, func, select, text, update
from sqlmodel import Session, SQLModel, col

from app import reference
from app.db import open_session
from app.ledger.queries import history_of
from app.models.catalogue import (
    Crop,
    CropAlias,
    DecisionReason,
    LegalRule,
    RegulatedActive,
    RowSource,
    Standard,
)
from app.models.checklists import Checklist, ChecklistItem
from app.models.inputs import InputProduct, ProductActive, ProductPermission, ProductUse
from app.models.places import AdminSuccession, AdminUnit
from app.models.plan import PlanAxisCrop, PlanAxisPlace, PlanNamedPlace, PlanTarget, ProvincePlan
from app.models.print_runs import LabelLayout, LabelStock

TABLES: tuple[type[SQLModel], ...] = (
    ChecklistItem,
    Checklist,
    ProductUse,
    ProductPermission,
    ProductActive,
    InputProduct,
    AdminSuccession,
    AdminUnit,
    CropAlias,
    Crop,
    Standard,
    RegulatedActive,
    LegalRule,
    DecisionReason,
    ProvincePlan,
    PlanTarget,
    PlanAxisPlace,
    PlanAxisCrop,
    PlanNamedPlace,
    LabelLayout,
    LabelStock,
)


def empty(session: Session) -> None:
    for table in TABLES:
        session.execute(delete(table))


def count(session: Session, table: type[SQLModel]) -> int:
    return session.execute(select(func.count()).select_from(table)).scalar_one()


def loads(session: Session) -> list[Any]:
    return history_of(session, "reference")


def test_a_load_into_empty_tables_brings_every_fact(session: Session, now: datetime) -> None:
    empty(session)
    report = reference.load(session, now=now)
    assert {name: file.added for name, file in report.files.items()} == {
        "checklist_items": 50,
        "inspection_checklists": 4,
        "admin_units": 478,
        "admin_succession": 322,
        "crops": 17,
        "crop_aliases": 18,
        "standards": 14,
        "regulated_actives": 43,
        "input_products": 61,
        "product_actives": 65,
        "product_permissions": 61,
        "product_uses": 63,
        "legal_rules": count(session, LegalRule),
        "decision_reasons": count(session, DecisionReason),
        "label_stocks": count(session, LabelStock),
        "label_layouts": count(session, LabelLayout),
        "province_plans": 1,
        "plan_targets": 102,
        "plan_axis_places": 20,
        "plan_axis_crops": 22,
        "plan_named_places": 21,
    }
    assert count(session, AdminUnit) == 478
    assert (report.changed, report.kept) == (0, 0)


def test_loading_again_changes_nothing(session: Session, now: datetime) -> None:
    before = len(loads(session))
    report = reference.load(session, now=now)
    assert (report.added, report.changed, report.kept) == (0, 0, 0)
    assert len(loads(session)) == before


def test_a_load_that_changed_something_is_one_fact_of_the_ledger(
    session: Session, now: datetime
) -> None:
    before = len(loads(session))
    session.execute(update(Crop).where(col(Crop.slug) == "BAP_CAI").values(name_en="Cabage"))
    session.execute(delete(PlanTarget))
    reference.load(session, now=now)
    newest = loads(session)[-1]
    assert len(loads(session)) == before + 1
    assert newest.role == "system"
    assert {name: (file["added"], file["changed"]) for name, file in newest.facts.items()} == {
        "crops": (0, 1),
        "plan_targets": (102, 0),
    }
    assert all(len(file["sha256"]) == 64 for file in newest.facts.values())


def test_a_fact_that_differs_is_put_right_and_seen_at_once(session: Session, now: datetime) -> None:
    crop = session.execute(select(Crop).where(col(Crop.slug) == "SU_SU")).scalar_one()
    rule = select(LegalRule).where(col(LegalRule.key) == "certificate.organic.validity_months")
    session.execute(update(Crop).where(col(Crop.id) == crop.pk).values(family="Solanaceae"))
    session.execute(update(LegalRule).values(valid_to=None, unit="years"))
    report = reference.load(session, now=now)
    assert report.files["crops"].changed == 1
    assert report.files["legal_rules"].changed == count(session, LegalRule)
    assert crop.family == "Cucurbitaceae"
    assert session.execute(rule).scalar_one().unit == "months"


def test_what_an_administrator_edited_is_kept(session: Session, now: datetime) -> None:
    edited = {"family": "Of our own", "source": RowSource.EDITED}
    session.execute(update(Crop).where(col(Crop.slug) == "DAU_BEO").values(**edited))
    report = reference.load(session, now=now)
    crop = session.execute(select(Crop).where(col(Crop.slug) == "DAU_BEO")).scalar_one()
    assert crop.family == "Of our own"
    assert (report.files["crops"].changed, report.files["crops"].kept) == (0, 1)


def test_the_same_difference_without_the_mark_is_undone(session: Session, now: datetime) -> None:
    """The control of the test above: it is the mark that protects the row."""
    session.execute(update(Crop).where(col(Crop.slug) == "DAU_BEO").values(family="Of our own"))
    reference.load(session, now=now)
    crop = session.execute(select(Crop).where(col(Crop.slug) == "DAU_BEO")).scalar_one()
    assert crop.family == "Fabaceae"


def test_rows_that_are_not_shipped_stay(session: Session, now: datetime) -> None:
    cabbage = session.execute(select(Crop).where(col(Crop.slug) == "BAP_CAI")).scalar_one()
    values = cabbage.model_dump(exclude={"id"}) | {"slug": "RAU_MOI", "name_vi": "Rau mới"}
    session.add(Crop(**values))
    session.flush()
    reference.load(session, now=now)
    assert session.execute(select(Crop).where(col(Crop.slug) == "RAU_MOI")).scalar_one()
    assert count(session, Crop) == 18


def test_rows_keep_their_keys_so_that_references_hold(session: Session, now: datetime) -> None:
    keys = select(AdminUnit.id, AdminUnit.level, AdminUnit.code, AdminUnit.valid_from)
    before = set(session.execute(keys).all())
    session.execute(update(AdminUnit).values(note="changed"))
    reference.load(session, now=now)
    assert set(session.execute(keys).all()) == before


def test_the_whole_load_takes_less_than_two_seconds(engine: Engine, now: datetime) -> None:
    with open_session(engine) as session:
        empty(session)
        started = time.perf_counter()
        reference.load(session, now=now)
        assert time.perf_counter() - started < 2
        session.rollback()


def test_the_report_can_be_read_by_a_person(session: Session, now: datetime) -> None:
    report = str(reference.load(session, now=now))
    assert "crops: 0 new, 0 changed, 0 kept as edited" in report
    assert len(report.splitlines()) == len(TABLES)


def test_numbers_and_days_are_stored_as_such(session: Session) -> None:
    """Read past the ORM: a text where a number belongs would compare and sort wrongly."""
    row = session.execute(
        text(
            "SELECT lat + 0.5, area_km2 * 2 FROM admin_unit WHERE code = '02647' AND lat < 22.498"
            " AND valid_to IS NULL"
        )
    ).one()
    assert row == (22.9979, 144.64)
    values = session.execute(select(LegalRule.value)).scalars()
    assert all(json.loads(value) is not None for value in values)
