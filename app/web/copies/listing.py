"""What the lists of a copy say of a page, from the facts the page was drawn up from. Pure."""

from collections.abc import Callable
from typing import Any

from app.kit.i18n import LANGUAGES, Language, language
from app.models.pages import PageKind
from app.provenance.page_store import PageKey
from app.web.making_pages import Draft
from app.web.words import ORGANISATION_KINDS

JOINT = " · "


def listed_of(key: PageKey, drafted: Draft) -> dict[str, str]:
    """One line a language."""
    line = _LINES[PageKind(key.kind)]
    return {tag: line(language(tag), drafted.context) for tag in LANGUAGES}


def _lot(said: Language, context: dict[str, Any]) -> str:
    story = context["story"]
    return JOINT.join(
        [
            story.crop.name(said.tag),
            said.say(story.producer.name),
            said.date(story.harvested_on),
        ]
    )


def _product(said: Language, context: dict[str, Any]) -> str:
    told = context["told"]
    parts = [told.name(said.tag), told.product.brand, said.say(told.maker.name)]
    return JOINT.join(part for part in parts if part)


def _area(said: Language, context: dict[str, Any]) -> str:
    told, asked = context["told"], context["asked"]
    name = asked.code.code if asked else told.name or ""
    crops = ", ".join(getattr(crop, f"name_{said.tag}") for crop in told.registered.holder.crops)
    return JOINT.join(part for part in (name, said.say(told.maker.name), crops) if part)


def _certificate(said: Language, context: dict[str, Any]) -> str:
    first = context["answer"].certificates[0]
    title = getattr(first.line.standard, f"title_{said.tag}")
    return JOINT.join(part for part in (context["number"], title, first.holder) if part)


def _organisation(said: Language, context: dict[str, Any]) -> str:
    maker = context["told"].maker
    return JOINT.join([said.say(maker.name), said.say(ORGANISATION_KINDS[maker.kind.value])])


_LINES: dict[PageKind, Callable[[Language, dict[str, Any]], str]] = {
    PageKind.LOT: _lot,
    PageKind.PRODUCT: _product,
    PageKind.AREA: _area,
    PageKind.CERTIFICATE: _certificate,
    PageKind.ORGANISATION: _organisation,
}
