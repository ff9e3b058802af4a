"""Numbers as a Vietnamese administrative report writes them: comma for decimals, dot for thousands. Pure."""

from decimal import ROUND_HALF_UP, Decimal

from app.kit.i18n import language
from app.plan.dimensions import Basis, permille
from app.plan.frozen import Known

UNKNOWN = "–"
_VI = language("vi")
# Beside a figure that was not measured; the foot of a table says what they mean.
BASIS_SIGNS = {Basis.MEASURED: "", Basis.DECLARED: "(k)", Basis.ESTIMATED: "(ư)"}
SIGNS_MEAN = "(k): số khai báo; (ư): số ước tính; không ghi gì: số đo."
BASIS_WORDS = {Basis.MEASURED: "đo", Basis.DECLARED: "khai báo", Basis.ESTIMATED: "ước tính"}
M2_A_HECTARE, G_A_TONNE, DONG_A_BILLION = 10_000, 1_000_000, 1_000_000_000
KG_HA_A_QUINTAL = 100


def scaled(value: int | None, unit: int, places: int = 1) -> Decimal | None:
    """A whole number in a larger unit, rounded half up to so many places; None stays None."""
    if value is None:
        return None
    step = Decimal(1).scaleb(-places)
    return (Decimal(value) / unit).quantize(step, ROUND_HALF_UP)


def shown(number: Decimal | int | None) -> str:
    """The number with Vietnamese separators, without trailing zeros; a dash where nobody knows."""
    if number is None:
        return UNKNOWN
    plain = Decimal(number).normalize()
    return _VI.number(plain if plain != plain.to_integral() else int(plain))


def hectares(m2: int | None) -> str:
    """Square metres as hectares to two places."""
    return shown(scaled(m2, M2_A_HECTARE, 2))


def tonnes(grams: int | None) -> str:
    """Grams as tonnes to one place; to the kilogram below ten tonnes."""
    if grams is not None and 0 < grams < 10 * G_A_TONNE:
        return shown(scaled(grams, G_A_TONNE, 3))
    return shown(scaled(grams, G_A_TONNE))


def quintals(kg_per_ha: int | None) -> str:
    """A yield in tạ/ha to one place."""
    return shown(scaled(kg_per_ha, KG_HA_A_QUINTAL))


def billions(dong: int | None) -> str:
    """Đồng as tỷ đồng to two places."""
    return shown(scaled(dong, DONG_A_BILLION, 2))


def percent(part: int | None, whole: int | None) -> str:
    """A part of a whole in percent to one place, cut off as on the desk; a dash where nobody knows."""
    if part is None or not whole:
        return UNKNOWN
    return shown(Decimal(permille(part, whole) or 0) / 10)


def with_basis(words: str, known: Known) -> str:
    """A figure that was not measured bears a sign."""
    sign = "" if known.value is None else BASIS_SIGNS[known.basis]
    return f"{words} {sign}".strip()
