"""A layout as a form: boxes as figures, facts one a line ("product_name 3,5 strong optional")."""

from collections.abc import Mapping

from app.labels.layout import ANY_STANDARD, Block, FactLine, LayoutBody

_PLACE = ("x", "y", "width", "height")
_WORDS = ("strong", "optional", "shrinks")
_MOST = {"blocks": 12, "symbols": 4, "bars": 6, "marks": 3}


def typed_of(body: LayoutBody) -> dict[str, str]:
    """The fields that describe a layout."""
    fields = {
        "width": _shown(body.width),
        "height": _shown(body.height),
        "languages": " ".join(body.languages),
    }
    for kind in _MOST:
        for at, placed in enumerate(getattr(body, kind)):
            fields |= {f"{kind}.{at}.{name}": _shown(getattr(placed, name)) for name in _PLACE}
            if isinstance(placed, Block):
                fields[f"{kind}.{at}.align"] = placed.align
                fields[f"{kind}.{at}.facts"] = "\n".join(map(_line, placed.facts))
            elif kind == "symbols":
                fields[f"{kind}.{at}.kind"] = placed.kind
                fields[f"{kind}.{at}.elements"] = " ".join(placed.elements)
            elif kind == "marks":
                fields[f"{kind}.{at}.standard"] = placed.standard
    return fields


def values_of(fields: Mapping[str, str]) -> dict[str, object]:
    """What the fields say, for `checked_layout` to judge. A box whose figures are all empty is none."""
    values: dict[str, object] = {
        "width": _number(fields.get("width", "")),
        "height": _number(fields.get("height", "")),
        "languages": fields.get("languages", "").split()[:6],
    }
    for kind, most in _MOST.items():
        boxes = []
        for at in range(most + 1):
            place = {name: fields.get(f"{kind}.{at}.{name}", "").strip() for name in _PLACE}
            if not any(place.values()):
                continue
            box: dict[str, object] = {name: _number(text) for name, text in place.items()}
            if kind == "blocks":
                box["align"] = fields.get(f"{kind}.{at}.align") or "left"
                box["facts"] = _facts(fields.get(f"{kind}.{at}.facts", ""))
            elif kind == "symbols":
                box["kind"] = fields.get(f"{kind}.{at}.kind") or "qr"
                box["elements"] = fields.get(f"{kind}.{at}.elements", "").split()[:9]
            elif kind == "marks":
                box["standard"] = fields.get(f"{kind}.{at}.standard") or ANY_STANDARD
            boxes.append(box)
        values[kind] = boxes
    return values


def _line(line: FactLine) -> str:
    words = [word for word in _WORDS if getattr(line, word)]
    return " ".join([line.fact, _shown(line.largest), *words])


def _facts(text: str) -> list[dict[str, object]]:
    found = []
    for line in text[:4000].splitlines():
        name, *words = line.split() or [""]
        if not name:
            continue
        fact: dict[str, object] = {"fact": name}
        for word in words:
            fact |= {word: True} if word in _WORDS else {"largest": _number(word)}
        found.append(fact)
    return found


def _number(text: str) -> float | str:
    """The number, or what was typed, so that the refusal can say what it was."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text[:20]


def _shown(number: float) -> str:
    return f"{number:g}".replace(".", ",")
