"""Keeping the index of words by which planting areas are found."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.db import is_sqlite
from app.kit.text import fold
from app.models.finding import AreaWord
from app.models.places import AdminUnit
from app.models.registry import AreaCode, Organisation, PlantingArea
from app.places.queries import predecessors_of
from app.registry.finding_queries import LONGEST_WORD, is_named, words_for_all

BATCH = 500


@dataclass(frozen=True)
class _Named:
    """What an area is found by: texts everybody may read, and those that name a person."""

    public: Sequence[str | None]
    personal: Sequence[str] = ()

    def words(self) -> set[str]:
        """Every folded word; what everybody may find a person's area by stands in it twice."""
        public, personal = _words(self.public), _words(self.personal)
        marked = words_for_all(public) if self.personal else ()
        return public.union(personal, marked)


def index_words(session: Session, area: PlantingArea) -> None:
    """Write the words of one area anew, after its name, place, codes or organisation changed."""
    session.flush()  # what was changed is read from the database
    _index(session, [area.pk])


def index_organisation(session: Session, organisation: Organisation) -> None:
    """The same for every area of an organisation."""
    session.flush()  # what was changed is read from the database
    wanted = select(col(PlantingArea.id)).where(
        col(PlantingArea.organisation_id) == organisation.pk
    )
    _index_all(session, list(session.execute(wanted).scalars()))


def rebuild_words(session: Session) -> int:
    """Write the words of all areas anew; how many areas there are."""
    areas = list(session.execute(select(col(PlantingArea.id))).scalars())
    _index_all(session, areas)
    return len(areas)


def ensure_words(session: Session) -> None:
    """Write the words of areas that have none: they were registered before there was an index."""
    known = select(col(AreaWord.area_id)).where(col(AreaWord.area_id) == col(PlantingArea.id))
    wanted = select(col(PlantingArea.id)).where(~known.exists())
    _index_all(session, list(session.execute(wanted).scalars()))


def _index_all(session: Session, area_ids: list[int]) -> None:
    for first in range(0, len(area_ids), BATCH):
        _index(session, area_ids[first : first + BATCH])


def _index(session: Session, area_ids: list[int]) -> None:
    kept: defaultdict[int, set[str]] = defaultdict(set)
    wanted = select(col(AreaWord.area_id), col(AreaWord.word))
    for area_id, word in session.execute(wanted.where(col(AreaWord.area_id).in_(area_ids))):
        kept[area_id].add(word)
    new: list[dict[str, Any]] = []
    for area_id, named in _named(session, area_ids).items():
        words = named.words()
        new += [{"area_id": area_id, "word": word} for word in sorted(words - kept[area_id])]
        _forget(session, area_id, kept[area_id] - words)
    _write(session, new)


def _forget(session: Session, area_id: int, words: set[str]) -> None:
    if words:
        gone = delete(AreaWord).where(
            col(AreaWord.area_id) == area_id, col(AreaWord.word).in_(words)
        )
        session.execute(gone, execution_options={"synchronize_session": False})


def _write(session: Session, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    insert: Any = sqlite.insert if is_sqlite(session) else postgresql.insert
    # Somebody may be indexing the same area in this moment: the same word need not stand twice.
    session.connection().execute(insert(AreaWord).on_conflict_do_nothing(), rows)


def _named(session: Session, area_ids: list[int]) -> dict[int, _Named]:
    commune, former = aliased(AdminUnit), aliased(AdminUnit)
    wanted = (
        select(PlantingArea, Organisation, commune, former)
        .join(Organisation, col(Organisation.id) == col(PlantingArea.organisation_id))
        .join(commune, col(commune.id) == col(PlantingArea.commune_id))
        .outerjoin(former, col(former.id) == col(PlantingArea.former_commune_id))
        .where(col(PlantingArea.id).in_(area_ids))
    )
    codes, made_of = _codes(session, area_ids), _Predecessors(session)
    return {
        area.pk: _texts(area, organisation, [*_places(here, before, made_of), *codes[area.pk]])
        for area, organisation, here, before in session.execute(wanted)
    }


def _texts(area: PlantingArea, organisation: Organisation, public: list[str | None]) -> _Named:
    names = (area.name, organisation.name)
    return _Named((*names, *public)) if is_named(organisation) else _Named(public, names)


def _codes(session: Session, area_ids: list[int]) -> defaultdict[int, list[str]]:
    wanted = select(col(AreaCode.area_id), col(AreaCode.code), col(AreaCode.code_key))
    found: defaultdict[int, list[str]] = defaultdict(list)
    for area_id, code, key in session.execute(wanted.where(col(AreaCode.area_id).in_(area_ids))):
        found[area_id] += [code, key]
    return found


class _Predecessors:
    """What communes were made of, each looked up once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[int, list[AdminUnit]] = {}

    def of(self, commune: AdminUnit) -> list[AdminUnit]:
        if commune.pk not in self._known:
            self._known[commune.pk] = predecessors_of(self._session, commune)
        return self._known[commune.pk]


def _places(
    commune: AdminUnit, former: AdminUnit | None, made_of: _Predecessors
) -> list[str | None]:
    """The area's own places; every former one that may be meant where nobody says which it was."""
    before = made_of.of(commune) if former is None else [former]
    names: list[str | None] = []
    for unit in (commune, *before):
        names += [unit.name, unit.district_name, unit.province_name]
    return names


def _words(texts: Sequence[str | None]) -> set[str]:
    return {word[:LONGEST_WORD] for text in texts for word in fold(text or "").split()}
