"""What people write into the register, cleaned, or refused at the field it was written into. Pure."""

from app.errors import refuse
from app.kit.messages import say
from app.kit.text import TextRefused, clean, fold

SHORTEST_REASON = 5
MOST_WORDS = 6


def text_of(field: str, typed: str, *, longest: int, multiline: bool = False) -> str:
    """The text as it is stored; raises Refused for what cannot be stored or is too long."""
    try:
        return clean(typed, longest=longest, multiline=multiline)
    except TextRefused as refusal:
        raise refuse(field, refusal.why) from refusal


def name_of(field: str, typed: str, *, longest: int) -> tuple[str, str]:
    """A name and the key it is searched by; a name has at least one letter or digit."""
    name = text_of(field, typed, longest=longest)
    key = fold(name)[:longest]
    if not key:
        raise refuse(field, say("This is required."))
    return name, key


def name_or_nothing(field: str, typed: str, *, longest: int) -> str:
    """One line of text that may be left out."""
    return text_of(field, typed, longest=longest)


def reason_of(typed: str) -> str:
    """Why something was done, in a few words at least."""
    words = text_of("reason", typed, longest=500, multiline=True)
    if len(words) < SHORTEST_REASON:
        raise refuse("reason", say("Say why, in a few words."))
    return words


def words_of(typed: str) -> list[str]:
    """The folded words of a search text; no more than any name has, since each costs a pattern."""
    return fold(typed).split()[:MOST_WORDS]
