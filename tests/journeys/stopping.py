"""Goods stopped, played in a browser: a complaint, a trace, a sample, a bad result, a recall, its report."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field

import pypdfium2
import zxingcpp
from PIL import Image
from playwright.sync_api import Page

COMPLAINT = "Rau có mùi thuốc, ăn xong bị đau bụng."
Snap = Callable[[Page, str], None]


def words_of(page: Page, address: str) -> str:
    """What a PDF says."""
    document = pypdfium2.PdfDocument(page.request.get(address).body())
    return " ".join(one.get_textpage().get_text_bounded() for one in document)


def unseen(_page: Page, _name: str) -> None:
    """Take no picture."""


@dataclass
class Shopper:
    """Somebody with a telephone who bought of a lot."""

    page: Page
    address: str
    snap: Snap = unseen
    ticket: str = field(default="", init=False)

    def begin_report(self, code: str) -> None:
        """The form; who sends it at once is taken for a machine."""
        self.page.goto(f"{self.address}/t/{code}/report")
        self.page.check("input[name=kind] >> nth=0")
        self.page.fill("#words", COMPLAINT)

    def send_report(self) -> None:
        self.page.click("form.card button.block")
        self.page.wait_for_url("**/r/PA*")
        self.ticket = self.page.url
        self.snap(self.page, "stop-1-complaint")

    def warned(self, code: str) -> str:
        """What the page of a lot warns of."""
        self.page.goto(f"{self.address}/t/{code}")
        said = self.page.inner_text(".notice.recall, .standing.stop, main")
        self.snap(self.page, "stop-9-public")
        return said


@dataclass
class Inspector:
    """Somebody of the authority."""

    page: Page
    address: str
    snap: Snap = unseen

    def follow_report(self) -> str:
        """From the complaint, on to where its lot went; the words of the trace."""
        page = self.page
        page.goto(f"{self.address}/desk/reports")
        page.click(f"tr:has-text('{COMPLAINT}') td.main a")
        page.click("form[action$='/look'] button")
        self.snap(page, "stop-2-report")
        page.click("a.button[href*='/trace?q=']")
        page.wait_for_selector(".trace-box")
        self.snap(page, "stop-3-trace")
        return page.inner_text("main")

    def take_sample(self, home: str, code: str, seal: str) -> None:
        """A visit in which a sample is taken of the lot; signed by both, finished."""
        page = self.page
        page.goto(f"{self.address}/desk/visits/new")
        page.select_option("#organisation", label=home)
        page.click("form.card button.block")
        page.wait_for_selector("#finding_words_1")
        page.evaluate(
            "document.querySelectorAll('[value=conforms]').forEach(one => { one.checked = true })"
        )
        page.fill("#sample_what_1", "Bắp cải, 3 bắp trong kho")
        page.fill("#sample_seal_1", seal)
        page.fill("#sample_lot_1", code)
        page.fill("#name_host", "Lý Thị Mẩy")
        for signer in ("inspector", "host"):
            page.check(f"input[name=affirmed_{signer}]")
        self.snap(page, "stop-4-visit")
        page.click("button[value=finish]")
        page.wait_for_url("**?done=visit_finished")

    def hand_over(self, seal: str) -> None:
        """The sample goes to the laboratory."""
        page = self.page
        page.goto(f"{self.address}/desk/samples")
        page.click(f"tr:has-text('{seal}') td.main a")
        for kind, taker in (("handed_over", "Bưu tá tỉnh"), ("received", "Phòng thử nghiệm")):
            page.select_option("#kind", kind)
            page.fill("#taker", taker)
            page.select_option("#seal_whole", "yes")
            page.click("form[action$='/steps'] button")
            page.wait_for_url("**?done=*")

    def write_result(self, code: str, sampled_on: str, reported_on: str) -> None:
        """Far more of a pesticide than is allowed."""
        page = self.page
        page.goto(f"{self.address}/work/lots/{code}/tests")
        for name, typed in {
            "laboratory": "Trung tâm Kiểm nghiệm Nông sản",
            "number": "KN-2026-118",
            "sampled_on": sampled_on,
            "reported_on": reported_on,
            "analyte_1": "Chlorpyrifos",
            "found_1": "1,8",
            "limit_1": "0,05",
        }.items():
            page.fill(f"#{name}", typed)
        page.click("#add > button.block")
        page.wait_for_url("**?done=lab_recorded")
        self.snap(page, "stop-5-result")

    def open_recall(self) -> None:
        """From the result: what is filled in is enough."""
        page = self.page
        page.click("a.danger[href*='/recalls/new?lab_report=']")
        self.snap(page, "stop-6-opening")
        page.click("form.card button.block")
        page.wait_for_selector("form[action$='/decide']")

    def decide(self) -> str:
        """Stop the lots; the deadlines as the page shows them."""
        page = self.page
        page.click("form[action$='/decide'] button")
        page.wait_for_url("**?done=recall_decided")
        self.snap(page, "stop-7-decided")
        return page.inner_text("section:has(ol.line)")

    def decision(self) -> str:
        """The decision as it is signed; its words."""
        return words_of(self.page, f"{self.address}{self._at('decision.pdf')}")

    def _at(self, file: str) -> str | None:
        return self.page.get_attribute(f"a[href$='/{file}']", "href")

    def end(self) -> None:
        """Nothing more is expected back."""
        page = self.page
        page.click("details:has(form[action$='/end']) summary")
        page.click("form[action$='/end'] button")
        page.wait_for_url("**?done=*")


@dataclass
class Facility:
    """Somebody who runs the cooperative whose goods are recalled."""

    page: Page
    address: str
    snap: Snap = unseen

    def open(self) -> None:
        self.page.goto(f"{self.address}/work/recalls")
        self.page.click("td.main a >> nth=0")

    def link_for_buyer(self) -> str:
        """The link for a buyer without an account, read from its QR code as a telephone does."""
        self.page.click("form[action$='/link'] button")
        symbol = self.page.locator(".notice svg[viewBox][role=img]")
        symbol.scroll_into_view_if_needed()
        picture = Image.open(io.BytesIO(symbol.screenshot()))
        self.snap(self.page, "stop-8-link")
        [found] = zxingcpp.read_barcodes(picture)
        return str(found.text)

    def take_back(self, kilograms: str) -> None:
        self.page.fill("input[name=returned_g]", kilograms)
        self.page.click("form[action$='/returns'] button")
        self.page.wait_for_url("**?done=*")

    def destroy(self, code: str, kilograms: str) -> None:
        page = self.page
        page.click("summary:has-text('Xử lý')")
        page.fill("#lot", code)
        page.fill("#quantity_g", kilograms)
        page.fill("#document", "BB-07/2026")
        page.click("form[action$='/dispose'] button")
        page.wait_for_url("**?done=*")

    def report(self) -> str:
        """File the report; the words of it on paper."""
        page = self.page
        page.fill("#cause", "Phun thuốc không đúng thời gian cách ly.")
        page.fill("#prevention", "Khoá lô khi chưa đủ ngày cách ly.")
        page.click("form[action$='/report'] button")
        page.wait_for_url("**?done=*")
        self.snap(page, "stop-10-reported")
        link = page.get_attribute("a[href$='/report.pdf']", "href")
        return words_of(page, f"{self.address}{link}")


@dataclass
class Buyer:
    """A shop without an account."""

    page: Page
    snap: Snap = unseen

    def answer(self, link: str, kilograms: str) -> None:
        """Open the link and say what is left."""
        self.page.goto(link)
        self.page.fill("#remaining_g", kilograms)
        self.page.fill("#answered_by", "Chị Hoa")
        self.page.click("form.card button.block")
        self.page.wait_for_selector(".notice.good")
        self.snap(self.page, "stop-8-answered")
