"""Two ordinary seasons: codes asked for and issued, certificates recorded, harvests and labels."""

from datetime import date, datetime, timedelta

from app.certificates.commands import CertificateDetails, record_certificate
from app.demo.cast import GRAMS_PER_M2, HOMES
from app.demo.world import World
from app.kit.clock import day_of
from app.kit.quantities import Grams
from app.labels.commands import Printing, print_labels
from app.ledger.actors import Actor
from app.lots.commands import record_lot, seal_lot
from app.lots.harvests import Harvest
from app.lots.queries import line_of
from app.models.labels import LabelForm
from app.models.lots import HarvestLot
from app.models.registry import CodeScheme, Organisation, PlantingArea
from app.registry.application_commands import file_application
from app.registry.decision_queries import Decision
from app.registry.issue_commands import issue_code

LOTS = 204
# Days ago between which each season's harvests lie.
SEASONS = ((400, 280), (110, 1))
LAST_DAY_OF_QD3156 = date(2025, 6, 30)
KEEPS_DAYS = 7
# How many harvests name their grower.
NAMED_SHARE = 0.7
# Areas whose code comes later in the story, or never.
WITHOUT_CODE = {("bac-ha", 4), ("bat-xat", 3), ("van-ban", 3), ("tp-lao-cai", 4), ("sa-pa", 4)}
EXPORTING = {("sa-pa", 1), ("bao-thang", 0), ("muong-khuong", 2)}
EXTERNAL = ("bao-yen", 1)


def plan_codes(world: World) -> None:
    """Most areas hold a code: older ones under QĐ 3156, newer ones under NĐ 38/2026."""
    for home in HOMES:
        for number, area in enumerate(world.areas[home.key]):
            if (home.key, number) in WITHOUT_CODE:
                continue
            old = number % 2 == 0
            asked = _old_days(world, number) if old else world.at(250 - 10 * number)
            scheme = CodeScheme.QD3156_2022 if old else CodeScheme.ND38_2026
            if (home.key, number) == EXTERNAL:
                scheme = CodeScheme.EXTERNAL
            _plan_code(world, area, "VNM", scheme, asked)
            if (home.key, number) in EXPORTING:
                _plan_code(world, area, "CHN", CodeScheme.ND38_2026, world.at(200))


def plan_certificates(world: World) -> None:
    """VietGAP for most cooperatives, by the certification body's own account."""
    for serial, home in enumerate(HOMES):
        if home.key in {"sa-pa", "si-ma-cai", "van-ban"}:
            continue
        crops = tuple(sorted({crop for _, grown, _ in home.areas[:3] for crop in grown}))
        days = 520 if home.key != "bat-xat" else 790
        plan_certificate(
            world,
            home.key,
            CertificateDetails(
                standard="VIETGAP_2017",
                number=f"VietGAP-TT-13-31-10-{1117 + 37 * serial:04}",
                issued_on=world.today - timedelta(days=days),
                valid_from=world.today - timedelta(days=days),
                valid_to=world.today - timedelta(days=days - 730),
                crops=crops,
                areas=tuple(area.uid for area in world.areas[home.key][:3]),
            ),
            world.at(days),
        )


def plan_certificate(
    world: World, key: str, details: CertificateDetails, when: datetime, role: str = "certifier"
) -> None:
    """A certificate that somebody of a role records at an instant."""
    world.plan(
        when,
        lambda now: record_certificate(
            world.session,
            holder=world.organisations[key],
            details=details,
            caller=world.callers[role],
            now=now,
        ),
    )


def plan_harvests(world: World) -> None:
    """Lots over two seasons, some packed, sealed and labelled."""
    keys = [home.key for home in HOMES]
    for number in range(LOTS):
        first, last = SEASONS[number % 2]
        key = keys[number % len(keys)]
        area = world.areas[key][world.chance.randrange(len(world.areas[key]))]
        crop = world.chance.choice(world.crops[area.pk])
        when = world.at(world.chance.randint(last, first), hour=world.chance.randint(7, 16))
        plan_harvest(world, key, area, crop, when, labelled=number % 3 != 0)


def plan_harvest(
    world: World, key: str, area: PlantingArea, crop: str, when: datetime, *, labelled: bool
) -> None:
    """A harvest at an instant, and what the clerk does with it."""
    share = world.chance.uniform(0.02, 0.2)
    kilograms = max(20, round(area.area_m2 * GRAMS_PER_M2 * share / 1000 / 5) * 5)
    grower = world.chance.choice(world.growers[key])
    named = world.chance.random() < NAMED_SHARE
    day = day_of(when)
    harvest = Harvest(
        area=area.uid,
        crop=crop,
        harvested_on=day,
        quantity=Grams(kilograms * 1000),
        packed_on=day if labelled else None,
        best_before=day + timedelta(days=KEEPS_DAYS),
        grower=grower.uid if named else None,
    )
    world.plan(when, lambda now: harvested(world, key, harvest, now, labelled=labelled))


def harvested(
    world: World, key: str, harvest: Harvest, now: datetime, *, labelled: bool
) -> HarvestLot:
    """Record, and where it leaves the cooperative, seal and label."""
    clerk = world.clerk(key)
    lot = record_lot(
        world.session, organisation=world.organisations[key], harvest=harvest, by=clerk, now=now
    )
    if labelled:
        print_labels(
            world.session,
            line=line_of(world.session, lot),
            printing=Printing(LabelForm.SHEET_A4, copies=36),
            base_url=world.base_url,
            by=clerk,
            now=now,
        )
        seal_lot(world.session, lot=lot, by=clerk, now=now)
    return lot


def _old_days(world: World, number: int) -> datetime:
    """An instant while QĐ 3156 codes were still issued, and the areas existed."""
    newest = min(world.today, LAST_DAY_OF_QD3156) - timedelta(days=30 + 12 * number)
    return world.at((world.today - newest).days)


def _plan_code(
    world: World, area: PlantingArea, market: str, scheme: CodeScheme, asked: datetime
) -> None:
    officer = world.callers["province_admin"].actor
    clerk = Actor(None, "staff", world.session.get_one(Organisation, area.organisation_id).uid)

    def issue(now: datetime) -> None:
        application = file_application(
            world.session, area=area, market=market, note="", by=clerk, now=now
        )
        world.session.flush()  # the application's id
        issue_code(
            world.session,
            application=application,
            decision=Decision(
                scheme=scheme,
                decided_on=day_of(now),
                number=f"{100 + area.pk}/QĐ-TTBVTV",
                typed_code=f"LCI-{area.pk:05}" if scheme is CodeScheme.EXTERNAL else "",
            ),
            by=officer,
            now=now,
        )

    world.plan(asked, issue)
