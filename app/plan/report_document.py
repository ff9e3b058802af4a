"""A report on the plan in Vietnamese administrative form, from its frozen figures. Pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from app.kit.clock import local
from app.models.plan_reports import ReportPeriod
from app.plan.frozen import FrozenFigures
from app.plan.report_annexes import annexes_of
from app.plan.report_blocks import Block, Letter, Manner, ReportDocument, Words
from app.plan.report_findings import findings_of
from app.plan.report_results import results_of
from app.plan.report_words import ReportWords

_NUMERALS = ("I", "II", "III", "IV", "V", "VI")
NO_BREAK = "\u00a0"
_WHOLE = re.compile(r"\([^)]*\)|\b(?:TỈNH|THÀNH PHỐ|HUYỆN|XÃ|PHƯỜNG)(?: [^ (]+)+")
SUBJECT = (
    "Kết quả thực hiện Kế hoạch phát triển các vùng sản xuất rau an toàn, tập trung,"
    " đảm bảo truy xuất nguồn gốc gắn với chế biến và thị trường tiêu thụ"
)


@dataclass(frozen=True)
class Taken:
    """Where in the ledger the figures were read, and how anybody can check it."""

    at: datetime
    log_size: int
    log_root: str
    figures_sha256: str
    base_url: str


@dataclass(frozen=True)
class Corrected:
    """The sent report that this one puts right."""

    number: str
    sent_on: date


def document_of(
    figures: FrozenFigures, words: ReportWords, taken: Taken, corrected: Corrected | None = None
) -> ReportDocument:
    """The report; the same arguments give the same blocks."""
    named = f"Báo cáo số …/{words.symbol} ngày … tháng … năm {taken.at:%Y} của {_title(words)}"
    return ReportDocument(
        letter=_letter(figures, words, taken),
        body=(*_opening(figures, words, corrected), *_sections(figures, words, taken)),
        annexes=annexes_of(figures),
        name=f"bao-cao-rau-an-toan-{period_slug(figures)}",
        enclosed_with=f"(Kèm theo {named})",
    )


def period_words(figures: FrozenFigures) -> str:
    """The period as the title says it."""
    if figures.kind is ReportPeriod.YEARLY:
        return f"năm {figures.year}"
    return f"quý {_NUMERALS[figures.quarter - 1]} năm {figures.year}"


def period_slug(figures: FrozenFigures) -> str:
    """The period as file names say it."""
    return f"{figures.year}-q{figures.quarter}" if figures.quarter else f"{figures.year}"


def _letter(figures: FrozenFigures, words: ReportWords, taken: Taken) -> Letter:
    return Letter(
        superior=_headed(words.superior),
        office=_headed(words.office),
        number=f"Số:          /{words.symbol}",
        place_and_day=f"{words.place}, ngày       tháng       năm {local(taken.at):%Y}",
        kind="BÁO CÁO",
        subject=f"{SUBJECT} {period_words(figures)}",
        addressee=words.addressee,
        recipients=tuple(line for line in words.recipients.splitlines() if line.strip()),
        signer_title=tuple(line for line in words.signer_title.upper().splitlines() if line),
        signer=words.signer,
    )


def _headed(office: str) -> str:
    """An office as it heads the page: in capitals, its place and what stands in brackets on one line."""
    return _WHOLE.sub(lambda found: found.group().replace(" ", NO_BREAK), office.upper())


def _title(words: ReportWords) -> str:
    """The office in the middle of a sentence: only names keep their capitals."""
    return words.office or "cơ quan báo cáo"


def _opening(
    figures: FrozenFigures, words: ReportWords, corrected: Corrected | None
) -> tuple[Block, ...]:
    first = (
        f"Thực hiện Kế hoạch của Ủy ban nhân dân tỉnh Lào Cai về phát triển các vùng sản xuất rau"
        f" an toàn, tập trung, đảm bảo truy xuất nguồn gốc gắn với chế biến và thị trường tiêu thụ"
        f"{_until(figures)}, {_title(words)} báo cáo kết quả thực hiện {period_words(figures)} (số liệu"
        f" từ ngày {figures.first:%d/%m/%Y} đến ngày {figures.last:%d/%m/%Y}) như sau:"
    )
    if corrected is None:
        return (Words(first),)
    again = (
        f"Báo cáo này đính chính và thay thế Báo cáo số {corrected.number} ngày"
        f" {corrected.sent_on:%d/%m/%Y}; báo cáo trước được lưu nguyên văn."
    )
    return (Words(again), Words(first))


def _until(figures: FrozenFigures) -> str:
    """The last year of the plan, and which act it is."""
    year = f" đến năm {figures.milestones[-1]}" if figures.milestones else ""
    return f"{year} – {figures.plan_act}" if figures.plan_act else year


def _sections(figures: FrozenFigures, words: ReportWords, taken: Taken) -> tuple[Block, ...]:
    parts: list[tuple[str, tuple[Block, ...]]] = [
        ("KẾT QUẢ THỰC HIỆN", (*results_of(figures), *findings_of(figures)))
    ]
    for title, text in (
        ("ĐÁNH GIÁ CHUNG", words.assessment),
        ("KHÓ KHĂN, VƯỚNG MẮC", words.difficulties),
        ("NHIỆM VỤ, GIẢI PHÁP THỜI GIAN TỚI", words.outlook),
        ("KIẾN NGHỊ, ĐỀ XUẤT", words.proposals),
    ):
        if text.strip():
            parts.append((title, tuple(Words(line) for line in text.splitlines() if line.strip())))
    parts.append(("NGUỒN SỐ LIỆU VÀ CÁCH KIỂM CHỨNG", _sources(taken)))
    made: list[Block] = []
    for numeral, (title, blocks) in zip(_NUMERALS, parts, strict=False):
        made += [Words(f"{numeral}. {title}", Manner.HEADING), *blocks]
    return (*made, Words(_closing(words)))


def _sources(taken: Taken) -> tuple[Block, ...]:
    root = taken.log_root or "chưa tính được khi lập báo cáo"
    return (
        Words(
            f"Số liệu được tổng hợp từ hệ thống truy xuất nguồn gốc lúc {local(taken.at):%H:%M}"
            f" ngày {local(taken.at):%d/%m/%Y}, khi sổ cái của hệ thống có {taken.log_size} bản ghi."
            " Cách ghi: “đo” là khối lượng cân khi thu hoạch và diện tích đo; “khai báo” là số"
            " cơ sở khai đầu vụ; “ước tính” là số tính từ số khác. Dấu “–” là chưa có số liệu,"
            " không phải bằng không."
        ),
        Words(
            "Diện tích đất là diện tích vùng trồng, mỗi vùng tính một lần; diện tích gieo trồng"
            " cộng theo từng vụ. Hai mẫu số này không cộng lẫn nhau; năng suất tính trên diện tích"
            " gieo trồng."
        ),
        Words(f"Gốc cây Merkle (RFC 6962) của {taken.log_size} bản ghi đầu: {root}.", Manner.NOTE),
        Words(f"SHA-256 của bộ số liệu lưu trong hệ thống: {taken.figures_sha256}.", Manner.NOTE),
        Words(
            f"Kiểm chứng: tải điểm kiểm và các ô băm tại {taken.base_url}/log, tính lại gốc của"
            f" {taken.log_size} bản ghi đầu và so với gốc ghi trên; hoặc xin bằng chứng nhất quán tại"
            f" {taken.base_url}/api/v1/log/consistency?first={taken.log_size}&second=(cỡ của điểm"
            " kiểm). Mã băm của các tệp báo cáo được ghi vào sổ cái khi lập.",
            Manner.NOTE,
        ),
    )


def _closing(words: ReportWords) -> str:
    return (
        f"Trên đây là báo cáo của {_title(words)}; kính gửi {words.addressee} tổng hợp, chỉ đạo./."
    )
