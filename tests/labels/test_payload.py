"""What the QR says: an address that any camera opens, in the fewest bits."""

import pytest

from app.labels.payload import (
    Mode,
    Segment,
    host_of,
    lot_and_serial_in,
    lot_code_in,
    qr_text,
    segments,
    with_serial,
)

CODE = "LCJ6VNGGH6BCFNM"


def test_the_scheme_is_small_and_the_rest_in_capitals():
    text = qr_text("https://nguongoc.laocai.gov.vn", CODE)
    assert text == f"https://NGUONGOC.LAOCAI.GOV.VN/T/{CODE}"
    assert segments(text) == (
        Segment("https://", Mode.BYTE),
        Segment(f"NGUONGOC.LAOCAI.GOV.VN/T/{CODE}", Mode.ALPHANUMERIC),
    )


def test_a_demonstration_on_this_machine():
    text = qr_text("http://127.0.0.1:8000/", CODE)
    assert text == f"http://127.0.0.1:8000/T/{CODE}"
    assert segments(text)[1].mode is Mode.ALPHANUMERIC


@pytest.mark.parametrize(
    "base_url", ["https://truy_xuat.example.vn", "https://nguồngốc.vn", "https://[::1]:8000"]
)
def test_a_host_that_has_no_capitals_stays_as_it_is_in_one_segment(base_url):
    text = qr_text(base_url, CODE)
    assert text == f"{base_url}/T/{CODE}"
    assert segments(text) == (Segment(text, Mode.BYTE),)


def test_a_path_of_the_installation_keeps_its_case():
    assert qr_text("https://laocai.vn/truyxuat", CODE) == f"https://laocai.vn/truyxuat/T/{CODE}"


def test_the_segments_are_the_text():
    for base_url in ("https://a.vn", "http://127.0.0.1:8000", "https://a_b.vn", "https://a.vn/p"):
        text = qr_text(base_url, CODE)
        assert "".join(segment.text for segment in segments(text)) == text


def test_the_host_as_a_person_types_it():
    assert host_of("https://NguonGoc.laocai.gov.vn") == "nguongoc.laocai.gov.vn"
    assert host_of("http://127.0.0.1:8000") == "127.0.0.1:8000"


@pytest.mark.parametrize(
    "scanned",
    [
        f"https://NGUONGOC.LAOCAI.GOV.VN/T/{CODE}",
        f"http://127.0.0.1:8000/t/{CODE}?l=vi#top",
        f"{CODE}",
    ],
)
def test_the_code_in_what_was_scanned(scanned):
    assert lot_code_in(scanned) == CODE


GTIN = "09521234000013"
SERIAL = "0001ABCDEFGH"


def test_a_product_s_address_is_a_digital_link_and_still_prints_small():
    text = qr_text("https://nguongoc.laocai.gov.vn", CODE, GTIN)
    assert text == f"https://NGUONGOC.LAOCAI.GOV.VN/01/{GTIN}/10/{CODE}"
    assert segments(text)[1].mode is Mode.ALPHANUMERIC
    assert with_serial(text, SERIAL) == f"{text}/21/{SERIAL}"
    assert with_serial(f"https://A.VN/T/{CODE}", SERIAL) == f"https://A.VN/T/{CODE}/{SERIAL}"


@pytest.mark.parametrize(
    "scanned",
    [
        f"https://H.VN/01/{GTIN}/10/{CODE}/21/{SERIAL}",
        f"https://H.VN/01/{GTIN[1:]}/10/{CODE}/21/{SERIAL}?15=261126",
        f"https://H.VN/truyxuat/01/{GTIN}/22/A/10/{CODE}/21/{SERIAL}#x",
        f"https://H.VN/T/{CODE}/{SERIAL}",
        f"(01){GTIN}(13)261120(10){CODE}(21){SERIAL}",
        f"]C101{GTIN}1326112010{CODE}\x1d21{SERIAL}",
        f"01{GTIN}1326112010{CODE}\x1d21{SERIAL}",
    ],
)
def test_lot_and_serial_are_read_from_every_label_in_any_case(scanned):
    assert lot_and_serial_in(scanned) == (CODE, SERIAL)
    lower = scanned.lower().replace("]c1", "]C1")
    assert lot_and_serial_in(lower) == (CODE.lower(), SERIAL.lower())
    assert lot_code_in(scanned) == CODE


@pytest.mark.parametrize(
    "typed", ["1020", "10203040", "HTX Bản Phố", f"https://H.VN/01/{GTIN}", "(00)1", ""]
)
def test_what_names_no_lot_stays_as_it_was_typed(typed):
    assert lot_code_in(typed) == typed
