"""A label before it is printed: of a planned run, or of a layout that is being changed, as a picture."""

from dataclasses import replace
from datetime import date, timedelta

from app.kit.quantities import Grams
from app.labels.carton_elements import voice_pick_of
from app.labels.checking import Lack, lacks
from app.labels.dots import dot_of
from app.labels.label_rules import LabelRules
from app.labels.layout import LayoutBody
from app.labels.layout_words import ClaimSaid, RunFacts, words_of
from app.labels.payload import host_of, qr_text
from app.labels.run_content import STORAGE, WARNINGS
from app.labels.run_labels import Edition, Front, Label, Units, front_of, labels_of
from app.labels.run_picture import label_picture, measure_for, png_of
from app.labels.run_plan import Plan
from app.labels.run_sample import sample_artwork
from app.lots.claims import TITLES
from app.models.print_runs import Purpose

PREVIEW_DPI = 300
_SAMPLE_LOT = "LCJ6VNGGH6BCFNM"
_SAMPLE_GTIN = "19520123456785"
_SAMPLE_PREFIX = "9520123"


def plan_picture(plan: Plan) -> bytes:
    """The first label of a plan as a PNG, as this printer would print it."""
    lot = plan.lots[0]
    label = next(labels_of(lot.front, lot.edition))
    dpi = plan.wanted.dpi
    size = {"width": plan.paper.label_width, "height": plan.paper.label_height}
    return png_of(label_picture(label, dpi, **size), dpi)


def layout_picture(
    body: LayoutBody, language: str, purpose: Purpose, rules: LabelRules, *, base_url: str
) -> tuple[bytes, list[Lack]]:
    """A layout with a made-up lot on it, and what it lacks. Refused as composing is."""
    front, edition = sample_front(body, language, rules, base_url=base_url)
    label: Label = next(labels_of(front, edition))
    found = lacks(purpose, language, body, edition.words, front.composed, rules)
    return png_of(label_picture(label, PREVIEW_DPI), PREVIEW_DPI), found


def sample_front(
    body: LayoutBody,
    language: str,
    rules: LabelRules,
    *,
    base_url: str,
    serialised: bool = True,
    dpi: int = PREVIEW_DPI,
) -> tuple[Front, Edition]:
    """The front of a made-up lot's labels."""
    elements = (("01", _SAMPLE_GTIN), ("13", f"{rules.today:%y%m%d}"), ("10", _SAMPLE_LOT))
    facts = replace(
        sample_facts(base_url, rules.today, serialised=serialised),
        voice_pick=voice_pick_of(elements),
    )
    edition = Edition(
        words=words_of(facts, language),
        address=qr_text(base_url, _SAMPLE_LOT),
        first=0,
        count=1,
        key=b"sample" if serialised else None,
        elements=elements,
        units=Units(_SAMPLE_PREFIX, 0),
        marks={place.standard: sample_artwork() for place in body.marks},
    )
    front = front_of(
        body,
        edition,
        dot_mm=dot_of(dpi),
        smallest_mm=rules.module_um / 1000,
        measure=measure_for(dpi),
    )
    return front, edition


def sample_facts(base_url: str, today: date, *, serialised: bool) -> RunFacts:
    """A lot that has everything: nobody's."""
    return RunFacts(
        names={"vi": "Cải bắp", "en": "Cabbage", "zh": "甘蓝"},
        producer_name="HTX Nông nghiệp Bản Xèo",
        producer_address="Thôn Bản Xèo 2, Xã Mường Hum, tỉnh Lào Cai",
        places={
            "vi": "Xã Mường Hum, tỉnh Lào Cai",
            "en": "Mường Hum Commune, Lào Cai Province",
            "zh": "Lào Cai 省 Mường Hum 社",
        },
        harvested_on=today - timedelta(days=1),
        lot_code=_SAMPLE_LOT,
        host=host_of(base_url),
        packed_on=today,
        best_before=today + timedelta(days=7),
        pack=Grams(500),
        packs=12,
        area_code="LC-PUC-BAPCAI-0412-VNM",
        packing_house="VN-LCPH-012",
        claim=ClaimSaid(TITLES["vietgap"], "VietGAP-TT-13-09-10-0451"),
        storage=STORAGE[0],
        warning=WARNINGS[0],
        grower="Lý Thị Mẩy",
        area_name="Vùng Bản Xèo 1",
        brand="Mây Mường Hum",
        serialised=serialised,
    )
