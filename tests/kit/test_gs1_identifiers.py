"""GS1 application identifiers: which values they take, what stands beside what."""

import pytest

from app.kit.gs1_checks import CHECKS, check_digit, check_pair
from app.kit.gs1_identifiers import BadElement, check_value, identifiers, pairing_faults


def test_every_check_of_the_table_is_known() -> None:
    named = {
        check for known in identifiers().values() for part in known.parts for check in part.checks
    }
    assert named == CHECKS.keys()


def test_the_table_holds_every_decimal_of_a_weight() -> None:
    assert {f"310{digit}" for digit in range(6)} <= identifiers().keys()
    assert "3106" not in identifiers()
    assert {"91", "95", "99"} <= identifiers().keys()


@pytest.mark.parametrize(
    ("ai", "value"),
    [
        ("00", "106141412345678908"),
        ("01", "09506000134352"),
        ("10", "LC0123456789ABC"),
        ("10", "a!b%c/d"),
        ("13", "261120"),
        ("15", "261100"),
        ("21", "12345"),
        ("3103", "000250"),
        ("414", "9506000134376"),
        ("417", "9506000134376"),
        ("422", "704"),
        ("423", "704156"),
        ("7007", "261120"),
        ("7007", "261120261125"),
        ("7003", "2611201530"),
        ("8003", "00614141000418AB1"),
        ("8008", "261120150512"),
        ("8013", "1987654Ad4X4bL5ttr2310c2K"),
        ("4307", "VN"),
        ("8007", "DE89370400440532013000"),
    ],
)
def test_a_good_value_is_taken(ai: str, value: str) -> None:
    check_value(ai, value)


@pytest.mark.parametrize(
    ("ai", "value", "check"),
    [
        ("01", "09506000134353", "csum"),
        ("01", "9506000134352", "format"),
        ("10", "", "format"),
        ("10", "A" * 21, "format"),
        ("10", "cải", "format"),
        ("10", "A B", "format"),
        ("11", "261301", "yymmd0"),
        ("11", "260229", "yymmd0"),
        ("7007", "261100", "yymmdd"),
        ("7007", "26112026", "format"),
        ("422", "705x", "format"),
        ("422", "999", "iso3166"),
        ("423", "704157", "iso3166list"),
        ("4307", "XX", "iso3166alpha2"),
        ("8003", "10614141000418", "zero"),
        ("8006", "095060001343520300", "pieceoftotal"),
        ("8013", "1987654Ad4X4bL5ttr2310c2L", "csumalpha"),
        ("8001", "00000000100100", "nonzero"),
        ("4321", "2", "yesno"),
        ("7003", "2611202460", "hhmm"),
        ("8008", "2611201560", "mmoptss"),
        ("4300", "100%", "pcenc"),
        ("8011", "0123", "nozeroprefix"),
        ("401", "AB1", "key"),
    ],
)
def test_a_bad_value_is_named_with_what_failed(ai: str, value: str, check: str) -> None:
    with pytest.raises(BadElement) as refused:
        check_value(ai, value)
    assert refused.value.check == check


def test_check_digits_are_those_of_the_general_specifications() -> None:
    assert check_digit("629104150021") == "3"
    assert check_digit("10614141234567890") == "8"
    assert check_pair("1987654Ad4X4bL5ttr2310c") == "2K"


def test_what_must_not_stand_together_is_named() -> None:
    assert ("01", "ex") in set(pairing_faults(frozenset({"01", "37"})))
    assert ("10", "req") in set(pairing_faults(frozenset({"10"})))
    assert set(pairing_faults(frozenset({"01", "10", "21", "3103"}))) == set()
    assert ("3103", "ex") in set(pairing_faults(frozenset({"01", "3102", "3103"})))
    assert set(pairing_faults(frozenset({"01", "3922", "3103"}))) == set()
