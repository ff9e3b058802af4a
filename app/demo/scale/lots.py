"""The rows of the lots: what was harvested, its steps, claims, parts, and where the kilograms are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from sqlmodel import Session

from app.demo.scale.chance import Chance, Numbers, lot_codes
from app.demo.scale.ground import Basis, Days, Ground
from app.demo.scale.harvests import CLOSED, NAMED, SEALED, STATES, Harvests
from app.demo.scale.land import Areas, Plots
from app.demo.scale.lot_claims import Claims, Said
from app.demo.scale.people import FIRST_HOLDER, Holders, Members
from app.demo.scale.seasons import Seasons
from app.demo.scale.writing import write
from app.ledger.commands import Fact
from app.models.lots import HarvestLot, LotClaim, LotSource, LotState, LotStep
from app.models.movements import Holding, HoldingState

KEEPS = timedelta(days=10)
GRADES = ("Loại 1", "Loại 2", "")
CLOSED_AFTER = 30


@dataclass(frozen=True)
class Made:
    """What the lots come from."""

    basis: Basis
    holders: Holders
    members: Members
    areas: Areas
    plots: Plots
    seasons: Seasons
    harvests: Harvests
    claims: Claims

    @property
    def ground(self) -> Ground:
        return self.basis.ground

    @property
    def days(self) -> Days:
        return self.basis.days

    @property
    def chance(self) -> Chance:
        return self.basis.chance


class Batch:
    """Lots of some days in a row, as columns; `first` is the position of the first of them."""

    def __init__(self, made: Made, first: int, end: int) -> None:
        self.made, self.first, self.end = made, first, end
        part = slice(first, end)
        harvests, seasons = made.harvests, made.seasons
        self.season = harvests.seasons[part]
        self.day, self.grams = harvests.days[part], harvests.grams[part]
        self.state, self.sold = harvests.states[part], harvests.sold[part]
        self.labelled = harvests.labelled[part]
        self.area, self.crop = seasons.areas[self.season], seasons.crops[self.season]
        self.holder = made.areas.holders[self.area]
        self.keys = range(first + 1, end + 1)
        drawn = made.chance.of("lots", first)
        self.codes = lot_codes(drawn, end - first)
        self.grade = drawn.integers(0, len(GRADES), end - first)
        self.plot = self._plots(drawn)
        self.claims = self._claims()

    def __len__(self) -> int:
        return self.end - self.first

    def facts(self) -> Iterator[tuple[int, Fact]]:
        """That each was recorded, with its day."""
        made = self.made
        for at, (code, day) in enumerate(zip(self.codes, self.day.tolist(), strict=True)):
            yield (
                day,
                Fact(
                    "lot.recorded",
                    code,
                    {
                        "quantity_g": int(self.grams[at]),
                        "area": made.areas.uids[int(self.area[at])],
                        "crop": made.ground.crops[int(self.crop[at])].slug,
                        "grower": self._grower_uid(at),
                        "harvested_on": made.days.day(day),
                        "claims": [{"kind": x.kind, "granted": x.granted} for x in self.claims[at]],
                    },
                    organisation=made.holders.uids[int(self.holder[at])],
                ),
            )

    def write(self, session: Session, positions: list[int]) -> None:
        """All rows of the lots, which the ledger tells of at these positions."""
        self._write_lots(session, positions)
        self._write_steps(session)
        self._write_claims(session)
        self._write_sources(session)
        self._write_holdings(session)

    def grower(self, at: int) -> int | None:
        """The key of the grower whose plot it came from, where that was written down."""
        plot = int(self.plot[at])
        return int(self.made.plots.growers[plot]) + 1 if plot >= 0 else None

    def _grower_uid(self, at: int) -> Any:
        key = self.grower(at)
        return None if key is None else self.made.members.uids[key - 1]

    def _plots(self, drawn: np.random.Generator) -> Numbers:
        luck, named = drawn.random(len(self)).tolist(), drawn.random(len(self)) < NAMED
        found = np.full(len(self), -1, dtype=np.int64)
        for at in np.flatnonzero(named).tolist():
            plots = self.made.plots.by_area[int(self.area[at])]
            if plots:
                found[at] = plots[int(luck[at] * len(plots))]
        return found

    def _claims(self) -> list[list[Said]]:
        kept = self.made.seasons.plantings[self.season].tolist()
        rows = zip(self.day.tolist(), self.area.tolist(), self.crop.tolist(), kept, strict=True)
        decide = self.made.claims.of
        return [
            decide(day=day, area=area, crop=crop, diary=bool(planting))
            for day, area, crop, planting in rows
        ]

    def _write_lots(self, session: Session, positions: list[int]) -> None:
        made, days = self.made, self.made.days
        harvested = days.days(self.day)
        since = np.minimum(days.last, self.day + np.where(self.state == CLOSED, CLOSED_AFTER, 1))
        recorded = days.instants(self.day)
        opened = (self.state == STATES.index(LotState.OPEN)).tolist()
        write(
            session,
            HarvestLot,
            {
                "id": self.keys,
                "code": self.codes,
                "organisation_id": (self.holder + FIRST_HOLDER).tolist(),
                "area_id": (self.area + 1).tolist(),
                "crop_id": [made.ground.crops[at].pk for at in self.crop.tolist()],
                "grower_id": [self.grower(at) for at in range(len(self))],
                "harvested_on": harvested,
                "packed_on": harvested,
                "best_before": [day + KEEPS for day in harvested],
                "quantity_g": self.grams.tolist(),
                "grade": [GRADES[at] for at in self.grade.tolist()],
                "state": [STATES[at] for at in self.state.tolist()],
                "state_since": [
                    first if is_open else later
                    for first, later, is_open in zip(
                        recorded, days.instants(since), opened, strict=True
                    )
                ],
                "recorded_at": recorded,
                "ledger_position": positions,
            },
        )

    def _write_steps(self, session: Session) -> None:
        """Open first; sealed a day later, closed after a month, or what else befell it."""
        steps: list[tuple[int, LotState, int]] = []
        for key, state, day in zip(self.keys, self.state.tolist(), self.day.tolist(), strict=True):
            steps.append((key, LotState.OPEN, day))
            if state == CLOSED:
                steps.append((key, STATES[SEALED], day + 1))
                steps.append((key, STATES[state], day + CLOSED_AFTER))
            elif STATES[state] is not LotState.OPEN:
                steps.append((key, STATES[state], day + 1))
        days = np.minimum(self.made.days.last, np.array([one[2] for one in steps]))
        write(
            session,
            LotStep,
            {
                "lot_id": [one[0] for one in steps],
                "state": [one[1] for one in steps],
                "recorded_at": self.made.days.instants(days),
            },
        )

    def _write_claims(self, session: Session) -> None:
        all_of_them = [
            (key, claim)
            for key, claims in zip(self.keys, self.claims, strict=True)
            for claim in claims
        ]
        write(
            session,
            LotClaim,
            {
                "lot_id": [key for key, _ in all_of_them],
                "kind": [claim.kind for _, claim in all_of_them],
                "granted": [claim.granted for _, claim in all_of_them],
                "certificate_id": [claim.certificate for _, claim in all_of_them],
                "reason": [claim.reason for _, claim in all_of_them],
                "reason_values": [claim.values for _, claim in all_of_them],
            },
        )

    def _write_sources(self, session: Session) -> None:
        """The only part of each lot that a diary is behind."""
        plantings = self.made.seasons.plantings[self.season]
        kept = np.flatnonzero(plantings).tolist()
        write(
            session,
            LotSource,
            {
                "lot_id": [self.keys[at] for at in kept],
                "planting_id": [int(plantings[at]) for at in kept],
                "plot_id": [int(self.plot[at]) + 1 or None for at in kept],
                "grower_id": [self.grower(at) for at in kept],
                "quantity_g": [int(self.grams[at]) for at in kept],
            },
        )

    def _write_holdings(self, session: Session) -> None:
        """In hand, sold, or gone nobody knows where; what was withdrawn never was there."""
        withdrawn = STATES.index(LotState.WITHDRAWN)
        kept = np.flatnonzero(self.state != withdrawn).tolist()
        where = [
            HoldingState.SOLD
            if self.sold[at]
            else HoldingState.UNACCOUNTED
            if self.state[at] == CLOSED
            else HoldingState.IN_HAND
            for at in kept
        ]
        write(
            session,
            Holding,
            {
                "lot_id": [self.keys[at] for at in kept],
                "organisation_id": [int(self.holder[at]) + FIRST_HOLDER for at in kept],
                "state": where,
                "quantity_g": [int(self.grams[at]) for at in kept],
            },
        )
