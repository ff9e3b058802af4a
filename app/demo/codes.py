"""The life of codes in the demonstration: dossiers at every stage, warnings, one code replaced."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from app.demo.cast import HOMES, HOUSEHOLD, Home
from app.demo.land import field_around
from app.demo.world import World
from app.kit.clock import day_of
from app.kit.quantities import Grams, SquareMetres
from app.ledger.actors import Actor
from app.models.dossiers import Finding
from app.models.registry import (
    AreaCode,
    CodeApplication,
    CodeScheme,
    Organisation,
    OrganisationKind,
    PlantingArea,
)
from app.places.queries import find_former_commune
from app.registry.application_commands import (
    CheckDetails,
    order_site_check,
    record_site_check,
    return_application,
)
from app.registry.area_commands import AreaDetails, register_area
from app.registry.code_commands import Change, restore_code, suspend_code, warn_code
from app.registry.code_queries import find_standing_code
from app.registry.decision_queries import Decision
from app.registry.dossier_commands import (
    DossierDetails,
    open_dossier,
    save_dossier,
    submit_dossier,
)
from app.registry.issue_commands import issue_code, reissue_code
from app.registry.organisation_commands import OrganisationDetails, register_organisation
from app.registry.plot_commands import PlotDetails, register_plot

Follow = Callable[[CodeApplication, datetime], object]
WITH_PLOTS = ("bac-ha", "sa-pa", "bat-xat")


def plan_codes_of_today(world: World) -> None:
    """What an officer finds on the desk, and what befell codes that were issued."""
    for home in HOMES:
        if home.key in WITH_PLOTS:
            _plan_plots(world, home)
    _plan_dossiers(world)
    _plan_steps(world)
    world.plan(world.at(120), partial(_household, world))


def _plan_plots(world: World, home: Home) -> None:
    """The land of a cooperative, plot by plot, three members an area."""
    for number, area in enumerate(world.areas[home.key][:3]):
        for place, grower in enumerate(world.growers[home.key][number * 2 : number * 2 + 3]):
            details = PlotDetails(
                name=f"Thửa {number + 1}.{place + 1}",
                grower=grower.uid,
                commune="",
                former_commune=home.former_commune,
                area=SquareMetres(area.area_m2 // 4),
                planting_area=area.uid,
            )
            world.plan(world.at(300, hour=8), partial(_plot, world, home.key, details))


def _plot(world: World, key: str, details: PlotDetails, now: datetime) -> None:
    register_plot(
        world.session,
        organisation=world.organisations[key],
        details=details,
        by=world.clerk(key),
        now=now,
    )


def _plan_dossiers(world: World) -> None:
    """One of every stage: just handed in, overdue, on site, sent back, a draft."""
    _plan_dossier(world, "bac-ha", 4, ("VNM",), days_ago=1)
    _plan_dossier(world, "bac-ha", 0, ("CHN",), days_ago=22, then=partial(_on_site, world))
    _plan_dossier(world, "sa-pa", 4, ("VNM",), days_ago=9)
    _plan_dossier(world, "bat-xat", 3, ("VNM",), days_ago=6, then=partial(_back, world))
    world.plan(world.at(2), partial(_draft, world, "bac-ha", 1, ("JPN",)))


def _plan_dossier(
    world: World,
    key: str,
    number: int,
    markets: tuple[str, ...],
    *,
    days_ago: int,
    then: Follow | None = None,
) -> None:
    def hand_in(now: datetime) -> None:
        _draft(world, key, number, markets, now)
        dossier = open_dossier(world.session, area=world.areas[key][number], now=now)
        (filed,) = submit_dossier(world.session, dossier=dossier, by=world.clerk(key), now=now)
        if then is not None:
            then(filed, now)

    world.plan(world.at(days_ago, hour=9), hand_in)


def _draft(world: World, key: str, number: int, markets: tuple[str, ...], now: datetime) -> None:
    area = world.areas[key][number]
    details = DossierDetails(
        markets=markets,
        standard="VIETGAP_2026",
        expected_output=Grams(area.area_m2 * 2500),
        households=3 + number,
        representative=world.growers[key][0].name,
        note="Đề nghị cấp mã số vùng trồng.",
    )
    dossier = open_dossier(world.session, area=area, now=now)
    save_dossier(world.session, dossier=dossier, details=details, by=world.clerk(key), now=now)


def _on_site(world: World, application: CodeApplication, now: datetime) -> None:
    order_site_check(
        world.session, application=application, by=world.callers["inspector"].actor, now=now
    )
    words = "Chưa có nơi thu gom vỏ bao thuốc; hẹn kiểm tra lại."
    record_site_check(
        world.session,
        application=application,
        details=CheckDetails(day_of(now), Finding.UNFIT, words),
        by=world.callers["inspector"].actor,
        now=now,
    )


def _back(world: World, application: CodeApplication, now: datetime) -> None:
    return_application(
        world.session,
        application=application,
        reason="Ranh giới vẽ lấn sang đường liên xã, đề nghị vẽ lại.",
        reason_slug="boundary_wrong",
        by=world.callers["province_admin"].actor,
        now=now,
    )


def _plan_steps(world: World) -> None:
    """A warning that stands, an export market suspended and restored, a code replaced."""
    warned = Change(world.at(12).date(), reason_slug="no_season")
    _plan_step(world, ("bao-thang", 1, "VNM"), warn_code, warned, 12)
    stopped = Change(world.at(90).date(), reason_slug="pest_found", number="88/QĐ-TTBVTV")
    _plan_step(world, ("bao-thang", 0, "CHN"), suspend_code, stopped, 90)
    mended = Change(world.at(40).date(), reason_slug="all_mended", number="131/QĐ-TTBVTV")
    _plan_step(world, ("bao-thang", 0, "CHN"), restore_code, mended, 40)
    world.plan(world.at(70), partial(_replace, world))


def _plan_step(
    world: World,
    which: tuple[str, int, str],
    step: Callable[..., AreaCode],
    change: Change,
    days_ago: int,
) -> None:
    def act(now: datetime) -> None:
        step(
            world.session,
            code=_code(world, *which),
            change=change,
            by=world.callers["province_admin"].actor,
            now=now,
        )

    world.plan(world.at(days_ago, hour=15), act)


def _replace(world: World, now: datetime) -> None:
    """A code of before the merger becomes one of NĐ 38/2026."""
    reissue_code(
        world.session,
        code=_code(world, "bao-yen", 0, "VNM"),
        decision=Decision(CodeScheme.ND38_2026, day_of(now), "97/QĐ-TTBVTV"),
        by=world.callers["province_admin"].actor,
        now=now,
    )


def _code(world: World, key: str, number: int, market: str) -> AreaCode:
    code = find_standing_code(world.session, world.areas[key][number].pk, market)
    if code is None:
        raise LookupError(f"{key} {number} has no code for {market}")
    return code


def _household(world: World, now: datetime) -> None:
    """A household with a code of its own: the public register does not name it."""
    home = register_organisation(
        world.session,
        kind=OrganisationKind.HOUSEHOLD,
        details=OrganisationDetails(
            name=HOUSEHOLD.name,
            commune=HOUSEHOLD.former_commune,
            former_commune=HOUSEHOLD.former_commune,
        ),
        by=Actor.system(),
        now=now,
    )
    home.demonstration, home.name_public = True, False
    area = _household_area(world, home.pk, now)
    actor = Actor(None, "coop_admin", home.uid)
    dossier = open_dossier(world.session, area=area, now=now)
    details = DossierDetails(
        markets=("VNM",),
        expected_output=Grams(9_000_000),
        households=1,
        representative=HOUSEHOLD.name,
    )
    save_dossier(world.session, dossier=dossier, details=details, by=actor, now=now)
    (filed,) = submit_dossier(world.session, dossier=dossier, by=actor, now=now)
    issue_code(
        world.session,
        application=filed,
        decision=Decision(CodeScheme.ND38_2026, day_of(now), "76/QĐ-TTBVTV"),
        by=world.callers["province_admin"].actor,
        now=now,
    )


def _household_area(world: World, organisation_id: int, now: datetime) -> PlantingArea:
    name, crops, tenths = HOUSEHOLD.areas[0]
    size = SquareMetres(tenths * 1000)
    former = find_former_commune(world.session, HOUSEHOLD.former_commune)
    if former is None or former.lat is None or former.lon is None:
        raise LookupError(HOUSEHOLD.former_commune)
    area = register_area(
        world.session,
        organisation=world.session.get_one(Organisation, organisation_id),
        details=AreaDetails(
            name=name,
            commune="",
            former_commune=HOUSEHOLD.former_commune,
            crops=crops,
            area=size,
            established_on=day_of(now),
            polygon=field_around(former.lat, former.lon, size, chance=world.chance),
        ),
        by=Actor.system(),
        now=now,
    )
    world.session.flush()
    return area
