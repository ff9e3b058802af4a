"""Three languages: sentences, numbers, days, quantities, and which one a reader gets."""

from datetime import UTC, date, datetime
from decimal import Decimal
from string import Formatter

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from app.kit.i18n import CATALOGUES, LANGUAGES, language, negotiate
from app.kit.messages import Message, say
from app.kit.quantities import Grams, SquareMetres

BEGINS = Message("A lot code begins with the letters LC.")


def catalogues():
    for path in sorted(CATALOGUES.glob("*/LC_MESSAGES/messages.po")):
        with path.open("rb") as file:
            yield path, read_po(file)


def test_a_sentence_is_said_in_each_language():
    said = {tag: language(tag).say(BEGINS) for tag in LANGUAGES}
    assert said["en"] == BEGINS.msgid
    assert said["vi"] == "Mã lô bắt đầu bằng hai chữ LC."
    assert len(set(said.values())) == 3


def test_a_language_is_read_once():
    assert language("vi") is language("vi")


def test_an_untranslated_sentence_stays_english():
    assert language("vi").gettext("Nobody translated this.") == "Nobody translated this."
    assert language("vi").ngettext("one", "many", 2) == "many"


def test_an_unknown_language_is_nobody():
    with pytest.raises(KeyError):
        language("fr")


def test_every_translation_has_the_places_of_its_sentence():
    seen = 0
    for path, catalogue in catalogues():
        for entry in catalogue:
            if entry.id and entry.string and isinstance(entry.id, str):
                seen += 1
                assert places(entry.string) == places(entry.id), (path, entry.id)
    assert seen > 20


def places(sentence: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_values_are_said_in_the_language_too():
    message = say(
        "{why} {day} {at} {mass} {area} {share} {year} {name}",
        why=say("x {inner}", inner=BEGINS),
        day=date(2026, 11, 3),
        at=datetime(2026, 11, 2, 20, 5, tzinfo=UTC),
        mass=Grams(1_250_000),
        area=SquareMetres(12_500),
        share=Decimal("0.5"),
        year=2026,
        name="Bản Xèo {not a place} 100 %",
    )
    assert language("vi").say(message) == (
        "x Mã lô bắt đầu bằng hai chữ LC. 03/11/2026 03/11/2026 03:05 1.250 kg 1,25 ha 0,5 2026"
        " Bản Xèo {not a place} 100 %"
    )


@pytest.mark.parametrize(
    ("grams", "vi", "en", "zh"),
    [
        (0, "0 kg", "0 kg", "0 kg"),
        (999, "999 g", "999 g", "999 g"),
        (1_250, "1,25 kg", "1.25 kg", "1.25 kg"),
        (1_250_000, "1.250 kg", "1,250 kg", "1,250 kg"),
        (9_999_999, "9.999,999 kg", "9,999.999 kg", "9,999.999 kg"),
        (12_500_000, "12,5 tấn", "12.5 t", "12.5 吨"),
        (12_500_001, "12.500,001 kg", "12,500.001 kg", "12,500.001 kg"),
    ],
)
def test_a_mass_is_exact_in_the_unit_people_use(grams, vi, en, zh):
    assert [language(tag).quantity(Grams(grams)) for tag in LANGUAGES] == [vi, en, zh]


@pytest.mark.parametrize(
    ("metres", "vi", "en"),
    [
        (360, "360 m²", "360 m²"),
        (9_999, "9.999 m²", "9,999 m²"),
        (10_000, "1 ha", "1 ha"),
        (12_345, "1,2345 ha", "1.2345 ha"),
        (123_450_000, "12.345 ha", "12,345 ha"),
    ],
)
def test_an_area_is_exact_in_the_unit_people_use(metres, vi, en):
    shown = [language(tag).area(SquareMetres(metres)) for tag in ("vi", "en")]
    assert shown == [vi, en]


def test_a_day_is_a_vietnamese_day_everywhere():
    last_second = datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)
    for tag in LANGUAGES:
        assert language(tag).date(last_second) == "31/12/2026 23:59"
        assert language(tag).date(date(2026, 1, 2)) == "02/01/2026"


@pytest.mark.parametrize("tag", LANGUAGES)
def test_percent_signs_are_safe_in_templates(tag):
    page = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    spoken = language(tag)
    page.install_gettext_callables(spoken.gettext, spoken.ngettext, newstyle=True)
    assert page.from_string("{{ _('%(share)s of 5%%', share=s) }}").render(s="9%") == "9% of 5%"
    assert page.from_string("{% trans %}5% more{% endtrans %}").render() == "5% more"
    assert spoken.say(say("5% of {all}", all="10%")) == "5% of 10%"


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("", "vi"),
        ("en", "en"),
        ("EN-us", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("zh-Hans-CN", "zh"),
        ("fr-FR, en;q=0.3, vi;q=0.2", "en"),
        ("en;q=0.2, zh;q=0.7", "zh"),
        ("en;q=0", "vi"),
        ("fr", "vi"),
        ("*", "vi"),
        ("en;q=nan, zh;q=0.1", "zh"),
        ("en;q=9, zh;q=0.1", "zh"),
        ("en ; q=0.5 , zh ; q=0.4", "en"),
        (";;;,,,=q", "vi"),
    ],
)
def test_the_best_language_the_reader_accepts(header, tag):
    assert negotiate(header) == tag


def test_what_the_reader_chose_goes_before_what_the_browser_says():
    assert negotiate("zh", preferred="en") == "en"
    assert negotiate("zh", preferred="fr") == "zh"
    assert negotiate("zh", preferred="") == "zh"


@given(st.text(max_size=60))
def test_any_header_gives_a_language(header):
    assert negotiate(header) in LANGUAGES
