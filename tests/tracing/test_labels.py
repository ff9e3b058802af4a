"""A trace says whether the label it was asked for by was made here: forged ones bear a real lot's code."""

import csv

import pypdfium2 as pdfium
from fastapi import FastAPI
from sqlmodel import Session
from starlette.testclient import TestClient

from app.labels.run_marks import Marking, mark_labels
from app.labels.serials import serial_of
from app.models.accounts import Role
from app.models.print_runs import MarkKind, VoidCause
from tests.given import Given
from tests.labels.printing import BY, Printing

INVENTED = "Not made here: mistyped or invented"


def test_a_label_that_nobody_printed_is_no_silent_way_to_its_lot(
    session: Session, given: Given, app: FastAPI, client: TestClient
) -> None:
    printing, lot = Printing(session, given, app.state.settings.data_dir), given.lot()
    run = printing.run((lot, 40), serialised=True)
    key = printing.keys.lot_key(lot.code).key
    torn = Marking(lot.code, MarkKind.VOIDED, 5, 5, "rách", VoidCause.DAMAGED)
    mark_labels(
        session, run=run, organisation=printing.home(lot), marking=torn, by=BY, now=given.now
    )
    headers = given.headers(Role.INSPECTOR)
    session.commit()
    good = serial_of(key, 2)
    forged = good[:-1] + ("0" if good[-1] != "0" else "1")
    for serial, state, number, words in (
        (good, "printed", 3, "Printed"),
        (forged, "invented", None, INVENTED),
        (serial_of(key, 900), "never_printed", 901, "Never printed"),
        (serial_of(key, 5), "voided", 6, "It should not be on goods. (rách)"),
    ):
        asked = {"q": f"https://truyxuat.test/t/{lot.code}/{serial}", "lang": "en"}
        told = client.get("/api/v1/trace", params=asked, headers=headers).json()
        assert told["starts"] == [lot.code]
        assert (told["label"]["state"], told["label"]["number"]) == (state, number)
        page = " ".join(client.get("/desk/trace", params=asked, headers=headers).text.split())
        assert words in page
        assert (INVENTED in page) is (state == "invented")
        table = client.get("/desk/trace/file.csv", params=asked, headers=headers).text
        heading, row = csv.reader(table.removeprefix("\ufeff").splitlines())
        at = heading.index("The label asked for")
        assert words in row[at]
        paper = client.get("/desk/trace/file.pdf", params=asked, headers=headers)
        with pdfium.PdfDocument(paper.content) as document:
            said = " ".join(document[0].get_textpage().get_text_range().split())
        assert words in said
    # The control: of a lot alone nothing is said of labels.
    whole = client.get("/api/v1/trace", params={"q": lot.code}, headers=headers).json()
    assert whole["label"] is None
    # With the secret gone, a genuine number is not called forged.
    for file in printing.keys.folder.glob("*.key"):
        file.unlink()
    asked = {"q": f"{lot.code} / {good}"}
    lost = client.get("/api/v1/trace", params=asked, headers=headers).json()["label"]
    assert (lost["state"], lost["number"]) == (None, None)
