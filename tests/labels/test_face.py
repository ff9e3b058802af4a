"""What stands on a label and where: the law's items, nothing too small, nothing overlapping."""

import unicodedata
from dataclasses import fields, replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.kit.quantities import Grams
from app.labels.face import (
    EDGE_MM,
    HEIGHT_MM,
    SYMBOL_AT_MM,
    WIDTH_MM,
    WORDS,
    Face,
    LabelFacts,
    compose,
    words_of,
)
from app.labels.fitting import SMALLEST_LETTER_MM, Box, Line
from app.labels.typeface import CAP_HEIGHT, DEPTH, X_HEIGHT, printed_width

SYMBOLS = (16.5, 18.5, 20.5)
NAME = (
    "Rau cải mèo hữu cơ vùng cao thu hái buổi sáng của đồng bào Mông xã Y Tý"
    " đóng gói loại đặc biệt vụ đông xuân năm nay 26"
)

vietnamese = st.text("aăâeêioôơuưyđbcghklmnpqrstvxẤỖợỵ ABCN", min_size=1, max_size=120).filter(
    str.strip
)


def composed(facts: LabelFacts, symbol_mm: float = 18.5) -> Face:
    return compose(facts, symbol_mm=symbol_mm, measure=printed_width)


def extent(line: Line) -> Box:
    """A line's letters: from the capitals' top to the lowest dot."""
    height = (CAP_HEIGHT + DEPTH) * line.size
    width = printed_width(line.text, line.weight, line.size)
    return Box(line.x, line.baseline - CAP_HEIGHT * line.size, width, height)


def overlap(one: Box, other: Box) -> bool:
    slack = 1e-6
    return (
        one.x < other.right - slack
        and other.x < one.right - slack
        and one.y < other.bottom - slack
        and other.y < one.bottom - slack
    )


def faults(face: Face, symbol_mm: float) -> list[str]:
    """Whatever a printer of labels would complain about."""
    symbol = Box(SYMBOL_AT_MM, SYMBOL_AT_MM, symbol_mm, symbol_mm)
    boxes = {line: extent(line) for line in face.lines}
    found = [
        f"{a.text} on {b.text}" for a, b in combinations(boxes, 2) if overlap(boxes[a], boxes[b])
    ]
    for line, box in boxes.items():
        if overlap(box, symbol):
            found.append(f"{line.text} on the symbol")
        if box.right > WIDTH_MM - EDGE_MM + 1e-6 or box.bottom > HEIGHT_MM - EDGE_MM + 1e-6:
            found.append(f"{line.text} over the edge")
        if line.size * X_HEIGHT < SMALLEST_LETTER_MM:
            found.append(f"{line.text} too small")
    return found


def test_a_label_says_what_the_law_asks(label):
    assert words_of(label()) == {
        "product_name": "Cải bắp Sa Pa",
        "claim": "VietGAP số TT-23-10-0451",
        "producer_name": "HTX Nông nghiệp Bản Xèo",
        "producer_address": "Đ/c: Thôn Bản Xèo 2, xã Mường Hum, tỉnh Lào Cai",
        "origin": "Xuất xứ: Lào Cai, Việt Nam",
        "harvested_on": "Ngày thu hoạch: 20/11/2026",
        "area_code": "MSVT: VN-LCA-PUC-0412",
        "packed_on": "NSX: 21/11/2026",
        "best_before": "HSD: 28/11/2026",
        "quantity": "Khối lượng tịnh: 500 g",
        "lot_code": "Lô: LCJ6 VNGG H6BC FNM",
        "host": "nguongoc.laocai.gov.vn",
    }


@pytest.mark.parametrize("symbol_mm", SYMBOLS)
def test_all_of_it_is_on_the_label_whole(label, symbol_mm):
    face = composed(label(), symbol_mm)
    printed = {field: [] for field in words_of(label())}
    for line in face.lines:
        printed[line.field].append(line.text)
    assert {field: " ".join(texts) for field, texts in printed.items()} == words_of(label())
    assert face.shortened == ()


def test_every_fact_has_words_except_the_address_of_the_installation(label):
    said = words_of(replace(label(), demonstration=True))
    assert {field.name for field in fields(LabelFacts)} - said.keys() == {"base_url"}


def test_what_is_not_known_is_not_printed(label):
    bare = label(packed_on=None, best_before=None, quantity=None, area_code=None, claim=None)
    printed = " ".join(line.text for line in composed(bare).lines)
    assert "Ngày thu hoạch" in printed
    for absent in ("NSX", "HSD", "tịnh", "MSVT", "VietGAP", "None"):
        assert absent not in printed


def test_a_demonstration_label_says_so_in_white_on_black(label):
    (mark,) = [line for line in composed(label(demonstration=True)).lines if line.white]
    assert mark.text == "Mẫu, không bán"
    bar = composed(label(demonstration=True)).bars[-1]
    inside = extent(mark)
    assert bar.x <= inside.x
    assert inside.right <= bar.right
    assert bar.y <= inside.y
    assert not [line for line in composed(label()).lines if line.white]


def test_no_label_calls_its_goods_genuine():
    words = " ".join(word for table in WORDS.values() for word in table.values()).lower()
    for boast in ("thật", "chính hãng", "chính gốc", "sạch", "an toàn"):
        assert boast not in words


def test_names_typed_in_nfd_print_as_nfc(label):
    typed = unicodedata.normalize("NFD", "Cải bắp Sa Pa")
    assert composed(label(product_name=typed)) == composed(label())


def test_letters_the_face_lacks_are_refused_by_name(label):
    with pytest.raises(Refused) as refused:
        composed(label(product_name="Rau 🥬 sạch", producer_name="老街"))
    assert [error.field for error in refused.value.fields] == ["product_name", "producer_name"]
    assert refused.value.fields[0].why.values == {"characters": "🥬"}


def test_a_name_of_120_letters_is_shortened_and_reported(label):
    assert len(NAME) == 118
    face = composed(
        label(product_name=NAME, producer_name=NAME, producer_address=NAME, origin=NAME)
    )
    assert faults(face, 18.5) == []
    assert "product_name" in face.shortened
    cut = [line.text for line in face.lines if line.field == "product_name"][-1]
    assert cut.endswith("…")


def test_a_long_name_alone_takes_more_lines_and_stays_whole(label):
    name = "Cải bắp tím hữu cơ vụ đông Sa Pa loại một"
    face = composed(label(product_name=name, claim=None, area_code=None))
    lines = [line for line in face.lines if line.field == "product_name"]
    assert " ".join(line.text for line in lines) == name
    assert len(lines) == 2
    assert face.shortened == ()


def test_the_name_is_the_largest_thing_on_a_label(label):
    lines = composed(label()).lines
    name = next(line for line in lines if line.field == "product_name")
    assert name.size == max(line.size for line in lines)


@pytest.mark.parametrize("host", ["a.vn", "truyxuatnguongoc.laocai.gov.vn", "truyxuat." * 9 + "vn"])
@pytest.mark.parametrize("symbol_mm", SYMBOLS)
@pytest.mark.parametrize("demonstration", [False, True])
def test_nothing_touches_anything_even_at_the_worst(label, host, symbol_mm, demonstration):
    facts = label(
        product_name=NAME,
        producer_name=NAME,
        producer_address=NAME,
        origin=NAME,
        claim=NAME,
        area_code="VN-10-083-02707-9999-2025",
        quantity=Grams(123_456_789),
        base_url=f"https://{host}",
        demonstration=demonstration,
    )
    assert faults(composed(facts, symbol_mm), symbol_mm) == []


@given(names=st.tuples(vietnamese, vietnamese, vietnamese, vietnamese), demonstration=st.booleans())
def test_nothing_touches_anything_whatever_the_names(label, names, demonstration):
    name, producer, address, origin = names
    facts = label(
        product_name=name,
        producer_name=producer,
        producer_address=address,
        origin=origin,
        demonstration=demonstration,
    )
    assert faults(composed(facts), 18.5) == []


def test_a_line_moved_by_a_millimetre_would_be_noticed(label):
    """The control: the complaints above are not silent by themselves."""
    face = composed(label())
    name = next(line for line in face.lines if line.field == "product_name")
    host = next(line for line in face.lines if line.field == "host")
    rest = tuple(line for line in face.lines if line not in (name, host))
    moved = (replace(name, x=name.x - 1), replace(host, x=host.x + 1, size=1.5))
    found = " ".join(faults(replace(face, lines=(*rest, *moved)), 18.5))
    assert "Cải bắp Sa Pa on the symbol" in found
    assert "nguongoc.laocai.gov.vn too small" in found
    doubled = replace(face, lines=(*face.lines, replace(name, text="Cải bắp Sa Pa!")))
    assert "on Cải bắp Sa Pa!" in " ".join(faults(doubled, 18.5))
