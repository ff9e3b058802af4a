"""Every page at 360×640 and 1280×800, of a fresh demonstration, into docs/screenshots."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pypdfium2
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import create_engine, text

from app.labels.keys import FOLDER, KeyRing
from app.labels.serials import serial_of
from tests.journeys.code_life import Applicant, Officer, draw_field, key_of
from tests.journeys.stopping import Buyer, Facility, Inspector, Shopper

ROOT = Path(__file__).parent.parent
OUT = Path(os.environ.get("NGUONGOC_SCREENSHOTS", ROOT / "docs" / "screenshots"))
PORT = 8765
BASE = f"http://127.0.0.1:{PORT}"
SIZES = ((360, 640), (1280, 800))
TALLEST = 2400

WANTED = {
    "lot": "SELECT l.code FROM harvest_lot l JOIN lot_claim c ON c.lot_id = l.id WHERE c.kind = 'vietgap' "
    "AND c.granted AND l.state = 'sealed' ORDER BY l.harvested_on DESC",
    "lot-recalled": "SELECT code FROM harvest_lot WHERE state = 'recalled'",
    "lot-withdrawn": "SELECT code FROM harvest_lot WHERE state = 'withdrawn'",
    "lot-held": "SELECT code FROM harvest_lot WHERE state = 'held'",
    "lot-waits": "SELECT code FROM harvest_lot WHERE sellable_from > date('now') AND state = 'open'",
    "lot-tested": "SELECT l.code FROM harvest_lot l JOIN lab_report r ON r.lot_id = l.id "
    "WHERE r.verdict = 'passed' AND l.state = 'sealed' ORDER BY l.id DESC",
    "lot-in-conversion": "SELECT l.code FROM harvest_lot l JOIN lot_claim c ON c.lot_id = l.id "
    "WHERE c.kind = 'organic_conversion' ORDER BY l.id DESC",
    "lot-certificate-lost": "SELECT l.code FROM harvest_lot l JOIN crop c ON c.id = l.crop_id "
    "WHERE c.slug = 'BO_KHAI' ORDER BY l.id DESC",
}
# Numbered labels of the demonstration, by their number from 0.
GTIN = "09521101000009"
AREA_CODE = "VN-10-085-02866-02-25"
LABELS = {"label": 12, "label-void": 4, "label-unusual": 20}
NUMBERED = (
    "SELECT l.code FROM harvest_lot l JOIN print_run_lot p ON p.lot_id = l.id JOIN print_run r "
    "ON r.id = p.run_id WHERE r.serialised AND p.first_index = 0 AND p.last_index > 20 ORDER BY l.id DESC"
)
# A harvest that was packed, and the packed lot of which a buyer has some; whose they are.
DELIVERED = (
    "SELECT l.code, k.code, o.name FROM harvest_lot l JOIN lot_edge e ON e.parent_id = l.id JOIN harvest_lot k "
    "ON k.id = e.child_id JOIN holding h ON h.lot_id = k.id JOIN organisation o ON o.id = l.organisation_id "
    "WHERE h.party_id IS NOT NULL AND l.state = 'sealed'"
)
PAGES: dict[str, dict[str, str]] = {
    "staff": {
        "work": "/work",
        "work-lots": "/work/lots",
        "work-contracts": "/work/contracts",
        "work-contract-new": "/work/contracts/new",
        "work-drills": "/work/drills",
        "work-lot-new": "/work/lots/new",
        "work-lot-split": "/work/lots/split",
        "work-balance": "/work/balance",
        "work-lots-held": "/work/lots?state=held",
        "work-areas": "/work/areas",
        "work-area-new": "/work/areas/new",
        "work-growers": "/work/growers",
        "account": "/account",
        "work-twins": "/work/growers/twins",
        "work-grower-new": "/work/growers/new",
        "work-seasons": "/work/seasons",
        "work-notices": "/work/notices",
        "work-imports": "/work/imports",
        "work-diary": "/work/diary",
        "work-diary-new": "/work/diary/new?work=spraying",
        "work-diary-grid": "/work/diary/grid",
        "work-diary-conflicts": "/work/diary/conflicts",
        "work-plantings": "/work/diary/plantings",
        "work-planting-new": "/work/diary/plantings/new",
        "work-inputs": "/work/inputs?q=minh+hoa",
        "field": "/field",
        "work-labels": "/work/labels",
        "work-label-new": "/work/labels/new",
        "work-label-printers": "/work/labels/printers",
        "work-label-stocks": "/work/labels/stocks",
        "work-label-stock": "/work/labels/stocks/a4-tomy-145",
        "work-label-layouts": "/work/labels/layouts",
        "work-scans": "/work/scans",
        "work-reports": "/work/reports",
        "work-scan-shops": "/work/scans/shops",
    },
    "coop_admin": {
        "work-label-layout": "/work/labels/layouts/l1-50x30",
        "work-certificate-new": "/work/certificates/new",
        "work-team": "/work/team",
        "work-plan-report": "/work/plan-report",
    },
    "certifier": {
        "work-certificates": "/work/certificates",
        "work-certificate-holder": "/work/certificates/new",
    },
    "inspector": {
        "desk": "/desk",
        "desk-balance": "/desk/balance",
        "desk-search": "/desk?q=bap+cai",
        "desk-areas": "/desk/areas",
        "desk-diary": "/desk/diary",
        "desk-scans": "/desk/scans",
        "desk-reports": "/desk/reports",
    },
    "province_admin": {
        "desk-applications": "/desk/applications",
        "desk-map": "/desk/map",
        "desk-borders": "/desk/borders",
        "desk-plan": "/desk/plan",
        "desk-plan-targets": "/desk/plan/targets",
        "desk-plan-map": "/desk/plan/map?figure=land",
        "desk-plan-trends": "/desk/plan/trends?in_province=10",
        "desk-plan-tables": "/desk/plan/tables?by=crop",
        "desk-plan-rows": "/desk/plan/rows?in_district=085",
        "desk-plan-advice": "/desk/plan/advice",
        "desk-plan-rotation": "/desk/plan/lists/rotation",
        "desk-plan-uncoded": "/desk/plan/lists/uncoded",
        "desk-plan-supply": "/desk/plan/lists/supply",
        "desk-plan-supply-crop": "/desk/plan/supply/BAP_CAI",
        "desk-plan-registers": "/desk/plan/registers",
        "desk-plan-prices": "/desk/plan/prices",
        "desk-plan-models": "/desk/plan/models",
        "desk-plan-english": "/desk/plan?lang=en",
        "desk-plan-chinese": "/desk/plan?lang=zh",
        "desk-plan-reports": "/desk/plan/reports",
        "desk-plan-parts": "/desk/plan/submissions",
        "desk-plan-part-links": "/desk/plan/part-links",
        "desk-checklists": "/desk/checklists",
        "desk-marks": "/desk/marks",
        "desk-statistics": "/desk/statistics",
        "desk-statistics-commune": "/desk/statistics?by=commune",
        "desk-organisations": "/desk/organisations",
        "desk-imports": "/desk/imports",
        "desk-rules": "/desk/rules",
        "desk-bodies": "/desk/bodies",
        "desk-archives": "/desk/archives",
    },
}
# The first link of a list leads to the page of one.
ONES = {
    "staff": {
        "work-lot": "/work/lots",
        "work-area": "/work/areas",
        "work-grower": "/work/growers",
        "work-planting": "/work/diary/plantings",
        "work-entry": "/work/diary",
        "work-scan-alert": "/work/scans",
    },
    "certifier": {"work-certificate": "/work/certificates"},
    "inspector": {"desk-lot": "/desk", "desk-area": "/desk/areas"},
    "province_admin": {
        "desk-application": "/desk/applications",
        "desk-input": "/work/inputs?q=minh+hoa",
    },
}
# Pages below the page of the first area.
BELOW_AREA = {
    "work-dossier": "dossier",
    "work-boundary": "boundary",
    "work-documents": "documents",
    "work-plots": "plots",
    "work-season-new": "seasons/new",
}
ONE = re.compile(r'href="(/(?:work|desk)/(?:diary/|scans/)?\w+/(?:LC\w{13}|[0-9a-f-]{36}))"')


DOOR = re.compile(r"/b/[\w-]{32}")


def main() -> None:
    """Start the product on a scratch folder, visit, photograph, stop."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "NGUONGOC_DATA_DIR": folder,
            "NGUONGOC_PORT": str(PORT),
            "NGUONGOC_BASE_URL": BASE,
        }
        server = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "up"], env=environment, cwd=ROOT
        )
        try:
            wait()
            photograph(Path(folder))
        finally:
            server.terminate()
            server.wait(timeout=10)


def wait() -> None:
    """Until the product answers."""
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{BASE}/healthz", timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(BASE)


def photograph(folder: Path) -> None:
    """All pages, both sizes."""
    lines = (folder / "demo-accounts.txt").read_text().splitlines()
    people = {line.split()[0]: line.split()[1:3] for line in lines}
    with create_engine(f"sqlite:///{folder / 'nguongoc.db'}").connect() as connection:
        codes = {
            name: connection.execute(text(sql)).scalars().first() for name, sql in WANTED.items()
        }
        delivered = [str(one) for one in connection.execute(text(DELIVERED)).first() or ()]
        numbered = str(connection.execute(text(NUMBERED)).scalars().first())
    key = KeyRing(folder / FOLDER).lot_key(numbered).key
    labels = {name: f"{numbered}/{serial_of(key, index)}" for name, index in LABELS.items()}
    chromium = os.environ.get("NGUONGOC_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for width, height in SIZES:
            public(browser, width, height, {**codes, **labels})
            for role, (login, password) in people.items():
                page = signed_in(browser, width, height, login, password)
                for name, path in PAGES.get(role, {}).items():
                    shoot(page, path, f"{name}-{width}")
                for name, path in ONES.get(role, {}).items():
                    page.goto(BASE + path)
                    shoot(page, ONE.findall(page.content())[0], f"{name}-{width}")
                if role == "staff":
                    below_area(page, width)
            communes_part(browser, width, height, people)
            life_of_a_code(browser, width, height, people)
        goods_stopped(browser, people, *delivered)
        browser.close()


def public(browser: Browser, width: int, height: int, codes: dict[str, str]) -> None:
    """What anybody sees, in Vietnamese, and one page in each other language."""
    page = browser.new_page(viewport={"width": width, "height": height}, locale="vi-VN")
    for name, code in codes.items():
        shoot(page, f"/t/{code}", f"{name}-{width}")
    for name, path in {
        "home": "/",
        "sign-in": "/sign-in",
        "register": "/register",
        "register-search": "/register?q=ta+phin+sa+pa",
        "register-none": "/register?q=khong+co+o+dau",
        "register-unknown": "/register/VN-10-085-02839-99-24",
        "certificate-check": "/certificates",
        "certificate-valid": "/certificates/ATTP-15-0233-2026",
        "certificate-replaced": "/certificates/ATTP-10-0061-2024",
        "lot-mistyped": "/t/LC0123456789ABC",
        "lot-english": f"/t/{codes['lot']}?lang=en",
        "lot-chinese": f"/t/{codes['lot']}?lang=zh",
        "label-invented": f"/t/{codes['label'].partition('/')[0]}/00003T0Z5CZW",
        "label-place": f"/t/{codes['label']}/place",
        "product": f"/p/{GTIN}",
        "product-chinese": f"/p/{GTIN}?lang=zh",
        "links": f"/01/{GTIN}?linkType=linkset",
        "links-refused": f"/01/{GTIN}/10/{codes['lot-recalled']}",
        "area": f"/register/{AREA_CODE}",
        "report": f"/t/{codes['lot']}/report",
        "report-find": "/r",
        "open-data": "/open",
        "recalls": "/recalls",
        "recalls-chinese": "/recalls?lang=zh",
        "log": "/log",
        "log-lot": f"/log/lots/{codes['lot']}",
        "log-lot-chinese": f"/log/lots/{codes['lot']}?lang=zh",
    }.items():
        shoot(page, path, f"{name}-{width}")
    page.goto(f"{BASE}/p/{GTIN}")
    shoot(page, str(page.get_attribute("a[href^='/o/']", "href")), f"organisation-{width}")


def below_area(page: Page, width: int) -> None:
    """The forms that belong to one area."""
    page.goto(f"{BASE}/work/areas")
    area = ONE.findall(page.content())[0]
    for name, path in BELOW_AREA.items():
        shoot(page, f"{area}/{path}", f"{name}-{width}")


def communes_part(browser: Browser, width: int, height: int, people: dict[str, list[str]]) -> None:
    """A link for each commune, and what the first of them sends by it."""
    officer = signed_in(browser, width, height, *people["province_admin"])
    officer.goto(f"{BASE}/desk/plan/part-links")
    officer.click("main form.card button")
    # Secrets of a scratch folder that is thrown away.
    snap(officer, f"desk-plan-part-letters-{width}")
    door = DOOR.findall(officer.content())[0]
    commune = browser.new_page(viewport={"width": width, "height": height}, locale="vi-VN")
    shoot(commune, door, f"part-door-{width}")
    for field, value in (("land_m2", "12,5"), ("sown_m2_leaf_brassica", "20")):
        commune.fill(f"[name={field}]", value)
    commune.click("main form button")
    snap(commune, f"part-door-sent-{width}")


def life_of_a_code(browser: Browser, width: int, height: int, people: dict[str, list[str]]) -> None:
    """Applied for on a drawn map, looked at, issued for two markets, suspended, restored."""
    name = f"Nương Sín Chải {width}"
    page = signed_in(browser, width, height, *people["coop_admin"])
    applicant = Applicant(page, BASE)
    area = applicant.register_area(name, since="2025-02-01", commune="02839", crop="BAP_CAI")
    draw_field(page)
    snap(page, f"life-1-drawn-{width}")
    applicant.save_boundary()
    applicant.fill_in(area, "VNM", "CHN")
    snap(page, f"life-2-dossier-{width}")
    applicant.hand_in()
    snap(page, f"life-3-handed-in-{width}")
    desk = signed_in(browser, width, height, *people["province_admin"])
    officer, codes = Officer(desk, BASE), {}
    for market, short, number in (("Trung Quốc", "export", 115), ("Việt Nam", "home", 116)):
        officer.open_application(name, market)
        officer.inspect("Có nơi thu gom vỏ bao thuốc, có nhật ký canh tác.")
        snap(desk, f"life-4-inspected-{short}-{width}")
        codes[market] = officer.issue(f"{number}/QĐ-TTBVTV")
        snap(desk, f"life-5-issued-{short}-{width}")
    officer.open_application(name, "Trung Quốc", state="issued")
    desk.click("a.button[href*='/desk/codes/']")
    anybody = browser.new_page(viewport={"width": width, "height": height}, locale="vi-VN")
    stopped_and_restored(officer, anybody, f"/register/{key_of(codes['Trung Quốc'])}", width)


def goods_stopped(
    browser: Browser, people: dict[str, list[str]], harvest: str, packed: str, home: str
) -> None:
    """A complaint, where the goods went, a sample, a bad result, the recall, its report."""
    officer = signed_in(browser, *SIZES[0], *people["inspector"])
    boss = signed_in(browser, *SIZES[0], *people["coop_admin"])
    anybody, shop = (stranger(browser) for _ in range(2))
    shopper, inspector = Shopper(anybody, BASE, snap_both), Inspector(officer, BASE, snap_both)
    shopper.begin_report(harvest)
    anybody.wait_for_timeout(3_100)  # nobody is faster; a machine is
    shopper.send_report()
    inspector.follow_report()
    inspector.take_sample(home, harvest, "NP-00417")
    inspector.hand_over("NP-00417")
    day = officer.evaluate("new Date().toISOString().slice(0, 10)")
    inspector.write_result(harvest, day, day)
    inspector.open_recall()
    inspector.decide()
    shopper.warned(packed)
    facility = Facility(boss, BASE, snap_both)
    facility.open()
    Buyer(shop, snap_both).answer(facility.link_for_buyer(), "30")
    goods_fetched(inspector, facility, packed)


def goods_fetched(inspector: Inspector, facility: Facility, packed: str) -> None:
    """What the buyer has left comes back and is destroyed; the recall ends and is reported."""
    page = facility.page
    facility.open()
    facility.take_back("30")
    facility.destroy(packed, "30")
    inspector.page.reload()
    inspector.end()
    facility.open()
    facility.report()
    paper(page, f"{page.url.partition('?')[0].removeprefix(BASE)}/report.pdf", "stop-11-paper")


def stranger(browser: Browser) -> Page:
    """A telephone of somebody without an account."""
    width, height = SIZES[0]
    return browser.new_page(viewport={"width": width, "height": height}, locale="vi-VN")


def snap_both(page: Page, name: str) -> None:
    """The page that is open, at both sizes."""
    former = page.viewport_size
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        snap(page, f"{name}-{width}")
    if former:
        page.set_viewport_size(former)


def stopped_and_restored(officer: Officer, anybody: Page, path: str, width: int) -> None:
    """The code that is open at the desk is suspended and restored; what everybody sees of it."""
    for stage, verb, reason in (
        ("6-suspended", "suspend", "pest_found"),
        ("7-restored", "restore", "all_mended"),
    ):
        officer.step(verb, reason, "120/QĐ-TTBVTV")
        snap(officer.page, f"life-{stage}-{width}")
        shoot(anybody, path, f"life-{stage}-public-{width}")
        paper(anybody, f"{path}/certificate.pdf", f"life-{stage}-paper-{width}")


def paper(page: Page, path: str, name: str) -> None:
    """The first page of a PDF as a picture."""
    document = pypdfium2.PdfDocument(page.request.get(BASE + path).body())
    document[0].render(scale=1.5).to_pil().save(OUT / f"{name}.png")
    print(name)


def signed_in(browser: Browser, width: int, height: int, login: str, password: str) -> Page:
    """A page of somebody who signed in."""
    page = browser.new_page(viewport={"width": width, "height": height}, locale="vi-VN")
    page.goto(f"{BASE}/sign-in")
    page.fill("#login", login)
    page.fill("#password", password)
    page.click("main button")
    return page


def shoot(page: Page, path: str, name: str) -> None:
    """One picture, as long as the page but not endless."""
    page.goto(BASE + path)
    snap(page, name)


def snap(page: Page, name: str) -> None:
    """The page that is open, once its maps are drawn."""
    page.wait_for_load_state("networkidle")
    size = page.viewport_size or {"width": 360, "height": 640}
    tall = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
    clip = {"x": 0, "y": 0, "width": size["width"], "height": max(tall, size["height"])}
    page.screenshot(path=str(OUT / f"{name}.png"), full_page=True, clip=clip)
    print(name)


if __name__ == "__main__":
    main()
