"""Boundaries from KML and GPX, read as a stream without entities, whatever the namespaces. Pure."""

import io
import re
from collections.abc import Iterator
from typing import Any
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser

from app.kit.messages import say
from app.registry.boundary_parts import (
    MOST_VERTICES,
    TOO_MANY_VERTICES,
    Drawn,
    Position,
    characters,
    plain_name,
    wrong,
)

# Every name of an element or attribute is remembered by the parser: their number is bounded.
MOST_MARKS = 300_000
DEEPEST = 50
# Two thousand positions with height, written to the micrometre and indented.
LONGEST_TEXT = 400_000

_TEXTS = frozenset({"name", "coordinates"})
_TRACKS = frozenset({"trk", "rte"})
# Positions are written with blanks around the commas more often than the format allows.
_COMMA = re.compile(r"\s*,\s*")


class _NoPosition(Exception):
    """A position without two numbers."""


class _Shapes(ContentHandler):
    """What is common to both formats: the open elements, the text of one, the shapes found."""

    def __init__(self) -> None:
        super().__init__()
        self.path: list[str] = []
        self.found: list[Drawn] = []
        self._positions = 0
        self._text: io.StringIO | None = None

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802  # theirs
        local = name.rpartition(":")[2]
        if len(self.path) >= DEEPEST:
            raise wrong(say("The file is nested too deeply."))
        self.path.append(local)
        self._text = io.StringIO() if local in _TEXTS else None
        self.begun(local, attrs)

    def endElement(self, name: str) -> None:  # noqa: ARG002, N802  # the interface's names
        local = self.path.pop()
        text = "" if self._text is None else self._text.getvalue()
        self._text = None
        self.ended(local, self.path[-1] if self.path else "", text)

    def characters(self, content: str) -> None:
        if self._text is None:
            return
        self._text.write(content)
        if self._text.tell() > LONGEST_TEXT:
            raise wrong(TOO_MANY_VERTICES)

    def position(self, longitude: str, latitude: str) -> Position:
        """Two numbers as the file writes them, in degrees."""
        self._positions += 1
        if self._positions > MOST_VERTICES:
            raise wrong(TOO_MANY_VERTICES)
        try:
            return float(longitude), float(latitude)
        except ValueError:
            raise _NoPosition from None

    def begun(self, element: str, attributes: AttributesImpl) -> None:
        """An element opened."""

    def ended(self, element: str, parent: str, text: str) -> None:
        """An element closed; `text` is empty unless the text of such elements counts."""


class _Kml(_Shapes):
    """Placemarks: polygons, rings and lines, by the name of the placemark."""

    def __init__(self) -> None:
        super().__init__()
        self._name = ""
        self._drawn: list[Drawn] = []
        self._rings: list[list[Position]] = []

    def ended(self, element: str, parent: str, text: str) -> None:
        match element, parent:
            case "name", "Placemark":
                self._name = plain_name(text)
            case "coordinates", "LinearRing" | "LineString":
                self._rings.append([self._tuple(place) for place in _COMMA.sub(",", text).split()])
            case ("Polygon" | "LineString", _) | ("LinearRing", "Placemark" | "MultiGeometry"):
                self._drawn.append(Drawn("", self._rings, line=element != "Polygon"))
                self._rings = []
            case "Placemark", _:
                self.found += [Drawn(self._name, shape.rings, shape.line) for shape in self._drawn]
                self._name, self._drawn = "", []
            case _:
                pass

    def _tuple(self, place: str) -> Position:
        longitude, _, rest = place.partition(",")
        return self.position(longitude, rest.partition(",")[0])


class _Gpx(_Shapes):
    """Tracks and routes: each one ring, its segments one after the other, closed at the end."""

    def __init__(self) -> None:
        super().__init__()
        self._name = ""
        self._ring: list[Position] = []

    def begun(self, element: str, attributes: AttributesImpl) -> None:
        if element in {"trkpt", "rtept"}:
            place = self.position(attributes.get("lon", ""), attributes.get("lat", ""))
            self._ring.append(place)

    def ended(self, element: str, parent: str, text: str) -> None:
        if element == "name" and parent in _TRACKS:
            self._name = plain_name(text)
        elif element in _TRACKS:
            back = self._ring[:1] if self._ring[:1] != self._ring[-1:] else []
            self.found.append(Drawn(self._name, [[*self._ring, *back]]))
            self._name, self._ring = "", []


class _Faults:
    """What the parser tells when the text is no XML."""

    def fatalError(self, fault: Any) -> None:  # noqa: N802  # the interface's name
        line = fault.getLineNumber()
        raise wrong(say("The file is not well-formed XML, see line {line}.", line=line))

    error = warning = fatalError


def read_kml(content: bytes) -> Iterator[Drawn]:
    """Every polygon, ring and line of a KML text; points are passed over."""
    return _read(content, _Kml())


def read_gpx(content: bytes) -> Iterator[Drawn]:
    """Every track and route of a GPX text, closed to a ring; waypoints are passed over."""
    return _read(content, _Gpx())


def _read(content: bytes, shapes: _Shapes) -> Iterator[Drawn]:
    parser = make_parser()
    parser.forbid_dtd = True
    parser.setContentHandler(shapes)
    parser.setErrorHandler(_Faults())
    try:
        for piece in _moderate(characters(content)):
            _feed(parser, piece)
            yield from shapes.found
            shapes.found = []
        parser.close()
    finally:
        # The parser and its handlers hold each other: what it remembers goes now, not some day.
        parser.reset()
    yield from shapes.found


def _moderate(pieces: Iterator[str]) -> Iterator[str]:
    marks = 0
    for piece in pieces:
        marks += piece.count("<") + piece.count("=")
        if marks > MOST_MARKS:
            raise wrong(TOO_MANY_VERTICES)
        yield piece


def _feed(parser: Any, piece: str) -> None:
    try:
        parser.feed(piece)
    except DefusedXmlException:
        why = say("The file declares a document type or entities, which are not accepted.")
        raise wrong(why) from None
    except _NoPosition:
        line = parser.getLineNumber()
        why = say("Line {line}: a position has no longitude and latitude.", line=line)
        raise wrong(why) from None
