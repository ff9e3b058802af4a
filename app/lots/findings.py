"""What was found out about a lot; of a lot made of others: only what all of them hold. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.kit.codes import grouped
from app.kit.messages import say
from app.lots.claims import Claim
from app.lots.facts import DiaryFacts, Evidence
from app.lots.waiting import Waiting, waiting_of
from app.models.diary import Work

ORGANIC = "organic"
# Said of a lot of several harvests by the worst of them.
_WORST_FIRST = (Waiting.BROKEN, Waiting.UNKNOWN, Waiting.KEPT)


@dataclass(frozen=True)
class Findings:
    """A lot's claims, what they rest on, and from when it may be sold (None: it need not wait).

    `sources`: of a derived lot, what was found out about each harvest in it.
    """

    claims: list[Claim]
    evidence: Evidence
    sellable_from: date | None
    sources: tuple["Findings", ...] = ()

    @property
    def harvests(self) -> tuple["Findings", ...]:
        """What was found out harvest by harvest."""
        return self.sources or (self,)

    @property
    def waiting(self) -> Waiting:
        """Whether the waiting time was kept; of several harvests the worst answer counts."""
        said = {
            waiting_of(one.evidence.diary, one.evidence.lot.harvested_on) for one in self.harvests
        }
        return next(waiting for waiting in _WORST_FIRST if waiting in said)


@dataclass(frozen=True)
class Source:
    """A harvest in a derived lot."""

    code: str
    findings: Findings
    grams: int = 0


@dataclass(frozen=True)
class Mix:
    """From which share of organic goods on processed ones may be called organic, and by which act."""

    percent: int
    legal_ref: str


def together(sources: Sequence[Source], harvested_on: date, mix: Mix | None = None) -> Findings:
    """What a lot made of harvests may say: a claim only where each of them may make it.

    `mix`, of processed goods: organic from its share of the kilograms on.
    """
    every = [source.findings for source in sources]
    # Every claim that some source could think of, in the order in which they came up.
    kinds = dict.fromkeys(claim.kind for one in every for claim in one.claims)
    waits = [one.sellable_from for one in every if one.sellable_from is not None]
    return Findings(
        claims=[_organic_mix(kind, sources, mix) or _of_all(kind, sources) for kind in kinds],
        evidence=_evidence(every, harvested_on),
        sellable_from=max(waits, default=None),
        sources=tuple(every),
    )


def _organic_mix(kind: str, sources: Sequence[Source], mix: Mix | None) -> Claim | None:
    """Whether processed goods of which a part is organic may be called so; None: that is not asked.

    What is in conversion is not organic yet. Goods that failed an official test mend nothing.
    """
    held = [(one, claim) for one in sources if (claim := _held(kind, one)) is not None]
    failed = any(one.findings.evidence.failed_test is not None for one in sources)
    if mix is None or kind != ORGANIC or failed or not held or len(held) == len(sources):
        return None
    organic, whole = sum(one.grams for one, _ in held), sum(one.grams for one in sources)
    values = {"share": organic * 100 // whole, "least": mix.percent, "law": mix.legal_ref}
    _, largest = max(held, key=lambda pair: pair[0].grams)
    if organic * 100 >= mix.percent * whole:
        why = say("{share} % of it is organic, at least {least} % must be ({law}).", **values)
        return replace(largest, reason=why, mend=None)
    return replace(
        largest,
        granted=False,
        reason=say(
            "Only {share} % of it is organic, at least {least} % must be ({law}).", **values
        ),
        mend=say("Keep lots that can claim it apart from those that cannot."),
    )


def _held(kind: str, source: Source) -> Claim | None:
    claim = _find(kind, source.findings.claims)
    return claim if claim is not None and claim.granted else None


def _of_all(kind: str, sources: Sequence[Source]) -> Claim:
    held = [(source, _find(kind, source.findings.claims)) for source in sources]
    for source, claim in held:
        if claim is None:
            why = say("Lot {source} in it cannot claim this.", source=grouped(source.code))
            mend = say("Keep lots that can claim it apart from those that cannot.")
            return Claim(kind, granted=False, reason=why, mend=mend)
        if not claim.granted:
            why = say("Lot {source} in it: {why}", source=grouped(source.code), why=claim.reason)
            return replace(claim, reason=why if len(sources) > 1 else claim.reason)
    claims = [claim for _, claim in held if claim is not None]
    if len(claims) == 1:
        return claims[0]
    why = say("All {count} harvests in it may claim this.", count=len(claims))
    return replace(claims[0], reason=why, mend=None)


def _find(kind: str, claims: Iterable[Claim]) -> Claim | None:
    return next((claim for claim in claims if claim.kind == kind), None)


def _evidence(every: Sequence[Findings], harvested_on: date) -> Evidence:
    evidence = [one.evidence for one in every]
    certificates = {one.id: one for each in evidence for one in each.certificates}
    failing = [one.season for one in evidence if one.season is not None and not one.season.passes]
    tests = [one.failed_test for one in evidence if one.failed_test is not None]
    return Evidence(
        lot=replace(evidence[0].lot, harvested_on=harvested_on),
        codes=list({code.code: code for each in evidence for code in each.codes}.values()),
        certificates=list(certificates.values()),
        parts=[part for each in evidence for part in each.parts],
        perennial=evidence[0].perennial,
        diary=_diary([one.diary for one in evidence]),
        season=failing[0] if failing else None,
        failed_test=max(tests, key=lambda test: test.sampled_on, default=None),
    )


def _diary(diaries: Sequence[DiaryFacts | None]) -> DiaryFacts | None:
    """All diaries as one; None as soon as of one harvest nothing is known, empty as soon as one is."""
    known = [diary for diary in diaries if diary is not None]
    if len(known) < len(diaries):
        return None
    works: Counter[Work] = Counter()
    for diary in known:
        works.update(diary.works)
    sown = [diary.sown_on for diary in known if diary.sown_on is not None]
    return DiaryFacts(
        entries=works.total() if all(diary.entries for diary in known) else 0,
        uses=[use for diary in known for use in diary.uses],
        on_the_land=[use for diary in known for use in diary.on_the_land],
        works=works,
        sown_on=min(sown, default=None),
    )
