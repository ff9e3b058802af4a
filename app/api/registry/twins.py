"""Growers and plots that look entered twice, on the wire: found, told apart, merged."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from app.api.problems import may_fail
from app.api.shapes import In, Out
from app.deps import Call, OnceDep, Reading, Writing
from app.errors import Conflict, Malformed, NotFound, Refused
from app.registry.grower_queries import grower_by_uid
from app.registry.organisation_queries import organisation_by_id
from app.registry.plot_queries import plot_line
from app.registry.twin_commands import merge_growers, tell_apart
from app.registry.twin_queries import Twins, twins_of
from app.registry.twin_rules import Likeness

router = APIRouter(prefix="/growers")


class Noun(StrEnum):
    GROWER = "grower"
    PLOT = "plot"


class TwinsOut(Out):
    """Two records that look like one, the older one first, and why."""

    noun: Noun
    older: UUID
    older_name: str
    younger: UUID
    younger_name: str
    likeness: Likeness
    why: str = Field(examples=["The same name; the telephones differ by one digit."])


class TwinListOut(Out):
    """All of them, the likely ones first."""

    items: list[TwinsOut]


class ApartIn(In):
    """Two growers, or two plots, that are not the same."""

    noun: Noun = Field(examples=["grower"])
    one: UUID
    other: UUID


class ApartOut(Out):
    """The two, as they were told apart."""

    noun: Noun
    one: UUID
    other: UUID


class MergeIn(In):
    """The other record of the same person."""

    other: UUID


class MergedOut(Out):
    """The record that stays, the one that became part of it, and how many rows moved."""

    stays: UUID
    gone: UUID
    moved: dict[str, int] = Field(examples=[{"plot": 2, "harvest_lot": 5}])


@router.get("/twins", responses=may_fail())
def list_twins(call: Reading) -> TwinListOut:
    """Growers and plots of your organisation that look entered twice."""
    organisation = organisation_by_id(call.session, call.caller.organisation_id)
    found = twins_of(call.session, organisation)
    growers = [_twins(call, Noun.GROWER, pair) for pair in found.growers]
    return TwinListOut(items=growers + [_twins(call, Noun.PLOT, pair) for pair in found.plots])


@router.post(
    "/twins/apart",
    response_model=ApartOut,
    responses=may_fail(Malformed, NotFound, Conflict, Refused),
)
def tell_twins_apart(body: ApartIn, call: Writing, once: OnceDep) -> Response:
    """Remember that two growers, or two plots, are not the same."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        tell_apart(
            call.session,
            organisation=organisation_by_id(call.session, call.caller.organisation_id),
            noun=body.noun,
            uids=uids_within(call, body.noun, body.one, body.other),
            by=call.actor,
            now=call.now,
        )
        return ApartOut(noun=body.noun, one=body.one, other=body.other), {}

    return once(effect, status=200)


@router.post(
    "/{grower}/merge",
    response_model=MergedOut,
    responses=may_fail(Malformed, NotFound, Conflict, Refused),
)
def merge_grower(grower: UUID, body: MergeIn, call: Writing, once: OnceDep) -> Response:
    """Make one of two records of a person: the older stays, whichever the address names."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        one = grower_by_uid(call.session, grower, within=call.within)
        other = grower_by_uid(call.session, body.other, within=call.within)
        merged = merge_growers(
            call.session,
            organisation=organisation_by_id(call.session, call.caller.organisation_id),
            growers=(one, other),
            by=call.actor,
            now=call.now,
        )
        stays, gone = merged.stays.uid, merged.gone.uid
        return MergedOut(stays=stays, gone=gone, moved=merged.moved), {}

    return once(effect, status=200)


def uids_within(call: Call, noun: Noun, one: UUID, other: UUID) -> tuple[UUID, UUID]:
    """The two public ids, if both name something within reach."""
    if noun is Noun.PLOT:
        lines = (plot_line(call.session, uid, within=call.within) for uid in (one, other))
        first, second = (line.plot.uid for line in lines)
    else:
        people = (grower_by_uid(call.session, uid, within=call.within) for uid in (one, other))
        first, second = (person.uid for person in people)
    return first, second


def _twins(call: Call, noun: Noun, pair: Twins[Any]) -> TwinsOut:
    return TwinsOut(
        noun=noun,
        older=pair.older.uid,
        older_name=pair.older.name,
        younger=pair.younger.uid,
        younger_name=pair.younger.name,
        likeness=pair.finding.likeness,
        why=call.language.say(pair.finding.why),
    )
