"""Every layout in every language, and every stock with a layout on it, into docs/screenshots/labels."""

from collections.abc import Iterable
from datetime import date
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from app.labels.fitting import Box
from app.labels.label_rules import LabelRules
from app.labels.layout import LayoutBody
from app.labels.letters import font_files
from app.labels.paper import Paper, paper_of
from app.labels.previewing import sample_front
from app.labels.run_labels import labels_of
from app.labels.run_picture import label_picture
from app.labels.stock_queries import fits
from app.models.print_runs import LabelStock
from app.reference.facts import plain
from app.reference.label_facts import label_layouts

ROOT = Path(__file__).parent.parent
OUT = ROOT / "docs" / "screenshots" / "labels"
RULES = LabelRules(today=date(2026, 11, 20), letter_um=900)
BASE = "https://truyxuat.laocai.gov.vn"
WIDE = 1800
AIR = 24
GREY = 214


def main() -> None:
    """Draw them all."""
    OUT.mkdir(parents=True, exist_ok=True)
    newest = {row["slug"]: row for row in label_layouts()}  # editions come in their order
    layouts = [
        (row["name"], LayoutBody.model_validate_json(row["body"])) for row in newest.values()
    ]
    stocks = [LabelStock(**values) for values in plain("label_stocks", LabelStock)]
    for language in dict.fromkeys(tag for _, body in layouts for tag in body.languages):
        speaking = [(name, body) for name, body in layouts if language in body.languages]
        tiles = [
            (
                f"{name}, {dpi} dpi{', có số riêng' if serialised else ''}",
                drawn(body, language, dpi, serialised),
            )
            for name, body in speaking
            for dpi, serialised in ((203, False), (300, True))
        ]
        save(f"layouts-{language.replace('+', '-')}", tiles)
        save(
            f"stocks-{language.replace('+', '-')}",
            [
                (
                    f"{stock.name}{'' if stock.checked else ' – chưa kiểm'}",
                    on_paper(stock, body, language),
                )
                for stock in stocks
                for body in [largest(speaking, stock)]
                if body is not None
            ],
        )


def drawn(body: LayoutBody, language: str, dpi: int, serialised: bool) -> Image.Image:
    """One label in the dots of a printer."""
    front, edition = sample_front(
        body, language, RULES, base_url=BASE, serialised=serialised, dpi=dpi
    )
    return label_picture(next(labels_of(front, edition)), dpi)


def on_paper(stock: LabelStock, body: LayoutBody, language: str) -> Image.Image:
    """A sheet or a row of a roll with a label in its first and its last place, drawn small."""
    paper, scale = paper_of(stock), 2.5 if stock.rows > 1 else 5
    size = (round(paper.width * scale), round(paper.height * scale))
    image = Image.new("L", size, 255)
    pen = ImageDraw.Draw(image)
    label = drawn(body, language, 300, serialised=True).convert("L")
    small = label.resize(
        (round(body.width * scale), round(body.height * scale)), Image.Resampling.LANCZOS
    )
    for place in range(paper.places):
        box = place_of(paper, place)
        pen.rectangle(
            [round(side * scale) for side in (box.x, box.y, box.right, box.bottom)], outline=150
        )
        if place in {0, 1, paper.places - 1}:
            image.paste(small, (round(box.x * scale) + 1, round(box.y * scale) + 1))
    return image


def place_of(paper: Paper, place: int) -> Box:
    """The box of a place."""
    x, y = paper.corner(place)
    return Box(x, y, paper.label_width, paper.label_height)


def largest(layouts: Iterable[tuple[str, LayoutBody]], stock: LabelStock) -> LayoutBody | None:
    """The layout that fills a stock's label best."""
    fitting = [body for _, body in layouts if fits(body, stock)]
    return max(fitting, key=lambda body: (body.width * body.height, len(body.facts)), default=None)


def save(name: str, tiles: list[tuple[str, Image.Image]]) -> None:
    """The tiles side by side with their names, as a PNG of few greys."""
    font = ImageFont.truetype(font_files()["Regular"], 20)
    placed, x, y, high = [], AIR, AIR, 0
    for words, tile in tiles:
        wide = max(tile.width, round(font.getlength(words)))
        if x + wide + AIR > WIDE and x > AIR:
            x, y, high = AIR, y + high + AIR, 0
        placed.append((words, tile, x, y))
        x, high = x + wide + AIR, max(high, tile.height + 30)
    sheet = Image.new("L", (WIDE, y + high + AIR), GREY)
    pen = ImageDraw.Draw(sheet)
    for words, tile, left, top in placed:
        pen.text((left, top), words, fill=0, font=font)
        sheet.paste(tile.convert("L"), (left, top + 30))
    file = BytesIO()
    sheet.quantize(8, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    (OUT / f"{name}.png").write_bytes(file.getvalue())
    print(name, sheet.size, len(file.getvalue()))


if __name__ == "__main__":
    main()
