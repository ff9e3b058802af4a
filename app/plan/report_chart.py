"""Bars of a report as a picture: what the plan states, pale, beside what was reached, dark."""

import io
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from app.plan.report_blocks import Bar, Chart
from app.plan.report_face import Cut, font_path, printable
from app.plan.report_numbers import UNKNOWN, scaled, shown

WIDTH = 1600
_ROW, _BAR, _TOP, _FOOT = 76, 30, 76, 16
_LEFT, _RIGHT = 330, 170
_SIZE = 36
_INK, _SOFT = (20, 20, 20), (120, 120, 120)
_PLANNED, _REACHED = (203, 213, 205), (22, 101, 52)


def chart_png(chart: Chart) -> bytes:
    """The chart as a PNG; the same chart gives the same bytes. It reads in black and white too."""
    height = _TOP + _ROW * max(1, len(chart.bars)) + _FOOT
    picture = Image.new("RGB", (WIDTH, height), "white")
    draw = ImageDraw.Draw(picture)
    _legend(draw, chart)
    values = [one for bar in chart.bars for one in (bar.planned, bar.reached) if one]
    scale = (WIDTH - _LEFT - _RIGHT) / max(values, default=1.0)
    for at, bar in enumerate(chart.bars):
        _bar(draw, bar, _TOP + at * _ROW, scale)
    draw.line([(_LEFT, _TOP - 6), (_LEFT, height - _FOOT)], fill=_INK, width=2)
    made = io.BytesIO()
    picture.save(made, "PNG", optimize=True, dpi=(300, 300))
    return made.getvalue()


def _legend(draw: ImageDraw.ImageDraw, chart: Chart) -> None:
    x = float(_LEFT)
    for name, fill in ((chart.planned_name, _PLANNED), (chart.reached_name, _REACHED)):
        draw.rectangle([x, 18, x + 36, 46], fill=fill, outline=_INK)
        said = f"{printable(name)} ({chart.unit})"
        draw.text((x + 50, 32), said, font=_font(), fill=_INK, anchor="lm")
        x += 50 + draw.textlength(said, font=_font()) + 60


def _bar(draw: ImageDraw.ImageDraw, bar: Bar, y: int, scale: float) -> None:
    middle = y + _ROW / 2 - 4
    draw.text((_LEFT - 18, middle), printable(bar.name), font=_font(), fill=_INK, anchor="rm")
    for value, fill, top in (
        (bar.planned, _PLANNED, y + 4),
        (bar.reached, _REACHED, y + 4 + _BAR),
    ):
        end = _LEFT + (value or 0) * scale
        if value:
            draw.rectangle([_LEFT, top, end, top + _BAR], fill=fill, outline=_INK)
        said = UNKNOWN if value is None else shown(scaled(round(value * 1000), 1000))
        ink = _INK if value else _SOFT
        draw.text((end + 10, top + _BAR / 2), said, font=_small(), fill=ink, anchor="lm")


@cache
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_path(Cut.REGULAR), _SIZE)


@cache
def _small() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_path(Cut.REGULAR), _SIZE - 6)
