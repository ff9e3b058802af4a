"""Templates: one environment a language, strict, escaped, with the filters every page uses."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.catalogue.gs1_numbers import shown_gtin
from app.diary.work_words import WORKS
from app.inspection import words as inspection_words
from app.kit.codes import grouped
from app.kit.i18n import LANGUAGES, Language, language
from app.kit.messages import Message
from app.kit.quantities import Grams, SquareMetres
from app.labels.paper_names import named, noted
from app.places.queries import address_of
from app.plan.dimensions import BASIS_WORDS
from app.registry.markets import MARKETS, market_said
from app.web.commune_sketch import sketch_of
from app.web.fact_words import FACTS
from app.web.sheets import evened, shown
from app.web.units import in_unit_said
from app.web.words import (
    ANALYTE_GROUPS,
    APPLICATION_STATES,
    CERTIFICATE_KINDS,
    CODE_STATUS,
    CONFIRMATIONS,
    DOCUMENT_KINDS,
    DONE,
    FINDINGS,
    GRADES,
    LOT_STATES,
    NUMBER_STATES,
    ORGANISATION_KINDS,
    REPORT_KINDS,
    REPORT_STATES,
    ROLES,
    SAMPLERS,
    SCHEMES,
    SEASON_STAGES,
    STANDINGS,
    VERDICTS,
)

TEMPLATES = Path(__file__).with_name("templates")
STATIC = Path(__file__).with_name("static")
LANGUAGE_NAMES = {"vi": "Tiếng Việt", "en": "English", "zh": "中文"}
# What stands between two values of a page: Chinese has marks of its own, with their room in them.
MARKS = {
    "comma": (", ", "，"),
    "colon": (": ", "："),
    "semicolon": ("; ", "；"),
    "opening": (" (", "（"),
    "closing": (")", "）"),
}
WORDS = {
    "role_words": ROLES,
    "state_words": LOT_STATES,
    "code_status_words": CODE_STATUS,
    "standing_words": STANDINGS,
    "confirmation_words": CONFIRMATIONS,
    "certificate_kind_words": CERTIFICATE_KINDS,
    "grade_words": GRADES,
    "number_state_words": NUMBER_STATES,
    "kind_words": ORGANISATION_KINDS,
    "market_words": MARKETS,
    "application_words": APPLICATION_STATES,
    "fact_words": FACTS,
    "document_words": DOCUMENT_KINDS,
    "finding_words": FINDINGS,
    "done_words": DONE,
    "scheme_words": SCHEMES,
    "report_kind_words": REPORT_KINDS,
    "report_state_words": REPORT_STATES,
    "sampler_words": SAMPLERS,
    "verdict_words": VERDICTS,
    "analyte_words": ANALYTE_GROUPS,
    "season_words": SEASON_STAGES,
    "outcome_words": inspection_words.OUTCOMES,
    "severity_words": inspection_words.SEVERITIES,
    "signer_words": inspection_words.SIGNERS,
    "risk_words": inspection_words.RISKS,
    "finding_state_words": inspection_words.FINDING_STATES,
    "follow_up_words": inspection_words.FOLLOW_UPS,
    "measure_words": inspection_words.MEASURES,
    "measure_taken_words": inspection_words.MEASURES_TAKEN,
    "sample_step_words": inspection_words.SAMPLE_STEPS,
    "basis_words": {basis.value: words for basis, words in BASIS_WORDS.items()},
    "work_kind_words": {work.value: words for work, words in WORKS.items()},
}


def render(tag: str, template: str, **context: Any) -> str:
    """The page in a language of LANGUAGES. A name the template uses and nobody gave is an error."""
    return environment(tag).get_template(template).render(**context)


@cache
def environment(tag: str) -> Environment:
    """The templates' environment in one language."""
    reader = language(tag)
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
        reader.gettext, reader.ngettext, newstyle=True
    )
    env.policies["ext.i18n.trimmed"] = True
    env.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": True}
    env.filters |= {
        "say": reader.say,
        "day": reader.date,
        "moment": reader.date,
        "quantity": lambda grams: reader.quantity(_grams(grams)),
        "land": lambda metres: reader.area(_square_metres(metres)),
        "number": reader.number,
        "grouped": grouped,
        "gtin": shown_gtin,
    }
    env.filters |= _spoken(reader)
    env.globals |= {
        "static": static,
        "tag": tag,
        "html_tag": reader.html_tag,
        "languages": [(code, LANGUAGE_NAMES[code]) for code in LANGUAGES],
        "crop_picture": crop_picture,
        "copied": False,
        "sketch_of": sketch_of,
        **{name: chinese if tag == "zh" else other for name, (other, chinese) in MARKS.items()},
        **WORDS,
    }
    return env


@cache
def static(name: str) -> str:
    """The address of a static file, which changes when its content does."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


@cache
def crop_picture(slug: str) -> str:
    """The drawing that stands in for a photograph of a crop; a plain seedling for a new crop."""
    name = f"crops/{slug.lower()}.svg"
    return static(name if (STATIC / name).exists() else "crops/rau.svg")


def _spoken(reader: Language) -> dict[str, Callable[..., object]]:
    """Filters for what has a name of its own in each language."""
    return {
        "lab_choice": lambda told: (told.uid, f"{reader.date(told.sampled_on)} · {told.number}"),
        "named": lambda name: _said(reader, named(name)),
        "noted": lambda note: _said(reader, noted(note)),
        "address": lambda unit: address_of(unit, reader.tag),
        "kilograms": lambda grams: reader.quantity(Grams(grams // 1000 * 1000)),
        "cell": lambda value: shown(reader, value),
        "evened": evened,
        "listed": reader.listed,
        "in_tonnes": lambda grams: in_unit_said(reader, Grams(grams), large=True),
        "in_hectares": lambda m2: in_unit_said(reader, SquareMetres(m2), large=True),
        "say_with": lambda message, number: reader.say(
            Message(message.msgid, {"number": number, **message.values})
        ),
        "market": lambda market: reader.say(market_said(market)),
    }


def _said(reader: Language, name: Message | str) -> str:
    return reader.say(name) if isinstance(name, Message) else name


def _grams(value: Grams | int) -> Grams:
    return value if isinstance(value, Grams) else Grams(value)


def _square_metres(value: SquareMetres | int) -> SquareMetres:
    return value if isinstance(value, SquareMetres) else SquareMetres(value)
