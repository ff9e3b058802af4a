"""A report as a workbook: its figures, and totals, yields and shares as formulas over them."""

from app.exchange.page_writing import workbook
from app.kit.clock import local
from app.plan.frozen import FiguresRow, FrozenFigures, Listing, PartLine, TargetFigures
from app.plan.report_annexes import LIST_HEADS, flagged, standing
from app.plan.report_document import Taken, period_words
from app.plan.report_numbers import BASIS_WORDS
from app.plan.report_results import SHARE_WORDS
from app.plan.report_sheet import Grid, Number, divided, quotient, total_of
from app.plan.report_words import ReportWords

HA, TONNE, BILLION, QUINTAL = 10_000, 1_000_000, 1_000_000_000, 100
KG_A_TONNE = 1_000
YIELD, PERCENT = 10, 100
_ROW_HEADS = (
    "Đất vùng trồng (ha)",
    "Gieo trồng (ha)",
    "Sản lượng (tấn)",
    "Giá trị (tỷ đồng)",
    "Năng suất (tạ/ha)",
    "Tỷ lệ gieo trồng (%)",
)


def report_xlsx(figures: FrozenFigures, words: ReportWords, taken: Taken) -> bytes:
    """The workbook."""
    with workbook() as (book, buffer):
        _districts(Grid(book, "Phụ lục I", (6, 24, *[13] * 12)), figures)
        for name, rows in (
            ("Nhóm cây", figures.groups),
            ("Trục", figures.axes),
            ("Cây trồng", figures.crops),
        ):
            _rows(Grid(book, name, (28, *[15] * 6, 24)), name, rows)
        _shares(Grid(book, "Tỷ lệ", (44, *[14] * 6)), figures)
        _parts(Grid(book, "Đơn vị", (40, 18, *[14] * 6)), figures.parts)
        for name, listing in _lists(figures).items():
            _list(Grid(book, name, (6, *[24] * 6)), name, listing)
        _flags(Grid(book, "Kế hoạch chưa khớp", (40, 18, 18, 70)), figures)
        _sources(Grid(book, "Nguồn số liệu", (44, 90)), figures, words, taken)
    return buffer.getvalue()


def _scaled(value: int | None, unit: int) -> Number:
    return None if value is None else value / unit


def _districts(grid: Grid, figures: FrozenFigures) -> None:
    grid.title(f"Kế hoạch năm {figures.milestone} và thực hiện {period_words(figures)}")
    planned = f"KH {figures.milestone}:"
    grid.heads(
        "STT", "Huyện cũ",
        f"{planned} DT (ha)", f"{planned} sản lượng (tấn)", f"{planned} năng suất nêu (tạ/ha)",
        "Năng suất KH tính lại (tạ/ha)",
        "DT đất (ha)", "DT gieo trồng (ha)", "Sản lượng (tấn)", "Giá trị (tỷ đồng)",
        "Năng suất (tạ/ha)", "DT đất so KH (%)", "Sản lượng so KH (%)", "Nguồn sản lượng",
    )  # fmt: skip
    first = grid.row
    rows = figures.districts
    for number, row in enumerate(rows, start=1):
        target = figures.target(row.key)
        grid.text(0, str(number))
        grid.text(1, row.name)
        _planned(grid, target)
        for column, value in enumerate(_measured(row), start=6):
            grid.figure(column, value)
        _worked_out(grid, target, _measured(row))
        grid.text(13, _basis(row))
        grid.row += 1
    _district_total(grid, figures, first)
    stated = figures.target(figures.total.key)
    grid.text(1, "Tổng Kế hoạch nêu")
    _planned(grid, stated)
    grid.row += 2
    grid.note("Năng suất, tỷ lệ và tổng là công thức; số Kế hoạch giữ nguyên như Phụ biểu.")


def _district_total(grid: Grid, figures: FrozenFigures, first: int) -> None:
    targets = [figures.target(row.key) for row in figures.districts]
    area = total_of([_scaled(one.area_m2, HA) for one in targets if one])
    output = total_of([_scaled(one.output_kg, KG_A_TONNE) for one in targets if one])
    sums = [total_of(column) for column in zip(*map(_measured, figures.districts), strict=True)]
    grid.text(1, "Tổng", strong=True)
    for column, value in ((2, area), (3, output), *enumerate(sums or [0.0] * 4, start=6)):
        _sum(grid, column, first, value)
    grid.formula(
        5,
        quotient(grid.cell(3), grid.cell(2), YIELD),
        divided(output, area, YIELD),
        strong=True,
    )
    _ratios(grid, sums or [0.0] * 4, area, output, strong=True)
    grid.row += 1


def _planned(grid: Grid, target: TargetFigures | None) -> None:
    area = _scaled(target.area_m2, HA) if target else None
    output = _scaled(target.output_kg, KG_A_TONNE) if target else None
    grid.figure(2, area)
    grid.figure(3, output)
    grid.figure(4, _scaled(target.yield_kg_per_ha, QUINTAL) if target else None)
    again = divided(output, area, YIELD)
    grid.formula(5, quotient(grid.cell(3), grid.cell(2), YIELD), again)


def _worked_out(grid: Grid, target: TargetFigures | None, measured: list[Number]) -> None:
    area = _scaled(target.area_m2, HA) if target else None
    output = _scaled(target.output_kg, KG_A_TONNE) if target else None
    _ratios(grid, measured, area, output)


def _ratios(
    grid: Grid, measured: list[Number] | list[float], area: Number, output: Number,
    *, strong: bool = False,
) -> None:  # fmt: skip
    land, sown, tonnes, _ = measured
    for column, part, whole, factor, value in (
        (10, 8, 7, YIELD, divided(tonnes, sown, YIELD)),
        (11, 6, 2, PERCENT, divided(land, area, PERCENT)),
        (12, 8, 3, PERCENT, divided(tonnes, output, PERCENT)),
    ):
        formula = quotient(grid.cell(part), grid.cell(whole), factor)
        grid.formula(column, formula, value, strong=strong)


def _measured(row: FiguresRow) -> list[Number]:
    return [
        _scaled(row.land_m2.value, HA),
        _scaled(row.sown_m2.value, HA),
        _scaled(row.output_g.value, TONNE),
        _scaled(row.value_dong.value, BILLION),
    ]


def _basis(row: FiguresRow) -> str:
    return "" if row.output_g.value is None else BASIS_WORDS[row.output_g.basis]


def _sum(grid: Grid, column: int, first: int, value: Number) -> None:
    if grid.row == first:
        grid.figure(column, value, strong=True)
        return
    begin, end = grid.cell(column, first), grid.cell(column, grid.row - 1)
    grid.formula(column, f"SUM({begin}:{end})", value, strong=True)


def _rows(grid: Grid, name: str, rows: tuple[FiguresRow, ...]) -> None:
    grid.title(f"Kết quả theo {name.lower()}")
    grid.heads(name, *_ROW_HEADS, "Nguồn sản lượng")
    first, last = grid.row, grid.row + len(rows)
    sums = [total_of(column) for column in zip(*map(_measured, rows), strict=True)] or [0.0] * 4
    for row in rows:
        measured = _measured(row)
        grid.text(0, row.name)
        for column, value in enumerate(measured, start=1):
            grid.figure(column, value)
        _row_ratios(grid, measured, sums, last)
        grid.text(7, _basis(row))
        grid.row += 1
    grid.text(0, "Tổng", strong=True)
    for column, value in enumerate(sums, start=1):
        _sum(grid, column, first, value)
    _row_ratios(grid, sums, sums, last)
    grid.row += 1


def _row_ratios(
    grid: Grid, measured: list[Number] | list[float], sums: list[float], last: int
) -> None:
    _, sown, tonnes, _ = measured
    grid.formula(5, quotient(grid.cell(3), grid.cell(2), YIELD), divided(tonnes, sown, YIELD))
    share = quotient(grid.cell(2), grid.cell(2, last), PERCENT)
    grid.formula(6, share, divided(sown, sums[1], PERCENT))


def _shares(grid: Grid, figures: FrozenFigures) -> None:
    grid.title(
        "Tỷ lệ trên đất, trên diện tích gieo trồng và trên sản lượng: ba mẫu số, không cộng lẫn"
    )
    grid.heads(
        "Tiêu chí",
        "Đất (ha)",
        "% đất",
        "Gieo trồng (ha)",
        "% gieo trồng",
        "Sản lượng (tấn)",
        "% SL",
    )
    total = figures.total
    wholes = (
        _scaled(total.land_m2.value, HA),
        _scaled(total.sown_m2.value, HA),
        _scaled(total.output_g.value, TONNE),
    )
    whole_row = grid.row
    grid.text(0, "Toàn tỉnh", strong=True)
    for at, whole in enumerate(wholes):
        grid.figure(1 + 2 * at, whole, strong=True)
        grid.text(2 + 2 * at, "")
    grid.row += 1
    for one in figures.shares:
        grid.text(0, SHARE_WORDS.get(one.key, one.key))
        parts = (_scaled(one.land_m2, HA), _scaled(one.sown_m2, HA), _scaled(one.output_g, TONNE))
        for at, (part, whole) in enumerate(zip(parts, wholes, strict=True)):
            column = 1 + 2 * at
            grid.figure(column, part)
            formula = quotient(grid.cell(column), grid.cell(column, whole_row), PERCENT)
            grid.formula(column + 1, formula, divided(part, whole, PERCENT))
        grid.row += 1


def _parts(grid: Grid, parts: tuple[PartLine, ...]) -> None:
    grid.title("Phần báo cáo của hợp tác xã, xã, phường")
    grid.heads(
        "Đơn vị", "Tình trạng",
        "Gieo trồng: đơn vị báo (ha)", "Gieo trồng: hệ thống (ha)", "Chênh lệch (ha)",
        "Sản lượng: đơn vị báo (tấn)", "Sản lượng: hệ thống (tấn)", "Chênh lệch (tấn)",
    )  # fmt: skip
    for one in parts:
        grid.text(0, one.name)
        grid.text(1, standing(one))
        for column, said, ours, unit in (
            (2, one.sown_m2, one.our_sown_m2, HA),
            (5, one.output_g, one.our_output_g, TONNE),
        ):
            left, right = _scaled(said, unit), _scaled(ours, unit)
            grid.figure(column, left)
            grid.figure(column + 1, right)
            first, second = grid.cell(column), grid.cell(column + 1)
            formula = f'IF(OR({first}="",{second}=""),"",{first}-{second})'
            less = None if said is None or ours is None else said / unit - ours / unit
            grid.formula(column + 2, formula, less)
        grid.row += 1


def _lists(figures: FrozenFigures) -> dict[str, Listing]:
    lists = figures.registers
    return {
        "Mã số": lists.codes,
        "Chứng nhận": lists.expiring,
        "Kiểm tra": lists.visits,
        "Thu hồi": lists.recalls,
        "Phản ánh": lists.complaints,
    }


def _list(grid: Grid, name: str, listing: Listing) -> None:
    grid.title(LIST_HEADS[name][0])
    if listing.total > len(listing.rows):
        grid.note(f"{len(listing.rows)} trên {listing.total} dòng; đủ tất cả trên hệ thống.")
    grid.heads("STT", *LIST_HEADS[name][1])
    for number, row in enumerate(listing.rows, start=1):
        grid.text(0, str(number))
        for column, text in enumerate(row, start=1):
            grid.text(column, text)
        grid.row += 1


def _flags(grid: Grid, figures: FrozenFigures) -> None:
    grid.title("Các điểm chưa thống nhất trong Kế hoạch")
    grid.heads("Mốc", "Kế hoạch nêu", "Tính lại", "Chỗ chưa khớp")
    for one in figures.flags:
        texts = (one.what, flagged(one, one.stated), flagged(one, one.recomputed), one.note)
        for column, text in enumerate(texts):
            grid.text(column, text)
        grid.row += 1


def _sources(grid: Grid, figures: FrozenFigures, words: ReportWords, taken: Taken) -> None:
    grid.title("Nguồn số liệu và cách kiểm chứng")
    for name, text in (
        ("Cơ quan lập", words.office),
        ("Kỳ báo cáo", period_words(figures)),
        ("Số liệu từ ngày, đến ngày", f"{figures.first:%d/%m/%Y} – {figures.last:%d/%m/%Y}"),
        ("Lúc lấy số liệu", f"{local(taken.at):%H:%M %d/%m/%Y}"),
        ("Số bản ghi của sổ cái lúc đó", str(taken.log_size)),
        ("Gốc Merkle (RFC 6962) của các bản ghi đó", taken.log_root or "chưa tính được"),
        ("SHA-256 của bộ số liệu", taken.figures_sha256),
        ("Kiểm chứng tại", f"{taken.base_url}/log"),
    ):
        grid.text(0, name)
        grid.text(1, text)
        grid.row += 1
