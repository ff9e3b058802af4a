"""The shipped layouts of labels as table rows: each is checked before it is loaded."""

import json
from datetime import date

from app.labels.layout import checked_layout
from app.models.print_runs import Purpose
from app.reference.files import DATA, Values


def label_layouts() -> list[Values]:
    """Every shipped edition of every layout."""
    layouts = json.loads((DATA / "label_layouts.json").read_text(encoding="utf-8"))
    return [
        {
            "slug": layout["slug"],
            "edition": layout["edition"],
            "name": layout["name"],
            "purpose": Purpose(layout["purpose"]),
            "valid_from": date.fromisoformat(layout["valid_from"]),
            "body": checked_layout(layout["body"]).model_dump_json(exclude_defaults=True),
        }
        for layout in layouts
    ]
