"""Finding inputs, writing them, and judging many uses in a few statements."""

import pytest
from sqlalchemy import event, select
from sqlmodel import Session, col

from app.catalogue.input_commands import (
    ProductDetails,
    UseDetails,
    add_product,
    amend_product,
    set_use,
)
from app.catalogue.input_law_commands import (
    PermissionDetails,
    end_exception,
    set_permission,
)
from app.catalogue.input_queries import (
    facts_of,
    interval_warning,
    product_by_uid,
    products_like,
    verdict_on_product,
    verdicts_of,
)
from app.catalogue.input_rules import VerdictKind
from app.catalogue.queries import crop_by_slug
from app.diary.queries import inputs_of_entries
from app.errors import Conflict, NotFound, Refused
from app.ledger.actors import Actor
from app.ledger.queries import history_of
from app.models.base import new_uid
from app.models.catalogue import Confidence
from app.models.diary import EntryInput, Work
from app.models.inputs import InputKind, InputProduct, Permission, ProductUse
from app.reference import load
from tests.diary.growing import Growing
from tests.given import Given

BY = Actor.system()


@pytest.fixture
def growing(given: Given) -> Growing:
    return Growing(given)


def names(session: Session, letters: str) -> list[str]:
    return [line.product.name for line in products_like(session, letters).items]


def test_products_are_found_by_name_and_by_active(facts: Session) -> None:
    assert names(facts, "movento") == ["Movento 150OD"]
    assert "Movento 150OD" in names(facts, "spirotetra")
    assert names(facts, "efphe") == ["Efphê 25EC"]
    assert names(facts, "không có đâu") == []


def test_a_page_of_products_goes_on_where_the_last_ended(facts: Session) -> None:
    first = products_like(facts, "", limit=40)
    rest = products_like(facts, "", limit=40, after=first.next)
    found = [line.product.id for line in (*first.items, *rest.items)]
    assert len(set(found)) == len(found) == 61


def test_the_shipped_products_say_what_they_are_for(facts: Session) -> None:
    [line] = products_like(facts, "Movento").items
    verdict = verdict_on_product(
        facts,
        line.product,
        crop=crop_by_slug(facts, "BAP_CAI"),
        organisation_id=0,
        on=product_day(facts),
    )
    assert verdict.kind is VerdictKind.PERMITTED
    assert verdict.interval_days is None


def product_day(facts: Session):
    [line] = products_like(facts, "Movento").items
    return facts_of(facts, [line.product.pk])[line.product.pk].permissions[0].valid_from


def test_a_product_is_entered_once(growing: Growing, session: Session) -> None:
    growing.product("Thuốc A 5EC")
    with pytest.raises(Conflict):
        growing.product("THUOC A 5ec")


def test_an_officer_s_interval_survives_the_next_load(session: Session, given: Given) -> None:
    [line] = products_like(session, "Movento").items
    details = UseDetails("bắp cải", "BAP_CAI", "rệp muội", interval_days=9)
    set_use(session, product=line.product, details=details, by=BY, now=given.now)
    load(session, now=given.now)
    use = facts_of(session, [line.product.pk])[line.product.pk].uses[0]
    assert use.interval_days == 9
    assert "9 days" in str(interval_warning(session, 9, given.day(0)))
    assert interval_warning(session, 7, given.day(0)) is None


def test_a_use_is_corrected_not_doubled(growing: Growing, session: Session) -> None:
    made = growing.product(interval=3)
    for days in (5, 4):
        set_use(
            session,
            product=made,
            details=UseDetails("Bắp  CẢI", "BAP_CAI", interval_days=days),
            by=BY,
            now=growing.now,
        )
    uses = session.execute(
        select(ProductUse).where(col(ProductUse.product_id) == made.pk)
    ).scalars()
    assert [use.interval_days for use in uses] == [4]
    assert history_of(session, str(made.uid))[-1].facts["interval_before"] == 5


@pytest.mark.parametrize(
    ("details", "field"),
    [
        (UseDetails(" "), "crop_words"),
        (UseDetails("rau", "KHONG_CO"), "crop"),
        (UseDetails("rau", interval_days=400), "interval_days"),
        (UseDetails("rau", interval_days=-1), "interval_days"),
        (UseDetails("rau\x00"), "crop_words"),
    ],
)
def test_a_use_that_cannot_be_is_refused_at_its_field(
    growing: Growing, session: Session, details: UseDetails, field: str
) -> None:
    made = growing.product()
    with pytest.raises(Refused) as refusal:
        set_use(session, product=made, details=details, by=BY, now=growing.now)
    assert [fault.field for fault in refusal.value.fields] == [field]


def test_actives_are_added_and_names_corrected(growing: Growing, session: Session) -> None:
    made = growing.product("Thuốc B 5EC", ("abamectin",))
    details = ProductDetails(InputKind.PESTICIDE, "Thuốc B 6EC", ("Abamectin", "matrine"))
    amend_product(session, product=made, details=details, by=BY, now=growing.now)
    known = facts_of(session, [made.pk])[made.pk]
    assert [active.name for active in known.actives] == ["abamectin", "matrine"]
    assert product_by_uid(session, made.uid).name == "Thuốc B 6EC"
    with pytest.raises(Refused):
        many = ProductDetails(InputKind.PESTICIDE, "Thuốc C", tuple(f"chất {n}" for n in range(9)))
        add_product(session, details=many, by=BY, now=growing.now)


def test_a_permission_is_a_new_row_and_never_another_of_its_day(
    growing: Growing, session: Session
) -> None:
    made = growing.product()
    removed = PermissionDetails(
        Permission.REMOVED, growing.given.day(-5), "TT 28/2026", Confidence.SECONDARY
    )
    set_permission(session, product=made, details=removed, by=BY, now=growing.now)
    with pytest.raises(Conflict):
        set_permission(session, product=made, details=removed, by=BY, now=growing.now)
    cabbage = crop_by_slug(session, "BAP_CAI")
    kinds = [
        verdict_on_product(
            session, made, crop=cabbage, organisation_id=1, on=growing.given.day(at)
        ).kind
        for at in (-6, -5)
    ]
    assert kinds == [VerdictKind.PERMITTED, VerdictKind.REMOVED]


def test_an_exception_ends_when_it_is_taken_back(growing: Growing, session: Session) -> None:
    made, exception = growing.excepted("SU_SU")
    chayote = crop_by_slug(session, "SU_SU")

    def kind() -> VerdictKind:
        return verdict_on_product(
            session, made, crop=chayote, organisation_id=1, on=growing.given.day(0)
        ).kind

    assert kind() is VerdictKind.EXCEPTED
    end_exception(session, exception=exception, by=BY, now=growing.now)
    assert kind() is VerdictKind.NOT_FOR_CROP
    with pytest.raises(Refused):
        end_exception(session, exception=exception, by=BY, now=growing.now)


def test_an_exception_needs_a_reason(growing: Growing) -> None:
    with pytest.raises(Refused) as refusal:
        growing.excepted("SU_SU", reason="vì thế")
    assert refusal.value.fields[0].field == "reason"


def test_unknown_products_are_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        product_by_uid(session, new_uid())


def test_many_uses_are_judged_in_as_many_statements_as_one(
    growing: Growing, session: Session
) -> None:
    planting = growing.planting()
    made = [growing.product(f"Thuốc {number} 10EC") for number in range(12)]
    entries = [
        growing.entry(planting, Work.SPRAYING, day=-9, uses=(one.name, "Furadan 3G"))
        for one in made
    ]
    cabbage = crop_by_slug(session, "BAP_CAI")
    flat = [
        one for ones in inputs_of_entries(session, [e.pk for e in entries]).values() for one in ones
    ]
    session.flush()

    def statements(inputs: list[EntryInput]) -> int:
        said: list[str] = []
        listen = session.get_bind()
        event.listen(listen, "before_cursor_execute", lambda *a: said.append(a[2]))
        found = verdicts_of(session, inputs, crop=cabbage, organisation_id=1)
        assert len(found) == len(inputs)
        return len(said)

    assert statements(flat[:2]) == 7
    kinds = [one.kind for one in verdicts_of(session, flat, crop=cabbage, organisation_id=1)]
    assert kinds == [VerdictKind.PERMITTED, VerdictKind.BANNED] * 12


def test_what_is_spread_or_sown_is_not_judged_as_a_pesticide(
    growing: Growing, session: Session
) -> None:
    planting = growing.planting()
    spread = growing.entry(planting, Work.FERTILISING, uses="NPK 16-16-8")
    sprayed = growing.entry(planting, Work.SPRAYING, uses="NPK 16-16-8")
    inputs = inputs_of_entries(session, [spread.pk, sprayed.pk])
    flat = [inputs[spread.pk][0], inputs[sprayed.pk][0]]
    kinds = [
        one.kind
        for one in verdicts_of(
            session, flat, crop=crop_by_slug(session, "BAP_CAI"), organisation_id=1
        )
    ]
    assert kinds == [VerdictKind.NOT_JUDGED, VerdictKind.UNLISTED]


def test_an_input_without_an_entry_needs_a_day(session: Session) -> None:
    loose = EntryInput(entry_id=0, name="Thuốc")
    cabbage = crop_by_slug(session, "BAP_CAI")
    with pytest.raises(ValueError, match="day"):
        verdicts_of(session, [loose], crop=cabbage, organisation_id=1)
    assert verdicts_of(session, [], crop=cabbage, organisation_id=1) == []


def test_shipped_rows_have_ids_of_their_own(facts: Session) -> None:
    uids = [one.uid for one in facts.execute(select(InputProduct)).scalars()]
    assert len(set(uids)) == 61
