"""Reading crops, standards and regulated actives."""

from datetime import date

import pytest
from sqlmodel import Session

from app.catalogue.queries import (
    all_standards,
    chosen_crop,
    crop_by_slug,
    crops_by_ids,
    crops_by_slugs,
    find_crop,
    list_crops,
    standard_by_code,
    standards_on,
)
from app.errors import NotFound, Refused
from app.models.catalogue import (
    Confidence,
    CropGroup,
    StandardKind,
)

TODAY = date(2026, 11, 20)


def test_a_crop_by_its_slug(facts: Session) -> None:
    crop = crop_by_slug(facts, "BAP_CAI")
    assert (crop.name_vi, crop.name_en, crop.name_zh) == ("Bắp cải", "Cabbage", "卷心菜")
    assert (crop.policy_group, crop.family) == (CropGroup.LEAF_BRASSICA, "Brassicaceae")
    assert crops_by_ids(facts, {crop.pk, -1}) == {crop.pk: crop}
    with pytest.raises(Refused) as refused:
        crop_by_slug(facts, "DURIAN")
    assert refused.value.fields[0].field == "crop"


def test_a_choice_of_no_crop_is_refused_beside_its_field(facts: Session) -> None:
    assert chosen_crop(facts, "SU_HAO", field="crops").name_vi == "Su hào"
    with pytest.raises(Refused) as refused:
        chosen_crop(facts, "DURIAN", field="crops")
    assert refused.value.fields[0].field == "crops"


def test_chosen_crops_come_once_and_in_order(facts: Session) -> None:
    chosen = crops_by_slugs(facts, ["SU_SU", "BAP_CAI", "SU_SU"])
    assert [crop.slug for crop in chosen] == ["SU_SU", "BAP_CAI"]
    with pytest.raises(Refused):
        crops_by_slugs(facts, ["SU_SU", "DURIAN"])


def test_the_seventeen_crops_of_the_plan_in_their_groups(facts: Session) -> None:
    sizes = {group: len(list_crops(facts, group)) for group in CropGroup}
    assert sizes == {CropGroup.LEAF_BRASSICA: 6, CropGroup.LEGUME: 3, CropGroup.OTHER: 8}
    assert len(list_crops(facts)) == 17


def test_every_crop_has_a_name_in_every_language(facts: Session) -> None:
    for crop in list_crops(facts):
        assert all((crop.name_vi, crop.name_en, crop.name_zh)), crop.slug
        assert crop.perennial_confidence is Confidence.UNVERIFIED
        assert not crop.hs_code_verified


def test_a_species_nobody_determined_is_left_empty(facts: Session) -> None:
    for slug in ("PHA_PHI", "PAC_NAM", "DAU_BEO", "CU_KHOI", "MANG_BOI"):
        crop = crop_by_slug(facts, slug)
        assert crop.scientific_name == ""
        assert crop.note


def test_perennials_and_natives(facts: Session) -> None:
    crops = list_crops(facts)
    assert {crop.slug for crop in crops if crop.perennial} == {
        "SU_SU",
        "CU_KHOI",
        "NGU_GIA_BI",
        "MANG_BOI",
        "BO_KHAI",
    }
    assert {"CAI_MEO", "CAI_NGONG", "PHA_PHI", "PAC_NAM"} <= {
        crop.slug for crop in crops if crop.native
    }


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Bắp cải", "BAP_CAI"),
        ("CẢI BẮP", "BAP_CAI"),
        ("đậu cô ve", "DAU_CO_VE"),
        ("đậu côve", "DAU_CO_VE"),
        ("dau cove", "DAU_CO_VE"),
        ("súp lơ xanh", "SUP_LO"),
        ("bò khai", "BO_KHAI"),
    ],
)
def test_a_crop_by_a_name_people_write(facts: Session, name: str, slug: str) -> None:
    found = find_crop(facts, name)
    assert found is not None
    assert found.slug == slug


def test_part_of_a_name_is_no_crop(facts: Session) -> None:
    assert find_crop(facts, "cải") is None
    assert find_crop(facts, "") is None


def test_a_standard_by_its_code(facts: Session) -> None:
    standard = standard_by_code(facts, "VIETGAP_2017")
    assert (standard.edition, standard.kind) == ("TCVN 11892-1:2017", StandardKind.VIETGAP)
    with pytest.raises(NotFound):
        standard_by_code(facts, "VIETGAP_1999")


@pytest.mark.parametrize(
    ("day", "edition"),
    [
        (date(2017, 10, 16), []),
        (date(2017, 10, 17), ["VIETGAP_2017"]),
        (date(2026, 7, 7), ["VIETGAP_2017"]),
        (date(2026, 7, 8), ["VIETGAP_2026"]),
    ],
)
def test_one_edition_of_vietgap_holds_on_a_day(
    facts: Session, day: date, edition: list[str]
) -> None:
    standards = standards_on(facts, day, StandardKind.VIETGAP)
    assert [standard.code for standard in standards] == edition


def test_every_kind_of_standard_can_be_certified_today(facts: Session) -> None:
    assert {standard.kind for standard in standards_on(facts, TODAY)} == set(StandardKind)
    assert len(all_standards(facts)) == 14
