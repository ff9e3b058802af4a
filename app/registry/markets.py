"""Markets a code is asked for: countries by their three letters (ISO 3166-1 alpha-3). Pure."""

import re

from babel.core import get_global

from app.errors import refuse
from app.kit.messages import Message, say

HOME_MARKET = "VNM"
# The markets that are offered; any other country is known by its letters.
MARKETS: dict[str, Message] = {
    "VNM": say("Viet Nam"),
    "CHN": say("China"),
    "JPN": say("Japan"),
    "KOR": say("Korea"),
    "USA": say("United States"),
}

# AAA–AAZ, QMA–QZZ, XAA–XZZ and ZZA–ZZZ are for everybody's own use: no country bears them.
_COUNTRY = re.compile(r"(?!AA|Q[M-Z]|X|ZZ)[A-Z]{3}")


def market_of(typed: str) -> str:
    """The market that was meant; raises Refused for the field `market`."""
    market = typed.strip().upper()
    # CLDR knows a territory by its three letters too, each with its two-letter code.
    if _COUNTRY.fullmatch(market) and market in get_global("territory_aliases"):
        return market
    raise refuse("market", say("Name the market by its three letters, such as VNM or CHN."))


def market_said(market: str) -> Message:
    """A market by the name of its country, where it has one here."""
    return MARKETS.get(market) or say("{words}", words=market)
