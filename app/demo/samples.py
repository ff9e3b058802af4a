"""Samples worth seeing: one that passed, one that failed on a lot held for it, an own test beside them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from app.accounts.caller import Caller
from app.accounts.reach import Reach
from app.demo.seasons import harvested
from app.demo.world import World
from app.inspection.lab_commands import ReportDetails, record_report
from app.inspection.lab_rules import Finding
from app.kit.clock import day_of
from app.kit.quantities import Grams
from app.lots.harvests import Harvest
from app.lots.hold_commands import hold_lot
from app.lots.queries import line_of, newest_lots
from app.models.inspection import Amount, AnalyteGroup
from app.models.lots import HarvestLot

HOME = "bac-ha"
LABORATORY = "Trung tâm Kiểm nghiệm và Chứng nhận chất lượng (minh hoạ)"
ACCREDITED = "VILAS 000 (minh hoạ)"
LAW = "TT 50/2016/TT-BYT"
Then = Callable[[World, HarvestLot, datetime], object]

CLEAN = (
    Finding("Cypermethrin", AnalyteGroup.PESTICIDE, Amount.BELOW_LOQ, unit="mg/kg",
            loq=Decimal("0.01"), limit=Decimal(1), limit_ref=LAW),
    Finding("Abamectin", AnalyteGroup.PESTICIDE, Amount.MEASURED, Decimal("0.004"), "mg/kg",
            Decimal("0.002"), Decimal("0.05"), "theo phiếu"),
    Finding("Chì (Pb)", AnalyteGroup.HEAVY_METAL, Amount.MEASURED, Decimal("0.04"), "mg/kg",
            Decimal("0.01"), Decimal("0.3"), "QCVN 8-2:2011/BYT"),
    Finding("Salmonella", AnalyteGroup.MICROBIOLOGY, Amount.NOT_DETECTED, unit="CFU/25 g",
            limit=Decimal(0), limit_ref="QCVN 8-3:2012/BYT"),
)  # fmt: skip
OVER = (
    Finding("Cypermethrin", AnalyteGroup.PESTICIDE, Amount.MEASURED, Decimal("2.4"), "mg/kg",
            Decimal("0.01"), Decimal(1), LAW),
    Finding("Imidacloprid", AnalyteGroup.PESTICIDE, Amount.MEASURED, Decimal("0.08"), "mg/kg",
            Decimal("0.01"), Decimal("0.5"), LAW),
)  # fmt: skip
OWN = (
    Finding("Nitrat (NO3-)", AnalyteGroup.NITRATE, Amount.MEASURED, Decimal(212), "mg/kg",
            Decimal(5), Decimal(500), "theo phiếu"),
)  # fmt: skip


def plan_samples(world: World) -> None:
    """All of them."""
    world.plan(world.at(11, hour=9), partial(_harvest, world, 180_000, _passes))
    world.plan(world.at(6, hour=9), partial(_harvest, world, 90_000, _fails))
    world.plan(world.at(0, hour=8), partial(_own_test_of_the_newest, world))


def _harvest(world: World, grams: int, then: Then, now: datetime) -> None:
    area, day = world.areas[HOME][0], day_of(now)
    harvest = Harvest(
        area=area.uid,
        crop=world.crops[area.pk][0],
        harvested_on=day,
        quantity=Grams(grams),
        packed_on=day,
        best_before=day + timedelta(days=10),
    )
    lot = harvested(world, HOME, harvest, now, labelled=True)
    then(world, lot, now)


def _passes(world: World, lot: HarvestLot, now: datetime) -> None:
    own = of_home(world, world.callers["coop_admin"])
    for days, number, findings, caller in (
        (2, "KN-0931/2026", CLEAN, world.callers["inspector"]),
        (3, "TN-118", OWN, own),
    ):
        then = partial(_report, world, lot, _details(number, findings, day_of(now)), caller)
        world.plan(min(now + timedelta(days=days), world.now), then)


def _own_test_of_the_newest(world: World, now: datetime) -> None:
    """The last harvest, tested by the cooperative before it goes to a supermarket."""
    home = Reach.own(world.organisations[HOME].pk)
    lot = newest_lots(world.session, within=home, limit=1).items[0].lot
    own = of_home(world, world.callers["coop_admin"])
    _report(world, lot, _details("TN-131", OWN, day_of(now)), own, now)


def _fails(world: World, lot: HarvestLot, now: datetime) -> None:
    officer = world.callers["inspector"]

    def found(later: datetime) -> None:
        _report(world, lot, _details("KN-0958/2026", OVER, day_of(now)), officer, later)
        hold_lot(
            world.session,
            lot=lot,
            reason="Mẫu kiểm nghiệm có Cypermethrin vượt mức cho phép.",
            by=officer.actor,
            now=later,
        )

    world.plan(min(now + timedelta(days=4), world.now), found)


def _details(number: str, findings: tuple[Finding, ...], sampled_on: date) -> ReportDetails:
    return ReportDetails(
        laboratory=LABORATORY,
        number=number,
        sampled_on=sampled_on,
        reported_on=sampled_on,
        findings=findings,
        accreditation=ACCREDITED,
    )


def _report(
    world: World, lot: HarvestLot, details: ReportDetails, caller: Caller, now: datetime
) -> None:
    record_report(
        world.session,
        line=line_of(world.session, lot),
        details=replace(details, reported_on=day_of(now)),
        caller=caller,
        now=now,
    )


def of_home(world: World, caller: Caller) -> Caller:
    """Somebody of the same role in the cooperative that has samples and reports."""
    home = world.organisations[HOME]
    return replace(
        caller,
        organisation_id=home.pk,
        organisation_uid=home.uid,
        organisation_name=home.name,
    )
