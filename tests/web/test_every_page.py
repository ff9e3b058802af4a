"""Every page of the demonstration province as every role: no dead link, no form that fails, none unseen."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from sqlalchemy import delete, select
from sqlmodel import col
from starlette.testclient import TestClient

from app.db import open_read_session, transaction
from app.models.accounts import SignInThrottle
from app.models.lots import HarvestLot, LotState
from tests.conftest import BASE_URL, NOW, Clock, move
from tests.crawl import Crawl, Crawler, Form, routes_of
from tests.databases import Postgres, Sqlite
from tests.demonstration import Demonstration, demonstrated, sign_in

# The first of a run waits until the province is made.
pytestmark = pytest.mark.timeout(600)

ROLES = ("", "grower", "staff", "coop_admin", "certifier", "inspector", "province_admin")
# Who sees nearly the same forms stands together: what the first was shown is not tried again.
ALIKE = (("grower", ""), ("coop_admin", "staff"), ("certifier",), ("province_admin", "inspector"))
# Pages no link leads to: they follow on a form, or on an address from elsewhere.
NOT_LINKED = {"second_factor_page", "second_step_page", "welcome_page", "problem_page"}
# Whoever reports something is led to it, and comes back with the ticket alone.
NOT_LINKED |= {"ticket_page"}
# Printed codes and one-time links lead there; who wrote a report of a laboratory corrects it.
NOT_LINKED |= {"label_page", "public_product_page", "shop_door_page", "correct_lab_page"}
NOT_LINKED |= {"recall_door_page"}
NOT_LINKED |= {"delivery_door_page", "part_door_page"}
# Pages of what the demonstration has none of: lists from Excel, a record nobody confirmed yet.
NOT_LINKED |= {"import_page", "desk_import_page", "edit_certificate_page"}
# Of many lists of a kind two are walked; what only another one leads to begins here.
WALKED_TOO = {"province_admin": ("/desk/plan/lists/supply",)}
# No pages: files, data for the map, and what only leads on.
NO_PAGE = {"static", "healthz", "choose_language", "find_page"}
NASTY = [
    "\ud800",
    "a\x00b",
    "x" * 20_000,
    "<script>alert(1)</script>",
    "\u202e",
    "٣",
    "-1",
    "31/02/2026",
]
# They would shut out somebody whom the others need.
LEFT_ALONE = {"sign_out", "disable_form", "renew_link_form"}


@pytest.fixture
def province(databases: Sqlite | Postgres) -> Iterator[Demonstration]:
    """A province of a test's own: forms leave nothing as it was."""
    with demonstrated(databases) as made:
        yield made


@pytest.fixture
def site(built: FastAPI, province: Demonstration, clock: Clock) -> FastAPI:
    return move(built, province.engine, clock)


@pytest.fixture(scope="module")
def walks(built: FastAPI, databases: Sqlite | Postgres) -> Callable[[str], Crawl]:
    """What a role finds by links, in a province that nobody changed: walked once in the whole run."""

    def walk(role: str) -> Crawl:
        before = built.state.engine, built.state.clock
        with demonstrated(databases) as still:
            move(built, still.engine, Clock(NOW))
            try:
                with visitor(built, still, role) as client:
                    return walked(Crawler(built), client, a_lot(still), WALKED_TOO.get(role, ()))
            finally:
                move(built, *before)

    return cache(lambda role: databases.once(f"walk-{role}", lambda: walk(role)))


def a_lot(province: Demonstration) -> str:
    wanted = select(col(HarvestLot.code)).where(col(HarvestLot.state) == LotState.SEALED).limit(1)
    with open_read_session(province.engine) as session:
        return str(session.execute(wanted).scalar_one())


@contextmanager
def visitor(site: FastAPI, province: Demonstration, role: str) -> Iterator[TestClient]:
    with transaction(province.engine) as session:  # the forms above were given many passwords
        session.execute(delete(SignInThrottle))
    with TestClient(site, base_url=BASE_URL, follow_redirects=False) as client:
        if role:
            sign_in(client, province.people[role])
        yield client


def walked(crawler: Crawler, client: TestClient, lot: str, more: Iterable[str] = ()) -> Crawl:
    return crawler.walk(client, ["/", "/home", f"/t/{lot}", "/t/LC1", *more])


def test_every_page_is_reached_by_links_and_no_link_is_dead(
    site: FastAPI, walks: Callable[[str], Crawl]
) -> None:
    seen, broken = set(), []
    for role in ROLES:
        found = walks(role)
        seen |= {name for name, addresses in found.pages.items() if addresses}
        broken += [f"{role}: {link}" for link in found.broken]
    assert broken == []
    missing = sorted(pages_of(site) - seen - NOT_LINKED)
    assert not missing, " ".join(missing)


def pages_of(site: FastAPI) -> set[str]:
    """The routes that answer with a page."""
    return {
        name
        for name, method, path in routes_of(site)
        if method == "GET"
        and not path.startswith("/api/")
        and name not in NO_PAGE
        and name.endswith(("_page", "_scan", "home"))
    }


def test_a_dead_link_is_noticed(site: FastAPI, province: Demonstration) -> None:
    crawler = Crawler(site)
    crawler.routes = [route for route in crawler.routes if route[0] != "lots_page"]
    with visitor(site, province, "staff") as client:
        asked = client.get

        def without_lots(address: str, **how: object):
            return asked("/nothing" if address == "/work/lots" else address, **how)

        client.get = without_lots
        broken = crawler.walk(client, ["/home"], until="/work/lots:").broken
    assert [link for link in broken if "/work/lots:" in link]


@pytest.mark.parametrize("roles", ALIKE, ids=lambda roles: roles[0])
def test_no_form_fails_whatever_is_typed_into_it(
    site: FastAPI,
    province: Demonstration,
    walks: Callable[[str], Crawl],
    roles: tuple[str, ...],
) -> None:
    wrong: list[str] = []
    tried: set[str] = set()
    for role in roles:
        found = walks(role).forms
        with visitor(site, province, role) as client:
            for name in sorted(found.keys() - LEFT_ALONE - tried):
                page, form = found[name][0]
                for about, fields in variants(form):
                    wrong += fault(client, form, fields, f"{name} on {page} with {about}")
        tried |= found.keys()
    assert wrong == []
    assert len(tried) > 3


def test_the_forms_of_every_role_are_tried() -> None:
    assert sorted(role for roles in ALIKE for role in roles) == sorted(ROLES)


def variants(form: Form) -> Iterator[tuple[str, dict[str, str]]]:
    """What is sent: each field alone strange, and all of them, each in half of the ways."""
    for name in form.fields:
        yield name, {**form.fields, name: "\ud800\x00"}
    yield "everything", dict.fromkeys(form.fields, "a\x00b")
    kept = {"once", "version", "area", "crop"} & form.fields.keys()
    for turn in range(0, len(NASTY), 2):
        strange = {name: NASTY[(at + turn) % len(NASTY)] for at, name in enumerate(form.fields)}
        yield f"turn {turn}", strange | {name: form.fields[name] for name in kept}
    yield "unknown", {**form.fields, "no_such_field": "1"}
    yield "nothing", {}


def fault(client: TestClient, form: Form, fields: dict[str, str], about: str) -> list[str]:
    body = "&".join(f"{quote(k)}={quote(v, errors='surrogatepass')}" for k, v in fields.items())
    try:
        if form.method == "get":
            answer = client.get(f"{form.action}?{body}"[:60_000])
        else:
            headers = {"content-type": "application/x-www-form-urlencoded"}
            answer = client.post(form.action, content=body.encode(), headers=headers)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is a failure of ours
        return [f"{about}: {error!r}"[:400]]
    faults = [f"{about}: {answer.status_code}"] if answer.status_code >= 500 else []
    if "<script>alert(1)" in answer.text:
        faults.append(f"{about}: a script came back as it was")
    return faults


def test_every_form_that_takes_a_file_refuses_a_huge_one(
    site: FastAPI, province: Demonstration, walks: Callable[[str], Crawl]
) -> None:
    huge, seen = ("x.bin", b"\x00" * 13_000_000, "image/png"), 0
    with visitor(site, province, "coop_admin") as client:
        for (_, form), *_ in walks("coop_admin").forms.values():
            if form.files:
                seen += 1
                sent = dict.fromkeys(form.files, huge)
                assert client.post(form.action, files=sent).status_code == 413, form.action
    assert seen >= 2
