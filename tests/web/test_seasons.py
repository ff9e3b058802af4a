"""The pages of seasons: declare, correct, report, and see what waits."""

import re
from html import unescape

import pytest
from sqlalchemy import select
from sqlmodel import Session
from starlette.testclient import TestClient

from app.kit.quantities import SquareMetres
from app.models.accounts import Role
from app.models.registry import Organisation, PlantingArea
from app.models.seasons import SeasonDeclaration
from tests.given import PASSWORD, Given

SAME_SITE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def home(given: Given) -> Organisation:
    """The cooperative the people of these tests belong to."""
    return given.cooperative("HTX Bản Phố")


@pytest.fixture
def area(given: Given, home: Organisation) -> PlantingArea:
    """An area of two crops with a code."""
    made = given.area(home, name="Vùng Na Hối", crops=("BAP_CAI", "SU_HAO"), area_m2=24_500)
    given.code(made)
    return made


@pytest.fixture
def sign_in(client: TestClient, given: Given, home: Organisation, session: Session):
    """Sign in as somebody of a role, reading a language."""

    def act(role: Role = Role.STAFF, tag: str = "vi", of: Organisation | None = None) -> TestClient:
        given.account(role, of or (home if role in {Role.STAFF, Role.GROWER} else None), login="ai")
        session.commit()
        client.headers.update(SAME_SITE)
        client.cookies.set("lang", tag)
        answer = client.post("/sign-in", data={"login": "ai", "password": PASSWORD})
        assert answer.status_code == 303
        return client

    return act


def written(given: Given, **other: str) -> dict[str, str]:
    """What a clerk types."""
    return {
        "crop": "BAP_CAI",
        "variety": "KK Cross",
        "area_m2": "2,4",
        "area_unit": "ha",
        "starts_on": f"{given.day(-60):%d/%m/%Y}",
        "harvest_from": f"{given.day(-5):%d/%m/%Y}",
        "harvest_to": f"{given.day(20):%d/%m/%Y}",
        "expected_output_g": "1.250",
        "unit": "ta",
        "market": "VNM",
        "standard": "",
        "once": "mot-lan",
        **other,
    }


def kept(session: Session) -> list[SeasonDeclaration]:
    session.rollback()
    found = list(session.execute(select(SeasonDeclaration)).scalars())
    session.expunge_all()
    session.rollback()  # the pages write too, one at a time
    return found


def new(area: PlantingArea) -> str:
    return f"/work/areas/{area.uid}/seasons/new"


def form_of(page: str, action: str) -> dict[str, str]:
    """The fields of a form as the page fills them in."""
    form = re.search(rf'<form[^>]*action="[^"]*{action}".*?</form>', page, re.DOTALL)[0]
    fields = dict(re.findall(r'<input[^>]*? name="(\w+)"[^>]*? value="([^"]*)"', form))
    for name, options in re.findall(
        r'<select[^>]*? name="(\w+)".*?>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    return {name: unescape(value) for name, value in fields.items()}


def test_a_season_is_declared_once_as_vietnamese_clerks_write(sign_in, area, given, session):
    clerk = sign_in()
    first = clerk.post(new(area), data=written(given))
    again = clerk.post(new(area), data=written(given))
    assert first.status_code == again.status_code == 303
    assert first.headers["location"] == again.headers["location"]
    (season,) = kept(session)
    assert (season.area_m2, season.expected_output_g) == (24_000, 125_000_000)
    page = clerk.get(first.headers["location"]).text
    assert "125 tấn" in page
    assert "2,4 ha" in page
    assert f"{given.day(20):%d/%m/%Y}" in page


def test_the_form_stands_filled_for_the_whole_area_from_today(sign_in, area, given):
    page = sign_in().get(new(area)).text
    fields = form_of(page, "/seasons/new")
    assert (fields["area_m2"], fields["area_unit"]) == ("2,45", "ha")
    assert (fields["starts_on"], fields["market"]) == ("2026-11-20", "VNM")
    assert "CA_CHUA" not in page


def test_what_is_wrong_stands_beside_the_field_and_what_was_typed_stays(
    sign_in, area, given, session
):
    typed = written(given, area_m2="3", expected_output_g="0", variety="<b>KK</b>")
    answer = sign_in().post(new(area), data=typed)
    assert answer.status_code == 422
    assert 'id="why-area_m2"' in answer.text
    assert 'id="why-expected_output_g"' in answer.text
    assert "&lt;b&gt;KK&lt;/b&gt;" in answer.text
    assert kept(session) == []


@pytest.mark.parametrize("poison", ["\x00", "\u202e", "x" * 5000, "1e400", "-1"])
def test_poisoned_text_in_any_field_is_never_our_fault(sign_in, area, given, session, poison):
    clerk = sign_in()
    for field in written(given):
        answer = clerk.post(new(area), data=written(given, **{field: poison}))
        assert answer.status_code in {303, 422}, field


def test_a_correction_begins_with_what_stands(sign_in, area, given, session):
    clerk = sign_in()
    address = clerk.post(new(area), data=written(given)).headers["location"].partition("?")[0]
    form = form_of(clerk.get(address).text, "/amend")
    assert (form["area_m2"], form["expected_output_g"], form["unit"]) == ("2,4", "125", "tan")
    answer = clerk.post(f"{address}/amend", data={**form, "variety": "Grand 11"})
    assert answer.status_code == 303
    (season,) = kept(session)
    assert (season.variety, season.area_m2, season.version) == ("Grand 11", 24_000, 2)
    late = clerk.post(f"{address}/amend", data={**form, "variety": "Muộn"})
    assert late.status_code == 422
    assert kept(session)[0].variety == "Grand 11"


def test_shared_land_stays_shared_when_it_is_corrected(sign_in, area, given, session):
    clerk = sign_in()
    clerk.post(new(area), data=written(given, once="1"))
    other = written(given, once="2", crop="SU_HAO")
    assert clerk.post(new(area), data=other).status_code == 422
    answer = clerk.post(new(area), data={**other, "intercropped": "yes"})
    address = answer.headers["location"].partition("?")[0]
    page = clerk.get(address).text
    assert 'value="yes" checked' in page
    assert 'class="notice warn"' in page
    form = {**form_of(page, "/amend"), "intercropped": "yes"}
    assert clerk.post(f"{address}/amend", data=form).status_code == 303


def test_the_output_is_reported_and_the_next_season_is_at_hand(sign_in, area, given, session):
    season = given.season(area, harvest_from=-30, harvest_to=-1)
    clerk, address = sign_in(), f"/work/seasons/{season.uid}"
    form = form_of(clerk.get(address).text, "/end")
    assert form["ended_on"] == given.day(-1).isoformat()
    report = {**form, "actual_output_g": "38,5", "actual_unit": "tan"}
    answer = clerk.post(f"{address}/end", data=report)
    assert answer.headers["location"] == f"{address}?done=season_ended"
    page = clerk.get(answer.headers["location"]).text
    assert "38,5 tấn" in page
    assert f'href="{new(area)}"' in page
    assert f"{address}/end" not in page


def test_a_refused_report_keeps_what_was_typed(sign_in, area, given, session):
    season = given.season(area, harvest_from=-30, harvest_to=-1)
    address = f"/work/seasons/{season.uid}"
    wrong = {"version": "1", "what": "end", "actual_output_g": "9999", "actual_unit": "tan"}
    answer = sign_in().post(f"{address}/end", data={**wrong, "ended_on": "21/11/2026"})
    assert answer.status_code == 422
    assert 'id="why-actual_output_g"' in answer.text
    assert 'id="why-ended_on"' in answer.text
    assert 'value="9999"' in answer.text


def test_what_waits_for_a_report_is_marked_and_what_is_open_comes_first(sign_in, area, given):
    half = SquareMetres(12_000)
    overdue = given.season(area, harvest_from=-30, harvest_to=-1, sown=half)
    growing = given.season(area, crop="SU_HAO", sown=half)
    page = sign_in(tag="en").get("/work/seasons").text
    assert page.index(str(overdue.uid)) < page.index(str(growing.uid))
    assert page.count('class="chip warn"') == 1
    assert "Waiting for a report" in page


def test_an_area_with_a_code_and_no_season_is_named(sign_in, area, given, session):
    clerk = sign_in(tag="en")
    assert "These areas have a code and no declared season" in clerk.get("/work/seasons").text
    given.season(area)
    session.commit()
    assert "These areas have a code" not in clerk.get("/work/seasons").text


def test_the_list_is_narrowed_to_an_area_and_to_what_ended(sign_in, area, given, home):
    other = given.season(given.area(home))
    mine = given.season(area)
    clerk = sign_in()
    page = clerk.get(f"/work/seasons?area={area.uid}").text
    assert str(mine.uid) in page
    assert str(other.uid) not in page
    assert str(mine.uid) not in clerk.get("/work/seasons?state=ended&q=na+hoi").text
    assert f"/work/seasons?area={area.uid}" in clerk.get(f"/work/areas/{area.uid}").text


def test_a_grower_reads_and_is_offered_nothing_to_write(sign_in, area, given):
    season = given.season(area, harvest_from=-30, harvest_to=-1)
    grower = sign_in(Role.GROWER)
    page = grower.get(f"/work/seasons/{season.uid}").text
    assert 'method="post" action="/work' not in page
    assert str(area.uid) + "/seasons/new" not in grower.get("/work/seasons").text
    assert grower.get(new(area)).status_code == 403


def test_the_inspector_reads_whose_it_is_and_what_befell_it(sign_in, area, given):
    season = given.season(area)
    inspector = sign_in(Role.INSPECTOR, tag="en")
    assert "HTX Bản Phố" in inspector.get("/work/seasons").text
    assert "Season declared" in inspector.get(f"/work/seasons/{season.uid}").text


def test_a_stranger_finds_nothing(sign_in, area, given):
    season = given.season(area)
    stranger = sign_in(of=given.cooperative())
    assert stranger.get(f"/work/seasons/{season.uid}").status_code == 404
    assert stranger.post(f"/work/seasons/{season.uid}/end", data={}).status_code == 404
    assert stranger.get(f"/work/seasons?area={area.uid}").status_code == 404
