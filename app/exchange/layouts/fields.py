"""Cells that several layouts have: names, telephones, communes, sizes with their units."""

from app.exchange import cells
from app.exchange.columns import Column, Kind
from app.exchange.commune_reading import CommuneGiven, Communes
from app.exchange.row_reading import RowReader
from app.exchange.written import Cell, CellFault
from app.kit.messages import say
from app.kit.quantities import SquareMetres
from app.models.registry import Organisation
from app.registry.grower_list_queries import Listed
from app.registry.phones import phone_of
from app.registry.words import name_of

UNIT = Column(
    "unit",
    say("Unit of the size"),
    ("Đơn vị", "Đơn vị tính", "ĐVT", "Đơn vị diện tích", "Unit"),
    kind=Kind.CHOICE,
    examples=("m²", "ha"),
    choices=(say("m²"), say("ha"), say("sào"), say("mẫu")),
    hint=say("Only where the size itself is without a unit. A sào is the northern one of 360 m²."),
)

DAY_NAMES = ("Ngày", "Ngày tháng", "Ngày tháng năm", "Ngày/tháng", "Date", "日期")
GROWER_NAMES = (
    "Họ và tên", "Họ tên", "Chủ hộ", "Tên chủ hộ", "Tên hộ", "Hộ dân", "Mã hộ", "Hộ", "Nông hộ",
    "Người trồng", "Xã viên", "Thành viên", "Mã người trồng", "Grower", "姓名",
)  # fmt: skip
PHONE = Column(
    "phone",
    say("Telephone of the grower"),
    ("Điện thoại", "Số điện thoại", "SĐT", "ĐT", "Telephone", "Phone", "电话"),
    kind=Kind.PHONE,
    hint=say("Only where several members have the same name."),
)
GROWER = Column(
    "grower",
    say("Grower"),
    GROWER_NAMES,
    kind=Kind.CHOICE,
    examples=("Lý Thị Ví Dụ", "NH-00000000"),
    hint=say("The name, the code or the telephone of a member."),
)
PLOT = Column(
    "plot",
    say("Plot"),
    ("Thửa", "Mã thửa", "Tên thửa", "Số thửa", "Thửa số", "Thửa đất", "Ruộng", "地块"),
    kind=Kind.CODE,
    examples=("Thửa ví dụ 1", "Thửa ví dụ 2"),
    hint=say("As the plot is called in the register. It tells the planting area too."),
)
PLANTING_AREA = Column(
    "planting_area",
    say("Planting area"),
    ("Vùng trồng", "Tên vùng trồng", "Vùng", "Mã số vùng trồng", "MSVT", "PUC", "种植区"),
    kind=Kind.CHOICE,
    hint=say("The name or the code of an area of your organisation; not needed beside a plot."),
)
CROP_NAMES = (
    "Cây trồng", "Loại cây", "Loại rau", "Cây", "Rau", "Sản phẩm", "Tên sản phẩm", "Nông sản", "Mặt hàng",
    "Crop", "Product", "产品",
)  # fmt: skip


def read_name(row: RowReader, key: str) -> tuple[str, str]:
    """A name and its folded key; two empty texts where it is faulty."""
    return row.read(key, lambda cell: _name(key, cell), ("", ""))


def read_phone(row: RowReader, key: str) -> str | None:
    """A person's telephone number; None where nothing stands."""
    return row.read(key, lambda cell: phone_of(key, cells.phone(cell)), None)


def read_commune(row: RowReader, key: str, communes: Communes) -> CommuneGiven | None:
    """A commune; None where it is faulty or left out."""
    return row.read(key, communes.read, None)


def read_size(row: RowReader, *, largest: SquareMetres) -> SquareMetres | None:
    """A size of land that is plausible."""
    size = row.land("area", "unit")
    if size is not None and size > largest:
        row.fault("area", say("At most {largest}. Check the unit.", largest=largest))
    return size


def left(line: Listed, organisation: Organisation) -> CellFault:
    """Somebody who is no member any more."""
    return CellFault(
        say(
            "{code} left {organisation} on {day}.",
            code=line.code,
            organisation=organisation.name,
            day=line.left_on,
        )
    )


def _name(key: str, cell: Cell) -> tuple[str, str]:
    return name_of(key, cells.text(cell, 120), longest=120)
