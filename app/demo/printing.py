"""Printers and print runs of one cooperative: a measured printer, a spoiled roll, labels read back."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from app.accounts.reach import Reach
from app.catalogue.product_queries import PublicProduct, products_of
from app.demo.cast import SEATED_HOME
from app.demo.world import World
from app.kit.clock import day_of
from app.kit.quantities import Grams
from app.labels.keys import FOLDER, KeyRing
from app.labels.run_commands import start_run
from app.labels.run_content import STORAGE, WARNINGS, Content
from app.labels.run_marks import Marking, mark_labels, prove_label
from app.labels.run_request import RunRequest, wanted_of
from app.labels.stock_commands import ProfileDetails, add_profile
from app.labels.stock_queries import stock_by_slug
from app.lots.leaving import obstacles_to_labels
from app.lots.queries import lot_line, newest_lots
from app.lots.readiness_queries import readiness_of
from app.models.lots import LotState
from app.models.print_runs import MarkKind, Output, PrintRun, ProofEnd, VoidCause

_CONTENT = Content(pack=Grams(500), storage=STORAGE[0]["vi"], warning=WARNINGS[0]["vi"])
_SPOILED = 6
_LABELS = 48
_CARTONS = 8


def plan_printing(world: World, data_dir: Path) -> None:
    """A few days of printing, after the last harvest."""
    keys = KeyRing(data_dir / FOLDER)
    world.plan(world.at(2, 8), lambda now: _add_printers(world, now))
    world.plan(world.at(1, 9), lambda now: _print_rolls(world, keys, now))
    world.plan(world.at(1, 11), lambda now: _print_sheets(world, keys, now))
    world.plan(world.at(1, 14), lambda now: _print_cartons(world, keys, now))


def _add_printers(world: World, now: datetime) -> None:
    roll = ProfileDetails("Máy in tem kho", Output.TSPL, offset_x_um=500)
    sheets = ProfileDetails(
        "Máy in văn phòng",
        Output.PDF,
        dpi=300,
        offset_x_um=-800,
        offset_y_um=600,
        ruler_um=99_700,
        measured=True,
    )
    for slug, details in (("roll-60x40", roll), ("a4-tomy-145", sheets)):
        add_profile(
            world.session,
            organisation=world.organisations[SEATED_HOME],
            stock=stock_by_slug(world.session, slug, within=Reach.all()),
            details=details,
            by=world.clerk(SEATED_HOME),
            now=now,
        )


def _print_rolls(world: World, keys: KeyRing, now: datetime) -> None:
    """Numbered labels on a roll: the first six came out crooked, most of the others are on the packs."""
    for code in _lots(world, now)[:1]:
        asked = RunRequest(
            lots=((code, _LABELS),),
            layout="l1-60x40",
            stock="roll-60x40",
            serialised=True,
            **_sold_as(world, code),
        )
        run = _run(world, keys, now, asked)
        why = "Tem in lệch khi lắp cuộn mới"
        spoiled = Marking(code, MarkKind.VOIDED, 0, _SPOILED - 1, why, VoidCause.MISPRINTED)
        on_packs = Marking(code, MarkKind.APPLIED, _SPOILED, _LABELS - 9)
        for marking in (spoiled, on_packs):
            mark_labels(
                world.session,
                run=run,
                organisation=world.organisations[SEATED_HOME],
                marking=marking,
                by=world.clerk(SEATED_HOME),
                now=now,
            )
            world.session.flush()


def _print_sheets(world: World, keys: KeyRing, now: datetime) -> None:
    for code in _lots(world, now)[1:3]:
        asked = RunRequest(
            lots=((code, _LABELS),), layout="l3-33x21", stock="a4-tomy-145", content=_CONTENT
        )
        run = _run(world, keys, now, asked)
        for which in ProofEnd:
            prove_label(
                world.session,
                run=run,
                organisation=world.organisations[SEATED_HOME],
                which=which,
                read=code,
                keys=keys,
                by=world.clerk(SEATED_HOME),
                now=now,
            )


def _print_cartons(world: World, keys: KeyRing, now: datetime) -> None:
    """Cartons of the newest lot that is packed in some, each with an SSCC of its own."""
    for code in _lots(world, now):
        carton = _product_of(world, code, cartons=True)
        if carton is None:
            continue
        asked = RunRequest(
            lots=((code, _CARTONS),),
            layout="l4-100x150",
            stock="roll-100x150",
            product=carton.product.uid,
            sscc=True,
        )
        _run(world, keys, now, asked)
        return


def _sold_as(world: World, code: str) -> dict[str, Any]:
    """What a lot is sold as: a product of its crop, else the pack as the clerk describes it."""
    found = _product_of(world, code, cartons=False)
    return {"product": found.product.uid} if found else {"content": _CONTENT}


def _product_of(world: World, code: str, *, cartons: bool) -> PublicProduct | None:
    home = world.organisations[SEATED_HOME]
    crop = lot_line(world.session, code, within=Reach.own(home.pk)).crop
    found = products_of(world.session, home.pk, crop_id=crop.pk)
    return next((one for one in found if (one.held is not None) == cartons), None)


def _run(world: World, keys: KeyRing, now: datetime, asked: RunRequest) -> PrintRun:
    home = world.organisations[SEATED_HOME]
    asked = replace(asked, reprint_reason="Nhiều gói hơn dự kiến")
    within = Reach.own(home.pk)
    run = start_run(
        world.session,
        organisation=home,
        wanted=wanted_of(world.session, asked, within=within, today=day_of(now)),
        keys=keys,
        base_url=world.base_url,
        within=within,
        by=world.clerk(SEATED_HOME),
        now=now,
    )
    world.session.flush()
    return run


def _lots(world: World, now: datetime) -> list[str]:
    """The newest lots that may leave and may be labelled."""
    session, today = world.session, day_of(now)
    home = world.organisations[SEATED_HOME]
    found = newest_lots(session, within=Reach.own(home.pk), limit=40)
    may_leave = {LotState.OPEN, LotState.SEALED}
    return [
        line.lot.code
        for line in found.items
        if line.lot.state in may_leave
        and not obstacles_to_labels(readiness_of(session, line, today=today), today)
    ]
