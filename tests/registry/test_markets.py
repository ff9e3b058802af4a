"""Markets by their three letters."""

import pytest

from app.errors import Refused
from app.registry.markets import market_of


@pytest.mark.parametrize(("typed", "market"), [("VNM", "VNM"), (" chn ", "CHN"), ("Jpn", "JPN")])
def test_a_country_is_understood(typed, market):
    assert market_of(typed) == market


@pytest.mark.parametrize("typed", ["", "VN", "ABC", "XXX", "ZZZ", "QQQ", "V\x00M", "CHNA", "中国"])
def test_what_is_no_country_is_refused(typed):
    with pytest.raises(Refused) as refused:
        market_of(typed)
    assert refused.value.fields[0].field == "market"
