"""A copy of the public pages: complete, without a server, the same bytes for the same facts, and provable."""

import hashlib
import html
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from fastapi import FastAPI
from sqlalchemy import Engine

from app.accounts.reach import Reach
from app.catalogue.product_commands import ProductDetails, register_product, show_product
from app.cli import main
from app.db import transaction
from app.errors import Refused
from app.kit.i18n import LANGUAGES
from app.ledger.actors import Actor
from app.lots.commands import recall_lot, withdraw_lot
from app.lots.queries import lot_by_code
from app.models.lots import HarvestLot
from app.models.pages import PageKind
from app.models.registry import Organisation, OrganisationKind
from app.pictures.cleaning import cleaned_picture
from app.pictures.commands import keep_picture
from app.provenance.page_store import PageKey
from app.provenance.statement_keys import StatementKeys, keys_in
from app.web.copies.copying import Copied, copy_public
from app.web.copies.fetching import fetching_from
from app.web.copies.names import ENDINGS, file_of, stem_of
from app.web.copies.proof import UNLISTED, find_faults
from app.web.copies.web_server import HTTP_FILE, SERVER_FILE
from app.web.copies.writing import Fetch
from tests.conftest import BASE_URL
from tests.given import Given

BY = Actor.system()
GTIN = "09521234000013"
TODAY = "20/11/2026"
CABBAGE = ProductDetails(crop="BAP_CAI", name_vi="Bắp cải Bắc Hà", gtin=GTIN, pack_g=800)


class World:
    """A small province with one page of every kind, and its copies."""

    def __init__(self, app: FastAPI, given: Given, folder: Path, fetch: Fetch) -> None:
        self.given, self.session, self.folder = given, given.session, folder
        self.engine: Engine = app.state.engine
        self.fetch = fetch
        self.keys = StatementKeys(folder / "keys")
        self.home = given.cooperative("HTX Rau Bản Phố")
        self.area = given.area(self.home, name="Đồi Sân Chùa", polygon=given.boundary())
        self.code = given.code(self.area)
        given.certificate(self.area, number="VG/10-0001")
        given.area(self.home, name="Vùng chưa có mã")
        self.product = register_product(
            self.session, organisation=self.home, details=CABBAGE, by=BY, now=given.now
        )
        self.show_picture()
        self.lots = [given.lot(self.area) for _ in range(3)]
        withdraw_lot(self.session, lot=self.lots[2], reason="Ghi nhầm.", by=BY, now=given.now)
        self.session.commit()

    def show_picture(self) -> None:
        kept = keep_picture(
            self.session,
            organisation_id=self.home.pk,
            organisation=self.home.uid,
            picture=cleaned_picture(self.given.picture()),
            by=BY,
            now=self.given.now,
        )
        show_product(
            self.session,
            product=self.product,
            picture_id=kept.pk,
            sha256=kept.sha256,
            by=BY,
            now=self.given.now,
        )
        self.session.commit()

    def copy(
        self,
        name: str = "copy",
        now: datetime | None = None,
        progress: Callable[[int], None] = lambda _seen: None,
    ) -> Copied:
        self.session.commit()
        return copy_public(
            self.engine,
            self.folder / name,
            fetch=self.fetch,
            keys=self.keys,
            base_url=BASE_URL,
            now=now or self.given.now,
            progress=progress,
        )

    def recall(self, lot: HarvestLot) -> None:
        self.session.commit()
        with transaction(self.engine) as session:
            standing = lot_by_code(session, lot.code, within=Reach.all())
            recall_lot(session, lot=standing, reason="Tồn dư thuốc.", by=BY, now=self.given.now)

    def read(self, key: PageKey, tag: str = "en", name: str = "copy") -> str:
        return html.unescape((self.folder / name / file_of(key, tag)).read_text())

    def files(self, name: str = "copy") -> dict[str, bytes]:
        """Everything that is in a copy but what it remembers of its runs."""
        root = self.folder / name
        return {
            str(file.relative_to(root)): file.read_bytes()
            for file in sorted(root.rglob("*"))
            if file.is_file() and not file.name.startswith(".")
        }

    def faults(self, name: str = "copy") -> list[str]:
        return [
            str(fault) for fault in find_faults(self.folder / name, keys_in(self.keys.public()))
        ]


@pytest.fixture
def world(app: FastAPI, given: Given, tmp_path: Path) -> Iterator[World]:
    with fetching_from(app, BASE_URL) as fetch:
        yield World(app, given, tmp_path, fetch)


def keys_of(world: World) -> list[PageKey]:
    return [
        *(PageKey(PageKind.LOT, lot.code) for lot in world.lots),
        PageKey(PageKind.PRODUCT, GTIN),
        PageKey(PageKind.AREA, world.code.code_key),
        PageKey(PageKind.CERTIFICATE, "vg 10 0001"),
        PageKey(PageKind.ORGANISATION, str(world.home.uid)),
    ]


def test_every_page_is_there_in_every_language_and_leads_nowhere_else(world: World) -> None:
    world.copy()
    for key in keys_of(world):
        for tag in LANGUAGES:
            assert '<aside class="copy"' in world.read(key, tag), (key, tag)
    root = world.folder / "copy"
    for name, content in world.files().items():
        if not name.endswith(".html"):
            continue
        text = content.decode()
        assert ("<form" in text) == (name.partition(".")[0] == "index"), name
        assert "<iframe" not in text
        for address in re.findall(r'\b(?:href|src|srcset|action)="([^"]*)"', text):
            if address.startswith(("#", "tel:")):
                continue
            target = (root / name).parent / address.partition("#")[0]
            assert target.resolve().is_relative_to(root.resolve()), (name, address)
            assert target.is_file(), (name, address)


def test_a_page_of_the_copy_says_what_the_page_of_the_server_says(world: World) -> None:
    world.recall(world.lots[0])
    world.copy()
    recalled = world.read(PageKey(PageKind.LOT, world.lots[0].code))
    assert "do not eat" in recalled
    assert f'href="../../register/{world.code.code_key}.en.html"' in recalled
    assert 'href="../../static/lot.css"' in recalled
    shown = world.read(PageKey(PageKind.PRODUCT, GTIN))
    assert world.lots[0].code in shown
    picture = re.search(r'src="\.\./(pictures/[0-9a-f]{32}\.jpg)"', shown)
    assert picture is not None
    assert world.files()[picture[1]][:2] == b"\xff\xd8"
    assert TODAY in world.files()["index.en.html"].decode()
    assert TODAY in world.files()["static/day.css"].decode()


def test_the_same_facts_give_the_same_bytes(world: World) -> None:
    world.copy("one")
    world.copy("other")
    assert world.files("one") == world.files("other")


def test_only_what_changed_is_written_and_it_is_as_if_all_had_been(world: World) -> None:
    first = world.copy()
    again = world.copy()
    assert first.written > 30
    assert (again.written, again.removed) == (0, 0)
    before = {name: (world.folder / "copy" / name).stat().st_mtime_ns for name in world.files()}
    old = world.files()
    other = PageKey(PageKind.ORGANISATION, str(world.given.cooperative("HTX Tả Van Chư").uid))
    world.recall(world.lots[0])
    changed = world.copy()
    world.copy("fresh")
    assert world.files() == world.files("fresh")
    new = world.files()
    differing = {name for name in new if old.get(name) != new[name]}
    proofs = {"SHA256SUMS", "manifest.json"}
    assert changed.written == len(differing - proofs)
    assert file_of(other, "vi") in differing
    assert file_of(PageKey(PageKind.LOT, world.lots[0].code), "vi") in differing
    assert file_of(PageKey(PageKind.LOT, world.lots[1].code), "vi") not in differing
    for name in set(new) - differing - proofs - {"jwks.json"}:
        assert (world.folder / "copy" / name).stat().st_mtime_ns == before[name], name


def test_another_day_changes_the_banner_and_not_the_pages_of_lots(world: World) -> None:
    world.copy()
    old = world.files()
    tomorrow = world.given.now + timedelta(days=1)
    world.copy(now=tomorrow)
    world.copy("fresh", now=tomorrow)
    assert world.files() == world.files("fresh")
    assert b"21/11/2026" in world.files()["static/day.css"]
    differing = {name for name, content in world.files().items() if old.get(name) != content}
    assert not [name for name in differing if name.startswith(("t/", "o/", "p/"))]


def test_what_is_recorded_during_a_run_is_in_the_next_one(world: World) -> None:
    world.copy()

    def meanwhile(seen: int) -> None:
        if seen == len(world.lots):  # the pages of lots are written already
            world.recall(world.lots[1])

    world.copy(progress=meanwhile)
    key = PageKey(PageKind.LOT, world.lots[1].code)
    assert "do not eat" not in world.read(key)
    world.copy()
    assert "do not eat" in world.read(key)
    world.copy("fresh")
    assert world.files() == world.files("fresh")


def test_what_is_gone_leaves_the_copy(world: World) -> None:
    world.copy()
    pictures = {name for name in world.files() if name.startswith("pictures/")}
    world.show_picture()
    copied = world.copy()
    now = {name for name in world.files() if name.startswith("pictures/")}
    assert copied.removed == len(pictures - now) == 1
    assert world.faults() == []


def test_a_file_that_was_lost_comes_back(world: World) -> None:
    world.copy()
    whole = world.files()
    for name in (file_of(keys_of(world)[0], "en"), "static/app.css", "index.html"):
        (world.folder / "copy" / name).unlink()
    assert world.copy().written == 3
    assert world.files() == whole


def test_a_run_that_was_interrupted_is_finished_by_the_next(world: World) -> None:
    def stop(seen: int) -> None:
        if seen > len(world.lots):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        world.copy(progress=stop)
    world.recall(world.lots[0])
    world.copy()
    world.copy("fresh")
    assert world.files() == world.files("fresh")
    assert world.faults() == []


def test_the_proof_finds_every_change(world: World) -> None:
    world.copy()
    assert world.faults() == []
    root = world.folder / "copy"
    page = file_of(keys_of(world)[0], "vi")
    whole = {name: (root / name).read_bytes() for name in (page, "SHA256SUMS", "manifest.json")}

    def with_changed(name: str, content: bytes | None) -> list[str]:
        if content is None:
            (root / name).unlink()
        else:
            (root / name).write_bytes(content)
        found = world.faults()
        (root / name).write_bytes(whole[name]) if name in whole else (root / name).unlink()
        return found

    flipped = bytearray(whole[page])
    flipped[100] ^= 1
    assert with_changed(page, bytes(flipped)) == [f"{page} was changed."]
    assert with_changed(page, None) == [f"{page} is missing."]
    assert with_changed("t/planted.html", b"x") == ["t/planted.html does not belong to the copy."]
    sums = bytearray(whole["SHA256SUMS"])
    sums[0] ^= 1
    assert with_changed("SHA256SUMS", bytes(sums)) == ["SHA256SUMS is not the one that was signed."]
    manifest = whole["manifest.json"].replace(b'"copied_on":"2026', b'"copied_on":"2027')
    assert with_changed("manifest.json", manifest) == [
        "Its signature is not right: something was changed."
    ]
    stranger = keys_in(StatementKeys(world.folder / "stranger").public())
    assert len(list(find_faults(root, stranger))) == 1
    assert world.faults() == []


def test_the_digests_are_of_the_files_and_name_all_of_them(world: World) -> None:
    world.copy()
    files = world.files()
    told = {}
    for line in files["SHA256SUMS"].decode().splitlines():
        sha256, _, path = line.partition("  ")
        told[path] = sha256
    expected = {
        name: hashlib.sha256(content).hexdigest()
        for name, content in files.items()
        if name not in UNLISTED
    }
    assert told == expected
    assert list(told) == sorted(told)
    manifest = json.loads(files["manifest.json"])["statement"]
    assert manifest["files"] == len(told)
    assert manifest["copied_on"] == "2026-11-20"


def test_a_folder_that_holds_something_else_is_left_alone(world: World) -> None:
    other = world.folder / "photos"
    other.mkdir()
    (other / "a.jpg").write_bytes(b"x")
    with pytest.raises(Refused):
        world.copy("photos")
    assert [file.name for file in other.iterdir()] == ["a.jpg"]


def test_a_household_that_is_not_named_is_named_nowhere(world: World, given: Given) -> None:
    household: Organisation = given.organisation(
        OrganisationKind.HOUSEHOLD, "Hộ Sùng Seo Lử", public_phone="0912345678"
    )
    place = given.area(household, name="Nương nhà Lử")
    given.code(place)
    given.certificate(place, number="VG-LE-1")
    world.copy()
    listed = world.files()["o/index.en.html"].decode()
    assert "Growing household, Xã Bắc Hà" in html.unescape(listed)
    for name, content in world.files().items():
        if name.endswith(".html"):
            text = html.unescape(content.decode())
            assert "Sùng Seo Lử" not in text, name
            assert "nhà Lử" not in text, name
            assert "0912345678" not in text, name


@pytest.mark.parametrize("number", ["../../../etc/passwd", "CON", "证书 12", "a" * 80, ".htaccess"])
def test_a_strange_number_gets_a_plain_file_name(world: World, given: Given, number: str) -> None:
    given.certificate(world.area, number=number)
    world.copy()
    root = (world.folder / "copy").resolve()
    for name in world.files():
        assert re.fullmatch(r"[A-Za-z0-9/._-]+", name), name
        assert (root / name).resolve().is_relative_to(root)
    assert html.escape(number) in world.files()["certificates/index.en.html"].decode()
    assert world.faults() == []


def test_labels_lead_to_files_through_nginx_in_any_case(world: World) -> None:
    # The server's own rules, read as nginx reads them; tried with nginx 1.22 as well.
    world.copy()
    maps = dict(
        re.findall(r"^    ([a-z0-9]) ([0-9A-Z]);$", world.files()[HTTP_FILE].decode(), re.MULTILINE)
    )
    server = world.files()[SERVER_FILE].decode()
    rules = re.findall(r'location ~\*? "([^"]+)" {\n    return 302 (\S+);', server)
    code = world.lots[0].code

    def leads_to(path: str) -> str | None:
        for pattern, target in rules:
            found = re.fullmatch(pattern.replace("(?<", "(?P<"), path, re.IGNORECASE)
            if found is not None:
                typed = found.groupdict()
                told = {f"u{name[1:]}": maps.get(one.lower(), one) for name, one in typed.items()}
                return filled(target, told | typed | {"copy_ending": ".en.html", "uri": path})
        return None

    def filled(target: str, told: dict[str, str]) -> str:
        return re.sub(r"\$(\w+)", lambda name: told[name[1]], target)

    file = "/" + stem_of(PageKey(PageKind.LOT, code)) + ENDINGS["en"]
    for path in (
        f"/t/{code}",
        f"/T/{code.lower()}",
        f"/t/{code}/0000AB",
        f"/01/{GTIN}/10/{code.lower()}",
    ):
        assert leads_to(path) == file, path
    assert leads_to(f"/01/{GTIN}") == f"/p/{GTIN}.en.html"
    assert leads_to("/t") == "/t/"
    assert leads_to(f"/t/{code[:-1]}") is None


def test_the_commands_copy_and_verify(world: World, tmp_path: Path) -> None:
    world.copy()
    keys = tmp_path / "known.json"
    keys.write_text(json.dumps(world.keys.public()))
    command = ["verify-copy", str(tmp_path / "copy"), "--keys", str(keys), "--language", "en"]
    ran: Any = CliRunner().invoke(main, command)
    assert (ran.exit_code, "whole and genuine" in ran.output) == (0, True)
    (tmp_path / "copy/index.html").write_text("x")
    ran = CliRunner().invoke(main, command)
    assert ran.exit_code == 1
    assert "index.html was changed." in ran.output
