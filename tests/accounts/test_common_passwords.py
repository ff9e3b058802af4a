"""Passwords everybody tries first, however they are dressed up."""

import pytest

from app.accounts.common_passwords import common_passwords, is_common
from app.accounts.passwords import new_password, require_good_password
from app.errors import Refused


def test_the_list_is_long_and_knows_vietnamese_ones() -> None:
    assert len(common_passwords()) >= 3_000
    assert {"password", "matkhau", "anhyeuem", "raulaocai"} <= common_passwords()


@pytest.mark.parametrize(
    "dressed_up",
    [
        "password123456",
        "P@ssw0rd123456",
        "Matkhau@123456",
        "mật khẩu của tôi",
        "matkhaumatkhau",
        "Anh Yêu Em 20112026",
        "qwertyuiop12345",
        "12345678901234",
        "abcdefghijklmnop",
        "Laocai@20262026",
        "1qaz2wsx3edc4rfv",
    ],
)
def test_a_known_one_is_refused_in_any_dress(dressed_up: str) -> None:
    assert is_common(dressed_up)
    with pytest.raises(Refused, match="Many people use this password"):
        require_good_password(dressed_up, login="may.ly")


@pytest.mark.parametrize(
    "own", ["ruộng bậc thang mùa lúa chín", "bắp cải tím trên đồi sương", "x7Fq!kd92ls-wq"]
)
def test_words_of_ones_own_are_taken(own: str) -> None:
    require_good_password(own, login="may.ly")


def test_generated_passwords_are_never_on_the_list() -> None:
    assert not [made for made in (new_password() for _ in range(50)) if is_common(made)]


def test_the_longest_password_is_judged_at_once() -> None:
    assert is_common("ab" * 128)
    assert not is_common("".join(chr(0x1EA0 + number % 80) for number in range(256)))
