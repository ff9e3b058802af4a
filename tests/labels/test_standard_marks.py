"""The mark of a standard on a label: only where the lot holds the standard and the mark may be used."""

from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageDraw
from sqlmodel import Session

from app.accounts.reach import Reach
from app.catalogue.artwork import Artwork
from app.catalogue.mark_commands import MarkTerms, add_mark
from app.catalogue.mark_queries import mark_on
from app.catalogue.queries import standard_by_code
from app.errors import Refused
from app.labels.artwork_placing import artworks_at, dots_of
from app.labels.dots import dot_of
from app.labels.fitting import Box
from app.labels.layout import LayoutBody, MarkPlace
from app.labels.standard_marks import marks_of_lot
from app.labels.stock_queries import body_of, chosen_layout
from app.lots.evidence import claims_of
from app.models.certificates import Certificate
from app.models.lots import HarvestLot, LotKind
from app.models.marks import StandardMark
from app.models.print_runs import Output, PrintRun
from app.models.registry import PlantingArea
from app.pictures.marks import MOST_BYTES, cleaned_mark
from tests.given import Given
from tests.labels.printing import BY, Printing
from tests.movements.test_derived import made_of

CARTON = {"layout": "l4-100x72", "stock": "roll-100x72", "dpi": 203}
PLACES = (MarkPlace(x=86, y=44.8, width=12, height=8.8),)


def drawn(bar: int = 240) -> bytes:
    """A mark that is nobody's: a ring with a bar, larger than it is kept."""
    image = Image.new("RGB", (900, 700), "white")
    pen = ImageDraw.Draw(image)
    pen.ellipse((40, 40, 860, 660), outline="black", width=60)
    pen.rectangle((200, 350 - bar // 2, 700, 350 + bar // 2), fill="#202060")
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


class World:
    """An area, its organic certificate, and the marks the province keeps."""

    def __init__(self, session: Session, given: Given, printing: Printing) -> None:
        self.session, self.given, self.printing = session, given, printing

    def organic(self, **details: Any) -> PlantingArea:
        area = self.given.area()
        made = self.given.certificate(area, standard="ORGANIC_2017", number="TBC-HC-01", **details)
        self.session.get_one(Certificate, made.pk).body_code = "VICAS 012"
        return area

    def mark(self, begins: int = -10, ends: int | None = None, bar: int = 240) -> StandardMark:
        return add_mark(
            self.session,
            standard=standard_by_code(self.session, "ORGANIC_2017"),
            artwork=cleaned_mark(drawn(bar)),
            terms=MarkTerms(
                self.given.day(begins),
                "NĐ 109/2018/NĐ-CP art. 12",
                None if ends is None else self.given.day(ends),
            ),
            by=BY,
            now=self.given.now,
        )

    def found(self, lot: HarvestLot, **how: Any) -> tuple[dict[str, Artwork], str]:
        plan = self.printing.plan((lot, 1), **(how or CARTON))
        said = " ".join(str(lack.why) for lack in plan.lacks if lack.field == "mark")
        return dict(plan.lots[0].edition.marks), said

    def run(self, lot: HarvestLot, output: Output) -> PrintRun:
        return self.printing.run((lot, 1), output=output, reprint_reason="Thử", **CARTON)

    def picture(self, lot: HarvestLot) -> Image.Image:
        return Image.open(BytesIO(self.printing.file(self.run(lot, Output.PNG))))

    def dots(self, box: Box) -> tuple[int, int, int, int]:
        left, top, right, bottom = (
            round(side / dot_of(203)) for side in (box.x, box.y, box.right, box.bottom)
        )
        return left, top, right, bottom


def replace_claim(body: LayoutBody) -> LayoutBody:
    """The layout without a place for the claim."""
    blocks = tuple(
        block.model_copy(
            update={"facts": tuple(line for line in block.facts if line.fact != "claim")}
        )
        for block in body.blocks
    )
    return body.model_copy(update={"blocks": blocks})


@pytest.fixture
def world(session: Session, given: Given, printing: Printing) -> World:
    return World(session, given, printing)


def test_a_mark_is_printed_for_a_lot_that_holds_its_standard_and_no_other(
    session: Session, given: Given, world: World
) -> None:
    lot, bare = given.lot(world.organic()), given.lot()
    marks, said = world.found(lot)
    assert (marks, "keeps no mark" in said) == ({}, True)
    before = world.picture(lot)
    kept = world.mark()
    (art,) = world.found(lot)[0].values()
    assert art.sha256 == kept.sha256
    assert world.found(lot)[1] == ""
    for size in ("60x40", "70x50"):  # packs in the shop bear it as well
        pack = world.found(lot, layout=f"l1-{size}-mark", stock=f"roll-{size}")[0]
        assert [drawn.sha256 for drawn in pack.values()] == [kept.sha256]
    assert world.found(bare)[0] == {}
    assert "holds no standard" in world.found(bare)[1]
    after = world.picture(lot)
    (at,) = artworks_at(PLACES, {"any": art}, dot_of(203))
    left, top, right, bottom = world.dots(at.box)
    shown = after.crop((left, top, right, bottom))
    assert shown.tobytes() == dots_of(art, *shown.size).tobytes()
    assert 0.1 < sum(shown.convert("L").histogram()[:128]) / (shown.width * shown.height) < 0.9
    # Nothing else of the label is printed than without it, and without it nothing stands there.
    changed = ImageChops.difference(after.convert("L"), before.convert("L")).getbbox()
    assert changed is not None
    assert left <= changed[0] < changed[2] <= right
    assert top <= changed[1] < changed[3] <= bottom
    assert before.convert("L").crop((left, top, right, bottom)).getextrema() == (255, 255)


def test_a_label_is_printed_again_with_the_mark_it_had(
    session: Session, given: Given, world: World
) -> None:
    lot = given.lot(world.organic())
    world.mark()
    outputs = (Output.PDF, Output.SVG, Output.ZPL)
    runs = [world.run(lot, output) for output in outputs]
    files = [world.printing.file(run) for run in runs]
    assert b"data:image/png;base64," in files[1]
    page = pypdfium2.PdfDocument(files[0])[0].render(scale=4).to_pil().convert("L")
    a_mm = page.width / 100
    room = page.crop(tuple(round(side * a_mm) for side in (86, 44.8, 98, 53.6)))
    assert sum(room.histogram()[:128]) > 0.1 * room.width * room.height
    world.mark(begins=0, bar=60)
    assert [world.printing.file(run) for run in runs] == files
    assert world.printing.file(world.run(lot, Output.SVG)) != files[1]


def test_a_mark_is_used_from_its_first_day_to_its_last_and_not_after_it_was_replaced(
    session: Session, given: Given, world: World
) -> None:
    lot = given.lot(world.organic())
    world.mark(begins=-10, ends=0)
    assert world.found(lot)[0]
    world.mark(begins=-5, ends=-1)
    assert world.found(lot)[0] == {}  # the older one does not come back
    newest = world.mark(begins=2)
    standard = standard_by_code(session, "ORGANIC_2017")
    days = [mark_on(session, standard.pk, given.day(day)) for day in (-11, 1, 2)]
    assert days == [None, None, newest]
    with pytest.raises(Refused, match="begins no earlier"):
        world.mark(begins=1)
    with pytest.raises(Refused, match="last day is before"):
        world.mark(begins=3, ends=2)


@pytest.mark.parametrize(
    ("organic", "rest", "kind", "granted"),
    [
        (94, 6, LotKind.PROCESSED, False),
        (95, 5, LotKind.PROCESSED, True),
        (95, 5, LotKind.MERGED, False),
        (100, 0, LotKind.MERGED, True),
    ],
)
def test_processed_goods_bear_the_organic_mark_from_the_share_of_the_law_on(
    session: Session,
    given: Given,
    world: World,
    organic: int,
    rest: int,
    kind: LotKind,
    granted: bool,
) -> None:
    world.mark()
    parts = [(given.lot(world.organic()), organic * 1000), (given.lot(), rest * 1000)]
    made = made_of(session, given, *(part for part in parts if part[1]), kind=kind)
    marks, said = world.found(made)
    assert bool(marks) is granted
    if kind is LotKind.PROCESSED and not granted:
        assert "Only 94 % of it is organic, at least 95 % must be" in said


def test_goods_in_conversion_never_bear_the_organic_mark(
    session: Session, given: Given, world: World
) -> None:
    area = world.organic(in_conversion=True)
    world.mark()
    marks, said = world.found(given.lot(area))
    assert (marks, "in conversion" in said) == ({}, True)


def test_the_organic_mark_stands_beside_the_certificate_or_nowhere(
    session: Session, given: Given, world: World
) -> None:
    claims = claims_of(session, given.lot(world.organic()), today=given.day(0))
    world.mark()
    session.flush()
    body = body_of(chosen_layout(session, "l4-100x72", within=Reach.all(), on=given.day(0)))
    assert marks_of_lot(session, body, claims, given.day(0)).drawn
    mute = replace_claim(body)
    assert marks_of_lot(session, mute, claims, given.day(0)).drawn == {}


def test_a_picture_is_kept_grey_small_and_without_anything_else() -> None:
    kept = cleaned_mark(drawn())
    with Image.open(BytesIO(kept.content)) as opened:
        assert (opened.format, opened.mode, opened.size) == ("PNG", "L", (600, 467))
        assert opened.info == {}
    assert len(kept.content) <= MOST_BYTES
    noise = BytesIO()
    Image.effect_noise((600, 600), 120).save(noise, "PNG")
    assert len(cleaned_mark(noise.getvalue()).content) <= MOST_BYTES < len(noise.getvalue())
    blank = BytesIO()
    Image.new("L", (60, 60), 255).save(blank, "PNG")
    for wrong in (b"", b"<svg/>", blank.getvalue()):
        with pytest.raises(Refused):
            cleaned_mark(wrong)
