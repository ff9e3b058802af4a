"""Print runs as the product makes them, without a database: frozen orders of numbered labels."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from uuid import UUID

from app.labels.keys import KeyRing
from app.labels.layout import LayoutBody
from app.labels.layout_words import SERIAL
from app.labels.run_orders import Order, Part
from app.models.print_runs import Output

REFERENCE = Path("app/reference/data")
LOT = "LCJ6VNGGH6BCFNM"
ADDRESS = f"https://TXNG.LAOCAI.GOV.VN/T/{LOT}"
MADE = datetime(2026, 11, 25, tzinfo=UTC)
DPI = {Output.PDF: 300}
LAYOUT = "l1-50x30"
STOCKS = {"a4": "a4-4x9-50x30", "roll": "roll-50x30"}
WORDS = {
    "product_name": "Cải bắp Sa Pa",
    "producer_name": "HTX Nông nghiệp Bản Xèo",
    "producer_address": "Đ/c: Thôn Bản Xèo 2, xã Mường Hum, tỉnh Lào Cai",
    "origin": "Xuất xứ: xã Mường Hum, tỉnh Lào Cai, Việt Nam",
    "quantity": "Khối lượng tịnh: 500 g",
    "dates": "NSX: 21/11/2026 · HSD: 28/11/2026",
    "lot_code": "Lô: LCJ6 VNGG H6BC FNM",
    "host": "txng.laocai.gov.vn",
    "serial": SERIAL,
}


def key_ring() -> KeyRing:
    """Secrets of their own, kept for this process."""
    keys = KeyRing(Path(mkdtemp()) / "label-keys")
    keys.lot_key(LOT)  # the first use makes a secret
    return keys


def order_of(count: int, output: Output, kind: str, keys: KeyRing) -> Order:
    """So many numbered labels of 50 × 30 mm of one lot, on A4 sheets or a roll."""
    frozen = {"layout": _layout(), "paper": _paper(kind), "crop_marks": False, "module_um": 396}
    said = {"words": WORDS, "address": ADDRESS, "elements": [], "units": None}
    return Order(
        uid=UUID(int=1),
        output=output,
        language="vi",
        dpi=DPI.get(output, 203),
        start_at=1,
        total=count,
        made=MADE,
        frozen=json.dumps(frozen),
        key_id=keys.lot_key(LOT).key_id,
        parts=(Part(LOT, json.dumps(said), 0, count - 1),),
    )


def _layout() -> dict[str, object]:
    known = json.loads((REFERENCE / "label_layouts.json").read_text(encoding="utf-8"))
    bodies = [one["body"] for one in known if one["slug"] == LAYOUT]
    return LayoutBody.model_validate(bodies[-1]).model_dump()


def _paper(kind: str) -> dict[str, object]:
    with (REFERENCE / "label_stocks.csv").open(encoding="utf-8") as rows:
        row = next(one for one in csv.DictReader(rows) if one["slug"] == STOCKS[kind])
    millimetres = {name[:-3]: int(row[name]) / 1000 for name in row if name.endswith("_um")}
    return {
        "roll": row["kind"] == "roll",
        "width": millimetres["page_width"],
        "height": millimetres["page_height"],
        "columns": int(row["columns"]),
        "rows": int(row["rows"]),
        "label_width": millimetres["width"],
        "label_height": millimetres["height"],
        **{name: millimetres[name] for name in ("left", "top", "pitch_x", "pitch_y")},
    }
