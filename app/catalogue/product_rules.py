"""What a product may be, and which changes make it another one that needs a GTIN of its own. Pure."""

from app.errors import refuse
from app.kit.messages import Message, say
from app.kit.quantities import Grams
from app.kit.text import fold
from app.models.products import Product

# Larger is a slip of the finger: a pallet of vegetables weighs about a tonne.
LARGEST_PACK_G = 5_000_000
MOST_HELD = 10_000
MOST_BEST_BEFORE_DAYS = 1_100
LONGEST_KEY = 240
# What a code cannot know, neither a label nor a product's name may say.
_FORBIDDEN = ("hàng thật", "hang that", "genuine", "100% real", "正品")

# GS1 GTIN Management Standard, rules 2.2, 2.3, 2.6 and 2.8: whoever orders the former must not get the new.
NEW_GTIN_FOR: dict[str, Message] = {
    "crop_id": say("another crop"),
    "brand": say("another brand"),
    "pack_g": say("another weight"),
    "holds_id": say("other packs in it"),
    "holds_count": say("another number of packs"),
    "gtin": say("another number"),
}


def says_genuine(text: str) -> bool:
    """Whether a text promises that goods are genuine, with or without accents."""
    plain, folded = text.casefold(), fold(text)
    return any(word in plain or fold(word) == folded for word in _FORBIDDEN)


def key_of(name: str, brand: str, pack_g: int | None, holds_count: int | None) -> str:
    """What tells products of an organisation apart: one name may come in several packs.

    Words of the name are searched by their beginnings; the pack begins with a sign no word has.
    """
    pack = f"={holds_count or 1}x{pack_g or 0}"
    return f"{fold(name)} {fold(brand)}".strip()[: LONGEST_KEY - len(pack) - 1] + f" {pack}"


def weight_with(pack_g: int | None, count: int | None, each_g: int | None) -> int | None:
    """What a carton weighs net: its packs together. Refused when something else was typed."""
    if count is None or each_g is None:
        return pack_g
    whole = count * each_g
    if pack_g not in {None, whole}:
        why = say("The packs in it weigh {whole} together.", whole=Grams(whole))
        raise refuse("pack_g", why)
    return whole


def require_amounts(pack_g: int | None, count: int | None, best_before_days: int | None) -> None:
    """Refuse weights, numbers of packs and days that no goods have."""
    if pack_g is not None and not 0 < pack_g <= LARGEST_PACK_G:
        why = say("A pack weighs something, and at most {most}.", most=Grams(LARGEST_PACK_G))
        raise refuse("pack_g", why)
    if count is not None and not 0 < count <= MOST_HELD:
        raise refuse("holds_count", say("A carton holds 1 to {most} packs.", most=MOST_HELD))
    if best_before_days is not None and not 0 < best_before_days <= MOST_BEST_BEFORE_DAYS:
        why = say("Between 1 and {most} days.", most=MOST_BEST_BEFORE_DAYS)
        raise refuse("best_before_days", why)


def another_product(before: Product, after: dict[str, object]) -> Message | None:
    """What among the changes makes it another product in the eyes of whoever orders by GTIN."""
    changed = (name for name in NEW_GTIN_FOR if getattr(before, name) != after[name])
    return next((NEW_GTIN_FOR[name] for name in changed), None)
