"""A lot's claims: what it may say, what it may not, why, and what would mend it. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.certificates.rules import CONVERSION, CertificateFacts
from app.kit.messages import Message, say
from app.lots.balance import reason_over
from app.lots.coverage import covered, lost_since
from app.lots.facts import CodeFacts, DiaryFacts, Evidence, FailedTest
from app.lots.inputs import (
    LookBack,
    Obstacle,
    Terms,
    find_not_organic,
    find_unfit,
    obstacle_of,
)
from app.lots.waiting import (
    Waiting,
    find_broken,
    find_unknown,
    reason_broken,
    reason_unknown,
    sellable_from,
    waiting_of,
)
from app.models.registry import HOLDING

AREA_CODE = "area_code"
WAITING_TIME = "waiting_time"
INPUTS = "inputs"
IN_CONVERSION = CONVERSION
HOME_MARKET = "VNM"
ORGANIC_KINDS = frozenset({"organic", CONVERSION, "pgs"})
# Standards of how something is grown: they rest on the diary and on the mass balance too.
GROWING_KINDS = frozenset({"vietgap", "globalgap", *ORGANIC_KINDS})


TITLES: dict[str, Message] = {
    AREA_CODE: say("Planting-area code"),
    WAITING_TIME: say("Waiting time kept"),
    INPUTS: say("Permitted inputs only"),
    IN_CONVERSION: say("In conversion to organic"),
    "vietgap": say("VietGAP"),
    "organic": say("Organic"),
    "globalgap": say("GLOBALG.A.P."),
    "food_safety": say("Food-safety facility"),
    "ocop": say("OCOP"),
    "pgs": say("PGS organic"),
    "geographical_indication": say("Geographical indication"),
    "collective_mark": say("Collective mark"),
}
NO_DIARY = Obstacle(
    say("No diary is linked to this harvest."),
    say("Enter the planting and keep its diary."),
)
EMPTY_DIARY = Obstacle(
    say("Nothing is written in the diary of this planting yet."),
    say("Write down what was done on the field."),
)
FROM_OUTSIDE = Obstacle(
    say("It came from a supplier outside of this system: where and how it grew is not known here."),
    say("Ask the supplier to keep its own records in this system."),
)
MEND_BALANCE = say(
    "Correct the weight or the declaration, or withdraw what was recorded by mistake."
)
MEND_TEST = say(
    "A verification test that passes lifts this, or the withdrawal of a report that was wrong."
)


@dataclass(frozen=True)
class Claim:
    """One claim with its decision. `certificate` is the one that grants it, or came nearest."""

    kind: str
    granted: bool
    reason: Message
    mend: Message | None = None
    certificate: CertificateFacts | None = None

    @property
    def label(self) -> Message:
        """What the claim is called."""
        return TITLES.get(self.kind, say("Certified"))

    @property
    def certificate_id(self) -> int | None:
        return self.certificate.id if self.certificate else None

    @property
    def number(self) -> str | None:
        return self.certificate.number if self.certificate else None


def claims_for(evidence: Evidence, *, terms: Terms, today: date) -> list[Claim]:
    """Every claim the lot could think of making, decided with what is known today.

    One claim for the planting-area code of the home market, one for the waiting time, one for the
    inputs, and one for each kind of standard of which the organisation holds, or held, a
    certificate. A kind nobody certified is no claim. An official test that failed withholds all.
    """
    kinds = sorted({certificate.kind for certificate in evidence.certificates})
    claims = [
        _of_code(evidence),
        _of_waiting(evidence.diary, evidence.lot.harvested_on),
        _of_inputs(evidence.diary),
        *(_of_standard(kind, evidence, terms, today) for kind in kinds),
    ]
    failed = evidence.failed_test
    return claims if failed is None else tested_away(claims, failed)


def claims_from_outside() -> list[Claim]:
    """The claims of goods from a supplier outside of the system: none of them granted."""
    return [_withheld(kind, FROM_OUTSIDE) for kind in (AREA_CODE, WAITING_TIME, INPUTS)]


def tested_away(claims: Sequence[Claim], failed: FailedTest) -> list[Claim]:
    """The same claims, none of them granted: an official test failed."""
    return [_tested_away(claim, failed) for claim in claims]


def reason_failed(test: FailedTest) -> Message:
    """What an official test that failed is told as."""
    return say(
        "The official sample of {day} failed: {analytes} (report {number} of {laboratory}).",
        day=test.sampled_on,
        analytes=test.analytes,
        number=test.number,
        laboratory=test.laboratory,
    )


def _tested_away(claim: Claim, test: FailedTest) -> Claim:
    if not claim.granted:
        return claim
    return replace(claim, granted=False, reason=reason_failed(test), mend=MEND_TEST)


def _of_code(evidence: Evidence) -> Claim:
    day = evidence.lot.harvested_on
    codes = [code for code in evidence.codes if code.market == HOME_MARKET]
    active = [code for code in codes if code.then in HOLDING]
    if active:
        over = _over_the_season(evidence)
        if over is not None:
            return Claim(AREA_CODE, granted=False, reason=over.reason, mend=over.mend)
        held = say(
            "The planting area held code {code} on the harvest day {day}.",
            code=active[0].code,
            day=day,
        )
        return Claim(AREA_CODE, granted=True, reason=held)
    return _without_code([code for code in codes if code.then is not None], day)


def _without_code(lost: Sequence[CodeFacts], day: date) -> Claim:
    if lost:
        return Claim(
            AREA_CODE,
            granted=False,
            reason=say(
                "Code {code} was suspended or revoked on the harvest day {day}.",
                code=lost[0].code,
                day=day,
            ),
            mend=say("Harvests count again from the day the code is restored."),
        )
    return Claim(
        AREA_CODE,
        granted=False,
        reason=say("The planting area had no code on the harvest day {day}.", day=day),
        mend=say("Apply for a planting-area code for this area."),
    )


def _of_waiting(diary: DiaryFacts | None, harvested_on: date) -> Claim:
    silent = _silence(diary)
    if diary is None or silent is not None:
        return _withheld(WAITING_TIME, silent or NO_DIARY)
    obstacle = _unkept(diary, harvested_on)
    if obstacle is not None:
        return _withheld(WAITING_TIME, obstacle)
    kept = say(
        "The diary shows no pesticide whose waiting time was running on {day}.", day=harvested_on
    )
    return Claim(WAITING_TIME, granted=True, reason=kept)


def _of_inputs(diary: DiaryFacts | None) -> Claim:
    silent = _silence(diary)
    if diary is None or silent is not None:
        return _withheld(INPUTS, silent or NO_DIARY)
    unfit = find_unfit(diary.uses)
    if unfit is not None:
        return _withheld(INPUTS, obstacle_of(unfit))
    return Claim(
        INPUTS, granted=True, reason=say("Everything that the diary names was permitted that day.")
    )


def _silence(diary: DiaryFacts | None) -> Obstacle | None:
    if diary is None:
        return NO_DIARY
    return None if diary.entries else EMPTY_DIARY


def _unkept(diary: DiaryFacts, harvested_on: date) -> Obstacle | None:
    match waiting_of(diary, harvested_on):
        case Waiting.KEPT:
            return None
        case Waiting.BROKEN:
            use = find_broken(diary.uses, harvested_on)
            over = sellable_from(diary.uses, harvested_on) or harvested_on
            mend = say("It may be sold from {day} on; later harvests may claim it.", day=over)
            return Obstacle(reason_broken(use, harvested_on), mend) if use else None
        case Waiting.UNKNOWN:
            unknown = find_unknown(diary.uses, harvested_on)
            mend = say("Enter the days that stand on the label.")
            return Obstacle(reason_unknown(unknown), mend) if unknown else None


def _of_standard(kind: str, evidence: Evidence, terms: Terms, today: date) -> Claim:
    held = [certificate for certificate in evidence.certificates if certificate.kind == kind]
    decisions = [_decided(kind, certificate, evidence, terms, today) for certificate in held]
    granted = [claim for claim in decisions if claim.granted]
    if granted:
        # Organic before "in conversion", where certificates grant both.
        return next((claim for claim in granted if claim.kind == kind), granted[0])
    # The certificate that runs longest is the one people think of: its reason is worth saying.
    return max(
        decisions,
        key=lambda claim: (
            claim.certificate.valid_to if claim.certificate else evidence.lot.harvested_on
        ),
    )


def _decided(
    kind: str,
    certificate: CertificateFacts,
    evidence: Evidence,
    terms: Terms,
    today: date,
) -> Claim:
    verdict = covered(certificate, evidence, terms.periods)
    if isinstance(verdict, Obstacle):
        return Claim(kind, False, verdict.reason, verdict.mend, certificate)
    obstacle = lost_since(certificate, today)
    if obstacle is None and verdict.kind in GROWING_KINDS:
        obstacle = _first(_growing_obstacles(verdict.kind, evidence, terms.look_back))
    if obstacle is not None:
        return Claim(kind, False, obstacle.reason, obstacle.mend, certificate)
    return Claim(verdict.kind, True, verdict.reason, None, certificate)


def _growing_obstacles(
    kind: str, evidence: Evidence, look_back: LookBack | None
) -> Sequence[Callable[[], Obstacle | None]]:
    """What stands in the way of a growing standard, in the order in which it is said."""
    diary, day = evidence.diary, evidence.lot.harvested_on
    always = [lambda: _over_the_season(evidence)]
    if diary is None:
        return always
    written = [lambda: _unkept(diary, day), lambda: _unfit(diary)]
    if kind not in ORGANIC_KINDS:
        return [*always, *written]
    land = [*diary.uses, *diary.on_the_land]
    return [*always, *written, lambda: find_not_organic(land, day, look_back)]


def _over_the_season(evidence: Evidence) -> Obstacle | None:
    season = evidence.season
    if season is None or season.passes:
        return None
    return Obstacle(reason_over(season), MEND_BALANCE)


def _unfit(diary: DiaryFacts) -> Obstacle | None:
    use = find_unfit(diary.uses)
    return None if use is None else obstacle_of(use)


def _first(asked: Sequence[Callable[[], Obstacle | None]]) -> Obstacle | None:
    return next((found for ask in asked if (found := ask()) is not None), None)


def _withheld(kind: str, obstacle: Obstacle) -> Claim:
    return Claim(kind, granted=False, reason=obstacle.reason, mend=obstacle.mend)
