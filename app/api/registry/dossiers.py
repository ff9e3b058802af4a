"""The dossier of a planting area on the wire: prepare it, see what it lacks, hand it in."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from app.api.problems import may_fail
from app.api.registry.shapes import LARGEST_INT
from app.api.shapes import Code, In, Out, Words
from app.deps import (
    Call,
    ExpectedVersion,
    OnceDep,
    Reading,
    Writing,
    etag,
    require_version,
)
from app.errors import (
    Conflict,
    Malformed,
    NotFound,
    Refused,
    StaleVersion,
    VersionRequired,
)
from app.kit.quantities import Grams
from app.models.dossiers import Dossier, DossierState
from app.models.registry import PlantingArea
from app.registry.area_queries import area_by_uid
from app.registry.dossier_commands import DossierDetails, open_dossier, save_dossier
from app.registry.dossier_commands import submit_dossier as submit
from app.registry.dossier_queries import find_dossier, markets_of, missing_from, standard_of

router = APIRouter(prefix="/areas/{area}/dossier")

CHANGE = may_fail(NotFound, Conflict, Refused, StaleVersion, VersionRequired)


class DossierIn(In):
    """The whole of a draft, as it should be; what is not known yet is left out."""

    markets: list[Code] = Field(default=[], max_length=40, examples=[["VNM", "CHN"]])
    standard: Code = Field(default="", examples=["VIETGAP_2026"])
    expected_output_g: int | None = Field(default=None, ge=0, le=LARGEST_INT)
    households: int | None = Field(default=None, ge=0, le=LARGEST_INT)
    representative: str = Field(default="", max_length=400)
    parcel: str = Field(default="", max_length=400, description="Land-parcel identifier.")
    note: Words = ""

    def details(self) -> DossierDetails:
        """The same, as the command takes it."""
        output = None if self.expected_output_g is None else Grams(self.expected_output_g)
        return DossierDetails(
            markets=tuple(self.markets),
            standard=self.standard,
            expected_output=output,
            households=self.households,
            representative=self.representative,
            parcel=self.parcel,
            note=self.note,
        )


class LackOut(Out):
    """Something a dossier lacks before it can be handed in."""

    field: str
    detail: str


class DossierOut(Out):
    """A dossier, and everything it still lacks."""

    area: UUID
    state: DossierState
    markets: list[str]
    standard: str | None
    expected_output_g: int | None
    households: int | None
    representative: str
    parcel: str
    note: str
    submitted_at: datetime | None
    lacks: list[LackOut]
    version: int


class FiledOut(Out):
    """The applications that were made, one a market."""

    applications: list[UUID]


@router.get("", responses=may_fail(NotFound))
def read_dossier(area: UUID, call: Reading, response: Response) -> DossierOut:
    """The dossier of an area; an empty draft of version 1 before anybody began one."""
    found = area_by_uid(call.session, area, within=call.within)
    known = find_dossier(call.session, found.pk)
    empty = Dossier(area_id=found.pk, created_at=call.now)
    return _told(call, found, known or empty, response)


@router.put("", responses=CHANGE)
def keep_dossier(
    area: UUID, body: DossierIn, call: Writing, expected: ExpectedVersion, response: Response
) -> DossierOut:
    """Keep the draft; what it lacks may come later."""
    found = area_by_uid(call.session, area, within=call.within)
    dossier = open_dossier(call.session, area=found, now=call.now)
    require_version(dossier.version, expected)
    save_dossier(call.session, dossier=dossier, details=body.details(), by=call.actor, now=call.now)
    return _told(call, found, dossier, response)


@router.post(
    "/submit",
    status_code=201,
    response_model=FiledOut,
    responses=may_fail(NotFound, Conflict, Refused, StaleVersion, VersionRequired, Malformed),
)
def submit_dossier(area: UUID, call: Writing, expected: ExpectedVersion, once: OnceDep) -> Response:
    """Hand the dossier in; what it lacks is said all at once."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        found = area_by_uid(call.session, area, within=call.within)
        dossier = open_dossier(call.session, area=found, now=call.now)
        require_version(dossier.version, expected)
        filed = submit(call.session, dossier=dossier, by=call.actor, now=call.now)
        made = FiledOut(applications=[one.uid for one in filed])
        return made, {"ETag": etag(dossier.version)}

    return once(effect)


def _told(call: Call, area: PlantingArea, dossier: Dossier, response: Response) -> DossierOut:
    response.headers["ETag"] = etag(dossier.version)
    standard = standard_of(call.session, dossier)
    return DossierOut(
        area=area.uid,
        state=dossier.state,
        markets=markets_of(call.session, dossier),
        standard=standard.code if standard else None,
        expected_output_g=dossier.expected_output_g,
        households=dossier.households,
        representative=dossier.representative,
        parcel=dossier.parcel,
        note=dossier.note,
        submitted_at=dossier.submitted_at,
        lacks=[
            LackOut(field=lack.field, detail=call.language.say(lack.why))
            for lack in missing_from(call.session, area, dossier)
        ],
        version=dossier.version,
    )
