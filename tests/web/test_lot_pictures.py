"""Photographs that everybody may see: light, clean, kept, and only those of a public page; the shared link's picture."""

import io
import re
from functools import cache
from itertools import pairwise

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlmodel import Session, col
from starlette.testclient import TestClient

from app.kit.text import fold
from app.ledger.actors import Actor
from app.lots.commands import recall_lot, withdraw_lot
from app.lots.picture_commands import add_picture
from app.models.lots import HarvestLot
from app.models.pages import SharePicture
from app.models.pictures import Picture, PictureVersion
from app.models.products import Product
from app.models.registry import Organisation
from app.pictures.cleaning import CleanPicture, cleaned_picture
from app.pictures.versions import MEDIA_TYPES, MOST_BYTES, WIDTHS, VersionKind, version_of
from app.provenance.standing import Tone
from app.web.share_picture import TONES, Card, written_between
from tests.conftest import BASE_URL, Clock
from tests.given import Given
from tests.labels.printing import Printing

BY = Actor.system()
EN = {"accept-language": "en"}
NOISE = Image.effect_noise((1600, 1200), 90).convert("RGB")


@cache
def photograph(seed: int = 0) -> bytes:
    """As heavy as photographs get, with a place, an owner and a profile in it."""
    picture = NOISE.rotate(seed)
    exif = Image.Exif()
    exif[0x010E] = "thửa 12, nhà ông Páo"
    exif.get_ifd(0x8825)[2] = (22.0, 31.0, 48.0)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90, exif=exif, comment=b"GPS 22.53", icc_profile=b"p" * 200)
    return out.getvalue()


@cache
def cleaned(seed: int) -> CleanPicture:
    """The same, as it is kept: a second's work."""
    return cleaned_picture(photograph(seed))


@pytest.fixture
def lot(session: Session, given: Given) -> HarvestLot:
    made = given.lot()
    for seed in range(2):
        add_picture(
            session,
            lot=made,
            organisation=session.get_one(Organisation, made.organisation_id),
            picture=cleaned(seed),
            by=BY,
            now=given.now,
        )
    session.commit()
    return made


@pytest.mark.parametrize("kind", VersionKind)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_version_is_light_as_wide_as_asked_and_holds_nothing_but_pixels(
    kind: VersionKind, width: int
) -> None:
    content = version_of(photograph(), width, kind)
    assert len(content) <= MOST_BYTES
    with Image.open(io.BytesIO(content)) as made:
        assert made.width <= width
        assert not made.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment"} & made.info.keys()
    assert b"P\xc3\xa1o" not in content
    assert b"GPS" not in content


def test_the_light_version_of_an_ordinary_picture_has_the_width_asked_for() -> None:
    plain = io.BytesIO()
    Image.new("RGB", (1200, 800), "green").save(plain, "JPEG")
    with Image.open(io.BytesIO(version_of(plain.getvalue(), 640, VersionKind.AVIF))) as made:
        assert made.size == (640, 427)
    with Image.open(io.BytesIO(version_of(plain.getvalue(), 320, VersionKind.JPEG))) as made:
        assert (made.format, made.size) == ("JPEG", (320, 213))


def test_the_page_offers_three_formats_and_every_address_answers(
    client: TestClient, session: Session, lot: HarvestLot
) -> None:
    html = client.get(f"/t/{lot.code}", headers=EN).text
    assert "This lot" in html
    assert "Illustration" not in html
    addresses = set(re.findall(rf"/i/{lot.code}/[0-9p]+-\d+\.\w+", html))
    assert {address.rpartition(".")[2] for address in addresses} == {"avif", "webp", "jpg"}
    for address in sorted(addresses):
        answer = client.get(address)
        assert answer.status_code == 200, address
        kind = VersionKind(address.rpartition(".")[2])
        assert answer.headers["content-type"] == MEDIA_TYPES[kind]
        assert len(answer.content) <= MOST_BYTES
    kept = session.execute(select(func.count()).select_from(PictureVersion)).scalar_one()
    assert kept == len(addresses)
    told = client.get(f"/api/v1/public/lots/{lot.code}").json()["pictures"]
    assert told == [f"{BASE_URL}/i/{lot.code}/{number}-960.jpg" for number in range(2)]
    assert f'"image": "{told[0]}"' in html


def test_a_version_is_made_once(
    client: TestClient, lot: HarvestLot, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/i/{lot.code}/0-160.avif"
    first = client.get(address)
    monkeypatch.setattr("app.web.lot_pictures.version_of", lambda *_: pytest.fail("made again"))
    assert client.get(address).content == first.content
    etag = {"If-None-Match": first.headers["etag"]}
    assert client.get(address, headers=etag).status_code == 304


def test_what_no_page_shows_has_no_address(client: TestClient, lot: HarvestLot) -> None:
    strange = (
        "2-160.avif",
        "0-161.avif",
        "0-160.png",
        "0-160.avif.exe",
        "-1-160.avif",
        "p-160.jpg",
    )
    addresses = [f"/i/{lot.code}/{name}" for name in strange] + ["/i/LCYTCJ2VMSC46CC/0-160.avif"]
    found = [address for address in addresses if client.get(address).status_code != 404]
    assert found == []


def test_a_withdrawn_lot_shows_no_pictures_any_more(
    client: TestClient, session: Session, given: Given, lot: HarvestLot
) -> None:
    client.get(f"/i/{lot.code}/0-160.avif")
    standing = session.get_one(HarvestLot, lot.pk)
    withdraw_lot(session, lot=standing, reason="Ghi nhầm vùng.", by=BY, now=given.now)
    session.commit()
    for name in ("0-160.avif", "vi.jpg"):
        assert client.get(f"/i/{lot.code}/{name}").status_code == 404


def test_without_a_photograph_the_product_s_stands_in_and_says_so(
    client: TestClient, session: Session, given: Given, tmp_path
) -> None:
    lot = given.lot(packed_on=given.day(0), best_before=given.day(5))
    clean = cleaned(3)
    other = given.lot()
    home = session.get_one(Organisation, lot.organisation_id)
    add_picture(session, lot=other, organisation=home, picture=clean, by=BY, now=given.now)
    session.flush()
    product = Product(
        organisation_id=lot.organisation_id,
        crop_id=lot.crop_id,
        name_vi="Bắp cải gói",
        name_key=fold("Bắp cải gói"),
        picture_id=session.execute(select(col(Picture.id))).scalars().first(),
        created_at=given.now,
    )
    session.add(product)
    run = Printing(session, given, tmp_path).run((lot, 5))
    session.flush()
    run.product_id = product.pk
    session.commit()
    html = client.get(f"/t/{lot.code}", headers=EN).text
    assert "The product" in html
    assert client.get(f"/i/{lot.code}/p-320.webp").status_code == 200


def seen(client: TestClient, code: str, tag: str) -> Image.Image:
    answer = client.get(f"/i/{code}/{tag}.jpg")
    assert answer.headers["content-type"] == "image/jpeg"
    assert len(answer.content) < 110_000
    with Image.open(io.BytesIO(answer.content)) as opened:
        assert opened.size == (1200, 630)
        assert not opened.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment"} & opened.info.keys()
        return opened.convert("RGB")


def colour(hexadecimal: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(hexadecimal[1:]))


def near(found: object, wanted: tuple[int, ...]) -> bool:
    return isinstance(found, tuple) and all(
        abs(one - other) < 12 for one, other in zip(found, wanted, strict=True)
    )


@pytest.mark.parametrize("floor", [640, 520, 400])
def test_nothing_on_the_shared_picture_stands_on_anything_else(floor: float) -> None:
    long = Card(
        name="Thùng bắp cải xanh Bản Phố thu hoạch sớm",
        status="",
        tone=Tone.GOOD,
        on="",
        producer="Hợp tác xã Sản xuất và Tiêu thụ Rau an toàn Bản Phố (minh hoạ)",
        place="Xã Bắc Hà, Tỉnh Lào Cai",
        note="",
        host="",
        slug="",
        photograph=None,
    )
    lines = written_between(long, 200, floor, 612)
    assert lines[0].text.startswith("Thùng bắp cải")
    assert lines[-1].bottom <= floor
    for above, below in pairwise(lines):
        assert above.bottom <= below.top
    whole = [line.text for line in written_between(long, 200, 2000, 612)]
    assert [line.text for line in lines] == whole or floor < 640
    assert whole[-1] == long.place


def test_the_shared_picture_follows_a_recall(
    client: TestClient, session: Session, given: Given, lot: HarvestLot
) -> None:
    before = seen(client, lot.code, "vi")
    html = client.get(f"/t/{lot.code}?lang=vi").text
    named = re.findall(r'property="og:image" content="https://truyxuat\.test([^"]+)"', html)
    assert named == [f"/i/{lot.code}/vi.jpg?not_activated"]
    assert near(before.getpixel((520, 20)), colour(TONES["care"][0]))
    standing = session.get_one(HarvestLot, lot.pk)
    recall_lot(session, lot=standing, reason="Tồn dư thuốc.", by=BY, now=given.now)
    session.commit()
    after = seen(client, lot.code, "vi")
    assert near(after.getpixel((520, 20)), colour(TONES["stop"][0]))
    assert f"/i/{lot.code}/vi.jpg?recalled" in client.get(f"/t/{lot.code}?lang=vi").text
    kept = session.execute(select(func.count()).select_from(SharePicture)).scalar_one()
    assert kept == 1


def test_the_shared_picture_is_drawn_once_a_day(
    client: TestClient, lot: HarvestLot, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get(f"/i/{lot.code}/en.jpg")
    with monkeypatch.context() as patched:
        patched.setattr("app.web.lot_pictures.drawn", lambda *_: pytest.fail("drawn again"))
        assert client.get(f"/i/{lot.code}/en.jpg").content == first.content
        etag = {"If-None-Match": first.headers["etag"]}
        assert client.get(f"/i/{lot.code}/en.jpg", headers=etag).status_code == 304
    clock.forward(days=1)
    assert client.get(f"/i/{lot.code}/en.jpg").headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize("tag", ["vi", "en", "zh"])
def test_long_names_in_any_letters_leave_the_card_whole(
    client: TestClient, session: Session, given: Given, tag: str
) -> None:
    name = (
        "Hợp tác xã Sản xuất và Tiêu thụ Rau quả An toàn Chất lượng Cao 🥬 Ωmega 卷心菜合作社 " * 2
    )
    lot = given.lot(given.area(given.cooperative(name[:150])))
    session.commit()
    card = seen(client, lot.code, tag)
    margin = {card.getpixel((x, y)) for x in (1194, 1198) for y in range(320, 630, 7)}
    assert all(near(found, (255, 255, 255)) for found in margin)


def test_the_sketch_shows_the_commune_within_the_province(
    client: TestClient, session: Session, given: Given
) -> None:
    lot = given.lot()
    session.commit()
    html = client.get(f"/t/{lot.code}", headers=EN).text
    assert 'src="/m/02839.svg"' in html
    assert 'alt="Where Xã Bắc Hà lies in the province, as a sketch"' in html
    drawing = client.get("/m/02839.svg", headers={"Accept-Encoding": "br"})
    assert drawing.headers["content-type"] == "image/svg+xml"
    assert drawing.headers["content-encoding"] == "br"
    assert int(drawing.headers["content-length"]) < 2_000
    assert drawing.text != client.get("/m/02647.svg").text
    both = client.get("/m/02839-02647.svg")
    assert both.text.count("z") > drawing.text.count("z")
    # One name for a drawing: no commune twice, none that is unknown, not any number of them.
    names = ("99999", "02839-02839", "02839-99999", "02839-", "-", "-".join(["02839"] * 400))
    assert {client.get(f"/m/{name}.svg").status_code for name in names} == {404}
