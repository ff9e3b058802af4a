"""Areas are found by the beginnings of their words: names, places old and new, codes."""

import pytest
from sqlalchemy import delete, false, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.kit.quantities import SquareMetres
from app.ledger.actors import Actor
from app.models.finding import AreaWord
from app.models.registry import Organisation, OrganisationKind, PlantingArea
from app.registry import finding_queries
from app.registry.area_commands import AreaDetails, amend_area
from app.registry.area_queries import areas
from app.registry.finding_commands import (
    ensure_words,
    index_organisation,
    rebuild_words,
)
from app.registry.finding_queries import FOR_ALL, matching, words_sought
from app.registry.organisation_commands import OrganisationDetails, amend_organisation
from tests.given import Given

BY = Actor.system()
TA_PHIN = "03013"


def names(session: Session, q: str, within: Reach | None = None) -> list[str]:
    found = areas(session, within=within or Reach.all(), q=q)
    return [line.area.name for line in found.items]


def words_of(session: Session, area: PlantingArea) -> set[str]:
    wanted = select(col(AreaWord.word)).where(col(AreaWord.area_id) == area.pk)
    return set(session.execute(wanted).scalars())


@pytest.fixture
def ta_phin(given: Given) -> PlantingArea:
    home = given.cooperative("Hợp tác xã Hoà Bình")
    return given.area(home, name="Thung Sả Séng", commune="", former_commune=TA_PHIN)


@pytest.mark.parametrize(
    "typed",
    [
        "Tả Phìn, Sa Pa",
        "ta phin sa pa",
        "xã Tả Phìn, thị xã Sa Pa, tỉnh Lào Cai",
        "tả phìn",
        "Hòa Bình",
        "hoà binh",
        "HOA BINH",
        "thung sa seng",
        "Hợp tác xã Tả Phìn",
    ],
)
def test_an_area_is_found_by_names_old_and_new_however_they_are_written(
    session: Session, ta_phin: PlantingArea, given: Given, typed: str
) -> None:
    given.area(name="Vùng khác")
    assert names(session, typed) == ["Thung Sả Séng"]


@pytest.mark.parametrize("typed", ["phìn tả bắc hà", "ung sả", "áp", "x" * 300])
def test_what_begins_no_word_of_it_does_not_find_it(
    session: Session, ta_phin: PlantingArea, typed: str
) -> None:
    assert names(session, typed) == []


def test_the_letter_d_with_and_without_its_stroke_is_one(session: Session, given: Given) -> None:
    given.area(name="Đồi Đá Đinh")
    assert names(session, "doi da dinh") == names(session, "ĐỒI ĐÁ") == ["Đồi Đá Đinh"]


def test_an_area_is_found_by_its_code_whole_in_parts_and_as_typed(
    session: Session, given: Given
) -> None:
    area = given.area(name="Có mã")
    given.area(name="Không mã")
    code = given.code(area).code
    for typed in (code, code.lower(), code.replace("-", ""), code.replace("-", " "), "BAPCAI01"):
        assert names(session, typed) == ["Có mã"], typed


def test_only_the_areas_own_former_commune_counts(session: Session, given: Given) -> None:
    given.area(name="Bản Phố", commune="02839", former_commune="02866")
    given.area(name="Không rõ", commune="02839")
    assert names(session, "xã na hối") == ["Không rõ"]
    assert names(session, "xã bản phố") == ["Không rõ", "Bản Phố"]


def test_where_nobody_says_which_it_was_every_former_district_finds_it(
    session: Session, given: Given
) -> None:
    given.area(name="Lùng Phình", commune="02848")
    for district in ("huyện Bắc Hà", "huyện Si Ma Cai"):
        assert names(session, f"lùng phình, {district}") == ["Lùng Phình"]


def test_changes_of_the_area_and_its_organisation_reach_the_index(
    session: Session, given: Given, ta_phin: PlantingArea
) -> None:
    details = AreaDetails(
        name="Đổi tên",
        commune="02839",
        crops=("BAP_CAI",),
        area=SquareMetres(ta_phin.area_m2),
        established_on=ta_phin.established_on,
    )
    amend_area(session, area=ta_phin, details=details, by=BY, now=given.now)
    home = session.get_one(Organisation, ta_phin.organisation_id)
    renamed = OrganisationDetails(name="Tổ hợp tác Mường Hum", commune="02839")
    amend_organisation(session, organisation=home, details=renamed, by=BY, now=given.now)
    assert names(session, "đổi tên mường hum bắc hà") == ["Đổi tên"]
    for gone in ("thung", "hoà bình", "tả phìn"):
        assert names(session, gone) == [], gone


def test_the_index_is_made_anew_and_making_it_twice_changes_nothing(
    session: Session, ta_phin: PlantingArea
) -> None:
    before = words_of(session, ta_phin)
    session.execute(delete(AreaWord))
    assert names(session, "ta phin") == []
    ensure_words(session)
    assert words_of(session, ta_phin) == before
    assert rebuild_words(session) == 1
    assert words_of(session, ta_phin) == before


def test_words_of_a_household_that_is_not_named_are_kept_apart(
    session: Session, given: Given
) -> None:
    home = given.organisation(OrganisationKind.HOUSEHOLD, "Hộ Sùng Seo Pao")
    home.name_public = True
    area = given.area(home, name="Nương ông Pao")
    assert not any(word.startswith(FOR_ALL) for word in words_of(session, area))
    home.name_public = False
    index_organisation(session, home)
    words = words_of(session, area)
    assert {"sung", "pao", "bac", FOR_ALL + "bac"} <= words
    assert not {FOR_ALL + "sung", FOR_ALL + "pao"} & words
    assert names(session, "sùng seo") == ["Nương ông Pao"]


def test_a_cooperative_finds_its_own_only(session: Session, given: Given) -> None:
    own, other = given.cooperative(), given.cooperative()
    given.area(own, name="Vườn nhà")
    given.area(other, name="Vườn người")
    assert names(session, "vườn", Reach.own(own.pk)) == ["Vườn nhà"]
    assert names(session, "vườn") == ["Vườn người", "Vườn nhà"]


WAYS = [
    {},
    {"RARE": 0, "FREQUENT": 0, "SAMPLE": 1},
    {"RARE": 0, "SAMPLE": 3, "ENOUGH": 1},
    {"RARE": 1, "FREQUENT": 9, "SAMPLE": 2, "ENOUGH": 3, "MOST_NAMED": 1},
    {"RARE": 2, "FREQUENT": 4, "SAMPLE": 1, "ENOUGH": 2},
]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("q", ["vườn", "vườn 1", "vườn xa bac", "ruộng vườn", "1", "cam", "v r"])
def test_every_way_of_finding_finds_the_same(
    session: Session,
    given: Given,
    monkeypatch: pytest.MonkeyPatch,
    way: dict[str, int],
    q: str,
) -> None:
    home = given.cooperative("Nhà")
    made = [("Vườn", "1"), ("Ruộng", "1"), ("Vườn", "12"), ("Ruộng Vườn", "3"), ("Vườn", "4")]
    for kind, number in made:
        given.area(home, name=f"{kind} {number}")
    plain = _plainly(session, q)
    for name, value in way.items():
        monkeypatch.setattr(finding_queries, name, value)
    assert names(session, q) == plain


def _plainly(session: Session, q: str) -> list[str]:
    wanted = select(PlantingArea).order_by(col(PlantingArea.id).desc())
    found = session.execute(wanted).scalars()
    return [
        area.name
        for area in found
        if all(any(w.startswith(word) for w in words_of(session, area)) for word in words_sought(q))
    ]


def test_a_search_goes_on_where_its_page_ended(session: Session, given: Given) -> None:
    home = given.cooperative()
    for number in range(5):
        given.area(home, name=f"Vườn {number}")
    first = areas(session, within=Reach.all(), q="vườn", limit=2)
    second = areas(session, within=Reach.all(), q="vườn", after=first.next, limit=2)
    assert [line.area.name for line in second.items] == ["Vườn 2", "Vườn 1"]


def test_words_that_others_begin_with_are_not_looked_for_twice() -> None:
    assert words_sought("Pa páo  pa XÃ") == ("pao", "xa")
    assert words_sought("x" * 80) == ("x" * 60,)
    assert words_sought(" – ") == words_sought(FOR_ALL) == ()


def test_a_word_of_no_area_ends_the_search_at_once(session: Session, given: Given) -> None:
    given.area(name="Vườn")
    condition = matching(session, ("vuon", "khong"), col(PlantingArea.id))
    assert condition.compare(false())
