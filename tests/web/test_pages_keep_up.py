"""A ready-made page follows the diary, the weighing, the catalogue and days that were set before."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, col
from starlette.testclient import TestClient

from app.accounts.reach import Reach
from app.catalogue.commands import RuleAmendment, set_legal_rule
from app.catalogue.input_law_commands import (
    ExceptionDetails,
    PermissionDetails,
    except_use,
    set_permission,
)
from app.certificates.confirming_commands import dispute_certificate
from app.kit.quantities import Grams
from app.labels.commands import Printing, print_labels
from app.ledger.actors import Actor
from app.ledger.marks import noun_mark, subjects_touched
from app.lots.commands import amend_lot
from app.lots.harvests import Correction, Part
from app.lots.hold_commands import hold_lot
from app.lots.queries import line_of, lot_by_code
from app.models.accounts import Role
from app.models.catalogue import Confidence
from app.models.certificates import Certificate
from app.models.diary import Planting, Work
from app.models.inputs import InputProduct, Permission
from app.models.labels import LabelForm
from app.models.lots import HarvestLot
from app.models.pages import StoredPage
from app.models.registry import AreaCode, GrowerMembership
from app.models.seasons import SeasonDeclaration
from app.provenance.page_store import ledger_end
from app.registry.code_commands import Change, suspend_code
from app.registry.grower_commands import end_membership
from app.registry.season_commands import end_season
from tests.conftest import BASE_URL, Clock
from tests.given import Given
from tests.lots.growing import Growing
from tests.web.test_kept_pages import EN, rendered

BY = Actor.system()
PRODUCT = "Abamex nhà trồng 1.8EC"


@pytest.fixture
def growing(session: Session, given: Given) -> Growing:
    return Growing(session, given)


@pytest.fixture
def lot(session: Session, given: Given, growing: Growing) -> HarvestLot:
    """The second lot of a season, VietGAP, with a diary, from the plot of a member."""
    area = given.area(given.cooperative())
    given.code(area)
    given.certificate(area)
    given.season(area, starts=-60, harvest_from=-10, harvest_to=20, expected_output=Grams(10**6))
    grower = given.grower(growing.home(area))
    planting = growing.planting(area, growing.plot(area, grower, "Thửa 1"), sown=-50)
    growing.write(planting, Work.WATERING, -30)
    growing.spray(planting, -20, product=growing.product(PRODUCT, interval=7))
    given.lot(area, kilograms=600)
    part = Part(Grams(400_000), grower=grower.uid, planting=planting.uid)
    made = given.lot(area, kilograms=400, parts=(part,))
    session.commit()
    return made


def _only(session: Session, table: Any) -> Any:
    return session.execute(select(table).order_by(col(table.id))).scalars().first()


def _product(session: Session) -> InputProduct:
    wanted = select(InputProduct).where(col(InputProduct.name) == PRODUCT)
    found: InputProduct = session.execute(wanted).scalar_one()
    return found


def _earlier(session: Session, lot: HarvestLot) -> HarvestLot:
    wanted = select(col(HarvestLot.code)).where(col(HarvestLot.id) < lot.pk)
    return lot_by_code(session, session.execute(wanted).scalar_one(), within=Reach.all())


def _official(given: Given) -> Actor:
    """Somebody of the province: an account of an organisation that is not the producer's."""
    return given.caller(Role.PROVINCE_ADMIN).actor


def _spray(session: Session, given: Given, lot: HarvestLot) -> None:
    Growing(session, given).spray(_only(session, Planting), -4, product=_product(session))


def _season_gave_less(session: Session, given: Given, lot: HarvestLot) -> None:
    season = _only(session, SeasonDeclaration)
    amount, day = Grams(700_000), given.day(-1)
    end_season(session, season=season, actual=amount, ended_on=day, by=BY, now=given.now)


def _earlier_lot_weighs_more(session: Session, given: Given, lot: HarvestLot) -> None:
    correction = Correction(Grams(900_000), None, None, "")
    amend_lot(session, lot=_earlier(session, lot), correction=correction, by=BY, now=given.now)


def _hold(session: Session, given: Given, lot: HarvestLot) -> None:
    hold_lot(session, lot=lot, reason="Chờ kết quả mẫu.", by=BY, now=given.now)


def _dispute(session: Session, given: Given, lot: HarvestLot) -> None:
    dispute_certificate(
        session,
        certificate=_only(session, Certificate),
        words="Số này cấp cho nơi khác.",
        caller=given.caller(Role.INSPECTOR),
        now=given.now,
    )


def _ban(session: Session, given: Given, lot: HarvestLot) -> None:
    details = PermissionDetails(
        Permission.BANNED, given.day(-30), "TT 99/2026/TT-BNNMT", Confidence.VERIFIED
    )
    product = _product(session)
    set_permission(session, product=product, details=details, by=_official(given), now=given.now)


def _member_until_last_week(session: Session, given: Given, lot: HarvestLot) -> None:
    membership = _only(session, GrowerMembership)
    end_membership(session, membership=membership, last_day=given.day(-7), by=BY, now=given.now)


def _print_labels(session: Session, given: Given, lot: HarvestLot) -> None:
    line, printing = line_of(session, lot), Printing(LabelForm.PNG_203)
    print_labels(session, line=line, printing=printing, base_url=BASE_URL, by=BY, now=given.now)


def _write_of_an_earlier_day(session: Session, given: Given, lot: HarvestLot) -> None:
    Growing(session, given).write(_only(session, Planting), Work.FERTILISING, -25)


CHANGES = [
    _print_labels,
    _write_of_an_earlier_day,
    _spray,
    _season_gave_less,
    _earlier_lot_weighs_more,
    _hold,
    _dispute,
    _ban,
    _member_until_last_week,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_takes_a_claim_away_is_on_the_page_at_the_next_scan(
    client: TestClient,
    session: Session,
    given: Given,
    lot: HarvestLot,
    change: Callable[[Session, Given, HarvestLot], None],
) -> None:
    before = client.get(f"/t/{lot.code}", headers=EN).text
    change(session, given, lot_by_code(session, lot.code, within=Reach.all()))
    session.commit()
    after = client.get(f"/t/{lot.code}", headers=EN).text
    assert after == rendered(session, lot.code, given.now)
    assert after != before


def test_an_exception_gives_a_claim_at_the_next_scan(
    client: TestClient, session: Session, given: Given, growing: Growing, lot: HarvestLot
) -> None:
    product = growing.product("Thuốc cho dưa 5EC", words="dưa chuột", group="Cucurbitaceae")
    growing.spray(_only(session, Planting), -15, product=product)
    session.commit()
    before = client.get(f"/t/{lot.code}", headers=EN).text
    details = ExceptionDetails("BAP_CAI", "Chưa có thuốc nào cho loại rau này.", given.day(-30))
    except_use(
        session,
        product=product,
        details=details,
        organisation_id=lot.organisation_id,
        by=_official(given),
        now=given.now,
    )
    session.commit()
    after = client.get(f"/t/{lot.code}", headers=EN).text
    assert after == rendered(session, lot.code, given.now)
    assert after != before


@pytest.mark.parametrize("kind", ["rule.set", "reference.loaded", "input.permission_set"])
def test_law_is_everybody_s_whoever_wrote_it_down(given: Given, kind: str) -> None:
    noun = kind.partition(".")[0]
    touched = subjects_touched(kind, "x", given.cooperative().uid)
    assert touched == ("x", noun_mark(None, noun))


def test_an_entry_is_its_organisation_s(given: Given) -> None:
    home = given.cooperative().uid
    assert subjects_touched("entry.written", "x", home) == ("x", noun_mark(home, "entry"))


def test_a_law_changed_by_the_province_makes_the_page_anew(
    client: TestClient, session: Session, given: Given, lot: HarvestLot
) -> None:
    client.get(f"/t/{lot.code}", headers=EN)
    amendment = RuleAmendment(given.day(1), 24, "NĐ 109/2018/NĐ-CP", Confidence.VERIFIED)
    key = "certificate.organic.validity_months"
    set_legal_rule(session, key=key, amendment=amendment, by=_official(given), now=given.now)
    session.commit()
    changed = ledger_end(session)
    session.commit()  # a session that reads would keep the page from being kept
    client.get(f"/t/{lot.code}", headers=EN)
    assert session.execute(select(col(StoredPage.position))).scalar_one() >= changed


def test_a_waiting_time_ends_at_midnight_without_a_word(
    client: TestClient,
    session: Session,
    given: Given,
    growing: Growing,
    lot: HarvestLot,
    clock: Clock,
) -> None:
    growing.spray(_only(session, Planting), -5, product=_product(session))
    session.commit()
    before = client.get(f"/t/{lot.code}", headers=EN).text
    assert "Not to be sold before" in before
    clock.instant = clock.instant.replace(hour=16, minute=59, second=59)  # 23:59:59 there
    clock.forward(days=1)
    assert client.get(f"/t/{lot.code}", headers=EN).text == before
    clock.forward(seconds=1)
    assert "Not to be sold before" not in client.get(f"/t/{lot.code}", headers=EN).text


def _at_the_last_second(clock: Clock, days: int) -> None:
    """23:59:59 in Viet Nam, so many days from now."""
    clock.instant = clock.instant.replace(hour=16, minute=59, second=59)
    clock.forward(days=days)


def test_a_certificate_s_last_day_ends_at_midnight_in_the_strip(
    client: TestClient, session: Session, given: Given, clock: Clock
) -> None:
    area = given.area()
    given.certificate(area, valid_to=given.day(2))
    lot = given.lot(area)
    _print_labels(session, given, lot)
    session.commit()
    _at_the_last_second(clock, 2)
    for address in (f"/t/{lot.code}", f"/api/v1/public/lots/{lot.code}"):
        assert "the certificate expired on" not in client.get(address, headers=EN).text
    clock.forward(seconds=1)
    for address in (f"/t/{lot.code}", f"/api/v1/public/lots/{lot.code}"):
        told = client.get(address, headers=EN).text
        assert f"VietGAP: the certificate expired on {given.day(2):%d/%m/%Y}" in told


def test_a_best_before_day_ends_at_midnight_in_the_strip(
    client: TestClient, session: Session, given: Given, clock: Clock
) -> None:
    lot = given.lot(best_before=given.day(1))
    _print_labels(session, given, lot)
    session.commit()
    _at_the_last_second(clock, 1)
    assert "Past its best-before day" not in client.get(f"/t/{lot.code}", headers=EN).text
    clock.forward(seconds=1)
    assert "Past its best-before day" in client.get(f"/t/{lot.code}", headers=EN).text


def test_a_code_suspended_from_a_coming_day_is_suspended_on_that_day(
    client: TestClient, session: Session, given: Given, lot: HarvestLot, clock: Clock
) -> None:
    change = Change(given.day(3), "Dùng thuốc ngoài danh mục.")
    code = _only(session, AreaCode)
    suspend_code(session, code=code, change=change, by=BY, now=given.now)
    session.commit()
    before = client.get(f"/t/{lot.code}", headers=EN).text
    clock.forward(days=2)
    assert client.get(f"/t/{lot.code}", headers=EN).text == before
    clock.forward(days=1)
    after = client.get(f"/t/{lot.code}", headers=EN).text
    assert after == rendered(session, lot.code, clock.instant)
    assert after != before
