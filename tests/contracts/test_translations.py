"""Every sentence is said in Vietnamese and Chinese, with the same places for the same values."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.contracts.sources import ROOT

METHODS = [("**.py", "python"), ("**/templates/**", "jinja2")]
# Templates that Babel cannot parse fail: by itself it skips them and says nothing.
OPTIONS = {"**/templates/**": {"trimmed": "true", "extensions": "jinja2.ext.do", "silent": "false"}}
KEYWORDS = {"say": (1,), "_": None, "gettext": None, "ngettext": (1, 2)}
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff”》）] ?[,;:!?]|[,;:!?] ?[\u4e00-\u9fff“《（]")
PLACES = re.compile(r"%\((\w+)\)s|{(\w+)}")


def sentences() -> set[str]:
    """Every msgid the code and the templates say."""
    found = extract_from_dir(
        str(ROOT / "app"), method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS
    )
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def catalogue(tag: str) -> Catalog:
    path: Path = ROOT / "app/locale" / tag / "LC_MESSAGES/messages.po"
    with path.open("rb") as file:
        return read_po(file)


def faults(said: set[str], known: Catalog) -> Iterator[str]:
    for msgid in sorted(said):
        message = known.get(msgid)
        text = message.string if message else ""
        text = text if isinstance(text, str) else "".join(text)
        if not text:
            yield f"not translated: {msgid}"
        elif places(text) != places(msgid):
            yield f"other places: {msgid} -> {text}"
    for entry in known:
        name = entry.id if isinstance(entry.id, str) else entry.id[0] if entry.id else ""
        if entry.fuzzy and name:
            yield f"fuzzy: {name}"
        if name and name not in said:
            yield f"obsolete: {name}"


def lone_percents(said: Iterable[str], known: Catalog) -> Iterator[str]:
    """Texts of templates in which a percent sign stands alone: Jinja fills every text in, and fails."""
    for msgid in sorted(said):
        message = known.get(msgid)
        text = message.string if message else ""
        for one in (msgid, *([text] if isinstance(text, str) else text)):
            if "%" in PLACES.sub("", one).replace("%%", ""):
                yield one


def half_widths(known: Catalog) -> Iterator[str]:
    """Chinese sentences with a comma, colon, semicolon or such of half a width beside a Chinese character."""
    for entry in known:
        for text in [entry.string] if isinstance(entry.string, str) else entry.string:
            if HALF_WIDTH.search(text):
                yield text


def places(text: str) -> set[str]:
    return {named or braced for named, braced in PLACES.findall(text)}


@pytest.mark.parametrize("tag", ["vi", "zh"])
def test_every_sentence_is_translated(tag: str) -> None:
    assert "\n".join(faults(sentences(), catalogue(tag))) == ""


@pytest.mark.parametrize("tag", ["vi", "zh"])
def test_no_percent_sign_breaks_a_page(tag: str) -> None:
    templates = [("**/templates/**", "jinja2")]
    found = extract_from_dir(
        str(ROOT / "app"), method_map=templates, options_map=OPTIONS, keywords=KEYWORDS
    )
    said = {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}
    assert len(said) > 1_000
    assert "\n".join(lone_percents(said, catalogue(tag))) == ""
    broken = Catalog()
    broken.add("Sixty percent", "60%、10%")
    broken.add("%(part)s %%", "%(part)s %%")
    assert list(lone_percents(["Sixty percent", "%(part)s %%"], broken)) == ["60%、10%"]


def test_chinese_is_written_with_chinese_punctuation() -> None:
    assert "\n".join(half_widths(catalogue("zh"))) == ""
    wrong = Catalog()
    for number, text in enumerate(
        ("有机:转换期", "到期, 早于", "今天，3", "见 {a}，{b}", "12:30 起")
    ):
        wrong.add(str(number), text)
    assert list(half_widths(wrong)) == ["有机:转换期", "到期, 早于"]


def test_the_check_sees_what_is_missing() -> None:
    known = Catalog()
    known.add("There is {count}.", "Có {so}.")
    known.add("Gone", "Hết")
    assert list(faults({"There is {count}.", "New"}, known)) == [
        "not translated: New",
        "other places: There is {count}. -> Có {so}.",
        "obsolete: Gone",
    ]
