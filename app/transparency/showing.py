"""Which part of which fact is shown to whom. Pure. Whatever is not named here is shown to nobody.

The log itself names no lot: whoever could list the codes could print them on other goods. Who has a
lot's code, from its label, sees of the lot's facts what the lot's page says as well: no weight, and
not how many labels were printed.
"""

import re
from collections.abc import Mapping

# In the log itself: what nobody's privacy or trade is touched by.
OPEN_KINDS = frozenset(
    {
        "ledger.break_declared",
        "ledger.key_introduced",
        "ledger.witness_registered",
        "ledger.witness_retired",
        "ledger.personal_erased",
        "rule.set",
        "reference.loaded",
    }
)
# An entry of a bundle has at most 65,535 bytes; a part longer than this is committed to like any other.
LONGEST_OPEN = 16_384
_STEP = frozenset({"from"})
SHOWN_FACTS: Mapping[str, frozenset[str]] = {
    "lot.recorded": frozenset(
        {
            "best_before",
            "claims",
            "crop",
            "harvested_on",
            "packed_on",
            "sellable_from",
        }
    ),
    "lot.amended": frozenset({"before", "after", "best_before", "packed_on"}),
    "lot.waiting_changed": frozenset({"before", "after"}),
    "lot.open": _STEP,
    "lot.sealed": _STEP,
    "lot.held": _STEP,
    "lot.released": _STEP,
    "lot.closed": _STEP,
    "lot.withdrawn": _STEP,
    "lot.recalled": _STEP | {"reason"},
    "lot.recall_lifted": frozenset({"to", "reason"}),
    "lot.recall_released": frozenset({"to", "reason"}),
    "label.printed": frozenset(),
}
_LOT_CODE = re.compile(r"LC[0-9A-HJKMNP-TV-Z]{12}[0-9A-Z*]")


def is_of_a_lot(subject: str) -> bool:
    """Whether a fact is about a lot, so that part of it is shown to whoever has the lot's code."""
    return _LOT_CODE.fullmatch(subject) is not None


def is_open(kind: str) -> bool:
    """Whether what a fact says stands in the log itself."""
    return kind in OPEN_KINDS


def shown_facts(kind: str, facts: Mapping[str, object]) -> dict[str, object]:
    """What of a lot's fact is shown to whoever has its code."""
    allowed = SHOWN_FACTS.get(kind, frozenset())
    return {name: _shown(facts[name], allowed) for name in facts.keys() & allowed}


def _shown(value: object, allowed: frozenset[str]) -> object:
    # A correction tells what stood before and after: of both, what is shown anyway.
    if isinstance(value, Mapping):
        return {name: inner for name, inner in value.items() if name in allowed}
    return value
