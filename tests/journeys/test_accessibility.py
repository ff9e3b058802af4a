"""No page breaks a rule that a machine can check (axe-core: WCAG 2.2 AA and best practices), at 360 px.

Every page of every role, as the links of the demonstration province lead to it. Which database lies
beneath changes nothing of a page: one is enough here.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, Page
from sqlalchemy import select
from sqlmodel import col

from app.accounts.access import COLUMNS, Scope
from app.accounts.commands import new_link
from app.accounts.policy import access_to
from app.db import transaction
from app.main import create_app
from app.models.accounts import Account, Role
from app.models.lots import HarvestLot, LotState
from app.models.reports import ShopperReport
from app.settings import Settings
from tests.conftest import NOW, Clock
from tests.crawl import Crawler, routes_of
from tests.databases import Sqlite
from tests.demonstration import Demonstration, demonstrated
from tests.journeys.conftest import served

ROLES = ("", "grower", "coop_admin", "certifier", "inspector", "province_admin")
# Who reaches every page that another one does: the other's are the same with fewer buttons.
SAME = {Role.STAFF: Role.COOP_ADMIN}
# Whose pages another role is shown two of each: one of them is enough.
NEARLY = {
    "grower": Role.COOP_ADMIN,
    "certifier": Role.INSPECTOR,
    "inspector": Role.PROVINCE_ADMIN,
}
# What kinds of things stand on a page: tags, classes, types and roles.
SHAPE = re.compile(r"""<(\w+)|\b(?:class|type|role)=["']?([^"'>]*)""")
PHONE = {"width": 360, "height": 640}
AT_WORK = ("/home", "/work", "/desk", "/account", "/field", "/inputs")
ELSEWHERE = (
    "/t/LC1",
    "/t/LCYTCJ2VMSC46CC",
    "/nothing",
    "/report?code=LC1",
    "/problems/refused",
    "/register/15PUCX",
    "/certificates/unknown",
)


@pytest.fixture(scope="module")
def province() -> Iterator[Demonstration]:
    with demonstrated(Sqlite()) as made:
        yield made


@pytest.fixture(scope="module")
def site(province: Demonstration, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(province.engine, tmp_path_factory.mktemp("served"), Clock(NOW)) as address:
        yield address


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    # Colours on their way from one to another are nobody's to judge.
    context = browser.new_context(
        viewport=PHONE, locale="vi-VN", bypass_csp=True, reduced_motion="reduce"
    )
    context.add_init_script(Axe().axe_script)
    yield context.new_page()
    context.close()


@dataclass(frozen=True)
class Seen:
    """What a crawler asks of an answer."""

    status_code: int
    headers: dict[str, str]
    url: SplitResult
    text: str


class Reader:
    """Opens pages for a crawler, in a browser, and checks each that it sees."""

    def __init__(self, page: Page, site: str, crawler: Crawler, role: str) -> None:
        self.page, self.site, self.crawler, self.role = page, site, crawler, role
        self.seen, self.faults, self.kinds = 0, [], set[str]()
        self.shapes: dict[str, set[tuple[str, str]]] = defaultdict(set)

    def get(self, address: str, **_how: object) -> Seen:
        if self.role and not address.startswith(AT_WORK):
            return Seen(200, {}, urlsplit(address), "")  # seen by those who are not signed in
        if self._seen_by_another(address):
            read = self.page.request.get(self.site + address)
            return Seen(read.status, read.headers, urlsplit(read.url), read.text())
        try:
            answer = self.page.goto(self.site + address)
        except Error:  # a file, which a browser keeps instead of showing it
            answer = None
        if answer is None:
            return Seen(200, {}, urlsplit(address), "")
        if answer.headers.get("content-type", "").startswith("text/html"):
            self.seen += 1
            self.faults += self._checked(address, answer.text())
        return Seen(answer.status, answer.headers, urlsplit(answer.url), answer.text())

    def _checked(self, address: str, text: str) -> list[str]:
        """What is wrong with a page; the rules are asked only where it shows what its kind did not yet."""
        shapes = self.shapes[self.crawler.route("GET", urlsplit(address).path)]
        new = set(SHAPE.findall(text)) - shapes
        shapes |= new
        return checked(self.page, address) if new else too_wide(self.page, address)

    def _seen_by_another(self, address: str) -> bool:
        """Whether it is the second page of a kind that another role is shown two of."""
        kind = self.crawler.route("GET", urlsplit(address).path)
        if kind not in self.kinds:
            self.kinds.add(kind)
            return False
        return self.role in NEARLY and sees(kind, NEARLY[self.role])


def a_lot_of_each_state(province: Demonstration) -> list[str]:
    with transaction(province.engine) as session:
        lots = session.execute(select(col(HarvestLot.state), col(HarvestLot.code))).all()
    return [str(code) for code in {LotState(state): code for state, code in lots}.values()]


def tickets(province: Demonstration) -> list[str]:
    """The pages of the reports that shoppers sent, one of each state."""
    with transaction(province.engine) as session:
        reports = session.execute(select(ShopperReport)).scalars()
        return [f"/r/{ticket}" for ticket in {one.state: one.ticket for one in reports}.values()]


def a_one_time_link(province: Demonstration) -> str:
    with transaction(province.engine) as session:
        account = session.execute(select(Account).limit(1)).scalar_one()
        return f"/welcome/{new_link(session, account=account, now=NOW)}"


def enter(page: Page, site: str, who: tuple[str, str]) -> None:
    page.goto(f"{site}/sign-in")
    page.fill("#login", who[0])
    page.fill("#password", who[1])
    page.click("main button")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("role", ROLES)
def test_no_page_of_a_role_breaks_a_rule_of_accessibility_or_is_too_wide(
    phone: Page, site: str, province: Demonstration, role: str
) -> None:
    """Two pages of every kind that the role reaches by links; one where another role is shown two."""
    crawler = Crawler(create_app(Settings(), engine=province.engine))
    reader = Reader(phone, site, crawler, role)
    starts = ["/", "/home", *(f"/t/{code}" for code in a_lot_of_each_state(province))]
    if role:
        enter(phone, site, province.people[role])
    else:
        for path in (*starts[2:], *ELSEWHERE, a_one_time_link(province), *tickets(province)):
            reader.get(path)
    crawler.walk(reader, starts)
    assert reader.seen > 5
    assert not reader.faults, "\n".join(reader.faults)


def test_whoever_is_left_out_reaches_no_page_of_their_own(province: Demonstration) -> None:
    app = create_app(Settings(), engine=province.engine)
    routes = routes_of(app)
    pages = {name for name, method, path in routes if method == "GET" and path[:5] != "/api/"}
    for role, other in SAME.items():
        assert [name for name in pages if sees(name, role) and not sees(name, other)] == []
        assert [name for name in pages if sees(name, other) and sees(name, role)]


def sees(name: str, role: Role) -> bool:
    access = access_to(name)
    return access is not None and access.cells[COLUMNS.index(role)] is not Scope.NO


def test_setting_up_the_second_step_breaks_none(
    phone: Page, site: str, province: Demonstration
) -> None:
    login, password = province.people["staff"]
    enter(phone, site, (login, password))
    phone.goto(f"{site}/account")
    phone.fill("#start-password", "sai")
    phone.click("form[action='/account/second-factor'] button")
    broken = checked(phone, "a wrong password")
    phone.fill("#start-password", password)
    phone.click("form[action='/account/second-factor'] button")
    assert broken + checked(phone, "the second step") == []


def test_a_form_full_of_faults_breaks_none(phone: Page, site: str, province: Demonstration) -> None:
    enter(phone, site, province.people["coop_admin"])
    for path in (
        "/work/lots/new",
        "/work/areas/new",
        "/work/certificates/new",
        "/work/growers/new",
    ):
        phone.goto(site + path)
        phone.evaluate("document.querySelector('main form[method=post]').noValidate = true")
        phone.evaluate("document.querySelector('main form[method=post]').requestSubmit()")
        phone.wait_for_selector("[aria-invalid=true]")
        assert checked(phone, f"{path} with faults") == []


def test_the_check_sees_a_fault(phone: Page, site: str) -> None:
    phone.goto(f"{site}/sign-in")
    phone.evaluate("document.querySelector('label').remove()")
    phone.evaluate("document.querySelector('main').style.width = '500px'")
    assert len(checked(phone, "planted")) >= 2


def checked(page: Page, about: str) -> list[str]:
    found = page.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then(said => said.violations)"
    )
    told = [f"{about}: {one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]
    return told + too_wide(page, about)


def too_wide(page: Page, about: str) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [f"{about}: {wide} px wide"] if wide > PHONE["width"] else []
