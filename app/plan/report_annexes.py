"""The annexes of a report: the plan's own table against what was reached, and the lists. Pure."""

from app.plan.frozen import FiguresRow, Flag, FrozenFigures, Listing, PartLine
from app.plan.report_blocks import Annex, Block, Head, Line, Manner, Table, Words
from app.plan.report_numbers import (
    SIGNS_MEAN,
    UNKNOWN,
    billions,
    hectares,
    percent,
    quintals,
    scaled,
    shown,
    tonnes,
    with_basis,
)

G_A_KG = 1_000
PRINTED = 60
_FLAG_UNITS = {"m2": 10_000, "kg": 1_000, "kg_per_ha": 100, "permille": 10}
# Of each list: its title, its columns with their widths, and what is said when nothing is in it.
LIST_HEADS: dict[str, tuple[str, tuple[str, ...], tuple[int, ...], str]] = {
    "Mã số": (
        "Sổ mã số vùng trồng",
        ("Mã số", "Vùng trồng", "Cơ sở", "Xã, phường", "Diện tích (ha)", "Tình trạng"),
        (25, 20, 23, 13, 8, 11),
        "Chưa có mã số vùng trồng nào.",
    ),
    "Chứng nhận": (
        "Chứng nhận sắp hết hạn",
        ("Số chứng nhận", "Tiêu chuẩn", "Cơ sở", "Tổ chức chứng nhận", "Hết hạn"),
        (18, 24, 26, 22, 10),
        "Không có chứng nhận nào hết hạn trong 6 tháng tới.",
    ),
    "Kiểm tra": (
        "Các lượt kiểm tra trong kỳ",
        ("Ngày", "Cơ sở", "Nội dung kiểm tra", "Lỗi", "Còn tồn tại"),
        (10, 36, 34, 10, 10),
        "Trong kỳ chưa có lượt kiểm tra nào hoàn thành.",
    ),
    "Thu hồi": (
        "Các đợt thu hồi",
        ("Ngày", "Cơ sở", "Hình thức", "Lý do", "Số lô", "Tình trạng"),
        (10, 24, 12, 32, 7, 15),
        "Trong kỳ không có đợt thu hồi nào.",
    ),
    "Phản ánh": (
        "Phản ánh của người tiêu dùng",
        ("Ngày", "Số phiếu", "Cơ sở", "Về việc", "Tình trạng"),
        (12, 18, 32, 20, 18),
        "Trong kỳ không có phản ánh nào.",
    ),
}
_FLAG_NAMES = {"m2": "ha", "kg": "tấn", "kg_per_ha": "tạ/ha", "permille": "%"}


def annexes_of(figures: FrozenFigures) -> tuple[Annex, ...]:
    """Every annex, also those with nothing in them: that nothing was found is a finding."""
    lists = figures.registers
    return (
        Annex("I", "KẾT QUẢ PHÁT TRIỂN SẢN XUẤT RAU AN TOÀN THEO HUYỆN CŨ", (_districts(figures),)),
        Annex("II", "KẾT QUẢ THEO LOẠI CÂY TRỒNG", (_crops(figures),)),
        _list("III", "Mã số", lists.codes),
        _list("IV", "Chứng nhận", lists.expiring),
        _list("V", "Kiểm tra", lists.visits),
        _list("VI", "Thu hồi", lists.recalls),
        _list("VII", "Phản ánh", lists.complaints),
        Annex("VIII", "PHẦN BÁO CÁO CỦA HỢP TÁC XÃ, XÃ, PHƯỜNG", _parts(figures.parts)),
        Annex("IX", "CÁC ĐIỂM CHƯA THỐNG NHẤT TRONG KẾ HOẠCH", _flags(figures.flags)),
    )


def _list(number: str, name: str, listing: Listing) -> Annex:
    title, heads, widths, nothing = LIST_HEADS[name]
    return Annex(number, title.upper(), _listed(listing, heads, widths, nothing))


def _districts(figures: FrozenFigures) -> Table:
    year = figures.milestone
    heads = (
        (
            Head("STT", down=2),
            Head("Huyện cũ", down=2),
            Head(f"Kế hoạch năm {year}", across=3),
            Head("Thực hiện trong kỳ", across=4),
            Head("So với kế hoạch (%)", across=2),
        ),
        (
            Head("DT (ha)"),
            Head("Năng suất (tạ/ha)"),
            Head("Sản lượng (tấn)"),
            Head("DT đất (ha)"),
            Head("DT gieo trồng (ha)"),
            Head("Năng suất (tạ/ha)"),
            Head("Sản lượng (tấn)"),
            Head("DT đất"),
            Head("Sản lượng"),
        ),
    )
    lines = [_district(figures, "", figures.total, strong=True)]
    lines += [_district(figures, str(at), row) for at, row in enumerate(figures.districts, start=1)]
    return Table(
        f"Kế hoạch năm {year} và thực hiện, theo địa giới 9 huyện, thị xã, thành phố trước 01/7/2025",
        heads,
        tuple(lines),
        (5, 17, 8, 8, 10, 10, 10, 8, 10, 7, 7),
        numbers=2,
        note=(
            "Số kế hoạch giữ nguyên như Phụ biểu của Kế hoạch, kể cả chỗ không khớp (Phụ lục IX)."
            f" Huyện cũ xác định theo xã cũ của từng vùng trồng. {SIGNS_MEAN}"
        ),
    )


def _district(
    figures: FrozenFigures, number: str, row: FiguresRow, *, strong: bool = False
) -> Line:
    target = figures.target(row.key)
    area, output = (target.area_m2, target.output_kg) if target else (None, None)
    grams = None if output is None else output * G_A_KG
    return Line(
        (
            number,
            "Tổng" if strong else row.name,
            hectares(area),
            quintals(target.yield_kg_per_ha if target else None),
            tonnes(grams),
            with_basis(hectares(row.land_m2.value), row.land_m2),
            with_basis(hectares(row.sown_m2.value), row.sown_m2),
            quintals(row.yield_kg_per_ha),
            with_basis(tonnes(row.output_g.value), row.output_g),
            percent(row.land_m2.value, area),
            percent(row.output_g.value, grams),
        ),
        strong=strong,
    )


def _crops(figures: FrozenFigures) -> Block:
    if not figures.crops:
        return Words("Trong kỳ chưa có loại cây nào được ghi nhận.")
    heads = ("Cây trồng", "Gieo trồng (ha)", "Năng suất (tạ/ha)", "Sản lượng (tấn)")
    lines = tuple(
        Line(
            (
                row.name,
                with_basis(hectares(row.sown_m2.value), row.sown_m2),
                quintals(row.yield_kg_per_ha),
                with_basis(tonnes(row.output_g.value), row.output_g),
                with_basis(billions(row.value_dong.value), row.value_dong),
            )
        )
        for row in figures.crops
    )
    return Table(
        "Xếp theo sản lượng",
        (tuple(Head(one) for one in (*heads, "Giá trị (tỷ đồng)")),),
        lines,
        (36, 16, 16, 16, 16),
        note=SIGNS_MEAN,
    )


def _listed(
    listing: Listing, heads: tuple[str, ...], widths: tuple[int, ...], nothing: str
) -> tuple[Block, ...]:
    if not listing.rows:
        return (Words(nothing),)
    shown_rows = listing.rows[:PRINTED]
    left = listing.total - len(shown_rows)
    note = f"Còn {shown(left)} dòng, xem tệp XLSX kèm theo." if left > 0 else ""
    lines = tuple(Line((str(number), *row)) for number, row in enumerate(shown_rows, start=1))
    table = Table(
        f"Tổng số: {shown(listing.total)}",
        (tuple(Head(one) for one in ("STT", *heads)),),
        lines,
        (5, *widths),
        numbers=len(heads) + 1,
        note=note,
    )
    return (table,)


def _parts(parts: tuple[PartLine, ...]) -> tuple[Block, ...]:
    if not parts:
        return (Words("Trong kỳ không có đơn vị nào phải gửi báo cáo."),)
    heads = (
        (
            Head("STT", down=2),
            Head("Đơn vị", down=2),
            Head("Tình trạng", down=2),
            Head("Diện tích gieo trồng (ha)", across=3),
            Head("Sản lượng (tấn)", across=3),
        ),
        (
            *(Head(one) for one in ("Đơn vị báo", "Hệ thống", "Chênh lệch")),
            *(Head(one) for one in ("Đơn vị báo", "Hệ thống", "Chênh lệch")),
        ),
    )
    lines = tuple(
        Line(
            (
                str(number),
                one.name,
                standing(one),
                hectares(one.sown_m2),
                hectares(one.our_sown_m2),
                hectares(_less(one.sown_m2, one.our_sown_m2)),
                tonnes(one.output_g),
                tonnes(one.our_output_g),
                tonnes(_less(one.output_g, one.our_output_g)),
            )
        )
        for number, one in enumerate(parts[: PRINTED * 2], start=1)
    )
    left = len(parts) - len(lines)
    note = f"Còn {shown(left)} đơn vị, xem tệp XLSX kèm theo." if left > 0 else ""
    return (
        Table(
            f"Tổng số: {shown(len(parts))} đơn vị",
            heads,
            lines,
            (5, 27, 14, 9, 9, 9, 9, 9, 9),
            numbers=3,
            note=note,
        ),
    )


def standing(one: PartLine) -> str:
    """Whether a unit sent its part, and when."""
    if not one.edition:
        return "Chưa gửi"
    again = f", lần {one.edition}" if one.edition > 1 else ""
    return ("Gửi muộn" if one.late else "Đúng hạn") + again


def _less(said: int | None, ours: int | None) -> int | None:
    return None if said is None or ours is None else said - ours


def _flags(flags: tuple[Flag, ...]) -> tuple[Block, ...]:
    if not flags:
        return (Words("Các số của Kế hoạch khớp nhau."),)
    lines = tuple(
        Line(
            (
                str(number),
                one.what,
                flagged(one, one.stated),
                flagged(one, one.recomputed),
                one.note,
            )
        )
        for number, one in enumerate(flags, start=1)
    )
    table = Table(
        "Số nêu trong Kế hoạch và số tính lại",
        (tuple(Head(one) for one in ("STT", "Mốc", "Kế hoạch nêu", "Tính lại", "Chỗ chưa khớp")),),
        lines,
        (5, 11, 14, 14, 56),
        numbers=5,
    )
    said = "Số của Kế hoạch được giữ nguyên; số tính lại chỉ để đối chiếu."
    return (Words(said, Manner.NOTE), table)


def flagged(flag: Flag, value: int | None) -> str:
    """A figure of the plan in the unit it is read in."""
    if value is None:
        return UNKNOWN
    unit = _FLAG_UNITS.get(flag.unit)
    if unit is None:
        return shown(value)
    return f"{shown(scaled(value, unit))} {_FLAG_NAMES[flag.unit]}"
