"""Reading a former register of codes (CSV) into this one: every row, or none and a sentence for each fault."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from app.errors import DomainError, refuse
from app.kit.messages import Message, say
from app.kit.quantities import SquareMetres
from app.kit.text import fold
from app.ledger.actors import Actor
from app.models.registry import CodeStatus, Organisation, OrganisationKind, PlantingArea
from app.registry.area_commands import AreaDetails, register_area
from app.registry.area_queries import find_area_named
from app.registry.code_entry_commands import GivenCode, enter_code
from app.registry.codes import scheme_of
from app.registry.organisation_commands import OrganisationDetails, register_organisation

COLUMNS = (
    "organisation",
    "kind",
    "area",
    "commune",
    "former_commune",
    "area_m2",
    "crops",
    "since",
    "code",
    "market",
    "issued_on",
    "number",
    "status",
    "status_since",
    "reason",
)
MOST_ROWS = 20_000


@dataclass(frozen=True)
class RegisterRead:
    """How many codes were entered, and by line what was wrong; with a fault nothing was entered."""

    entered: int
    faults: tuple[tuple[int, Message], ...]


def read_register(session: Session, text: str, *, by: Actor, now: datetime) -> RegisterRead:
    """Enter a whole register; organisations and areas that are not there yet are registered.

    The caller rolls back when there are faults: what is right was written beside them. Raises
    Refused for a table without the columns.
    """
    entered, faults = 0, []
    for line, row in _rows(text):
        try:
            with session.begin_nested():
                _enter(session, row, by=by, now=now)
            entered += 1
        except DomainError as refused:
            faults.append((line, refused.fields[0].why if refused.fields else refused.why))
    return RegisterRead(0 if faults else entered, tuple(faults))


def _rows(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise refuse("file", say("The table lacks columns: {names}.", names=", ".join(missing)))
    for row in reader:
        if reader.line_num > MOST_ROWS + 1:
            raise refuse("file", say("The table has more than {most} rows.", most=MOST_ROWS))
        yield reader.line_num, {name: (row[name] or "").strip() for name in COLUMNS}


def _enter(session: Session, row: Mapping[str, str], *, by: Actor, now: datetime) -> None:
    status = row["status"] or CodeStatus.ACTIVE.value
    if status not in set(CodeStatus):
        raise refuse("status", say("This is not one of the choices."))
    area = _area(session, _organisation(session, row, by=by, now=now), row, by=by, now=now)
    given = GivenCode(
        code=row["code"],
        scheme=scheme_of(row["code"]),
        market=row["market"],
        issued_on=_day(row, "issued_on"),
        number=row["number"],
        status=CodeStatus(status),
        since=_day(row, "status_since") if row["status_since"] else None,
        reason=row["reason"],
    )
    enter_code(session, area=area, given=given, by=by, now=now)


def _organisation(
    session: Session, row: Mapping[str, str], *, by: Actor, now: datetime
) -> Organisation:
    wanted = select(Organisation).where(col(Organisation.name_key) == fold(row["organisation"]))
    known: Organisation | None = session.execute(wanted.limit(1)).scalars().first()
    if known is not None:
        return known
    kind = row["kind"] or OrganisationKind.COOPERATIVE.value
    if kind not in set(OrganisationKind):
        raise refuse("kind", say("This is not one of the choices."))
    details = OrganisationDetails(
        name=row["organisation"],
        commune=row["commune"],
        former_commune=row["former_commune"] or None,
    )
    return register_organisation(
        session, kind=OrganisationKind(kind), details=details, by=by, now=now
    )


def _area(
    session: Session, home: Organisation, row: Mapping[str, str], *, by: Actor, now: datetime
) -> PlantingArea:
    known = find_area_named(session, home.pk, fold(row["area"]))
    if known is not None:
        return known
    if not row["area_m2"].isdecimal():
        raise refuse("area_m2", say("Write a whole number."))
    details = AreaDetails(
        name=row["area"],
        commune=row["commune"],
        former_commune=row["former_commune"] or None,
        crops=tuple(crop.strip() for crop in row["crops"].split(";") if crop.strip()),
        area=SquareMetres(int(row["area_m2"])),
        established_on=_day(row, "since"),
    )
    return register_area(session, organisation=home, details=details, by=by, now=now)


def _day(row: Mapping[str, str], name: str) -> date:
    try:
        return date.fromisoformat(row[name])
    except ValueError:
        raise refuse(name, say("This is no day. Write it as year-month-day.")) from None
