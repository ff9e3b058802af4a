"""Who was entered twice: names, telephones and places as a table of decisions."""

from datetime import UTC, date, datetime

import pytest

from app.registry.twin_rules import (
    Likeness,
    Names,
    PersonSeen,
    Phones,
    PlotSeen,
    ground_alike,
    hamlet_of,
    joined_periods,
    names_alike,
    one_slip,
    people_alike,
    phones_alike,
    plots_alike,
    spelling_of,
    standing_consent,
)

LIKELY, POSSIBLE, NOT = Likeness.LIKELY, Likeness.POSSIBLE, Likeness.NOT


@pytest.mark.parametrize(
    ("one", "other", "names"),
    [
        ("Giàng A Páo", "giàng a páo", Names.SAME),
        ("Giàng A Páo", "Ông Giàng A Páo", Names.SAME),
        ("Giàng A Páo", "Hộ ông Giàng A Páo", Names.SAME),
        ("Giàng A Páo", "Gia đình bà Giàng A Páo", Names.SAME),
        ("Giàng A Páo", "Páo Giàng A", Names.SAME),
        ("Giàng A Páo", "Giang A Pao", Names.SAME),
        ("Lý Thị Hoà", "Lý Thị Hòa", Names.SAME),
        ("Hồ Thị Lan", "Hộ Thị Lan", Names.OTHER),  # Hồ is a family, hộ a household
        ("Lý Thị Lan", "Lý Thị Lân", Names.NEAR),
        ("Nguyễn Văn Đức", "Nguyễn Văn Dức", Names.NEAR),
        ("Giàng A Páo", "Giàng A Phao", Names.NEAR),
        ("Giàng A Páo", "Giàng Páo", Names.NEAR),
        ("Giàng A Páo", "Giàng A", Names.OTHER),
        ("Giàng A Páo", "Vàng A Sinh", Names.OTHER),
        ("Thửa 1", "Thửa 2", Names.OTHER),
        ("Thửa ruộng 1", "Thửa rộng 1", Names.NEAR),
        ("Bà", "Bà", Names.SAME),  # a title alone is all there is
    ],
)
def test_names(one, other, names):
    assert names_alike(spelling_of(one), spelling_of(other)) is names
    assert names_alike(spelling_of(other), spelling_of(one)) is names


@pytest.mark.parametrize(
    ("one", "other", "slip"),
    [
        ("giangapao", "giangapao", True),
        ("giangapao", "giangapo", True),
        ("giangapao", "gianagpao", True),
        ("giangapao", "giangasao", True),
        ("giangapao", "giangaseo", False),
        ("aaaaaaa", "aaaaaaaa", True),
        ("lypao", "lyseo", False),
        ("pao", "pau", False),  # too short to tell a slip from another name
    ],
)
def test_one_slip(one, other, slip):
    assert one_slip(one, other) is slip


@pytest.mark.parametrize(
    ("one", "other", "phones"),
    [
        ("0912345678", "0912345678", Phones.SAME),
        ("0912345678", "0912345679", Phones.SLIP),
        ("0912345678", "0912345687", Phones.SLIP),
        ("0912345678", "0987345678", Phones.OTHER),
        (None, "0912345678", Phones.UNKNOWN),
        (None, None, Phones.UNKNOWN),
    ],
)
def test_phones(one, other, phones):
    assert phones_alike(one, other) is phones


def person(name="Giàng A Páo", phone="0912345678", commune=1, hamlet="Thôn Bản Phố 2"):
    return PersonSeen(spelling_of(name), phone, commune, hamlet_of(hamlet))


@pytest.mark.parametrize(
    ("changed", "likeness"),
    [
        ({}, LIKELY),
        ({"hamlet": "bản phố 2"}, LIKELY),
        ({"commune": 2}, LIKELY),
        ({"phone": "0912345679"}, LIKELY),
        ({"phone": "0912345679", "commune": 2}, POSSIBLE),
        ({"phone": None}, LIKELY),
        ({"phone": None, "hamlet": ""}, POSSIBLE),
        ({"phone": None, "commune": 2}, NOT),
        ({"phone": "0387654321"}, POSSIBLE),
        ({"phone": "0387654321", "hamlet": "Na Kim"}, NOT),
        ({"name": "Giàng A Phao"}, LIKELY),
        ({"name": "Giàng A Phao", "commune": 2}, POSSIBLE),
        ({"name": "Giàng A Phao", "phone": "0912345679"}, LIKELY),
        ({"name": "Giàng A Phao", "phone": "0912345679", "hamlet": ""}, POSSIBLE),
        ({"name": "Giàng A Phao", "phone": None}, POSSIBLE),
        ({"name": "Giàng A Phao", "phone": None, "hamlet": ""}, NOT),
        ({"name": "Giàng A Phao", "phone": "0387654321"}, NOT),
        ({"name": "Vàng Thị Sinh"}, NOT),  # a household shares one telephone
    ],
)
def test_people(changed, likeness):
    finding = people_alike(person(), person(**changed))
    assert finding.likeness is likeness
    assert people_alike(person(**changed), person()).likeness is likeness


def plot(name="Thửa ruộng 1", grower=1, area=1, square_metres=1000):
    return PlotSeen(grower, area, spelling_of(name), square_metres)


@pytest.mark.parametrize(
    ("changed", "likeness"),
    [
        ({"name": "thua ruong 1"}, LIKELY),
        ({"name": "thua ruong 1", "square_metres": 1050}, LIKELY),
        ({"name": "thua ruong 1", "square_metres": 2000}, POSSIBLE),
        ({"name": "thua ruong 1", "grower": 2}, NOT),
        ({"name": "Đồi trên"}, POSSIBLE),
        ({"name": "Đồi trên", "square_metres": 1500}, NOT),
        ({"name": "Đồi trên", "area": None}, NOT),
        ({"name": "Thửa ruộng 2", "area": 2}, NOT),
    ],
)
def test_plots(changed, likeness):
    assert plots_alike(plot(), plot(**changed)).likeness is likeness


@pytest.mark.parametrize(
    ("shared", "one", "other", "likeness"),
    [
        (900, 1000, 1000, LIKELY),
        (600, 1000, 1000, POSSIBLE),
        (400, 1000, 1000, NOT),
        (1000, 1000, 9000, POSSIBLE),  # a plot within a larger one may be a part of it
    ],
)
def test_ground(shared, one, other, likeness):
    assert ground_alike(shared, one, other).likeness is likeness


def test_periods_are_joined_without_overlap():
    days = [date(2026, 1, day) for day in (1, 5, 6, 9, 20, 25)]
    one, five, six, nine, twenty, last = days
    assert joined_periods([(six, nine), (one, five)]) == [(one, nine)]
    assert joined_periods([(one, nine), (five, six)]) == [(one, nine)]
    assert joined_periods([(twenty, last), (one, five)]) == [(one, five), (twenty, last)]
    assert joined_periods([(one, None), (five, six)]) == [(one, None)]
    assert joined_periods([(one, six), (five, None)]) == [(one, None)]


def test_no_consent_from_before_a_withdrawal_goes_on():
    first, second, third = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 3))
    assert standing_consent([]) is None
    assert standing_consent([(second, None), (first, None)]) == 1
    assert standing_consent([(first, None), (first, second)]) is None
    assert standing_consent([(third, None), (first, second)]) == 0
