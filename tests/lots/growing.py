"""Plantings and diaries for tests of lots, written through the product's own commands."""

from datetime import date
from typing import Any

from sqlmodel import Session

from app.catalogue.rules import active_key
from app.diary.entry_commands import Pen, write_entry
from app.diary.planting_commands import PlantingDetails, start_planting
from app.diary.writing import Using, Writing
from app.kit.quantities import Grams, SquareMetres
from app.kit.text import fold
from app.ledger.actors import Actor
from app.models.catalogue import Confidence
from app.models.diary import DiaryEntry, Planting, Work
from app.models.inputs import (
    InputKind,
    InputProduct,
    Permission,
    ProductActive,
    ProductPermission,
    ProductUse,
)
from app.models.registry import Grower, Organisation, PlantingArea, Plot
from app.registry.plot_commands import PlotDetails, register_plot
from tests.given import BAC_HA, Given

BY = Actor.system()


class Growing:
    """One world's fields."""

    def __init__(self, session: Session, given: Given) -> None:
        self.session, self.given = session, given

    def home(self, area: PlantingArea) -> Organisation:
        return self.session.get_one(Organisation, area.organisation_id)

    def plot(self, area: PlantingArea, grower: Grower, name: str) -> Plot:
        return register_plot(
            self.session,
            organisation=self.home(area),
            details=PlotDetails(
                name, grower.uid, BAC_HA, SquareMetres(900), planting_area=area.uid
            ),
            by=BY,
            now=self.given.now,
        )

    def planting(
        self, area: PlantingArea, *plots: Plot, crop: str = "BAP_CAI", sown: int = -80
    ) -> Planting:
        return start_planting(
            self.session,
            organisation=self.home(area),
            details=PlantingDetails(
                planting_area=area.uid,
                crop=crop,
                sown_on=self.given.day(sown),
                plots=tuple(plot.uid for plot in plots),
                area=None if plots else SquareMetres(min(area.area_m2 // 2, 9_000)),
            ),
            by=BY,
            now=self.given.now,
        )

    def write(self, planting: Planting, work: Work, day: int, **other: Any) -> DiaryEntry:
        area = self.session.get_one(PlantingArea, planting.area_id)
        return write_entry(
            self.session,
            organisation=self.home(area),
            writing=Writing(planting.uid, work, self.given.day(day), **other),
            pen=Pen(BY, self.given.now),
        )

    def spray(
        self,
        planting: Planting,
        day: int,
        *,
        product: InputProduct | None = None,
        name: str = "Thuốc lạ",
        interval: int | None = None,
        plots: tuple[Plot, ...] = (),
    ) -> DiaryEntry:
        used = Using(
            name="" if product else name,
            product=product.uid if product else None,
            interval_days=interval,
            amount=100_000,
            unit="ml",
        )
        uids = tuple(plot.uid for plot in plots)
        return self.write(planting, Work.SPRAYING, day, inputs=(used,), plots=uids)

    def harvest(self, planting: Planting, day: int, kilograms: int) -> DiaryEntry:
        return self.write(planting, Work.HARVEST, day, quantity=Grams(kilograms * 1000))

    def product(
        self,
        name: str = "Abamex 1.8EC",
        *,
        words: str = "rau cải",
        group: str = "Brassicaceae",
        interval: int | None = 7,
        permission: Permission = Permission.PERMITTED,
        organic: bool | None = None,
        since: date = date(2026, 2, 10),
    ) -> InputProduct:
        """A pesticide of the catalogue, on the list since a day, registered for a group of crops."""
        made = InputProduct(
            kind=InputKind.PESTICIDE,
            name=name,
            name_key=fold(name),
            organic_permitted=organic,
            created_at=self.given.now,
        )
        self.session.add(made)
        self.session.flush()
        self.session.add_all(
            [
                ProductActive(
                    product_id=made.pk, name="abamectin", name_key=active_key("abamectin")
                ),
                ProductPermission(
                    product_id=made.pk,
                    status=permission,
                    valid_from=since,
                    legal_ref="TT 75/2025/TT-BNNMT",
                    confidence=Confidence.SECONDARY,
                ),
                ProductUse(
                    product_id=made.pk,
                    crop_words=words,
                    crop_words_key=fold(words),
                    crop_group=group,
                    pest="sâu tơ",
                    interval_days=interval,
                ),
            ]
        )
        self.session.flush()
        return made
