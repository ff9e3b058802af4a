"""Searching a register of 100,000 areas, against the LIKE search over names that it took the place of."""

import json
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, event, insert, or_, select, text
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.db import engine_for, open_read_session, transaction
from app.demo.cast import HOMES
from app.kit.clock import system_clock
from app.kit.text import fold
from app.models.catalogue import Crop
from app.models.places import AdminUnit
from app.models.registry import (
    AreaCode,
    AreaCodeStep,
    AreaCrop,
    CodeScheme,
    CodeStatus,
    Organisation,
    OrganisationKind,
    PlantingArea,
)
from app.places.queries import former_communes, successor_of
from app.registry.area_queries import areas
from app.registry.codes import key_of
from app.registry.finding_commands import rebuild_words
from app.registry.words import words_of
from benchmarks.harness import Result, interleaved, side
from benchmarks.worlds import world

AREAS, ORGANISATIONS, QUERIES, ROUNDS = 100_000, 1_500, 200, 3
BATCH = 10_000
PAGE = 20
NAMES = tuple(name for home in HOMES for name, _, _ in home.areas)
ISSUED_ON = date(2026, 9, 1)

Search = Callable[[Session, str], object]


def register_search_p95(engine: str) -> Result:
    """The 95th percentile of 200 mixed searches, against the same of a search by LIKE."""
    with world(engine) as made:
        opened = engine_for(made.url)
        chance = random.Random(20_261_123)
        with transaction(opened) as session:
            sought = _Register(session, chance).fill()
        _analyse(opened)
        with open_read_session(opened) as session:
            ours, reference, ratio, slowest = _measured(session, sought)
        _explain(opened, slowest)
        opened.dispose()
    return Result(
        f"register_search_p95_{engine}",
        ratio,
        side("search by the index of words, p95", "ms", ours),
        side("search by LIKE, p95", "ms", reference),
        engine,
        f"{AREAS} areas, {QUERIES} searches, slowest: {slowest}",
    )


def search_by_like(session: Session, q: str) -> object:
    """The first page of what was found before there was an index of words."""
    wanted = (
        select(PlantingArea, Organisation, AdminUnit)
        .join(Organisation, col(Organisation.id) == col(PlantingArea.organisation_id))
        .join(AdminUnit, col(AdminUnit.id) == col(PlantingArea.commune_id))
    )
    for word in words_of(q):
        wanted = wanted.where(_holds(f"%{word}%"))
    return session.execute(wanted.order_by(col(PlantingArea.id).desc()).limit(PAGE + 1)).all()


def _holds(pattern: str) -> Any:
    coded = select(col(AreaCode.id)).where(
        col(AreaCode.area_id) == col(PlantingArea.id), col(AreaCode.code_key).like(pattern)
    )
    return or_(
        col(PlantingArea.name_key).like(pattern),
        col(Organisation.name_key).like(pattern),
        col(AdminUnit.name_key).like(pattern),
        coded.exists(),
    )


def search_by_words(session: Session, q: str) -> object:
    """The first page of the search as it is."""
    return areas(session, within=Reach.all(), q=q, limit=PAGE)


def _measured(session: Session, sought: list[str]) -> tuple[list[float], list[float], float, str]:
    spent: dict[str, float] = {}

    def ours() -> float:
        times = [_milliseconds(session, search_by_words, q) for q in sought]
        spent.update(zip(sought, times, strict=True))
        return _p95(times)

    def reference() -> float:
        return _p95([_milliseconds(session, search_by_like, q) for q in sought])

    ours()
    a, b, ratio = interleaved(ours, reference, rounds=ROUNDS)
    return a, b, ratio, max(spent, key=lambda q: spent[q])


def _milliseconds(session: Session, search: Search, q: str) -> float:
    session.expunge_all()
    started = time.perf_counter()
    search(session, q)
    return (time.perf_counter() - started) * 1_000


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _analyse(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        analyse = "VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE"
        connection.execute(text(analyse))


def _explain(engine: Engine, q: str) -> None:
    """Print how the database answers the slowest search."""
    asked: list[tuple[str, Any]] = []

    def listen(_connection: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        asked.append((statement, given))

    with open_read_session(engine) as session:
        event.listen(engine, "before_cursor_execute", listen)
        search_by_words(session, q)
        event.remove(engine, "before_cursor_execute", listen)
    word = "EXPLAIN ANALYZE" if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    with engine.connect() as connection:
        for statement, given in asked:
            if statement.startswith("SELECT"):
                print(f"-- {q}: {statement[:160]} …")
                rows = connection.exec_driver_sql(f"{word} {statement}", given)
                print("\n".join("   " + str(row[-1])[:200] for row in rows))


class _Register:
    """A large register with the demonstration's words, the same for the same chance."""

    def __init__(self, session: Session, chance: random.Random) -> None:
        self.session, self.chance, self.now = session, chance, system_clock()
        found = former_communes(session)
        self.communes = [(unit, after) for unit in found if (after := successor_of(session, unit))]
        self.crops = list(session.execute(select(Crop).limit(30)).scalars())
        self.first = 1_000_000

    def fill(self) -> list[str]:
        """Organisations, areas, crops, codes, words; and searches that fit them."""
        homes = list(self._organisations())
        self._insert(Organisation, (row for row, _ in homes))
        grounds = [self.chance.choice(homes) for _ in range(AREAS)]
        self._insert(PlantingArea, self._areas(grounds))
        crops = ({"area_id": n, "crop_id": self.chance.choice(self.crops).pk} for n in self._ids())
        self._insert(AreaCrop, crops)
        codes = list(self._codes())
        self._insert(AreaCode, codes)
        self._insert(AreaCodeStep, (self._step(code) for code in codes))
        rebuild_words(self.session)
        return self._sought([code["code"] for code in codes], [row["name"] for row, _ in homes])

    def _ids(self) -> range:
        return range(self.first, self.first + AREAS)

    def _insert(self, table: Any, rows: Iterator[dict[str, Any]] | list[dict[str, Any]]) -> None:
        waiting = list(rows)
        for start in range(0, len(waiting), BATCH):
            self.session.execute(insert(table), waiting[start : start + BATCH])

    def _organisations(self) -> Iterator[tuple[dict[str, Any], tuple[AdminUnit, AdminUnit]]]:
        kinds = ("Hợp tác xã Rau an toàn", "Tổ hợp tác Rau", "Công ty Nông sản", "Hợp tác xã")
        for number in range(ORGANISATIONS):
            former, present = self.chance.choice(self.communes)
            name = f"{self.chance.choice(kinds)} {former.short_name} {number}"
            row = {
                "id": self.first + number,
                "uid": uuid4(),
                "version": 1,
                "kind": OrganisationKind.COOPERATIVE,
                "name": name,
                "name_key": fold(name),
                "commune_id": present.pk,
                "former_commune_id": former.pk,
                "created_at": self.now,
            }
            yield row, (former, present)

    def _areas(self, grounds: list[Any]) -> Iterator[dict[str, Any]]:
        for number, (home, (former, present)) in zip(self._ids(), grounds, strict=True):
            name = f"{self.chance.choice(NAMES)} {number - self.first}"
            longitude, latitude = self.chance.randint(1_036, 1_046), self.chance.randint(219, 228)
            yield {
                "id": number,
                "uid": uuid4(),
                "version": 1,
                "organisation_id": home["id"],
                "name": name,
                "name_key": fold(name),
                "commune_id": present.pk,
                "former_commune_id": former.pk if self.chance.random() < 0.9 else None,
                "area_m2": self.chance.randint(500, 60_000),
                "established_on": date(2024, 1, 1),
                "west": longitude * 1_000_000,
                "east": longitude * 1_000_000 + 20_000,
                "south": latitude * 1_000_000,
                "north": latitude * 1_000_000 + 20_000,
                "created_at": self.now,
            }

    def _codes(self) -> Iterator[dict[str, Any]]:
        serial = count(100_000)
        for number in self._ids():
            if self.chance.random() < 0.3:
                continue
            crop = self.chance.choice(self.crops).slug.replace("_", "")
            code = f"15-PUC-{crop}01-{next(serial):06}-VNM"
            yield {
                "id": number,
                "uid": uuid4(),
                "version": 1,
                "area_id": number,
                "market": "VNM",
                "scheme": CodeScheme.ND38_2026,
                "code": code,
                "code_key": key_of(code),
                "parts": json.dumps({}),
                "issued_on": ISSUED_ON,
                "status": CodeStatus.ACTIVE,
                "created_at": self.now,
            }

    def _step(self, code: dict[str, Any]) -> dict[str, Any]:
        return {
            "code_id": code["id"],
            "status": CodeStatus.ACTIVE,
            "effective_on": ISSUED_ON,
            "recorded_at": self.now,
        }

    def _sought(self, codes: list[str], homes: list[str]) -> list[str]:
        """Rare and common words, words that never meet, words of nothing, in a mixed order."""
        chosen = self.chance.choice
        ways: tuple[Callable[[], str], ...] = (
            lambda: chosen(codes),
            lambda: chosen(codes)[:21],
            lambda: chosen(homes),
            lambda: f"{chosen(NAMES)} {self.chance.randrange(AREAS)}",
            lambda: chosen(NAMES),
            self._address,
            self._address,
            lambda: chosen(("hợp tác xã", "xã", "lào cai", "rau an toàn", "tỉnh lào cai", "r")),
            lambda: f"{self._district()} {self._district()}",
            lambda: f"{chosen(NAMES)} không có ở đâu",
        )
        return [ways[number % len(ways)]() for number in range(QUERIES)]

    def _address(self) -> str:
        former, _ = chosen = self.chance.choice(self.communes)
        return f"{former.short_name}, {chosen[0].district_name}"

    def _district(self) -> str:
        former, _ = self.chance.choice(self.communes)
        return str(former.district_name)


CASES: dict[str, tuple[Callable[[], Result], ...]] = {
    "register_search_p95": (
        lambda: register_search_p95("sqlite"),
        lambda: register_search_p95("postgres"),
    ),
}
