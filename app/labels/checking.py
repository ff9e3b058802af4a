"""What a label lacks for where it goes, by the law of the day: refusals and warnings with reasons. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.catalogue.product_rules import says_genuine
from app.kit.messages import Message, say
from app.kit.text import fold
from app.labels.composing import Composed
from app.labels.label_rules import LabelRules, Wanted
from app.labels.layout import LayoutBody
from app.labels.typeface import X_HEIGHT
from app.models.print_runs import Purpose

# A city that lies in a province was a unit of the second level as well; one that is a province stands.
_FORMER_UNITS = re.compile(
    r"\b(?:huyện|quận|thị xã|thị trấn)\s|(?:^|,)\s*(?:H|TX|Q)\.\s?\w|\bthành phố\s[^,]+,\s*tỉnh\s",
    re.IGNORECASE,
)
_SAME = {
    "dates": ("dates", "packed_on", "harvested_on", "packed_or_harvested"),
    "best_before": ("best_before", "dates"),
    "quantity": ("quantity", "packing"),
}
_UM = 1000

# Words of standards that no name, brand or advice may use unless the lot holds one of these.
_STANDARDS: tuple[tuple[frozenset[str], tuple[str, ...]], ...] = (
    (frozenset({"organic", "pgs"}), ("huu co", "organic", "有机")),
    (frozenset({"vietgap"}), ("vietgap", "viet gap")),
    (frozenset({"globalgap"}), ("globalgap", "global gap", "globalg a p")),
    (frozenset({"ocop"}), ("ocop",)),
)
_FREE_WORDS = ("product_name", "brand", "storage", "warning")

FACT_NAMES: dict[str, Message] = {
    "product_name": say("Name of the goods"),
    "image": say("Picture"),
    "brand": say("Brand"),
    "producer_name": say("Responsible organisation"),
    "producer_address": say("Its address"),
    "origin": say("Origin"),
    "quantity": say("Quantity"),
    "packing": say("Packs and weight"),
    "dates": say("Packing or harvest day, best before"),
    "harvested_on": say("Harvest day"),
    "packed_on": say("Packing day"),
    "packed_or_harvested": say("Packing or harvest day"),
    "best_before": say("Best before"),
    "storage": say("Storage"),
    "warning": say("Warning"),
    "area_code": say("Planting-area code"),
    "packing_house": say("Packing-house code"),
    "lot_code": say("Lot code"),
    "serial": say("Serial number"),
    "claim": say("Standard and certificate"),
    "destination": say("Destination"),
    "grower": say("Grower"),
    "area_name": say("Planting area"),
    "weight_line": say("Line for the weight"),
    "host": say("Web address"),
    "voice_pick": say("Voice-pick code, its first two digits"),
    "voice_pick_end": say("Voice-pick code, its last two digits"),
}


@dataclass(frozen=True)
class Lack:
    """Something a label lacks or gets wrong; `refuses` says whether it may be printed all the same.

    `grave`: what somebody must have seen before labels come out.
    """

    field: str
    why: Message
    refuses: bool
    grave: bool = False


def public_items(rules: LabelRules, words: Mapping[str, str]) -> dict[str, bool]:
    """The items the page behind the code must show, and whether the lot has them.

    The picture always is there: a photograph, or the drawing of the crop.
    """
    return {fact: fact == "image" or bool(words.get(fact)) for fact in rules.public.facts}


def lacks(
    purpose: Purpose,
    language: str,
    layout: LayoutBody,
    words: Mapping[str, str],
    composed: Composed,
    rules: LabelRules,
) -> list[Lack]:
    """Everything that is wrong, refusals first."""
    found = [
        *_public(rules, words),
        *_by_purpose(purpose, language, layout, words, rules),
        *_letters(composed, rules),
        *_former_address(words, rules),
        *_forbidden(words),
        *_shortened(composed),
    ]
    return sorted(found, key=lambda lack: not lack.refuses)


def unproven(words: Mapping[str, str], granted: frozenset[str]) -> Iterator[Lack]:
    """Standards that a name, brand or advice speaks of and the lot does not hold."""
    for fact in _FREE_WORDS:
        text = fold(words.get(fact, ""))
        for kinds, names in _STANDARDS:
            found = next((name for name in names if name in text), None)
            if found is not None and not kinds & granted:
                why = say(
                    "“{words}” claims a standard that the lot does not hold.", words=words[fact]
                )
                yield Lack("product" if fact in {"product_name", "brand"} else fact, why, True)


def expires(address: str) -> bool:
    """Whether an address names a unit that was no more after 1 July 2025: a district or a town."""
    return _FORMER_UNITS.search(address) is not None


def _public(rules: LabelRules, words: Mapping[str, str]) -> Iterator[Lack]:
    for fact, there in public_items(rules, words).items():
        if not there:
            why = say("The lot lacks what every label must lead to: {fact}.", fact=FACT_NAMES[fact])
            yield Lack(fact, why, rules.public.refuses)


def _by_purpose(
    purpose: Purpose,
    language: str,
    layout: LayoutBody,
    words: Mapping[str, str],
    rules: LabelRules,
) -> Iterator[Lack]:
    match purpose:
        case Purpose.RETAIL | Purpose.CARTON:
            yield from _language(language, rules)
            yield from _missing(rules.required, layout, words)
            yield from _missing(rules.food, layout, words)
        case Purpose.MINI:
            yield from _language(language, rules)
            yield from _on_the_bag(layout, rules)
        case Purpose.EXPORT:
            yield from _export(language, layout, words, rules)
        case Purpose.CRATE:
            pass


def _language(language: str, rules: LabelRules) -> Iterator[Lack]:
    if rules.home_language not in language.split("+"):
        why = say(
            "Goods sold in Viet Nam are labelled in Vietnamese. This label is for export only."
        )
        yield Lack("language", why, refuses=False)


def _missing(wanted: Wanted, layout: LayoutBody, words: Mapping[str, str]) -> Iterator[Lack]:
    for fact in wanted.facts:
        names = _SAME.get(fact, (fact,))
        if not any(name in layout.facts for name in names):
            why = say("The layout has no place for: {fact}.", fact=FACT_NAMES[fact])
            yield Lack(fact, why, wanted.refuses)
        elif not words.get(fact):
            why = say("Nothing is known for: {fact}.", fact=FACT_NAMES[fact])
            yield Lack(fact, why, wanted.refuses)


def _on_the_bag(layout: LayoutBody, rules: LabelRules) -> Iterator[Lack]:
    for fact in rules.required.facts:
        if fact not in layout.facts:
            why = say(
                "This small label leaves it to the bag to say: {fact}.", fact=FACT_NAMES[fact]
            )
            yield Lack(fact, why, refuses=False)


def _export(
    language: str, layout: LayoutBody, words: Mapping[str, str], rules: LabelRules
) -> Iterator[Lack]:
    if not {"zh", "en"} & set(language.split("+")):
        why = say("A box for China is labelled in Chinese or English.")
        yield Lack("language", why, rules.export_china.refuses)
    yield from _missing(rules.export_china, layout, words)
    for fact in ("area_code", "packing_house"):
        if not words.get(fact):
            why = say(
                "A box for China carries this code; there is none in force: {fact}.",
                fact=FACT_NAMES[fact],
            )
            yield Lack(fact, why, refuses=True)


def _letters(composed: Composed, rules: LabelRules) -> Iterator[Lack]:
    lowest = min((line.size for line in composed.lines), default=rules.letter_um) * X_HEIGHT * _UM
    if composed.lines and lowest + 1 < rules.letter_um:
        why = say(
            "The smallest letters are {height} µm high; the law wants {least}.",
            height=round(lowest),
            least=rules.letter_um,
        )
        yield Lack("layout", why, refuses=True)


def _former_address(words: Mapping[str, str], rules: LabelRules) -> Iterator[Lack]:
    until = rules.former_address_until
    if until is None or not expires(words.get("producer_address", "")):
        return
    if rules.today < until:
        why = say(
            "The address is from before the merger of communes: labels with it may be used until {day}.",
            day=until,
        )
        yield Lack("producer_address", why, refuses=False, grave=True)
    else:
        why = say(
            "The address is from before the merger of communes: since {day} no label may bear it.",
            day=until,
        )
        yield Lack("producer_address", why, refuses=True)


def _forbidden(words: Mapping[str, str]) -> Iterator[Lack]:
    for fact, text in words.items():
        if says_genuine(text):
            why = say("A label never says that goods are genuine: no code can know that.")
            yield Lack(fact, why, refuses=True)


def _shortened(composed: Composed) -> Iterator[Lack]:
    for fact in composed.shortened:
        why = say(
            "This does not fit whole and is cut short or left out: {fact}.", fact=FACT_NAMES[fact]
        )
        yield Lack(fact, why, refuses=False, grave=True)
    if composed.left_out:
        shown = " ".join(_named(letter) for letter in composed.left_out[:8])
        why = say("These signs cannot be printed and are left out: {signs}", signs=shown)
        yield Lack("layout", why, refuses=False, grave=True)


def refusals(found: Sequence[Lack]) -> list[Lack]:
    """Those that forbid printing."""
    return [lack for lack in found if lack.refuses]


def _named(letter: str) -> str:
    return letter if letter.isprintable() else f"U+{ord(letter):04X}"
