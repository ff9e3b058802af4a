"""Tables of logistic units: the SSCCs that cartons and pallets were given, and how many of a prefix are."""

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.base import Row


class SsccCounter(SQLModel, table=True):
    """How many SSCCs of a company prefix were given out: it only grows, whoever holds the prefix."""

    __tablename__ = "sscc_counter"

    prefix: str = Field(primary_key=True, max_length=12)
    taken: int = Field(default=0, sa_type=BigInteger)


class SsccRange(Row, table=True):
    """The SSCCs on one lot's labels in a run: numbers `first_number` to `last_number` of a prefix.

    The first stands on the lot's first label of the run, and so on: no label shares one.
    """

    __tablename__ = "sscc_range"
    __table_args__ = (
        CheckConstraint("first_number >= 0 AND last_number >= first_number", name="numbers"),
        UniqueConstraint("run_lot_id"),
        UniqueConstraint("prefix", "first_number"),
    )

    run_lot_id: int = Field(foreign_key="print_run_lot.id")
    prefix: str = Field(max_length=12)
    first_number: int = Field(sa_type=BigInteger)
    last_number: int = Field(sa_type=BigInteger)
