"""How places are named: type words, addresses, and the words they are searched by. Pure."""

from collections.abc import Iterable, Sequence

from app.kit.text import fold

# Longest first: "Thị trấn" and "Thị xã" both begin with a word that is no type of its own.
KINDS = ("thành phố", "thị trấn", "thị xã", "phường", "huyện", "tỉnh", "xã")

# Type words only. Proper names stay as the signposts write them, in every language.
_KIND_WORDS = {
    "xã": {"en": "Commune", "zh": "社"},
    "phường": {"en": "Ward", "zh": "坊"},
    "thị trấn": {"en": "Township", "zh": "市镇"},
    "huyện": {"en": "District", "zh": "县"},
    "thị xã": {"en": "Town", "zh": "市社"},
    "thành phố": {"en": "City", "zh": "市"},
    "tỉnh": {"en": "Province", "zh": "省"},
}


def split_name(name: str) -> tuple[str, str]:
    """The type word in lower case, and the proper name: ("thị xã", "Sa Pa")."""
    for kind in KINDS:
        if name.lower().startswith(f"{kind} "):
            return kind, name[len(kind) + 1 :]
    raise ValueError(f"{name!r} does not begin with a type of administrative unit")


def address_line(names: Sequence[str], language: str) -> str:
    """An address of unit names given smallest first, in the order and words of a language.

    Vietnamese writes the types after the first in lower case (NĐ 30/2020/NĐ-CP, annex II);
    Chinese goes from the largest to the smallest.
    """
    if language == "vi":
        return ", ".join([names[0], *(name[:1].lower() + name[1:] for name in names[1:])])
    parts = [_said(name, language) for name in names]
    return " ".join(reversed(parts)) if language == "zh" else ", ".join(parts)


def search_key(names: Iterable[str]) -> str:
    """Names folded, each once, with commas between: what a search for any of them looks in."""
    return ", ".join(dict.fromkeys(filter(None, map(fold, names))))


def closeness(name: str, key: str, wanted: str) -> int:
    """How well a unit with a name and search key meets a search text; 0 is best.

    0: it is the name. 1: it begins with the name. 2: the name begins with it. 3: it begins the
    name of something around the unit, or that the unit was made of. 4: its words occur apart.
    The part before a comma is what is looked for; what follows narrows it ("Tả Phìn, Sa Pa").
    """
    short, full = fold(split_name(name)[1]), fold(name)
    whole, first = fold(wanted), fold(wanted.partition(",")[0])
    if {first, whole} & {short, full}:
        return 0
    if whole.startswith((f"{short} ", f"{full} ")):
        return 1
    if short.startswith(first):
        return 2
    return 3 if f" {first}" in f" {key}" else 4


def _said(name: str, language: str) -> str:
    kind, proper = split_name(name)
    return f"{proper} {_KIND_WORDS[kind][language]}"
