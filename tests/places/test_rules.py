"""Names of places: taken apart, put together in three languages, compared with a search."""

import pytest

from app.places.rules import KINDS, address_line, closeness, search_key, split_name

BAO_NHAI = ["Xã Bảo Nhai", "Huyện Bắc Hà", "Tỉnh Lào Cai"]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Xã Bảo Nhai", ("xã", "Bảo Nhai")),
        ("Thị xã Sa Pa", ("thị xã", "Sa Pa")),
        ("Thị trấn Nông trường Phong Hải", ("thị trấn", "Nông trường Phong Hải")),
        ("Thành phố Lào Cai", ("thành phố", "Lào Cai")),
        ("Phường Phan Si Păng", ("phường", "Phan Si Păng")),
    ],
)
def test_a_name_is_a_type_and_a_proper_name(name: str, parts: tuple[str, str]) -> None:
    assert split_name(name) == parts


def test_a_name_without_a_type_is_refused() -> None:
    with pytest.raises(ValueError, match="Bảo Nhai"):
        split_name("Bảo Nhai")


@pytest.mark.parametrize(
    ("language", "address"),
    [
        ("vi", "Xã Bảo Nhai, huyện Bắc Hà, tỉnh Lào Cai"),
        ("en", "Bảo Nhai Commune, Bắc Hà District, Lào Cai Province"),
        ("zh", "Lào Cai 省 Bắc Hà 县 Bảo Nhai 社"),
    ],
)
def test_an_address_in_the_order_and_words_of_its_language(language: str, address: str) -> None:
    assert address_line(BAO_NHAI, language) == address


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_type_has_a_word_in_every_language(kind: str, language: str) -> None:
    assert kind not in address_line([f"{kind.capitalize()} Sa Pa"], language)


def test_only_the_first_letter_of_a_type_is_lowered() -> None:
    assert address_line(["Xã Tả Phìn", "Thị xã Sa Pa"], "vi") == "Xã Tả Phìn, thị xã Sa Pa"


def test_a_search_key_holds_each_name_once_folded() -> None:
    assert (
        search_key(["Xã Đạo Đức", "", "Tỉnh Lào Cai", "xã Đạo Đức"]) == "xa dao duc, tinh lao cai"
    )


KEY = search_key(["Phường Lào Cai", "Tỉnh Lào Cai", "Phường Kim Tân", "Xã Bản Phiệt"])


@pytest.mark.parametrize(
    ("wanted", "rank"),
    [
        ("Lào Cai", 0),
        ("phuong lao cai", 0),
        ("LÀO CAI, Bảo Thắng", 0),
        ("lao cai bao thang", 1),
        ("lao", 2),
        ("kim tan", 3),
        ("Bản Phiệt, Bảo Thắng", 3),
        ("kim phiet", 4),
    ],
)
def test_how_well_a_place_meets_a_search(wanted: str, rank: int) -> None:
    assert closeness("Phường Lào Cai", KEY, wanted) == rank


def test_part_of_a_word_does_not_count_as_the_name_it_begins() -> None:
    assert closeness("Xã Tả Phời", search_key(["Xã Tả Phời"]), "ta phoi cam duong") == 1
    assert closeness("Xã Tả", search_key(["Xã Tả"]), "tan phuong") > 1
