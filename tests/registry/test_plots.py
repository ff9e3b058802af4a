"""Plots: a member's piece of land, in at most one planting area."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.accounts.reach import Reach
from app.errors import Conflict, NotFound, Refused
from app.kit.quantities import SquareMetres
from app.ledger.actors import Actor
from app.models.ledger import LedgerEntry
from app.models.registry import Plot
from app.registry.grower_commands import end_membership
from app.registry.grower_queries import grower_line
from app.registry.plot_commands import PlotDetails, register_plot
from app.registry.plot_queries import plot_line, plots

BY = Actor.system()


@pytest.fixture
def area(given, home):
    return given.area(home, area_m2=5_000)


@pytest.fixture
def grower(given, home):
    return given.grower(home)


@pytest.fixture
def details(area, grower):
    return PlotDetails(
        name="Ruộng trên",
        grower=grower.uid,
        commune="02839",
        former_commune="02866",
        area=SquareMetres(1_440),
        planting_area=area.uid,
    )


@pytest.fixture
def register(session, home, details, now):
    def act(**changed):
        return register_plot(
            session, organisation=home, details=replace(details, **changed), by=BY, now=now
        )

    return act


def test_a_plot_belongs_to_a_member_and_an_area(session, home, area, grower, register):
    plot = register()
    line = plot_line(session, plot.uid, within=Reach.own(home.pk))
    assert (line.grower, line.area) == (grower, area)
    assert line.commune.name == "Xã Bắc Hà"


def test_where_a_grower_farms_is_only_in_the_erasable_part_of_the_ledger(session, register):
    ring = [[104.29, 22.53], [104.2902, 22.53], [104.2902, 22.5302], [104.29, 22.53]]
    plot = register(polygon=json.dumps({"type": "Polygon", "coordinates": [ring]}))
    entry = session.execute(
        select(LedgerEntry).where(col(LedgerEntry.subject) == str(plot.uid))
    ).scalar_one()
    assert "104.29" not in entry.body
    assert "Ruộng" not in entry.body
    assert json.loads(entry.body)["facts"]["area_m2"] == 1_440


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"area": SquareMetres(0)}, "area_m2"),
        ({"area": SquareMetres(5_000_001), "planting_area": None}, "area_m2"),
        ({"area": SquareMetres(5_001)}, "area_m2"),
        ({"commune": "00000", "former_commune": None}, "commune"),
        ({"polygon": "[]"}, "polygon"),
    ],
)
def test_bad_input_is_refused_at_its_field(session, register, changed, field):
    with pytest.raises(Refused) as refused:
        register(**changed)
    assert refused.value.fields[0].field == field
    assert session.execute(select(Plot)).first() is None


def test_only_a_member_of_today_has_a_plot(session, home, given, grower, register, now):
    membership = grower_line(session, grower.uid, within=Reach.own(home.pk)).membership
    end_membership(session, membership=membership, last_day=given.day(-1), by=BY, now=now)
    with pytest.raises(Refused, match="not a member"):
        register()


def test_growers_and_areas_of_others_are_no_choices(given, register):
    other = given.cooperative("HTX khác")
    for changed in (
        {"grower": given.grower(other).uid},
        {"planting_area": given.area(other).uid},
    ):
        with pytest.raises(Refused) as refused:
            register(**changed)
        assert refused.value.fields[0].field in changed


def test_a_closed_area_takes_no_plot(given, home, register):
    closed = given.area(home, closed_on=given.day(-2))
    with pytest.raises(Refused, match="closed"):
        register(planting_area=closed.uid)


def test_one_plot_lies_in_one_area_only(given, home, register):
    register()
    with pytest.raises(Conflict) as conflict:
        register(name="RUONG TREN", planting_area=given.area(home).uid)
    assert conflict.value.fields[0].field == "name"


def test_plots_are_listed_by_area_newest_first(session, home, area, register):
    one, other = register(), register(name="Ruộng dưới")
    alone = register(name="Vườn nhà", planting_area=None)
    within = Reach.own(home.pk)
    assert [line.plot for line in plots(session, within=within).items] == [alone, other, one]
    of_area = plots(session, within=within, area=area, limit=1)
    assert [line.plot for line in of_area.items] == [other]
    rest = plots(session, within=within, area=area, after=of_area.next)
    assert [line.plot for line in rest.items] == [one]


def test_what_is_out_of_reach_is_not_found(session, given, register):
    plot = register()
    other = given.cooperative("HTX khác")
    with pytest.raises(NotFound):
        plot_line(session, plot.uid, within=Reach.own(other.pk))
