"""Cells that a list writes once for several rows."""

from app.exchange.filling import FilledRow, filled_down

GROUPS = (("day",), ("grower", "phone"))


def filled(*rows: dict[str, str | None]) -> list[FilledRow]:
    return list(filled_down(iter(list(enumerate(rows, start=2))), GROUPS))


def test_a_row_that_says_nothing_of_its_own_means_the_one_above():
    first = {"day": "1/11", "grower": "Mẩy", "phone": "0912"}
    _, second = filled(first, {"day": None, "grower": None, "phone": None})
    assert second == FilledRow(3, first)


def test_a_row_that_opens_with_a_day_and_names_nobody_is_doubtful():
    first = {"day": "1/11", "grower": "Mẩy", "phone": "0912"}
    _, second = filled(first, {"day": "2/11", "grower": "", "phone": None})
    assert second == FilledRow(3, {**first, "day": "2/11"}, ("grower",))


def test_nothing_above_leaves_nothing_to_doubt():
    (only,) = filled({"day": "1/11", "grower": None, "phone": None})
    assert only.doubtful == ()
    first, second = filled({"day": "1/11"}, {"day": "2/11"})
    assert (first.doubtful, second.doubtful) == ((), ())
