"""The story of a lot, as data: what the public page and its JSON twin say, and nothing else.

Whatever is not a field here cannot reach the public (NĐ 37/2026/NĐ-CP art. 23(5) and 23(7);
Luật 91/2025/QH15: no personal data of a grower without consent).
"""

from dataclasses import dataclass
from datetime import date, datetime

from app.kit.messages import Message
from app.kit.quantities import Grams
from app.models.certificates import Confirmation
from app.models.lots import LotState


@dataclass(frozen=True)
class CropTold:
    """The goods: names in three languages, and the drawing that stands in for a photograph."""

    slug: str
    name_vi: str
    name_en: str
    name_zh: str
    scientific_name: str

    def name(self, language: str) -> str:
        """The goods' name in `vi`, `en` or `zh`."""
        return {"vi": self.name_vi, "en": self.name_en, "zh": self.name_zh}[language]


@dataclass(frozen=True)
class ProducerTold:
    """The organisation that answers for the goods. `grower` only with recorded consent."""

    name: str
    kind: str
    address: str
    former_address: str | None
    phone: str | None
    grower: str | None


@dataclass(frozen=True)
class CodeTold:
    """A planting-area code with its status on the harvest day and today."""

    code: str
    market: str
    scheme: str
    issued_on: date
    status_then: str
    status_now: str


@dataclass(frozen=True)
class AreaTold:
    """Where it grew, no finer than the commune."""

    name: str
    commune: str
    former_place: str | None
    province: str
    codes: tuple[CodeTold, ...]


@dataclass(frozen=True)
class ClaimTold:
    """One claim: granted or withheld, with the sentence that says why, then and now.

    `kind` is a standard's kind (`vietgap`, `organic`, `food_safety`) or `area_code`.
    """

    kind: str
    title: Message
    granted_now: bool
    reason_now: Message
    granted_then: bool
    reason_then: Message
    mend: Message | None
    number: str | None = None
    standard: str | None = None
    body: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    status_now: str | None = None
    confirmation: Confirmation | None = None

    @property
    def changed(self) -> bool:
        """Whether today's answer differs from the one recorded with the harvest."""
        return self.granted_now != self.granted_then


@dataclass(frozen=True)
class EventTold:
    """A critical tracking event (TCVN 12850): what, when, where, by which organisation."""

    what: Message
    on: date
    where: str
    who: str


@dataclass(frozen=True)
class ProofTold:
    """Where the record stands in the ledger."""

    position: int
    leaf_hash: str
    recorded_at: datetime


@dataclass(frozen=True)
class Story:
    """Everything a shopper, or a machine, may know about a lot today."""

    code: str
    code_in_groups: str
    address: str
    state: LotState
    state_since: datetime
    state_reason: str
    crop: CropTold
    producer: ProducerTold
    area: AreaTold
    harvested_on: date
    packed_on: date | None
    best_before: date | None
    quantity: Grams
    claims: tuple[ClaimTold, ...]
    events: tuple[EventTold, ...]
    proof: ProofTold
    told_on: date
    demonstration: bool
    # Harvested while a waiting time ran: not to be sold before this day.
    sellable_from: date | None = None
    # An official sample that a laboratory found to be over a limit: what it said.
    failed_test: Message | None = None

    @property
    def waits(self) -> bool:
        """Whether it may not be sold yet."""
        return self.sellable_from is not None and self.told_on < self.sellable_from

    @property
    def held(self) -> bool:
        """Whether an inspector stopped it until a question is answered."""
        return self.state is LotState.HELD

    @property
    def expired(self) -> bool:
        """Whether the best-before day has passed."""
        return self.best_before is not None and self.best_before < self.told_on

    @property
    def recalled(self) -> bool:
        return self.state is LotState.RECALLED
