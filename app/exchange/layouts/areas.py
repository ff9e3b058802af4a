"""Lists of planting areas: what is grown where, how large, since when."""

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.catalogue.crop_name_queries import crop_names
from app.catalogue.queries import list_crops
from app.errors import DomainError
from app.exchange import cells
from app.exchange.columns import Column, Kind, Layout
from app.exchange.commune_reading import Communes
from app.exchange.importing import Doing, Found, Importer, one_by_one
from app.exchange.layouts.fields import UNIT, read_commune, read_name, read_size
from app.exchange.row_reading import KnownNames, RowReader
from app.exchange.template_writing import Lists, Say
from app.exchange.written import Cell
from app.kit.clock import day_of
from app.kit.messages import say
from app.kit.quantities import SquareMetres
from app.models.accounts import Role
from app.models.registry import Organisation, PlantingArea
from app.places.queries import communes_on
from app.registry.area_commands import AreaDetails, register_area
from app.registry.rules import LARGEST_AREA, require_past_day
from app.registry.unregister_commands import TakingBack, unregister_areas

_NONE: tuple[str, ...] = ()
_APART = re.compile(r"[,;/+\n]| và ")

LAYOUT = Layout(
    "Vung_trong",
    (
        Column(
            "name",
            say("Name of the planting area"),
            ("Tên vùng trồng", "Vùng trồng", "Tên vùng", "Vùng", "Tên gọi", "Area name"),
            required=True,
            examples=("Vùng ví dụ 1", "Vùng ví dụ 2"),
        ),
        Column(
            "commune",
            say("Commune, ward"),
            ("Xã", "Xã/phường", "Xã, phường", "Địa điểm", "Địa chỉ", "Địa chỉ xã", "Commune"),
            required=True,
            kind=Kind.CHOICE,
            examples=("Xã Bắc Hà", "Bản Phố, Bắc Hà"),
            hint=say("The name of today or of before July 2025, then with the district."),
        ),
        Column(
            "former_commune",
            say("Former commune"),
            ("Xã cũ", "Xã trước sáp nhập", "Xã cũ (trước 01/7/2025)", "Xã trước 01/7/2025"),
            kind=Kind.CHOICE,
            examples=("", ""),
            hint=say("With its district, as before July 2025. The plan counts by it."),
        ),
        Column(
            "crops",
            say("Crops"),
            ("Cây trồng", "Loại cây", "Loại rau", "Cây", "Đối tượng cây trồng", "Sản phẩm", "Crop"),
            required=True,
            examples=("Bắp cải", "Su hào; Cải mèo"),
            hint=say("Several with a semicolon between them."),
        ),
        Column(
            "area",
            say("Size of the area"),
            ("Diện tích", "Diện tích vùng trồng", "DT", "Quy mô", "Size"),
            required=True,
            kind=Kind.AREA,
            examples=("24.000", "1,5"),
            hint=say("With its unit, here or in the next column: 1.150 m², 0,5 ha, 3 sào."),
        ),
        UNIT,
        Column(
            "established_on",
            say("Established on"),
            ("Ngày thành lập", "Ngày hình thành", "Thành lập", "Bắt đầu từ", "Ngày thiết lập"),
            required=True,
            kind=Kind.DAY,
            examples=("05/03/2024", "01/01/2019"),
        ),
    ),
    say("Planting areas"),
)  # fmt: skip


class _Checker:
    """The areas an organisation has, the crops and the communes."""

    def __init__(self, session: Session, organisation: Organisation, now: datetime) -> None:
        self._today = day_of(now)
        self._communes = Communes(session, self._today)
        self._crops: KnownNames[str] = KnownNames(say("The crop {written} is not known."))
        for name, crop in crop_names(session):
            self._crops.add(name, crop.slug, shown=name != crop.slug)
        wanted = select(col(PlantingArea.name_key), col(PlantingArea.area_m2))
        wanted = wanted.where(col(PlantingArea.organisation_id) == organisation.pk)
        self._known: dict[str, int] = dict(session.execute(wanted).all())

    def check(self, row: RowReader) -> Found:
        name, key = read_name(row, "name")
        commune = read_commune(row, "commune", self._communes)
        former = read_commune(row, "former_commune", self._communes)
        crops = row.read("crops", self._crops_of, default=_NONE)
        size = read_size(row, largest=LARGEST_AREA)
        established = row.day(
            "established_on",
            lambda day: require_past_day("established_on", day, today=self._today),
        )
        if row.faulty or commune is None or size is None or established is None:
            return Found()
        if key in self._known:
            _tell(row, self._known[key], size)
            return Found(key, known=True)
        before = (former.former_commune if former else None) or commune.former_commune
        self._require_same(row, commune.commune, before)
        details = AreaDetails(
            name, commune.commune, crops, size, established, former_commune=before
        )
        return Found(key, fact=details)

    def _crops_of(self, cell: Cell) -> tuple[str, ...]:
        written = cells.text(cell, 400)
        names = [name.strip() for name in _APART.split(written) if name.strip()]
        return tuple(dict.fromkeys(self._crops.of(name) for name in names))

    def _require_same(self, row: RowReader, commune: str, former: str | None) -> None:
        try:
            self._communes.places.find(commune, former)
        except DomainError as refused:
            row.fault("former_commune", refused.why)


def _tell(row: RowReader, known_m2: int, size: SquareMetres) -> None:
    if known_m2 != size.value:
        known = SquareMetres(known_m2)
        row.warn(
            "area", say("It is registered with {known}. The file changes nothing.", known=known)
        )


def _register_one(session: Session, doing: Doing, fact: AreaDetails) -> UUID:
    return register_area(
        session, organisation=doing.organisation, details=fact, by=doing.by, now=doing.now
    ).uid


def _take_back(session: Session, doing: Doing, made: Sequence[UUID]) -> None:
    how = TakingBack(doing.organisation, doing.batch, doing.by, doing.now)
    unregister_areas(session, made, how)


def _lists(session: Session, _organisation: Organisation, now: datetime, _say: Say) -> Lists:
    return {
        "commune": [unit.name for unit in communes_on(session, day_of(now))],
        "crops": [crop.name_vi for crop in list_crops(session)],
    }


AREAS = Importer(
    layout=LAYOUT,
    roles=frozenset({Role.STAFF, Role.COOP_ADMIN}),
    checker=_Checker,
    register=one_by_one(_register_one),
    register_one=_register_one,
    take_back=_take_back,
    lists=_lists,
    words=say("Planting areas"),
    fields={"area_m2": "area", "crop": "crops"},
    filled_down=(("commune", "former_commune"),),
    sheets=("Vùng trồng", "Danh sách vùng trồng"),
)
