"""How alike two growers, or two plots, are: whether somebody was entered twice. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum

from app.kit.messages import Message, say
from app.kit.text import fold

_TITLE = re.compile(
    r"(?:(?:hộ|ho(?= (?:ong|ba)\b)|gia đình|gia dinh|ông|ong|bà|anh|chị|cô|chú|bác)\s+)+"
)
_HAMLET_WORD = re.compile(r"^(?:thon|xom|khu|to) (?=\S)")
_NOT_WORD = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\d+")
FEWEST_WORDS = 2
SHORTEST_FOR_SLIP = 6
SWAPPED = 2
LIKE_AREA, SAME_AREA = 0.10, 0.02
MOST_OF_IT, HALF_OF_IT = 0.7, 0.5


class Likeness(StrEnum):
    """Whether two records are the same person or plot."""

    LIKELY = "likely"
    POSSIBLE = "possible"
    NOT = "not"


class Names(IntEnum):
    """How alike two names are; near: one slip, other accents, or a middle name left out."""

    OTHER = 0
    NEAR = 1
    SAME = 2


class Phones(StrEnum):
    SAME = "same"
    SLIP = "slip"
    UNKNOWN = "unknown"
    OTHER = "other"


class Homes(StrEnum):
    HAMLET = "hamlet"
    COMMUNE = "commune"
    OTHER = "other"


@dataclass(frozen=True)
class Finding:
    """What was found, and the sentence why."""

    likeness: Likeness
    why: Message


@dataclass(frozen=True)
class Spelling:
    """A name as it is compared: folded words in their order, and the accents of each."""

    words: tuple[str, ...]
    accents: tuple[str, ...]

    @property
    def joined(self) -> str:
        return "".join(self.words)

    @property
    def key(self) -> str:
        """The same for every order of the words."""
        return " ".join(sorted(self.words))


@dataclass(frozen=True)
class PersonSeen:
    """A grower as they are compared; `commune` is the one of today."""

    name: Spelling
    phone: str | None
    commune: int
    hamlet: str


@dataclass(frozen=True)
class PlotSeen:
    """A plot as it is compared."""

    grower: int
    area: int | None
    name: Spelling
    square_metres: int


UNALIKE = Finding(Likeness.NOT, say("Nothing tells that these two are the same."))
_BOTH_TELEPHONE = say("The same name and the same telephone.")
_SLIP_IN_TELEPHONE = say("The same name; the telephones differ by one digit.")
_NAME_AND_HAMLET = say("The same name in the same hamlet; one has no telephone.")
_NAME_AND_COMMUNE = say("The same name in the same commune; one has no telephone.")
_OTHER_TELEPHONE = say("The same name in the same hamlet, with another telephone.")
_SLIP_IN_NAME = say("The same telephone and almost the same name.")
_SLIP_IN_BOTH = say("Almost the same name; the telephones differ by one digit.")
_ALMOST_AND_HAMLET = say("Almost the same name in the same hamlet; one has no telephone.")

_Row = tuple[Message, Mapping[Homes, Likeness]]
_YES, _PERHAPS = Likeness.LIKELY, Likeness.POSSIBLE
_PEOPLE: Mapping[tuple[Names, Phones], _Row] = {
    (Names.SAME, Phones.SAME): (_BOTH_TELEPHONE, dict.fromkeys(Homes, _YES)),
    (Names.SAME, Phones.SLIP): (
        _SLIP_IN_TELEPHONE,
        {Homes.HAMLET: _YES, Homes.COMMUNE: _YES, Homes.OTHER: _PERHAPS},
    ),
    (Names.SAME, Phones.UNKNOWN): (_NAME_AND_HAMLET, {Homes.HAMLET: _YES}),
    (Names.SAME, Phones.OTHER): (_OTHER_TELEPHONE, {Homes.HAMLET: _PERHAPS}),
    (Names.NEAR, Phones.SAME): (
        _SLIP_IN_NAME,
        {Homes.HAMLET: _YES, Homes.COMMUNE: _YES, Homes.OTHER: _PERHAPS},
    ),
    (Names.NEAR, Phones.SLIP): (
        _SLIP_IN_BOTH,
        {Homes.HAMLET: _YES, Homes.COMMUNE: _PERHAPS},
    ),
    (Names.NEAR, Phones.UNKNOWN): (_ALMOST_AND_HAMLET, {Homes.HAMLET: _PERHAPS}),
}


def spelling_of(name: str) -> Spelling:
    """A name without titles, as it is compared: hoà and hòa are one spelling."""
    plain = unicodedata.normalize("NFC", name).casefold().strip()
    bare = _TITLE.sub("", plain, count=1) if _TITLE.match(plain) else plain
    words = [word for word in _NOT_WORD.split(bare) if word]
    if len(words) < FEWEST_WORDS:
        words = [word for word in _NOT_WORD.split(plain) if word]
    return Spelling(tuple(map(fold, words)), tuple(map(_accents, words)))


def hamlet_of(hamlet: str) -> str:
    """A hamlet as it is compared, without the word for hamlet."""
    return _HAMLET_WORD.sub("", fold(hamlet))


def names_alike(one: Spelling, other: Spelling) -> Names:
    """How alike two names are. What is numbered differently is never the same."""
    if _DIGITS.findall(one.joined) != _DIGITS.findall(other.joined):
        return Names.OTHER
    if one.key == other.key or one.joined == other.joined:
        return Names.SAME if _accents_agree(one, other) else Names.NEAR
    near = one_slip(one.joined, other.joined) or _leaves_out(one, other) or _leaves_out(other, one)
    return Names.NEAR if near else Names.OTHER


def one_slip(one: str, other: str) -> bool:
    """Whether one letter was changed, left out, added, or two neighbours were swapped."""
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < SHORTEST_FOR_SLIP:
        return False
    start = _alike(one, other)
    left, right = one[start:], other[start:]
    end = _alike(left[::-1], right[::-1])
    left, right = left[: len(left) - end], right[: len(right) - end]
    swapped = len(left) == SWAPPED and left == right[::-1]
    return max(len(left), len(right)) <= 1 or swapped


def phones_alike(one: str | None, other: str | None) -> Phones:
    """How alike two telephone numbers are."""
    if one is None or other is None:
        return Phones.UNKNOWN
    if one == other:
        return Phones.SAME
    return Phones.SLIP if one_slip(one, other) else Phones.OTHER


def homes_alike(one: PersonSeen, other: PersonSeen) -> Homes:
    """Whether two people live in the same hamlet, or at least in the same commune of today."""
    if one.commune != other.commune:
        return Homes.OTHER
    return Homes.HAMLET if one.hamlet and one.hamlet == other.hamlet else Homes.COMMUNE


def people_alike(one: PersonSeen, other: PersonSeen) -> Finding:
    """Whether two records are the same person. Namesakes with other telephones are common."""
    names = names_alike(one.name, other.name)
    phones, homes = phones_alike(one.phone, other.phone), homes_alike(one, other)
    if (names, phones, homes) == (Names.SAME, Phones.UNKNOWN, Homes.COMMUNE):
        return Finding(Likeness.POSSIBLE, _NAME_AND_COMMUNE)
    row = _PEOPLE.get((names, phones))
    if row is None or homes not in row[1]:
        return UNALIKE
    return Finding(row[1][homes], row[0])


def plots_alike(one: PlotSeen, other: PlotSeen) -> Finding:
    """Whether two plots of one grower are the same, by name and area."""
    if one.grower != other.grower:
        return UNALIKE
    if names_alike(one.name, other.name) is not Names.OTHER:
        like = _within(one.square_metres, other.square_metres, LIKE_AREA)
        why = say("The same grower and almost the same name.")
        return Finding(Likeness.LIKELY if like else Likeness.POSSIBLE, why)
    same_place = one.area is not None and one.area == other.area
    if same_place and _within(one.square_metres, other.square_metres, SAME_AREA):
        return Finding(Likeness.POSSIBLE, say("The same grower, planting area and size."))
    return UNALIKE


def ground_alike(shared: float, one: float, other: float) -> Finding:
    """Whether two plots are the same by the ground they share (square metres)."""
    small, large = sorted((one, other))
    if shared < small * HALF_OF_IT:
        return UNALIKE
    why = say("{share} % of the smaller one lies on the other.", share=round(100 * shared / small))
    most = shared >= small * MOST_OF_IT and shared >= large * HALF_OF_IT
    return Finding(Likeness.LIKELY if most else Likeness.POSSIBLE, why)


def joined_periods(
    periods: Sequence[tuple[date, date | None]],
) -> list[tuple[date, date | None]]:
    """Periods as few as possible without overlap (last days inclusive, None: still)."""
    joined: list[tuple[date, date | None]] = []
    for start, end in sorted(periods, key=lambda period: period[0]):
        before = joined[-1] if joined else None
        if before is None or (before[1] is not None and start > before[1] + timedelta(days=1)):
            joined.append((start, end))
        else:
            joined[-1] = (before[0], _later(before[1], end))
    return joined


def standing_consent(consents: Sequence[tuple[datetime, datetime | None]]) -> int | None:
    """Which consent goes on when two records become one: none that was given before a withdrawal."""
    withdrawn = [end for _, end in consents if end is not None]
    last = max(withdrawn, default=None)
    standing = [
        (given, at)
        for at, (given, end) in enumerate(consents)
        if end is None and (last is None or given > last)
    ]
    return min(standing)[1] if standing else None


def _accents(word: str) -> str:
    marks = (sign for sign in unicodedata.normalize("NFD", word) if not sign.isalnum())
    return "".join(sorted(marks)) + "d" * word.count("đ")


def _accents_agree(one: Spelling, other: Spelling) -> bool:
    # Who types without any accents says nothing against the other.
    if not any(one.accents) or not any(other.accents):
        return True
    if len(one.words) != len(other.words):
        return sorted("".join(one.accents)) == sorted("".join(other.accents))
    return sorted(zip(one.words, one.accents, strict=True)) == sorted(
        zip(other.words, other.accents, strict=True)
    )


def _leaves_out(short: Spelling, long: Spelling) -> bool:
    """Whether only one word between the first and the last was left out."""
    if len(short.words) < FEWEST_WORDS or len(long.words) != len(short.words) + 1:
        return False
    return any(
        long.words[:at] + long.words[at + 1 :] == short.words for at in range(1, len(short.words))
    )


def _alike(one: str, other: str) -> int:
    return next(
        (at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]),
        min(len(one), len(other)),
    )


def _within(one: float, other: float, part: float) -> bool:
    return abs(one - other) <= part * max(one, other)


def _later(one: date | None, other: date | None) -> date | None:
    return None if one is None or other is None else max(one, other)
