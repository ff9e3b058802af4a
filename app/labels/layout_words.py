"""The words of a label in its language or languages: captions of the law, days as dd/mm/yyyy. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.kit.codes import grouped
from app.kit.i18n import language
from app.kit.messages import Message
from app.kit.quantities import Grams

# What a label may be printed in: one language, or two side by side, the first first.
LANGUAGES = ("vi", "en", "zh", "vi+en", "vi+zh", "zh+en")
TONGUES: Mapping[str, str] = {
    "vi": "Tiếng Việt",
    "en": "English",
    "zh": "中文",
    "vi+en": "Tiếng Việt + English",
    "vi+zh": "Tiếng Việt + 中文",
    "zh+en": "中文 + English",
}
HOME = "vi"
COUNTRY = {"vi": "Việt Nam", "en": "Viet Nam", "zh": "越南"}
# Of what suppliers outside of the system brought nobody here knows where it grew: the place of the last
# work stands for it, in the law's own words (NĐ 37/2026/NĐ-CP art. 47).
PACKED = {"vi": "đóng gói tại Việt Nam", "en": "packed in Viet Nam", "zh": "在越南包装"}
# What a serialised label says in the place of its serial until it is known which.
SERIAL = "\ufdd0"
APART = " · "

# That goods are a demonstration stands before their name: what is behind a long name may be cut off.
# NĐ 37/2026/NĐ-CP art. 42, 46, 47, Annexes I and III. Labels are not the reader's pages: their words
# are the law's of the market, so they stand here and not in the catalogues.
CAPTIONS: Mapping[str, Mapping[str, str]] = {
    "vi": {
        "brand": "Nhãn hiệu: {}",
        "producer_name": "{}",
        "producer_address": "Đ/c: {}",
        "origin": "Xuất xứ: {}",
        "harvested_on": "Ngày thu hoạch: {}",
        "packed_on": "NSX: {}",
        "best_before": "HSD: {}",
        "quantity": "Khối lượng tịnh: {}",
        "packing": "Quy cách: {}",
        "area_code": "MSVT: {}",
        "packing_house": "Mã cơ sở đóng gói: {}",
        "lot_code": "Lô: {}",
        "storage": "Bảo quản: {}",
        "warning": "Lưu ý: {}",
        "grower": "Hộ: {}",
        "area_name": "Vùng: {}",
        "weight_line": "Khối lượng: ………… kg",
        "destination": "Xuất khẩu sang Trung Quốc",
        "demonstration": "Mẫu, không bán: {}",
    },
    "en": {
        "brand": "Brand: {}",
        "producer_address": "Address: {}",
        "origin": "Origin: {}",
        "harvested_on": "Harvested: {}",
        "packed_on": "Packed: {}",
        "best_before": "Best before: {}",
        "quantity": "Net weight: {}",
        "packing": "Contents: {}",
        "area_code": "Area code: {}",
        "packing_house": "Packing house: {}",
        "lot_code": "Lot: {}",
        "storage": "Storage: {}",
        "warning": "Note: {}",
        "grower": "Grower: {}",
        "area_name": "Area: {}",
        "weight_line": "Weight: ………… kg",
        "destination": "EXPORTED TO THE PEOPLE'S REPUBLIC OF CHINA",
        "demonstration": "Sample, not for sale: {}",
    },
    "zh": {
        "brand": "品牌： {}",
        "producer_address": "地址： {}",
        "origin": "产地： {}",
        "harvested_on": "采收日期： {}",
        "packed_on": "包装日期： {}",
        "best_before": "保质期至： {}",
        "quantity": "净重： {}",
        "packing": "规格： {}",
        "area_code": "种植区代码： {}",
        "packing_house": "包装厂代码： {}",
        "lot_code": "批号： {}",
        "storage": "贮存： {}",
        "warning": "注意： {}",
        "grower": "种植户： {}",
        "area_name": "种植区： {}",
        "weight_line": "重量：………… kg",
        "destination": "输往中华人民共和国",
        "demonstration": "样品，非卖品：{}",
    },
}
# What a layout may show.
FACTS = (
    "product_name",
    "claim",
    *[fact for fact in CAPTIONS["vi"] if fact != "demonstration"],
    "dates",
    "packed_or_harvested",
    "serial",
    "host",
    "voice_pick",
    "voice_pick_end",
)


@dataclass(frozen=True)
class ClaimSaid:
    """A standard the lot keeps, with what the law wants beside its name."""

    label: Message
    number: str
    issued_on: date | None = None
    body: str = ""


@dataclass(frozen=True)
class RunFacts:
    """What the labels of one lot in one run are about, in no language yet."""

    names: Mapping[str, str]
    producer_name: str
    producer_address: str
    places: Mapping[str, str]
    harvested_on: date
    lot_code: str
    host: str
    packed_on: date | None = None
    best_before: date | None = None
    pack: Grams | None = None
    packs: int = 0
    area_code: str = ""
    packing_house: str = ""
    claim: ClaimSaid | None = None
    storage: Mapping[str, str] = field(default_factory=dict)
    warning: Mapping[str, str] = field(default_factory=dict)
    grower: str = ""
    area_name: str = ""
    serialised: bool = False
    demonstration: bool = False
    brand: str = ""
    voice_pick: str = ""
    # Some of it came from a supplier outside of the system.
    from_outside: bool = False


def words_of(facts: RunFacts, languages: str) -> dict[str, str]:
    """Every fact that has something to say, in one language ("vi") or in two ("vi+en")."""
    tags = languages.split("+")
    values = [_values(facts, tag) for tag in tags]
    said = {
        fact: _said(fact, tags, [value[fact] for value in values])
        for fact in values[0]
        if any(value[fact] for value in values)
    }
    dates = [said[name] for name in ("packed_on", "best_before") if name in said]
    said["packed_or_harvested"] = said.get("packed_on", said["harvested_on"])
    said["dates"] = APART.join(dates if "packed_on" in said else [said["harvested_on"], *dates])
    if facts.serialised:
        said["serial"] = SERIAL
    return said


def caption(fact: str, tag: str) -> str:
    """What stands around a fact in a language."""
    return CAPTIONS[tag].get(fact, "{}")


def _said(fact: str, tags: list[str], values: list[str]) -> str:
    """`Caption A/Caption B: value A / value B`; what is the same in both is said once."""
    shown = " / ".join(dict.fromkeys(value for value in values if value))
    captions = list(dict.fromkeys(caption(fact, tag) for tag in tags))
    if len(captions) == 1:
        return captions[0].format(shown)
    if all("{}" not in one for one in captions):
        return " / ".join(captions)
    names = [one.replace("{}", "").strip(" :：") for one in captions]
    return f"{'/'.join(name for name in names if name)}: {shown}"


def _values(facts: RunFacts, tag: str) -> dict[str, str]:
    tell = language(tag)
    name = facts.names.get(tag) or facts.names[HOME]
    pack = tell.quantity(facts.pack) if facts.pack else ""
    return {
        "product_name": CAPTIONS[tag]["demonstration"].format(name)
        if facts.demonstration
        else name,
        "claim": _claim(facts.claim, tag),
        "brand": facts.brand,
        "producer_name": facts.producer_name,
        "producer_address": facts.producer_address,
        "origin": origin_said(
            facts.places.get(tag) or facts.places.get(HOME, ""), tag, outside=facts.from_outside
        ),
        "harvested_on": tell.date(facts.harvested_on),
        "packed_on": tell.date(facts.packed_on) if facts.packed_on else "",
        "best_before": tell.date(facts.best_before) if facts.best_before else "",
        "quantity": pack,
        "packing": _packing(facts, tag, pack),
        "area_code": facts.area_code,
        "packing_house": facts.packing_house,
        "lot_code": grouped(facts.lot_code),
        "host": facts.host,
        "voice_pick": facts.voice_pick[:2],
        "voice_pick_end": facts.voice_pick[2:],
        "storage": facts.storage.get(tag, ""),
        "warning": facts.warning.get(tag, ""),
        "grower": facts.grower,
        "area_name": facts.area_name,
        "weight_line": caption("weight_line", tag),
        "destination": caption("destination", tag),
    }


def origin_said(place: str, tag: str, *, outside: bool) -> str:
    """A place with its country; where some came from outside, where it was packed; empty when unknown."""
    if outside:
        return PACKED[tag]
    if not place:
        return ""
    return f"{COUNTRY[tag]} {place}" if tag == "zh" else f"{place}, {COUNTRY[tag]}"


def _packing(facts: RunFacts, tag: str, pack: str) -> str:
    """`12 × 500 g = 6 kg`."""
    if not facts.pack or facts.packs < 2:  # noqa: PLR2004  # one pack is simply its weight
        return pack
    whole = language(tag).quantity(Grams(facts.pack.value * facts.packs))
    return f"{language(tag).number(Decimal(facts.packs))} × {pack} = {whole}"


def _claim(claim: ClaimSaid | None, tag: str) -> str:
    if claim is None:
        return ""
    tell = language(tag)
    label = tell.say(claim.label)
    # Many a number begins with the name of its standard.
    named = claim.number.casefold().startswith(label.casefold())
    told = [claim.number if named else f"{label} {claim.number}"]
    if claim.issued_on:
        told.append(tell.date(claim.issued_on))
    return ", ".join([*told, claim.body] if claim.body else told)
