"""What a label lacks for where it goes, by the law of the day; and what it must never say."""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import Session

from app.catalogue.product_rules import says_genuine
from app.labels.checking import expires, lacks, public_items, refusals
from app.labels.composing import compose
from app.labels.label_rules import LabelRules, Wanted, label_rules
from app.labels.layout import LayoutBody
from app.labels.layout_words import words_of
from app.labels.previewing import sample_facts
from app.models.print_runs import Purpose
from app.reference.label_facts import label_layouts
from tests.given import Given
from tests.labels.printing import Printing

LAYOUTS = {row["slug"]: LayoutBody.model_validate_json(row["body"]) for row in label_layouts()}
TODAY = date(2026, 11, 20)


@pytest.fixture
def rules(facts: Session) -> LabelRules:
    return label_rules(facts, TODAY)


def found(
    rules: LabelRules, layout: str, purpose: Purpose, language: str = "vi", **changed: str
) -> dict[str, bool]:
    """Field to whether it refuses."""
    facts = sample_facts("https://txng.vn", TODAY, serialised=False)
    words = {**words_of(facts, language), **changed}
    body = LAYOUTS[layout]
    composed = compose(body, words)
    told = lacks(purpose, language, body, words, composed, rules)
    return {lack.field: lack.refuses for lack in told}


def test_a_whole_retail_label_lacks_nothing(rules: LabelRules) -> None:
    assert found(rules, "l1-70x50", Purpose.RETAIL) == {}


@pytest.mark.parametrize("fact", ["producer_address", "origin", "product_name", "producer_name"])
def test_what_the_law_always_wants_is_refused_where_it_lacks(rules: LabelRules, fact: str) -> None:
    assert found(rules, "l1-70x50", Purpose.RETAIL, **{fact: ""})[fact] is True


@pytest.mark.parametrize("fact", ["quantity", "best_before", "storage", "warning"])
def test_what_the_annex_wants_of_food_is_warned_about(rules: LabelRules, fact: str) -> None:
    assert found(rules, "l1-70x50", Purpose.RETAIL, **{fact: ""})[fact] is False


def test_a_small_label_leaves_the_rest_to_the_bag(rules: LabelRules) -> None:
    told = found(rules, "l3-33x21", Purpose.MINI)
    assert told["producer_address"] is False
    assert told["origin"] is False


def test_a_box_for_china_in_vietnamese_alone_is_told_so(rules: LabelRules) -> None:
    told = found(rules, "l4-100x72", Purpose.EXPORT)
    assert {"language", "packing_house", "destination"} <= told.keys()
    assert found(rules, "l5-100x100", Purpose.EXPORT, "zh+en") == {}


def test_goods_for_viet_nam_are_labelled_in_vietnamese(rules: LabelRules) -> None:
    assert "language" in found(rules, "l1-70x50", Purpose.RETAIL, "en")
    assert "language" not in found(rules, "l1-70x50", Purpose.RETAIL, "vi+en")


def test_letters_lower_than_the_law_wants_are_refused(rules: LabelRules) -> None:
    stricter = replace(rules, letter_um=1_300)
    assert found(stricter, "l1-50x30", Purpose.RETAIL)["layout"] is True
    assert "layout" not in found(rules, "l1-50x30", Purpose.RETAIL)


def test_an_address_from_before_the_merger_may_be_used_until_its_day(rules: LabelRules) -> None:
    old = {"producer_address": "Đ/c: Thôn 2, xã Bản Liền, huyện Bắc Hà"}
    assert rules.former_address_until == date(2027, 7, 1)
    assert found(rules, "l1-70x50", Purpose.RETAIL, **old)["producer_address"] is False
    last = replace(rules, today=date(2027, 6, 30))
    assert found(last, "l1-70x50", Purpose.RETAIL, **old)["producer_address"] is False
    later = replace(rules, today=date(2027, 7, 1))
    assert found(later, "l1-70x50", Purpose.RETAIL, **old)["producer_address"] is True


@pytest.mark.parametrize(
    ("address", "old"),
    [
        ("xã Bản Liền, huyện Bắc Hà", True),
        ("Tổ 3, thị xã Sa Pa", True),
        ("Xã Mường Hum, tỉnh Lào Cai", False),
        ("Phường Sa Pa, tỉnh Lào Cai", False),
        ("Số 1, phố Huyện", False),
        ("Phường Sông Cầu, thành phố Bắc Kạn, tỉnh Bắc Kạn", True),
        ("Quận Ba Đình, thành phố Hà Nội", True),
        ("Xã Bản Liền, H. Bắc Hà", True),
        ("TX. Sa Pa, tỉnh Lào Cai", True),
        ("Phường Hoàn Kiếm, thành phố Hà Nội", False),
        ("Ông Nguyễn H. Nam, xã Bắc Hà, tỉnh Lào Cai", False),
    ],
)
def test_former_units_are_known_by_their_kind(address: str, old: bool) -> None:
    assert expires(address) is old


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Cam kết hàng thật", True),
        ("HÀNG THẬT", True),
        ("hang that", True),
        ("100% genuine", True),
        ("正品保证", True),
        ("Rửa sạch trước khi dùng", False),
        ("Hàng hóa tươi", False),
    ],
)
def test_no_label_says_that_goods_are_genuine(text: str, said: bool) -> None:
    assert says_genuine(text) is said


def test_the_seven_public_items_are_counted(rules: LabelRules) -> None:
    facts = sample_facts("https://txng.vn", TODAY, serialised=False)
    words = words_of(replace(facts, producer_address=""), "vi")
    items = public_items(rules, words)
    assert sum(items.values()) == len(items) - 1
    assert items["image"]


def test_a_rule_that_only_warns_refuses_nothing(rules: LabelRules) -> None:
    lenient = replace(rules, required=Wanted(rules.required.facts), public=Wanted())
    assert found(lenient, "l1-70x50", Purpose.RETAIL, origin="")["origin"] is False


def test_no_rules_ask_for_nothing() -> None:
    none = LabelRules(today=TODAY)
    assert found(none, "l2-40x30", Purpose.RETAIL).get("origin") is None


def test_of_several_standards_the_one_of_the_goods_is_named(
    session: Session, given: Given, printing: Printing
) -> None:
    area = given.area()
    given.certificate(area, standard="FOOD_SAFETY_2018", number="ATTP-1", crops=(), areas=())
    held = given.certificate(area)
    words = printing.plan((given.lot(area), 1)).lots[0].edition.words
    assert held.number in words["claim"]


def test_refusals_are_what_forbids(given: Given, printing: Printing) -> None:
    plan = printing.plan((given.lot(), 1))
    assert refusals(plan.lacks) == []
    plan.require_printable()
