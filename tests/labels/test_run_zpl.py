"""ZPL of whole runs: a face stored once, symbols drawn here or by the printer, always the label's very words."""

import json
from pathlib import Path

import numpy as np
import pytest
import zxingcpp

from app.errors import Refused
from app.labels.bitmap import bitmap_of
from app.labels.label_files import label_file
from app.labels.layout import LayoutBody
from app.labels.paper import Paper
from app.labels.payload import lot_and_serial_in
from app.labels.run_files import labels_in
from app.labels.run_picture import rows_of
from app.models.print_runs import Output, PrintRun
from tests.given import Given
from tests.labels.printers import Printed, Zpl
from tests.labels.printing import Printing

TWO_UP = {"layout": "l3-33x21", "stock": "roll-35x22-2-72"}


def read(printed: Printed) -> list[tuple[str, str]]:
    framed = (~np.pad(printed.dots, 20) * 255).astype(np.uint8)
    found = zxingcpp.read_barcodes(framed, formats=zxingcpp.BarcodeFormat.QRCode)
    return sorted(lot_and_serial_in(one.text) for one in found)


def drawn(printing: Printing, run: PrintRun) -> list[np.ndarray]:
    """The rows as pictures, which is how the other languages print them."""
    order = printing.order(run)
    frozen = json.loads(order.frozen)
    body = LayoutBody.model_validate(frozen["layout"])
    labels = labels_in(order, printing.keys, body, frozen["module_um"])
    rows = rows_of(Paper(**frozen["paper"]), labels, order.dpi)
    return [bitmap_of(row).dots for row, times in rows for _ in range(times)]


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("paper", [{}, TWO_UP])
def test_a_stored_face_and_its_own_dots_are_the_whole_picture(
    given: Given, printing: Printing, dpi: int, paper: dict[str, str]
) -> None:
    lots = (given.lot(), 5), (given.lot(), 4)
    run = printing.run(*lots, output=Output.ZPL, dpi=dpi, serialised=True, **paper)
    content = printing.file(run)
    assert content.count(b"^DF") < len(Zpl().print(content))
    wanted = drawn(printing, run)
    for one, picture in zip(Zpl().print(content), wanted, strict=True):
        assert (one.dots[:, : picture.shape[1]] == picture).all()


def test_copies_are_one_graphic_with_a_number(given: Given, printing: Printing) -> None:
    (out,) = Zpl().print(
        printing.file(printing.run((given.lot(), 300), output=Output.ZPL, dpi=203))
    )
    assert out.copies == 300


@pytest.mark.parametrize("paper", [{}, TWO_UP])
def test_a_printer_that_draws_itself_says_the_same(
    given: Given, printing: Printing, tmp_path: Path, paper: dict[str, str]
) -> None:
    lots = (given.lot(), 7), (given.lot(), 4)
    asked = {"serialised": True, **paper}
    run = printing.run(*lots, output=Output.ZPL_NATIVE, dpi=300, **asked)
    content = printing.file(run)
    out = Zpl().print(content)
    found = [label for one in out for label in read(one)]
    said = [
        sorted(lot_and_serial_in(address) for address in row)
        for row in _addresses(printing, run, columns=2 if paper else 1)
    ]
    assert [read(one) for one in out] == said
    assert len(set(found)) == 11
    assert {serial for _, serial in found} == {line for one in out for line in one.lines}
    # What is stored once is sent again when the run goes on behind it.
    file = tmp_path / "run.zpl"
    file.write_bytes(content)
    later = Zpl().print(b"".join(label_file(file).pieces(len(out))))
    assert (later[-1].dots == out[-1].dots).all()


def test_a_symbol_the_printer_might_draw_too_large_is_refused(
    given: Given, printing: Printing
) -> None:
    """At 203 dpi a printer that takes all as bytes needs more than this label leaves."""
    asked = {"serialised": True, "dpi": 203, **TWO_UP}
    printing.plan((given.lot(), 1), output=Output.ZPL, **asked)
    with pytest.raises(Refused, match="The printer's own QR needs more room") as refused:
        printing.plan((given.lot(), 1), output=Output.ZPL_NATIVE, **asked)
    assert refused.value.fields[0].field == "output"


def _addresses(printing: Printing, run: PrintRun, columns: int) -> list[list[str]]:
    pdf = printing.order(run)
    frozen = json.loads(pdf.frozen)
    body = LayoutBody.model_validate(frozen["layout"])
    labels = list(labels_in(pdf, printing.keys, body, frozen["module_um"]))
    texts = [_text(label.modules) for label in labels]
    return [texts[at : at + columns] for at in range(0, len(texts), columns)]


def _text(modules: np.ndarray) -> str:
    picture = (~np.pad(modules, 4) * 255).astype(np.uint8).repeat(4, 0).repeat(4, 1)
    return zxingcpp.read_barcodes(picture)[0].text
