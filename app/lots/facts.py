"""What the claim rules need to know of a lot, gathered before they judge. Plain values, no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.catalogue.input_rules import VerdictKind
from app.certificates.rules import CertificateFacts, Lot
from app.kit.messages import Message, say
from app.kit.quantities import Grams
from app.lots.balance import Weighed
from app.models.diary import Work
from app.models.registry import CodeScheme, CodeStatus


@dataclass(frozen=True)
class CodeFacts:
    """A planting-area code of a lot's area: its status on the harvest day (None: not issued yet) and today."""

    code: str
    market: str
    scheme: CodeScheme
    issued_on: date
    then: CodeStatus | None
    now: CodeStatus


@dataclass(frozen=True)
class PartFacts:
    """A part of a lot: who brought it, and from what. A lot of one piece is its only part.

    `member`: whether the grower belonged to the organisation on the harvest day; `sown_on` is the
    day the planting was sown, where one is known.
    """

    quantity: Grams
    grower_id: int | None = None
    member: bool = True
    planting_id: int | None = None
    plot_id: int | None = None
    sown_on: date | None = None


NOT_ASKED = say("It was not judged for this crop.")


@dataclass(frozen=True)
class Use:
    """An input that was used on the land before the harvest, as the diary and the catalogue have it.

    `interval_days` None: nobody knows how long to wait. `organic` None: nobody knows whether
    organic production permits it.
    """

    on: date
    product: str
    pesticide: bool
    interval_days: int | None
    verdict: VerdictKind = VerdictKind.NOT_JUDGED
    reason: Message = NOT_ASKED
    organic: bool | None = None


@dataclass(frozen=True)
class DiaryFacts:
    """What the diary says: of the plantings a lot came from, and of the land in the look-back.

    `entries` counts what is written of the plantings besides harvests; 0 proves nothing. `works`
    counts the same by kind of work; `sown_on` is the earliest day one of them was sown.
    """

    entries: int
    uses: Sequence[Use] = ()
    on_the_land: Sequence[Use] = ()
    works: Mapping[Work, int] = field(default_factory=dict)
    sown_on: date | None = None


@dataclass(frozen=True)
class FailedTest:
    """An official sample of the lot that a laboratory found to be over a limit."""

    sampled_on: date
    laboratory: str
    number: str
    analytes: str


@dataclass(frozen=True)
class Evidence:
    """Everything the claims of one lot are decided from. `diary` None: no planting is known.

    `certified` holds, by certificate, what was harvested under it this year against what it covers;
    `failed_test` is the official test that failed and that nothing lifted.
    """

    lot: Lot
    codes: Sequence[CodeFacts]
    certificates: Sequence[CertificateFacts]
    parts: Sequence[PartFacts]
    perennial: bool = False
    diary: DiaryFacts | None = None
    season: Weighed | None = None
    certified: Mapping[int, Weighed] = field(default_factory=dict)
    failed_test: FailedTest | None = None
