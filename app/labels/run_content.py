"""What is said of the packages of a run: by the clerk, cleaned, and kept as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from stdnum import ean

from app.catalogue.product_rules import says_genuine
from app.errors import refuse
from app.kit.messages import say
from app.kit.quantities import Grams
from app.kit.text import clean

LONGEST_TEXT = 160
LONGEST_CODE = 60
MOST_PACKS = 10_000
_GTIN_DIGITS = 14
_TAGS = ("vi", "en", "zh")

# Sentences offered for storage and use; what somebody writes instead is said in every language as it stands.
STORAGE: tuple[Mapping[str, str], ...] = (
    {"vi": "nơi thoáng mát", "en": "in a cool, airy place", "zh": "阴凉通风处"},
    {"vi": "5–10 °C", "en": "at 5–10 °C", "zh": "5–10 °C"},
)
WARNINGS: tuple[Mapping[str, str], ...] = (
    {"vi": "rửa sạch trước khi dùng", "en": "wash before use", "zh": "食用前洗净"},
)


@dataclass(frozen=True)
class Content:
    """What the clerk says of the packages: their weight, how many to a carton, how to keep them."""

    pack: Grams | None = None
    packs: int = 0
    storage: str = ""
    warning: str = ""
    packing_house: str = ""
    gtin: str = ""


def checked_content(content: Content) -> Content:
    """The content cleaned; Refused, field by field, for what no label may say."""
    for name, text in (("storage", content.storage), ("warning", content.warning)):
        if says_genuine(text):
            why = say("A label never says that goods are genuine: no code can know that.")
            raise refuse(name, why)
    if content.pack is not None and content.pack.value <= 0:
        raise refuse("pack_g", say("A pack weighs more than nothing."))
    if not 0 <= content.packs <= MOST_PACKS:
        raise refuse("packs", say("A carton holds 0 to {most} packs.", most=MOST_PACKS))
    gtin = content.gtin.replace(" ", "")
    if gtin and not ean.is_valid(gtin):
        raise refuse(
            "gtin", say("This is no GTIN: the last digit does not add up, or digits lack.")
        )
    return Content(
        pack=content.pack,
        packs=content.packs,
        storage=clean(content.storage, longest=LONGEST_TEXT),
        warning=clean(content.warning, longest=LONGEST_TEXT),
        packing_house=clean(content.packing_house, longest=LONGEST_CODE),
        gtin=gtin.zfill(_GTIN_DIGITS) if gtin else "",
    )


def in_all(text: str, known: tuple[Mapping[str, str], ...]) -> Mapping[str, str]:
    """What a clerk wrote, by language: an offered sentence in each, anything else as it stands."""
    return next((one for one in known if text == one["vi"]), dict.fromkeys(_TAGS, text))


def plain_content(content: Content) -> dict[str, object]:
    """The content as JSON can hold it."""
    return {**asdict(content), "pack": content.pack.value if content.pack else None}


def content_from(plain: Mapping[str, Any]) -> Content:
    """The content that was kept."""
    return Content(**{**plain, "pack": Grams(plain["pack"]) if plain["pack"] else None})
