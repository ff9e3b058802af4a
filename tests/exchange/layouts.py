"""A layout for the tests, as the register's own are."""

from app.exchange.columns import Column, Kind, Layout
from app.kit.messages import say

GROWERS = Layout(
    "growers",
    (
        Column(
            "name", say("Full name"), ("Họ và tên", "Tên hộ"), required=True,
            examples=("Nguyễn Văn Ví Dụ", "Trần Thị Ví Dụ"), hint=say("As on the identity card."),
        ),
        Column(
            "phone", say("Telephone"), ("Điện thoại", "SĐT", "电话"), kind=Kind.PHONE,
            examples=("0912345678", "0987654321"),
        ),
        Column(
            "since", say("Member since"), ("Ngày vào",), kind=Kind.DAY,
            examples=("05/03/2026", "01/02/2025"),
        ),
        Column(
            "area", say("Cultivated area"), ("Diện tích",), required=True, kind=Kind.AREA,
            examples=("1.500", "3 sào"),
        ),
        Column("hamlet", say("Hamlet"), ("Thôn",), kind=Kind.CHOICE, examples=("Thôn 1", "Thôn 2")),
        Column("member", say("Member"), ("Xã viên",), kind=Kind.YES, examples=("x", "")),
    ),
    say("Growers"),
)  # fmt: skip
