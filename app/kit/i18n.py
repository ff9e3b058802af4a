"""What is said in Vietnamese, English and Chinese: sentences, numbers, days, quantities."""

import gettext
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale, negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from app.kit.clock import local
from app.kit.messages import Message
from app.kit.quantities import Grams, SquareMetres

LANGUAGES = ("vi", "en", "zh")
DEFAULT = "vi"

CATALOGUES = Path(__file__).parents[1] / "locale"
_LOCALES = {"vi": "vi_VN", "en": "en_GB", "zh": "zh_Hans_CN"}
_HTML_TAGS = {"vi": "vi", "en": "en", "zh": "zh-Hans"}
_TONNE = {"vi": "tấn", "en": "t", "zh": "吨"}
_QUALITY = re.compile(r"[01](\.\d{0,3})?")
_GRAMS_A_KILOGRAM = 1_000
_GRAMS_A_TONNE = 1_000_000
# From ten tonnes on people speak of tonnes; a lorry load is still said in kilograms.
_SAID_IN_TONNES = 10 * _GRAMS_A_TONNE
_SQUARE_METRES_A_HECTARE = 10_000


@dataclass(frozen=True)
class Language:
    """One of LANGUAGES, with its catalogue and its way of writing numbers.

    `gettext` and `ngettext` are what Jinja's i18n extension installs; with `newstyle` a template
    doubles its literal percent signs, while `say` never touches them. Nothing is rounded: an
    amount is shown in the largest unit that the language's readers use for it, to the last gram.
    """

    tag: str
    html_tag: str
    locale: Locale
    translations: gettext.NullTranslations

    def gettext(self, msgid: str) -> str:
        """The sentence in this language; the English one where a translation is missing."""
        return self.translations.gettext(msgid)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The form of the sentence that goes with `n` things."""
        return self.translations.ngettext(singular, plural, n)

    def say(self, message: Message) -> str:
        """The message with its values in place: sentences, days and quantities in this language.

        Whole numbers stay as they are (a year takes no separators); texts are not translated.
        """
        values = {name: self._shown(value) for name, value in message.values.items()}
        return self.gettext(message.msgid).format(**values)

    def date(self, day: date) -> str:
        """The day as dd/mm/yyyy; an instant with its time, as a clock in Viet Nam shows it."""
        if isinstance(day, datetime):
            return f"{local(day):%d/%m/%Y %H:%M}"
        return f"{day:%d/%m/%Y}"

    def number(self, number: Decimal | int) -> str:
        """The number with this language's separators, all its decimals and no trailing zeros."""
        return format_decimal(number, locale=self.locale, decimal_quantization=False)

    def quantity(self, mass: Grams) -> str:
        """A mass in g, kg (so is nothing), or (whole kilograms from ten tonnes on) in tonnes: exact."""
        if 0 < mass.value < _GRAMS_A_KILOGRAM:
            return f"{self.number(mass.value)} g"
        if mass.value < _SAID_IN_TONNES or mass.value % _GRAMS_A_KILOGRAM:
            return f"{self.number(mass.kg)} kg"
        return self.tonnes(mass)

    def listed(self, names: Iterable[str]) -> str:
        """Names one after the other, with this language's comma of a list."""
        return ("、" if self.tag == "zh" else ", ").join(names)

    def tonnes(self, mass: Grams) -> str:
        """A mass in tonnes, exact, however small."""
        return f"{self.number(Decimal(mass.value) / _GRAMS_A_TONNE)} {_TONNE[self.tag]}"

    def area(self, area: SquareMetres) -> str:
        """An area in m², or in ha from one hectare on, exact to the square metre."""
        if area.value < _SQUARE_METRES_A_HECTARE:
            return f"{self.number(area.value)} m²"
        return f"{self.number(area.ha)} ha"

    def _shown(self, value: object) -> str:
        match value:
            case Message():
                return self.say(value)
            case date():
                return self.date(value)
            case Grams():
                return self.quantity(value)
            case SquareMetres():
                return self.area(value)
            case Decimal():
                return self.number(value)
            case _:
                return str(value)


@cache
def language(tag: str) -> Language:
    """The language of a tag in LANGUAGES, its catalogue read once; KeyError for another tag."""
    return Language(tag, _HTML_TAGS[tag], Locale.parse(_LOCALES[tag]), _catalogue(tag))


def negotiate(accept_language: str, preferred: str | None = None) -> str:
    """The tag to answer in: the reader's own choice, else the best of Accept-Language, else vi.

    Reads the header by RFC 9110 §12.5.4 (quality values, q=0 refuses) and never fails on one.
    """
    if preferred in LANGUAGES:
        return str(preferred)
    ranges = sorted(map(_language_range, accept_language.split(",")), key=_by_quality)
    wanted = [tag for tag, quality in ranges if quality > 0]
    return (negotiate_locale(wanted, LANGUAGES, sep="-") or DEFAULT).lower()


def _language_range(part: str) -> tuple[str, float]:
    tag, _, parameter = part.partition(";")
    name, _, quality = parameter.partition("=")
    if name.strip().lower() != "q":
        return tag.strip(), 1.0
    return tag.strip(), float(quality) if _QUALITY.fullmatch(quality.strip()) else 0.0


def _by_quality(language_range: tuple[str, float]) -> float:
    return -language_range[1]


def _catalogue(tag: str) -> gettext.NullTranslations:
    path = CATALOGUES / tag / "LC_MESSAGES" / "messages.po"
    if not path.exists():  # English: the msgids are the sentences
        return gettext.NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=_LOCALES[tag]))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
