"""The columns of a list of harvests."""

from app.exchange.columns import Column, Kind, Layout
from app.exchange.layouts.fields import (
    CROP_NAMES,
    DAY_NAMES,
    GROWER,
    PHONE,
    PLANTING_AREA,
    PLOT,
)
from app.kit.messages import say

LAYOUT = Layout(
    "Thu_hoach",
    (
        Column(
            "harvested_on",
            say("Harvest day"),
            ("Ngày thu hoạch", "Ngày hái", "Ngày cắt", "Thu hoạch ngày", "Ngày nhập", *DAY_NAMES),
            required=True,
            kind=Kind.DAY,
            examples=("05/03/2026", "06/03/2026"),
        ),
        GROWER,
        PHONE,
        PLOT,
        PLANTING_AREA,
        Column(
            "crop",
            say("Crop"),
            CROP_NAMES,
            required=True,
            kind=Kind.CHOICE,
            examples=("Bắp cải", "Cải mèo"),
        ),
        Column(
            "quantity",
            say("Weight"),
            ("Khối lượng", "Sản lượng", "Số lượng", "KL", "SL", "Trọng lượng", "Cân nặng", "Lượng", "Quantity"),
            required=True,
            kind=Kind.WEIGHT,
            examples=("1.250", "12,5"),
            hint=say("In kilograms, unless another unit stands here or in the next column: 2 tạ, 1,5 tấn."),
        ),
        Column(
            "unit",
            say("Unit of the weight"),
            ("Đơn vị", "Đơn vị tính", "ĐVT", "Unit"),
            kind=Kind.CHOICE,
            examples=("kg", "tạ"),
            choices=(say("kg"), say("tạ"), say("tấn")),
        ),
        Column("grade", say("Grade"), ("Loại", "Hạng", "Phân loại", "Cấp", "Loại hàng", "等级"),
               examples=("Loại 1", "Loại 2")),
        Column("packed_on", say("Packing day"), ("Ngày đóng gói", "Đóng gói", "Ngày đóng"), kind=Kind.DAY),
        Column("best_before", say("Best before"), ("Hạn sử dụng", "HSD", "Hạn dùng", "Ngày hết hạn"),
               kind=Kind.DAY),
        Column("note", say("Note"), ("Ghi chú", "Chú thích", "备注")),
    ),
    say("Harvests"),
)  # fmt: skip
