"""Lists of plots: whose land, what it is called, how large, in which planting area."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.errors import DomainError
from app.exchange.columns import Column, Kind, Layout
from app.exchange.commune_reading import CommuneGiven, Communes
from app.exchange.importing import Doing, Found, Importer
from app.exchange.layouts.fields import GROWER_NAMES, UNIT, read_commune, read_name, read_size
from app.exchange.layouts.members import Members, offered_members
from app.exchange.row_reading import KnownNames, RowReader
from app.exchange.template_writing import Lists, Say
from app.kit.clock import day_of
from app.kit.messages import say
from app.kit.quantities import SquareMetres
from app.models.accounts import Role
from app.models.places import AdminUnit
from app.models.registry import Organisation, PlantingArea, Plot
from app.places.queries import communes_on, units_by_ids
from app.registry.area_queries import area_choices
from app.registry.code_queries import codes_by_area
from app.registry.grower_list_queries import Listed
from app.registry.plot_commands import PlotDetails, register_plot, require_fits
from app.registry.plot_list_commands import register_plots
from app.registry.rules import LARGEST_PLOT
from app.registry.unregister_commands import TakingBack, unregister_plots

LAYOUT = Layout(
    "Thua_dat",
    (
        Column(
            "grower",
            say("Grower of the plot"),
            GROWER_NAMES,
            required=True,
            kind=Kind.CHOICE,
            examples=("Lý Thị Ví Dụ", "NH-00000000"),
            hint=say("The name, the code or the telephone of a member."),
        ),
        Column(
            "phone",
            say("Telephone of the grower"),
            ("Điện thoại", "Số điện thoại", "SĐT", "ĐT", "Telephone", "Phone", "电话"),
            kind=Kind.PHONE,
            examples=("0912 345 678", ""),
            hint=say("Only where several members have the same name."),
        ),
        Column(
            "name",
            say("Name or number of the plot"),
            ("Tên thửa", "Thửa", "Số thửa", "Mã thửa", "Thửa đất", "Tên gọi", "Tên gọi thửa", "Thửa số",
             "Tên thửa đất", "Plot"),
            required=True,
            kind=Kind.CODE,
            examples=("Thửa ví dụ 1", "Ruộng ví dụ"),
        ),
        Column(
            "area",
            say("Size of the plot"),
            ("Diện tích", "Diện tích thửa", "DT", "Diện tích canh tác", "Size", "Area"),
            required=True,
            kind=Kind.AREA,
            examples=("1.150", "0,5"),
            hint=say("With its unit, here or in the next column: 1.150 m², 0,5 ha, 3 sào."),
        ),
        UNIT,
        Column(
            "planting_area",
            say("Planting area of the plot"),
            ("Vùng trồng", "Tên vùng trồng", "Vùng", "Mã số vùng trồng", "MSVT", "PUC"),
            kind=Kind.CHOICE,
            examples=("", ""),
            hint=say("The name or the code of an area of your organisation."),
        ),
        Column(
            "commune",
            say("Commune of the plot"),
            ("Xã", "Xã/phường", "Xã, phường", "Địa điểm", "Commune"),
            kind=Kind.CHOICE,
            examples=("Xã Bắc Hà", ""),
            hint=say("Left empty, it is that of the planting area, or of the grower."),
        ),
    ),
    say("Plots"),
)  # fmt: skip


class _Checker:
    """Members, planting areas and plots that the rows may name."""

    def __init__(self, session: Session, organisation: Organisation, now: datetime) -> None:
        today = day_of(now)
        self._communes = Communes(session, today)
        self._members = Members(session, organisation, today)
        self._areas: KnownNames[PlantingArea] = KnownNames(
            say("Your organisation has no open planting area {written}.")
        )
        opened = [choice.area for choice in area_choices(session, organisation.pk)]
        codes = codes_by_area(session, {area.pk for area in opened})
        for area in opened:
            self._areas.add(area.name, area)
            for code in codes.get(area.pk, []):
                self._areas.add(code.code, area, shown=False)
        placed = {
            key for area in opened for key in (area.commune_id, area.former_commune_id) if key
        }
        self._units = units_by_ids(
            session, placed | {line.commune_id for line in self._members.lines}
        )
        self._known = _plots(session, organisation)

    def check(self, row: RowReader) -> Found:
        grower = self._members.read(row)
        name, name_key = read_name(row, "name")
        size = read_size(row, largest=LARGEST_PLOT)
        area = row.known("planting_area", self._areas)
        commune = read_commune(row, "commune", self._communes)
        if row.faulty or grower is None or size is None:
            return Found()
        key = (grower.grower_id, name_key)
        if key in self._known:
            _tell(row, self._known[key], size)
            return Found(key, known=True)
        _require_fits(row, size, area)
        place, former = self._place(commune, area, grower)
        details = PlotDetails(
            name=name,
            grower=grower.uid,
            commune=place,
            area=size,
            planting_area=area.uid if area else None,
            former_commune=former,
        )
        return Found(key, fact=details)

    def _place(
        self, commune: CommuneGiven | None, area: PlantingArea | None, grower: Listed
    ) -> tuple[str, str | None]:
        if commune is not None:
            return commune.commune, commune.former_commune
        if area is None:
            return self._units[grower.commune_id].code, None
        former: AdminUnit | None = self._units.get(area.former_commune_id or 0)
        return self._units[area.commune_id].code, former.code if former else None


def _plots(session: Session, organisation: Organisation) -> dict[tuple[int, str], int]:
    wanted = select(col(Plot.grower_id), col(Plot.name_key), col(Plot.area_m2)).where(
        col(Plot.organisation_id) == organisation.pk
    )
    return {(grower_id, name_key): size for grower_id, name_key, size in session.execute(wanted)}


def _require_fits(row: RowReader, size: SquareMetres, area: PlantingArea | None) -> None:
    try:
        require_fits(size, area)
    except DomainError as refused:
        row.fault("area", refused.why)


def _tell(row: RowReader, known_m2: int, size: SquareMetres) -> None:
    if known_m2 != size.value:
        known = SquareMetres(known_m2)
        row.warn(
            "area", say("It is registered with {known}. The file changes nothing.", known=known)
        )


def _register(session: Session, doing: Doing, facts: Sequence[PlotDetails]) -> list[UUID]:
    return register_plots(
        session, organisation=doing.organisation, plots=facts, by=doing.by, now=doing.now
    )


def _register_one(session: Session, doing: Doing, fact: PlotDetails) -> UUID:
    return register_plot(
        session, organisation=doing.organisation, details=fact, by=doing.by, now=doing.now
    ).uid


def _take_back(session: Session, doing: Doing, made: Sequence[UUID]) -> None:
    how = TakingBack(doing.organisation, doing.batch, doing.by, doing.now)
    unregister_plots(session, made, how)


def _lists(session: Session, organisation: Organisation, now: datetime, _say: Say) -> Lists:
    return {
        "grower": offered_members(session, organisation),
        "planting_area": [choice.area.name for choice in area_choices(session, organisation.pk)],
        "commune": [unit.name for unit in communes_on(session, day_of(now))],
    }


PLOTS = Importer(
    layout=LAYOUT,
    roles=frozenset({Role.STAFF, Role.COOP_ADMIN}),
    checker=_Checker,
    register=_register,
    register_one=_register_one,
    take_back=_take_back,
    lists=_lists,
    words=say("Plots"),
    fields={"area_m2": "area", "former_commune": "commune"},
    filled_down=(("grower", "phone"),),
    sheets=("Thửa đất", "Thửa", "Danh sách thửa"),
)
