"""Names of shipped papers and layouts in every language."""

import csv
import json

import pytest

from app.kit.i18n import language
from app.kit.messages import Message
from app.labels.paper_names import listed, named, noted
from app.reference.files import DATA


def shipped() -> tuple[list[str], list[str]]:
    """Names of papers and layouts; what is noted of papers."""
    with (DATA / "label_stocks.csv").open(encoding="utf-8") as rows:
        stocks = list(csv.DictReader(rows))
    layouts = json.loads((DATA / "label_layouts.json").read_text(encoding="utf-8"))
    names = [one["name"] for one in (*stocks, *layouts)]
    return names, [one["note"] for one in stocks if one["note"]]


NAMES, NOTES = shipped()


@pytest.mark.parametrize("name", dict.fromkeys(NAMES))
def test_a_shipped_name_is_said_in_every_language(name: str) -> None:
    said = named(name)
    assert isinstance(said, Message)
    assert language("vi").say(said) == name
    others = {language(tag).say(said) for tag in ("en", "zh")}
    assert len(others) == 2
    assert not any(word in one for one in others for word in ("Cuộn", "tem", "Gói", "Thùng"))


def test_every_note_is_known() -> None:
    for note in NOTES:
        said = noted(note)
        assert isinstance(said, Message)
        assert language("vi").say(said) == note
        assert language("en").say(said) != note


def test_a_name_somebody_gave_stays_as_it_is() -> None:
    assert named("Cuộn của tôi") == "Cuộn của tôi"
    assert noted("Đã đo hôm qua") == "Đã đo hôm qua"
    several = listed(["Gói hàng 50 × 30 mm", "Tem nhà", "Thùng 100 × 50 mm"])
    assert isinstance(several, Message)
    assert language("en").say(several) == "Pack 50 × 30 mm, Tem nhà, Carton 100 × 50 mm"
