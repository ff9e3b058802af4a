"""What happened in the demonstration province: two seasons, told in order through the product's commands.

Nothing is done here that a user could not have done.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from app.accounts.caller_queries import caller_as
from app.accounts.commands import Invitation, invite_account, use_link
from app.accounts.passwords import new_password
from app.demo.cases import plan_cases
from app.demo.cast import AUTHORITY, BODY, GIVEN, HOMES, SEATED_HOME, SEATS, SURNAMES, Home
from app.demo.certificates import plan_every_certificate
from app.demo.codes import plan_codes_of_today
from app.demo.declarations import plan_declarations
from app.demo.diaries import plan_diaries
from app.demo.inspections import plan_inspections
from app.demo.land import field_around
from app.demo.lots import plan_lots
from app.demo.moving import plan_movements
from app.demo.plan_figures import plan_figures
from app.demo.plan_reporting import plan_reporting
from app.demo.printing import plan_printing
from app.demo.products import plan_products
from app.demo.reports import plan_reports
from app.demo.samples import plan_samples
from app.demo.scanning import plan_scanning
from app.demo.seasons import plan_certificates, plan_codes, plan_harvests
from app.demo.world import World
from app.kit.clock import day_of
from app.kit.quantities import SquareMetres
from app.ledger.actors import Actor
from app.models.accounts import Role
from app.models.registry import Grower, Organisation, OrganisationKind
from app.places.queries import find_former_commune
from app.registry.area_commands import AreaDetails, register_area
from app.registry.grower_commands import Person, give_consent, register_grower
from app.registry.organisation_commands import OrganisationDetails, register_organisation

SEED = 2026
BEGAN = timedelta(days=900)
DEPARTMENT_COMMUNE = "02668"


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to sign in as. The password is generated and shown once."""

    role: str
    login: str
    name: str
    password: str


STORIES = (
    plan_codes,
    plan_certificates,
    plan_harvests,
    plan_cases,
    plan_codes_of_today,
    plan_every_certificate,
    plan_declarations,
    plan_diaries,
    plan_lots,
    plan_products,
    plan_samples,
    plan_reports,
    plan_inspections,
    plan_figures,
    plan_reporting,
)


def load(
    session: Session, *, now: datetime, base_url: str, data_dir: Path | None = None
) -> list[DemoPerson]:
    """Make the demonstration province; returns whom one can sign in as.

    With a data directory, where the secrets of serials lie, it prints numbered labels too.
    """
    world = World(session, now, random.Random(SEED), base_url)  # a story, not a secret
    start = now - BEGAN
    _register_office(world, "authority", OrganisationKind.AUTHORITY, AUTHORITY, start)
    _register_office(world, "body", OrganisationKind.CERTIFICATION_BODY, BODY, start)
    for number, home in enumerate(HOMES):
        _register_home(world, home, start + timedelta(hours=1 + number))
    people = [_seat(world, seat.role, seat.login, seat.name, start) for seat in SEATS]
    for plan in STORIES:
        plan(world)
    if data_dir is not None:
        plan_printing(world, data_dir)
    plan_scanning(world)
    plan_movements(world)
    world.happen()
    return people


def _register_office(
    world: World, key: str, kind: OrganisationKind, name: str, when: datetime
) -> None:
    world.organisations[key] = _organisation(world, kind, name, DEPARTMENT_COMMUNE, when)


def _register_home(world: World, home: Home, when: datetime) -> None:
    kind = OrganisationKind.GROUP if home.name.startswith("Tổ") else OrganisationKind.COOPERATIVE
    cooperative = _organisation(world, kind, home.name, home.former_commune, when)
    world.organisations[home.key] = cooperative
    world.growers[home.key] = [
        _register_grower(world, cooperative, home, when) for _ in range(home.growers)
    ]
    # The first grower of every cooperative agrees to be named in public.
    give_consent(world.session, grower=world.growers[home.key][0], by=Actor.system(), now=when)
    world.areas[home.key] = []
    for name, crops, tenths in home.areas:
        _register_area(world, home, name, crops, SquareMetres(tenths * 1000), when)


def _organisation(
    world: World, kind: OrganisationKind, name: str, former_commune: str, when: datetime
) -> Organisation:
    organisation = register_organisation(
        world.session,
        kind=kind,
        details=OrganisationDetails(
            name=name, commune=former_commune, former_commune=former_commune
        ),
        by=Actor.system(),
        now=when,
    )
    organisation.demonstration = True
    return organisation


def _register_grower(world: World, cooperative: Organisation, home: Home, when: datetime) -> Grower:
    name = f"{world.chance.choice(SURNAMES)} {world.chance.choice(GIVEN)}"
    return register_grower(
        world.session,
        organisation=cooperative,
        person=Person(
            name=name,
            commune=home.former_commune,
            former_commune=home.former_commune,
            # 0999 is given to nobody, so a demonstration cannot ring a stranger.
            phone=f"0999{world.chance.randrange(10**6):06}",
            hamlet="Thôn minh hoạ",
        ),
        member_since=day_of(when),
        by=Actor.system(),
        now=when,
    )


def _register_area(
    world: World, home: Home, name: str, crops: tuple[str, ...], area: SquareMetres, when: datetime
) -> None:
    former = find_former_commune(world.session, home.former_commune)
    boundary = (
        field_around(former.lat, former.lon, area, chance=world.chance)
        if former and former.lat is not None and former.lon is not None
        else None
    )
    made = register_area(
        world.session,
        organisation=world.organisations[home.key],
        details=AreaDetails(
            name=name,
            commune=home.former_commune,
            former_commune=home.former_commune,
            crops=crops,
            area=area,
            established_on=day_of(when),
            polygon=boundary,
        ),
        by=Actor.system(),
        now=when,
    )
    world.areas[home.key].append(made)
    world.crops[made.pk] = crops


def _seat(world: World, role: str, login: str, name: str, when: datetime) -> DemoPerson:
    homes = {"certifier": "body", "inspector": "authority", "province_admin": "authority"}
    home = world.organisations[homes.get(role, SEATED_HOME)]
    account, token = invite_account(
        world.session,
        who=Invitation(login, name, Role(role)),
        organisation=home,
        giver=Role.PROVINCE_ADMIN,
        by=Actor.system(),
        now=when,
    )
    password = new_password()
    use_link(world.session, token=token, password=password, now=when)
    world.callers[role] = caller_as(world.session, account, day_of(when))
    return DemoPerson(role, login, name, password)
