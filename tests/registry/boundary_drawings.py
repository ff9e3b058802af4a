"""Files of boundaries for tests: written, read, and what reading them takes."""

import io
import json
import tracemalloc
import zipfile

import pytest

from app.errors import Refused
from app.models.places import AdminUnit
from app.registry.boundary_files import NamedBoundary, read_boundaries

BAC_HA = AdminUnit(name="Xã Bắc Hà", lat=22.5353, lon=104.2906)
SQUARE = [[104.29, 22.53], [104.291, 22.53], [104.291, 22.531], [104.29, 22.531], [104.29, 22.53]]
KML = '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">{}</kml>'
GPX = '<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1">{}</gpx>'
MEGABYTE = 1_000_000


def read(content: str | bytes, filename: str = "ruộng.dat") -> list[NamedBoundary]:
    return read_boundaries(
        content.encode() if isinstance(content, str) else content, filename=filename
    )


def refusal(content: str | bytes) -> str:
    with pytest.raises(Refused) as refused:
        read(content)
    assert refused.value.fields[0].field == "file"
    return str(refused.value.why)


def only(content: str | bytes) -> tuple[str, list]:
    [boundary] = read(content)
    return boundary.name, ring_of(boundary)


def ring_of(boundary: NamedBoundary) -> list:
    return json.loads(boundary.ring_text)["coordinates"][0]


def peak_of(content: bytes) -> int:
    """The most bytes held at once while reading, refused or not."""
    tracemalloc.start()
    try:
        read(content)
    except Refused:
        pass
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return peak


def polygon(*rings: list) -> dict:
    return {"type": "Polygon", "coordinates": list(rings) or [SQUARE]}


def feature(geometry: dict | None, **properties: object) -> dict:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def collection(*features: dict, **more: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more})


def coordinates(ring: list) -> str:
    return " ".join(f"{x},{y},0" for x, y in ring)


def boundary_of(ring: list, kind: str = "outer") -> str:
    return (
        f"<{kind}BoundaryIs><LinearRing><coordinates>{coordinates(ring)}"
        f"</coordinates></LinearRing></{kind}BoundaryIs>"
    )


def placemark(name: str, inside: str = "") -> str:
    inside = inside or f"<Polygon>{boundary_of(SQUARE)}</Polygon>"
    return f"<Placemark><name>{name}</name>{inside}</Placemark>"


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()
