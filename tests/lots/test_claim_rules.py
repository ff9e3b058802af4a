"""Decision tables for claims: each row reads like the rule it stands for."""

from dataclasses import replace
from datetime import date

import pytest

from app.catalogue.input_rules import VerdictKind
from app.certificates.rules import Listed, Term
from app.kit.messages import say
from app.lots.claims import ORGANIC_KINDS
from app.lots.inputs import MENDS, LookBack, Terms, find_not_organic, find_unfit
from app.models.certificates import CertificateStatus
from app.models.registry import CodeStatus
from tests.lots.cases import (
    AREA,
    CROP,
    HARVEST,
    MEMBER,
    OTHER,
    OTHER_AREA,
    OTHER_CROP,
    TERMS,
    TODAY,
    certificate,
    code,
    days,
    decided,
    diary,
    evidence,
    granted,
    manure,
    part,
    spray,
    step,
    weighed,
)

ACTIVE, SUSPENDED, WITHDRAWN, REPLACED = CertificateStatus
ORGANIC = {"kind": "organic", "number": "HC-1"}


@pytest.mark.parametrize(
    ("the_certificate", "vietgap_is_claimed"),
    [
        ("covers the harvest", True),
        ("begins on the harvest day", True),
        ("begins the day after", False),
        ("ends on the harvest day", True),
        ("ended the day before", False),
        ("is for another crop", False),
        ("is for another area", False),
        ("is disputed", False),
        ("was suspended from the harvest day on", False),
        ("was suspended the day before and restored on the harvest day", True),
        ("was suspended the day after, and restored since", True),
        ("is suspended today", False),
        ("was withdrawn since", False),
        ("was replaced since", True),
        ("was withdrawn with effect from tomorrow", True),
        ("took the crop off its list the day before", False),
        ("took the crop off its list on the harvest day, inclusive", True),
    ],
)
def test_vietgap_is_claimed_when_the_certificate(
    the_certificate: str, vietgap_is_claimed: bool
) -> None:
    before, after = HARVEST - days(1), HARVEST + days(1)
    crop_until = lambda day: (Term(Listed.CROPS, CROP, HARVEST - days(300), day),)  # noqa: E731
    held = {
        "covers the harvest": {},
        "begins on the harvest day": {"valid_from": HARVEST},
        "begins the day after": {"valid_from": after},
        "ends on the harvest day": {"valid_to": HARVEST},
        "ended the day before": {"valid_to": before},
        "is for another crop": {"crops": frozenset({OTHER_CROP})},
        "is for another area": {"areas": frozenset({OTHER_AREA})},
        "is disputed": {"disputed": True},
        "was suspended from the harvest day on": {
            "steps": (step(SUSPENDED, HARVEST), step(ACTIVE, after, 2))
        },
        "was suspended the day before and restored on the harvest day": {
            "steps": (step(SUSPENDED, before), step(ACTIVE, HARVEST, 2))
        },
        "was suspended the day after, and restored since": {
            "steps": (step(SUSPENDED, after), step(ACTIVE, TODAY, 2))
        },
        "is suspended today": {"steps": (step(SUSPENDED, TODAY),)},
        "was withdrawn since": {"steps": (step(WITHDRAWN, TODAY),)},
        "was replaced since": {"steps": (step(REPLACED, TODAY),)},
        "was withdrawn with effect from tomorrow": {"steps": (step(WITHDRAWN, TODAY + days(1)),)},
        "took the crop off its list the day before": {"terms": crop_until(before)},
        "took the crop off its list on the harvest day, inclusive": {"terms": crop_until(HARVEST)},
    }[the_certificate]
    assert granted(evidence(certificate(**held)))["vietgap"] is vietgap_is_claimed


@pytest.mark.parametrize(
    ("the_diary_shows", "claims"),
    [
        ("no diary at all", {"vietgap": True, "waiting_time": False, "inputs": False}),
        ("only manure", {"vietgap": True, "waiting_time": True, "inputs": True}),
        ("a waiting time kept", {"vietgap": True, "waiting_time": True, "inputs": True}),
        ("a waiting time broken", {"vietgap": False, "waiting_time": False, "inputs": True}),
        ("a waiting time not known", {"vietgap": False, "waiting_time": False, "inputs": True}),
        ("a banned product", {"vietgap": False, "waiting_time": True, "inputs": False}),
        ("a product off the list", {"vietgap": False, "waiting_time": True, "inputs": False}),
        ("an unlisted product", {"vietgap": False, "waiting_time": True, "inputs": False}),
        ("a product not for the crop", {"vietgap": False, "waiting_time": True, "inputs": False}),
        ("an officer's exception", {"vietgap": True, "waiting_time": True, "inputs": True}),
        ("a pesticide nobody judged", {"vietgap": False, "waiting_time": True, "inputs": False}),
        ("a fertiliser nobody judges", {"vietgap": True, "waiting_time": True, "inputs": True}),
    ],
)
def test_vietgap_rests_on_the_diary(the_diary_shows: str, claims: dict[str, bool]) -> None:
    kinds = VerdictKind
    shown = {
        "no diary at all": None,
        "only manure": diary(manure(9)),
        "a waiting time kept": diary(spray(8, 7)),
        "a waiting time broken": diary(spray(3, 7)),
        "a waiting time not known": diary(spray(3, None)),
        "a banned product": diary(spray(30, 7, verdict=kinds.BANNED)),
        "a product off the list": diary(spray(30, 7, verdict=kinds.REMOVED)),
        "an unlisted product": diary(spray(30, 7, verdict=kinds.UNLISTED)),
        "a product not for the crop": diary(spray(30, 7, verdict=kinds.NOT_FOR_CROP)),
        "an officer's exception": diary(spray(30, 7, verdict=kinds.EXCEPTED)),
        "a pesticide nobody judged": diary(spray(30, 7, verdict=kinds.NOT_JUDGED)),
        "a fertiliser nobody judges": diary(manure(9, verdict=kinds.NOT_JUDGED)),
    }[the_diary_shows]
    found = granted(evidence(certificate(), diary=shown))
    assert {kind: found[kind] for kind in claims} == claims
    assert found["area_code"] is True


@pytest.mark.parametrize("kind", ["food_safety", "ocop", "collective_mark"])
def test_a_certificate_of_house_or_goods_does_not_rest_on_the_diary(kind: str) -> None:
    held = certificate(kind, members=frozenset(), areas=frozenset({AREA}))
    bad = diary(spray(1, 7, verdict=VerdictKind.BANNED))
    assert granted(evidence(held, diary=bad, season=weighed(200)))[kind] is True


@pytest.mark.parametrize("kind", ["vietgap", "globalgap", "organic", "pgs"])
def test_every_growing_standard_rests_on_it(kind: str) -> None:
    clean, bad = diary(manure(9)), diary(manure(9), spray(1, 7, organic=True))
    assert granted(evidence(certificate(kind), diary=clean))[kind] is True
    assert granted(evidence(certificate(kind), diary=bad))[kind] is False


def test_the_gravest_use_is_the_one_that_is_said() -> None:
    order = list(MENDS)
    uses = [spray(20, 7, verdict=kind, product=kind.value) for kind in reversed(order)]
    for kind in order:
        found = find_unfit(uses)
        assert found is not None
        assert found.verdict is kind
        claim = decided(evidence(diary=diary(*uses)))["inputs"]
        assert claim.mend == MENDS[kind]
        uses = [use for use in uses if use.verdict is not kind]
    assert find_unfit([]) is None


def test_of_two_uses_alike_the_latest_is_said() -> None:
    uses = [spray(day, 1, verdict=VerdictKind.BANNED) for day in (40, 12, 30)]
    found = find_unfit(uses)
    assert found is not None
    assert found.on == HARVEST - days(12)


@pytest.mark.parametrize(
    ("the_land", "claims"),
    [
        ("never saw anything forbidden", {"organic": True}),
        ("saw it 36 months ago to the day", {"organic": True}),
        ("saw it a day less than 36 months ago", {"organic": False}),
        ("saw something nobody knows of", {"organic": False}),
        ("saw only what is permitted", {"organic": True}),
        ("sees it after the harvest", {"organic": True}),
        ("saw it in another crop on the same plots", {"organic": False}),
    ],
)
def test_organic_looks_back_36_months_at_the_land(the_land: str, claims: dict[str, bool]) -> None:
    border = date(2023, 11, 15)
    ago = (HARVEST - border).days
    seen = {
        "never saw anything forbidden": diary(),
        "saw it 36 months ago to the day": diary(spray(ago, 7, organic=False)),
        "saw it a day less than 36 months ago": diary(spray(ago - 1, 7, organic=False)),
        "saw something nobody knows of": diary(spray(400, 7)),
        "saw only what is permitted": diary(spray(400, 7, organic=True)),
        "sees it after the harvest": diary(spray(-1, 7, organic=False)),
        "saw it in another crop on the same plots": diary(land=(spray(400, 7, organic=False),)),
    }[the_land]
    assert granted(evidence(certificate(**ORGANIC), diary=seen))["organic"] is claims["organic"]


def test_a_forbidden_substance_is_said_before_one_nobody_knows() -> None:
    forbidden = spray(0, 7, on=date(2025, 7, 3), organic=False, product="Thuốc B")
    found = find_not_organic([spray(10, 7), forbidden], HARVEST, TERMS.look_back)
    assert found is not None
    assert "Thuốc B" in str(found.reason)
    assert str(found.mend) == "Harvests from 2028-07-03 on may claim it."


def test_of_two_forbidden_ones_the_latest_counts() -> None:
    uses = [spray(500, organic=False), spray(100, organic=False), spray(300, organic=False)]
    found = find_not_organic(uses, HARVEST, LookBack(36, ""))
    assert found is not None
    assert str(HARVEST - days(100)) in str(found.reason)
    unknown = find_not_organic([spray(9), spray(5), spray(7)], HARVEST, LookBack(36, ""))
    assert unknown is not None
    assert str(HARVEST - days(5)) in str(unknown.reason)


def test_without_a_rule_nobody_looks_back() -> None:
    bad = diary(spray(50, 7, organic=False))
    found = evidence(certificate(**ORGANIC), diary=bad)
    assert granted(found, terms=Terms())["organic"] is True
    assert granted(found)["organic"] is False


def test_vietgap_does_not_look_back() -> None:
    bad = diary(land=(spray(50, 7, organic=False),))
    assert granted(evidence(certificate(), diary=bad))["vietgap"] is True
    assert "vietgap" not in ORGANIC_KINDS


@pytest.mark.parametrize(
    ("grown", "says"),
    [
        ("sown when a year of conversion was over", {"organic": True}),
        ("sown a day earlier", {"organic_conversion": True}),
        ("sown on a day nobody wrote down", {"organic_conversion": True}),
        ("harvested before conversion began", {"organic": False}),
        ("perennial, 18 months over at the harvest", {"organic": True}),
        ("perennial, a day earlier", {"organic_conversion": True}),
        ("the certificate itself says in conversion", {"organic_conversion": True}),
        ("nobody recorded when conversion began", {"organic": True}),
    ],
)
def test_conversion_is_counted_to_sowing_or_to_the_first_harvest(
    grown: str, says: dict[str, bool]
) -> None:
    sown, began = HARVEST - days(80), HARVEST - days(80 + 365)
    perennial = {"perennial": True, "diary": diary()}
    held, other = {
        "sown when a year of conversion was over": ({"conversion_from": began}, {"sown": sown}),
        "sown a day earlier": ({"conversion_from": began + days(1)}, {"sown": sown}),
        "sown on a day nobody wrote down": ({"conversion_from": began - days(900)}, {"sown": None}),
        "harvested before conversion began": (
            {"conversion_from": HARVEST + days(1)},
            {"sown": sown},
        ),
        "perennial, 18 months over at the harvest": (
            {"conversion_from": date(2025, 5, 15)},
            {"sown": sown, **perennial},
        ),
        "perennial, a day earlier": (
            {"conversion_from": date(2025, 5, 16)},
            {"sown": sown, **perennial},
        ),
        "the certificate itself says in conversion": ({"in_conversion": True}, {"sown": sown}),
        "nobody recorded when conversion began": ({"conversion_from": None}, {"sown": None}),
    }[grown]
    other = dict(other)
    found = granted(
        evidence(certificate(**ORGANIC, **held), parts=[part(sown_on=other.pop("sown"))], **other)
    )
    assert {kind: found[kind] for kind in says} == says
    assert len({"organic", "organic_conversion"} & found.keys()) == 1


def test_without_periods_conversion_is_not_counted() -> None:
    held = certificate(**ORGANIC, conversion_from=HARVEST - days(1))
    assert granted(evidence(held), terms=Terms())["organic"] is True


@pytest.mark.parametrize(
    ("the_parts", "claimed", "says"),
    [
        ("both of members on the list", True, ""),
        ("one of a member not on the list", False, "Part 2 of 2 (40 kg): The grower is not"),
        ("one of somebody not named", False, "Part 1 of 2 (60 kg): Certificate"),
        ("one of a member whose membership ended yesterday", False, "Part 2 of 2"),
    ],
)
def test_a_lot_whose_parts_differ_cannot_claim_as_a_whole(
    the_parts: str, claimed: bool, says: str
) -> None:
    mine = part(60, grower_id=MEMBER)
    parts = {
        "both of members on the list": [mine, part(40, grower_id=MEMBER)],
        "one of a member not on the list": [mine, part(40, grower_id=OTHER)],
        "one of somebody not named": [part(60), mine],
        "one of a member whose membership ended yesterday": [
            mine,
            part(40, grower_id=MEMBER, member=False),
        ],
    }[the_parts]
    claim = decided(evidence(certificate(members=frozenset({MEMBER})), parts=parts))["vietgap"]
    assert claim.granted is claimed
    assert str(claim.reason).startswith(says)
    if not claimed:
        assert str(claim.mend).endswith("Or record the other parts as a lot of their own.")


def test_a_lot_of_one_part_is_not_told_which_part() -> None:
    held = certificate(members=frozenset({MEMBER}))
    claim = decided(evidence(held, parts=[part(grower_id=OTHER)]))["vietgap"]
    assert str(claim.reason).startswith("The grower is not on the member list")
    assert str(claim.mend).startswith("Ask the certification body")


def test_a_grower_who_was_no_member_any_more_brings_no_claim() -> None:
    gone = [part(grower_id=MEMBER, member=False)]
    claim = decided(evidence(certificate(), parts=gone))["vietgap"]
    assert not claim.granted
    assert str(claim.reason) == "The grower was not a member on the harvest day 2026-11-15."
    facility = certificate("food_safety")
    assert granted(evidence(facility, parts=gone))["food_safety"] is True


def test_a_lot_is_organic_only_when_every_part_is() -> None:
    held = certificate(**ORGANIC, conversion_from=HARVEST - days(500))
    over, early = part(sown_on=HARVEST - days(60)), part(sown_on=HARVEST - days(400))
    assert granted(evidence(held, parts=[over, over]))["organic"] is True
    mixed = granted(evidence(held, parts=[over, early]))
    assert mixed["organic_conversion"] is True
    assert "organic" not in mixed


@pytest.mark.parametrize(
    ("recorded", "claimed"), [(100, True), (105, True), (106, False), (1, True)]
)
def test_a_lot_over_what_was_declared_claims_neither_code_nor_standard(
    recorded: int, claimed: bool
) -> None:
    found = decided(evidence(certificate(), season=weighed(recorded, total=900), codes=[code()]))
    assert found["area_code"].granted is claimed
    assert found["vietgap"].granted is claimed
    if not claimed:
        assert "100 kg was declared" in str(found["vietgap"].reason)
        assert found["area_code"].mend == found["vietgap"].mend


def test_more_than_the_certificate_covers_a_year_is_not_claimed_under_it() -> None:
    held = certificate()
    over = decided(evidence(held, certified={held.id: weighed(106)}))
    assert not over["vietgap"].granted
    assert "certificate VietGAP-1 covers 100 kg" in str(over["vietgap"].reason)
    assert over["area_code"].granted
    assert granted(evidence(held, certified={held.id: weighed(105)}))["vietgap"]
    assert granted(evidence(held, certified={held.id + 1: weighed(500)}))["vietgap"]


@pytest.mark.parametrize(
    ("the_code", "claimed"),
    [
        ("held", True),
        ("was under a warning", True),
        ("was suspended", False),
        ("was revoked", False),
        ("was not issued yet", False),
        ("is for another market", False),
        ("there is none", False),
    ],
)
def test_the_planting_area_code_is_claimed_when_it(the_code: str, claimed: bool) -> None:
    codes = {
        "held": [code()],
        "was under a warning": [code(CodeStatus.WARNED)],
        "was suspended": [code(CodeStatus.SUSPENDED)],
        "was revoked": [code(CodeStatus.REVOKED)],
        "was not issued yet": [code(None)],
        "is for another market": [code(market="CHN")],
        "there is none": [],
    }[the_code]
    claim = decided(evidence(codes=codes))["area_code"]
    assert claim.granted is claimed
    if not claimed:
        lost = the_code in {"was suspended", "was revoked"}
        assert ("suspended or revoked" in str(claim.reason)) is lost
        assert claim.mend is not None


def test_the_certificate_that_runs_longest_is_the_one_that_is_said() -> None:
    short = certificate(id=1, number="A", crops=frozenset())
    long = certificate(id=2, number="B", crops=frozenset(), valid_to=HARVEST + days(400))
    for held in ((short, long), (long, short)):
        assert decided(evidence(*held))["vietgap"].number == "B"


def test_one_certificate_that_covers_is_enough() -> None:
    none = certificate(id=1, crops=frozenset(), valid_to=HARVEST + days(900))
    good = certificate(id=2, number="B")
    claim = decided(evidence(none, good))["vietgap"]
    assert (claim.granted, claim.number, claim.certificate_id) == (True, "B", 2)


def test_organic_comes_before_in_conversion_where_both_are_granted() -> None:
    converting = certificate(**ORGANIC, id=1, in_conversion=True)
    full = certificate(**ORGANIC, id=2)
    assert granted(evidence(converting, full)).keys() >= {"organic"}
    assert "organic_conversion" not in granted(evidence(converting, full))


def test_every_claim_is_called_by_a_name_and_a_refusal_says_what_helps() -> None:
    held = [
        certificate(kind, id=at) for at, kind in enumerate(("vietgap", "ocop", "pgs", "organic"))
    ]
    for claim in decided(
        evidence(*held, diary=diary(spray(1, 7, verdict=VerdictKind.BANNED)))
    ).values():
        assert claim.label.msgid
        assert claim.granted is (claim.mend is None)
    unknown = replace(claim, kind="something else")
    assert unknown.label == say("Certified")


def test_claims_are_called_by_the_name_of_their_kind() -> None:
    names = {
        "vietgap": "VietGAP",
        "organic": "Organic",
        "globalgap": "GLOBALG.A.P.",
        "food_safety": "Food-safety facility",
        "ocop": "OCOP",
        "pgs": "PGS organic",
        "geographical_indication": "Geographical indication",
        "collective_mark": "Collective mark",
    }
    for kind, name in names.items():
        assert str(decided(evidence(certificate(kind)))[kind].label) == name
    own = {kind: str(claim.label) for kind, claim in decided(evidence()).items()}
    assert own == {
        "area_code": "Planting-area code",
        "waiting_time": "Waiting time kept",
        "inputs": "Permitted inputs only",
    }


def test_a_claim_without_a_certificate_names_none() -> None:
    claim = decided(evidence())["area_code"]
    assert (claim.certificate_id, claim.number) == (None, None)


def test_a_certificate_of_one_kind_grants_no_other() -> None:
    found = granted(evidence(certificate(id=1), certificate("globalgap", id=2, crops=frozenset())))
    assert (found["vietgap"], found["globalgap"]) == (True, False)


def test_organic_rests_on_the_balance_too() -> None:
    held = certificate(**ORGANIC)
    assert granted(evidence(held, season=weighed(106)))["organic"] is False
    assert granted(evidence(held, season=weighed(105)))["organic"] is True


def test_claims_come_in_a_fixed_order() -> None:
    held = [certificate(kind, id=at) for at, kind in enumerate(("vietgap", "ocop", "organic"))]
    kinds = list(granted(evidence(*held)))
    assert kinds == ["area_code", "waiting_time", "inputs", "ocop", "organic", "vietgap"]


def test_what_stands_in_the_way_is_said_in_order_balance_first() -> None:
    worst = diary(spray(1, 7, verdict=VerdictKind.BANNED))
    said = str(decided(evidence(certificate(), diary=worst, season=weighed(200)))["vietgap"].reason)
    assert "declared" in said
    said = str(decided(evidence(certificate(), diary=worst))["vietgap"].reason)
    assert "waiting time" in said
    late = diary(spray(30, 7, verdict=VerdictKind.BANNED))
    assert str(decided(evidence(certificate(), diary=late))["vietgap"].reason).startswith("Used on")
