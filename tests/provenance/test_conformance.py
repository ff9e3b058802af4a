"""What GS1's own test suite asks of a resolver, asked of every level of ours."""

import copy
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from fastapi import FastAPI
from sqlmodel import Session
from starlette.testclient import TestClient

from app.labels.keys import FOLDER, KeyRing
from app.labels.serials import serial_of
from app.models.registry import Organisation
from app.provenance.links import VOCABULARY
from tests.conftest import BASE_URL
from tests.given import Given
from tests.provenance.goods import (
    LINKSET,
    gln,
    numbered,
    product_of,
    require_linkset,
    require_valid,
)

# Link types of the GS1 Web Vocabulary (1.17) that are used here.
RATIFIED = {
    "defaultLink",
    "pip",
    "traceability",
    "recallStatus",
    "certificationInfo",
    "epcis",
    "locationInfo",
}
DEFAULT = VOCABULARY + "defaultLink"


@pytest.fixture
def paths(app: FastAPI, session: Session, given: Given) -> list[str]:
    """A product, a lot, a label, a place, a party."""
    area = given.area()
    given.code(area)
    given.certificate(area, standard="FOOD_SAFETY_2018")
    given.certificate(area, standard="OCOP_2023", number="OCOP-7")
    lot = given.lot(area)
    product = product_of(session, lot)
    numbered(session, session.get_one(Organisation, area.organisation_id), area)
    session.commit()
    ring = KeyRing(app.state.settings.data_dir / FOLDER)
    root = f"/01/{product.gtin}"
    label = f"{root}/10/{lot.code}/21/{serial_of(ring.lot_key(lot.code).key, 3)}"
    return [root, f"{root}/10/{lot.code}", label, f"/414/{gln()}"]


def asked(client: TestClient, path: str, **headers: str) -> Any:
    sent = {"Origin": "https://ref.gs1.org", "Accept": "*/*", **headers}
    return client.get(path, headers={name.replace("_", "-"): text for name, text in sent.items()})


def nearest(client: TestClient, path: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each link type with its links, of the most particular level that has any."""
    seen: set[str] = set()
    for level in client.get(path, headers=LINKSET).json()["linkset"]:
        for kind, links in level.items():
            if kind.startswith("https://") and kind not in seen:
                seen.add(kind)
                yield kind, links


def without_link_type(location: str) -> str:
    return location.partition("?linkType=")[0].partition("&linkType=")[0]


def test_headers_of_a_redirect(client: TestClient, paths: list[str]) -> None:
    for path in paths:
        answer = asked(client, path)
        assert answer.headers["access-control-allow-origin"] == "*"
        methods = answer.headers["access-control-allow-methods"]
        assert all(method in methods for method in ("GET", "HEAD", "OPTIONS"))
        assert 'rel="linkset"' in answer.headers["link"]
        assert 'rel="gs1:' not in answer.headers["link"]


def test_errors_and_trailing_slashes(client: TestClient, paths: list[str]) -> None:
    for path in paths:
        assert asked(client, path + "/foo").status_code == 400
        one, other = asked(client, path), asked(client, path + "/")
        assert (one.status_code, one.headers["location"]) == (
            other.status_code,
            other.headers["location"],
        )
        assert asked(client, path + "?linkType=gs1:nosuchlt").status_code == 404
        assert "foo=bar" in asked(client, path + "?foo=bar").headers["location"]


def test_linksets_are_valid_and_carry_their_context(client: TestClient, paths: list[str]) -> None:
    for path in paths:
        for query, accept in (
            ("?linkType=linkset", "*/*"),
            ("?linkType=all", "application/linkset+json"),
            ("", "application/linkset+json"),
        ):
            answer = asked(client, path + query, Accept=accept)
            assert answer.status_code == 200
            assert answer.headers["content-type"] == "application/linkset+json"
            require_linkset(answer.json())
            [context] = answer.headers["link"].split(",")
            assert 'rel="http://www.w3.org/ns/json-ld#context"' in context
            assert 'type="application/ld+json"' in context


WRONG = (
    {"label": "x"},
    {"hreflang": ["zh-Hans"]},
    {"hreflang": "vi"},
    {"type": "html"},
    {"href": "ftp://x"},
    {"title": None},
)


def test_what_the_published_schemas_refuse_is_refused(client: TestClient, paths: list[str]) -> None:
    said = client.get(paths[0], headers=LINKSET).json()
    for wrong in WRONG:
        broken = copy.deepcopy(said)
        broken["linkset"][0][DEFAULT][0] |= wrong
        with pytest.raises(jsonschema.ValidationError):
            require_valid(broken, "published_linkset.json")
    for wrong in ({"Anchor": "x"}, {"anchor": "urn:x"}, {"https://x.test/a?b": []}):
        broken = copy.deepcopy(said)
        broken["linkset"][0] |= wrong
        with pytest.raises(jsonschema.ValidationError):
            require_valid(broken, "published_linkset.json")
    told = client.get("/.well-known/gs1resolver").json()
    for wrong in ({"supportedPrimaryKeys": ["02"]}, {"resolverRoot": "here"}, {"name": 1}):
        with pytest.raises(jsonschema.ValidationError):
            require_valid(told | wrong, "published_description.json")


def test_one_default_link_is_followed(client: TestClient, paths: list[str]) -> None:
    for path in paths:
        links = dict(nearest(client, path))
        [default] = links[DEFAULT]
        assert set(default) == {"href", "title"}
        assert asked(client, path).headers["location"] == default["href"]
        # The default also bears a type that says what it is.
        others = [
            link["href"] for kind, every in links.items() if kind != DEFAULT for link in every
        ]
        assert any(href.partition("?")[0] == default["href"] for href in others)


def test_every_link_is_followed_by_its_type_media_and_language(
    client: TestClient, paths: list[str]
) -> None:
    for path in paths:
        for kind, links in nearest(client, path):
            assert kind.removeprefix(VOCABULARY) in RATIFIED
            for link in links:
                alike = [
                    one
                    for one in links
                    if (one.get("type"), one.get("hreflang"))
                    == (link.get("type"), link.get("hreflang"))
                ]
                curie = kind.replace(VOCABULARY, "gs1:")
                answer = asked(
                    client,
                    f"{path}?linkType={curie}",
                    Accept=link.get("type", "*/*"),
                    Accept_Language=link.get("hreflang", [""])[0],
                )
                if len(alike) > 1:
                    assert answer.status_code == 300, link
                else:
                    assert without_link_type(answer.headers["location"]) == link["href"]


def test_the_root_is_where_the_anchors_are(client: TestClient, paths: list[str]) -> None:
    told = asked(client, "/.well-known/gs1resolver").json()
    for path in paths:
        for level in client.get(path, headers=LINKSET).json()["linkset"]:
            assert level["anchor"].startswith(told["resolverRoot"] + "/")
            assert level["anchor"].removeprefix(BASE_URL) in {
                path,
                path.rpartition("/21/")[0],
                path.rpartition("/10/")[0],
            }
