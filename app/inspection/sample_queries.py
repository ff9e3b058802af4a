"""Finding samples, and the hands each went through."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.models.inspection import LabReport, Sampler
from app.models.lots import HarvestLot
from app.models.registry import Organisation
from app.models.samples import Sample, SampleStep
from app.models.visits import InspectionVisit


@dataclass(frozen=True)
class SampleLine:
    """A sample with what a list shows beside it."""

    sample: Sample
    organisation: Organisation
    lot: HarvestLot | None
    visit: InspectionVisit | None
    report: LabReport | None


def sample_line(session: Session, uid: UUID, *, within: Reach) -> SampleLine:
    """The sample with this public id and its names."""
    wanted = _lines(within).where(col(Sample.uid) == uid)
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(say("There is no such sample."))
    return SampleLine(*row)


def samples(
    session: Session,
    *,
    within: Reach,
    visit_id: int | None = None,
    organisation_id: int | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[SampleLine]:
    """Samples, the newest first."""
    wanted = _lines(within)
    if visit_id is not None:
        wanted = wanted.where(col(Sample.visit_id) == visit_id)
    if organisation_id is not None:
        wanted = wanted.where(col(Sample.organisation_id) == organisation_id)
    if after is not None:
        wanted = wanted.where(col(Sample.id) < decode(after, int)[0])
    newest = wanted.order_by(col(Sample.id).desc()).limit(limit + 1)
    rows = [SampleLine(*row) for row in session.execute(newest)]
    return page_of(rows, limit=limit, key=lambda line: (line.sample.pk,))


def steps_of(session: Session, sample: Sample) -> list[SampleStep]:
    """Every step of a sample, oldest first."""
    wanted = select(SampleStep).where(col(SampleStep.sample_id) == sample.pk)
    return list(session.execute(wanted.order_by(col(SampleStep.id))).scalars())


def newest_step(session: Session, sample: Sample) -> SampleStep:
    """The step a sample's way has come to."""
    return steps_of(session, sample)[-1]


def find_seal(session: Session, office_id: int, seal: str) -> Sample | None:
    """The sample an office put this seal on."""
    wanted = select(Sample).where(col(Sample.office_id) == office_id, col(Sample.seal) == seal)
    found: Sample | None = session.execute(wanted).scalar_one_or_none()
    return found


def official_reports(session: Session, sample: Sample) -> list[LabReport]:
    """The official reports that could answer a sample, newest first."""
    wanted = (
        select(LabReport)
        .join(HarvestLot, col(HarvestLot.id) == col(LabReport.lot_id))
        .where(
            col(HarvestLot.organisation_id) == sample.organisation_id,
            col(LabReport.sampler) == Sampler.OFFICIAL,
            col(LabReport.corrected).is_(False),
            col(LabReport.withdrawn_at).is_(None),
        )
    )
    if sample.lot_id is not None:
        wanted = wanted.where(col(LabReport.lot_id) == sample.lot_id)
    newest = wanted.order_by(col(LabReport.id).desc()).limit(50)
    return list(session.execute(newest).scalars())


def _lines(within: Reach) -> Any:
    return (
        select(Sample, Organisation, HarvestLot, InspectionVisit, LabReport)
        .join(Organisation, col(Organisation.id) == col(Sample.organisation_id))
        .outerjoin(HarvestLot, col(HarvestLot.id) == col(Sample.lot_id))
        .outerjoin(InspectionVisit, col(InspectionVisit.id) == col(Sample.visit_id))
        .outerjoin(LabReport, col(LabReport.id) == col(Sample.report_id))
        .where(within.limits(col(Sample.organisation_id)))
    )
