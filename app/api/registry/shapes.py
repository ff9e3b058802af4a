"""Wire shapes the parts of the register share: communes, boundaries, limits."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from pydantic import Field
from sqlmodel import Session

from app.api.shapes import Code, In, Out, Words
from app.models.places import AdminUnit
from app.models.registry import CodeScheme
from app.places.queries import address_of, units_by_ids
from app.registry.code_commands import Change
from app.registry.decision_queries import Decision

LARGEST_INT = 2**53 - 1
MOST_CROPS = 100

Geometry = dict[str, Any]
POLYGON_EXAMPLE = {
    "type": "Polygon",
    "coordinates": [
        [[104.29, 22.53], [104.292, 22.53], [104.292, 22.532], [104.29, 22.532], [104.29, 22.53]]
    ],
}


class CommuneNamed(Out):
    """A commune by code and address; a code alone may have named another commune earlier."""

    code: str = Field(examples=["02839"])
    name: str = Field(examples=["Xã Bắc Hà"])
    address: str = Field(examples=["Xã Bắc Hà, tỉnh Lào Cai"])
    valid_from: date
    valid_to: date | None

    @classmethod
    def of(cls, unit: AdminUnit) -> "CommuneNamed":
        return cls(
            code=unit.code,
            name=unit.name,
            address=address_of(unit),
            valid_from=unit.valid_from,
            valid_to=unit.valid_to,
        )


class ReasonIn(In):
    """Why: one of the dated list (`GET /decision-reasons`), words, or both. The holder reads it."""

    reason: Words = Field(
        default="", examples=["Nhật ký canh tác không cập nhật qua hai lần kiểm tra."]
    )
    reason_slug: Code = Field(default="", examples=[""])


class ChangeIn(ReasonIn):
    """A decision about a code: from which day, why, and the number of the document."""

    effective_on: date = Field(examples=["2026-11-18"])
    number: Code = Field(default="", examples=["45/QĐ-TTBVTV"])

    def change(self) -> Change:
        """The same, as the command takes it."""
        return Change(self.effective_on, self.reason, self.reason_slug, self.number)


class DecisionIn(In):
    """The officer's decision to issue a code."""

    scheme: CodeScheme
    decided_on: date = Field(examples=["2026-11-18"])
    number: Code = Field(description="The decision's number.", examples=["112/QĐ-TTBVTV"])
    typed_code: str = Field(
        default="",
        max_length=200,
        description="Only for codes issued elsewhere (EXTERNAL, TCCS774_2020).",
    )
    crop: Code = Field(
        default="", description="Which crop the code names; the first by name unless given."
    )

    def decision(self) -> Decision:
        """The same, as the command takes it."""
        return Decision(
            scheme=self.scheme,
            decided_on=self.decided_on,
            number=self.number,
            typed_code=self.typed_code,
            crop=self.crop,
        )


def communes(session: Session, ids: Iterable[int | None]) -> dict[int | None, CommuneNamed]:
    """Communes by their keys, None among the keys left out."""
    units = units_by_ids(session, {unit_id for unit_id in ids if unit_id is not None})
    return {unit_id: CommuneNamed.of(unit) for unit_id, unit in units.items()}


def polygon_text(polygon: Geometry | None) -> str | None:
    """A GeoJSON object as the commands take it."""
    return None if polygon is None else json.dumps(polygon)


def polygon_object(polygon: str | None) -> Geometry | None:
    """A kept boundary as a GeoJSON object."""
    found: Geometry | None = None if polygon is None else json.loads(polygon)
    return found
