"""The authority's decision on a compulsory recall on paper (TT 17/2021/TT-BNNPTNT, form: Phụ lục II).

The words of the form itself were not seen: beside each part stands how far it was compared with the law.
"""

from datetime import datetime

from sqlmodel import Session

from app.errors import Refused
from app.kit.i18n import language
from app.kit.messages import say
from app.kit.quantities import Grams
from app.labels.report_paper import ReportPaper, moment
from app.models.recalls import Recall, RecallKind
from app.recalls.queries import RecallTold, lots_of, told_of

MOST_LOTS = 200
DAYLESS = "ngày …… tháng …… năm ……"
_READER = language("vi")


def recall_decision_pdf(session: Session, recall: Recall, *, now: datetime) -> bytes:
    """The form filled in; a draft until its number is written down."""
    if recall.kind is not RecallKind.COMPULSORY:
        raise Refused(say("A voluntary recall has no decision of an authority."))
    told = told_of(session, recall)
    paper = ReportPaper("Quyết định thu hồi", language="vi", now=now)
    _head(paper, told)
    _grounds(paper, told)
    _orders(paper, session, told)
    paper.small("Nơi nhận: như Điều 3; cơ quan cấp trên; lưu hồ sơ. [I]")
    paper.small("Người ký (chức vụ, ký tên, đóng dấu): ……………………………………… [I]")
    paper.small(
        "Ký hiệu: [V] đã đối chiếu với văn bản; [S] theo nguồn thứ cấp; [I] suy ra từ thể thức chung, "
        "cần đối chiếu với mẫu tại Phụ lục II trước khi ký."
    )
    if not recall.decision_number:
        paper.small(f"DỰ THẢO lập lúc {moment(now)}: chưa có số và ngày ban hành.")
    return paper.content()


def _head(paper: ReportPaper, told: RecallTold) -> None:
    recall = told.recall
    paper.small("CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM – Độc lập - Tự do - Hạnh phúc [I]")
    paper.line(told.opened_by.name.upper())
    day = recall.decision_on
    dated = f"ngày {day:%d} tháng {day:%m} năm {day:%Y}" if day else DAYLESS
    paper.line(f"Số: {recall.decision_number or '………………'} – {dated} [I]")
    paper.title("QUYẾT ĐỊNH")
    paper.line("Về việc thu hồi sản phẩm nông lâm thủy sản không bảo đảm an toàn [I]")


def _grounds(paper: ReportPaper, told: RecallTold) -> None:
    recall = told.recall
    paper.heading("Căn cứ")
    paper.line("Luật An toàn thực phẩm số 55/2010/QH12; [I]")
    paper.line("Thông tư 17/2021/TT-BNNPTNT ngày 20/12/2021, Điều 9 và Điều 11; [V]")
    for words in (recall.grounds, recall.reason):
        if words:
            paper.line(f"{words} [I]")
    paper.line(f"Xác định mối nguy lúc {moment(recall.determined_at)}. [V: Điều 11]")


def _orders(paper: ReportPaper, session: Session, told: RecallTold) -> None:
    recall = told.recall
    paper.heading("Điều 1. Thu hồi [I]")
    paper.line(f"Cơ sở: {told.organisation.name}")
    paper.line(f"Sản phẩm: {told.crop.name_vi}; {told.lots} lô, gồm mọi lô làm ra từ chúng:")
    found = lots_of(session, recall, limit=MOST_LOTS)
    for one in found.items:
        weight = _READER.quantity(Grams(one.lot.quantity_g))
        day = f"{one.lot.harvested_on:%d/%m/%Y}"
        paper.small(f"{one.lot.code} · {one.crop.name_vi} · {weight} · thu hoạch {day}")
    if found.next:
        paper.small("… danh sách đầy đủ trên hệ thống.")
    paper.heading("Điều 2. Cơ sở có trách nhiệm")
    paper.line("a) Dừng bán, thông báo cho mọi nơi đã nhận hàng và thu hồi; [I]")
    paper.line(
        "b) Xử lý hàng thu hồi theo một trong bốn cách: khắc phục lỗi của sản phẩm hoặc lỗi ghi nhãn, "
        "chuyển mục đích sử dụng, tái xuất, tiêu huỷ; [V: Điều 13]"
    )
    paper.line(
        "c) Hoàn thành việc xử lý trong 03 tháng từ ngày cơ quan thẩm quyền có văn bản đồng ý; [V: Điều 14]"
    )
    paper.line("d) Báo cáo kết quả trong 03 ngày làm việc sau khi kết thúc thu hồi. [S]")
    paper.heading("Điều 3. Thi hành [I]")
    paper.line(
        "Quyết định có hiệu lực từ ngày ký. Cơ sở nêu tại Điều 1 và các đơn vị liên quan chịu trách nhiệm "
        "thi hành."
    )
