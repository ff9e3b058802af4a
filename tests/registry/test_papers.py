"""Papers people send: what could act or tell too much is gone, what is no paper is refused."""

import io
import random

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from app.errors import Refused
from app.registry.papers import LONGEST_SIDE, MOST_BYTES, MOST_PAGES, cleaned

GPS = {1: "N", 2: (22.0, 31.0, 40.0), 3: "E", 4: (104.0, 17.0, 24.0)}
GPS_TAG, MODEL_TAG, ORIENTATION_TAG = 0x8825, 0x0110, 0x0112


def photograph(width=320, height=240, *, exif=None, kind="JPEG"):
    """A picture of many colours, as a camera writes it."""
    noise = random.Random(4).randbytes(width * height * 3)
    written = io.BytesIO()
    picture = Image.frombytes("RGB", (width, height), noise)
    picture.save(written, kind, **({"exif": exif} if exif else {}))
    return written.getvalue()


def camera_exif():
    exif = Image.Exif()
    exif[MODEL_TAG] = "Redmi 9A"
    exif[ORIENTATION_TAG] = 6
    exif.get_ifd(GPS_TAG).update(GPS)
    return exif


def pdf(pages=1, change=None):
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    if change:
        change(document)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def test_a_photograph_no_longer_says_where_it_was_taken():
    sent = photograph(exif=camera_exif())
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(GPS_TAG)  # the control: it did
    paper = cleaned(sent, filename="IMG_001.jpg")
    kept = Image.open(io.BytesIO(paper.content))
    assert not kept.getexif()
    assert b"Redmi" not in paper.content
    assert "taken" in str(paper.changes[0])


def test_a_photograph_stands_upright_though_its_note_is_gone():
    paper = cleaned(photograph(320, 240, exif=camera_exif()), filename="x.jpg")
    assert Image.open(io.BytesIO(paper.content)).size == (240, 320)


def test_a_large_picture_is_made_smaller():
    paper = cleaned(photograph(4000, 500), filename="x.jpg")
    assert max(Image.open(io.BytesIO(paper.content)).size) == LONGEST_SIDE


def test_a_drawing_stays_sharp():
    written = io.BytesIO()
    Image.new("RGBA", (200, 100), (23, 101, 58, 255)).save(written, "PNG")
    assert cleaned(written.getvalue(), filename="so-do.png").media_type == "image/png"


def act_on_opening(document):
    document.Root["/OpenAction"] = Dictionary(S=Name("/JavaScript"), JS=String("app.alert(1)"))


def name_a_script(document):
    script = document.make_indirect(Dictionary(S=Name("/JavaScript"), JS=String("app.alert(2)")))
    tree = Dictionary(Names=Array([String("x"), script]))
    document.Root["/Names"] = Dictionary(JavaScript=tree)


def attach_a_file(document):
    document.attachments["app.alert.exe"] = b"x"


def link_to(action):
    def change(document):
        note = Dictionary(
            Type=Name("/Annot"), Subtype=Name("/Link"), Rect=Array([0, 0, 9, 9]), A=action
        )
        document.pages[0].obj["/Annots"] = Array([document.make_indirect(note)])

    return change


ACTING = {
    "on opening": act_on_opening,
    "a named script": name_a_script,
    "an attached file": attach_a_file,
    "a script behind a link": link_to(Dictionary(S=Name("/JavaScript"), JS=String("app.alert(4)"))),
    "a program behind a link": link_to(Dictionary(S=Name("/Launch"), F=String("app.alert(5)"))),
    "a script as an address": link_to(
        Dictionary(S=Name("/URI"), URI=String("javascript:app.alert(6)"))
    ),
}


def unpacked(content):
    """Everything a PDF says, its streams read."""
    with pikepdf.open(io.BytesIO(content)) as document:
        written = io.BytesIO()
        document.save(written, qdf=True, stream_decode_level=pikepdf.StreamDecodeLevel.all)
        return written.getvalue()


@pytest.mark.parametrize("acting", ACTING.values(), ids=ACTING)
def test_a_pdf_no_longer_acts(acting):
    sent = pdf(change=acting)
    assert b"app.alert" in unpacked(sent)  # the control: it did
    paper = cleaned(sent, filename="x.pdf")
    assert b"app.alert" not in unpacked(paper.content)
    assert paper.changes


def test_an_ordinary_link_stays():
    address = link_to(Dictionary(S=Name("/URI"), URI=String("https://laocai.gov.vn")))
    paper = cleaned(pdf(change=address), filename="x.pdf")
    assert b"laocai.gov.vn" in unpacked(paper.content)
    assert paper.changes == ()


def test_a_pdf_counts_its_pages():
    assert cleaned(pdf(3), filename="x.pdf").pages == 3


def locked():
    document = pikepdf.new()
    document.add_blank_page()
    written = io.BytesIO()
    document.save(written, encryption=pikepdf.Encryption(owner="a", user="b"))
    return written.getvalue()


def bomb():
    """A picture of a few kilobytes that unpacks to 400 million pixels."""
    written = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(written, "PNG", optimize=True)
    return written.getvalue()


REFUSED = {
    "nothing": (b"", "empty"),
    "a web page": (b"<!doctype html><script>alert(1)</script>", "Send a PDF"),
    "a drawing in SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "Send a PDF"),
    "a document of Word": (b"PK\x03\x04" + b"x" * 200, "Send a PDF"),
    "half a picture": (photograph()[:900], "Send a PDF"),
    "a broken PDF": (b"%PDF-1.7\n" + b"\xff" * 500, "damaged"),
    "a locked PDF": (locked(), "password"),
    "a long PDF": (pdf(MOST_PAGES + 1), "pages"),
    "a large file": (b"%PDF-" + b"0" * MOST_BYTES, "larger"),
    "a picture that unpacks to a huge one": (bomb(), "million pixels"),
}


@pytest.mark.parametrize(("content", "why"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_paper_is_refused_with_a_sentence(content, why):
    with pytest.raises(Refused, match=why) as refused:
        cleaned(content, filename="x.pdf")
    assert refused.value.fields[0].field == "file"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\Dợ\\Bản đồ.PDF", "Bản đồ.pdf"),
        ("danh sách hộ.jpg", "danh sách hộ.pdf"),
        ("\x00\ud800", "giay-to.pdf"),
        ("", "giay-to.pdf"),
        ("x" * 400, "x" * 150 + ".pdf"),
    ],
)
def test_a_name_is_a_name_and_says_what_it_is(sent, kept):
    assert cleaned(pdf(), filename=sent).filename == kept


def test_a_picture_that_is_a_pdf_too_is_only_what_its_first_bytes_say():
    both = photograph() + pdf(change=act_on_opening)
    paper = cleaned(both, filename="x.jpg")
    assert paper.media_type == "image/jpeg"
    assert b"%PDF" not in paper.content
