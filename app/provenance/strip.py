"""The words of the status strip: the gravest fact, what it means and what to do, what else is wrong. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.kit.clock import day_of
from app.kit.messages import Message, say
from app.lots.claims import INPUTS, WAITING_TIME, reason_failed
from app.lots.facts import CodeFacts, FailedTest
from app.lots.lab_queries import LabReportTold
from app.lots.waiting import Waiting
from app.models.lots import HarvestLot, LotState
from app.models.registry import HOLDING, CodeStatus
from app.provenance.standing import (
    Inputs,
    Standing,
    StandingFacts,
    loudest_of,
    standings_of,
)
from app.provenance.story import ClaimTold, StripTold
from app.recalls.lifted_queries import LiftedRecall, ReleasedRecall

HOME_MARKET = "VNM"
# A certificate that another replaced still covers the harvests of its own time.
_HOLDS = frozenset({"active", "replaced"})
_CODE_LOST = frozenset({CodeStatus.SUSPENDED, CodeStatus.REVOKED})
# Said of a recall only where its reason was meant for everybody.
REASONS_TOLD = frozenset({LotState.RECALLED, LotState.WITHDRAWN})

TITLES: Mapping[Standing, Message] = {
    Standing.WITHDRAWN: say("This lot was withdrawn"),
    Standing.RECALLED: say("Recalled: do not eat, do not sell"),
    Standing.HELD: say("Held: not to be sold for now"),
    Standing.TEST_FAILED: say("A laboratory test failed: do not eat"),
    Standing.UNFIT_INPUT: say("Grown with an input that was not permitted"),
    Standing.WAITING_BROKEN: say("Harvested before the waiting time was over"),
    Standing.NOT_ACTIVATED: say("Not activated yet"),
    Standing.NO_WARNING: say("No warning stands for this lot"),
    Standing.IN_FORCE: say("In force: no warning stands"),
}


@dataclass(frozen=True)
class StripFacts:
    """What the strip is made of besides the lot itself.

    `stopped_by`: a lot that is in this one, and whose recall or hold is one of this lot as well.
    """

    lot: HarvestLot
    producer: Message
    today: date
    claims: Sequence[ClaimTold]
    codes: Sequence[CodeFacts]
    sellable_from: date | None
    waiting: Waiting
    inputs: Inputs
    activated: bool
    failed_test: Message | None = None
    stopped_by: HarvestLot | None = None
    lifted: LiftedRecall | None = None
    released: ReleasedRecall | None = None

    @property
    def deciding(self) -> HarvestLot:
        """The lot whose state counts."""
        return self.stopped_by or self.lot

    @property
    def lost(self) -> list[ClaimTold]:
        """Claims that rest on a certificate and held when the lot was recorded, but do not today."""
        return [claim for claim in self.claims if claim.number and _is_lost(claim)]

    @property
    def codes_lost(self) -> list[CodeFacts]:
        """Codes of the home market that held on the harvest day and were taken away since."""
        return [
            code
            for code in self.codes
            if code.market == HOME_MARKET and code.then in HOLDING and code.now in _CODE_LOST
        ]

    @property
    def granted(self) -> list[ClaimTold]:
        return [claim for claim in self.claims if claim.granted_now]

    @property
    def standing(self) -> StandingFacts:
        """The same as the rules of standing take it."""
        return StandingFacts(
            state=self.deciding.state,
            today=self.today,
            sellable_from=self.sellable_from,
            best_before=self.lot.best_before,
            activated=self.activated,
            waiting=self.waiting,
            inputs=self.inputs,
            certified=any(claim.number and claim.status_now in _HOLDS for claim in self.granted),
            certificate_lost=bool(self.lost),
            code_lost=bool(self.codes_lost),
            test_failed=self.failed_test is not None,
        )


def strip_of(facts: StripFacts) -> StripTold:
    """The strip of a lot today."""
    standings = standings_of(facts.standing)
    titles = [title for standing in standings for title in _titles(standing, facts)]
    titles += [*_released(facts), *_errors(facts)]
    gravest = standings[0]
    return StripTold(
        standings=standings,
        tone=loudest_of(standings),
        title=titles[0],
        words=tuple(_WORDS[gravest](facts)),
        also=tuple(titles[1:]),
    )


def _released(facts: StripFacts) -> list[Message]:
    """Goods that were fixed are in trade again; that they were recalled is never hidden."""
    if facts.released is None:
        return []
    return [
        say(
            "Recalled on {since} ({why}), fixed on {fixed} and released on {day}: {reason}",
            since=facts.released.since,
            why=facts.released.recall_reason,
            fixed=facts.released.fixed_on,
            day=facts.released.released_on,
            reason=facts.released.reason,
        )
    ]


def _errors(facts: StripFacts) -> list[Message]:
    """A recall that was lifted is not hidden: who read the warning reads that it was an error."""
    if facts.lifted is None or facts.deciding.state is LotState.RECALLED:
        return []
    return [
        say(
            "A recall of {since} was an error and was lifted on {day}: {reason}",
            since=facts.lifted.since,
            day=facts.lifted.lifted_on,
            reason=facts.lifted.reason,
        )
    ]


def failed_test(tests: Sequence[LabReportTold]) -> Message | None:
    """What the newest test that failed, and that nothing lifted, is told as; official ones first."""
    failed = sorted((one for one in tests if one.failed), key=lambda one: not one.official)
    if not failed:
        return None
    test = failed[0]
    if test.official:
        told = FailedTest(test.sampled_on, test.laboratory, test.number, test.failing)
        return reason_failed(told)
    return say(
        "The producer's own sample of {day} failed: {analytes} (report {number} of {laboratory}).",
        day=test.sampled_on,
        analytes=test.failing,
        number=test.number,
        laboratory=test.laboratory,
    )


def _is_lost(claim: ClaimTold) -> bool:
    return claim.granted_then and (not claim.granted_now or claim.status_now not in _HOLDS)


def _titles(standing: Standing, facts: StripFacts) -> list[Message]:
    match standing:
        case Standing.TOO_EARLY:
            return [say("Not to be sold before {day}", day=facts.sellable_from)]
        case Standing.PAST:
            return [say("Past its best-before day ({day})", day=facts.lot.best_before)]
        case Standing.CERTIFICATE_LOST:
            return [_lost_title(claim) for claim in facts.lost]
        case Standing.CODE_LOST:
            return [
                say("Planting-area code {code} no longer holds", code=code.code)
                for code in facts.codes_lost
            ]
        case _:
            return [TITLES[standing]]


def _lost_title(claim: ClaimTold) -> Message:
    if claim.status_now == "expired":
        return say(
            "{claim}: the certificate expired on {day}", claim=claim.title, day=claim.valid_to
        )
    return say("{claim} no longer holds for this lot", claim=claim.title)


def _withdrawn(facts: StripFacts) -> list[Message]:
    return [
        say(
            "{who} took this record back on {day}: it was made by mistake, and no goods should"
            " carry its label.",
            who=facts.producer,
            day=day_of(facts.lot.state_since),
        ),
        say("If you hold goods with this code, please tell the producer."),
    ]


def _recalled(facts: StripFacts) -> list[Message]:
    lot = facts.deciding
    return [
        say("Recalled since {day}: {reason}", day=day_of(lot.state_since), reason=lot.state_reason),
        say("Keep it apart and bring it back to where you bought it."),
    ]


def _held(facts: StripFacts) -> list[Message]:
    day = day_of(facts.deciding.state_since)
    return [say("The authority stopped it on {day} until a question is answered.", day=day)]


def _not_activated(_facts: StripFacts) -> list[Message]:
    return [
        say(
            "The producer has not reported that labels of this lot are on goods. If you found one"
            " on goods, ask the seller."
        )
    ]


def _reason_of(kind: str) -> Callable[[StripFacts], list[Message]]:
    return lambda facts: [claim.reason_now for claim in facts.claims if claim.kind == kind]


def _certificate_lost(facts: StripFacts) -> list[Message]:
    claim = facts.lost[0]
    if claim.status_now == "expired":
        return [say("It was valid on the harvest day.")]
    return [claim.reason_now]


def _not_proven(facts: StripFacts) -> list[Message]:
    """Why nothing is said louder than that no warning stands."""
    open_questions = []
    if not facts.standing.certified:
        open_questions.append(say("It claims no certificate."))
    if facts.waiting is not Waiting.KEPT:
        open_questions.append(say("Whether the waiting time after spraying was kept is not known."))
    elif facts.inputs is not Inputs.FIT:
        open_questions.append(say("Whether all that was used was permitted is not known."))
    return open_questions


_WORDS: Mapping[Standing, Callable[[StripFacts], list[Message]]] = {
    Standing.WITHDRAWN: _withdrawn,
    Standing.RECALLED: _recalled,
    Standing.HELD: _held,
    Standing.TEST_FAILED: lambda facts: [facts.failed_test] if facts.failed_test else [],
    Standing.TOO_EARLY: lambda _facts: [
        say("It was harvested before the waiting time after spraying was over.")
    ],
    Standing.UNFIT_INPUT: _reason_of(INPUTS),
    Standing.WAITING_BROKEN: _reason_of(WAITING_TIME),
    Standing.PAST: lambda _facts: [],
    Standing.NOT_ACTIVATED: _not_activated,
    Standing.CERTIFICATE_LOST: _certificate_lost,
    Standing.CODE_LOST: lambda _facts: [
        say("It held on the harvest day. Later harvests may not claim it.")
    ],
    Standing.NO_WARNING: _not_proven,
    Standing.IN_FORCE: lambda _facts: [],
}
