"""What the pictures of shared links say of products, organisations, planting areas and certificates.

Taken from the facts their pages are drawn up from: nothing that a page does not say. Pure.
"""

from collections.abc import Callable
from typing import Any

from app.kit.i18n import Language, language
from app.labels.payload import host_of
from app.models.pages import PageKind
from app.models.places import AdminUnit
from app.places.queries import address_of
from app.provenance.standing import Tone
from app.web.making_pages import Draft
from app.web.share_picture import Card
from app.web.words import CODE_STATUS, NUMBER_STATES, ORGANISATION_KINDS

# What stands in red; what is neither in force nor stopped asks for care.
_STOPPED = frozenset({"suspended", "revoked", "cancelled", "withdrawn", "disputed"})
_STANDING = frozenset({"active", "valid"})
NO_CROP = ""
JOINT = " · "


def card_of_page(
    kind: PageKind, drafted: Draft, tag: str, *, base_url: str, photograph: bytes | None
) -> Card:
    """The card of a page in a language; `photograph` is the product's, if it has one."""
    told = _CARDS[kind](language(tag), drafted.context)
    return Card(
        **told,
        on=language(tag).date(drafted.told_on),
        host=host_of(base_url),
        photograph=photograph,
    )


def _product(said: Language, context: dict[str, Any]) -> dict[str, Any]:
    told = context["told"]
    recalled = len(told.recalls)
    status, tone = said.gettext("Product"), Tone.PLAIN
    if recalled:
        status = said.ngettext(
            "%(num)s lot of it was recalled", "%(num)s lots of it were recalled", recalled
        ) % {"num": recalled}
        tone = Tone.CARE
    elif told.withdrawn:
        day = said.date(told.product.withdrawn_on)
        status = said.gettext("No longer sold since %(day)s.") % {"day": day}
        tone = Tone.CARE
    return {
        "name": told.name(said.tag),
        "status": status,
        "tone": tone,
        "producer": said.say(told.maker.name),
        "place": _place(said, told.maker.commune),
        "note": _note(
            said, told.maker.demonstration, "" if told.picture else said.gettext("Illustration")
        ),
        "slug": told.crop.slug,
    }


def _organisation(said: Language, context: dict[str, Any]) -> dict[str, Any]:
    maker = context["told"].maker
    return {
        "name": said.say(maker.name),
        "status": said.say(ORGANISATION_KINDS[maker.kind.value]),
        "tone": Tone.PLAIN,
        "producer": "",
        "place": _place(said, maker.commune),
        "note": _note(said, maker.demonstration),
        "slug": NO_CROP,
    }


def _area(said: Language, context: dict[str, Any]) -> dict[str, Any]:
    told, asked, holder = context["told"], context["asked"], context["area"].holder
    status, tone = said.gettext("Planting area"), Tone.PLAIN
    if asked is not None:
        now = told.today(asked.code.code_key)
        status = JOINT.join((said.gettext("Planting-area code"), said.say(CODE_STATUS[now])))
        tone = _tone(now)
    return {
        "name": asked.code.code if asked else told.name or status,
        "status": status,
        "tone": tone,
        "producer": said.say(told.maker.name),
        "place": context["words"][said.tag]["present"],
        "note": _note(said, holder.demonstration),
        "slug": holder.crops[0].slug if holder.crops else NO_CROP,
    }


def _certificate(said: Language, context: dict[str, Any]) -> dict[str, Any]:
    answer, first = context["answer"], context["answer"].certificates[0]
    return {
        "name": context["number"],
        "status": JOINT.join(
            (said.gettext("Certificate"), said.say(NUMBER_STATES[answer.state.value]))
        ),
        "tone": _tone(answer.state.value),
        "producer": first.holder or said.gettext("Growing household"),
        "place": str(getattr(first.line.standard, f"title_{said.tag}")),
        "note": _note(said, context["demonstration"]),
        "slug": first.crops[0].slug if len(first.crops) == 1 else NO_CROP,
    }


_CARDS: dict[PageKind, Callable[[Language, dict[str, Any]], dict[str, Any]]] = {
    PageKind.PRODUCT: _product,
    PageKind.ORGANISATION: _organisation,
    PageKind.AREA: _area,
    PageKind.CERTIFICATE: _certificate,
}


def _tone(state: str) -> Tone:
    if state in _STANDING:
        return Tone.GOOD
    return Tone.STOP if state in _STOPPED else Tone.CARE


def _place(said: Language, commune: AdminUnit | None) -> str:
    return address_of(commune, said.tag) if commune else ""


def _note(said: Language, demonstration: bool, *more: str) -> str:
    demo = said.gettext("Demonstration: fictional people and organisations.")
    return JOINT.join(part for part in (*more, demo if demonstration else "") if part)
