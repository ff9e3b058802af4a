"""A diary in sentences: `growing.planting()`, `growing.entry(planting, Work.SPRAYING, uses="Movento")`."""

import io
from datetime import date, datetime
from typing import Any
from uuid import UUID

from PIL import Image
from sqlmodel import Session

from app.accounts.reach import Reach
from app.catalogue.input_commands import (
    ProductDetails,
    UseDetails,
    add_product,
    set_use,
    show_label,
)
from app.catalogue.input_law_commands import (
    ExceptionDetails,
    PermissionDetails,
    except_use,
    set_permission,
)
from app.diary.entry_commands import Pen, correct_entry, write_entry
from app.diary.photo_commands import add_photo
from app.diary.planting_commands import PlantingDetails, start_planting
from app.diary.queries import PlantingLine, planting_line
from app.diary.sync_commands import Outcome, take_in
from app.diary.writing import Using, Writing
from app.kit.quantities import Grams, SquareMetres
from app.ledger.actors import Actor
from app.models.base import new_uid
from app.models.catalogue import Confidence
from app.models.diary import DiaryConflict, DiaryEntry, Planting, Work
from app.models.inputs import InputKind, InputProduct, Permission, UseException
from app.models.pictures import Picture
from app.models.registry import Grower, Organisation, OrganisationKind, PlantingArea, Plot
from app.pictures.cleaning import cleaned_picture
from app.pictures.commands import keep_picture
from app.registry.plot_commands import PlotDetails, register_plot
from tests.given import BAC_HA, Given

BY = Actor.system()


class Growing:
    """Makes plantings and what their diary says."""

    def __init__(self, given: Given) -> None:
        self.given = given
        self.session: Session = given.session
        self.now: datetime = given.now

    @property
    def pen(self) -> Pen:
        return Pen(BY, self.now)

    def plot(
        self, area: PlantingArea, grower: Grower | None = None, area_m2: int = 1_000, name: str = ""
    ) -> Plot:
        organisation = self.home(area)
        who = grower or self.given.grower(organisation)
        details = PlotDetails(
            name or f"Thửa {who.code}", who.uid, BAC_HA, SquareMetres(area_m2), area.uid
        )
        return register_plot(
            self.session, organisation=organisation, details=details, by=BY, now=self.now
        )

    def planting(
        self,
        area: PlantingArea | None = None,
        /,
        *,
        crop: str = "BAP_CAI",
        sown: int = -60,
        **more: Any,
    ) -> Planting:
        """Sown so many days from today."""
        land = area or self.given.area(crop=crop)
        return start_planting(
            self.session,
            organisation=self.home(land),
            details=PlantingDetails(
                planting_area=land.uid, crop=crop, sown_on=self.given.day(sown), **more
            ),
            by=BY,
            now=self.now,
        )

    def line(self, planting: Planting) -> PlantingLine:
        return planting_line(self.session, planting.uid, within=Reach.all())

    def writing(
        self, planting: Planting, work: Work = Work.WATERING, *, day: int = -1, **more: Any
    ) -> Writing:
        """Done so many days from today, written down at once."""
        done_on: date = more.pop("done_on", self.given.day(day))
        kilograms, uses = more.pop("kilograms", None), more.pop("uses", ())
        chosen: dict[str, Any] = {"uid": new_uid(), "written_at": self.now, **more}
        if kilograms is not None:
            chosen["quantity"] = Grams(kilograms * 1000)
        named = (uses,) if isinstance(uses, str | Using) else uses
        chosen.setdefault(
            "inputs", tuple(Using(one) if isinstance(one, str) else one for one in named)
        )
        return Writing(planting=planting.uid, work=work, done_on=done_on, **chosen)

    def entry(self, planting: Planting, work: Work = Work.WATERING, **more: Any) -> DiaryEntry:
        return write_entry(
            self.session,
            organisation=self.session.get_one(Organisation, planting.organisation_id),
            writing=self.writing(planting, work, **more),
            pen=self.pen,
        )

    def correction(self, planting: Planting, entry: DiaryEntry, **more: Any) -> DiaryEntry:
        writing = self.writing(planting, more.pop("work", entry.work), **more)
        return correct_entry(self.session, entry=entry, writing=writing, pen=self.pen)

    def product(
        self,
        name: str = "Thuốc thử 10EC",
        actives: tuple[str, ...] = ("abamectin",),
        *,
        crop_words: str = "bắp cải",
        crop: str = "BAP_CAI",
        interval: int | None = 7,
        since: date | None = None,
        **use: Any,
    ) -> InputProduct:
        """A product on the permitted list, registered for a crop."""
        made = add_product(
            self.session,
            details=ProductDetails(InputKind.PESTICIDE, name, actives),
            by=BY,
            now=self.now,
        )
        set_use(
            self.session,
            product=made,
            details=UseDetails(crop_words, crop, interval_days=interval, **use),
            by=BY,
            now=self.now,
        )
        set_permission(
            self.session,
            product=made,
            details=PermissionDetails(
                Permission.PERMITTED,
                since or self.given.day(-250),
                "TT 75/2025/TT-BNNMT",
                Confidence.SECONDARY,
            ),
            by=BY,
            now=self.now,
        )
        return made

    def sync(self, planting: Planting, *items: Writing) -> list[Outcome]:
        home = self.session.get_one(Organisation, planting.organisation_id)
        return take_in(self.session, organisation=home, items=items, pen=self.pen)

    def conflict(self, planting: Planting) -> DiaryConflict:
        """Two corrections of one entry."""
        entry = self.entry(planting, day=-2)
        self.correction(planting, entry, day=-2, note="lần một")
        [outcome] = self.sync(
            planting, self.writing(planting, day=-3, note="lần hai", corrects=entry.uid)
        )
        assert outcome.conflict is not None
        return outcome.conflict

    def photo(self, entry: DiaryEntry, seed: int = 1) -> Picture:
        home = self.session.get_one(Organisation, entry.organisation_id)
        return add_photo(
            self.session,
            organisation=home,
            entry=entry.uid,
            photo=cleaned_picture(photograph(seed)),
            pen=self.pen,
        ).picture

    def labelled(self, product: InputProduct) -> None:
        """The photograph of a product's label, kept by the province."""
        office = self.given.organisation(OrganisationKind.AUTHORITY)
        picture = keep_picture(
            self.session,
            organisation_id=office.pk,
            organisation=office.uid,
            picture=cleaned_picture(photograph(7)),
            by=BY,
            now=self.now,
        )
        show_label(
            self.session,
            product=product,
            picture_id=picture.pk,
            sha256=picture.sha256,
            by=BY,
            now=self.now,
        )

    def excepted(self, crop: str = "SU_SU", **more: Any) -> tuple[InputProduct, UseException]:
        """A product with an officer's exception for a crop."""
        product = self.product(f"Thuốc ngoại lệ {new_uid()}")
        self.labelled(product)
        organisation = more.pop("organisation", None)
        details: dict[str, Any] = {
            "reason": "Chưa có thuốc đăng ký cho cây này.",
            "valid_from": self.given.day(-100),
            **more,
        }
        made = except_use(
            self.session,
            product=product,
            details=ExceptionDetails(crop, **details),
            organisation_id=organisation,
            by=BY,
            now=self.now,
        )
        return product, made

    def home(self, area: PlantingArea) -> Organisation:
        return self.session.get_one(Organisation, area.organisation_id)


def photograph(seed: int = 0, side: int = 64) -> bytes:
    """A JPEG whose pattern depends on a number."""
    picture = Image.new("RGB", (side * 2, side))
    pixels = [
        ((x * (seed + 3)) % 251, (y * (seed + 7) + x) % 241, (x * y + seed * 31) % 239)
        for y in range(side)
        for x in range(side * 2)
    ]
    picture.putdata(pixels)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90)
    return out.getvalue()


def uid_of(row: Any) -> UUID:
    found: UUID = row.uid
    return found
