"""The drawings of crops as pixels, for pictures that are put together on the server: app/web/drawings."""

import io
import os
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
CROPS = ROOT / "app/web/static/crops"
OUT = ROOT / "app/web/drawings"
SIDE = 440
COLOURS = 64


def main() -> None:
    """Draw every crop's SVG in Chromium, on nothing, in few colours."""
    OUT.mkdir(exist_ok=True)
    chromium = os.environ.get("NGUONGOC_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": SIDE, "height": SIDE})
        for drawing in sorted(CROPS.glob("*.svg")):
            svg = drawing.read_text().replace("<svg ", f'<svg width="{SIDE}" height="{SIDE}" ', 1)
            page.set_content(f"<body style='margin:0;background:#e7f3ea'>{svg}")
            shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            few = shot.quantize(COLOURS)
            few.save(OUT / f"{drawing.stem}.png", optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
