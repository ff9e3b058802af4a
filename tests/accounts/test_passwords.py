"""Passwords, without a database."""

import math
import unicodedata

import pytest

from app.accounts import passwords
from app.accounts.passwords import (
    LONGEST,
    SHORTEST,
    hash_password,
    matches,
    new_password,
    require_good_password,
)
from app.errors import Refused

pytestmark = pytest.mark.usefixtures("real_passwords")
GOOD = "ruộng bậc thang mùa lúa chín"


@pytest.fixture(scope="module")
def stored(real_passwords: None) -> str:
    return hash_password(GOOD)


def test_a_password_matches_its_own_hash_and_no_other_password_does(stored: str) -> None:
    assert matches(GOOD, stored)
    assert not matches(GOOD + " ", stored)
    assert not matches("", stored)


def test_it_is_kept_as_a_salted_argon2id_hash(stored: str) -> None:
    assert stored.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert hash_password(GOOD) != stored


def test_a_phone_that_writes_letters_and_marks_apart_types_the_same_password(stored: str) -> None:
    apart = unicodedata.normalize("NFD", GOOD)
    assert apart != GOOD
    assert matches(apart, stored)


def test_somebody_without_a_password_never_signs_in_and_costs_the_same_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    verified: list[str | bytes] = []

    class Counting:
        def verify(self, _password: bytes, stored: str) -> bool:
            verified.append(stored)
            return True

    monkeypatch.setattr(passwords, "_HASHER", Counting())
    assert not matches(GOOD, None)
    assert len(verified) == 1


def test_the_hash_of_nobody_costs_what_any_hash_costs(stored: str) -> None:
    assert (
        passwords._NOBODYS_HASH.rpartition("$")[0].rpartition("$")[0]
        == (stored.rpartition("$")[0].rpartition("$")[0])
    )
    assert len(passwords._NOBODYS_HASH) == len(stored)


@pytest.mark.parametrize("unusual", ["\ud800" * 20, "a\x00b", "x" * 100_000])
def test_what_no_keyboard_types_is_a_wrong_password_and_no_failure(
    stored: str, unusual: str
) -> None:
    assert not matches(unusual, stored)


def test_a_longer_password_never_passes_for_its_beginning() -> None:
    longest = "dài" + "x" * (LONGEST - 3)
    assert not matches(longest + "y", hash_password(longest))


@pytest.mark.parametrize(
    "weak",
    ["a" * 40, "abcd" * 5, "k" * (SHORTEST - 1), "mat khau cua may.ly day", "x1y2z" * 60],
    ids=["one letter", "four letters", "short", "holds the login", "too long"],
)
def test_a_weak_password_is_refused_beside_its_field(weak: str) -> None:
    with pytest.raises(Refused) as refusal:
        require_good_password(weak, login="May.Ly")
    assert [fault.field for fault in refusal.value.fields] == ["password"]


def test_a_sentence_is_a_good_password() -> None:
    require_good_password(GOOD, login="may.ly")


def test_a_login_of_two_letters_may_occur_in_a_password() -> None:
    require_good_password(GOOD, login="an")


def test_length_counts_letters_as_people_do_and_not_their_marks() -> None:
    thirteen = "ặ" * 5 + "ốữảạẻỉịõ"
    assert len(thirteen) == SHORTEST - 1
    with pytest.raises(Refused):
        require_good_password(unicodedata.normalize("NFD", thirteen), login="may.ly")


def test_generated_passwords_are_good_different_and_over_sixty_bits() -> None:
    made = {new_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        require_good_password(password, login="quan-tri")
    parts = made.pop().split("-")
    words = [part for part in parts if not part.isdigit()]
    digits = sum(len(part) for part in parts if part.isdigit())
    bits = len(words) * math.log2(len(passwords._WORDS)) + digits * math.log2(10)
    assert bits > 60
