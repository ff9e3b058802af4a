"""Which link a request means, and links as they are kept."""

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from app.provenance.link_choice import best_links, reads_pages, wants
from app.provenance.links import Level, Levels, Link, kept, kind_in, read_kept

PAGES = [Link("pip", f"/{tag}", tag, "text/html", (tag,)) for tag in ("vi", "en", "zh")]
TWIN = Link("pip", "/json", "json", "application/json")


@pytest.mark.parametrize(
    ("accept", "language", "hrefs"),
    [
        ("", "", ["/vi"]),
        ("*/*", "en", ["/en"]),
        ("text/*", "en-US", ["/en"]),
        ("application/json, text/html", "en", ["/en"]),
        ("application/json", "en", ["/json"]),
        ("application/*;q=0.9, text/html;q=0.1", "vi", ["/json"]),
        ("text/html;q=0, application/json;q=0", "zh", ["/zh"]),
        ("image/*", "zh-CN", ["/zh"]),
        ("garbage;;q=x,,", "xx", ["/vi"]),
        ("text/html;q=2", "en", ["/en"]),
    ],
)
def test_media_type_then_language_decide(accept: str, language: str, hrefs: list[str]) -> None:
    found = best_links([*PAGES, TWIN], accept, language)
    assert [link.href for link in found] == hrefs


def test_what_differs_in_nothing_is_given_back_whole() -> None:
    alike = [Link("x", f"/{n}", str(n), "text/html", ("vi",)) for n in range(3)]
    assert best_links(alike, "text/html", "vi") == alike
    assert best_links([], "text/html", "vi") == []


@drawn(st.text(max_size=60), st.text(max_size=40))
def test_any_header_decides_something(accept: str, language: str) -> None:
    assert best_links([*PAGES, TWIN], accept, language)
    assert wants(accept, "text/html") in {True, False}
    assert reads_pages(accept) in {True, False}


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ("gs1:pip", "pip"),
        ("GS1:pip", "pip"),
        ("pip", "pip"),
        ("https://ref.gs1.org/voc/pip", "pip"),
        ("https://gs1.org/voc/pip", "pip"),
        ("https://www.gs1.org/voc/pip", "pip"),
        ("schema:name", None),
        ("https://schema.org/name", None),
        ("javascript:alert(1)", None),
    ],
)
def test_link_types_are_read_in_each_form(asked: str, kind: str | None) -> None:
    assert kind_in(asked) == kind


def test_links_are_read_as_they_were_kept() -> None:
    label = Level("/01/1/10/A/21/{serial}", "x {serial}", (Link("pip", "/t/A/{serial}", "t"),))
    levels = Levels((Level("/01/1/10/A", "ạ", (*PAGES, TWIN)),), label)
    assert read_kept(kept(levels)) == levels
    assert read_kept(kept(Levels(()))) == Levels(())
    first, second = levels.of("07")
    assert (first.path, first.about, first.links[0].href) == ("/01/1/10/A/21/07", "x 07", "/t/A/07")
    assert second == levels.found[0]
