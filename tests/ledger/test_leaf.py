"""A fact as bytes: the published vectors of RFC 8785 and RFC 6962, without a database."""

import hashlib
import json
from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from app.ledger.leaf import canonical, leaf_hash, personal_hash

# The leaves of the test vectors that certificate-transparency implementations share.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


class Colour(StrEnum):
    GREEN = "green"


def tree_hash(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 §2.1, over leaf hashes."""
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    joined = b"\x01" + tree_hash(leaves[:split]) + tree_hash(leaves[split:])
    return hashlib.sha256(joined).digest()


def test_leaf_hashes_make_the_published_roots_of_rfc_6962() -> None:
    for size, root in ROOTS.items():
        assert tree_hash(LEAVES[:size]).hex() == root


def test_a_leaf_is_not_hashed_as_a_node_would_be() -> None:
    assert leaf_hash(b"L") != hashlib.sha256(b"L").digest()
    assert leaf_hash(b"L") != hashlib.sha256(b"\x01L").digest()


def test_the_example_of_rfc_8785_comes_out_as_printed_there() -> None:
    value = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 1e-27],
        "string": '€$\x0f\nA\'B"\\\\"/',
        "literals": [None, True, False],
    }
    expected = (
        '{"literals":[null,true,false],'
        '"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )
    assert canonical(value) == expected.encode()


def test_names_are_sorted_by_their_utf_16_as_rfc_8785_says() -> None:
    value = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    told = list(json.loads(canonical(value)).values())
    assert told == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]


@for_all(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53) + 1, 2**53 - 1)
        | st.text()
        | st.floats(0, 9),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
        max_leaves=8,
    )
)
@settings(max_examples=40)
def test_the_quick_writer_writes_what_the_library_writes(value: object) -> None:
    assert canonical({"v": value}) == rfc8785.dumps({"v": value})  # type: ignore[dict-item]


def test_what_no_json_reader_can_hold_is_refused() -> None:
    for bad in (2**53, float("nan"), "\ud800", object()):
        with pytest.raises(rfc8785.CanonicalizationError):
            canonical({"v": bad})


def test_days_instants_ids_and_words_of_a_list_become_plain_text() -> None:
    value = {
        "day": date(2026, 11, 20),
        "at": datetime(2026, 11, 20, 3, 0, tzinfo=UTC),
        "id": UUID(int=1),
        "colour": Colour.GREEN,
        "nested": ({"day": date(2026, 1, 1)},),
    }
    assert canonical(value) == (
        b'{"at":"2026-11-20T03:00:00+00:00","colour":"green","day":"2026-11-20",'
        b'"id":"00000000-0000-0000-0000-000000000001","nested":[{"day":"2026-01-01"}]}'
    )


def test_vietnamese_stays_as_it_is_written() -> None:
    assert canonical({"name": "Tả Van Chư"}) == '{"name":"Tả Van Chư"}'.encode()


@for_all(st.sets(st.text(alphabet="abcdef", max_size=3)))
def test_equal_facts_give_equal_bytes_whatever_order_they_were_written_in(
    names: set[str],
) -> None:
    one = dict.fromkeys(sorted(names), names)
    other = dict.fromkeys(sorted(names, reverse=True), names)
    assert canonical(one) == canonical(other)
    assert canonical({"names": names}) == canonical({"names": sorted(names)})


def test_the_personal_part_is_bound_by_a_salted_hash() -> None:
    expected = hashlib.sha256(b"salt" + b"body").hexdigest()
    assert personal_hash(b"salt", b"body") == expected
    assert personal_hash(b"tlas", b"body") != expected
