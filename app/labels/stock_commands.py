"""Adding paper, changing layouts, keeping printers: each a fact with its day."""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.catalogue.product_rules import says_genuine
from app.errors import FieldError, Refused, refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.kit.text import clean
from app.labels.layout import LONGEST_BODY, LayoutBody
from app.labels.paper import MOST_OFFSET_UM, paper_of, stock_faults
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.catalogue import RowSource
from app.models.print_runs import (
    LabelLayout,
    LabelStock,
    Output,
    PrinterProfile,
    Purpose,
    StockKind,
)
from app.models.registry import Organisation

LARGEST_UM = 500_000
MOST_COLUMNS, MOST_ROWS = 20, 40
DPIS = (203, 300, 600)
MOST_SCALE_OFF = Decimal("0.1")
RULER_MM = 100


@dataclass(frozen=True)
class StockDetails:
    """Paper in micrometres; a pitch of 0 means that labels lie without a gap."""

    name: str
    kind: StockKind
    page_width_um: int
    page_height_um: int
    width_um: int
    height_um: int
    columns: int = 1
    rows: int = 1
    left_um: int = 0
    top_um: int = 0
    pitch_x_um: int = 0
    pitch_y_um: int = 0
    note: str = ""


@dataclass(frozen=True)
class ProfileDetails:
    """A printer's settings. `ruler_um` is how long the ruler page's 100 mm came out on paper."""

    name: str
    output: Output
    dpi: int = 203
    offset_x_um: int = 0
    offset_y_um: int = 0
    pitch_x_um: int = 0
    pitch_y_um: int = 0
    ruler_um: int = RULER_MM * 1000
    crop_marks: bool = False
    measured: bool = False


def add_stock(
    session: Session,
    *,
    organisation: Organisation | None,
    details: StockDetails,
    by: Actor,
    now: datetime,
) -> LabelStock:
    """Add a stock for an organisation, or for everybody (None). It counts as unchecked until measured."""
    name = _named(details.name, 120)
    _require_sizes(details)
    stock = LabelStock(
        slug=f"s-{secrets.token_hex(6)}",
        organisation_id=organisation.pk if organisation else None,
        source=RowSource.EDITED,
        **{
            **asdict(details),
            "name": name,
            "note": clean(details.note, longest=300),
            "pitch_x_um": details.pitch_x_um or details.width_um,
            "pitch_y_um": details.pitch_y_um or details.height_um,
        },
    )
    faults = stock_faults(paper_of(stock))
    if faults:
        raise Refused(faults[0].why, *faults)
    session.add(stock)
    facts = {"name": stock.name, "width_um": stock.width_um, "height_um": stock.height_um}
    record(session, kind="label.stock_added", subject=stock.slug, by=by, now=now, facts=facts)
    return stock


def save_layout(
    session: Session,
    *,
    organisation: Organisation | None,
    former: LabelLayout,
    name: str,
    body: LayoutBody,
    by: Actor,
    now: datetime,
) -> LabelLayout:
    """A new edition of an own layout, or an own copy of everybody's. Editions are never rewritten."""
    owner = organisation.pk if organisation else None
    own = former.organisation_id == owner
    written = body.model_dump_json(exclude_defaults=True)
    if len(written) > LONGEST_BODY:
        raise refuse("layout", say("The layout is too large."))
    if says_genuine(name):
        raise refuse(
            "name", say("A label never says that goods are genuine: no code can know that.")
        )
    slug = former.slug if own else f"{former.slug[:40]}-{secrets.token_hex(4)}"
    layout = LabelLayout(
        slug=slug,
        edition=_next_edition(session, slug),
        organisation_id=owner,
        name=_named(name, 120),
        purpose=Purpose(former.purpose),
        valid_from=day_of(now),
        body=written,
        source=RowSource.EDITED,
    )
    session.add(layout)
    facts = {"name": layout.name, "edition": layout.edition, "from": former.slug}
    record(session, kind="label.layout_saved", subject=slug, by=by, now=now, facts=facts)
    return layout


def add_profile(
    session: Session,
    *,
    organisation: Organisation,
    stock: LabelStock,
    details: ProfileDetails,
    by: Actor,
    now: datetime,
) -> PrinterProfile:
    """Add a printer with the paper in it."""
    profile = PrinterProfile(
        organisation_id=organisation.pk,
        name="",
        stock_id=stock.pk,
        output=details.output,
        created_at=now,
    )
    _set(profile, stock, details, now)
    session.add(profile)
    _record_profile(session, profile, stock, "label.printer_added", by, now)
    return profile


def change_profile(
    session: Session,
    *,
    profile: PrinterProfile,
    stock: LabelStock,
    details: ProfileDetails,
    by: Actor,
    now: datetime,
) -> PrinterProfile:
    """Set a printer anew; with other paper or figures it has to be measured again."""
    before = _landing(profile)
    _set(profile, stock, details, now)
    if _landing(profile) != before and not details.measured:
        profile.checked_at = None
    _record_profile(session, profile, stock, "label.printer_changed", by, now)
    return profile


def _landing(profile: PrinterProfile) -> tuple[object, ...]:
    """What decides where a printer's ink lands."""
    offsets = (profile.offset_x_um, profile.offset_y_um)
    pitches = (profile.pitch_x_um, profile.pitch_y_um, profile.scale_ppm)
    return profile.stock_id, profile.output, profile.dpi, *offsets, *pitches


def _set(
    profile: PrinterProfile, stock: LabelStock, details: ProfileDetails, now: datetime
) -> None:
    profile.name = _named(details.name, 80)
    if details.dpi not in DPIS:
        raise refuse("dpi", say("Choose one from the list."))
    profile.stock_id, profile.output, profile.dpi = stock.pk, details.output, details.dpi
    for name in ("offset_x_um", "offset_y_um", "pitch_x_um", "pitch_y_um"):
        setattr(profile, name, getattr(details, name))
    profile.scale_ppm = _scale(details.ruler_um)
    profile.crop_marks = details.crop_marks
    if details.measured:
        profile.checked_at = now
    _require_on_paper(profile, stock)


def _require_on_paper(profile: PrinterProfile, stock: LabelStock) -> None:
    for name in ("offset_x_um", "offset_y_um"):
        if abs(getattr(profile, name)) > MOST_OFFSET_UM:
            why = say("An offset is at most {most} mm.", most=MOST_OFFSET_UM // 1000)
            raise refuse(name.removesuffix("_um"), why)
    paper = paper_of(stock, profile)
    if paper.pitch_x < paper.label_width or paper.pitch_y < paper.label_height:
        why = say("From one label to the next it is at least as far as a label is large.")
        raise refuse("pitch_x" if paper.pitch_x < paper.label_width else "pitch_y", why)
    if not paper.roll and next(paper.places_outside(), None) is not None:
        why = say("With these figures labels would lie beyond the edge of the paper.")
        raise refuse("offset_x", why)


def _scale(ruler_um: int) -> int:
    true = RULER_MM * 1000
    if ruler_um <= 0 or abs(Decimal(true) / ruler_um - 1) > MOST_SCALE_OFF:
        why = say(
            "The line comes out at most a tenth longer or shorter, else another setting is wrong."
        )
        raise refuse("ruler", why)
    return round(true * 1_000_000 / ruler_um)


def _require_sizes(details: StockDetails) -> None:
    faults = [
        FieldError(
            name.removesuffix("_um"), say("A length here is more than 0 and at most 500 mm.")
        )
        for name in ("page_width_um", "page_height_um", "width_um", "height_um")
        if not 0 < getattr(details, name) <= LARGEST_UM
    ]
    for name in ("left_um", "top_um", "pitch_x_um", "pitch_y_um"):
        if not 0 <= getattr(details, name) <= LARGEST_UM:
            why = say("A length here is at least 0 and at most 500 mm.")
            faults.append(FieldError(name.removesuffix("_um"), why))
    if not 1 <= details.columns <= MOST_COLUMNS:
        why = say("Between 1 and {most}.", most=MOST_COLUMNS)
        faults.append(FieldError("columns", why))
    if not 1 <= details.rows <= (1 if details.kind is StockKind.ROLL else MOST_ROWS):
        most = 1 if details.kind is StockKind.ROLL else MOST_ROWS
        faults.append(FieldError("rows", say("Between 1 and {most}.", most=most)))
    if faults:
        raise Refused(faults[0].why, *faults)


def _named(name: str, longest: int) -> str:
    cleaned = clean(name, longest=longest)
    if not cleaned:
        raise refuse("name", say("This is required."))
    return cleaned


def _next_edition(session: Session, slug: str) -> int:
    wanted = select(func.max(col(LabelLayout.edition))).where(col(LabelLayout.slug) == slug)
    return (session.execute(wanted).scalar_one() or 0) + 1


def _record_profile(
    session: Session,
    profile: PrinterProfile,
    stock: LabelStock,
    kind: str,
    by: Actor,
    now: datetime,
) -> None:
    facts = {
        "name": profile.name,
        "stock": stock.slug,
        "dpi": profile.dpi,
        "offset_um": [profile.offset_x_um, profile.offset_y_um],
        "pitch_um": [profile.pitch_x_um, profile.pitch_y_um],
        "scale_ppm": profile.scale_ppm,
    }
    record(session, kind=kind, subject=str(profile.uid), by=by, now=now, facts=facts)
