"""What is proposed for a name nobody knows: only what was probably meant."""

import pytest

from app.exchange.proposals import Nearest

KNOWN = ("Su hào", "Bắp cải", "Củ khởi", "Nương Phố Cũ", "Xã Bắc Hà", "trừ sâu")


@pytest.mark.parametrize(
    ("written", "meant"),
    [("Xu hào", "Su hào"), ("bap cai trang", "Bắp cải"), ("Xã Bắc H", "Xã Bắc Hà")],
)
def test_a_slip_of_the_keyboard_is_understood(written, meant):
    assert Nearest(KNOWN).to(written) == meant


@pytest.mark.parametrize("written", ["Chuối", "Ruộng Không Có", "ngủ trưa"])
def test_another_word_altogether_proposes_nothing(written):
    assert Nearest(KNOWN).to(written) is None
