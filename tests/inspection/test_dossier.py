"""The inspector's page is light, its signed file shows every changed byte, and odd things are found."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session
from starlette.testclient import TestClient

from app.cli_records import pack_verify
from app.inspection.oddity_queries import OddityKind, oddities
from app.inspection.packs import KEY, PAGE, RECORDS, SIGNATURE, check_pack, pack_of
from app.lots.archive_signing import public_pem
from app.models.accounts import Role
from app.models.diary import Work
from app.models.registry import Organisation
from app.scans.alert_commands import raise_alerts
from app.scans.count_commands import Odd
from app.scans.rules import Sign
from tests.diary.growing import Growing
from tests.given import PASSWORD, Given
from tests.inspection.visiting import found_at

MOST = 60_000
MAKER = Ed25519PrivateKey.generate()


@pytest.fixture
def home(given: Given) -> Organisation:
    return given.cooperative("Hợp tác xã Rau Bản Phố")


def full(given: Given, home: Organisation) -> None:
    """More of everything than the page shows."""
    for number in range(12):
        area = given.area(home, name=f"Đồi Sân Chùa số {number} ở đầu nguồn suối Bản Phố")
        given.code(area)
        given.certificate(area)
        given.season(area)
        for _ in range(3):
            given.lot(area)
    growing = Growing(given)
    planting = growing.planting(area)
    for day in range(20):
        growing.entry(planting, Work.WATERING, day=-day)


def test_the_page_of_a_large_cooperative_stays_under_sixty_kilobytes(
    session: Session, given: Given, home: Organisation, client: TestClient
) -> None:
    full(given, home)
    for _ in range(16):
        found_at(session, given, home, words="Kho thuốc không khoá, để cạnh rau. " * 8)
    given.account(Role.INSPECTOR, login="kiem-tra")
    session.commit()
    client.headers["sec-fetch-site"] = "same-origin"
    client.post("/sign-in", data={"login": "kiem-tra", "password": PASSWORD})
    for language in ("vi", "en", "zh"):
        page = client.get(f"/desk/inspect/{home.uid}?lang={language}")
        assert page.status_code == 200
        assert len(page.content) < MOST
        assert home.name in page.text
    found = client.get(f"/desk/inspect/{home.uid}/pack")
    assert found.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(found.content)) as file:
        assert set(file.namelist()) == {PAGE, RECORDS, SIGNATURE, KEY}
        assert home.name in file.read(PAGE).decode()
        records = gzip.decompress(file.read(RECORDS)).decode().splitlines()
    assert len(records) > 60


def a_pack() -> bytes:
    records = [{"kind": "lot", "code": f"LC{number}"} for number in range(40)]
    return pack_of(MAKER, head={"name": "HTX"}, records=records, page="<h1>HTX</h1>")


def test_every_changed_byte_of_a_pack_is_seen() -> None:
    made = a_pack()
    public = MAKER.public_key()
    assert (check_pack(made, public).fault, check_pack(made, public).rows) == (None, 40)
    assert a_pack() == made
    assert check_pack(made, Ed25519PrivateKey.generate().public_key()).fault is not None
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    for name in (PAGE, RECORDS, SIGNATURE):
        for at in range(0, len(parts[name]), 7):
            broken = bytearray(parts[name])
            broken[at] ^= 1
            assert check_pack(zipped({**parts, name: bytes(broken)}), public).fault is not None or (
                # A blank of the JSON around a signature says nothing.
                name == SIGNATURE and bytes([parts[name][at]]) == b" "
            ), (name, at)
    for bad in (b"", b"PK", made[:-30], zipped({PAGE: b""})):
        assert check_pack(bad, public).fault is not None
    # The control: the same parts put together again are whole.
    assert check_pack(zipped(parts), public).fault is None


def zipped(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return made.getvalue()


def test_the_command_says_whether_a_pack_is_whole(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text(public_pem(MAKER))
    (tmp_path / "good.zip").write_bytes(a_pack())
    (tmp_path / "bad.zip").write_bytes(a_pack()[:-40])
    run = CliRunner().invoke
    key = ["--key", str(tmp_path / "key.pem")]
    good = run(pack_verify, [str(tmp_path / "good.zip"), *key])
    assert (good.exit_code, "40 records" in good.output) == (0, True)
    assert run(pack_verify, [str(tmp_path / "bad.zip"), *key]).exit_code == 1


def test_planted_oddities_are_found_and_a_usual_cooperative_is_quiet(
    session: Session, given: Given, home: Organisation
) -> None:
    quiet = given.cooperative()
    usual = given.area(quiet)
    given.code(usual)
    given.season(usual)
    given.lot(usual)
    area = given.area(home)
    given.code(area)
    lot = given.lot(area)
    other = given.lot(area)
    other.crop_id = given.lot(given.area(home, crop="SU_HAO"), crop="SU_HAO").crop_id
    raise_alerts(session, [Odd(lot.pk, 7, (Sign.DEVICES,))], now=given.now)
    growing = Growing(given)
    planting = growing.planting(area, sown=-100)
    growing.entry(planting, Work.WATERING, day=-40)
    session.flush()
    found = oddities(session, today=given.day(0), organisation=home)
    kinds = [one.kind for one in found]
    assert {OddityKind.OTHER_CROP, OddityKind.EVERYWHERE, OddityKind.BACK_DATED} <= set(kinds)
    assert kinds == sorted(kinds, key=list(OddityKind).index)
    assert oddities(session, today=given.day(0), organisation=quiet) == []
    everywhere = oddities(session, today=given.day(0))
    assert {one.organisation.pk for one in everywhere} == {home.pk}
