"""Reading the shipped CSV files: each cell becomes the type of the column it is for."""

import csv
import hashlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from sqlmodel import SQLModel

DATA = Path(__file__).parent / "data"

Cells = dict[str, str]
Values = dict[str, Any]


def cells_of(name: str) -> Iterator[Cells]:
    """The rows of a file by its header, in UTF-8; see data/README.md for what each file holds."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def digest_of(name: str) -> str:
    """SHA-256 of a file, so that a history can say which edition of the facts was loaded."""
    csv_file, json_file = DATA / f"{name}.csv", DATA / f"{name}.json"
    return hashlib.sha256((csv_file if csv_file.exists() else json_file).read_bytes()).hexdigest()


def typed(table: type[SQLModel], cells: Cells) -> Values:
    """The cells that belong to columns of a table, as its types; None where a cell may be empty."""
    fields = table.model_fields
    return {name: _reader(table, name)(cell) for name, cell in cells.items() if name in fields}


@cache
def _reader(table: type[SQLModel], name: str) -> Callable[[str], Any]:
    """Reads a cell as pydantic would from a text: dates in ISO 8601, yes and no, enum values."""
    kind: Any = table.model_fields[name].annotation
    read = TypeAdapter(kind).validate_python
    if table.metadata.tables[str(table.__tablename__)].columns[name].nullable:
        return lambda cell: read(cell or None)
    return read
