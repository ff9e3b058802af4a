"""What a product brings to a print run: words, weight, days, and its GTIN in the code; what it must not be."""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session

from app.accounts.reach import Reach
from app.catalogue.product_commands import ProductDetails, change_product, withdraw_product
from app.errors import Conflict, Refused
from app.kit.quantities import Grams
from app.labels.run_content import Content
from app.labels.run_marks import prove_label
from app.labels.run_queries import run_by_uid
from app.labels.run_request import differences
from app.ledger.queries import history_of
from app.models.lots import HarvestLot
from app.models.print_runs import PrintRun, ProofEnd
from app.models.products import Product
from app.models.registry import Organisation
from tests.given import Given
from tests.labels.printing import BASE, BY, Printing
from tests.labels.test_runs import codes_on, why

GTIN, CARTON = "09521234000013", "19521234000010"
HOST = "https://TXNG.LAOCAI.GOV.VN"
WORDS: dict[str, Any] = {
    "crop": "BAP_CAI",
    "name_vi": "Bắp cải Mây",
    "name_en": "Cloud cabbage",
    "brand": "Mây Bắc Hà",
    "gtin": GTIN,
    "pack_g": 800,
    "best_before_days": 7,
    "storage": "5–10 °C",
    "warning": "bỏ lá già trước khi dùng",
}
BARE = {"content": Content()}


class Sold:
    """A lot and the product it is sold as."""

    def __init__(self, given: Given, printing: Printing) -> None:
        self.given, self.printing = given, printing
        self.lot: HarvestLot = given.lot()
        self.home: Organisation = printing.home(self.lot)
        self.product: Product = given.product(self.home, **WORDS)

    def carton(self, count: int = 12, **details: Any) -> Product:
        return self.given.product(
            self.home,
            **{
                **WORDS,
                "name_vi": "Thùng bắp cải",
                "gtin": CARTON,
                "pack_g": None,
                "holds": self.product.uid,
                "holds_count": count,
                **details,
            },
        )

    def change(self, **changes: Any) -> None:
        change_product(
            self.given.session,
            product=self.product,
            details=ProductDetails(**{**WORDS, **changes}),
            by=BY,
            now=self.given.now,
        )

    def run(self, count: int = 2, product: UUID | None = None, **chosen: Any) -> PrintRun:
        named = product or self.product.uid
        return self.printing.run((self.lot, count), product=named, **{**BARE, **chosen})


@pytest.fixture
def sold(given: Given, printing: Printing) -> Sold:
    return Sold(given, printing)


def test_the_label_says_what_the_product_is(sold: Sold) -> None:
    plan = sold.printing.plan((sold.lot, 1), product=sold.product.uid, layout="l1-60x40",
                              stock="roll-60x40", language="vi+en", **BARE)  # fmt: skip
    words = plan.lots[0].edition.words
    assert words["product_name"] == "Bắp cải Mây / Cloud cabbage"
    assert "800 g" in words["quantity"]
    assert words["best_before"].endswith("26/11/2026")  # harvested on the 19th
    assert "5–10 °C" in words["storage"]
    assert "bỏ lá già" in words["warning"]
    assert "Mây Bắc Hà" in words["brand"]


def test_the_code_names_the_product_the_lot_and_the_label(sold: Sold) -> None:
    run = sold.run(3, layout="l1-60x40", stock="roll-60x40")
    assert codes_on(sold.printing.file(run)) == [f"{HOST}/01/{GTIN}/10/{sold.lot.code}"] * 3
    numbered = sold.run(3, layout="l1-60x40", stock="roll-60x40", serialised=True,
                        reprint_reason="Hỏng")  # fmt: skip
    read = codes_on(sold.printing.file(numbered))
    assert len(set(read)) == 3
    for number, text in enumerate(read):
        before, _, serial = text.rpartition("/21/")
        assert before == f"{HOST}/01/{GTIN}/10/{sold.lot.code}"
        assert sold.printing.keys.read(sold.lot.code, serial) == number


def test_a_product_without_a_gtin_leaves_the_lot_s_own_address(sold: Sold, given: Given) -> None:
    plain = given.product(sold.home, name_vi="Bắp cải rời")
    run = sold.run(1, product=plain.uid)
    assert codes_on(sold.printing.file(run)) == [f"{HOST}/T/{sold.lot.code}"]


def test_labels_with_a_gtin_are_read_back(session: Session, sold: Sold) -> None:
    run = sold.run(2, layout="l1-60x40", stock="roll-60x40", serialised=True)
    read = codes_on(sold.printing.file(run))
    for which, text in ((ProofEnd.FIRST, read[0]), (ProofEnd.LAST, read[1].lower())):
        proof = prove_label(
            session,
            run=run,
            organisation=sold.home,
            which=which,
            read=text,
            keys=sold.printing.keys,
            by=BY,
            now=sold.given.now,
        )
        assert proof.matched
    assert run.verified_at is not None


def test_a_symbol_too_large_is_refused_with_the_layouts_that_take_it(sold: Sold) -> None:
    asked = {"layout": "l3-33x21", "stock": "roll-35x22-3-104", "serialised": True, "dpi": 203}
    with pytest.raises(Refused) as refused:
        sold.run(3, **asked)
    assert refused.value.fields[0].field == "stock"
    assert "The QR needs" in why(refused)
    assert "Small pack 40 × 30 mm" in why(refused)
    assert sold.run(3, **asked, product=sold.given.product(sold.home, gtin="").uid).total == 3


def test_a_lot_is_sold_only_as_its_own(sold: Sold, given: Given, session: Session) -> None:
    foreign = given.product(given.cooperative(), name_vi="Của người khác")
    other_crop = given.product(sold.home, crop="SU_HAO", name_vi="Su hào")
    gone = given.product(sold.home, name_vi="Đã ngừng")
    withdraw_product(session, product=gone, by=BY, now=given.now)
    for product, words in (
        (foreign, "choose one of its"),
        (other_crop, "another crop"),
        (gone, "withdrawn"),
    ):
        with pytest.raises(Refused) as refused:
            sold.run(1, product=product.uid)
        assert refused.value.fields[0].field == "product"
        assert words in why(refused)


def test_a_weight_that_contradicts_the_product_is_refused(sold: Sold) -> None:
    for content, field in (
        (Content(pack=Grams(500)), "pack_g"),
        (Content(pack=Grams(800)), None),
    ):
        if field is None:
            assert sold.run(1, content=content).pack_g == 800
            continue
        with pytest.raises(Refused) as refused:
            sold.run(1, content=content)
        assert refused.value.fields[0].field == field
    carton = sold.carton()
    with pytest.raises(Refused, match="holds 12 packs"):
        sold.run(1, product=carton.uid, content=Content(packs=6), layout="l4-100x72",
                 stock="roll-100x72", reprint_reason="Thêm")  # fmt: skip


def test_what_was_printed_stays_and_the_product_s_changes_are_shown(
    session: Session, sold: Sold
) -> None:
    run = sold.run(1, layout="l1-60x40", stock="roll-60x40")
    before = sold.printing.file(run)
    sold.change(name_vi="Bắp cải Sương", storage="nơi thoáng mát")
    session.flush()
    line = run_by_uid(session, run.uid, within=Reach.all())
    changed = {
        one.fact: (one.said, one.today)
        for one in differences(session, line, base_url=BASE, now=sold.given.now)
    }
    assert changed["product_name"] == ("Bắp cải Mây", "Bắp cải Sương")
    assert set(changed) == {"product_name", "storage"}
    assert sold.printing.file(run) == before


def test_once_labels_bear_its_gtin_it_is_the_same_goods(session: Session, sold: Sold) -> None:
    sold.change(pack_g=750)
    sold.run(1)
    for changes in ({"pack_g": 700}, {"brand": "Khác"}, {"gtin": ""}, {"crop": "SU_HAO"}):
        with pytest.raises(Refused, match="GTIN of its own"):
            sold.change(**{"pack_g": 750, **changes})
    sold.change(pack_g=750, best_before_days=9)
    assert sold.product.best_before_days == 9


def test_the_run_keeps_which_product_it_was(session: Session, sold: Sold) -> None:
    run = sold.run(1)
    assert run.product_id == sold.product.pk
    [fact] = history_of(session, str(run.uid))
    assert fact.facts["product"] == str(sold.product.uid)
    line = run_by_uid(session, run.uid, within=Reach.all())
    assert line.product == sold.product


def test_a_carton_is_what_it_holds(sold: Sold) -> None:
    carton = sold.carton()
    plan = sold.printing.plan((sold.lot, 1), product=carton.uid, layout="l4-100x72",
                              stock="roll-100x72", **BARE)  # fmt: skip
    edition = plan.lots[0].edition
    assert edition.words["packing"].endswith("12 × 800 g = 9,6 kg")
    assert edition.elements == (("01", CARTON), ("13", "261119"), ("10", sold.lot.code))
    assert edition.address == f"{HOST}/01/{CARTON}/10/{sold.lot.code}"


def test_a_withdrawn_product_cannot_be_withdrawn_twice_nor_printed(
    session: Session, sold: Sold
) -> None:
    withdraw_product(session, product=sold.product, by=BY, now=sold.given.now)
    with pytest.raises(Refused, match="withdrawn"):
        sold.run(1)
    with pytest.raises(Conflict):
        withdraw_product(session, product=sold.product, by=BY, now=sold.given.now)


@pytest.mark.parametrize(
    ("words", "standard"),
    [
        ({"name_vi": "Bắp cải hữu cơ"}, None),
        ({"name_vi": "Bap cai HUU CO"}, None),
        ({"name_en": "Organic cabbage"}, None),
        ({"name_zh": "有机卷心菜"}, None),
        ({"name_vi": "Bắp cải VietGAP"}, "VIETGAP_2017"),
        ({"brand": "GlobalG.A.P. Mây"}, None),
    ],
)
def test_a_name_claims_no_standard_that_the_lot_does_not_hold(
    given: Given, printing: Printing, words: dict[str, str], standard: str | None
) -> None:
    area = given.area()
    lot = given.lot(area)
    product = given.product(printing.home(lot), **{**WORDS, "name_vi": "Bắp cải", **words})
    asked = {"product": product.uid, "layout": "l1-60x40", "stock": "roll-60x40", **BARE}
    languages = ("vi+en",) if "name_zh" not in words else ("zh",)
    with pytest.raises(Refused) as refused:
        printing.run((lot, 1), language=languages[0], **asked)
    assert refused.value.fields[0].field == "product"
    assert "does not hold" in why(refused)
    if standard:  # the control: a lot that holds it may say so
        given.certificate(area, standard=standard)
        held = given.lot(area)
        assert printing.run((held, 1), **asked).total == 1


def test_a_pack_on_a_carton_and_a_carton_on_a_pack_are_pointed_out(sold: Sold) -> None:
    carton = sold.carton()

    def told(product: UUID, **asked: Any) -> str:
        plan = sold.printing.plan((sold.lot, 1), product=product, **BARE, **asked)
        return " ".join(str(lack.why) for lack in plan.lacks if lack.field == "product")

    on_box = {"layout": "l4-100x72", "stock": "roll-100x72"}
    assert "choose Thùng bắp cải for cartons" in told(sold.product.uid, **on_box)
    assert "choose Bắp cải Mây for its packs" in told(carton.uid)
    assert told(carton.uid, **on_box) == told(sold.product.uid) == ""
