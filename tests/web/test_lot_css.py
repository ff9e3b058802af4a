"""The stylesheet of the page behind the QR stays within what telephones of six years ago know (Chrome 80)."""

import re

import pytest

from app.web.assets import FOLDER

# What came later, and the version of Chrome it came with.
LATER = {
    r"(?<![-\w])gap\s*:": "gap in a flex box, 84",
    r"(?<![-\w])inset\s*:": "87",
    r"aspect-ratio\s*:": "88",
    r":focus-visible": "86",
    r":(?:is|where|has)\(": "88, 105",
    r"@(?:layer|container|scope|property)": "85 to 118",
    r"clamp\(|(?<!-)\b(?:dvh|svh|lvh)\b": "clamp is of 79, the others 108",
    r"color-mix\(|oklch\(|lab\(|light-dark\(": "111",
    r"[{;]\s*&": "nesting, 112",
    r"(?<![-\w])mask(?:-image)?\s*:": "without a prefix, 120",
    r"text-wrap\s*:": "114",
}


def without_print(css: str) -> str:
    """The rules for the screen: no telephone of that age prints."""
    return css[: css.index("@media print")]


def later(css: str) -> list[str]:
    return [f"{form}: {version}" for form, version in LATER.items() if re.search(form, css)]


def test_nothing_in_the_stylesheet_is_younger_than_the_telephone() -> None:
    css = (FOLDER / "lot.css").read_text()
    assert later(without_print(css)) == []
    assert len(css) < 9_000


@pytest.mark.parametrize(
    "rule",
    [
        ".a { display: flex; gap: 1rem }",
        ".a { &:hover { color: red } }",
        ".a:has(p) { color: red }",
        ".a { inset: 0 }",
        ".a { color: color-mix(in srgb, red, blue) }",
    ],
)
def test_what_is_younger_is_noticed(rule: str) -> None:
    assert later(rule)


def test_fallbacks_stand_before_what_needs_support() -> None:
    """A rule behind @supports only adds: the page must stand without it."""
    css = (FOLDER / "lot.css").read_text()
    for block in re.findall(r"@supports[^{]+\{", css):
        assert css.index(block) > css.index("section {")
