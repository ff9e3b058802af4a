"""The report of a recall on paper, for the authority: Vietnamese, A4, from the records as they stand."""

from datetime import UTC, datetime

from fpdf import FPDF
from sqlmodel import Session

from app.accounts.reach import Reach
from app.kit.clock import local
from app.kit.i18n import language
from app.kit.messages import Message
from app.kit.quantities import Grams
from app.labels.typeface import Weight, font_file, unprintable
from app.models.recalls import Recall
from app.recalls.clocks import CLOCK_WORDS
from app.recalls.queries import RecallTold, consignees_of, disposals_of, lots_of, told_of
from app.recalls.rules import KIND_WORDS, STATE_WORDS, WAY_WORDS

_MARGIN_MM = 18
_WIDTH_MM = 210 - 2 * _MARGIN_MM
MOST_LOTS = 200
_READER = language("vi")


def recall_report_pdf(session: Session, recall: Recall, *, now: datetime) -> bytes:
    """The report as a PDF. Outside buyers are counted, not named: it may be handed on."""
    told = told_of(session, recall)
    pdf = FPDF(unit="mm", format="A4")
    pdf.set_margins(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    pdf.set_auto_page_break(auto=True, margin=_MARGIN_MM)
    for weight in Weight:
        pdf.add_font(weight.value, fname=font_file(weight))
    pdf.set_title("Báo cáo thu hồi")
    pdf.set_lang("vi")
    pdf.set_producer("Nguồn Gốc")
    pdf.set_creation_date(now.astimezone(UTC))
    pdf.add_page()
    _line(pdf, "BÁO CÁO KẾT QUẢ THU HỒI", Weight.STRONG, 15)
    _line(pdf, f"Lập lúc {_moment(now)} (TT 17/2021/TT-BNNPTNT)", Weight.REGULAR, 9)
    _case(pdf, told)
    _clocks(pdf, told, now)
    _kilograms(pdf, told)
    _goods(pdf, session, recall)
    return bytes(pdf.output())


def _case(pdf: FPDF, told: RecallTold) -> None:
    recall = told.recall
    _line(pdf, "1. Đợt thu hồi", Weight.STRONG, 11)
    rows = [
        ("Hình thức", _said(KIND_WORDS[recall.kind])),
        ("Tình trạng", _said(STATE_WORDS[recall.state])),
        ("Cơ sở", told.organisation.name),
        ("Lý do", recall.reason),
        ("Căn cứ", recall.grounds),
        ("Quyết định", recall.decision_number),
        ("Xác định mối nguy", _moment(recall.determined_at)),
        ("Bắt đầu thu hồi", _moment(recall.decided_at)),
        ("Kết thúc", _moment(recall.ended_at)),
        ("Nguyên nhân", recall.cause),
        ("Biện pháp phòng ngừa", recall.prevention),
        ("Bãi bỏ vì nhầm", f"{_moment(recall.lifted_at)} {recall.lifted_reason}".strip()),
    ]
    for name, words in rows:
        if words:
            _line(pdf, f"{name}: {words}", Weight.REGULAR, 10)


def _clocks(pdf: FPDF, told: RecallTold, now: datetime) -> None:
    _line(pdf, "2. Thời hạn", Weight.STRONG, 11)
    for clock in told.clocks:
        if clock.due is None or clock.due_day is None:
            continue
        due = f"{clock.due_day:%d/%m/%Y}" if clock.whole_day else _moment(clock.due)
        done = f"xong {_moment(clock.done_at)}" if clock.done_at else "chưa xong"
        late = " – QUÁ HẠN" if clock.late(now) else ""
        words = f"{_said(CLOCK_WORDS[clock.name])}: hạn {due}, {done}{late}"
        _line(pdf, words, Weight.REGULAR, 10)


def _kilograms(pdf: FPDF, told: RecallTold) -> None:
    progress = told.progress
    _line(pdf, f"3. Khối lượng ({told.lots} lô)", Weight.STRONG, 11)
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
        _line(pdf, f"{name}: {_READER.quantity(Grams(grams))}", Weight.REGULAR, 10)


def _goods(pdf: FPDF, session: Session, recall: Recall) -> None:
    consignees = consignees_of(session, recall, within=Reach.all())
    answered = sum(one.consignee.answered_at is not None for one in consignees)
    words = f"4. Nơi nhận hàng: {len(consignees)}, đã trả lời: {answered}"
    _line(pdf, words, Weight.STRONG, 11)
    _line(pdf, "5. Xử lý hàng", Weight.STRONG, 11)
    for disposal, lot in disposals_of(session, recall):
        said, grams = _said(WAY_WORDS[disposal.way]), _READER.quantity(Grams(disposal.quantity_g))
        proof = disposal.document or "ảnh"
        words = f"{disposal.done_on:%d/%m/%Y} · {lot.code} · {grams} · {said} · {proof}"
        _line(pdf, words, Weight.REGULAR, 9)
    _line(pdf, "6. Các lô", Weight.STRONG, 11)
    lots = lots_of(session, recall, limit=MOST_LOTS)
    for one in lots.items:
        weight = _READER.quantity(Grams(one.lot.quantity_g))
        words = f"{one.lot.code} · {one.crop.name_vi} · {weight}"
        _line(pdf, words, Weight.REGULAR, 9)
    if lots.next:
        _line(pdf, "… danh sách đầy đủ trên hệ thống.", Weight.REGULAR, 9)


def _line(pdf: FPDF, text: str, weight: Weight, size: float) -> None:
    pdf.set_font(weight.value, size=size)
    strange = set(unprintable(text))
    printable = "".join("?" if letter in strange and letter != "\n" else letter for letter in text)
    pdf.multi_cell(_WIDTH_MM, size * 0.55, printable, new_x="LMARGIN", new_y="NEXT")


def _said(message: Message) -> str:
    return _READER.say(message)


def _moment(instant: datetime | None) -> str:
    return "" if instant is None else f"{local(instant):%H:%M %d/%m/%Y}"
