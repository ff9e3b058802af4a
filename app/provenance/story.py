"""The story of a lot, as data: what the public page and its JSON twin say, and nothing else.

Whatever is not a field here cannot reach the public (NĐ 37/2026/NĐ-CP art. 23(5) and 23(7);
Luật 91/2025/QH15: no personal data of a grower without consent).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.kit.messages import Message
from app.kit.quantities import Grams
from app.lots.lab_queries import LabReportTold
from app.lots.waiting import Waiting
from app.models.certificates import Confirmation
from app.models.diary import Work
from app.models.lots import LotState
from app.provenance.standing import REASSURING, Standing, Tone


@dataclass(frozen=True)
class StripTold:
    """How the lot stands today: the gravest fact as a title, what it means, and what else is wrong."""

    standings: tuple[Standing, ...]
    tone: Tone
    title: Message
    words: tuple[Message, ...] = ()
    also: tuple[Message, ...] = ()

    @property
    def standing(self) -> Standing:
        """The gravest."""
        return self.standings[0]

    @property
    def calm(self) -> bool:
        """Whether nothing bad is known: only then may anything on the page reassure."""
        return self.standing in REASSURING


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
class SoldAsTold:
    """What packs of the lot are sold as, by the labels that were printed; "" and None: not said."""

    path: str | None
    names: Mapping[str, str]
    brand: str
    gtin: str | None
    pack: Grams | None
    storage: Mapping[str, str]
    warning: Mapping[str, str]

    def name(self, language: str) -> str:
        """The product's name in `vi`, `en` or `zh`, or the nearest that there is; "" without one."""
        return self.names.get(language) or self.names.get("vi", "")


@dataclass(frozen=True)
class ProducerTold:
    """The organisation that answers for the goods, `path` its page; a household only as it agreed.

    `grower` only with recorded consent.
    """

    name: Message
    path: str
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
    """Where it grew, no finer than the commune; `commune_code` is that of today's commune.

    All of it empty: it came from a supplier outside of the system.
    """

    name: str
    commune: str
    commune_code: str
    former_place: str | None
    province: str
    codes: tuple[CodeTold, ...]

    @property
    def outside(self) -> bool:
        """Whether nobody knows here where it grew."""
        return not self.commune_code


@dataclass(frozen=True)
class OriginTold:
    """A part of a lot that was made of several: its share in percent and where it grew."""

    percent: int
    area: AreaTold


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
class TreatmentTold:
    """A pesticide the diary names, and the days between it and the harvest; None: nobody knows."""

    product: str
    on: date
    interval_days: int | None
    waited_days: int


@dataclass(frozen=True)
class DiaryTold:
    """The diary summed up: how often what was done, the last treatments, was the waiting time kept.

    `deciding` is the treatment that the waiting time hangs on; None: none was written down.
    """

    counts: Mapping[Work, int]
    sown_on: date | None
    treatments: tuple[TreatmentTold, ...]
    deciding: TreatmentTold | None
    waiting: Waiting


@dataclass(frozen=True)
class DifferenceTold:
    """A fact that stands otherwise on the printed label than it would today ("": not at all)."""

    fact: Message
    said: str
    today: str


@dataclass(frozen=True)
class LabelTold:
    """The newest printing of labels: what they say, frozen, and what has changed since."""

    printed_on: date
    said: tuple[str, ...]
    differences: tuple[DifferenceTold, ...]


@dataclass(frozen=True)
class PictureTold:
    """A photograph by its name in the address; `of_lot`: these very goods are on it."""

    name: str
    of_lot: bool


@dataclass(frozen=True)
class EventTold:
    """A critical tracking event (TCVN 12850): what, when, where, by which organisation."""

    what: Message
    on: date
    where: str
    who: Message


@dataclass(frozen=True)
class ProofTold:
    """Where the record stands in the ledger."""

    position: int
    recorded_at: datetime


@dataclass(frozen=True)
class Story:
    """Everything a shopper, or a machine, may know about a lot today."""

    code: str
    code_in_groups: str
    address: str
    strip: StripTold
    state: LotState
    state_since: datetime
    state_reason: str
    crop: CropTold
    sold_as: tuple[SoldAsTold, ...]
    producer: ProducerTold
    # Of several places the one with the largest share; all of them are in `origins`.
    area: AreaTold
    # None of a harvest: it comes from its area as a whole.
    origins: tuple[OriginTold, ...]
    pictures: tuple[PictureTold, ...]
    harvested_on: date
    packed_on: date | None
    best_before: date | None
    # Harvested while a waiting time ran: not to be sold before this day.
    sellable_from: date | None
    claims: tuple[ClaimTold, ...]
    diary: DiaryTold | None
    tests: tuple[LabReportTold, ...]
    # What a test that failed, and that nothing lifted, is told as.
    failed_test: Message | None
    label: LabelTold | None
    events: tuple[EventTold, ...]
    proof: ProofTold
    told_on: date
    demonstration: bool

    @property
    def outside_percent(self) -> int:
        """Of a hundred kilograms, how many came from suppliers outside of the system; some: at least one."""
        if not self.origins:
            return 100 if self.area.outside else 0
        outside = [one.percent for one in self.origins if one.area.outside]
        return max(1, sum(outside)) if outside else 0

    @property
    def places(self) -> tuple[AreaTold, ...]:
        """One area for each commune it grew in, those with the larger shares first; none: nobody knows."""
        areas = [one.area for one in self.origins] or [self.area]
        first = {area.commune_code: area for area in reversed(areas) if not area.outside}
        return tuple(area for area in areas if first.get(area.commune_code) is area)

    @property
    def communes(self) -> tuple[str, ...]:
        """The names of these communes."""
        return tuple(area.commune for area in self.places)

    @property
    def province(self) -> str:
        """The province of the first of them."""
        return self.places[0].province if self.places else ""

    @property
    def codes(self) -> tuple[CodeTold, ...]:
        """The planting-area codes of every place it comes from, each once."""
        areas = [one.area for one in self.origins] or [self.area]
        return tuple({code.code: code for area in areas for code in area.codes}.values())
