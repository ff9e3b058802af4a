"""Where the plan's own figures disagree, in the words of a Vietnamese report. Pure."""

from app.models.plan import PlanTarget, TargetScope

_MEASURES = {
    "area": "Diện tích",
    "yield": "Năng suất",
    "output": "Sản lượng",
    "area_at_least": "Diện tích (mục tiêu tối thiểu)",
    "output_at_least": "Sản lượng (mục tiêu tối thiểu)",
    "area_share": "Tỷ lệ diện tích",
}
_WHY = {
    "area": "Các số thành phần của Phụ biểu cộng lại ra số khác.",
    "yield": "Tính lại từ diện tích và sản lượng của các huyện trong Phụ biểu.",
    "output": "Tính lại bằng diện tích nhân năng suất nêu trong Phụ biểu.",
    "output_at_least": "Phụ biểu tính lại không đạt mức này.",
    "area_share": "Tính lại từ số hecta của ba nhóm cây.",
}
DISTRICTS = {
    "080": "TP Lào Cai",
    "082": "Bát Xát",
    "083": "Mường Khương",
    "084": "Si Ma Cai",
    "085": "Bắc Hà",
    "086": "Bảo Thắng",
    "087": "Bảo Yên",
    "088": "Sa Pa",
    "089": "Văn Bàn",
}


def flag_words(one: PlanTarget) -> tuple[str, str]:
    """What the figure is, and why it is doubted."""
    place = "toàn tỉnh"
    if one.scope is TargetScope.DISTRICT:
        place = DISTRICTS.get(one.scope_name, one.scope_name)
    elif one.scope is TargetScope.CROP_GROUP:
        place = one.scope_name
    measure = _MEASURES.get(one.measure, one.measure)
    return f"{measure}, {place}, năm {one.year}", _WHY.get(one.measure, "")
