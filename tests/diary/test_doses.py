"""Doses as people write them."""

import pytest

from app.diary.doses import per_m2, registered_per_m2, units_known, usual_of


@pytest.mark.parametrize(
    ("dose", "grams"),
    [
        ("0,5 lít/ha", 0.05),
        ("0.5 l/ha", 0.05),
        ("0,3 - 0,5 lít/ha", 0.05),
        ("0,3 – 0,5 lít / ha", 0.05),
        ("20 ml/sào", 20 / 360),
        ("1 kg/ha", 0.1),
        ("2 g/m²", 2.0),
        ("100 g/1000 m2", 0.1),
        ("20 ml/bình 16 lít", None),
        ("theo nhãn", None),
        ("", None),
    ],
)
def test_what_a_label_says(dose: str, grams: float | None) -> None:
    assert registered_per_m2(dose) == (None if grams is None else pytest.approx(grams))


@pytest.mark.parametrize(
    ("amount", "unit", "area", "grams"),
    [
        (1_000, "l", 1_000, 1.0),
        (1_000, "lít", 1_000, 1.0),
        (1_000, "ML", 1_000, 0.001),
        (2_000, "kg", 1_000, 2.0),
        (1_000, "gói", 1_000, None),
        (None, "kg", 1_000, None),
        (1_000, "kg", 0, None),
    ],
)
def test_amounts_compare_by_the_square_metre(
    amount: int | None, unit: str, area: int, grams: float | None
) -> None:
    assert per_m2(amount, unit, area) == (None if grams is None else pytest.approx(grams))


def test_there_is_no_usual_dose_of_two() -> None:
    assert usual_of([1.0, 2.0]) is None
    assert usual_of([1.0, 2.0, 90.0]) == 2.0
    assert "kg" in units_known()
