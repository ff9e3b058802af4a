"""Tables of the exchange: spreadsheets on their way into the register, row by row."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.base import Public, Row, UTCDateTime, Versioned, stored_as_text


class ImportLayout(StrEnum):
    """What the rows of a file are."""

    GROWERS = "growers"
    PLOTS = "plots"
    AREAS = "areas"
    CODES = "codes"
    HARVESTS = "harvests"
    DIARY = "diary"


class ImportState(StrEnum):
    READING = "reading"
    READY = "ready"
    IMPORTING = "importing"
    IMPORTED = "imported"
    UNDONE = "undone"
    FAILED = "failed"


class ImportBatch(Public, Versioned, table=True):
    """One uploaded file: read, checked, then imported as one, and undone as one."""

    __tablename__ = "import_batch"
    __table_args__ = (Index("ix_import_batch_organisation", "organisation_id", "id"),)

    organisation_id: int = Field(foreign_key="organisation.id")
    layout: ImportLayout = Field(sa_type=stored_as_text(ImportLayout, "layout"))
    filename: str = Field(max_length=160)
    sha256: str = Field(max_length=64)
    state: ImportState = Field(
        default=ImportState.READING, sa_type=stored_as_text(ImportState, "state")
    )
    job_id: int | None = Field(default=None, foreign_key="job.id")
    rows_good: int = Field(default=0)
    rows_known: int = Field(default=0)
    rows_faulty: int = Field(default=0)
    rows_imported: int = Field(default=0)
    # Why the whole file was refused: the sentence and its values, as JSON.
    fault: str = Field(default="")
    created_at: datetime = Field(sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class ImportFile(SQLModel, table=True):
    """The uploaded bytes, kept until they are no longer needed (personal data)."""

    __tablename__ = "import_file"

    batch_id: int = Field(primary_key=True, foreign_key="import_batch.id")
    content: bytes = Field(sa_type=LargeBinary)


class RowOutcome(StrEnum):
    GOOD = "good"
    KNOWN = "known"
    FAULTY = "faulty"
    IMPORTED = "imported"
    UNDONE = "undone"


class ImportRow(Row, table=True):
    """One row of a file: what its cells say, what is wrong with them, what became of it.

    `cells`: JSON of column key to what stands in the cell; `faults`: JSON list of [column key,
    sentence, values, whether it only warns]. `made`: the public id (of a lot its code) of what was
    registered for it. Row 0 holds what the headings were understood as.
    """

    __tablename__ = "import_row"
    __table_args__ = (
        UniqueConstraint("batch_id", "number"),
        Index("ix_import_row_outcome", "batch_id", "outcome", "number"),
    )

    batch_id: int = Field(foreign_key="import_batch.id")
    number: int
    cells: str
    faults: str = Field(default="[]")
    outcome: RowOutcome = Field(sa_type=stored_as_text(RowOutcome, "outcome"))
    made: str | None = Field(default=None, max_length=36)
