"""Reading a commune as people give it: by its code of today, by its former one, or by both."""

import re
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.errors import Refused, refuse
from app.kit.messages import say
from app.models.places import AdminUnit
from app.places.queries import find_commune_on, find_former_commune, successor_of

_CODE = re.compile(r"[0-9]{5}")


@dataclass(frozen=True)
class Placed:
    """The commune as it is today, and the one it was before the merger where that is known."""

    present: AdminUnit
    former: AdminUnit | None

    @property
    def former_id(self) -> int | None:
        return self.former.id if self.former else None

    def former_after(self, commune_id: int | None, former_commune_id: int | None) -> int | None:
        """The former commune to keep after a change.

        The one given now; else the one known before, while the commune of today is the same.
        """
        if self.former is None and commune_id == self.present.id:
            return former_commune_id
        return self.former_id

    def facts(self) -> dict[str, object]:
        """The two codes, as the ledger keeps them."""
        return {
            "commune": self.present.code,
            "former_commune": self.former.code if self.former else None,
        }


def placed(
    session: Session, commune: str, *, former_commune: str | None = None, today: date
) -> Placed:
    """The communes that two codes name (either may be left out, not both); raises Refused.

    `commune` is a code of today; one that names no commune today is read as a former one.
    `former_commune` is a code from before 1 July 2025: 41 codes were given to other communes
    since, so that only the two fields together leave no doubt.
    """
    code, former_code = commune.strip(), (former_commune or "").strip()
    if former_code:
        found = _of_former(session, former_code, "former_commune")
        if code and code != former_code:
            _require_same(found, _of_either(session, code, today).present)
        return found
    if not code:
        raise refuse("commune", say("This is required."))
    return _of_either(session, code, today)


def _of_either(session: Session, code: str, today: date) -> Placed:
    standing = find_commune_on(session, code, today) if _CODE.fullmatch(code) else None
    # What stood on an earlier "today" may have ended since: it is a former commune by now.
    if standing is None or standing.valid_to is not None:
        return _of_former(session, code, "commune")
    return Placed(standing, None)


def _of_former(session: Session, code: str, field: str) -> Placed:
    former = find_former_commune(session, code) if _CODE.fullmatch(code) else None
    present = successor_of(session, former) if former else None
    if present is None:
        raise _unknown(field, code)
    return Placed(present, former)


def _require_same(found: Placed, present: AdminUnit) -> None:
    if found.former is None or found.present.pk == present.pk:
        return
    raise refuse(
        "former_commune",
        say(
            "{former} became part of {successor}, not of {present}.",
            former=found.former.name,
            successor=found.present.name,
            present=present.name,
        ),
    )


def _unknown(field: str, code: str) -> Refused:
    if not _CODE.fullmatch(code):
        return refuse(field, say("A commune's code has five digits."))
    return refuse(field, say("There is no commune with code {code}.", code=code))


class Places:
    """The communes of many rows, each pair of codes looked up once."""

    def __init__(self, session: Session, today: date) -> None:
        self.today = today
        self._session = session
        self._known: dict[tuple[str, str | None], Placed] = {}

    def find(self, commune: str, former_commune: str | None = None) -> Placed:
        """As `placed`; raises Refused."""
        key = (commune, former_commune)
        if key not in self._known:
            self._known[key] = placed(
                self._session, commune, former_commune=former_commune, today=self.today
            )
        return self._known[key]
