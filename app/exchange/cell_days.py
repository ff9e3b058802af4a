"""Days in cells: of Excel, or in the ways they are written in Viet Nam."""

import re
from datetime import date, datetime, timedelta

from app.exchange.written import Cell, CellFault, as_number, short
from app.kit.messages import Message, say
from app.kit.text import fold

_WAYS = (
    re.compile(r"(?P<d>\d{1,2})[/.\-](?P<m>\d{1,2})[/.\-](?P<y>\d{4}|\d{2})", re.ASCII),
    re.compile(r"(?P<y>\d{4})[/.\-](?P<m>\d{1,2})[/.\-](?P<d>\d{1,2})", re.ASCII),
    re.compile(r"(?P<d>\d{1,2}) thang (?P<m>\d{1,2}) nam (?P<y>\d{4})", re.ASCII),
    re.compile(r"(?P<y>\d{4}) ?年 ?(?P<m>\d{1,2}) ?月 ?(?P<d>\d{1,2}) ?[日号]", re.ASCII),
)
_AROUND_SEPARATORS = re.compile(r" ?([/.\-]) ?")
_WORD_DAY = re.compile(r"^ngày\s+", re.IGNORECASE)
_TIME_OF_DAY = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$", re.ASCII)
_SERIAL = re.compile(r"\d{5}", re.ASCII)
_FIRST_DAY_OF_EXCEL = date(1899, 12, 30)
# From May 1927 to 2173: a smaller number is rather a year than a count of days.
_SERIALS = range(10_000, 100_000)
# Two digits from 50 on are the last century: "05/03/26" is 2026, "05/03/62" a birthday.
_CENTURY_TURNS_AT = 50


def day(cell: Cell) -> date:
    """A day of Excel, its serial number, or a day as it is written.

    05/03/2026, 5-3-2026, 05.03.26, ngày 5 tháng 3 năm 2026, 2026-03-05 and 2026年3月5日: the day
    comes before the month; a time of day is dropped.
    """
    match cell:
        case datetime():
            return cell.date()
        case date():
            return cell
        case int() | float() if not isinstance(cell, bool):
            return _of_serial(int(as_number(cell)))
        case _:
            return _of_text(short(cell))


def _of_text(written: str) -> date:
    plain = _WORD_DAY.sub("", _AROUND_SEPARATORS.sub(r"\1", _TIME_OF_DAY.sub("", written)))
    if _SERIAL.fullmatch(plain):
        return _of_serial(int(plain))
    for way in _WAYS:
        found = way.fullmatch(plain) or way.fullmatch(fold(plain))
        if found:
            return _of_parts(found["y"], found["m"], found["d"])
    raise CellFault(_no_day())


def _of_parts(year: str, month: str, number: str) -> date:
    full = int(year)
    if len(year) == len("26"):
        full += 1900 if full >= _CENTURY_TURNS_AT else 2000
    try:
        return date(full, int(month), int(number))
    except ValueError as error:
        raise CellFault(_no_day()) from error


def _of_serial(number: int) -> date:
    if number not in _SERIALS:
        raise CellFault(_no_day())
    return _FIRST_DAY_OF_EXCEL + timedelta(days=number)


def _no_day() -> Message:
    return say("This is no day. Write it as day/month/year.")
