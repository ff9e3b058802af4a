"""Photographs: small, clean, each once, seen by who may."""

import io
from typing import Any

import pytest
from PIL import Image
from sqlmodel import Session

from app.accounts.reach import Reach
from app.errors import NotFound, Refused
from app.ledger.actors import Actor
from app.pictures.cleaning import (
    LONGEST_SIDE,
    MOST_BYTES,
    WANTED_BYTES,
    CleanPicture,
    cleaned_picture,
    likeness_of,
)
from app.pictures.commands import keep_picture
from app.pictures.likeness import alike
from app.pictures.queries import content_of, picture_by_uid
from tests.diary.growing import photograph
from tests.given import Given


def noisy(width: int, height: int, kind: str = "JPEG", **more: Any) -> bytes:
    picture = Image.effect_noise((width, height), 90).convert("RGB")
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def opened(picture: CleanPicture) -> Image.Image:
    return Image.open(io.BytesIO(picture.content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_any_photograph_becomes_a_small_jpeg(kind: str) -> None:
    kept = cleaned_picture(noisy(2400, 1800, kind))
    assert opened(kept).format == "JPEG"
    assert max(opened(kept).size) <= LONGEST_SIDE
    assert len(kept.content) <= WANTED_BYTES
    assert (kept.width, kept.height) == opened(kept).size


def test_where_it_was_taken_is_gone_and_it_stands_upright() -> None:
    picture = Image.new("RGB", (300, 200), "green")
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Máy ảnh"
    exif.get_ifd(0x8825)[2] = (22.0, 30.0, 0.0)
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=b"my field")
    kept = cleaned_picture(out.getvalue())
    assert not opened(kept).getexif()
    assert b"Exif" not in kept.content
    assert b"my field" not in kept.content
    assert (kept.width, kept.height) == (200, 300)


def test_what_was_transparent_is_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(cleaned_picture(out.getvalue())).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture",
        photograph()[:300],
        b"GIF89a" + bytes(40),
        b"%PDF-1.4",
        b"\xff\xd8\xff" + b"x" * (MOST_BYTES + 1),
        noisy(8, 400, "PNG"),
    ],
)
def test_what_is_no_photograph_is_refused_at_the_file(content: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        cleaned_picture(content)
    assert refusal.value.fields[0].field == "file"


def test_a_picture_of_too_many_pixels_is_refused_unread() -> None:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    with pytest.raises(Refused, match="million pixels"):
        cleaned_picture(out.getvalue())


def test_the_same_photograph_is_like_itself_at_another_size() -> None:
    whole = Image.open(io.BytesIO(photograph(3)))
    smaller = whole.resize((100, 50))
    bits = int(likeness_of(whole), 16) ^ int(likeness_of(smaller), 16)
    assert bits.bit_count() <= 3
    other = Image.open(io.BytesIO(photograph(11)))
    assert (int(likeness_of(whole), 16) ^ int(likeness_of(other), 16)).bit_count() > 3


@pytest.mark.parametrize(
    ("one", "other", "pair"),
    [
        ("00000000ffff0000", "00000000ffff0000", True),
        ("00000000ffff0000", "00000000ffff0007", True),
        ("00000000ffff0000", "00000000ffff000f", False),
        ("00000000ffff0000", "1000000fffff0000", False),
        ("0000000000000000", "0000000000000000", False),
        ("ffffffffffffffff", "ffffffffffffffff", False),
        ("", "", False),
    ],
)
def test_hashes_that_differ_in_three_bits_are_alike(one: str, other: str, pair: bool) -> None:
    assert alike([(1, one), (2, other)]) == ({(1, 2)} if pair else set())


def test_a_photograph_is_kept_once(session: Session, given: Given) -> None:
    home = given.cooperative()
    clean = cleaned_picture(photograph())

    def keep(picture: CleanPicture):
        return keep_picture(
            session,
            organisation_id=home.pk,
            organisation=home.uid,
            picture=picture,
            by=Actor.system(),
            now=given.now,
        )

    first = keep(clean)
    assert keep(clean) is first
    assert keep(cleaned_picture(clean.content)).sha256 is not None
    assert content_of(session, first) == clean.content
    assert first.sent_sha256 == clean.sent_sha256


def test_another_organisation_s_photograph_is_not_found(session: Session, given: Given) -> None:
    home, other = given.cooperative(), given.cooperative()
    kept = keep_picture(
        session,
        organisation_id=home.pk,
        organisation=home.uid,
        picture=cleaned_picture(photograph()),
        by=Actor.system(),
        now=given.now,
    )
    assert picture_by_uid(session, kept.uid, within=Reach.own(home.pk)) is kept
    assert picture_by_uid(session, kept.uid, within=Reach.all()) is kept
    with pytest.raises(NotFound):
        picture_by_uid(session, kept.uid, within=Reach.own(other.pk))
