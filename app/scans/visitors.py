"""Who looks up a label: people with a browser, not the machines that fetch previews and search. Pure."""

import re

# Browsers call themselves so since 1994; programs that fetch pages mostly do not.
_BROWSERS = ("mozilla/", "opera/")
_MACHINES = re.compile(
    r"(?<!cu)bot\b"  # CUBOT is a make of telephones
    r"|crawl|spider|slurp|preview|headless|lighthouse|monitor|scanner|validator|embedly|archiver"
    r"|facebookexternalhit|facebot|facebookcatalog|meta-external|mediapartners|feedfetcher"
    # Zalo's own browser says "Zalo android/…", "Zalo iOS/…"; what fetches its previews does not.
    r"|zalo(?! android/| ios/|theme/|language/)"
)
_LONGEST = 512


def is_person(agent: bytes) -> bool:
    """Whether a User-Agent is that of a browser in somebody's hand."""
    said = agent[:_LONGEST].decode("latin-1").lower()
    return said.startswith(_BROWSERS) and _MACHINES.search(said) is None
