"""What the catalogue says of a use: each row reads like the rule."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.catalogue.input_matching import exception_for, group_of, is_for, permission_on
from app.catalogue.input_rules import (
    InputVerdict,
    ProductFacts,
    UsedInput,
    VerdictKind,
    find_interval_warning,
    longest_of,
    verdict_of,
)
from app.models.catalogue import ActiveStatus, Confidence, Crop, CropGroup, RegulatedActive
from app.models.inputs import (
    InputKind,
    InputProduct,
    Permission,
    ProductActive,
    ProductPermission,
    ProductUse,
    UseException,
)

LISTED = date(2026, 2, 10)
DAY = date(2026, 11, 20)
HOME, OTHER = 1, 2
CABBAGE = Crop(
    id=4, slug="BAP_CAI", name_vi="Bắp cải", name_en="", name_zh="", name_key="", family="Brassicaceae",
    scientific_name="", policy_group=CropGroup.LEAF_BRASSICA, identity_confidence="high",
)  # fmt: skip
CHAYOTE = Crop(
    id=10, slug="SU_SU", name_vi="Su su", name_en="", name_zh="", name_key="", family="Cucurbitaceae",
    scientific_name="", policy_group=CropGroup.OTHER, identity_confidence="high",
)  # fmt: skip
UNKNOWN_FAMILY = CHAYOTE.model_copy(update={"id": 13, "family": ""})


def active(name: str, status: ActiveStatus, since: date | None, **more: Any) -> RegulatedActive:
    values = {"name_key": "", "legal_ref": "TT 75/2025", "confidence": Confidence.SECONDARY, **more}
    return RegulatedActive(name=name, status=status, valid_from=since, **values)


REGULATED = [
    active("Carbofuran", ActiveStatus.BANNED, LISTED, synonyms="furadan"),
    active("Captan", ActiveStatus.BANNED, LISTED),
    active("Carbendazim", ActiveStatus.REMOVED, None),
    active("Diuron", ActiveStatus.BANNED, LISTED, valid_to=date(2026, 6, 30)),
]


def use(words: str = "bắp cải", crop_id: int | None = 4, days: int | None = 5) -> ProductUse:
    return ProductUse(
        product_id=1,
        crop_words=words,
        crop_words_key=words,
        crop_id=crop_id,
        crop_group="" if crop_id else group_of(words),
        interval_days=days,
    )


def permission(
    status: Permission = Permission.PERMITTED, since: date = LISTED, until: date | None = None
) -> ProductPermission:
    return ProductPermission(
        product_id=1,
        status=status,
        valid_from=since,
        valid_to=until,
        legal_ref="TT 75",
        confidence=Confidence.SECONDARY,
    )


def excepted(**more: Any) -> UseException:
    values = {
        "crop_id": 10,
        "reason": "Chưa có thuốc",
        "valid_from": LISTED,
        "interval_days": 9,
        **more,
    }
    return UseException(product_id=1, recorded_at=datetime(2026, 2, 11, tzinfo=UTC), **values)


def product(
    *,
    kind: InputKind = InputKind.PESTICIDE,
    actives: tuple[str, ...] = ("abamectin",),
    permissions: tuple[ProductPermission, ...] | None = None,
    uses: tuple[ProductUse, ...] | None = None,
    exceptions: tuple[UseException, ...] = (),
) -> ProductFacts:
    return ProductFacts(
        product=InputProduct(
            id=1,
            kind=kind,
            name="Thuốc 10EC",
            name_key="",
            created_at=datetime(2026, 1, 1, tzinfo=UTC),
        ),
        actives=tuple(ProductActive(product_id=1, name=name, name_key="") for name in actives),
        permissions=(permission(),) if permissions is None else permissions,
        uses=(use(),) if uses is None else uses,
        exceptions=exceptions,
    )


def judge(
    facts: ProductFacts | None,
    *,
    name: str = "Thuốc 10EC",
    actives: str = "",
    days: int | None = None,
    kind: InputKind = InputKind.PESTICIDE,
    crop: Crop = CABBAGE,
    on: date = DAY,
    by: int = HOME,
) -> InputVerdict:
    used = UsedInput(name, actives, days, kind)
    return verdict_of(used, facts, regulated=REGULATED, crop=crop, organisation_id=by, on=on)


@pytest.mark.parametrize(
    ("facts", "more", "kind", "says"),
    [
        (product(), {}, VerdictKind.PERMITTED, "is registered for bắp cải"),
        (product(uses=(use("rau cải", None),)), {}, VerdictKind.PERMITTED, "rau cải"),
        (product(uses=(use("rau", None),)), {"crop": CHAYOTE}, VerdictKind.PERMITTED, "rau"),
        (product(), {"crop": CHAYOTE}, VerdictKind.NOT_FOR_CROP, "is not registered for Su su"),
        (product(uses=(use("rau cải", None),)), {"crop": CHAYOTE}, VerdictKind.NOT_FOR_CROP, "Su su"),
        (product(uses=()), {}, VerdictKind.NOT_JUDGED, "registered for is not known"),
        (product(exceptions=(excepted(),)), {"crop": CHAYOTE}, VerdictKind.EXCEPTED, "Chưa có thuốc"),
        (product(exceptions=(excepted(organisation_id=OTHER),)), {"crop": CHAYOTE}, VerdictKind.NOT_FOR_CROP, "Su su"),
        (product(actives=("Captan",)), {}, VerdictKind.BANNED, "Captan is banned"),
        (product(), {"actives": "abamectin + captan"}, VerdictKind.BANNED, "Captan"),
        (product(kind=InputKind.FERTILISER, actives=("Captan",)), {}, VerdictKind.BANNED, "Captan"),
        (product(kind=InputKind.FERTILISER), {}, VerdictKind.NOT_JUDGED, "Only pesticides"),
        (product(permissions=(permission(Permission.BANNED),)), {}, VerdictKind.BANNED, "Thuốc 10EC is banned since"),
        (product(permissions=(permission(), permission(Permission.REMOVED, date(2026, 8, 15)))), {}, VerdictKind.REMOVED, "taken off"),
        (product(permissions=(permission(until=date(2026, 6, 30)),)), {}, VerdictKind.REMOVED, "no longer"),
        (product(permissions=()), {}, VerdictKind.UNLISTED, "as far as is known"),
        (product(permissions=(), actives=("carbendazim",)), {}, VerdictKind.REMOVED, "Carbendazim"),
        (product(actives=("carbendazim",)), {}, VerdictKind.PERMITTED, "is registered for"),
        (product(permissions=(permission(since=date(2026, 12, 1)),)), {}, VerdictKind.NOT_JUDGED, "is not known here"),
        (product(), {"on": date(2026, 2, 9)}, VerdictKind.NOT_JUDGED, "is on it since"),
        (None, {"name": "Thuốc lạ"}, VerdictKind.UNLISTED, "not in the catalogue"),
        (None, {"name": "Furadan 3G"}, VerdictKind.BANNED, "Carbofuran"),
        (None, {"name": "Furadan 3G", "on": date(2026, 2, 9)}, VerdictKind.NOT_JUDGED, "at the latest"),
        (None, {"name": "Thuốc", "actives": "carbendazim 500 g/l"}, VerdictKind.REMOVED, "Carbendazim"),
        (None, {"name": "Phân chuồng", "kind": InputKind.FERTILISER}, VerdictKind.NOT_JUDGED, "Only pesticides"),
        (None, {"name": "Diuron"}, VerdictKind.UNLISTED, "not in the catalogue"),
        (None, {"name": "Diuron", "on": date(2026, 6, 30)}, VerdictKind.BANNED, "Diuron"),
    ],
)  # fmt: skip
def test_the_verdict_on_a_use(
    facts: ProductFacts | None, more: dict[str, Any], kind: VerdictKind, says: str
) -> None:
    verdict = judge(facts, **more)
    assert verdict.kind is kind
    assert says in str(verdict.reason)


def test_a_ban_counts_from_its_first_day() -> None:
    assert judge(None, name="Captan", on=LISTED).kind is VerdictKind.BANNED
    assert judge(product(), on=LISTED).kind is VerdictKind.PERMITTED


@pytest.mark.parametrize(
    ("facts", "more", "wait"),
    [
        (product(), {}, 5),
        (product(), {"days": 9}, 9),
        (product(), {"days": 3}, 5),
        (product(uses=(use(days=3), use("rau cải", None, 6))), {}, 6),
        (product(uses=(use(days=None),)), {}, None),
        (product(uses=(use(days=0),)), {}, 0),
        (product(uses=(use(days=14),)), {"crop": CHAYOTE}, 14),
        (product(exceptions=(excepted(),)), {"crop": CHAYOTE}, 9),
        (product(exceptions=(excepted(),)), {"crop": CHAYOTE, "days": 12}, 12),
        (product(permissions=()), {}, 5),
        (product(permissions=(), actives=("carbendazim",)), {}, 5),
        (product(permissions=(permission(Permission.REMOVED),)), {"days": 8}, 8),
        (product(permissions=(permission(since=date(2026, 12, 1)),)), {}, 5),
        (product(permissions=(permission(until=date(2026, 6, 30)),)), {}, 5),
        (product(kind=InputKind.FERTILISER), {"days": 2}, 2),
        (product(permissions=(permission(Permission.BANNED),)), {"days": 4}, 4),
        (None, {"name": "Furadan 3G", "days": 21}, 21),
        (None, {"name": "Furadan 3G", "days": 21, "on": date(2026, 1, 1)}, 21),
        (None, {"name": "Carbendazim", "days": 20}, 20),
        (None, {"name": "Phân", "days": 1, "kind": InputKind.FERTILISER}, 1),
        (None, {"name": "Thuốc lạ", "days": 7}, 7),
    ],
)
def test_the_longest_known_interval_counts(
    facts: ProductFacts | None, more: dict[str, Any], wait: int | None
) -> None:
    assert judge(facts, **more).interval_days == wait


@pytest.mark.parametrize(
    ("days", "longest", "warns"),
    [(None, 7, False), (7, 7, False), (8, 7, True), (0, 7, False), (30, None, False)],
)
def test_an_interval_above_the_longest_registered_one_warns(
    days: int | None, longest: int | None, warns: bool
) -> None:
    warning = find_interval_warning(days, longest)
    assert (warning is not None) is warns
    if warning is not None:
        assert dict(warning.values) == {"days": days, "longest": longest}
        assert "the value is kept" in str(warning)


@pytest.mark.parametrize(
    ("words", "group"),
    [
        ("Rau", "vegetable"),
        ("rau cải", "Brassicaceae"),
        ("Rau họ thập tự", "Brassicaceae"),
        ("đậu", "Fabaceae"),
        ("rau họ đậu", "Fabaceae"),
        ("rau họ cà", "Solanaceae"),
        ("bầu bí", "Cucurbitaceae"),
        ("lúa", ""),
        ("cải củ", ""),
    ],
)
def test_words_of_the_list_mean_groups(words: str, group: str) -> None:
    assert group_of(words) == group


def test_a_use_of_another_crop_is_not_of_its_family() -> None:
    assert is_for(use("bắp cải", 4), CABBAGE)
    assert not is_for(use("su hào", 5), CABBAGE)
    assert not is_for(use("lúa", None), UNKNOWN_FAMILY)
    assert is_for(use("rau", None), UNKNOWN_FAMILY)
    grouped = use("nhóm", None)
    grouped.crop_group = "leaf_brassica"
    assert is_for(grouped, CABBAGE)


def test_of_two_permissions_the_later_counts() -> None:
    early, late = permission(), permission(Permission.REMOVED, date(2026, 8, 15))
    assert permission_on((late, early), DAY) is late
    assert permission_on((late, early), date(2026, 8, 14)) is early
    assert permission_on((), DAY) is None


@pytest.mark.parametrize(
    ("more", "holds"),
    [
        ({}, True),
        ({"organisation_id": HOME}, True),
        ({"organisation_id": OTHER}, False),
        ({"crop_id": 4}, False),
        ({"valid_from": date(2026, 11, 21)}, False),
        ({"valid_from": DAY}, True),
        ({"valid_to": DAY}, True),
        ({"valid_to": date(2026, 11, 19)}, False),
        ({"ended_at": datetime(2026, 3, 1, tzinfo=UTC)}, False),
    ],
)
def test_an_exception_holds_for_its_crop_its_days_and_its_organisation(
    more: dict[str, Any], holds: bool
) -> None:
    one = excepted(**more)
    found = exception_for((one,), CHAYOTE, HOME, on=DAY)
    assert (found is one) is holds


def test_the_own_exception_comes_before_everybodys() -> None:
    every, own = excepted(), excepted(organisation_id=HOME)
    assert exception_for((every, own), CHAYOTE, HOME, on=DAY) is own
    assert exception_for((every, own), CHAYOTE, OTHER, on=DAY) is every


def test_the_longest_of_nothing_is_unknown() -> None:
    assert longest_of(None, None) is None
    assert longest_of(None, 0, 3) == 3


def test_a_product_named_after_a_banned_active_is_banned() -> None:
    facts = product(actives=())
    facts.product.name = "Furadan 3G"
    assert judge(facts, name="").kind is VerdictKind.BANNED
