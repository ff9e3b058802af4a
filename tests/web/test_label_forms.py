"""What a clerk writes of lots and the number of their labels, read as it is meant."""

import pytest

from app.web.forms import Typed
from app.web.label_forms import _lots

ENDS_IN_X = "LCEA7ATN7QDAGRX"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (f"{ENDS_IN_X} 12", [(ENDS_IN_X, 12)]),
        (f"{ENDS_IN_X} x12", [(ENDS_IN_X, 12)]),
        (f"{ENDS_IN_X} x 12", [(ENDS_IN_X, 12)]),
        (f"{ENDS_IN_X} × 12", [(ENDS_IN_X, 12)]),
        (f"{ENDS_IN_X}×12", [(ENDS_IN_X, 12)]),
        (f"{ENDS_IN_X}; 12", [(ENDS_IN_X, 12)]),
        (f"{ENDS_IN_X}:12", [(ENDS_IN_X, 12)]),
        ("LCEA 7ATN 7QDA GRX 12", [("LCEA 7ATN 7QDA GRX", 12)]),
        ("LCJ6VNGGH6BCFNMx12", [("LCJ6VNGGH6BCFNM", 12)]),
        (ENDS_IN_X, [(ENDS_IN_X, 36)]),
        ("LCJ6 VNGG H6BC 123", [("LCJ6 VNGG H6BC 123", 36)]),
        (f"{ENDS_IN_X} 1\n\n LCJ6VNGGH6BCFNM \n", [(ENDS_IN_X, 1), ("LCJ6VNGGH6BCFNM", 36)]),
    ],
)
def test_a_number_behind_a_code_is_how_many(written: str, read: list[tuple[str, int]]) -> None:
    typed = Typed({"lots": written}, {})
    assert _lots(typed, 36) == read
    assert typed.faults == []
