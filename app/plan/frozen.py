"""The figures of a report as they are frozen: whole numbers, each with how it is known. Pure.

What is written is canonical JSON (RFC 8785); its SHA-256 stands in the ledger, so that nobody can
put other figures behind a report.
"""

import hashlib
from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter

from app.ledger.leaf import canonical
from app.models.plan_reports import ReportPeriod
from app.plan.dimensions import Basis


@dataclass(frozen=True)
class Known:
    """A whole number and how it is known; `value` None: nobody knows it."""

    value: int | None = None
    basis: Basis = Basis.MEASURED


@dataclass(frozen=True)
class FiguresRow:
    """Land, sown area (m²), output (g) and value (đồng) of a district, a crop group, an axis …"""

    key: str
    name: str
    land_m2: Known = Known()
    sown_m2: Known = Known()
    output_g: Known = Known()
    value_dong: Known = Known()

    @property
    def yield_kg_per_ha(self) -> int | None:
        """Output over sown area, cut off as on the desk; None where either is unknown or nothing."""
        grams, sown = self.output_g.value, self.sown_m2.value
        return grams * 10 // sown if grams and sown else None


@dataclass(frozen=True)
class TargetFigures:
    """What the plan states for one row in one year; None where it states nothing."""

    key: str
    name: str
    area_m2: int | None = None
    yield_kg_per_ha: int | None = None
    output_kg: int | None = None


@dataclass(frozen=True)
class ShareRow:
    """A part of land, of sown area and of output: three denominators, never mixed."""

    key: str
    land_m2: int | None
    sown_m2: int | None
    output_g: int | None


@dataclass(frozen=True)
class Flag:
    """A figure of the plan that its other figures contradict."""

    what: str
    stated: int | None
    recomputed: int | None
    unit: str
    note: str


@dataclass(frozen=True)
class Listing:
    """A list in the annex: at most so many rows are kept, `total` says how many there are."""

    total: int
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Counted:
    """How many there are of something."""

    name: str
    count: int
    area_m2: int = 0


@dataclass(frozen=True)
class PartLine:
    """A unit's own part: what it said against what the records gave; `edition` 0: nothing came."""

    name: str
    unit: str
    edition: int
    late: bool
    sown_m2: int | None = None
    our_sown_m2: int | None = None
    output_g: int | None = None
    our_output_g: int | None = None


@dataclass(frozen=True)
class Outlook:
    """The forecast for the year, in grams, with what it rests on."""

    low_g: int
    middle_g: int
    high_g: int
    why: str


@dataclass(frozen=True)
class Registers:
    """The lists of the annex and their counts."""

    codes: Listing
    code_counts: tuple[Counted, ...]
    certificate_counts: tuple[Counted, ...]
    expiring: Listing
    visits: Listing
    findings: tuple[Counted, ...]
    recalls: Listing
    complaints: Listing
    complaint_counts: tuple[Counted, ...]


@dataclass(frozen=True)
class FrozenFigures:
    """All numbers of one report. `milestone`: the year of the plan they are held against."""

    kind: ReportPeriod
    year: int
    quarter: int
    first: date
    last: date
    plan: str
    milestone: int
    total: FiguresRow
    before: FiguresRow
    districts: tuple[FiguresRow, ...]
    groups: tuple[FiguresRow, ...]
    axes: tuple[FiguresRow, ...]
    crops: tuple[FiguresRow, ...]
    targets: tuple[TargetFigures, ...]
    shares: tuple[ShareRow, ...]
    flags: tuple[Flag, ...]
    parts: tuple[PartLine, ...]
    registers: Registers
    value_target_dong: int | None = None
    share_target_permille: int | None = None
    models_target: tuple[int, int] | None = None
    models: int | None = None
    outlook: Outlook | None = None
    # What reports did not keep once is empty in the old ones.
    plan_act: str = ""
    milestones: tuple[int, ...] = ()
    area_target_m2: int | None = None

    def target(self, key: str) -> TargetFigures | None:
        """What the plan states for a row."""
        return next((one for one in self.targets if one.key == key), None)


_FIGURES = TypeAdapter(FrozenFigures)


def written(figures: FrozenFigures) -> str:
    """The figures as they are kept; the same figures give the same text."""
    return canonical(_FIGURES.dump_python(figures, mode="json")).decode()


def read(text: str) -> FrozenFigures:
    """The figures from the text that was kept."""
    return _FIGURES.validate_json(text)


def digest_of(text: str) -> str:
    """The SHA-256 of figures as they are kept, hex."""
    return hashlib.sha256(text.encode()).hexdigest()
