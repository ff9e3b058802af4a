"""Passwords everybody tries first: a list of them, the runs of a keyboard, and two of these in a row."""

from functools import cache
from pathlib import Path

from app.kit.text import fold

# Three or four words are a good password even when each is known; two or fewer are not.
MOST_KNOWN_PIECES = 2
SHORTEST_RUN = 3
# What repeats fewer letters than this is no word, whatever they are.
SHORTEST_UNIT = 4
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_SIGNS_AS_LETTERS = str.maketrans("@$€", "ase")
_DIGITS_AS_LETTERS = str.maketrans("013457", "oieast")


def is_common(password: str) -> bool:
    """Whether a password is one of the list, however it is capitalised, accented, repeated or numbered."""
    written = {_plain(password), _plain(password.translate(_SIGNS_AS_LETTERS))}
    meant = written | {word.translate(_DIGITS_AS_LETTERS) for word in written}
    return any(
        len(_once(word)) < SHORTEST_UNIT or _pieces(_once(word)) <= MOST_KNOWN_PIECES
        for word in meant
    )


@cache
def common_passwords() -> frozenset[str]:
    """The list, folded: no accents, no capitals, no blanks."""
    return frozenset(Path(__file__).with_name("common_passwords.txt").read_text().split())


def _plain(text: str) -> str:
    return fold(text).replace(" ", "")


def _once(text: str) -> str:
    """What a text repeats: `matkhaumatkhau` is `matkhau`."""
    period = (text + text).find(text, 1)
    return text[:period] if 0 < period < len(text) else text


def _pieces(text: str) -> int:
    """Into how few known pieces a text can be cut; more than it has letters when it cannot."""
    known, never = common_passwords(), len(text) + 1
    longest = max(map(len, known))
    fewest = [0] + [never] * len(text)
    for end in range(1, len(text) + 1):
        for start in range(end):
            piece = text[start:end]
            if _is_run(piece) or (len(piece) <= longest and piece in known):
                fewest[end] = min(fewest[end], fewest[start] + 1)
    return fewest[-1]


def _is_run(piece: str) -> bool:
    """Neighbours on a keyboard or in the alphabet, one key held down, or any number up to a date."""
    if piece.isdigit():
        return len(piece) <= len("01012026")
    if len(piece) < SHORTEST_RUN:
        return False
    return len(set(piece)) == 1 or any(piece in row or piece in row[::-1] for row in _ROWS)
