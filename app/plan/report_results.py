"""Section I of a report, its first half: land, output, value, groups, axes, shares. Pure."""

from app.models.plan_reports import ReportPeriod
from app.plan.frozen import FiguresRow, FrozenFigures, Known, ShareRow
from app.plan.report_blocks import Bar, Block, Chart, Head, Line, Manner, Table, Words
from app.plan.report_numbers import (
    BASIS_WORDS,
    SIGNS_MEAN,
    UNKNOWN,
    billions,
    hectares,
    percent,
    quintals,
    shown,
    tonnes,
    with_basis,
)

SHARE_WORDS = {
    "safe": "An toàn, truy xuất được (có chứng nhận an toàn, có mã số, có nhật ký)",
    "certified": "Có chứng nhận (VietGAP, hữu cơ, GlobalG.A.P. …)",
    "coded": "Có mã số vùng trồng còn hiệu lực",
    "diary": "Có nhật ký canh tác",
    "labelled": "Đã dán nhãn truy xuất",
    "scanned": "Đã được tra cứu (quét mã)",
}
G_A_KG = 1_000
PERMILLE = 1_000


def results_of(figures: FrozenFigures) -> tuple[Block, ...]:
    """What was grown, where it is, and how much of it is safe and can be traced."""
    return (
        Words("1. Diện tích, năng suất, sản lượng, giá trị", Manner.SUBHEADING),
        Words(_told(figures)),
        _summary(figures),
        *_outlook(figures),
        _district_chart(figures),
        Words("2. Theo nhóm cây trồng và theo trục sản xuất", Manner.SUBHEADING),
        _rows_table("Kết quả theo nhóm cây trồng", figures.groups, figures.total),
        _rows_table("Kết quả theo trục sản xuất", figures.axes, figures.total),
        Words("3. Sản xuất an toàn, chứng nhận và truy xuất nguồn gốc", Manner.SUBHEADING),
        *_share_words(figures),
        _share_table(figures),
    )


def _told(figures: FrozenFigures) -> str:
    total = figures.total
    if not any(known.value for known in (total.land_m2, total.sown_m2, total.output_g)):
        return (
            "Trong kỳ, hệ thống chưa ghi nhận diện tích, vụ gieo trồng hoặc lô thu hoạch nào; các"
            " bảng dưới đây để dấu “–” tại chỗ chưa có số liệu."
        )
    return (
        f"Diện tích vùng trồng {hectares(total.land_m2.value)} ha; diện tích gieo trồng"
        f" {hectares(total.sown_m2.value)} ha; năng suất bình quân"
        f" {quintals(total.yield_kg_per_ha)} tạ/ha; sản lượng {tonnes(total.output_g.value)} tấn;"
        f" giá trị {_worth(total)}. So với cùng kỳ năm trước: diện tích"
        f" gieo trồng bằng {_against(total.sown_m2, figures.before.sown_m2)}, sản lượng bằng"
        f" {_against(total.output_g, figures.before.output_g)}."
    )


def _worth(total: FiguresRow) -> str:
    if total.value_dong.value is None:
        return "chưa tính được vì chưa có giá"
    return f"{billions(total.value_dong.value)} tỷ đồng"


def _against(now: Known, before: Known) -> str:
    share = percent(now.value, before.value)
    return "– (kỳ trước chưa có số liệu)" if share == UNKNOWN else f"{share}%"


def _value_words(figures: FrozenFigures) -> str:
    """A value is only wanted of the plan's last year: beside an earlier one the row says so."""
    last = figures.milestones[-1] if figures.milestones else figures.milestone
    return "Giá trị" if figures.milestone == last else f"Giá trị (mục tiêu năm {last})"


def _summary(figures: FrozenFigures) -> Table:
    total, before = figures.total, figures.before
    target = figures.target(total.key)
    area, output = (target.area_m2, target.output_kg) if target else (None, None)
    grams = None if output is None else output * G_A_KG
    wanted = target.yield_kg_per_ha if target else None
    value, basis = figures.value_target_dong, total.value_dong
    lines = (
        _line("Diện tích vùng trồng", "ha", total.land_m2, before.land_m2, area, hectares),
        _line("Diện tích gieo trồng", "ha", total.sown_m2, before.sown_m2, None, hectares),
        Line(
            (
                "Năng suất",
                "tạ/ha",
                quintals(wanted),
                quintals(before.yield_kg_per_ha),
                quintals(total.yield_kg_per_ha),
                percent(total.yield_kg_per_ha, wanted),
                "tính",
            )
        ),
        _line("Sản lượng", "tấn", total.output_g, before.output_g, grams, tonnes),
        _line(_value_words(figures), "tỷ đồng", basis, before.value_dong, value, billions),
    )
    heads = (
        Head("Chỉ tiêu"),
        Head("ĐVT"),
        Head(f"Kế hoạch {figures.milestone}"),
        Head("Cùng kỳ năm trước"),
        Head("Thực hiện"),
        Head("So với kế hoạch (%)"),
        Head("Nguồn số"),
    )
    return Table(
        f"Kết quả so với mục tiêu năm {figures.milestone} của Kế hoạch",
        (heads,),
        lines,
        (30, 10, 14, 14, 14, 12, 12),
        numbers=2,
        note=_year_note(figures),
    )


def _year_note(figures: FrozenFigures) -> str:
    if figures.kind is ReportPeriod.QUARTERLY:
        return "Kế hoạch nêu số cả năm; cột so sánh của báo cáo quý là phần đã đạt của cả năm."
    named = [str(year) for year in figures.milestones]
    years = f" {', '.join(named[:-1])} và {named[-1]}" if len(named) > 1 else " của Kế hoạch"
    return f"Kế hoạch không nêu mục tiêu riêng cho từng năm giữa các mốc{years}."


def _line(
    name: str, unit: str, now: Known, before: Known, target: int | None, said: object
) -> Line:
    show = said if callable(said) else shown
    known = BASIS_WORDS[now.basis] if now.value is not None else UNKNOWN
    return Line(
        (
            name,
            unit,
            show(target),
            show(before.value),
            show(now.value),
            percent(now.value, target),
            known,
        )
    )


def _outlook(figures: FrozenFigures) -> tuple[Block, ...]:
    known = figures.outlook
    if known is None:
        return ()
    return (
        Words(
            f"Ước cả năm {figures.year}: sản lượng khoảng {tonnes(known.middle_g)} tấn (từ"
            f" {tonnes(known.low_g)} đến {tonnes(known.high_g)} tấn; số ước tính). {known.why}"
        ),
    )


def _district_chart(figures: FrozenFigures) -> Chart:
    bars = []
    for row in figures.districts:
        target = figures.target(row.key)
        planned = target.output_kg / 1_000 if target and target.output_kg else None
        reached = row.output_g.value
        bars.append(
            Bar(_short(row.name), planned, None if reached is None else reached / 1_000_000)
        )
    best = max(figures.districts, key=lambda row: row.output_g.value or 0, default=None)
    said = "Chưa có sản lượng ghi nhận trong kỳ."
    if best is not None and best.output_g.value:
        said = f"Nhiều nhất: {best.name}, {tonnes(best.output_g.value)} tấn."
    return Chart(
        f"Sản lượng theo huyện cũ: kế hoạch {figures.milestone} và thực hiện",
        "tấn",
        tuple(bars),
        f"Kế hoạch {figures.milestone}",
        "Thực hiện",
        said,
    )


def _short(name: str) -> str:
    """A former district without the word for what it was: there is little room beside a bar."""
    for kind in ("Huyện ", "Thị xã ", "Thành phố "):
        name = name.removeprefix(kind)
    return name


def _rows_table(caption: str, rows: tuple[FiguresRow, ...], total: FiguresRow) -> Table:
    heads = (
        Head(""),
        Head("Đất vùng trồng (ha)"),
        Head("Gieo trồng (ha)"),
        Head("Tỷ lệ gieo trồng (%)"),
        Head("Năng suất (tạ/ha)"),
        Head("Sản lượng (tấn)"),
        Head("Giá trị (tỷ đồng)"),
    )
    lines = tuple(
        Line(
            (
                row.name,
                with_basis(hectares(row.land_m2.value), row.land_m2),
                with_basis(hectares(row.sown_m2.value), row.sown_m2),
                percent(row.sown_m2.value, total.sown_m2.value),
                quintals(row.yield_kg_per_ha),
                with_basis(tonnes(row.output_g.value), row.output_g),
                with_basis(billions(row.value_dong.value), row.value_dong),
            )
        )
        for row in rows
    )
    return Table(caption, (heads,), lines, (25, 12, 14, 11, 11, 14, 13), note=SIGNS_MEAN)


def _share_words(figures: FrozenFigures) -> tuple[Block, ...]:
    safe = next((one for one in figures.shares if one.key == "safe"), None)
    target = figures.share_target_permille
    goals = []
    if target is not None:
        goals.append(
            "diện tích rau an toàn, tập trung, đảm bảo truy xuất nguồn gốc"
            f" trên {percent(target, PERMILLE)}% tổng diện tích gieo trồng"
        )
    if figures.area_target_m2 is not None:
        land = hectares(figures.area_target_m2)
        goals.append(f"mục tiêu trên {land} ha là diện tích đất vùng chuyên canh")
    told = f"Mục tiêu của Kế hoạch: {'; '.join(goals)}. " if goals else ""
    said = f"{told}Thực hiện: {_share(safe, figures.total)} diện tích gieo trồng."
    models = figures.models_target
    if models is None:
        return (Words(said),)
    reached = shown(figures.models)
    return (
        Words(said),
        Words(
            f"Mô hình điểm, tổ hợp tác, tổ sản xuất có chứng nhận đủ điều kiện: {reached} (mục tiêu"
            f" {models[0]:02}–{models[1]:02} mô hình)."
        ),
    )


def _share(safe: ShareRow | None, total: FiguresRow) -> str:
    share = percent(safe.sown_m2 if safe else None, total.sown_m2.value)
    return "chưa có số liệu về" if share == UNKNOWN else f"{share}%"


def _share_table(figures: FrozenFigures) -> Table:
    total = figures.total
    heads = (
        (
            Head("Tiêu chí", down=2),
            Head("Đất vùng trồng", across=2),
            Head("Diện tích gieo trồng", across=2),
            Head("Sản lượng", across=2),
        ),
        (Head("ha"), Head("% đất"), Head("ha"), Head("% gieo trồng"), Head("tấn"), Head("% SL")),
    )
    lines = tuple(
        Line(
            (
                SHARE_WORDS.get(one.key, one.key),
                hectares(one.land_m2),
                percent(one.land_m2, total.land_m2.value),
                hectares(one.sown_m2),
                percent(one.sown_m2, total.sown_m2.value),
                tonnes(one.output_g),
                percent(one.output_g, total.output_g.value),
            )
        )
        for one in figures.shares
    )
    return Table(
        "Tỷ lệ an toàn, chứng nhận, mã số, nhật ký, nhãn: ba mẫu số, không cộng lẫn",
        heads,
        lines,
        (34, 11, 11, 11, 11, 11, 11),
    )
