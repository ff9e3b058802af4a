"""A layout never lets letters leave their box or meet, whatever the words; what no font has is refused or told."""

import unicodedata
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.errors import Refused
from app.kit.i18n import language as spoken
from app.labels.composing import Composed, compose
from app.labels.fitting import Box, Measure
from app.labels.label_rules import LabelRules
from app.labels.layout import LayoutBody, checked_layout
from app.labels.layout_words import words_of
from app.labels.letters import printable, width_of
from app.labels.previewing import sample_facts
from app.labels.run_picture import measure_for
from app.labels.typeface import CAP_HEIGHT, DEPTH, X_HEIGHT
from app.reference.label_facts import label_layouts

LAYOUTS = {row["slug"]: LayoutBody.model_validate_json(row["body"]) for row in label_layouts()}
EACH = [(slug, language) for slug, body in LAYOUTS.items() for language in body.languages]
FREE = (
    "product_name",
    "producer_name",
    "producer_address",
    "origin",
    "storage",
    "warning",
    "grower",
)
LETTERS = st.one_of(
    st.sampled_from("aăâbcdđeêghiklmnoôơpqrstuưvxyẬỆỘỰ ,.-()0123456789甘蓝白菜菠"),
    st.sampled_from("🥬\u0301\u0323\u200d\ufe0f"),
)
NAMES = st.text(LETTERS, min_size=1, max_size=120)
# By outlines, and in the dots of both kinds of printer, where widths grow by leaps.
MEASURES = (width_of, measure_for(203), measure_for(300))
RULES = LabelRules(today=date(2026, 11, 20), letter_um=900)
BOX = {"x": 22, "y": 2, "width": 20, "height": 4}  # in the first box of words of l1-50x30


def words(language: str, **changed: str) -> dict[str, str]:
    facts = sample_facts("https://truyxuat.laocai.gov.vn", RULES.today, serialised=True)
    return {**words_of(facts, language), **changed}


def inked(composed: Composed, measure: Measure) -> list[Box]:
    """Where the ink of each line lies, serial and all."""
    lines = [*composed.fixed, *composed.with_serial("0001WWWWWWWW", measure)]
    return [
        Box(
            line.x,
            line.baseline - line.size * 0.95,
            measure(line.text, line.weight, line.size),
            line.size * (0.95 + DEPTH),
        )
        for line in lines
    ]


def overlaps(one: Box, other: Box) -> bool:
    across = min(one.right, other.right) - max(one.x, other.x)
    down = min(one.bottom, other.bottom) - max(one.y, other.y)
    return across > 0.02 and down > 0.02


def assert_sound(body: LayoutBody, composed: Composed, measure: Measure = width_of) -> None:
    boxes = inked(composed, measure)
    homes = [block.box for block in body.blocks]
    for box in boxes:
        assert any(
            box.x >= home.x - 0.02
            and box.y >= home.y - 0.02
            and box.right <= home.right + 0.02
            and box.bottom <= home.bottom + 0.02
            for home in homes
        )
    others = [place.box for place in (*body.symbols, *body.marks)]
    assert not any(overlaps(box, other) for box in boxes for other in others)
    for at, box in enumerate(boxes):
        assert not any(overlaps(box, other) for other in boxes[at + 1 :])


@pytest.mark.parametrize(("slug", "language"), EACH)
@settings(max_examples=15, deadline=None)
@given(
    names=st.lists(NAMES, min_size=len(FREE), max_size=len(FREE)), measure=st.sampled_from(MEASURES)
)
@example(names=list(FREE), measure=MEASURES[1])
@example(names=list(FREE), measure=MEASURES[2])
def test_no_words_leave_their_box_or_meet(
    slug: str, language: str, names: list[str], measure: Measure
) -> None:
    free = {fact: name for fact, name in zip(FREE, names, strict=True) if printable(name)[0]}
    composed = compose(LAYOUTS[slug], words(language, **free), measure)
    assert_sound(LAYOUTS[slug], composed, measure)


@pytest.mark.parametrize(("slug", "language"), EACH)
def test_no_letter_is_lower_than_the_law_allows(slug: str, language: str) -> None:
    composed = compose(LAYOUTS[slug], words(language, product_name="Rau " * 30))
    assert min(line.size for line in composed.fixed) * X_HEIGHT >= 0.9
    for measure in MEASURES:
        serial = composed.with_serial("0001WWWWWWWW", measure)
        assert min(line.size for line in serial) * CAP_HEIGHT >= 0.9


def test_a_name_of_120_letters_is_cut_and_told() -> None:
    composed = compose(LAYOUTS["l1-50x30"], words("vi", product_name="Rau cải " * 15))
    assert "product_name" in composed.shortened
    assert any(line.text.endswith("…") for line in composed.lines)


@pytest.mark.parametrize("name", ["خضار عضوية", "ผักกาด", "ירקות"])
def test_letters_of_another_script_are_refused_beside_their_fact(name: str) -> None:
    with pytest.raises(Refused) as refused:
        compose(LAYOUTS["l1-50x30"], words("vi", product_name=name))
    assert refused.value.fields[0].field == "product_name"


def test_emoji_and_stray_marks_are_left_out_and_told() -> None:
    composed = compose(LAYOUTS["l1-50x30"], words("vi", product_name="Rau 🥬 sa\u20ddch"))
    assert [line.text for line in composed.lines if line.field == "product_name"] == ["Rau sach"]
    assert composed.left_out == ("🥬", "\u20dd")


def test_a_mark_no_font_has_leaves_its_letter_and_is_told() -> None:
    assert printable("Rau ṛau") == ("Rau rau", ("ṛ",), ())


def test_decomposed_vietnamese_is_composed() -> None:
    name = unicodedata.normalize("NFD", "Bắp cải Mường Khương ộ ự")
    composed = compose(LAYOUTS["l1-60x40"], words("vi", product_name=name))
    first = next(line for line in composed.lines if line.field == "product_name")
    assert unicodedata.is_normalized("NFC", first.text)
    assert composed.left_out == ()


def test_a_code_that_does_not_fit_is_refused_and_never_cut() -> None:
    with pytest.raises(Refused) as refused:
        compose(LAYOUTS["l3-33x21"], words("vi", lot_code="Lô: " + "LCJ6 " * 40))
    assert refused.value.fields[0].field == "lot_code"


def shape(**changed: object) -> dict[str, object]:
    body = LAYOUTS["l1-50x30"].model_dump(mode="json")
    return {**body, **changed}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"width": 40}, "blocks.0"),
        ({"symbols": [{"kind": "qr", "x": 20, "y": 1, "width": 20, "height": 20}]}, "symbols.0"),
        ({"symbols": [{"kind": "qr", "x": 0.5, "y": 0.5, "width": 9, "height": 9}]}, "symbols.0"),
        ({"symbols": []}, "symbols"),
        ({"languages": ["fr"]}, "languages"),
        ({"blocks": "none"}, "blocks"),
        ({"width": "wide"}, "width"),
        ({"colour": "red"}, "colour"),
        ({"width": float("nan")}, "width"),
    ],
)
def test_what_is_no_layout_is_refused_where_it_is_wrong(
    changed: dict[str, object], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        checked_layout(shape(**changed))
    assert any(fault.field.startswith(field) for fault in refused.value.fields)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"width": "wide"}, "Vui lòng nhập một số."),
        ({"width": 900}, "Nhiều nhất 300."),
        ({"languages": []}, "Cần ít nhất 1 mục."),
        (
            {"blocks": [{**BOX, "facts": [{"fact": "price"}]}]},
            "Không có nội dung nào tên là price.",
        ),
        ({"marks": [{**BOX, "standard": "iso"}]}, "Hãy chọn trong danh sách."),
        ({"bars": [BOX]}, "Khung này chồng lên khung khác: Khung chữ 1."),
    ],
)
def test_a_layout_is_refused_in_words_of_the_reader(changed: dict[str, object], said: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_layout(shape(**changed))
    assert said in [spoken("vi").say(fault.why) for fault in refused.value.fields]


def test_a_box_too_low_for_its_facts_is_refused() -> None:
    body = LAYOUTS["l1-50x30"].model_dump(mode="json")
    body["blocks"][0]["height"] = 4
    with pytest.raises(Refused) as refused:
        checked_layout(body)
    assert refused.value.fields[0].field == "blocks.0"


def test_the_sound_check_sees_an_overflow() -> None:
    body = LAYOUTS["l1-50x30"]
    composed = compose(body, words("vi"))
    narrow = body.model_copy(update={"blocks": (body.blocks[1],)})
    with pytest.raises(AssertionError):
        assert_sound(narrow, composed)


def test_a_fact_of_signs_alone_is_refused_for_it_would_be_missing() -> None:
    """The control: beside letters the same signs are left out and told."""
    for fact in ("product_name", "producer_name"):
        with pytest.raises(Refused, match="Nothing of this") as refused:
            compose(LAYOUTS["l1-50x30"], words("vi", **{fact: "🥬 🥬"}))
        assert refused.value.fields[0].field == fact
    assert compose(LAYOUTS["l1-50x30"], words("vi", product_name="Bắp 🥬")).left_out == ("🥬",)
