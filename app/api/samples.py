"""Official samples on the wire: every hand they went through, and the report that answers them."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, Field

from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.api.shapes import In, Out, Words
from app.deps import Call, ExpectedVersion, PageArgs, Reading, Writing, etag, require_version
from app.errors import Malformed, NotFound, Refused, StaleVersion, VersionRequired
from app.inspection import sample_queries as queries
from app.inspection.sample_commands import Handing, attach_result, hand_on
from app.models.inspection import Verdict
from app.models.samples import Sample, SampleStepKind

router = APIRouter(prefix="/inspection/samples", tags=["inspection"])

MAY_CHANGE = may_fail(NotFound, Refused, StaleVersion, VersionRequired)


class SampleStepIn(In):
    """The next hand: handed_over, received by the laboratory, or refused by it."""

    kind: SampleStepKind = Field(examples=["handed_over"])
    giver: str = Field(max_length=120, examples=["Trần Văn Hải"])
    taker: str = Field(default="", max_length=120, examples=["Bưu điện Bắc Hà"])
    at: AwareDatetime | None = Field(default=None, description="Now unless given.")
    seal_whole: bool | None = None
    note: Words = ""


class SampleResultIn(In):
    """The laboratory's report that answers it."""

    report: UUID


class SampleLineOut(BaseModel):
    """A sample in a list."""

    uid: UUID
    visit: UUID | None
    organisation: UUID
    organisation_name: str
    lot: str | None
    what: str
    mass_g: int | None
    seal: str
    taken_at: datetime
    state: SampleStepKind
    report: UUID | None
    verdict: Verdict | None
    version: int


class SampleStepOut(Out):
    """One step of its way."""

    kind: SampleStepKind
    at: datetime
    giver: str
    taker: str
    seal_whole: bool | None
    note: str


class SampleOut(SampleLineOut):
    """A sample with every hand it went through."""

    place: str
    steps: list[SampleStepOut]


@router.get("", responses=may_fail(Malformed))
def list_samples(call: Reading, page: PageArgs) -> PageOut[SampleLineOut]:
    """Official samples, the newest first."""
    found = queries.samples(call.session, within=call.within, after=page.after, limit=page.limit)
    return page_out(found, _line)


@router.get("/{sample}", responses=may_fail(NotFound))
def read_sample(sample: UUID, call: Reading, response: Response) -> SampleOut:
    """One sample."""
    return _answer(call, sample, response)


@router.post("/{sample}/steps", responses=MAY_CHANGE)
def hand_sample_on(
    sample: UUID, body: SampleStepIn, call: Writing, expected: ExpectedVersion, response: Response
) -> SampleOut:
    """Write down the next step of its way."""
    handing = Handing(
        body.kind, body.giver, body.taker, body.at or call.now, body.seal_whole, body.note
    )
    hand_on(
        call.session,
        sample=_of_version(call, sample, expected),
        handing=handing,
        caller=call.caller,
        now=call.now,
    )
    return _answer(call, sample, response)


@router.post("/{sample}/result", responses=MAY_CHANGE)
def attach_sample_result(
    sample: UUID,
    body: SampleResultIn,
    call: Writing,
    expected: ExpectedVersion,
    response: Response,
) -> SampleOut:
    """Say which laboratory's report answers it."""
    attach_result(
        call.session,
        sample=_of_version(call, sample, expected),
        report=body.report,
        caller=call.caller,
        now=call.now,
    )
    return _answer(call, sample, response)


def _of_version(call: Call, uid: UUID, expected: int) -> Sample:
    sample = queries.sample_line(call.session, uid, within=call.within).sample
    require_version(sample.version, expected)
    return sample


def _answer(call: Call, uid: UUID, response: Response) -> SampleOut:
    call.session.flush()  # a lost race, and the new version
    line = queries.sample_line(call.session, uid, within=call.within)
    response.headers["ETag"] = etag(line.sample.version)
    return SampleOut(
        **_line(line).model_dump(),
        place=line.sample.place,
        steps=[
            SampleStepOut.model_validate(one) for one in queries.steps_of(call.session, line.sample)
        ],
    )


def _line(line: queries.SampleLine) -> SampleLineOut:
    sample = line.sample
    return SampleLineOut(
        uid=sample.uid,
        visit=line.visit.uid if line.visit else None,
        organisation=line.organisation.uid,
        organisation_name=line.organisation.name,
        lot=line.lot.code if line.lot else None,
        what=sample.what,
        mass_g=sample.mass_g,
        seal=sample.seal,
        taken_at=sample.taken_at,
        state=sample.state,
        report=line.report.uid if line.report else None,
        verdict=line.report.verdict if line.report else None,
        version=sample.version,
    )
