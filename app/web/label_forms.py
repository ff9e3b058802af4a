"""What a clerk types to have labels printed, and a printer or paper described: read leniently."""

import re
from decimal import Decimal, InvalidOperation

from app.errors import FieldError
from app.kit.messages import say
from app.labels.run_content import LONGEST_CODE, LONGEST_TEXT, Content
from app.labels.run_request import RunRequest
from app.labels.stock_commands import RULER_MM, ProfileDetails, StockDetails
from app.models.print_runs import Output, StockKind
from app.web.forms import Typed

_UM = 1000
_MOST_UM = 1_000_000
# The last letter of a code may be an X: one that multiplies stands after a space, or at the number.
_COUNTED = re.compile(r"^(?P<code>.*?)(?:[\s,;:×]+(?:x\s*)?|x)(?P<count>\d{1,9})$", re.IGNORECASE)
_LOT_CODE = re.compile(r"[\s.\-]")
_LOT_LENGTH = 15
_DEFAULT_LABELS = 36


def request_of(typed: Typed) -> RunRequest:
    """A run, as the form asks for it; faults gather in `typed`."""
    copies = typed.whole("copies", default=_DEFAULT_LABELS)
    output = typed.raw("output")
    return RunRequest(
        lots=tuple(_lots(typed, copies)),
        layout=typed.raw("layout"),
        stock=typed.raw("stock"),
        printer=typed.uid("printer"),
        output=Output(output) if output in set(Output) else None,
        language=typed.raw("language") or "vi",
        dpi=typed.whole("dpi", default=0) or None,
        start_at=typed.whole("start_at", default=1),
        serialised=typed.ticked("serialised"),
        crop_marks=typed.ticked("crop_marks") or None,
        content=content_of(typed),
        product=typed.uid("product"),
        sscc=typed.ticked("sscc"),
        reprint_reason=typed.text("reprint_reason", longest=300),
    )


def content_of(typed: Typed) -> Content:
    """What the packages are like."""
    return Content(
        pack=typed.mass("pack_g", "pack_unit") if typed.raw("pack_g").strip() else None,
        packs=typed.whole("packs", default=0),
        storage=typed.text("storage", longest=LONGEST_TEXT),
        warning=typed.text("warning", longest=LONGEST_TEXT),
        packing_house=typed.text("packing_house", longest=LONGEST_CODE),
    )


def profile_of(typed: Typed, line: int = RULER_MM) -> ProfileDetails:
    """A printer's settings, lengths in millimetres; `line`: how long the line is that was measured."""
    output = typed.raw("output")
    return ProfileDetails(
        name=typed.text("name", longest=80),
        output=Output(output) if output in set(Output) else Output.PDF,
        dpi=typed.whole("dpi", default=203),
        offset_x_um=micrometres(typed, "offset_x"),
        offset_y_um=micrometres(typed, "offset_y"),
        pitch_x_um=micrometres(typed, "pitch_x"),
        pitch_y_um=micrometres(typed, "pitch_y"),
        ruler_um=round(micrometres(typed, "ruler") * RULER_MM / line) or RULER_MM * _UM,
        crop_marks=typed.ticked("crop_marks"),
        measured=typed.ticked("measured"),
    )


def stock_of(typed: Typed) -> StockDetails:
    """Paper, lengths in millimetres. A roll's page is its one row of labels."""
    kind = StockKind.SHEET if typed.raw("kind") == "sheet" else StockKind.ROLL
    return StockDetails(
        name=typed.text("name", longest=120),
        kind=kind,
        page_width_um=micrometres(typed, "page_width"),
        page_height_um=micrometres(typed, "page_height"),
        width_um=micrometres(typed, "width"),
        height_um=micrometres(typed, "height"),
        columns=typed.whole("columns", default=1),
        rows=typed.whole("rows", default=1),
        left_um=micrometres(typed, "left"),
        top_um=micrometres(typed, "top"),
        pitch_x_um=micrometres(typed, "pitch_x"),
        pitch_y_um=micrometres(typed, "pitch_y"),
        note=typed.text("note", longest=300),
    )


def micrometres(typed: Typed, name: str) -> int:
    """A length in millimetres ("1,5", "-0.3"); 0 when left out or faulty."""
    text = typed.raw(name).strip().replace(",", ".").replace("−", "-")
    if not text:
        return 0
    try:
        length = Decimal(text) * _UM
    except InvalidOperation:
        length = Decimal("NaN")
    if not length.is_finite() or abs(length) > _MOST_UM:
        typed.faults.append(FieldError(name, say("Write a length in millimetres, like 1,5.")))
        return 0
    return int(length.to_integral_value())


def millimetres(um: int) -> str:
    """A length as a form shows it."""
    return (
        f"{Decimal(um) / _UM:f}".rstrip("0").rstrip(".").replace(".", ",")
        if um % _UM
        else str(um // _UM)
    )


def _lots(typed: Typed, copies: int) -> list[tuple[str, int]]:
    """One lot a line, with the number of its labels behind it or none for the usual number."""
    found: list[tuple[str, int]] = []
    for line in typed.raw("lots")[:10_000].splitlines():
        text = line.strip()
        if not text:
            continue
        counted = _COUNTED.match(text)
        # "LCJ6 VNGG H6BC 123" is a whole code: what is left must still be one.
        if counted and len(_LOT_CODE.sub("", counted["code"])) >= _LOT_LENGTH:
            found.append((counted["code"], int(counted["count"])))
        else:
            found.append((text, copies))
    if not found:
        typed.faults.append(FieldError("lots", say("Write the code of a lot.")))
    return found
