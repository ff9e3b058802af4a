"""The public pages around the lot's: products, organisations, areas and certificates."""

import html
import io
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import Response
from PIL import Image
from sqlalchemy import func, select
from sqlmodel import Session, col
from starlette.testclient import TestClient

from app.catalogue.gs1_key_commands import number_location
from app.catalogue.product_commands import (
    ProductDetails,
    register_product,
    show_product,
    withdraw_product,
)
from app.certificates.commands import Change, change_status
from app.ledger.actors import Actor
from app.lots.commands import recall_lot
from app.models.certificates import CertificateStatus
from app.models.pages import SharePicture, StoredPage
from app.models.products import Product
from app.models.registry import AreaCode, Organisation, OrganisationKind, PlantingArea
from app.pictures.cleaning import cleaned_picture
from app.pictures.commands import keep_picture
from app.provenance.standing import Tone
from app.registry.code_commands import Change as CodeChange
from app.registry.code_commands import suspend_code
from app.registry.organisation_commands import OrganisationDetails, amend_organisation
from app.web.share_picture import SIZE, TONES
from tests.conftest import BASE_URL, Clock
from tests.given import BAC_HA, Given

BY = Actor.system()
EN, VI, ZH = ({"accept-language": tag} for tag in ("en", "vi", "zh"))
GTIN = "09521234000013"
CABBAGE = ProductDetails(
    crop="BAP_CAI",
    name_vi="Bắp cải Bắc Hà",
    name_en="Bac Ha cabbage",
    name_zh="北河卷心菜",
    brand="Mây Bắc Hà",
    gtin=GTIN,
    pack_g=800,
    best_before_days=7,
    storage="nơi thoáng mát",
)


@pytest.fixture
def home(given: Given) -> Organisation:
    return given.cooperative("HTX Rau Bản Phố", public_phone="0214 3880 123")


@pytest.fixture
def area(given: Given, home: Organisation) -> PlantingArea:
    made = given.area(home, name="Đồi Sân Chùa", polygon=given.boundary())
    given.code(made)
    given.certificate(made, number="VG-10-0001")
    return made


def product(given: Given, home: Organisation, **changes: Any) -> Product:
    return register_product(
        given.session,
        organisation=home,
        details=replace(CABBAGE, **changes),
        by=BY,
        now=given.now,
    )


def page(client: TestClient, session: Session, path: str, language: Any = EN) -> str:
    session.commit()
    answer = client.get(path, headers=language)
    assert answer.status_code == 200, answer.text
    return html.unescape(answer.text)


def test_a_product_says_what_it_is_whose_it_is_and_what_may_be_claimed_today(
    client: TestClient, session: Session, given: Given, home: Organisation, area: PlantingArea
) -> None:
    product(given, home)
    text = page(client, session, f"/p/{GTIN}", VI)
    for item in (
        "<h1>Bắp cải Bắc Hà</h1>",
        "Bac Ha cabbage",
        "北河卷心菜",
        "Mây Bắc Hà",
        "800 g",
        "9521234000013",
        f'href="/o/{home.uid}"',
        "HTX Rau Bản Phố",
        "02143880123",
        "nơi thoáng mát",
        "VG-10-0001",
        "VietGAP",
        "Đồi Sân Chùa",
        'action="/find"',
        f'<link rel="canonical" href="{BASE_URL}/p/{GTIN}">',
        '<meta property="og:title" content="Bắp cải Bắc Hà',
    ):
        assert item in text, item
    assert "noindex" not in text
    assert "in a cool, airy place" in page(client, session, f"/p/{GTIN}")
    assert "<h1>北河卷心菜</h1>" in page(client, session, f"/p/{GTIN}", ZH)


def test_a_product_tells_machines_its_gtin(
    client: TestClient, session: Session, given: Given, home: Organisation, area: PlantingArea
) -> None:
    picture = cleaned_picture(given.picture())
    made = product(given, home)
    kept = keep_picture(
        session,
        organisation_id=home.pk,
        organisation=home.uid,
        picture=picture,
        by=BY,
        now=given.now,
    )
    show_product(
        session, product=made, picture_id=kept.pk, sha256=kept.sha256, by=BY, now=given.now
    )
    session.commit()
    text = client.get(f"/p/{GTIN}", headers=EN).text
    said = json.loads(re.search(r'ld\+json">(.*?)</script>', text, re.DOTALL)[1])
    assert (said["@type"], said["gtin14"], said["brand"]["name"]) == ("Product", GTIN, "Mây Bắc Hà")
    assert said["hasCertification"][0]["certificationIdentification"] == "VG-10-0001"
    assert said["image"].startswith(f"{BASE_URL}/p/{GTIN}/picture.jpg?v=")
    shown = client.get(said["image"].removeprefix(BASE_URL))
    assert (shown.status_code, shown.content) == (200, picture.content)
    assert "immutable" in shown.headers["cache-control"]
    # On the page it is small, in the lightest format that the reader knows.
    sources = [html.unescape(one) for one in re.findall(r'(/p/[^" ]*;form=[^", ]*)', text)]
    forms = [(one.partition("form=")[2], client.get(one)) for one in sources]
    assert [form for form, _ in forms] == [
        "160.avif",
        "320.avif",
        "160.webp",
        "320.webp",
        "320.jpg",
    ]
    for form, answer in forms:
        kind = form.partition(".")[2].replace("jpg", "jpeg")
        assert (answer.status_code, answer.headers["content-type"]) == (200, f"image/{kind}")
        with Image.open(io.BytesIO(answer.content)) as opened:
            assert opened.width <= int(form.partition(".")[0])
    assert (
        client.get(f"{said['image'].removeprefix(BASE_URL)}&form=7.exe").content == picture.content
    )


def test_what_no_longer_stands_is_no_longer_said(
    client: TestClient, session: Session, given: Given, home: Organisation, area: PlantingArea
) -> None:
    product(given, home)
    held = given.certificate(area, standard="ORGANIC_2017", number="HC-1")
    assert "HC-1" in page(client, session, f"/p/{GTIN}")
    change = Change(CertificateStatus.SUSPENDED, given.day(0), "Không ghi nhật ký.")
    change_status(session, certificate=held, change=change, by=BY, now=given.now)
    text = page(client, session, f"/p/{GTIN}")
    assert "HC-1" not in text
    assert "VG-10-0001" in text


def test_a_certificate_of_another_crop_says_nothing_of_this_product(
    client: TestClient, session: Session, given: Given, home: Organisation, area: PlantingArea
) -> None:
    other = given.area(home, crop="SU_HAO", name="Vùng su hào")
    given.certificate(other, crops=("SU_HAO",), number="VG-SUHAO")
    product(given, home)
    text = page(client, session, f"/p/{GTIN}")
    assert "VG-SUHAO" not in text
    assert "Vùng su hào" not in text


def test_recalled_lots_are_named_by_code_and_day_and_nothing_else(
    client: TestClient, session: Session, given: Given, home: Organisation, area: PlantingArea
) -> None:
    product(given, home)
    lot, other = given.lot(area), given.lot(given.area(crop="BAP_CAI"))
    before = page(client, session, f"/p/{GTIN}")
    for one in (lot, other):
        recall_lot(session, lot=one, reason="Dư lượng Chlorpyrifos.", by=BY, now=given.now)
    text = page(client, session, f"/p/{GTIN}")
    assert lot.code not in before
    assert f'href="/t/{lot.code}"' in text
    assert f"{given.day(0):%d/%m/%Y}" in text
    assert "Chlorpyrifos" not in text
    assert other.code not in text


@pytest.mark.parametrize(
    "typed", ["9521234000013", "952-1234-000013", "(01)09521234000013", "GTIN 9521234000013"]
)
def test_a_gtin_may_be_typed_any_way(
    client: TestClient, session: Session, given: Given, home: Organisation, typed: str
) -> None:
    product(given, home)
    session.commit()
    answer = client.get(f"/p/{typed}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/p/{GTIN}")


def test_a_wrong_check_digit_is_helped_and_an_unknown_number_is_something_else(
    client: TestClient, session: Session, given: Given, home: Organisation
) -> None:
    product(given, home)
    session.commit()
    mistyped = client.get("/p/9521234000012", headers=EN)
    assert mistyped.status_code == 404
    assert "the last one would be 3" in html.unescape(mistyped.text)
    unknown = client.get("/p/9521234000020", headers=EN)
    assert unknown.status_code == 404
    assert "no product was registered" in unknown.text
    assert session.execute(select(func.count(col(StoredPage.id)))).scalar_one() == 0


def test_a_product_without_a_gtin_has_a_page_by_its_id(
    client: TestClient, session: Session, given: Given, home: Organisation
) -> None:
    made = product(given, home, gtin="")
    with_gtin = product(given, home, name_vi="Bắp cải nhỏ")
    assert "<h1>Bac Ha cabbage</h1>" in page(client, session, f"/p/{made.uid}")
    assert client.get(f"/p/{with_gtin.uid}").headers["location"] == f"/p/{GTIN}"


def test_a_product_that_is_sold_no_more_keeps_its_page(
    client: TestClient, session: Session, given: Given, home: Organisation
) -> None:
    made = product(given, home)
    withdraw_product(session, product=made, by=BY, now=given.now)
    assert "No longer sold since 20/11/2026" in page(client, session, f"/p/{GTIN}")


def test_an_organisation_shows_what_it_grows_sells_and_holds(
    client: TestClient, session: Session, given: Given, home: Organisation, area: PlantingArea
) -> None:
    product(given, home)
    gln = "8935217400003"
    number_location(session, organisation=home, area=None, gln=gln, by=BY, now=given.now)
    text = page(client, session, f"/o/{home.uid}")
    for item in ("HTX Rau Bản Phố", "Cooperative", "Xã Bắc Hà", "tel:", "VG-10-0001", gln):
        assert item in text, item
    assert f'href="/p/{GTIN}"' in text
    assert 'href="/register/15pucbapcai01000001vnm"' in text


def test_a_household_is_told_by_its_commune_until_it_agrees(
    client: TestClient, session: Session, given: Given
) -> None:
    details = {"public_phone": "0912 345 678", "address": "Xóm Lử", "registration_number": "8123"}
    home = given.organisation(OrganisationKind.HOUSEHOLD, "Hộ Sùng Seo Lử", **details)
    area = given.area(home, name="Nương nhà Lử")
    code, held = given.code(area), given.certificate(area, number="VG-LE-1")
    product(given, home, brand="", name_vi="Cải hữu cơ")
    paths = (f"/o/{home.uid}", f"/register/{code.code_key}", f"/p/{GTIN}", "/certificates/VG-LE-1")
    for path in paths:
        text = page(client, session, path)
        assert "Growing household" in text, path
        for secret in ("Lử", "0912345678", "0912 345 678", "8123"):
            assert secret not in text, (path, secret)
    agreed = OrganisationDetails(name=home.name, commune=BAC_HA, name_public=True)
    amend_organisation(session, organisation=home, details=agreed, by=BY, now=given.now)
    for path in paths:
        assert "Sùng Seo Lử" in page(client, session, path), path
    assert held.number in page(client, session, f"/o/{home.uid}")


def test_an_area_shows_its_codes_then_and_now_and_what_covers_it(
    client: TestClient, session: Session, given: Given, area: PlantingArea, home: Organisation
) -> None:
    given.season(area)
    code = given.code(area, "CHN", decided_on=given.day(-20))
    change = CodeChange(given.day(-2), "Dùng thuốc ngoài danh mục.")
    suspend_code(session, code=code, change=change, by=BY, now=given.now)
    path = f"/register/{code.code_key}"
    now = page(client, session, path)
    for item in ("Suspended", "In force", "Đồi Sân Chùa", "2 ha", "VG-10-0001", "Declared seasons"):
        assert item in now, item
    assert f'href="/o/{home.uid}"' in now
    assert "104.29" in now
    assert not re.search(r"104\.29\d", now)  # nothing finer
    then = page(client, session, f"{path}?on={given.day(-10)}")
    assert f"On {given.day(-10):%d/%m/%Y}" in then


def test_an_area_without_a_code_has_a_page_by_its_id(
    client: TestClient, session: Session, given: Given, home: Organisation, area: PlantingArea
) -> None:
    bare = given.area(home, name="Vùng mới")
    text = page(client, session, f"/a/{bare.uid}")
    assert "Vùng mới" in text
    assert "has no code" in text
    coded = client.get(f"/a/{area.uid}")
    assert coded.headers["location"].startswith("/register/15puc")


def test_a_number_that_another_holder_comes_to_bear_is_told_at_once(
    client: TestClient, session: Session, given: Given, area: PlantingArea
) -> None:
    page(client, session, "/certificates/VG-10-0001")
    other = given.area(given.cooperative("HTX Tả Van Chư"))
    given.certificate(other, number="VG-10-0001", standard="ORGANIC_2017")
    assert "HTX Tả Van Chư" in page(client, session, "/certificates/VG-10-0001")


PATHS = ("/p/{gtin}", "/o/{home}", "/register/{code}", "/a/{bare}", "/certificates/VG-10-0001")


@pytest.fixture
def addresses(given: Given, home: Organisation, area: PlantingArea) -> list[str]:
    product(given, home)
    code = "15pucbapcai01000001vnm"
    bare = given.area(home, name="Vùng mới")
    return [
        path.format(gtin=GTIN, home=home.uid, code=code, bare=bare.uid, area=area.uid)
        for path in PATHS
    ]


def test_all_of_them_are_kept_answer_304_and_come_from_the_memory(
    client: TestClient,
    app: FastAPI,
    session: Session,
    addresses: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session.commit()
    etags = {path: client.get(path, headers=EN).headers["etag"] for path in addresses}
    assert session.execute(select(func.count(col(StoredPage.id)))).scalar_one() == len(addresses)
    monkeypatch.setattr("app.web.kept_answer.page_of", lambda *_a, **_k: pytest.fail("made again"))
    for path, etag in etags.items():
        unchanged = client.get(path, headers={**EN, "If-None-Match": etag})
        assert (unchanged.status_code, unchanged.content) == (304, b""), path
        assert "s-maxage=30" in unchanged.headers["cache-control"]


def test_all_of_them_are_made_anew_at_midnight(
    client: TestClient, session: Session, addresses: list[str], clock: Clock
) -> None:
    session.commit()
    for path in addresses:
        client.get(path, headers=EN)
    clock.forward(days=1)
    fresh = session.execute(select(func.count(col(StoredPage.id)))).scalar_one()
    assert fresh == len(addresses)
    session.rollback()  # whoever keeps a page would wait for this transaction
    assert "21/11/2026" in client.get("/certificates/VG-10-0001", headers=EN).text


OG_IMAGE = re.compile(rf'property="og:image" content="{BASE_URL}([^"]+)"')


def test_all_of_them_give_a_picture_to_a_shared_link(
    client: TestClient, session: Session, given: Given, addresses: list[str]
) -> None:
    session.commit()
    told = (
        ("plain", "?sold"),
        ("plain", ""),
        ("good", "?active"),
        ("plain", ""),
        ("good", "?valid"),
    )
    for path, (tone, standing) in zip(addresses, told, strict=True):
        [image] = OG_IMAGE.findall(client.get(path, headers=ZH).text)
        assert image == f"/i{path}/zh.jpg{standing}"
        picture = client.get(image)
        assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
        assert near(shown(picture), TONES[Tone(tone)][0]), path
        again = client.get(image, headers={"If-None-Match": picture.headers["etag"]})
        assert again.status_code == 304
    # It follows what is recorded, as the page does.
    code = session.execute(select(AreaCode)).scalars().one()
    change = CodeChange(given.day(0), "Dùng thuốc ngoài danh mục.")
    suspend_code(session, code=code, change=change, by=BY, now=given.now)
    session.commit()
    assert near(shown(client.get(f"/i{addresses[2]}/zh.jpg")), TONES[Tone.STOP][0])
    kept = session.execute(select(func.count()).select_from(SharePicture)).scalar_one()
    assert kept == len(addresses)
    # Nothing else has one: no lot (its own address has), no list, no other size.
    for nothing in ("/i/register/vi.jpg", "/i/o/x/vi.jpg", f"/i{addresses[0]}/vi.png"):
        assert client.get(nothing).status_code == 404, nothing


def shown(answer: Response) -> tuple[int, ...]:
    """The colour in which a picture says how something stands."""
    with Image.open(io.BytesIO(answer.content)) as opened:
        assert opened.size == SIZE
        colour = opened.convert("RGB").getpixel((520, 20))
    assert isinstance(colour, tuple)
    return colour


def near(found: tuple[int, ...], wanted: str) -> bool:
    meant = bytes.fromhex(wanted[1:])
    return all(abs(one - other) < 12 for one, other in zip(found, meant, strict=True))


HOSTILE = [
    "x" * 8192,
    "%00",
    "..%2f..%2fetc",
    "%0d%0aSet-Cookie:a=b",
    "%ED%A0%80",
    "'%22%3C",
    "-" * 4,
]


@pytest.mark.parametrize(
    "start", ["/p/", "/o/", "/a/", "/register/", "/certificates/", "/i/register/"]
)
def test_hostile_addresses_are_refused_and_leave_nothing(
    client: TestClient, session: Session, start: str
) -> None:
    for typed in HOSTILE:
        answer = client.get(start + typed, headers={**EN, "Host": "evil.test"})
        assert answer.status_code in {303, 404, 422}, (start, typed)
        assert "set-cookie" not in answer.headers
        assert "evil.test" not in answer.text
        assert "<'" not in answer.text
        assert "location" not in answer.headers or answer.headers["location"].startswith("/")
    assert session.execute(select(func.count(col(StoredPage.id)))).scalar_one() == 0


def test_search_engines_find_products_and_no_lots_or_households(
    client: TestClient, session: Session, given: Given, home: Organisation, area: PlantingArea
) -> None:
    product(given, home)
    gone = product(given, home, gtin="9521234000020", name_vi="Bắp cải cũ")
    withdraw_product(session, product=gone, by=BY, now=given.now)
    lot = given.lot(area)
    household = given.organisation(OrganisationKind.HOUSEHOLD, "Hộ Sùng Seo Lử")
    session.commit()
    text = client.get("/sitemap.xml").text
    for path in (f"/p/{GTIN}", f"/o/{home.uid}", "/register/15pucbapcai01000001vnm"):
        assert f"<loc>{BASE_URL}{path}</loc>" in text
    for path in (lot.code, str(household.uid), "09521234000020"):
        assert path not in text
    robots = client.get("/robots.txt").text
    assert f"Sitemap: {BASE_URL}/sitemap.xml" in robots
    assert "Disallow: /work\n" in robots
    assert "/t/" not in robots  # or nobody could read that a lot is not to be shown
    assert "noindex" in client.get(f"/t/{lot.code}").text
