"""What each lot of the synthetic province may claim, by the codes, certificates and diaries made for it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.demo.scale.area_codes import Codes
from app.demo.scale.certified import Certificates, Covering
from app.demo.scale.ground import Days
from app.demo.scale.land import Areas
from app.kit.messages import Message, frozen, say
from app.lots.claims import AREA_CODE, INPUTS, NO_DIARY, WAITING_TIME

KEPT_DAYS = 4_000


@dataclass(frozen=True)
class Said:
    """One claim as it is kept with its lot."""

    kind: str
    granted: bool
    certificate: int | None
    reason: str
    values: str


class Claims:
    """Decides the claims of one lot after another."""

    def __init__(self, codes: Codes, certificates: Certificates, areas: Areas, days: Days) -> None:
        self._codes, self._certificates = codes, certificates
        self._areas, self._days = areas, days
        self._of_diary = lru_cache(KEPT_DAYS)(self._told_of_diary)

    def of(self, *, day: int, area: int, crop: int, diary: bool) -> list[Said]:
        """All claims of a lot: its code, waiting time and inputs, and its holder's standards."""
        holder = int(self._areas.holders[area])
        mine = self._certificates.by_holder.get(holder, [])
        return [
            self._of_code(day, area),
            *self._of_diary(day, diary),
            *self._of_standards(mine, day, area, crop),
        ]

    def _of_code(self, day: int, area: int) -> Said:
        begins, ends, code = self._codes.held.get(area, (0, 0, ""))
        iso = json.dumps({"day": self._days.day(day).isoformat()})
        if begins <= day < ends:
            why = "The planting area held code {code} on the harvest day {day}."
            return Said(AREA_CODE, True, None, why, f'{{"code": "{code}", "day": {iso}}}')
        if code and day >= ends:
            why = "Code {code} was suspended or revoked on the harvest day {day}."
            return Said(AREA_CODE, False, None, why, f'{{"code": "{code}", "day": {iso}}}')
        why = "The planting area had no code on the harvest day {day}."
        return Said(AREA_CODE, False, None, why, f'{{"day": {iso}}}')

    def _told_of_diary(self, day: int, diary: bool) -> tuple[Said, Said]:
        if not diary:
            missing = NO_DIARY.reason
            return _said(WAITING_TIME, missing, False), _said(INPUTS, missing, False)
        kept = say(
            "The diary shows no pesticide whose waiting time was running on {day}.",
            day=self._days.day(day),
        )
        permitted = say("Everything that the diary names was permitted that day.")
        return _said(WAITING_TIME, kept, True), _said(INPUTS, permitted, True)

    def _of_standards(self, mine: list[Covering], day: int, area: int, crop: int) -> Iterator[Said]:
        """One claim a kind: granted by a certificate that covers the lot, else by the newest word."""
        newest: dict[str, Covering] = {}
        for one in mine:
            if one.kind not in newest or not newest[one.kind].covers(day, area, crop):
                newest[one.kind] = one
        for kind, one in newest.items():
            granted, why = self._judged(one, day, area, crop)
            yield _said(kind, why, granted, one.key)

    def _judged(self, one: Covering, day: int, area: int, crop: int) -> tuple[bool, Message]:
        named = {"number": one.number}
        if one.covers(day, area, crop):
            covers = "Certificate {number} covers this harvest of {day}."
            return True, Message(covers, {**named, "day": self._days.day(day)})
        if day < one.begins:
            later = "Certificate {number} is valid only from {day}, after this harvest."
            return False, Message(later, {**named, "day": self._days.day(one.begins)})
        if day > one.ends:
            over = "Certificate {number} ran out on {day}, before this harvest."
            return False, Message(over, {**named, "day": self._days.day(one.ends)})
        beside = "Certificate {number} does not cover the area {area}."
        return False, Message(beside, {**named, "area": str(area + 1)})


def _said(kind: str, why: Message, granted: bool, certificate: int | None = None) -> Said:
    reason, values = frozen(why)
    return Said(kind, granted, certificate, reason, values)
