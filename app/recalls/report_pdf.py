"""The report of a recall on paper, for the authority: Vietnamese, A4, from the records as they stand."""

from datetime import datetime

from sqlmodel import Session

from app.accounts.reach import Reach
from app.kit.i18n import language
from app.kit.messages import Message
from app.kit.quantities import Grams
from app.labels.report_paper import ReportPaper, moment
from app.models.recalls import Recall
from app.recalls.clocks import CLOCK_WORDS
from app.recalls.queries import RecallTold, consignees_of, disposals_of, lots_of, told_of
from app.recalls.release_queries import releases_of
from app.recalls.rules import KIND_WORDS, STATE_WORDS, WAY_WORDS

MOST_LOTS = 200
_READER = language("vi")


def recall_report_pdf(session: Session, recall: Recall, *, now: datetime) -> bytes:
    """The report as a PDF. Outside buyers are counted, not named: it may be handed on."""
    told = told_of(session, recall)
    paper = ReportPaper("Báo cáo thu hồi", language="vi", now=now)
    paper.title("BÁO CÁO KẾT QUẢ THU HỒI")
    paper.small(f"Lập lúc {moment(now)} (TT 17/2021/TT-BNNPTNT)")
    _case(paper, told)
    _clocks(paper, told, now)
    _kilograms(paper, told)
    _goods(paper, session, recall)
    return paper.content()


def _case(paper: ReportPaper, told: RecallTold) -> None:
    recall = told.recall
    paper.heading("1. Đợt thu hồi")
    rows = [
        ("Hình thức", _said(KIND_WORDS[recall.kind])),
        ("Tình trạng", _said(STATE_WORDS[recall.state])),
        ("Cơ sở", told.organisation.name),
        ("Lý do", recall.reason),
        ("Căn cứ", recall.grounds),
        ("Quyết định", recall.decision_number),
        ("Xác định mối nguy", moment(recall.determined_at)),
        ("Bắt đầu thu hồi", moment(recall.decided_at)),
        ("Kết thúc", moment(recall.ended_at)),
        ("Nguyên nhân", recall.cause),
        ("Biện pháp phòng ngừa", recall.prevention),
        ("Bãi bỏ vì nhầm", f"{moment(recall.lifted_at)} {recall.lifted_reason}".strip()),
    ]
    paper.facts(rows)


def _clocks(paper: ReportPaper, told: RecallTold, now: datetime) -> None:
    paper.heading("2. Thời hạn")
    for clock in told.clocks:
        if clock.due is None or clock.due_day is None:
            continue
        due = f"{clock.due_day:%d/%m/%Y}" if clock.whole_day else moment(clock.due)
        done = f"xong {moment(clock.done_at)}" if clock.done_at else "chưa xong"
        late = " – QUÁ HẠN" if clock.late(now) else ""
        words = f"{_said(CLOCK_WORDS[clock.name])}: hạn {due}, {done}{late}"
        paper.line(words)


def _kilograms(paper: ReportPaper, told: RecallTold) -> None:
    progress = told.progress
    paper.heading(f"3. Khối lượng ({told.lots} lô)")
    for name, grams in (
        ("Tổng cộng", progress.total_g),
        ("Đã giữ lại hoặc nhận về, chưa xử lý", progress.in_hand_g),
        ("Còn ở nơi mua", progress.out_g),
        ("Đã bán cho người tiêu dùng", progress.sold_on_g),
        ("Đã khắc phục", progress.fixed_g),
        ("Đã chuyển mục đích sử dụng", progress.repurposed_g),
        ("Đã tái xuất", progress.reexported_g),
        ("Đã tiêu huỷ", progress.destroyed_g),
        ("Không rõ ở đâu", progress.unaccounted_g),
    ):
        paper.line(f"{name}: {_READER.quantity(Grams(grams))}")


def _goods(paper: ReportPaper, session: Session, recall: Recall) -> None:
    consignees = consignees_of(session, recall, within=Reach.all())
    answered = sum(one.consignee.answered_at is not None for one in consignees)
    words = f"4. Nơi nhận hàng: {len(consignees)}, đã trả lời: {answered}"
    paper.heading(words)
    paper.heading("5. Xử lý hàng")
    for disposal, lot in disposals_of(session, recall):
        said, grams = _said(WAY_WORDS[disposal.way]), _READER.quantity(Grams(disposal.quantity_g))
        proof = disposal.document or "ảnh"
        words = f"{disposal.done_on:%d/%m/%Y} · {lot.code} · {grams} · {said} · {proof}"
        paper.small(words)
    for freed in releases_of(session, recall):
        grams = _READER.quantity(Grams(freed.release.fixed_g))
        when, why = moment(freed.release.released_at), freed.release.reason
        paper.small(f"Cho lưu thông lại {when} · {freed.lot.code} · {grams} · {why}")
    paper.heading("6. Các lô")
    lots = lots_of(session, recall, limit=MOST_LOTS)
    for one in lots.items:
        weight = _READER.quantity(Grams(one.lot.quantity_g))
        words = f"{one.lot.code} · {one.crop.name_vi} · {weight}"
        paper.small(words)
    if lots.next:
        paper.small("… danh sách đầy đủ trên hệ thống.")


def _said(message: Message) -> str:
    return _READER.say(message)
