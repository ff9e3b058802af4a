"""The sheet of a visit as a telephone or a form sends it: read strictly, its texts cleaned."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from app.kit.text import clean
from app.models.checklists import Severity
from app.models.visits import Outcome, Signer

MOST_ANSWERS, MOST_FINDINGS, MOST_SAMPLES, MOST_SIGNATURES = 200, 50, 20, 6
LONGEST_STROKES = 24_000
MOST_REVISIONS = 1_000_000
# A drawn signature: lines of whole numbers alone, so that it can be shown as it is.
STROKES = r"^(M\d{1,4} \d{1,4}(L\d{1,4} \d{1,4})*)*$"


def _text(longest: int) -> AfterValidator:
    return AfterValidator(lambda value: clean(value, longest=longest, multiline=True))


class Sent(BaseModel):
    """Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_max_length=LONGEST_STROKES)


class SheetAnswer(Sent):
    """What was seen at one item, by its key in the checklist."""

    item: str = Field(max_length=40, examples=["pesticide"])
    outcome: Outcome
    note: Annotated[str, _text(500)] = ""


class SheetFinding(Sent):
    """Something that is wrong. Without `due_on` the rules of the day say by when it is mended."""

    uid: UUID
    item: str | None = Field(default=None, max_length=40, examples=["pesticide"])
    severity: Severity
    words: Annotated[str, _text(1000)] = Field(
        examples=["Trong kho có hai chai thuốc không có nhãn."]
    )
    due_on: date | None = None


class SheetSample(Sent):
    """A sample that was taken and sealed on the visit."""

    uid: UUID
    lot: str | None = Field(default=None, max_length=40, examples=["LC123456789ABCD"])
    what: Annotated[str, _text(160)] = Field(examples=["Bắp cải, 2 kg, thửa số 3"])
    mass_g: int | None = Field(default=None, gt=0, le=1_000_000)
    seal: Annotated[str, _text(40)] = Field(examples=["NP-2026-0117"])
    place: Annotated[str, _text(160)] = ""


class SheetSignature(Sent):
    """Drawn on the screen, or a typed name with `affirmed`."""

    signer: Signer
    name: Annotated[str, _text(120)] = Field(examples=["Lý Thị Mẩy"])
    strokes: str = Field(
        default="",
        max_length=LONGEST_STROKES,
        pattern=STROKES,
        description="An SVG path of lines in a field of 1,000 by 400.",
        examples=["M100 200L140 180L180 220"],
    )
    affirmed: bool = False
    signed_at: AwareDatetime | None = None


class Sheet(Sent):
    """A whole visit as it stands. `revision` grows with every change; the largest one counts.

    `written_for`: the account that wrote it, where somebody else brings it in.
    """

    uid: UUID
    revision: int = Field(ge=1, le=MOST_REVISIONS)
    plan: UUID | None = None
    organisation: UUID
    area: UUID | None = None
    checklist: str = Field(max_length=40, examples=["vietgap"])
    edition: int = Field(ge=1, le=1_000)
    started_at: AwareDatetime
    finished_at: AwareDatetime | None = None
    written_for: UUID | None = None
    answers: list[SheetAnswer] = Field(default=[], max_length=MOST_ANSWERS)
    findings: list[SheetFinding] = Field(default=[], max_length=MOST_FINDINGS)
    samples: list[SheetSample] = Field(default=[], max_length=MOST_SAMPLES)
    signatures: list[SheetSignature] = Field(default=[], max_length=MOST_SIGNATURES)
    note: Annotated[str, _text(2000)] = ""
