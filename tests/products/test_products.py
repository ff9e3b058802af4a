"""Products from their registration to their withdrawal; a GTIN names one of them for ever."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.catalogue.gs1_key_commands import register_prefix
from app.catalogue.product_commands import (
    ProductDetails,
    change_product,
    register_product,
    show_product,
    withdraw_product,
)
from app.catalogue.product_queries import (
    gtin_warnings,
    product_by_gtin,
    product_line,
    products,
    products_of,
    proposed_gtin,
)
from app.errors import Conflict, DomainError, NotFound, Refused
from app.ledger.actors import Actor
from app.ledger.queries import history_of
from app.models.base import new_uid
from app.models.ledger import LedgerEntry
from app.models.products import Product
from app.models.registry import Organisation
from app.pictures.cleaning import cleaned_picture
from app.pictures.commands import keep_picture
from tests.given import Given

BY = Actor.system()
GTIN, CARTON, OTHER = "9521234000013", "19521234000010", "9521234000020"
CABBAGE = ProductDetails(
    crop="BAP_CAI",
    name_vi="Bắp cải Bắc Hà",
    name_en="Bac Ha cabbage",
    name_zh="北河卷心菜",
    brand="Mây Bắc Hà",
    gtin=GTIN,
    pack_g=800,
    best_before_days=7,
    storage="nơi thoáng mát",
    warning="rửa sạch trước khi dùng",
)


class Shelf:
    """A cooperative with its products."""

    def __init__(self, given: Given) -> None:
        self.given = given
        self.session = given.session
        self.home = given.cooperative()

    def product(self, home: Organisation | None = None, **changes: Any) -> Product:
        return register_product(
            self.session,
            organisation=home or self.home,
            details=replace(CABBAGE, **changes),
            by=BY,
            now=self.given.now,
        )

    def change(self, product: Product, **changes: Any) -> Product:
        return change_product(
            self.session,
            product=product,
            details=replace(CABBAGE, **changes),
            by=BY,
            now=self.given.now,
        )

    def withdraw(self, product: Product) -> Product:
        return withdraw_product(self.session, product=product, by=BY, now=self.given.now)


@pytest.fixture
def shelf(given: Given) -> Shelf:
    return Shelf(given)


def test_a_product_is_registered_and_recorded_for_its_organisation(
    shelf: Shelf, session: Session
) -> None:
    product = shelf.product(gtin=" 952 1234 00001 3 ")
    assert product.gtin == f"0{GTIN}"
    [fact] = history_of(session, str(product.uid))
    assert (fact.kind, fact.organisation_name) == ("product.registered", None)
    assert fact.facts["crop"] == "BAP_CAI"
    entry = session.execute(
        select(LedgerEntry).where(col(LedgerEntry.subject) == str(product.uid))
    ).scalar_one()
    assert entry.organisation == shelf.home.uid


def test_everybody_finds_it_by_its_gtin_and_learns_nothing_of_a_person(
    shelf: Shelf, session: Session, given: Given
) -> None:
    product = shelf.product()
    found = product_by_gtin(session, GTIN)
    assert found is not None
    assert found.product.uid == product.uid
    assert found.crop.slug == "BAP_CAI"
    assert found.producer == shelf.home.name
    assert product_by_gtin(session, OTHER) is None
    shelf.home.name_public = False
    hidden = product_by_gtin(session, f"0{GTIN}")
    assert hidden is not None
    assert hidden.producer == ""
    assert shelf.home.name not in repr(hidden)


def test_the_products_of_an_organisation_are_those_on_sale(shelf: Shelf, session: Session) -> None:
    kept, gone = shelf.product(), shelf.product(name_vi="Su hào", gtin="", crop="SU_HAO")
    shelf.withdraw(gone)
    ids = lambda **asked: [  # noqa: E731
        one.product.pk for one in products_of(session, shelf.home.pk, **asked)
    ]
    assert ids() == [kept.pk]
    assert ids(withdrawn=True) == [kept.pk, gone.pk]
    assert ids(crop_id=gone.crop_id) == []


def test_a_list_is_of_ones_own_products_by_name(
    shelf: Shelf, session: Session, given: Given
) -> None:
    mine = [shelf.product(name_vi=f"Bắp cải {at}", gtin="") for at in ("xanh", "tim", "trang")]
    other = given.cooperative()
    theirs = shelf.product(other)
    within = Reach.own(shelf.home.pk)
    first = products(session, within=within, limit=2)
    rest = products(session, within=within, after=first.next)
    found = [line.product.pk for line in (*first.items, *rest.items)]
    assert found == [mine[at].pk for at in (1, 2, 0)]
    assert not products(session, within=within, q="1234").items
    assert [line.product.pk for line in products(session, within=within, q="BAP tím").items] == [
        mine[1].pk
    ]
    [line] = products(session, within=Reach.all(), q="952123400").items
    assert line.product.pk == theirs.pk
    with pytest.raises(NotFound):
        product_line(session, theirs.uid, within=within)
    assert product_line(session, theirs.uid, within=Reach.all()).organisation.pk == other.pk


def test_a_gtin_is_never_used_again(shelf: Shelf, given: Given) -> None:
    product = shelf.product()
    with pytest.raises(Conflict, match="of Bắp cải Bắc Hà already"):
        shelf.product(name_vi="Tên khác")
    with pytest.raises(Conflict, match="another organisation"):
        shelf.product(given.cooperative())
    shelf.withdraw(product)
    with pytest.raises(Conflict, match="never used again"):
        shelf.product()
    assert shelf.product(gtin=OTHER).name_key == product.name_key  # the name may be


def test_the_database_too_refuses_a_gtin_twice_and_a_name_twice(
    shelf: Shelf, session: Session
) -> None:
    product = shelf.product()
    plain = product.model_dump(exclude={"id", "uid", "version"})
    for changes in ({"name_key": "khac"}, {"gtin": None}):
        with pytest.raises(Exception, match=r"(?i)unique"), session.begin_nested():
            session.add(Product(uid=new_uid(), **{**plain, **changes}))
            session.flush()


def test_one_name_comes_in_several_packs(shelf: Shelf) -> None:
    shelf.product()
    assert shelf.product(gtin="", pack_g=500).pk
    with pytest.raises(Conflict) as twice:
        shelf.product(gtin="", name_vi="BẮP CẢI  bắc hà")
    assert twice.value.fields[0].field == "name_vi"


def test_a_carton_holds_so_many_of_a_product(shelf: Shelf, session: Session) -> None:
    inner = shelf.product()
    carton = shelf.product(gtin=CARTON, pack_g=None, holds=inner.uid, holds_count=12)
    assert carton.pack_g == 9_600
    found = product_by_gtin(session, CARTON)
    assert found is not None
    assert found.held == inner
    with pytest.raises(Refused, match="withdraw that first"):
        shelf.withdraw(inner)
    shelf.withdraw(carton)
    assert shelf.withdraw(inner).withdrawn_on is not None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"gtin": "9521234000019"}, "gtin"),
        ({"crop": "KHONG_CO"}, "crop"),
        ({"name_vi": "  "}, "name_vi"),
        ({"name_vi": "x" * 121}, "name_vi"),
        ({"name_en": "a\x00"}, "name_en"),
        ({"name_vi": "Bắp cải hàng thật"}, "name_vi"),
        ({"warning": "Genuine"}, "warning"),
        ({"pack_g": 0}, "pack_g"),
        ({"pack_g": 10**12}, "pack_g"),
        ({"best_before_days": 0}, "best_before_days"),
        ({"best_before_days": 10**6}, "best_before_days"),
        ({"holds_count": 12}, "holds"),
        ({"holds": new_uid(), "holds_count": 12}, "holds"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    shelf: Shelf, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(DomainError) as refusal:
        shelf.product(**changes)
    assert refusal.value.fields[0].field == field


def test_a_carton_that_cannot_be_is_refused(shelf: Shelf, given: Given) -> None:
    inner = shelf.product()
    carton = shelf.product(gtin="", pack_g=None, holds=inner.uid, holds_count=12)
    for changes, field in (
        ({"holds": inner.uid}, "holds_count"),
        ({"holds": inner.uid, "holds_count": 0}, "holds_count"),
        ({"holds": inner.uid, "holds_count": 12, "pack_g": 9_000}, "pack_g"),
        ({"holds": inner.uid, "holds_count": 10_000, "pack_g": None}, "pack_g"),
        ({"holds": inner.uid, "holds_count": 12, "crop": "SU_HAO", "pack_g": None}, "holds"),
    ):
        with pytest.raises(Refused) as refusal:
            shelf.product(**{"gtin": "", **changes})
        assert refusal.value.fields[0].field == field
    with pytest.raises(Refused, match="hold itself"):
        shelf.change(inner, holds=carton.uid, holds_count=1, pack_g=None)
    with pytest.raises(Refused, match="no such product"):
        shelf.product(given.cooperative(), gtin="", holds=inner.uid, holds_count=2)


def test_a_change_is_of_the_whole_and_recorded(shelf: Shelf, session: Session) -> None:
    product = shelf.product()
    shelf.change(product, name_vi="Bắp cải tím", best_before_days=9, marks_sold=True)
    assert (product.name_vi, product.best_before_days, product.version) == ("Bắp cải tím", 9, 2)
    assert [fact.kind for fact in history_of(session, str(product.uid))] == [
        "product.registered",
        "product.changed",
    ]
    shelf.withdraw(product)
    with pytest.raises(Conflict, match="withdrawn"):
        shelf.change(product)
    with pytest.raises(Conflict, match="withdrawn"):
        shelf.withdraw(product)


def test_a_photograph_stands_for_it(shelf: Shelf, session: Session, given: Given) -> None:
    product = shelf.product()
    picture = keep_picture(
        session,
        organisation_id=shelf.home.pk,
        organisation=shelf.home.uid,
        picture=cleaned_picture(given.picture()),
        by=BY,
        now=given.now,
    )
    show_product(
        session,
        product=product,
        picture_id=picture.pk,
        sha256=picture.sha256,
        by=BY,
        now=given.now,
    )
    found = product_by_gtin(session, GTIN)
    assert found is not None
    assert found.picture == picture.uid
    assert history_of(session, str(product.uid))[-1].facts["picture"] == picture.sha256


def test_the_next_number_of_a_prefix_is_proposed(shelf: Shelf, session: Session) -> None:
    prefix = register_prefix(
        session, organisation=shelf.home, prefix="9521234", by=BY, now=shelf.given.now
    )
    assert proposed_gtin(session, prefix) == "09521234000006"
    inner = shelf.product()
    assert proposed_gtin(session, prefix, held=inner) == CARTON
    shelf.product(name_vi="Khác", gtin="9521234000006")
    assert proposed_gtin(session, prefix) == "09521234000020"


def test_a_foreign_gtin_only_warns(shelf: Shelf, session: Session) -> None:
    product = shelf.product()
    told = [str(one) for one in gtin_warnings(session, product)]
    assert len(told) == 2
    assert "company prefix" in told[0]
    assert "952" in told[1]
    register_prefix(session, organisation=shelf.home, prefix="9521234", by=BY, now=shelf.given.now)
    shelf.home.demonstration = True
    assert gtin_warnings(session, product) == []
    assert gtin_warnings(session, shelf.product(name_vi="Khác", gtin="")) == []
