"""The life of a planting-area code, played in a browser: an applicant, an officer, and everybody who looks."""

from dataclasses import dataclass

import pypdfium2
import zxingcpp
from playwright.sync_api import Page

from tests.journeys.map_page import does, tap

FIELD = ((0.35, 0.3), (0.65, 0.32), (0.62, 0.7), (0.33, 0.66))
ZOOMS = 6


@dataclass(frozen=True)
class Paper:
    """A certificate as it was printed: its words, and the address its symbol opens."""

    words: str
    address: str


def draw_field(page: Page) -> None:
    """Zoom into the commune and tap the four corners of a field."""
    page.wait_for_selector(".map-live .leaflet-container")
    page.wait_for_function("document.querySelector('.map-near')?.textContent")
    for _ in range(ZOOMS):
        page.click(".map .leaflet-control-zoom-in")
        page.wait_for_timeout(350)
    does(page, "draw")
    page.locator(".map-ground").scroll_into_view_if_needed()
    tap(page, *FIELD)
    does(page, "finish")


class Applicant:
    """Somebody of a cooperative who asks for codes."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address

    def register_area(self, name: str, *, since: str, commune: str, crop: str) -> str:
        """Enter an area; leads to its map. The id of the area."""
        page = self.page
        page.goto(f"{self.address}/work/areas/new")
        page.fill("#name", name)
        page.select_option("#commune", commune)
        page.fill("#area_m2", "2,5")
        page.fill("#established_on", since)
        page.check(f"input[name=crops][value={crop}]")
        page.click("form[data-once] > button")
        page.wait_for_url("**/boundary?done=saved")
        return page.url.split("/areas/")[1].split("/")[0]

    def save_boundary(self) -> None:
        """Keep what was drawn."""
        self.page.click("section.card > button.block")
        self.page.wait_for_url("**/boundary?done=saved")
        self.page.wait_for_selector(".map-live .map-corner")

    def hand_in_too_early(self, area: str) -> str:
        """Hand in an empty dossier: everything that is missing, said at once."""
        self.page.goto(f"{self.address}/work/areas/{area}/dossier")
        self.page.click("button[value=submit]")
        return self.page.inner_text(".notice.bad")

    def fill_in(self, area: str, *markets: str) -> None:
        """Everything a dossier needs, typed in."""
        page = self.page
        page.goto(f"{self.address}/work/areas/{area}/dossier")
        for market in markets:
            page.check(f"input[name=markets][value={market}]")
        page.fill("#expected_output", "60")
        page.fill("#households", "4")
        page.fill("#representative", "Vàng Seo Pao")

    def hand_in(self) -> None:
        """The button."""
        self.page.click("button[value=submit]")
        self.page.wait_for_url("**?done=applied")


class Officer:
    """Somebody of the province who decides."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address

    def open_application(self, area: str, market: str, state: str = "submitted") -> None:
        """From the worklist, as one would."""
        self.page.goto(f"{self.address}/desk/applications?state={state}")
        line = self.page.locator("tbody tr", has_text=area).filter(has_text=market)
        line.locator("td.main a").click()
        self.page.wait_for_selector("h1")

    def inspect(self, seen: str) -> None:
        """Order a site check and write down that the area is fit."""
        page = self.page
        page.click("form[action$='/inspect'] button")
        page.wait_for_url("**?done=inspecting")
        page.select_option("#finding", "fit")
        page.fill("#words", seen)
        page.click("form[action$='/site-checks'] button")
        page.wait_for_url("**?done=checked")

    def issue(self, number: str) -> str:
        """Issue the code; the code."""
        page = self.page
        page.select_option("#scheme", "ND38_2026")
        page.fill("#number", number)
        page.click("form[action$='/issue'] button.block")
        page.wait_for_url("**?done=issued")
        return page.inner_text("a.button[href*='/desk/codes/']")

    def step(self, verb: str, reason: str, number: str) -> None:
        """A step in the life of the code that is open: suspend, restore …"""
        page, form = self.page, f"form[action$='/{verb}']"
        page.locator(f"details:has({form}) summary").click()
        page.select_option(f"{form} select[name=reason_slug]", reason)
        page.fill(f"{form} input[name=number]", number)
        page.click(f"{form} > button")
        page.wait_for_url("**?done=*")


def paper_of(page: Page, address: str, code: str) -> Paper:
    """The certificate as anybody gets it from the page of the code, read back from its own picture."""
    page.goto(f"{address}/register/{key_of(code)}")
    link = page.locator("section", has_text=code).locator("a[href$='/certificate.pdf']").first
    pdf = page.request.get(address + str(link.get_attribute("href"))).body()
    document = pypdfium2.PdfDocument(pdf)
    words = " ".join(one.get_textpage().get_text_bounded() for one in document)
    (symbol,) = zxingcpp.read_barcodes(document[0].render(scale=300 / 72).to_pil())
    return Paper(" ".join(words.split()), symbol.text)


def key_of(code: str) -> str:
    """A code as addresses write it."""
    return code.replace("-", "").lower()


def said_of(page: Page, code: str) -> str:
    """What the page that is open says of one of the codes on it."""
    return page.locator("section.card", has_text=code).first.inner_text()
