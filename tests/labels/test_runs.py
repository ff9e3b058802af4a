"""Print runs: ranges given out once, words frozen, the law asked before anything is printed."""

import pypdfium2
import pytest
import zxingcpp
from sqlmodel import Session

from app.errors import Conflict, Refused
from app.labels.run_commands import cancel_run, require_ready
from app.labels.run_queries import parts_of, runs
from app.ledger.queries import history_of
from app.accounts.reach import Reach
from app.lots.commands import recall_lot
from app.models.print_runs import Output, RunState
from tests.given import Given
from tests.labels.printing import BASE, BY, CONTENT, Printing


def pages(pdf: bytes, scale: float = 300 / 72) -> list:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=scale).to_pil().convert("L") for page in document]
    finally:
        document.close()


def codes(image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(image)]


def test_every_label_of_a_run_reads_and_is_another(given: Given, printing: Printing) -> None:
    lot = given.lot()
    run = printing.run((lot, 8), stock="a4-3x8-plain", serialised=True)
    (page,) = pages(printing.file(run))
    read = codes(page)
    assert len(read) == len(set(read)) == 8
    numbers = {printing.keys.read(lot.code, text.rpartition("/")[2]) for text in read}
    assert numbers == set(range(8))
