"""The log as others use it: a browser that computes the proof, a witness and a verifier over the network."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, Route
from sqlalchemy import Engine
from sqlmodel import Session

from app.cli import main
from app.db import open_read_session, transaction
from app.ledger.actors import Actor
from app.models.lots import HarvestLot
from app.settings import Settings
from app.transparency.log_keys import LogKeys
from app.transparency.notes import COSIGNATURE_V1, Verifier, public_bytes
from app.transparency.queries import verifiers
from app.transparency.tending import publish, take_in
from app.transparency.the_log import TheLog
from app.transparency.witnesses import register_witness
from tests.given import Given
from tests.journeys.conftest import served

# What the browser remembers of the log, with another root.
ANOTHER_MEMORY = """() => {
  const place = localStorage.key(0);
  const [origin, size, root] = localStorage.getItem(place).split("\\n");
  const other = (root[0] === "A" ? "B" : "A") + root.slice(1);
  localStorage.setItem(place, `${origin}\\n${size}\\n${other}\\n`);
}"""
WITNESS = "chungnhan.test/w1"


@pytest.fixture
def lot(given: Given, session: Session) -> HarvestLot:
    made = given.lot()
    session.commit()
    return made


@pytest.fixture
def address(engine: Engine, tmp_path: Path) -> Iterator[str]:
    """Where a server listens whose keys lie where `publishing` looks for them."""
    with served(engine, tmp_path, anew=True) as found:
        yield found


@pytest.fixture
def publishing(engine: Engine, address: str, tmp_path: Path, given: Given) -> Callable[[], None]:
    """Publish what there is, as the running server would."""
    log = TheLog.of(Settings(data_dir=tmp_path, base_url=address))

    def once() -> None:
        take_in(engine, log, given.now - timedelta(minutes=9))
        publish(engine, log, given.now)

    return once


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 640}, locale="en-GB")
    yield context.new_page()
    context.close()


def checked(page: Page, address: str, code: str) -> str:
    """The verdict of the page."""
    page.goto(f"{address}/log/lots/{code}?lang=en")
    page.click("[data-run]")
    page.wait_for_selector("[data-verdict] .notice")
    return page.inner_text("[data-verdict]")


def test_a_browser_computes_the_proof_and_is_not_deceived(
    page: Page, address: str, publishing: Callable[[], None], lot: HarvestLot, given: Given
) -> None:
    publishing()
    assert "Proven: no record of this lot was altered" in checked(page, address, lot.code)
    assert "looks for the first time" in page.inner_text("[data-steps]")
    given.lot()
    given.session.commit()
    publishing()
    assert "Proven" in checked(page, address, lot.code)
    assert "only grew" in page.inner_text("[data-steps]")
    for part, what, to in (
        ("shown", ":false", ":true"),  # what is shown of the record
        ("entry", "lot.recorded", "lot.recordex"),  # the line of the log itself
    ):
        page.route("**/api/v1/log/lots/*", altered(part, what, to))
        assert "NOT PROVEN" in checked(page, address, lot.code), part
        page.unroute("**/api/v1/log/lots/*")
    stranger = Verifier(address.removeprefix("http://") + "/log", bytes(range(32)))
    page.fill("#key", str(stranger))
    page.click("[data-run]")
    page.wait_for_selector("[data-verdict] .notice.bad")
    page.fill("#key", "no key")
    page.click("[data-run]")
    page.wait_for_selector("[data-verdict] .notice.info")
    page.evaluate(ANOTHER_MEMORY)
    assert "NOT PROVEN" in checked(page, address, lot.code)  # another history than it remembers


def altered(part: str, what: str, to: str) -> Callable[[Route], None]:
    """An answer on its way to the browser, with something changed in the first fact."""

    def answer(route: Route) -> None:
        told = route.fetch()
        body = told.json()
        fact = body["facts"][0]
        before = json.dumps(fact[part])
        assert what in before
        fact[part] = json.loads(before.replace(what, to))
        route.fulfill(response=told, json=body)

    return answer


def test_a_witness_and_a_verifier_over_the_network_trust_nothing_but_their_keys(
    address: str,
    publishing: Callable[[], None],
    lot: HarvestLot,
    engine: Engine,
    given: Given,
    tmp_path: Path,
) -> None:
    publishing()
    folder = tmp_path / "witness"
    with transaction(engine) as session:
        key = str(verifiers(session)[0])
        mine = Verifier(WITNESS, public_bytes(LogKeys(folder).signing_keys()[0]), COSIGNATURE_V1)
    vouching = [
        "witness",
        address,
        "--log-key",
        key,
        "--name",
        WITNESS,
        "--folder",
        str(folder),
        "--language",
        "en",
    ]
    unknown = CliRunner().invoke(main, vouching)
    assert unknown.exit_code == 1
    assert str(mine) in unknown.output  # what is to be registered
    assert "HTTP Error" not in unknown.output and "bên làm chứng đã đăng ký" in unknown.output
    with transaction(engine) as session:
        register_witness(session, key=str(mine), who="Trung tâm", by=Actor.system(), now=given.now)
    done = CliRunner().invoke(main, vouching)
    assert done.exit_code == 0, done.output
    publishing()
    again = CliRunner().invoke(main, vouching)
    assert "entries, signed." in again.output, again.output
    (folder / "seen").write_text((folder / "seen").read_text().replace("/log\n", "/log\n1"))
    assert "not signed by the key" in CliRunner().invoke(main, vouching).output
    verified = CliRunner().invoke(
        main,
        [
            "verify",
            f"{address}/t/{lot.code}",
            "--key",
            key,
            "--witness",
            str(mine),
            "--language",
            "en",
        ],
    )
    assert verified.exit_code == 0, verified.output
    assert f"Vouched for by {WITNESS}." in verified.output
    with open_read_session(engine) as session:
        assert len(verifiers(session)) == 1
