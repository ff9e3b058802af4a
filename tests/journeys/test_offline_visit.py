"""A visit in a field with no network: answered, photographed, signed with the finger, sent when there is one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.commands import disable_account
from app.accounts.queries import find_account
from app.inspection.plan_commands import PlanDetails, plan_visit
from app.ledger.actors import Actor
from app.models.accounts import Role
from app.models.registry import Organisation, OrganisationKind
from app.models.visit_findings import VisitFinding
from app.models.visits import InspectionVisit, VisitPicture, VisitSignature
from tests.given import Given
from tests.journeys.test_offline_diary import Telephone, all_sent, photo, send, sign_in, until


@pytest.fixture
def telephone(browser: Browser, tmp_path: Path) -> Iterator[Telephone]:
    made = Telephone(tmp_path / "phone", browser)
    yield made
    made.off()


@pytest.fixture
def home(session: Session, given: Given) -> Organisation:
    """A cooperative whose visit is planned, and two inspectors of one office."""
    made = given.cooperative("Hợp tác xã Rau Bản Phố")
    given.area(made, name="Đồi Sân Chùa")
    office = given.organisation(OrganisationKind.AUTHORITY)
    for login in ("kiem-tra", "dong-nghiep"):
        given.account(Role.INSPECTOR, office, login=login)
    details = PlanDetails("planting_area", given.day(3))
    plan_visit(session, organisation=made, details=details, by=Actor.system(), now=given.now)
    session.commit()
    return made


def answer_all(page: Page) -> None:
    """Everything conforms, but that the code is lent."""
    for box in page.query_selector_all(".outcomes"):
        box.query_selector("[value=conforms]").check()  # type: ignore[union-attr]
    page.check("#ask-condition [value=fails]")
    page.set_input_files("#ask-condition input[type=file]", photo(1))
    until(page, "Store.all('photos').then((all) => all.length === 1)")


def draw(page: Page, signer: str) -> None:
    """A signature with the finger."""
    canvas = page.locator(f"fieldset:has(#name-{signer}) canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(box["x"] + 20 + 25 * step, box["y"] + 20 + 12 * (step % 3))
    page.mouse.up()


def kept(page: Page) -> list[dict[str, object]]:
    found: list[dict[str, object]] = page.evaluate("Store.all('queue')")
    return found


def begun(page: Page, address: str) -> None:
    sign_in(page, address, "kiem-tra")
    page.wait_for_selector("#ready.good")


def test_a_visit_without_a_network_arrives_once_with_its_signatures(
    telephone: Telephone, address: str, session: Session, home: Organisation
) -> None:
    page = telephone.on()
    begun(page, address)
    telephone.network(False)
    page.reload()
    page.click(".slim button.block")
    page.wait_for_selector("#ask-condition")
    answer_all(page)
    page.click("button.big")
    page.wait_for_selector(
        "#why:not([hidden])"
    )  # nothing is finished with a fault that is no finding
    page.click("#findings + button")
    page.fill("#findings textarea", "Mã số dùng cho rau mua ngoài.")
    page.select_option("#findings select >> nth=0", "condition")
    page.fill("#name-host", "Lý Thị Mẩy")
    draw(page, "inspector")
    draw(page, "host")

    telephone.off()  # the phone goes off in the middle; what was written is there when it is on again
    page = telephone.on(network=False)
    page.goto(f"{address}/field")
    page.click("a.pick")
    page.wait_for_selector("#ask-condition")
    assert page.is_checked("#ask-condition [value=fails]")
    page.click("button.big")
    page.wait_for_selector("#waiting.warn")

    telephone.network(True)
    page.evaluate("Promise.all([Sync.run(), Sync.run()])")
    all_sent(page, 1)
    send(page)
    session.rollback()
    [visit] = session.execute(select(InspectionVisit)).scalars()
    assert visit.finished_at is not None
    assert len(list(session.execute(select(VisitPicture)).scalars())) == 1
    assert len(list(session.execute(select(VisitFinding)).scalars())) == 1
    signed = session.execute(select(VisitSignature).order_by(col(VisitSignature.id))).scalars()
    assert [(one.signer.value, one.strokes.startswith("M")) for one in signed] == [
        ("inspector", True),
        ("host", True),
    ]
    session.rollback()


def test_a_suspended_inspector_hands_the_visit_on_in_a_file(
    telephone: Telephone,
    browser: Browser,
    address: str,
    session: Session,
    home: Organisation,
    *,
    given: Given,
    tmp_path: Path,
) -> None:
    page = telephone.on()
    begun(page, address)
    page.click(".slim button.block")
    page.wait_for_selector("#ask-condition")
    page.check("#ask-crop [value=conforms]")
    until(page, "Store.all('queue').then(([one]) => one.operation.answers.length === 1)")
    account = find_account(session, "kiem-tra")
    assert account
    disable_account(session, account=account, by=Actor.system(), now=given.now)
    session.commit()
    page.check("#ask-volume [value=conforms]")
    until(page, "Store.all('queue').then(([one]) => one.operation.answers.length === 2)")
    assert send(page) == "signed-out"
    page.goto(f"{address}/field#/queue")
    with page.expect_download() as saved:
        page.click("main .row button.quiet")
    file = tmp_path / "kiem-tra.json"
    saved.value.save_as(file)
    page.evaluate("indexedDB.deleteDatabase('nguon-goc-field')")
    telephone.off()

    other = Telephone(tmp_path / "other", browser)
    page = other.on()
    sign_in(page, address, "dong-nghiep")
    page.goto(f"{address}/field#/queue")
    page.set_input_files("main input[type=file]", file)
    until(page, "Store.all('queue').then((all) => all.length === 1)")
    send(page)
    [item] = kept(page)
    assert item["state"] == "sent"
    other.off()
    session.rollback()
    [visit] = session.execute(select(InspectionVisit)).scalars()
    assert "volume" in visit.draft
    session.rollback()
