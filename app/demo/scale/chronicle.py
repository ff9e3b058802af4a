"""What the ledger is told of the register, in the order of the days, one fact a thing."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from app.demo.scale.area_codes import MARKET, Codes, decision_of
from app.demo.scale.certified import Certificates
from app.demo.scale.chance import Numbers
from app.demo.scale.ground import Days, Ground
from app.demo.scale.land import Areas
from app.demo.scale.people import KINDS, REGISTERED, Holders, Members
from app.demo.scale.seasons import Seasons
from app.ledger.commands import Fact


class Chronicle:
    """Facts that wait for their day; the fact itself is made when it is told."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Numbers, Numbers, Callable[[int], Fact]]] = []
        self._told: list[int] = []

    def add(self, days: Numbers, tell: Callable[[int], Fact]) -> None:
        """A fact for each of these days, by position."""
        order = np.argsort(days, kind="stable")
        self._waiting.append((days[order], order, tell))
        self._told.append(0)

    def until(self, day: int) -> Iterator[Fact]:
        """All facts up to a day that were not told yet."""
        for at, (days, order, tell) in enumerate(self._waiting):
            end = int(np.searchsorted(days, day, side="right"))
            for one in order[self._told[at] : end].tolist():
                yield tell(one)
            self._told[at] = max(end, self._told[at])


def tell_people(chronicle: Chronicle, holders: Holders, members: Members) -> None:
    """Organisations and growers. Of a grower the code alone: there is nobody behind it."""

    def organisation(at: int) -> Fact:
        uid = holders.uids[at]
        facts = {"kind": KINDS[int(holders.kinds[at])][0], "demonstration": True}
        return Fact("organisation.registered", str(uid), facts, organisation=uid)

    def grower(at: int) -> Fact:
        owner = holders.uids[int(members.holders[at])]
        facts = {"code": members.codes[at]}
        return Fact("grower.registered", str(members.uids[at]), facts, organisation=owner)

    chronicle.add(np.full(len(holders), REGISTERED, dtype=np.int64), organisation)
    chronicle.add(members.since, grower)


def tell_land(
    chronicle: Chronicle, areas: Areas, holders: Holders, ground: Ground, days: Days
) -> None:
    """Planting areas, and that some were closed."""

    def registered(at: int) -> Fact:
        place = ground.places[int(areas.places[at])]
        facts = {
            "area_m2": int(areas.sizes[at]),
            "commune": place.present.code,
            "former_commune": place.former.code,
            "crops": [ground.crops[crop].slug for crop in areas.crops[at]],
            "established_on": days.day(int(areas.since[at])),
        }
        return _of_area("area.registered", areas, holders, at, facts)

    closed = np.flatnonzero(areas.closed >= 0)

    def ended(at: int) -> Fact:
        area = int(closed[at])
        facts = {"closed_on": days.day(int(areas.closed[area]))}
        return _of_area("area.closed", areas, holders, area, facts)

    chronicle.add(areas.since, registered)
    chronicle.add(areas.closed[closed], ended)


def tell_papers(
    chronicle: Chronicle,
    codes: Codes,
    certificates: Certificates,
    areas: Areas,
    holders: Holders,
    days: Days,
) -> None:
    """Codes issued, certificates recorded."""

    def issued(at: int) -> Fact:
        day = days.day(int(codes.issued[at]))
        facts = {
            "code_id": codes.uids[at],
            "code": codes.texts[at],
            "scheme": codes.schemes[at],
            "market": MARKET,
            "decision": decision_of(day, at),
            "effective_on": day,
        }
        return _of_area("code.issued", areas, holders, int(codes.areas[at]), facts)

    def recorded(at: int) -> Fact:
        one = certificates.all[at]
        facts = {
            "standard": one.standard,
            "number": one.number,
            "valid_from": days.day(one.begins),
            "valid_to": days.day(one.ends),
            "areas": [areas.uids[area] for area in sorted(one.areas)],
        }
        owner = holders.uids[certificates.holders[at]]
        return Fact("certificate.recorded", str(certificates.uids[at]), facts, organisation=owner)

    chronicle.add(codes.issued, issued)
    chronicle.add(certificates.begins, recorded)


def tell_seasons(
    chronicle: Chronicle,
    seasons: Seasons,
    areas: Areas,
    holders: Holders,
    ground: Ground,
    days: Days,
) -> None:
    """Seasons declared."""
    told = np.flatnonzero(seasons.declared)

    def declared(at: int) -> Fact:
        season = int(told[at])
        area = int(seasons.areas[season])
        facts = {
            "area": areas.uids[area],
            "crop": ground.crops[int(seasons.crops[season])].slug,
            "starts_on": days.day(int(seasons.starts[season])),
            "area_m2": int(seasons.sown[season]),
            "market": MARKET,
        }
        owner = holders.uids[int(areas.holders[area])]
        return Fact("season.declared", str(seasons.uids[season]), facts, organisation=owner)

    chronicle.add(seasons.starts[told], declared)


def _of_area(
    kind: str, areas: Areas, holders: Holders, at: int, facts: Mapping[str, object]
) -> Fact:
    owner = holders.uids[int(areas.holders[at])]
    return Fact(kind, str(areas.uids[at]), facts, organisation=owner)
