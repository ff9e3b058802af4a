"""What the certificate of a planting-area code says, read from the register."""

from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from app.catalogue.reason_queries import reasons_by_slug
from app.kit.i18n import language
from app.kit.quantities import SquareMetres
from app.labels.code_paper import CodePaper
from app.models.registry import (
    AreaCode,
    AreaCodeStep,
    CodeScheme,
    CodeStatus,
    Organisation,
    OrganisationKind,
)
from app.places.queries import address_of, unit_by_id
from app.registry.area_queries import AreaLine, crops_of
from app.registry.code_queries import steps_of
from app.registry.finding_queries import is_named
from app.registry.rules import status_on

# An administrative document is in Vietnamese, whoever asks for it.
_VIETNAMESE = language("vi")
_MARKETS = {
    "VNM": "Nội địa",
    "CHN": "Trung Quốc",
    "JPN": "Nhật Bản",
    "KOR": "Hàn Quốc",
    "USA": "Hoa Kỳ",
}
_SCHEMES = {
    CodeScheme.QD3156_2022: "QĐ 3156/QĐ-BNN-TT ngày 19/8/2022",
    CodeScheme.TCCS774_2020: "TCCS 774:2020/BVTV",
    CodeScheme.ND38_2026: "NĐ 38/2026/NĐ-CP",
    CodeScheme.EXTERNAL: "Cơ quan khác cấp",
}
_STANDINGS = {
    CodeStatus.WARNED: "ĐANG BỊ CẢNH BÁO",
    CodeStatus.SUSPENDED: "ĐANG BỊ ĐÌNH CHỈ",
    CodeStatus.REVOKED: "ĐÃ BỊ THU HỒI – PHIẾU KHÔNG CÒN GIÁ TRỊ",
    CodeStatus.CANCELLED: "ĐÃ HỦY BỎ – PHIẾU KHÔNG CÒN GIÁ TRỊ",
    CodeStatus.SUPERSEDED: "ĐÃ ĐƯỢC THAY BẰNG MÃ SỐ KHÁC – PHIẾU KHÔNG CÒN GIÁ TRỊ",
}


def code_paper(
    session: Session, code: AreaCode, line: AreaLine, *, base_url: str, today: date
) -> CodePaper:
    """The paper of a code as it stands today; a household's name only where it may be public."""
    steps = steps_of(session, code)
    status = status_on(steps, today) or code.status
    return CodePaper(
        office_above=f"ỦY BAN NHÂN DÂN {line.commune.province_name.upper()}",
        office=_office(session).upper(),
        place=line.commune.province_name.removeprefix("Tỉnh "),
        code=code.code,
        number=code.decision_number or "……",
        decided_on=code.issued_on,
        rows=_rows(session, code, line),
        standing=_standing(session, status, steps, today, named=is_named(line.organisation)),
        address=f"{base_url}/register/{code.code_key}",
        taken_on=today,
    )


def holder_name(line: AreaLine) -> str:
    """The holder as the public may know it: a household is named only where it agreed."""
    if is_named(line.organisation):
        return line.organisation.name
    return f"Hộ trồng tại {line.commune.name}"


def _office(session: Session) -> str:
    """The authority that keeps the register: the first one entered."""
    wanted = (
        select(col(Organisation.name))
        .where(col(Organisation.kind) == OrganisationKind.AUTHORITY)
        .order_by(col(Organisation.id))
    )
    return session.execute(wanted.limit(1)).scalar_one_or_none() or "CƠ QUAN QUẢN LÝ"


def _rows(session: Session, code: AreaCode, line: AreaLine) -> tuple[tuple[str, str], ...]:
    area = line.area
    former = unit_by_id(session, area.former_commune_id) if area.former_commune_id else None
    rows = [
        ("Tên vùng trồng", area.name if is_named(line.organisation) else ""),
        ("Đơn vị quản lý vùng trồng", holder_name(line)),
        ("Địa chỉ vùng trồng", address_of(line.commune)),
        ("Địa chỉ trước 01/7/2025", address_of(former) if former else ""),
        ("Cây trồng", ", ".join(crop.name_vi for crop in crops_of(session, area))),
        ("Diện tích", _VIETNAMESE.area(SquareMetres(area.area_m2))),
        ("Thị trường", _MARKETS.get(code.market, code.market)),
        ("Căn cứ cấp mã", _SCHEMES[code.scheme]),
        ("Ngày cấp", f"{code.issued_on:%d/%m/%Y}"),
    ]
    return tuple(row for row in rows if row[1])


def _standing(
    session: Session,
    status: CodeStatus,
    steps: list[AreaCodeStep],
    today: date,
    *,
    named: bool,
) -> str:
    if status not in _STANDINGS:
        return ""
    newest = max(
        (step for step in steps if step.effective_on <= today),
        key=lambda step: (step.effective_on, step.id or 0),
    )
    reason = reasons_by_slug(session).get(newest.reason_slug)
    # The officer's own words may name a person; the reasons of the list name nobody.
    why = reason.text_vi if reason else newest.reason if named else ""
    words = f"MÃ SỐ {_STANDINGS[status]} từ ngày {newest.effective_on:%d/%m/%Y}"
    return f"{words}\n{why}" if why else words
