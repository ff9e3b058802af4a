"""The report of a drill on paper: Vietnamese, A4. Outside buyers are counted, not named: it is handed on."""

from datetime import datetime, timedelta

from sqlmodel import Session

from app.accounts.reach import Reach
from app.drills.queries import AskedTold, DrillTold, consignees_of, lots_of, told_of
from app.kit.codes import grouped
from app.kit.i18n import language
from app.kit.quantities import Grams
from app.labels.report_paper import ReportPaper, moment
from app.models.drills import Drill

MOST_LOTS = 200
_READER = language("vi")


def drill_report_pdf(session: Session, drill: Drill, *, now: datetime) -> bytes:
    """The report as a PDF."""
    told = told_of(session, drill)
    asked = consignees_of(session, drill, within=Reach.all())
    paper = ReportPaper("Báo cáo diễn tập thu hồi", language="vi", now=now)
    paper.title("BÁO CÁO DIỄN TẬP THU HỒI")
    paper.small(f"DIỄN TẬP – không lô hàng nào bị thu hồi. Lập lúc {moment(now)}.")
    paper.heading("1. Cuộc diễn tập")
    paper.facts(
        [
            ("Đơn vị tổ chức", told.organisation.name),
            ("Bắt đầu từ", drill.asked_for),
            ("Số lô tìm thấy", str(told.lots)),
        ]
    )
    _clock(paper, drill, asked)
    _kilograms(paper, told)
    _answers(paper, asked)
    paper.heading("5. Bài học rút ra")
    paper.line(drill.lessons)
    _lots(paper, session, drill)
    return paper.content()


def _clock(paper: ReportPaper, drill: Drill, asked: list[AskedTold]) -> None:
    answers = [one.consignee.answered_at for one in asked if one.consignee.answered_at]
    paper.heading("2. Thời gian")
    paper.facts(
        [
            ("Bắt đầu", moment(drill.started_at)),
            ("Truy vết xong", f"sau {drill.traced_ms / 1000:.2f} giây".replace(".", ",")),
            ("Hỏi các nơi nhận", _after(drill.asked_at, drill.started_at)),
            ("Trả lời đầu tiên", _after(min(answers, default=None), drill.started_at)),
            ("Trả lời cuối cùng", _after(max(answers, default=None), drill.started_at)),
            ("Kết thúc", _after(drill.ended_at, drill.started_at)),
        ]
    )


def _kilograms(paper: ReportPaper, told: DrillTold) -> None:
    mass = told.mass
    percent = f"{mass.percent:.1f}".replace(".", ",")
    paper.heading(f"3. Khối lượng: tìm lại được {percent} %")
    for name, grams in (
        ("Tổng cộng", mass.total),
        ("Theo sổ sách của đơn vị", mass.home),
        ("Nơi nhận xác nhận", mass.confirmed),
        ("Chưa được xác nhận", mass.open),
        ("Không rõ ở đâu", mass.missing),
    ):
        paper.line(f"{name}: {_READER.quantity(grams)}")


def _answers(paper: ReportPaper, asked: list[AskedTold]) -> None:
    answered = sum(one.consignee.answered_at is not None for one in asked)
    paper.heading(f"4. Nơi nhận hàng: {len(asked)}, đã trả lời: {answered}")
    for number, one in enumerate(asked, start=1):
        row = one.consignee
        who = one.organisation.name if one.organisation else f"Khách hàng {number}"
        expected = _READER.quantity(Grams(row.expected_g))
        if row.remaining_g is None or row.passed_on_g is None:
            paper.small(f"{who}: theo sổ {expected}, chưa trả lời")
            continue
        left, sold = (
            _READER.quantity(Grams(grams)) for grams in (row.remaining_g, row.passed_on_g)
        )
        when = moment(row.answered_at)
        paper.small(f"{who}: theo sổ {expected}, còn {left}, đã bán tiếp {sold} ({when})")


def _lots(paper: ReportPaper, session: Session, drill: Drill) -> None:
    paper.heading("6. Các lô")
    for row, lot, crop in lots_of(session, drill, limit=MOST_LOTS):
        begun = " – lô bắt đầu" if row.root else ""
        weight = _READER.quantity(Grams(lot.quantity_g))
        paper.small(f"{grouped(lot.code)} · {crop.name_vi} · {weight}{begun}")


def _after(instant: datetime | None, start: datetime) -> str:
    """When, and how long after the beginning."""
    if instant is None:
        return ""
    minutes = (instant - start) // timedelta(minutes=1)
    return f"{moment(instant)} (sau {minutes // 60} giờ {minutes % 60} phút)"
