"""How much of what the law wants to be known of a lot is there: the nine items of NĐ 37/2026/NĐ-CP. Pure.

Art. 23(5) names nine, art. 23(7) the seven that the public must find; which they are, and which
are wanted only where there are any, is a dated rule.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.kit.messages import Message, say


@dataclass(frozen=True)
class Wanted:
    """The items that the rules of a day name: all of them, the public ones, those "if any"."""

    items: Sequence[str]
    public: Collection[str]
    if_any: Collection[str]
    law: str


@dataclass(frozen=True)
class Item:
    """One item: whether it is there, and whether a label needs it."""

    slug: str
    there: bool
    needed: bool

    @property
    def label(self) -> Message:
        return ITEMS.get(self.slug, say("Another item"))

    @property
    def mend(self) -> Message:
        return MENDS.get(self.slug, say("Complete the record."))


@dataclass(frozen=True)
class Completeness:
    """The score of a lot's record."""

    items: tuple[Item, ...]
    law: str

    @property
    def there(self) -> int:
        return sum(item.there for item in self.items)

    @property
    def of(self) -> int:
        return len(self.items)

    @property
    def missing(self) -> list[Item]:
        return [item for item in self.items if not item.there]

    @property
    def holds_back(self) -> list[Item]:
        """What is missing and a label cannot do without."""
        return [item for item in self.missing if item.needed]


ITEMS: dict[str, Message] = {
    "name": say("Name of the goods"),
    "image": say("Picture"),
    "producer": say("Name of the producer"),
    "producer_address": say("Address of the producer"),
    "origin": say("Origin"),
    "events": say("What happened and when"),
    "lot": say("Lot code"),
    "expiry": say("Best before"),
    "standards": say("Standards applied"),
}
MENDS: dict[str, Message] = {
    "name": say("Name the crop."),
    "image": say("Add a photograph of the harvest."),
    "producer": say("Enter the organisation's name."),
    "producer_address": say("Enter the organisation's address."),
    "origin": say("Enter the commune of the planting area."),
    "events": say("Keep the diary, or enter the packing day."),
    "lot": say("Complete the record."),
    "expiry": say("Enter the best-before day."),
    "standards": say("Declare the season with its standard, or have a certificate recorded."),
}


def completeness_of(there: Collection[str], wanted: Wanted) -> Completeness:
    """What of the wanted items is there. A label needs the public ones, save those "if any"."""
    return Completeness(
        tuple(
            Item(
                slug,
                there=slug in there,
                needed=slug in wanted.public and slug not in wanted.if_any,
            )
            for slug in wanted.items
        ),
        wanted.law,
    )
