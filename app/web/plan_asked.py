"""What a page of the plan's figures is asked for: it stands in the address, so that it can be kept and sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID

from sqlmodel import Session
from starlette.datastructures import QueryParams

from app.catalogue.plan_queries import plan_of_year
from app.deps import Call
from app.errors import refuse
from app.kit.messages import Message, say
from app.kit.text import clean
from app.plan.annex import plan_names
from app.plan.dimensions import Dimension
from app.plan.drilling import Behind
from app.plan.naming import names_of
from app.plan.summing import value_of
from app.web.plan_figures import DIMENSIONS, FIGURES

FIRST_YEAR, LAST_YEAR = 2015, 2100
LONGEST = 80
FIGURE, BY, YEAR, BEHIND, PLAN = "figure", "by", "year", "behind", "plan"
_MONTHS = {str(month) for month in range(1, 13)}
Kind = TypeVar("Kind", bound=StrEnum)


@dataclass(frozen=True)
class Asked:
    """A year, what is told by what, which figure leads, and what it is narrowed to.

    `plan`: the one that was chosen; empty: the one in force.
    """

    year: int
    by: Dimension = Dimension.DISTRICT
    figure: str = "output"
    behind: Behind | None = None
    where: Mapping[Dimension, str] = field(default_factory=dict)
    plan: str = ""

    def address(self, page: str, **changes: object) -> str:
        """The address of a page for this, with some of it changed."""
        return f"/desk/plan/{page}?{self.changed(**changes).query}"

    def changed(self, **changes: object) -> "Asked":
        """The same with something else."""
        return replace(self, **changes)  # type: ignore[arg-type]  # the fields of this class

    def into(self, by: Dimension, key: str) -> "Asked":
        """The same, narrowed to one value more."""
        return replace(self, where={**self.where, by: key})

    def out_of(self, by: Dimension) -> "Asked":
        """The same without being narrowed by a dimension."""
        return replace(self, where={one: key for one, key in self.where.items() if one is not by})

    @property
    def query(self) -> str:
        told = {YEAR: str(self.year), BY: self.by.value, FIGURE: self.figure}
        if self.behind:
            told[BEHIND] = self.behind.value
        if self.plan:
            told[PLAN] = self.plan
        return urlencode({**told, **{f"in_{one.value}": key for one, key in self.where.items()}})


def asked_of(call: Call, query: QueryParams) -> Asked:
    """What an address asks for; refuses what makes no sense."""
    return Asked(
        year=_year(query.get(YEAR, ""), call.today.year),
        by=_one_of(BY, query.get(BY, ""), Dimension, Dimension.DISTRICT),
        figure=_figure(query.get(FIGURE, "")),
        behind=_behind(query.get(BEHIND, "")),
        where={
            one: _key(one, query[f"in_{one.value}"])
            for one in Dimension
            if f"in_{one.value}" in query and one is not Dimension.YEAR
        },
        plan=_plan(call.session, query.get(PLAN, "")),
    )


def plan_followed(call: Call, asked: Asked) -> str:
    """The plan that a page holds figures against: the chosen one, else the one in force then."""
    return asked.plan or plan_of_year(call.session, asked.year, call.today)


def _plan(session: Session, typed: str) -> str:
    if typed and typed not in plan_names(session):
        raise refuse(PLAN, say("This is not one of the choices."))
    return typed


def name_of(session: Session, by: Dimension, key: str, language: str) -> str | Message:
    """What a value of a dimension is called; its key where there is no such thing."""
    if by is Dimension.SEASON:
        return say("month {month}", month=key)
    value = value_of(session, by, key)
    told, name = names_of(session, by, [value], language)[value]
    return name if told == key else key


def trail_of(call: Call, asked: Asked, page: str, title: str) -> list[tuple[str, str]]:
    """The way back: the overview, then each narrowing with the address that ends there."""
    say_it = call.language.say
    chosen = f"&{urlencode({PLAN: asked.plan})}" if asked.plan else ""
    trail = [(say_it(say("The plan")), f"/desk/plan?year={asked.year}{chosen}")]
    here = replace(asked, where={})
    for by, key in asked.where.items():
        here = here.into(by, key)
        name = name_of(call.session, by, key, call.language.tag)
        said = say_it(name) if isinstance(name, Message) else name
        words = say("{what}: {detail}", what=DIMENSIONS[by], detail=said)
        trail.append((say_it(words), here.address(page)))
    return [*trail, (title, "")]


def years_known(today_year: int, found: Iterable[int]) -> list[int]:
    """The years one can choose: this one and those with figures, the newest first."""
    return sorted({today_year, *found}, reverse=True)


def _year(typed: str, this: int) -> int:
    if not typed.strip():
        return this
    if typed.strip().isascii() and typed.strip().isdigit() and len(typed.strip()) == len("2026"):
        year = int(typed)
        if FIRST_YEAR <= year <= LAST_YEAR:
            return year
    raise refuse(
        YEAR, say("Choose a year between {first} and {last}.", first=FIRST_YEAR, last=LAST_YEAR)
    )


def _figure(typed: str) -> str:
    if typed and typed not in FIGURES:
        raise refuse(FIGURE, say("This is not one of the choices."))
    return typed or "output"


def _behind(typed: str) -> Behind | None:
    return _one_of(BEHIND, typed, Behind, Behind.AREAS) if typed else None


def _one_of(name: str, typed: str, kinds: type[Kind], usual: Kind) -> Kind:
    if not typed:
        return usual
    if typed not in {one.value for one in kinds}:
        raise refuse(name, say("This is not one of the choices."))
    return kinds(typed)


def _key(by: Dimension, typed: str) -> str:
    """A value of a dimension, where it can be told whether it is one."""
    if by is Dimension.SEASON and typed not in _MONTHS:
        raise refuse(f"in_{by.value}", say("This is not one of the choices."))
    if by in (Dimension.ORGANISATION, Dimension.AREA):
        try:
            return str(UUID(typed))
        except ValueError:
            raise refuse(f"in_{by.value}", say("This is not one of the choices.")) from None
    return clean(typed[:LONGEST], longest=LONGEST)
