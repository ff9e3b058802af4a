"""How a lot stands is computed: every bad fact is said, none is soothed, whatever else is true of the lot."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kit.messages import say
from app.lots.facts import CodeFacts
from app.lots.waiting import Waiting
from app.models.certificates import Confirmation
from app.models.lots import HarvestLot, LotState
from app.models.registry import CodeScheme, CodeStatus
from app.provenance.standing import Inputs, Standing, StandingFacts, Tone, standings_of, tone_of
from app.provenance.story import (
    AreaTold,
    ClaimTold,
    CodeTold,
    CropTold,
    DiaryTold,
    EventTold,
    ProducerTold,
    ProofTold,
    Story,
    TreatmentTold,
)
from app.provenance.strip import StripFacts, strip_of
from app.web.rendering import render

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
# What the page says of each bad fact, in its own words: written here, not taken from the code.
SAID = {
    "recalled": "Recalled: do not eat, do not sell",
    "held": "Held: not to be sold for now",
    "withdrawn": "This lot was withdrawn",
    "waits": "Not to be sold before 21/11/2026",
    "past": "Past its best-before day (19/11/2026)",
    "inactive": "Not activated yet",
    "broken": "Harvested before the waiting time was over",
    "unfit": "Grown with an input that was not permitted",
    "expired": "VietGAP: the certificate expired on 19/11/2026",
    "lost": "VietGAP no longer holds for this lot",
    "code": "Planting-area code VN-10-085-1 no longer holds",
    "test": "A laboratory test failed: do not eat",
}
SOOTHING = (
    "warning stands",
    "In force:",
    'class="y"',
    "s good",
    "s plain",
    "CertificationActive",
)
# Of no lot, whatever is known of it, may this be said.
NEVER = ("genuine", "authentic", "hàng thật", "chính hãng", "xác thực", "正品", "真品")
CERTIFICATES = ("none", "valid", "expired", "lost", "never")


def combinations() -> Iterator[dict[str, object]]:
    """All of them: 6 states × 2⁵ × 3 × 3 × 5."""
    axes: dict[str, tuple[object, ...]] = {
        "state": tuple(LotState),
        "waits": (False, True),
        "past": (False, True),
        "inactive": (False, True),
        "code": (False, True),
        "test": (False, True),
        "waiting": tuple(Waiting),
        "inputs": tuple(Inputs),
        "certificate": CERTIFICATES,
    }
    for values in itertools.product(*axes.values()):
        yield dict(zip(axes, values, strict=True))


def bad_of(case: dict[str, object]) -> set[str]:
    """The bad facts of a case, found without the product's rules."""
    found = {name for name in ("waits", "past", "code", "test") if case[name]}
    if case["state"] in {LotState.RECALLED, LotState.HELD, LotState.WITHDRAWN}:
        found.add(str(case["state"]))
    elif case["inactive"]:
        found.add("inactive")
    if case["waiting"] is Waiting.BROKEN and not case["waits"]:
        found.add("broken")
    if case["inputs"] is Inputs.UNFIT:
        found.add("unfit")
    if case["certificate"] in {"expired", "lost"}:
        found.add(str(case["certificate"]))
    return found


def claim(certificate: str) -> tuple[ClaimTold, ...]:
    why = say("Certificate {number} does not cover it.", number="VG-1")
    told = ClaimTold(
        kind="vietgap",
        title=say("VietGAP"),
        granted_now=certificate in {"valid", "expired"},
        reason_now=why,
        granted_then=certificate != "never",
        reason_then=why,
        mend=None,
        number="VG-1",
        standard="TCVN 11892-1:2017",
        body="Trung tâm",
        valid_from=TODAY - 700 * DAY,
        valid_to=TODAY - DAY if certificate == "expired" else TODAY + 30 * DAY,
        status_now={"expired": "expired", "lost": "withdrawn"}.get(certificate, "active"),
        confirmation=Confirmation.BODY,
    )
    return () if certificate == "none" else (told,)


def simple_claim(kind: str, *, granted: bool) -> ClaimTold:
    why = say("Why of {kind}.", kind=kind)
    return ClaimTold(kind, say("Claim"), granted, why, granted, why, None)


def strip_facts(case: dict[str, object]) -> StripFacts:
    lot = HarvestLot(
        code="LCYTCJ2VMSC46CC",
        state=case["state"],
        state_reason="Tồn dư thuốc.",
        state_since=datetime(2026, 11, 18, tzinfo=UTC),
        best_before=TODAY - DAY if case["past"] else TODAY,
    )
    now = CodeStatus.SUSPENDED if case["code"] else CodeStatus.ACTIVE
    code = CodeFacts("VN-10-085-1", "VNM", CodeScheme.QD3156_2022, TODAY, CodeStatus.ACTIVE, now)
    return StripFacts(
        lot=lot,
        producer=say("HTX Bản Phố"),
        today=TODAY,
        claims=(
            simple_claim("area_code", granted=not case["code"]),
            simple_claim("waiting_time", granted=case["waiting"] is Waiting.KEPT),
            simple_claim("inputs", granted=case["inputs"] is Inputs.FIT),
            *claim(str(case["certificate"])),
        ),
        codes=(code,),
        sellable_from=TODAY + DAY if case["waits"] else TODAY,
        waiting=case["waiting"],
        inputs=case["inputs"],
        activated=not case["inactive"],
        failed_test=say("The official sample failed.") if case["test"] else None,
    )


def page_of(case: dict[str, object]) -> str:
    """The whole page of a lot of which this is true."""
    facts = strip_facts(case)
    code = facts.codes[0]
    last = TreatmentTold(
        "Abamex", TODAY - 9 * DAY, 7, 4 if case["waiting"] is Waiting.BROKEN else 9
    )
    story = Story(
        code=facts.lot.code,
        code_in_groups="LCYT CJ2V MSC4 6CC",
        address=f"https://truyxuat.test/t/{facts.lot.code}",
        strip=strip_of(facts),
        state=facts.lot.state,
        state_since=facts.lot.state_since,
        state_reason=facts.lot.state_reason,
        crop=CropTold("BAP_CAI", "Bắp cải", "Cabbage", "卷心菜", "Brassica"),
        sold_as=(),
        producer=ProducerTold(
            say("HTX Bản Phố"), "/o/1", "cooperative", "Xã Bắc Hà", None, "0214", None
        ),
        area=AreaTold(
            "Đồi Sân Chùa",
            "Xã Bắc Hà",
            "02839",
            None,
            "Tỉnh Lào Cai",
            (CodeTold(code.code, "VNM", "QD3156_2022", TODAY, "active", code.now.value),),
        ),
        origins=(),
        pictures=(),
        harvested_on=TODAY - 2 * DAY,
        packed_on=None,
        best_before=facts.lot.best_before,
        sellable_from=facts.sellable_from,
        claims=tuple(facts.claims),
        diary=DiaryTold({}, None, (last,), last, facts.waiting),
        tests=(),
        failed_test=None,
        label=None,
        events=(EventTold(say("Harvested"), TODAY, "Xã Bắc Hà", say("HTX")),),
        proof=ProofTold(1, facts.lot.state_since),
        told_on=TODAY,
        demonstration=False,
    )
    template = "withdrawn" if case["state"] is LotState.WITHDRAWN else "lot"
    return render("en", f"public/{template}.html", story=story, path="/t/X", caller=None)


def test_every_combination_of_facts_says_what_is_bad_and_nothing_else() -> None:
    count = 0
    for case in combinations():
        strip = strip_of(strip_facts(case))
        said = {str(strip.title), *map(str, strip.also)}
        said = {
            line.replace("2026-11-21", "21/11/2026").replace("2026-11-19", "19/11/2026")
            for line in said
        }
        bad = bad_of(case)
        assert strip.calm is not bool(bad), case
        if bad:
            assert said == {SAID[name] for name in bad}, case
        count += 1
    assert count == 6 * 2**5 * 3 * 3 * 5


def test_green_needs_a_valid_certificate_the_waiting_time_kept_and_permitted_inputs() -> None:
    green = [case for case in combinations() if strip_of(strip_facts(case)).tone is Tone.GOOD]
    assert {case["certificate"] for case in green} == {"valid"}
    assert {case["waiting"] for case in green} == {Waiting.KEPT}
    assert {case["inputs"] for case in green} == {Inputs.FIT}
    assert not any(bad_of(case) for case in green)
    assert {case["state"] for case in green} == {LotState.OPEN, LotState.SEALED, LotState.CLOSED}


def test_what_is_not_known_is_never_green_and_says_so() -> None:
    calm = [case for case in combinations() if not bad_of(case)]
    unknown = [case for case in calm if case["waiting"] is Waiting.UNKNOWN]
    assert unknown
    for case in unknown:
        strip = strip_of(strip_facts(case))
        assert strip.tone is Tone.PLAIN
        assert "waiting time after spraying was kept is not known" in " ".join(
            map(str, strip.words)
        )


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(list(combinations())))
def test_no_page_with_a_bad_fact_reassures_anywhere(case: dict[str, object]) -> None:
    html = page_of(case)
    bad = bad_of(case)
    for name in bad:
        assert SAID[name] in html
    assert not any(word in html.lower() for word in NEVER)
    # How to keep and wash it is no advice beside "do not eat", whatever else stands before that.
    stops = {"recalled", "withdrawn", "test", "unfit"} & set(bad)
    assert ('class="s stop"' in html, "Keeping and using it" in html) == (bool(stops), not stops)
    if bad:
        assert [word for word in SOOTHING if word in html] == []
        assert 'role="alert"' in html


def test_the_page_of_a_good_lot_would_fail_that_test() -> None:
    """The control: the soothing words are there where nothing is bad."""
    good: dict[str, object] = dict.fromkeys(("waits", "past", "inactive", "code", "test"), False)
    good |= {"state": LotState.SEALED, "certificate": "valid"}
    good |= {"waiting": Waiting.KEPT, "inputs": Inputs.FIT}
    html = page_of(good)
    assert all(word in html for word in SOOTHING if word != "s plain")
    plain = page_of({**good, "waiting": Waiting.UNKNOWN})
    assert "s plain" in plain
    assert "In force:" not in plain


@pytest.mark.parametrize("standing", Standing)
def test_every_standing_has_a_tone_and_only_two_are_calm(standing: Standing) -> None:
    loud = tone_of(standing) in {Tone.STOP, Tone.CARE}
    assert loud is (standing not in {Standing.IN_FORCE, Standing.NO_WARNING})


def test_the_gravest_stands_first() -> None:
    facts = StandingFacts(
        state=LotState.RECALLED,
        today=TODAY,
        best_before=TODAY - DAY,
        activated=False,
        certificate_lost=True,
    )
    assert standings_of(facts) == (
        Standing.RECALLED,
        Standing.PAST,
        Standing.CERTIFICATE_LOST,
    )
    assert standings_of(replace(facts, state=LotState.OPEN))[0] is Standing.PAST


def test_on_its_last_day_a_lot_is_not_past_and_on_the_day_itself_it_may_be_sold() -> None:
    facts = StandingFacts(LotState.OPEN, TODAY, sellable_from=TODAY, best_before=TODAY)
    assert not facts.waits
    assert not facts.past
    tomorrow = replace(facts, today=TODAY + DAY)
    assert tomorrow.past
    assert replace(facts, today=TODAY - DAY).waits
