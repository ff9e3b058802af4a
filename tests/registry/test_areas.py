"""Planting areas: registered, amended, found; what they grow and where they lie."""

import json
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import col

from app.accounts.reach import Reach
from app.catalogue.queries import crop_by_slug
from app.db import open_session
from app.errors import Conflict, NotFound, Refused
from app.kit.quantities import SquareMetres
from app.ledger.actors import Actor
from app.models.ledger import LedgerEntry
from app.models.places import AdminUnit
from app.models.registry import PlantingArea
from app.registry.area_commands import AreaDetails, amend_area, register_area
from app.registry.area_queries import (
    area_by_uid,
    area_choices,
    area_grows,
    areas,
    crops_of,
)
from app.registry.law_queries import warnings_about

BY = Actor.system()
FIELD = (
    '{"type":"Polygon","coordinates":[[[104.29,22.53],[104.292,22.53],[104.292,22.531],'
    "[104.29,22.531],[104.29,22.53]]]}"
)
DETAILS = AreaDetails(
    name="Vùng rau Bản Phố",
    commune="02839",
    former_commune="02866",
    crops=("SU_HAO", "BAP_CAI"),
    area=SquareMetres(22_000),
    established_on=date(2024, 3, 1),
    polygon=FIELD,
)


@pytest.fixture
def register(session, home, now):
    def act(organisation=None, **changed):
        return register_area(
            session,
            organisation=organisation or home,
            details=replace(DETAILS, **changed),
            by=BY,
            now=now,
        )

    return act


@pytest.fixture
def amend(session, now):
    def act(area, /, **changed):
        details = replace(DETAILS, **changed)
        return amend_area(session, area=area, details=details, by=BY, now=now)

    return act


def unit_name(session, unit_id):
    return session.get_one(AdminUnit, unit_id).name


def test_an_area_keeps_its_commune_of_today_and_the_former_one(session, register):
    area = register()
    assert unit_name(session, area.commune_id) == "Xã Bắc Hà"
    assert unit_name(session, area.former_commune_id) == "Xã Bản Phố"


def test_a_former_code_given_as_the_commune_is_understood(session, register):
    area = register(commune="02866", former_commune=None)
    assert unit_name(session, area.commune_id) == "Xã Bắc Hà"
    assert unit_name(session, area.former_commune_id) == "Xã Bản Phố"


def test_an_area_registered_before_the_merger_lies_in_the_commune_that_followed(session, home, now):
    then = now.replace(year=2024)
    area = register_area(
        session,
        organisation=home,
        details=replace(DETAILS, commune="02647", former_commune=None),
        by=BY,
        now=then,
    )
    assert unit_name(session, area.commune_id) == "Phường Lào Cai"
    assert unit_name(session, area.former_commune_id) == "Phường Kim Tân"


def test_the_fact_of_a_registration_holds_what_was_registered(session, register):
    area = register()
    entry = session.execute(
        select(LedgerEntry).where(col(LedgerEntry.subject) == str(area.uid))
    ).scalar_one()
    assert entry.kind == "area.registered"
    facts = json.loads(entry.body)["facts"]
    assert facts["crops"] == ["SU_HAO", "BAP_CAI"]
    assert facts["area_m2"] == 22_000
    assert facts["former_commune"] == "02866"
    assert facts["polygon"] == area.polygon


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "Vùng\x00"}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"area": SquareMetres(0)}, "area_m2"),
        ({"area": SquareMetres(-1)}, "area_m2"),
        ({"area": SquareMetres(24_000_001)}, "area_m2"),
        ({"area": SquareMetres(2**53)}, "area_m2"),
        ({"established_on": date(2026, 11, 21)}, "established_on"),
        ({"established_on": date(24, 3, 1)}, "established_on"),
        ({"closed_on": date(2024, 2, 28)}, "closed_on"),
        ({"closed_on": date(2026, 11, 21)}, "closed_on"),
        ({"commune": "12345", "former_commune": None}, "commune"),
        ({"former_commune": "02647"}, "former_commune"),
        ({"crops": ()}, "crops"),
        ({"crops": ("BAP_CAI", "SAU_RIENG")}, "crops"),
        ({"crops": ("BAP\x00CAI",)}, "crops"),
        ({"crops": ("\ud800",)}, "crops"),
        ({"polygon": "{}"}, "polygon"),
    ],
)
def test_bad_input_is_refused_at_its_field_and_nothing_is_written(
    session, register, changed, field
):
    with pytest.raises(Refused) as refused:
        register(**changed)
    assert refused.value.fields[0].field == field
    assert session.execute(select(PlantingArea)).first() is None


def test_two_areas_of_one_organisation_have_two_names(given, register):
    register()
    with pytest.raises(Conflict) as conflict:
        register(name="VUNG RAU BAN PHO")
    assert conflict.value.fields[0].field == "name"
    assert register(given.cooperative("HTX khác"))


def test_an_area_grows_its_crops_and_no_other(session, register):
    area = register()
    grown = [
        slug
        for slug in ("BAP_CAI", "SU_HAO", "SU_SU")
        if area_grows(session, area, crop_by_slug(session, slug))
    ]
    assert grown == ["BAP_CAI", "SU_HAO"]
    assert [crop.slug for crop in crops_of(session, area)] == ["BAP_CAI", "SU_HAO"]


def test_a_crop_named_twice_is_grown_once(session, register):
    assert len(crops_of(session, register(crops=("BAP_CAI", "BAP_CAI")))) == 1


def test_an_amendment_replaces_the_crops_and_is_another_version(session, register, amend):
    area = register()
    session.commit()
    amend(area, crops=("SU_SU",))
    assert [crop.slug for crop in crops_of(session, area)] == ["SU_SU"]
    assert area.version == 2
    amend(area, crops=("SU_SU",), name="Vùng su su")
    assert area.version == 3
    assert area.name_key == "vung su su"


def test_an_area_may_keep_its_own_name_and_take_no_other_areas(register, amend):
    area = register()
    register(name="Vùng 2")
    assert amend(area, area=SquareMetres(21_000)).area_m2 == 21_000
    with pytest.raises(Conflict):
        amend(area, name="Vùng 2")


def test_a_refused_amendment_leaves_the_area_as_it_was(session, register, amend):
    area = register()
    session.commit()
    with pytest.raises(Refused):
        amend(area, name="Vùng khác", crops=("SAU_RIENG",))
    session.rollback()
    assert (area.name, area.version) == ("Vùng rau Bản Phố", 1)


def test_the_former_commune_outlives_an_amendment_that_does_not_name_it(session, register, amend):
    area = register()
    amend(area, former_commune=None)
    assert unit_name(session, area.former_commune_id) == "Xã Bản Phố"
    amend(area, commune="02647", former_commune=None, polygon=None)
    assert area.former_commune_id is None


def test_of_two_editors_at_once_the_second_is_stale(engine, session, register, amend):
    area = register()
    session.commit()
    with open_session(engine) as other:
        other.execute(update(PlantingArea).where(col(PlantingArea.id) == area.pk).values(version=2))
        other.commit()
    with pytest.raises(StaleDataError):
        amend(area, name="Vùng khác")


def test_what_is_out_of_reach_is_not_found(session, home, given, register):
    area = register()
    other = given.cooperative("HTX khác")
    assert area_by_uid(session, area.uid, within=Reach.own(home.pk)) is area
    with pytest.raises(NotFound):
        area_by_uid(session, area.uid, within=Reach.own(other.pk))
    assert areas(session, within=Reach.own(other.pk)).items == ()


def test_areas_are_found_by_name_commune_organisation_and_code(session, given, register):
    area = register()
    code = given.code(area)
    elsewhere = {"commune": "02647", "former_commune": "02647", "polygon": None}
    register(given.cooperative("HTX Cà chua Sa Pa"), name="Vùng 2", **elsewhere)

    def found(q):
        return [line.area.pk for line in areas(session, within=Reach.all(), q=q).items]

    for q in ("rau ban pho bac ha", "htx ban pho", code.code, code.code.lower().replace("-", " ")):
        assert found(q) == [area.pk], q
    assert len(found("vung")) == 2
    assert found("khong co") == []


def test_the_choices_for_a_harvest_are_the_areas_that_are_not_closed(session, home, register):
    area = register()
    register(name="Vùng cũ", closed_on=date(2026, 1, 1))
    (choice,) = area_choices(session, home.pk)
    assert choice.area is area
    assert [crop.slug for crop in choice.crops] == ["BAP_CAI", "SU_HAO"]


def test_a_boundary_of_another_size_than_declared_warns_and_does_not_refuse(
    session, given, register
):
    today = given.day(0)
    assert warnings_about(session, register(), today) == []
    (warning,) = warnings_about(session, register(name="2", area=SquareMetres(50_000)), today)
    assert warning.values["declared"] == SquareMetres(50_000)
