"""Dossiers: kept as drafts, handed in whole, sent back, one application a market."""

from datetime import date

import pytest

from app.errors import Conflict, NotFound, Refused
from app.kit.quantities import Grams
from app.ledger.actors import Actor
from app.ledger.queries import history_of
from app.models.dossiers import DossierState, Finding
from app.models.registry import ApplicationState
from app.registry.application_commands import (
    CheckDetails,
    cancel_application,
    order_site_check,
    record_site_check,
    reject_application,
    return_application,
)
from app.registry.application_queries import applications_of
from app.registry.dossier_commands import (
    DossierDetails,
    open_dossier,
    save_dossier,
    submit_dossier,
)
from app.registry.dossier_queries import markets_of, missing_from

BY = Actor.system()
WHOLE = DossierDetails(
    markets=("VNM", "chn"),
    standard="VIETGAP_2017",
    expected_output=Grams(40_000_000),
    households=12,
    representative="Lý Thị Mẩy",
    parcel="10-085-02839-117",
)


@pytest.fixture
def area(given):
    return given.area(polygon=given.boundary())


@pytest.fixture
def keep(session, now, area):
    def keeping(details=WHOLE, place=None):
        dossier = open_dossier(session, area=place or area, now=now)
        return save_dossier(session, dossier=dossier, details=details, by=BY, now=now)

    return keeping


@pytest.fixture
def hand_in(session, now, keep):
    def handing(details=WHOLE):
        return submit_dossier(session, dossier=keep(details), by=BY, now=now)

    return handing


def test_a_draft_is_kept_however_little_it_says(keep, session, area):
    dossier = keep(DossierDetails(representative="  Lý   Thị Mẩy "))
    assert dossier.state is DossierState.DRAFT
    assert dossier.representative == "Lý Thị Mẩy"
    lacks = [lack.field for lack in missing_from(session, area, dossier)]
    assert lacks == ["markets", "expected_output", "households"]


def test_all_that_lacks_is_said_at_once(session, given, keep, now):
    dossier = keep(DossierDetails(), given.area())
    with pytest.raises(Refused) as refused:
        submit_dossier(session, dossier=dossier, by=BY, now=now)
    assert len(refused.value.fields) == 5


def test_a_whole_dossier_becomes_one_application_a_market(hand_in):
    assert [(one.market, one.state) for one in hand_in()] == [
        ("CHN", ApplicationState.SUBMITTED),
        ("VNM", ApplicationState.SUBMITTED),
    ]


def test_each_market_has_its_own_deadline_in_working_days(hand_in):
    # Asked on Friday 20 November 2026; 24 November is off (Ngày Văn hóa Việt Nam).
    assert {one.market: one.due_on for one in hand_in()} == {
        "VNM": date(2026, 11, 26),
        "CHN": date(2026, 12, 7),
    }


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"expected_output": Grams(0)}, "expected_output"),
        ({"expected_output": Grams(-1)}, "expected_output"),
        ({"expected_output": Grams(10**15)}, "expected_output"),
        ({"households": 0}, "households"),
        ({"households": 10_001}, "households"),
        ({"markets": ("XYZ",)}, "market"),
        ({"representative": "x" * 121}, "representative"),
        ({"parcel": "\ud800"}, "parcel"),
    ],
)
def test_what_a_draft_says_must_be_possible(keep, changed, field):
    with pytest.raises(Refused) as refused:
        keep(DossierDetails(**changed))
    assert refused.value.fields[0].field == field


def test_a_standard_is_one_of_the_catalogue(keep):
    with pytest.raises(NotFound):
        keep(DossierDetails(standard="VIETGAP_1999"))


def test_what_is_being_decided_does_not_change(hand_in, keep):
    hand_in()
    with pytest.raises(Conflict, match="being decided"):
        keep()


def test_what_came_back_is_completed_and_handed_in_again(session, hand_in, keep, now, area):
    home = next(one for one in hand_in() if one.market == "VNM")
    return_application(
        session, application=home, reason="", reason_slug="incomplete", by=BY, now=now
    )
    session.flush()
    assert keep().state is DossierState.DRAFT
    again = submit_dossier(session, dossier=keep(), by=BY, now=now)
    assert [one.pk for one in again] == [home.pk]
    assert home.state is ApplicationState.SUBMITTED
    assert len(applications_of(session, area)) == 2


def test_one_more_market_can_be_asked_for_when_the_first_has_its_code(
    session, given, area, hand_in, keep, now
):
    given.code(area)
    filed = hand_in()
    assert [one.market for one in filed] == ["CHN"]
    assert markets_of(session, open_dossier(session, area=area, now=now)) == ["CHN", "VNM"]


def test_nothing_left_to_ask_for_is_said(session, given, area, keep, now):
    given.code(area)
    dossier = keep(DossierDetails(**{**WHOLE.__dict__, "markets": ("VNM",)}))
    with pytest.raises(Conflict, match="already"):
        submit_dossier(session, dossier=dossier, by=BY, now=now)


def test_who_represents_the_area_is_in_no_fact(hand_in, session, area):
    hand_in()
    assert all("Mẩy" not in str(fact.facts) for fact in history_of(session, str(area.uid)))


def checked(session, application, finding, given, words="Đã xem ruộng"):
    return record_site_check(
        session,
        application=application,
        details=CheckDetails(given.day(-1), finding, words),
        by=BY,
        now=given.now,
    )


def test_an_ordered_site_check_holds_the_decision_until_it_is_found_fit(session, given, area):
    application = given.application(area, "CHN")
    order_site_check(session, application=application, by=BY, now=given.now)
    with pytest.raises(Conflict, match="site check"):
        given.issue(application)
    checked(session, application, Finding.UNFIT, given)
    with pytest.raises(Conflict, match="site check"):
        given.issue(application)
    checked(session, application, Finding.FIT, given)
    assert given.issue(application).market == "CHN"


def test_what_was_wrong_on_site_is_said(session, given, area):
    application = given.application(area)
    with pytest.raises(Refused) as refused:
        checked(session, application, Finding.UNFIT, given, words=" ")
    assert refused.value.fields[0].field == "words"


def test_a_decided_application_is_neither_checked_nor_taken_back(session, given, area, now):
    application = given.application(area)
    reject_application(session, application=application, reason="Thiếu bản đồ", by=BY, now=now)
    with pytest.raises(Conflict):
        checked(session, application, Finding.FIT, given)
    with pytest.raises(Conflict):
        cancel_application(session, application=application, by=BY, now=now)


def test_an_application_taken_back_makes_room_for_another(session, given, area, now):
    application = given.application(area)
    cancel_application(session, application=application, by=BY, now=now)
    assert given.application(area).pk != application.pk
