"""Shapes of diary entries: what is sent, and what is answered."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BeforeValidator, Field

from app.api.registry.shapes import LARGEST_INT
from app.api.shapes import In, Out
from app.catalogue.input_rules import VerdictKind
from app.diary.entry_queries import EntryDetails, EntryLine
from app.diary.second_looks import Look, Tone
from app.diary.writing import Using, Writing
from app.kit.i18n import Language
from app.kit.quantities import Grams, SquareMetres
from app.models.diary import Work

MOST_PLOTS = 500
UID = "A UUID of version 7, made by the device; the same id never counts twice."


def _plain(value: object) -> object:
    return "" if value is None else value


Text = Annotated[str, BeforeValidator(_plain)]
Amount = Annotated[int, Field(ge=-(10**15), le=10**15)]


class InputUsedIn(In):
    """What was used. `amount` in thousandths of `unit`, for the whole treated area."""

    product: UUID | None = Field(
        default=None, description="A product of the catalogue, if it is one."
    )
    name: Text = Field(default="", examples=["Movento 150OD"])
    actives: Text = Field(default="", examples=["spirotetramat"])
    amount: Amount | None = Field(default=None, examples=[30_000])
    unit: Text = Field(default="", examples=["ml"])
    water_ml: Amount | None = Field(default=None, examples=[40_000])
    interval_days: int | None = Field(
        default=None, ge=-LARGEST_INT, le=LARGEST_INT, description="Pre-harvest interval, in days."
    )
    batch_number: Text = Field(default="", description="The producer's, on the packet.")

    def using(self) -> Using:
        """The same, as the command takes it."""
        return Using(**self.model_dump())


class EntryIn(In):
    """One thing done to one planting on one day. `quantity_g`: of a harvest, in grams.

    With `corrects` it takes the place of an entry, which is kept; with `void` too it says that the
    entry never happened, for the `reason` given (the rest is then not read).
    """

    uid: UUID | None = Field(default=None, description=UID)
    planting: UUID
    work: Work
    done_on: date = Field(examples=["2026-11-18"])
    written_at: AwareDatetime | None = Field(
        default=None, description="What the device's clock showed when it was written down."
    )
    plots: list[UUID] = Field(
        default=[], max_length=MOST_PLOTS, description="None: all of the planting's."
    )
    area_m2: int | None = Field(default=None, ge=-LARGEST_INT, le=LARGEST_INT)
    quantity_g: Amount | None = None
    grower: UUID | None = Field(default=None, description="The member it is entered for.")
    operator: Text = Field(default="", description="Who did the work.")
    weather: Text = ""
    pest: Text = ""
    reason: Text = ""
    note: Text = ""
    inputs: list[InputUsedIn] = Field(default=[], max_length=50)
    corrects: UUID | None = None
    void: bool = False

    def writing(self, *, sent_at: datetime | None = None) -> Writing:
        """The same, as the command takes it."""
        return Writing(
            uid=self.uid,
            planting=self.planting,
            work=self.work,
            done_on=self.done_on,
            written_at=self.written_at,
            sent_at=sent_at,
            plots=tuple(self.plots),
            area=None if self.area_m2 is None else SquareMetres(self.area_m2),
            quantity=None if self.quantity_g is None else Grams(self.quantity_g),
            grower=self.grower,
            operator=self.operator,
            weather=self.weather,
            pest=self.pest,
            reason=self.reason,
            note=self.note,
            inputs=tuple(one.using() for one in self.inputs),
            corrects=self.corrects,
            void=self.void,
        )


class LookOut(Out):
    """A sentence that deserves a second look; `verdict` where it is about an input."""

    tone: Tone
    why: str
    verdict: VerdictKind | None


class InputUsedOut(Out):
    """What was used; `interval_days` is the one that counted when it was entered."""

    name: str
    actives: str
    amount: int | None
    unit: str
    water_ml: int | None
    interval_days: int | None
    batch_number: str


class EntryOut(Out):
    """An entry as it is kept, with its three times."""

    uid: UUID
    planting: UUID
    area_name: str
    crop: str = Field(examples=["BAP_CAI"])
    organisation: UUID
    work: Work
    done_on: date
    written_at: datetime
    arrived_at: datetime
    back_dated: bool
    clock_doubted: bool
    corrected: bool
    void: bool
    area_m2: int | None
    quantity_g: int | None
    grower: UUID | None
    operator: str
    weather: str
    pest: str
    reason: str
    note: str
    plots: list[UUID]
    inputs: list[InputUsedOut]
    pictures: list[UUID]
    version: int


class EntryToldOut(EntryOut):
    """An entry with what deserves a second look."""

    warnings: list[LookOut]


def entry_out(line: EntryLine, details: EntryDetails) -> EntryOut:
    """An entry with its names as it is told."""
    return EntryOut(
        **entry_values(line, details),
    )


def entry_told(
    line: EntryLine, details: EntryDetails, looks: Iterable[Look], language: Language
) -> EntryToldOut:
    """The same with its second looks, in the reader's language."""
    return EntryToldOut(**entry_values(line, details), warnings=looks_out(looks, language))


def looks_out(looks: Iterable[Look], language: Language) -> list[LookOut]:
    """Second looks in the reader's language."""
    return [
        LookOut(tone=look.tone, why=language.say(look.why), verdict=look.verdict) for look in looks
    ]


def entry_values(line: EntryLine, details: EntryDetails) -> dict[str, object]:
    """The values of an entry on the wire."""
    entry = line.entry
    own = entry.model_dump(include=set(EntryOut.model_fields))
    return {
        **own,
        "planting": line.planting.uid,
        "area_name": line.area.name,
        "crop": line.crop.slug,
        "organisation": line.organisation.uid,
        "grower": None if line.grower is None else line.grower.uid,
        "plots": [plot.uid for plot in details.plots],
        "inputs": [InputUsedOut.model_validate(one) for one in details.inputs],
        "pictures": [picture.uid for picture in details.pictures],
    }
