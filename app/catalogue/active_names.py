"""How people write the name of an active ingredient, taken apart so that whole names compare. Pure."""

import re
from functools import lru_cache

from app.kit.text import fold

# What says how an active is bound or sold, and does not make another active of it.
_SALTS = (
    "acid", "axit", "salt", "muoi", "sodium", "natri", "potassium", "kali", "ammonium", "amoni",
    "isopropylamine", "ipa", "isopropylammonium", "dimethylamine", "dma", "dimethylammonium",
    "diethanolamine", "diolamine", "trimesium", "monoammonium", "diammonium", "hydrochloride",
    "chloride", "clorua", "dichloride", "diclorua", "sulfate", "sulphate", "sunfat", "sunphat",
    "acetate", "axetat", "nitrate", "nitrat", "oxide", "oxit", "trioxide", "benzoate", "benzoat",
    "monohydrate", "hydrate", "compound", "compounds", "hop",
)  # fmt: skip
# Words around the name itself.
_NOISE = frozenset(
    {"thuoc", "hoat", "chat", "min", "technical", "tc", "sau", "tru", "nhan", "hieu"}
)
_RESPELT = {"etyl": "ethyl", "metyl": "methyl"}
_AMOUNT = re.compile(
    r"\(?\s*(?:min\.?\s*)?\d+(?:[.,]\d+)?\s*(?:%\s*(?:w/w|w/v)?|g/kg|g/l|gr/l|ml/l|mg/l|ppm|w/w|w/v)\s*\)?",
    re.IGNORECASE,
)
# "48 EC", "3G", "75WP": how strong and in what form a product is sold.
_FORMULATION = re.compile(
    r"(?<![\w.,-])\d+(?:[.,]\d+)?\s?"
    r"(?:EC|WP|SC|SL|WG|WDG|GR|G|H|DD|ND|BTN|BHN|EW|ME|OD|SP|SG|CS|FS|DC|SE|DP|AL)\b",
    re.IGNORECASE,
)
_APART = re.compile(r"\s*(?:[+;&/\n]|\bvà\b|\band\b)\s*", re.IGNORECASE)
_COMMA_APART = re.compile(r",(?=\s|[^\W\d])")
_BRACKETS = re.compile(r"[()\[\]]")


# The same few names are compared with every input of every diary.
@lru_cache(maxsize=8_192)
def name_keys(name: str) -> frozenset[str]:
    """What two writings of one active have in common, whatever its salt and the order of its parts.

    "2,4-D natri", "2.4 D" and "2,4d" agree; so do "Methyl Parathion" and "parathion-methyl".
    Whole names are compared: chlorpyrifos-methyl is not chlorpyrifos-ethyl. Empty for no name.
    """
    words = [_respelt(word) for word in fold(name).split()]
    plain = _without_salt([word for word in words if word not in _NOISE] or words)
    return frozenset({"".join(plain), "".join(sorted(plain))}) - {""}


def names_in(text: str) -> list[str]:
    """The single names in what was written: "Abamectin 18 g/l + Captan (min 95%)" holds two.

    The whole is among them, since a comma may belong to a name ("2,4-D").
    """
    bare = _FORMULATION.sub(" ", _AMOUNT.sub(" ", text))
    whole = [part for part in _APART.split(bare) if part.strip()]
    finer = [
        piece
        for part in whole
        for pieces in (_BRACKETS.split(part), _COMMA_APART.split(part))
        if len(pieces) > 1
        for piece in pieces
        if piece.strip()
    ]
    return list(dict.fromkeys([text.strip(), *whole, *finer]))


@lru_cache(maxsize=8_192)
def keys_in(text: str) -> frozenset[str]:
    """The keys of every name in what was written."""
    return frozenset(key for name in names_in(text) for key in name_keys(name))


def _respelt(word: str) -> str:
    return _RESPELT.get(word, word).replace("ph", "f")


def _without_salt(words: list[str]) -> list[str]:
    if "ester" in words:
        # "2,4-D butyl ester": what stands before the word says which ester.
        at = words.index("ester")
        words = [*words[: max(at - 1, 0)], *words[at + 1 :]] or words
    kept = [word for word in words if word not in _SALTED]
    return kept or words


_SALTED = frozenset(_respelt(word) for word in _SALTS)
