"""The columns of a list of a diary."""

from app.diary.work_words import WORKS
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
    "Nhat_ky",
    (
        Column(
            "day",
            say("Day"),
            ("Ngày làm", "Ngày thực hiện", "Thời gian", *DAY_NAMES),
            required=True,
            kind=Kind.DAY,
            examples=("05/03/2026", "06/03/2026"),
        ),
        GROWER,
        PHONE,
        PLOT,
        PLANTING_AREA,
        Column("crop", say("Crop"), CROP_NAMES, kind=Kind.CHOICE,
               hint=say("Needed where several crops stand on the same land.")),
        Column(
            "work",
            say("Work"),
            ("Công việc", "Việc", "Việc làm", "Nội dung", "Nội dung công việc", "Hoạt động", "Công đoạn",
             "Biện pháp", "Loại công việc"),
            required=True,
            kind=Kind.CHOICE,
            examples=("Phun thuốc", "Bón phân"),
            choices=tuple(WORKS.values()),
        ),
        Column(
            "input",
            say("What was used"),
            ("Vật tư", "Tên vật tư", "Vật tư sử dụng", "Thuốc", "Tên thuốc", "Thuốc BVTV", "Phân bón",
             "Tên phân", "Phân", "Thuốc, phân bón", "Tên thuốc/phân bón", "Input"),
            examples=("Thuốc ví dụ 10EC", "Phân ví dụ"),
            hint=say("The name on the packet, as it is printed."),
        ),
        Column("active", say("Active ingredients"), ("Hoạt chất", "Tên hoạt chất", "Thành phần")),
        Column(
            "amount",
            say("Amount"),
            ("Liều", "Liều lượng", "Liều dùng", "Lượng", "Lượng dùng", "Số lượng", "Khối lượng", "Lượng thuốc"),
            kind=Kind.DECIMAL,
            examples=("500", "12,5"),
            hint=say("For all of the land that was treated; of a harvest its weight."),
        ),
        Column("unit", say("Unit"), ("Đơn vị", "Đơn vị tính", "ĐVT"), kind=Kind.CHOICE,
               examples=("ml", "kg")),
        Column("water", say("Water, in litres"), ("Lượng nước", "Nước", "Lượng nước (lít)", "Số lít nước"),
               kind=Kind.DECIMAL),
        Column("pest", say("Pest or disease"), ("Dịch hại", "Sâu bệnh", "Sâu bệnh hại", "Đối tượng",
               "Sâu, bệnh", "Đối tượng phòng trừ", "Tác nhân gây hại")),
        Column("interval", say("Days to wait"), ("Thời gian cách ly", "Cách ly", "TGCL", "PHI",
               "Số ngày cách ly",
               "Thời gian cách ly (ngày)"), kind=Kind.WHOLE,
               hint=say("As on the label, in days.")),
        Column("operator", say("Who did it"), ("Người làm", "Người thực hiện", "Người phun", "Người bón")),
        Column("note", say("Note"), ("Ghi chú", "Chú thích", "备注")),
    ),
    say("Entries of the diary"),
)  # fmt: skip
