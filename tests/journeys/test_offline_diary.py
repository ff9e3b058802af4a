"""The diary in the field with no network: entries and photographs wait on the phone and arrive once each."""

import io
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route
from sqlalchemy import func, select
from sqlmodel import Session, col

from app.models.accounts import Role
from app.models.diary import DiaryConflict, DiaryEntry, EntryInput, EntryPicture, Planting, Work
from tests.diary.growing import Growing
from tests.given import PASSWORD, Given
from tests.journeys.conftest import QUIET

PHONE = {"width": 360, "height": 640}
ENTRIES = 20


@pytest.fixture
def planting(session: Session, given: Given) -> Planting:
    """Cabbage that a cooperative planted; two of its people use one phone."""
    growing = Growing(given)
    cooperative = given.cooperative("Hợp tác xã Rau Bản Phố")
    area = given.area(cooperative, name="Đồi Sân Chùa")
    made = growing.planting(area)
    growing.entry(made, Work.WATERING, day=-2)
    given.account(Role.STAFF, cooperative, login="ke-toan")
    given.account(Role.STAFF, cooperative, login="thu-kho")
    session.commit()
    return made


class Telephone:
    """One phone with one memory: it can be switched off and on, and lose its network."""

    def __init__(self, folder: Path, browser: Browser) -> None:
        self.folder = folder
        self.playwright = browser.browser_type
        self.context: BrowserContext | None = None

    def on(self, *, network: bool = True) -> Page:
        found = shutil.which("chromium")
        self.context = self.playwright.launch_persistent_context(
            self.folder,
            executable_path=found,
            args=list(QUIET),
            viewport=PHONE,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            has_touch=True,
        )
        self.context.set_offline(not network)
        page = self.context.pages[0]
        page.set_default_timeout(20_000)
        page.on("dialog", lambda dialog: dialog.accept())
        return page

    def network(self, there: bool) -> None:
        assert self.context is not None
        self.context.set_offline(not there)

    def off(self) -> None:
        if self.context is not None:
            self.context.close()
            self.context = None


@pytest.fixture
def telephone(browser: Browser, tmp_path: Path) -> Iterator[Telephone]:
    made = Telephone(tmp_path / "phone", browser)
    yield made
    made.off()


def sign_in(page: Page, address: str, login: str) -> None:
    page.goto(f"{address}/sign-in?next=/field")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/field**")
    page.evaluate("window.fieldReady")


def photo(number: int) -> dict[str, Any]:
    """A photograph larger than it is kept, each another."""
    drawn = io.BytesIO()
    picture = Image.linear_gradient("L").resize((1600, 1200)).convert("RGB")
    picture.paste((number * 11 % 255, 120, 60), (40 * number, 30, 40 * number + 200, 600))
    picture.save(drawn, "JPEG")
    return {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": drawn.getvalue()}


def write(page: Page, number: int, *, with_photo: bool = True) -> None:
    """One entry: the planting, the work, save; every other is sprayed."""
    page.click(".pick")
    page.click(f"[data-work={'spraying' if number % 2 else 'watering'}]")
    if number % 2:
        page.fill("#product", "Movento 150OD")
        page.fill("#amount", "30")
    page.click("form.entry summary")
    page.fill("#note", f"việc số {number}")
    if with_photo:
        page.set_input_files("#photos", photo(number))
    page.click("form.entry button.big")
    page.wait_for_selector(".pick")


# The page sends by itself as well: one sender at a time.
SENT_ALONE = """async () => {
  let how = "busy";
  while (how === "busy") how = await Sync.run();
  return how;
}"""


def send(page: Page) -> str:
    """Send what waits, once nobody else on this phone does; how it ended."""
    how: str = page.evaluate(SENT_ALONE)
    return how


ALL_SENT = """async (least) => {
  const items = await Store.all("queue");
  const photos = await Store.all("photos");
  return items.length >= least && items.every((item) => item.state === "sent") && !photos.length;
}"""


WHY = "Store.all('queue').then((items) => items.map((item) => [item.state, item.why, item.operation]))"


def until(page: Page, holds: str, arg: Any = None) -> None:
    """Wait until what a script promises is true; `wait_for_function` takes the promise itself for true."""
    deadline = time.monotonic() + 30
    while not page.evaluate(holds, arg):
        assert time.monotonic() < deadline, (holds, page.evaluate(WHY))
        page.wait_for_timeout(50)


def all_sent(page: Page, least: int) -> None:
    """Wait until so many entries, and every photograph, were received: sent by whoever comes first."""
    deadline = time.monotonic() + 40
    while not page.evaluate(ALL_SENT, least):
        assert time.monotonic() < deadline, (send(page), page.evaluate(WHY))
        page.wait_for_timeout(100)
        send(page)


def counted(session: Session, column: Any) -> int:
    session.rollback()
    found = int(session.execute(select(func.count(column))).scalar_one())
    session.rollback()  # a session that stays open would keep everybody else from writing
    return found


def test_twenty_entries_with_photographs_arrive_once_each(
    telephone: Telephone, address: str, session: Session, planting: Planting
) -> None:
    before = counted(session, col(DiaryEntry.id))
    page = telephone.on()
    sign_in(page, address, "ke-toan")
    page.wait_for_selector("#ready.good")

    telephone.network(False)
    page.reload()
    page.wait_for_selector(".pick")
    for number in range(ENTRIES):
        write(page, number)
    assert f"{ENTRIES}" in page.inner_text("#waiting")
    assert counted(session, col(DiaryEntry.id)) == before

    telephone.off()
    page = telephone.on(network=False)
    page.goto(f"{address}/field")
    page.wait_for_selector(".pick")
    # A browser that starts may send some before it is told that there is no network.
    assert page.inner_text("#waiting")

    telephone.network(True)
    page.evaluate("Promise.all([Sync.run(), Sync.run()])")
    all_sent(page, ENTRIES)
    send(page)
    assert counted(session, col(DiaryEntry.id)) == before + ENTRIES
    assert counted(session, col(EntryPicture.entry_id)) == ENTRIES
    assert counted(session, col(EntryInput.id)) == ENTRIES // 2
    assert counted(session, col(DiaryConflict.id)) == 0
    notes = set(session.execute(select(col(DiaryEntry.note))).scalars())
    assert {f"việc số {number}" for number in range(ENTRIES)} <= notes


def test_a_lost_sign_in_loses_nothing(
    telephone: Telephone, address: str, session: Session, planting: Planting
) -> None:
    page = telephone.on()
    sign_in(page, address, "ke-toan")
    page.wait_for_selector(".pick")
    assert telephone.context is not None
    telephone.context.clear_cookies()
    write(page, 2, with_photo=False)
    assert send(page) == "signed-out"
    assert "1" in page.inner_text("#waiting")
    sign_in(page, address, "ke-toan")
    all_sent(page, 1)
    assert counted(session, col(DiaryEntry.id)) == 2


@pytest.mark.one_engine
def test_a_line_that_breaks_off_once_is_tried_again_without_a_touch(
    telephone: Telephone, address: str, session: Session, planting: Planting
) -> None:
    page = telephone.on()
    # As in browsers that do not send in the background: Safari, Firefox, what is built into Zalo.
    page.add_init_script("delete ServiceWorkerRegistration.prototype.sync")
    sign_in(page, address, "ke-toan")
    page.wait_for_selector("#ready.good")
    tried: list[str] = []

    def breaking(route: Route) -> None:
        tried.append(route.request.url)
        route.abort() if len(tried) < 3 else route.continue_()

    page.route("**/api/v1/diary/sync", breaking)
    write(page, 8, with_photo=False)
    until(page, ALL_SENT, 1)
    assert len(tried) == 3
    assert counted(session, col(DiaryEntry.id)) == 2


def test_one_phone_keeps_the_queues_of_two_people_apart(
    telephone: Telephone, address: str, session: Session, planting: Planting
) -> None:
    page = telephone.on()
    sign_in(page, address, "ke-toan")
    page.wait_for_selector(".pick")
    telephone.network(False)
    write(page, 4, with_photo=False)
    assert telephone.context is not None
    telephone.context.clear_cookies()  # before the network is back: the page sends at once
    telephone.network(True)
    sign_in(page, address, "thu-kho")
    send(page)
    assert counted(session, col(DiaryEntry.id)) == 1, "another person must not send it"
    telephone.context.clear_cookies()
    sign_in(page, address, "ke-toan")
    all_sent(page, 1)
    assert counted(session, col(DiaryEntry.id)) == 2


def test_what_the_server_refuses_stays_with_its_reason_and_can_be_mended(
    telephone: Telephone, address: str, session: Session, planting: Planting, given: Given
) -> None:
    page = telephone.on()
    sign_in(page, address, "ke-toan")
    page.wait_for_selector(".pick")
    telephone.network(False)
    write(page, 6)
    page.evaluate(
        """async () => {
          const [item] = await Store.all("queue");
          await Store.change(item.uid, { operation: { ...item.operation, done_on: "2020-01-01" } });
        }"""
    )
    telephone.network(True)
    send(page)
    page.goto(f"{address}/field#/queue")
    page.wait_for_selector("[data-state=refused] .why")
    assert counted(session, col(DiaryEntry.id)) == 1
    page.click("[data-state=refused] button.quiet")
    assert page.input_value("#note") == "việc số 6"
    page.fill("#done_on", given.day(0).isoformat())
    page.click("form.entry button.big")
    all_sent(page, 1)
    assert counted(session, col(DiaryEntry.id)) == 2
    assert counted(session, col(EntryPicture.entry_id)) == 1


def test_the_last_entry_is_repeated_in_three_taps(
    telephone: Telephone, address: str, session: Session, planting: Planting
) -> None:
    page = telephone.on()
    sign_in(page, address, "ke-toan")
    page.wait_for_selector(".pick")
    page.tap(".pick")
    page.tap("button.big")
    page.tap("form.entry button.big")
    all_sent(page, 1)
    assert counted(session, col(DiaryEntry.id)) == 2


def test_the_page_says_what_it_cannot_do_without_scripts(browser: Browser, address: str) -> None:
    page = browser.new_context(java_script_enabled=False, locale="vi-VN").new_page()
    page.goto(f"{address}/field")
    assert page.get_attribute("noscript a, a[href='/home']", "href") == "/home"


MANY = """async ([planting, many, person]) => {
  for (let number = 0; number < many; number += 1) {
    const uid = Store.uuid7();
    const operation = { uid, planting, work: "watering", done_on: "%s", written_at: new Date().toISOString(), note: `việc ${number}` };
    await Store.queue({ uid, person, state: "waiting", title: "", operation, photos: 0, made: Date.now() }, []);
  }
  return Promise.all([Sync.run(), Sync.run(), Sync.run()]);
}"""


def test_five_hundred_entries_arrive_once_each_though_answers_are_lost(
    telephone: Telephone, address: str, session: Session, planting: Planting, given: Given
) -> None:
    page = telephone.on()
    sign_in(page, address, "ke-toan")
    page.wait_for_selector(".pick")
    assert telephone.context is not None
    lost = iter(range(3))

    def losing(route: Route) -> None:
        # The server takes the batch in, and the answer never reaches the phone.
        answer = route.fetch()
        if next(lost, None) is None:
            route.fulfill(response=answer)
        else:
            route.abort()

    telephone.context.route("**/api/v1/diary/sync", losing)
    person = page.evaluate("Store.setting('signed')")
    script = MANY % given.day(-1).isoformat()
    page.evaluate(script, [str(planting.uid), 500, person])
    while send(page) != "done":
        page.wait_for_timeout(50)
    all_sent(page, 500)
    assert counted(session, col(DiaryEntry.id)) == 501
    assert next(lost, None) is None, "three answers were lost"
