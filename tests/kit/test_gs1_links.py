"""GS1 Digital Link: what is read, what is refused and where, what is written."""

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from app.kit.gs1_checks import check_digit
from app.kit.gs1_links import DigitalLink, MalformedLink, NotDigitalLink, normal_gtin, read_link

GTIN = "09506000134352"


def test_a_lot_and_a_serial_are_read_in_order() -> None:
    link = read_link(f"/01/{GTIN}/10/LC0123456789ABC/21/0A1B")
    assert (link.key, link.value) == ("01", GTIN)
    assert link.qualifiers == {"10": "LC0123456789ABC", "21": "0A1B"}


@pytest.mark.parametrize("short", ["9506000134352", "09506000134352"])
def test_every_length_of_a_gtin_becomes_fourteen_digits(short: str) -> None:
    assert read_link(f"/01/{short}").path() == f"/01/{GTIN}"


def test_gtin_8_and_12_are_normalised() -> None:
    assert normal_gtin("96385074") == "00000096385074"
    assert normal_gtin("614141007349") == "00614141007349"


def test_a_slash_inside_a_lot_stays_inside() -> None:
    link = read_link(f"/01/{GTIN}/10/A%2FB%25")
    assert link.qualifiers["10"] == "A/B%"
    assert link.path() == f"/01/{GTIN}/10/A%2FB%25"


def test_data_attributes_come_from_the_query_and_strangers_pass() -> None:
    link = read_link(f"/01/{GTIN}", "3103=000250&linkType=gs1:pip&7007=261120")
    assert link.attributes == {"3103": "000250", "7007": "261120"}


@pytest.mark.parametrize(
    ("path", "query", "fault"),
    [
        (f"/01/{GTIN}/21/1/10/A", "", "order"),
        (f"/01/{GTIN}/10/A/22/B", "", "order"),
        (f"/01/{GTIN}/22/A/235/B", "", "order"),
        (f"/01/{GTIN}/10/A/10/B", "", "twice"),
        (f"/01/{GTIN}/3103/000250", "", "qualifier"),
        (f"/01/{GTIN}/lot/A", "", "unknown"),
        (f"/01/{GTIN}/10", "", "unpaired"),
        ("/01/09506000134353", "", "csum"),
        ("/01/123", "", "format"),
        (f"/01/{GTIN}/10/%E1%BA%A3", "", "format"),
        (f"/01/{GTIN}/10/A%00", "", "format"),
        (f"/01/{GTIN}/10/" + "A" * 21, "", "format"),
        (f"/01/{GTIN}/10/" + "A" * 8000, "", "long"),
        (f"/01/{GTIN}", "10=A&10=B", "twice"),
        (f"/01/{GTIN}/10/A", "10=A", "twice"),
        (f"/01/{GTIN}", "3103=25", "format"),
        ("/414/9506000134376/21/1", "", "qualifier"),
        ("/254/A", "", None),
        ("/gtin/09506000134352", "", None),
        ("/t/LC0123456789ABC", "", None),
        ("/", "", None),
    ],
)
def test_what_breaks_the_syntax_is_named(path: str, query: str, fault: str | None) -> None:
    with pytest.raises((MalformedLink, NotDigitalLink)) as refused:
        read_link(path, query)
    assert getattr(refused.value, "fault", None) == fault


@pytest.mark.parametrize(
    ("path", "qualifiers"),
    [
        ("/00/106141412345678908", {}),
        ("/414/9506000134376/254/32a%2Fb", {"254": "32a/b"}),
        ("/417/9506000134376", {}),
        ("/8003/00614141000418AB1", {}),
        ("/8017/952012345678901252/8019/1", None),
        (f"/01/{GTIN}/22/2A/10/A/21/B", {"22": "2A", "10": "A", "21": "B"}),
        (f"/01/{GTIN}/235/TPX1", {"235": "TPX1"}),
    ],
)
def test_other_keys_with_their_own_qualifiers(path: str, qualifiers: dict[str, str] | None) -> None:
    if qualifiers is None:
        with pytest.raises(MalformedLink):
            read_link(path)
        return
    assert read_link(path).qualifiers == qualifiers


def test_walking_up_ends_at_the_key_alone() -> None:
    paths = [link.path() for link in read_link(f"/01/{GTIN}/10/A/21/B").walk_up()]
    assert paths == [f"/01/{GTIN}/10/A/21/B", f"/01/{GTIN}/10/A", f"/01/{GTIN}"]


CSET82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"


@drawn(
    body=st.text("0123456789", min_size=13, max_size=13),
    lot=st.text(CSET82, min_size=1, max_size=20),
    serial=st.text(CSET82, min_size=1, max_size=20),
)
def test_what_is_written_is_read_again(body: str, lot: str, serial: str) -> None:
    link = DigitalLink("01", body + check_digit(body), {"10": lot, "21": serial})
    assert read_link(link.path()) == link


@drawn(st.text(max_size=60))
def test_any_text_is_read_or_refused(path: str) -> None:
    try:
        read_link("/" + path.encode("utf-8", "surrogatepass").decode("latin-1"), path[:20])
    except (MalformedLink, NotDigitalLink):
        return
