"""What a clerk writes down about a harvest, the register's rows behind it, and whether it can be."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from app.accounts.reach import Reach
from app.catalogue.queries import chosen_crop
from app.diary.queries import planting_by_uid, plots_of_plantings
from app.errors import FieldError, Refused, refuse
from app.kit.messages import Message, say
from app.kit.quantities import Grams, SquareMetres
from app.lots import rules
from app.lots.part_queries import (
    find_lot_of_entry,
    first_version_of,
    harvest_entry,
    members_on,
)
from app.models.catalogue import Crop
from app.models.diary import DiaryEntry, Planting
from app.models.pictures import Picture
from app.models.registry import Grower, Organisation, PlantingArea, Plot
from app.pictures.queries import picture_by_uid
from app.registry.area_queries import area_by_uid, area_grows
from app.registry.grower_queries import grower_by_uid, is_member_on
from app.registry.plot_queries import plot_line

SOME_FAULTS = say("Some of what was recorded cannot be right.")
MOST_PICTURES = 10


@dataclass(frozen=True)
class Part:
    """A part of a harvest: from which planting or plot, by whom. `entry`: the diary's harvest entry."""

    quantity: Grams
    planting: UUID | None = None
    plot: UUID | None = None
    grower: UUID | None = None
    entry: UUID | None = None


@dataclass(frozen=True)
class Harvest:
    """What a clerk writes down about a harvest. `quantity` in grams; no `parts`: of the whole area."""

    area: UUID
    crop: str
    harvested_on: date
    quantity: Grams
    packed_on: date | None = None
    best_before: date | None = None
    grower: UUID | None = None
    note: str = ""
    grade: str = ""
    parts: tuple[Part, ...] = ()
    pictures: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Correction:
    """What may still be corrected while a lot is open: the whole of it, as it should be."""

    quantity: Grams
    packed_on: date | None
    best_before: date | None
    note: str
    grade: str = ""


@dataclass(frozen=True)
class Piece:
    """The rows behind a part. `entry` is the diary's entry as it was first written."""

    quantity: Grams
    planting: Planting | None
    plot: Plot | None
    grower: Grower | None
    entry: DiaryEntry | None
    stands: DiaryEntry | None


@dataclass(frozen=True)
class Field:
    """The register's rows behind a harvest."""

    area: PlantingArea
    crop: Crop
    grower: Grower | None
    pieces: tuple[Piece, ...] = ()
    pictures: tuple[Picture, ...] = ()


def found(session: Session, organisation: Organisation, harvest: Harvest) -> Field:
    """The rows that a harvest names; NotFound for what is another organisation's, or nothing."""
    reach = Reach.own(organisation.pk)
    return Field(
        area=area_by_uid(session, harvest.area, within=reach),
        crop=chosen_crop(session, harvest.crop, field="crop"),
        grower=grower_by_uid(session, harvest.grower, within=reach) if harvest.grower else None,
        pieces=tuple(
            _piece(session, part, reach) for part in harvest.parts[: rules.MOST_PARTS + 1]
        ),
        pictures=_pictures(session, harvest, reach),
    )


def require_plausible(
    session: Session, organisation: Organisation, harvest: Harvest, field: Field, *, today: date
) -> None:
    """Refuse what cannot be, all of it at once. What may only not be claimed is not refused."""
    area = field.area
    faults = [
        *rules.faults_of_quantity(harvest.quantity, SquareMetres(area.area_m2)),
        *rules.faults_of_harvest_day(
            harvest.harvested_on,
            today=today,
            established_on=area.established_on,
            closed_on=area.closed_on,
        ),
        *rules.faults_of_later_days(
            harvest.harvested_on,
            packed_on=harvest.packed_on,
            best_before=harvest.best_before,
            today=today,
        ),
        *_faults_of_goods(session, organisation, harvest, field),
        *_faults_of_pieces(session, organisation, harvest, field),
    ]
    refuse_if(faults)


def refuse_if(faults: list[FieldError]) -> None:
    """Refuse with every fault at once; pass when there is none."""
    if len(faults) == 1:
        raise Refused(faults[0].why, *faults)
    if faults:
        raise Refused(SOME_FAULTS, *faults)


def _piece(session: Session, part: Part, reach: Reach) -> Piece:
    stands = harvest_entry(session, part.entry, within=reach) if part.entry else None
    plot = plot_line(session, part.plot, within=reach).plot if part.plot else None
    grower = grower_by_uid(session, part.grower, within=reach) if part.grower else None
    if grower is None and plot is not None:
        grower = session.get_one(Grower, plot.grower_id)
    return Piece(
        quantity=part.quantity,
        planting=_planting(session, part, stands, reach),
        plot=plot,
        grower=grower,
        entry=first_version_of(session, stands) if stands else None,
        stands=stands,
    )


def _planting(
    session: Session, part: Part, entry: DiaryEntry | None, reach: Reach
) -> Planting | None:
    if entry is not None:
        return session.get_one(Planting, entry.planting_id)
    return planting_by_uid(session, part.planting, within=reach) if part.planting else None


def _pictures(session: Session, harvest: Harvest, reach: Reach) -> tuple[Picture, ...]:
    if len(harvest.pictures) > MOST_PICTURES:
        raise refuse("pictures", say("At most {most} photographs.", most=MOST_PICTURES))
    uids = dict.fromkeys(harvest.pictures)
    return tuple(picture_by_uid(session, uid, within=reach) for uid in uids)


def _faults_of_goods(
    session: Session, organisation: Organisation, harvest: Harvest, field: Field
) -> list[FieldError]:
    faults = []
    if not area_grows(session, field.area, field.crop):
        why = say(
            "{crop} is not grown in {area}. Add it to the area first.",
            crop=field.crop.name_vi,
            area=field.area.name,
        )
        faults.append(FieldError("crop", why))
    if field.grower and not is_member_on(session, field.grower, organisation, harvest.harvested_on):
        why = say("This grower was not a member on {day}.", day=harvest.harvested_on)
        faults.append(FieldError("grower", why))
    return faults


def _faults_of_pieces(
    session: Session, organisation: Organisation, harvest: Harvest, field: Field
) -> list[FieldError]:
    strangers = [
        FieldError("parts", say("Part {number}: {why}", number=number, why=why))
        for number, piece in enumerate(field.pieces, start=1)
        if (why := _find_stranger(session, piece, field)) is not None
    ]
    if strangers:
        return strangers
    growers = {piece.grower.pk for piece in field.pieces if piece.grower}
    members = members_on(session, growers, organisation.pk, harvest.harvested_on)
    plans = [_plan(piece, members) for piece in field.pieces]
    doubled = _faults_of_doubles(field)
    return doubled or rules.faults_of_parts(
        plans, whole=harvest.quantity, harvested_on=harvest.harvested_on
    )


def _plan(piece: Piece, members: set[int]) -> rules.PartPlan:
    planting, stands = piece.planting, piece.stands
    return rules.PartPlan(
        quantity=piece.quantity,
        sown_on=planting.sown_on if planting else None,
        ended_on=planting.ended_on if planting else None,
        member=piece.grower is None or piece.grower.pk in members,
        says=Grams(stands.quantity_g) if stands and stands.quantity_g is not None else None,
        done_on=stands.done_on if stands else None,
    )


def _find_stranger(session: Session, piece: Piece, field: Field) -> Message | None:
    """Why a piece does not belong to the lot's area and crop, or was counted before."""
    planting, plot = piece.planting, piece.plot
    if planting is not None and planting.area_id != field.area.pk:
        return say("This planting stands in another area.")
    if planting is not None and planting.crop_id != field.crop.pk:
        return say("This planting is of another crop.")
    if plot is not None and not _holds(session, planting, plot, field.area):
        return say("The plot {plot} does not belong to it.", plot=plot.name)
    if piece.entry is None:
        return None
    earlier = find_lot_of_entry(session, piece.entry.pk)
    if earlier is None:
        return None
    return say("This entry of the diary is in lot {code} already.", code=earlier.code)


def _holds(session: Session, planting: Planting | None, plot: Plot, area: PlantingArea) -> bool:
    # A plot may have moved to another area since it was planted: the planting says where it was.
    plots = plots_of_plantings(session, [planting.pk]).get(planting.pk) if planting else None
    return plot.pk in plots if plots else plot.area_id == area.pk


def _faults_of_doubles(field: Field) -> list[FieldError]:
    entries = [piece.entry.pk for piece in field.pieces if piece.entry is not None]
    if len(entries) == len(set(entries)):
        return []
    return [FieldError("parts", say("One entry of the diary is named twice."))]
