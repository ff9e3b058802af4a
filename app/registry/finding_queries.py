"""Finding planting areas by words: fast for rare words and for very common ones, on both databases.

Every word of a search must be the beginning of a word of the area. A rare word is looked up in
the index of words; where all are common, areas are walked from the newest and each is probed.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, false, func, inspect, select, true
from sqlmodel import Session, col

from app.kit.text import fold
from app.models.finding import AreaWord
from app.models.registry import Organisation, OrganisationKind, PlantingArea

LONGEST_WORD = 60
# Begins the words by which everybody may find an area whose owner is not named to the public: a
# letter that no search contains, since it is taken out of what is typed.
FOR_ALL = "龘"
# Sorts after every Latin letter and digit in every order of letters a database may be made with.
# The highest code points do not: some of these orders overlook what is not assigned.
_HIGHEST = "龥"
# How often a word may stand in the index and still be looked up there: at once, or where walking
# the newest areas found next to nothing.
RARE, FREQUENT = 400, 8_000
# More areas than this are not named one by one in a statement.
MOST_NAMED = 2_000
# Of so many newest areas so many must be found for walking them to be the shorter way.
SAMPLE, ENOUGH = 1_000, 1
# More words than any address has: each costs a look at the index.
MOST_WORDS = 12
LONGEST_SEARCH = 400

_WORDS = inspect(AreaWord).local_table
_PROBED = _WORDS.alias("probed")


def is_named(organisation: Organisation) -> bool:
    """Whether everybody may read its name: a household bears a person's (Luật 91/2025/QH15)."""
    return organisation.name_public or organisation.kind is not OrganisationKind.HOUSEHOLD


def words_sought(q: str) -> tuple[str, ...]:
    """The folded words of a search, without those that another word begins with already."""
    folded = fold(q[:LONGEST_SEARCH].replace(FOR_ALL, " ")).split()[:MOST_WORDS]
    typed = list(dict.fromkeys(word[:LONGEST_WORD] for word in folded))
    return tuple(
        word
        for word in typed
        if not any(other != word and other.startswith(word) for other in typed)
    )


def words_for_all(words: Iterable[str]) -> list[str]:
    """The same words, as they find an area whose owner is not named to the public."""
    return [(FOR_ALL + word)[:LONGEST_WORD] for word in words]


def matching(session: Session, words: Sequence[str], area_id: Any) -> ColumnElement[bool]:
    """The condition that keeps the areas found by every one of some folded words.

    `area_id` is the column of the statement that names the area. The way of finding them is
    chosen here, by looking at how frequent the words are.
    """
    if not words:
        return true()
    bound = RARE
    ordered, count = _by_frequency(session, words, bound)
    if count > bound and not _abounds(session, ordered):
        bound = FREQUENT
        ordered, count = _by_frequency(session, words, bound)
    if count > bound:
        return having(ordered, area_id)
    return _looked_up(session, ordered, area_id) if count else false()


def having(words: Iterable[str], area_id: Any) -> ColumnElement[bool]:
    """The same condition, to be probed area by area: for few areas, or where most have the words."""
    return and_(true(), *(_has(word, area_id) for word in words))


def _looked_up(session: Session, words: Sequence[str], area_id: Any) -> ColumnElement[bool]:
    """By the first word's entries in the index, each probed for the others."""
    # Neither in order nor the first of them: either leads PostgreSQL to read the whole index.
    wanted = select(_WORDS.c.area_id).where(
        _begins(_WORDS, words[0]), having(words[1:], _WORDS.c.area_id)
    )
    found = set(session.execute(wanted).scalars())
    condition: ColumnElement[bool] = area_id.in_(found)
    return having(words, area_id) if len(found) > MOST_NAMED else condition


def _by_frequency(session: Session, words: Sequence[str], bound: int) -> tuple[list[str], int]:
    """The words, the rarest first, and how often it stands in the index: to one above a bound."""
    some = [
        select(_WORDS.c.area_id).where(_begins(_WORDS, word)).limit(bound + 1).subquery()
        for word in words
    ]
    counted = select(*(select(func.count()).select_from(one).scalar_subquery() for one in some))
    counts = dict(zip(words, session.execute(counted).one(), strict=True))
    ordered = sorted(words, key=lambda word: (counts[word], -len(word)))
    return ordered, counts[ordered[0]]


def _abounds(session: Session, words: Sequence[str]) -> bool:
    """Whether many of the newest areas have all the words."""
    newest = (
        select(col(PlantingArea.id)).order_by(col(PlantingArea.id).desc()).limit(SAMPLE).subquery()
    )
    wanted = select(newest.c.id).where(having(words, newest.c.id)).limit(ENOUGH)
    return len(session.execute(wanted).all()) == ENOUGH


def _has(word: str, area_id: Any) -> ColumnElement[bool]:
    found = select(_PROBED.c.area_id).where(_PROBED.c.area_id == area_id, _begins(_PROBED, word))
    # The limit keeps PostgreSQL from making a join of it, which would read every area with the word.
    return found.correlate_except(_PROBED).limit(1).scalar_subquery().is_not(None)


def _begins(table: FromClause, word: str) -> ColumnElement[bool]:
    return and_(table.c.word >= word, table.c.word < word + _HIGHEST)
