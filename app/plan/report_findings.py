"""Section I of a report, its second half: codes, certificates, visits, recalls, complaints, parts. Pure."""

from app.plan.frozen import Counted, FrozenFigures
from app.plan.report_blocks import Block, Manner, Words
from app.plan.report_numbers import hectares, shown


def findings_of(figures: FrozenFigures) -> tuple[Block, ...]:
    """What the authority did and found, and what the units sent in."""
    lists = figures.registers
    return (
        Words("4. Mã số vùng trồng và chứng nhận", Manner.SUBHEADING),
        Words(
            f"Mã số vùng trồng trong sổ: {shown(lists.codes.total)}"
            f"{_counts(lists.code_counts)} (Phụ lục III)."
        ),
        Words(
            f"Chứng nhận còn hiệu lực{_counts(lists.certificate_counts, first=': ')}. Sắp hết hạn"
            f" trong 6 tháng: {shown(lists.expiring.total)} (Phụ lục IV)."
        ),
        Words("5. Kiểm tra, giám sát, thu hồi và phản ánh", Manner.SUBHEADING),
        Words(
            f"Đã kiểm tra {shown(lists.visits.total)} lượt cơ sở"
            f"{_counts(lists.findings, first='; lỗi phát hiện: ')} (Phụ lục V)."
            f" Đợt thu hồi: {shown(lists.recalls.total)} (Phụ lục VI). Phản ánh của người tiêu"
            f" dùng: {shown(lists.complaints.total)}{_counts(lists.complaint_counts)}"
            " (Phụ lục VII)."
        ),
        Words("6. Báo cáo của hợp tác xã và của xã, phường", Manner.SUBHEADING),
        Words(_parts(figures)),
    )


def _counts(counts: tuple[Counted, ...], *, first: str = ", gồm: ") -> str:
    told = [_count(one) for one in counts if one.count]
    return f"{first}{'; '.join(told)}" if told else ""


def _count(one: Counted) -> str:
    land = f" ({hectares(one.area_m2)} ha)" if one.area_m2 else ""
    return f"{one.name} {shown(one.count)}{land}"


def _parts(figures: FrozenFigures) -> str:
    parts = figures.parts
    if not parts:
        return "Trong kỳ không có đơn vị nào phải gửi báo cáo."
    sent = [one for one in parts if one.edition]
    late = sum(one.late for one in sent)
    missing = len(parts) - len(sent)
    return (
        f"{shown(len(sent))} trên {shown(len(parts))} đơn vị đã gửi phần báo cáo; gửi muộn"
        f" {shown(late)}, chưa gửi {shown(missing)}. Số của đơn vị và số của hệ thống được để cạnh"
        " nhau tại Phụ lục VIII, không thay nhau."
    )
