"""A world in which anything may happen: each act is a command of the product, chosen by chance."""

from datetime import timedelta
from random import Random
from typing import TypeVar

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from app.certificates.commands import Change, change_status
from app.errors import DomainError
from app.kit.quantities import Grams, SquareMetres
from app.labels.commands import Printing, print_labels
from app.ledger.actors import Actor
from app.lots.commands import withdraw_lot
from app.lots.queries import line_of
from app.models.certificates import Certificate, CertificateStatus
from app.models.diary import Planting, Work
from app.models.labels import LabelForm
from app.models.lots import HarvestLot, LotKind
from app.models.movements import MovementKind
from app.models.plan_prices import CropPrice, PriceSource
from app.models.registry import AreaCode, CodeStatus, Organisation, PlantingArea
from app.models.scans import WHOLE_LOT, ScanDay
from app.models.seasons import SeasonDeclaration
from app.plan.price_commands import PriceDetails, enter_price, withdraw_price
from app.registry.code_commands import Change as CodeChange
from app.registry.code_commands import change_code
from app.registry.season_commands import end_season
from tests.given import Given
from tests.lots.growing import Growing
from tests.movements.moving import Moving, piece

BY = Actor.system()
T = TypeVar("T", bound=SQLModel)
CROPS = ("BAP_CAI", "SU_SU", "DAU_CO_VE")
# Of one district, of two (nobody can say which), and with the former commune told.
PLACES = (
    {"commune": "02839"},
    {"commune": "02647"},
    {"commune": "02647", "former_commune": "02647"},
)
OFTEN = ("do_lot", "do_lot", "do_lot", "do_season", "do_end_season", "do_entry", "do_pack")


class Walk:
    """Acts by chance, the same ones for the same seed; what is refused did not happen."""

    def __init__(self, session: Session, given: Given, seed: int) -> None:
        self.session, self.given, self.chance = session, given, Random(seed)
        self.growing = Growing(session, given)
        self.homes = [given.cooperative() for _ in range(2)]
        self.done: dict[str, int] = {}
        for _ in range(3):
            self.do_area()
        session.flush()
        first = session.execute(select(PlantingArea).order_by(col(PlantingArea.id))).scalars().all()
        given.code(first[0], decided_on=given.day(-300))
        given.certificate(first[0], crops=CROPS)
        self.growing.write(
            self.growing.planting(first[0], crop=CROPS[0], sown=-200), Work.WATERING, -190
        )
        given.lot(first[0], crop=CROPS[0], harvested_on=given.day(-150))

    def step(self) -> None:
        """One act. A refusal takes back what it began."""
        acts = [name for name in dir(self) if name.startswith("do_")]
        name = self.chance.choice([*acts, *OFTEN])
        nested = self.session.begin_nested()
        try:
            getattr(self, name)()
            self.session.flush()
        except (DomainError, IndexError):
            nested.rollback()
        else:
            nested.commit()
            self.done[name] = self.done.get(name, 0) + 1

    def one(self, table: type[T]) -> T:
        """Some row of a table; IndexError when there is none."""
        key = col(table.id)  # type: ignore[attr-defined]
        return self.chance.choice(self.session.execute(select(table).order_by(key)).scalars().all())

    def ago(self, most: int = 380) -> int:
        return -self.chance.randint(1, most)

    def do_area(self) -> None:
        place = self.chance.choice(PLACES)
        self.given.area(
            self.chance.choice(self.homes), crop=CROPS[0], crops=CROPS, area_m2=30_000, **place
        )

    def do_season(self) -> None:
        starts, crop = self.ago(350), self.chance.choice(CROPS)
        self.given.season(
            self.one(PlantingArea),
            crop=crop,
            starts=starts,
            harvest_from=starts + 50,
            harvest_to=starts + 80,
            sown=SquareMetres(self.chance.randint(1_000, 9_000)),
        )

    def do_end_season(self) -> None:
        season = self.one(SeasonDeclaration)
        actual = Grams(self.chance.randint(0, 30_000_000))
        day = min(season.harvest_to, self.given.day(0))
        end_season(
            self.session, season=season, actual=actual, ended_on=day, by=BY, now=self.given.now
        )

    def do_lot(self) -> None:
        self.given.lot(
            self.one(PlantingArea),
            crop=self.chance.choice(CROPS),
            kilograms=self.chance.randint(1, 900),
            harvested_on=self.given.day(self.ago()),
        )

    def do_withdraw(self) -> None:
        lot = self.one(HarvestLot)
        withdraw_lot(self.session, lot=lot, reason="Ghi nhầm", by=BY, now=self.given.now)

    def do_pack(self) -> None:
        lot = self.one(HarvestLot)
        home = self.session.get_one(Organisation, lot.organisation_id)
        pieces = [piece(lot, lot.quantity_g)]
        Moving(self.given, home).make(MovementKind.PACKING, pieces, [lot.quantity_g])

    def do_label(self) -> None:
        line = line_of(self.session, self.one(HarvestLot))
        print_labels(
            self.session,
            line=line,
            printing=Printing(LabelForm.PNG_203),
            base_url="https://txng.test",
            by=BY,
            now=self.given.now,
        )

    def do_scan(self) -> None:
        lot = self.one(HarvestLot)
        day = self.given.day(self.chance.choice((0, -1, -40)))
        if lot.kind is LotKind.HARVEST or day == self.given.day(0):
            row = ScanDay(
                lot_id=lot.pk, serial=WHOLE_LOT, day=self.given.day(0), scans=1, devices=1
            )
            self.session.merge(row)

    def do_certificate(self) -> None:
        area = self.one(PlantingArea)
        since = self.ago()
        self.given.certificate(
            area,
            crops=CROPS[: self.chance.randint(1, 3)],
            standard=self.chance.choice(("VIETGAP_2017", "VIETGAP_2017", "FOOD_SAFETY_2024")),
            issued_on=self.given.day(since),
            valid_from=self.given.day(since),
            valid_to=self.given.day(since + 500),
        )

    def do_certificate_step(self) -> None:
        to = self.chance.choice((CertificateStatus.SUSPENDED, CertificateStatus.WITHDRAWN))
        change_status(
            self.session,
            certificate=self.one(Certificate),
            change=Change(to, self.given.day(self.ago(90)), "Kiểm tra"),
            by=BY,
            now=self.given.now,
        )

    def do_code(self) -> None:
        self.given.code(self.one(PlantingArea), decided_on=self.given.day(self.ago(300)))

    def do_code_step(self) -> None:
        to = self.chance.choice((CodeStatus.SUSPENDED, CodeStatus.REVOKED, CodeStatus.ACTIVE))
        change_code(
            self.session,
            code=self.one(AreaCode),
            status=to,
            change=CodeChange(self.given.day(self.ago(60)), "Kiểm tra"),
            by=BY,
            now=self.given.now,
        )

    def do_planting(self) -> None:
        crop = self.chance.choice(CROPS)
        self.growing.planting(self.one(PlantingArea), crop=crop, sown=self.ago(300))

    def do_entry(self) -> None:
        planting = self.one(Planting)
        day = (planting.sown_on - self.given.day(0)).days + 1
        self.growing.write(planting, Work.WATERING, min(day, 0))

    def do_price(self) -> None:
        owner = self.chance.choice((None, *self.homes))
        enter_price(
            self.session,
            organisation=owner,
            details=PriceDetails(
                self.chance.choice(CROPS),
                self.chance.randint(1, 40) * 500,
                self.given.day(self.ago()),
                self.chance.choice(list(PriceSource)),
            ),
            by=BY,
            now=self.given.now,
        )

    def do_withdraw_price(self) -> None:
        withdraw_price(self.session, price=self.one(CropPrice), by=BY, now=self.given.now)

    def do_sleep(self) -> None:
        self.given.now += timedelta(days=self.chance.choice((1, 1, 1, 30)))
