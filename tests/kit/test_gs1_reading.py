"""What people type, scan and paste, as GS1 elements."""

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from app.kit.gs1_checks import check_digit
from app.kit.gs1_elements import FNC1, BadElementString, as_bracketed, as_scanned
from app.kit.gs1_identifiers import BadElement
from app.kit.gs1_links import MalformedLink
from app.kit.gs1_reading import BadPairing, Form, Unreadable, link_of, read_text

GTIN = "09506000134352"
LOT = "LC0123456789ABC"
WHOLE = {"01": GTIN, "10": LOT, "21": "A1"}


@pytest.mark.parametrize(
    ("text", "form", "elements"),
    [
        (f"(01){GTIN}(10){LOT}(21)A1", Form.ELEMENTS, WHOLE),
        (f"(01) 0950 6000 1343 52 (10) {LOT[:4]} {LOT[4:]} (21) A1", Form.ELEMENTS, WHOLE),
        (f"]d201{GTIN}10{LOT}{FNC1}21A1", Form.ELEMENTS, WHOLE),
        (f"]Q301{GTIN}10{LOT}<GS>21A1", Form.ELEMENTS, WHOLE),
        (f"{FNC1}01{GTIN}10{LOT}{{GS}}21A1", Form.ELEMENTS, WHOLE),
        (f"01{GTIN}10{LOT}\u241d21A1", Form.ELEMENTS, WHOLE),
        (f"01{GTIN}", Form.ELEMENTS, {"01": GTIN}),
        ("9506000134352", Form.GTIN, {"01": GTIN}),
        ("9 506000-134352", Form.GTIN, {"01": GTIN}),
        ("９５０６０００１３４３５２", Form.GTIN, {"01": GTIN}),
        ("96385074", Form.GTIN, {"01": "00000096385074"}),
        ("614141007349", Form.GTIN, {"01": "00614141007349"}),
        ("106141412345678908", Form.SSCC, {"00": "106141412345678908"}),
        (f"https://id.gs1.org/01/{GTIN}/10/{LOT}/21/A1", Form.LINK, WHOLE),
        (f"HTTPS://X.VN/01/{GTIN}/10/{LOT}/21/A1", Form.LINK, WHOLE),
        (f"/01/{GTIN}/10/{LOT}/21/A1", Form.LINK, WHOLE),
        (f"https://brand.example/some/path/01/{GTIN}", Form.LINK, {"01": GTIN}),
        (
            f"https://x.vn/01/{GTIN}/10/A%2FB?17=261231",
            Form.LINK,
            {"01": GTIN, "10": "A/B", "17": "261231"},
        ),
    ],
)
def test_every_form_is_read(text: str, form: Form, elements: dict[str, str]) -> None:
    read = read_text(text)
    assert (read.form, dict(read.elements)) == (form, elements)


@pytest.mark.parametrize(
    ("text", "lot", "serial"),
    [
        ("lc01 2345 6789 abc", "lc01 2345 6789 abc", ""),
        ("LC0123456789ABC / 0001ABCDEFGH", LOT, "0001ABCDEFGH"),
        (f"https://x.vn/t/{LOT}", LOT, ""),
        (f"/t/{LOT}", LOT, ""),
        (f"HTTPS://X.VN/T/{LOT}/0001ABCDEFGH?x=1", LOT, "0001ABCDEFGH"),
        ("1C01 2345", "1C01 2345", ""),
        ("vùng trồng", "vùng trồng", ""),
    ],
)
def test_what_is_no_element_is_left_as_a_lot_code(text: str, lot: str, serial: str) -> None:
    read = read_text(text)
    assert (read.form, read.lot, read.serial) == (Form.LOT, lot, serial)


@pytest.mark.parametrize(
    ("text", "kind", "fault"),
    [
        ("", Unreadable, "empty"),
        (" \n", Unreadable, "empty"),
        ("x" * 2_001, Unreadable, "long"),
        ("https://x.vn/", Unreadable, "address"),
        ("https://[", Unreadable, "address"),
        ("9506000134353", BadElement, "csum"),
        ("950600013435", BadElement, "csum"),
        ("12345", BadElement, "format"),
        ("106141412345678909", BadElement, "csum"),
        ("(01)9506000134352", BadElement, "format"),
        (f"(01){GTIN}(10)A B\u00e9", BadElement, "format"),
        ("(04)12345678901234", BadElementString, "identifier"),
        (f"(01){GTIN}(01)00614141007349", BadElementString, "twice"),
        (f"https://x.vn/01/{GTIN}/21/1/10/A", MalformedLink, "order"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, kind: type[Exception], fault: str) -> None:
    with pytest.raises(kind) as refused:
        read_text(text)
    told = refused.value
    assert getattr(told, "fault", getattr(told, "check", None)) == fault


def test_elements_become_a_link_and_the_rest_its_query() -> None:
    elements = {"7007": "261120", "10": LOT, "01": GTIN, "3103": "000250", "21": "A/1"}
    address = link_of(elements).address("https://x.vn")
    assert address == f"https://x.vn/01/{GTIN}/10/{LOT}/21/A%2F1?3103=000250&7007=261120"
    assert dict(read_text(address).elements) == elements


def test_a_place_with_its_extension() -> None:
    link = link_of({"414": "9506000134376", "254": "15-PUC-01"})
    assert link.path() == "/414/9506000134376/254/15-PUC-01"


@pytest.mark.parametrize(
    ("elements", "ai", "fault"),
    [
        ({"10": LOT}, "10", "req"),
        ({"01": GTIN, "37": "12"}, "01", "ex"),
        ({"254": "A"}, "254", "req"),
    ],
)
def test_what_must_not_stand_together_is_named(
    elements: dict[str, str], ai: str, fault: str
) -> None:
    with pytest.raises(BadPairing) as refused:
        link_of(elements)
    assert (refused.value.ai, refused.value.fault) == (ai, fault)


def test_without_a_key_there_is_no_link() -> None:
    with pytest.raises(Unreadable, match="key"):
        link_of({"10": LOT}, strict=False)


VALUES = st.text(
    "!\"%&'*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz",
    min_size=1,
    max_size=20,
)


@drawn(body=st.text("0123456789", min_size=13, max_size=13), lot=VALUES, serial=VALUES)
def test_link_and_element_strings_say_the_same_in_both_directions(
    body: str, lot: str, serial: str
) -> None:
    elements = {"01": body + check_digit(body), "10": lot, "21": serial, "13": "261120"}
    address = link_of(elements, strict=False).address("https://x.vn")
    assert dict(read_text(address).elements) == elements
    assert dict(read_text(as_scanned(elements)).elements) == elements
    assert dict(read_text(as_bracketed(elements)).elements) == elements


@drawn(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    for tried in (text, "https://x.vn/01/" + text, "(01)" + text, "]d2" + text):
        try:
            read_text(tried)
        except (Unreadable, BadElement, BadElementString, MalformedLink):
            continue
