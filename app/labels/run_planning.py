"""What a run would be: which labels, on what, what they say, what forbids them. Reads only."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from sqlmodel import Session

from app.accounts.reach import Reach
from app.catalogue.gs1_numbers import sscc_capacity
from app.errors import Refused, refuse
from app.kit.clock import day_of
from app.kit.messages import Message, say
from app.kit.quantities import Grams
from app.labels.carton_checking import carton_lacks, require_place_for_units
from app.labels.checking import Lack, lacks, unproven
from app.labels.label_rules import LabelRules, label_rules
from app.labels.layout import LayoutBody
from app.labels.layout_words import LANGUAGES, TONGUES, words_of
from app.labels.paper import Paper, paper_of
from app.labels.paper_names import named
from app.labels.payload import with_serial
from app.labels.run_content import checked_content
from app.labels.run_facts import Gathered, Meant, facts_of
from app.labels.run_fronts import VECTOR, front_for
from app.labels.run_labels import USUAL_SERIAL, Edition, Front, Units
from app.labels.run_plan import Plan, PlannedLot, Wanted
from app.labels.run_product import CARTONS, require_agreeing, require_of_lot
from app.labels.run_queries import grams_labelled, was_printed
from app.labels.run_zpl import native_field
from app.labels.standard_marks import marks_of_lot
from app.labels.stock_queries import body_of, fits, layouts, smallest_stock_for, speaks, stocks
from app.lots.leaving import obstacles_of_goods
from app.lots.queries import LotLine
from app.lots.readiness_queries import readiness_of
from app.models.lots import LotState
from app.models.print_runs import (
    Output,
    Purpose,
)

MOST_LOTS = 50
SINGLE = frozenset({Output.PNG, Output.SVG})
_NOT_PRINTED = frozenset({LotState.RECALLED, LotState.WITHDRAWN, LotState.HELD})
_PROOF_KEY = b"preview"


def plan_run(
    session: Session, wanted: Wanted, *, base_url: str, within: Reach, now: datetime
) -> Plan:
    """The plan. Raises Refused for numbers and papers that cannot be; what the law says is in `lacks`."""
    rules = label_rules(session, day_of(now))
    body = body_of(wanted.layout)
    paper = paper_of(wanted.stock, wanted.profile)
    _require_numbers(wanted, rules, paper)
    _require_language(wanted, body)
    _require_stock(session, wanted, body, within)
    wanted = replace(wanted, content=checked_content(wanted.content))
    _require_goods(wanted)
    purpose = Purpose(wanted.layout.purpose)
    if wanted.sscc_prefix:
        require_place_for_units(session, body, purpose, within, rules)
    lots: list[PlannedLot] = []
    withheld: list[Message] = []
    found: list[Lack] = []
    for line, count in wanted.lots:
        edition, gathered = _edition(session, line, count, wanted, base_url=base_url, now=now)
        marks = marks_of_lot(session, body, gathered.claims, rules.today)
        edition = replace(edition, marks=marks.drawn)
        front = _front(session, wanted, body, edition, rules, within)
        found += [
            *lacks(purpose, wanted.language, body, edition.words, front.composed, rules),
            *_against_harvest(session, line, count, wanted),
            *_against_goods(session, line, now),
            *_past_its_day(gathered.facts.best_before, rules),
            *marks.lacks,
            *(unproven(edition.words, gathered.granted) if purpose is not Purpose.CRATE else ()),
            *carton_lacks(session, body, purpose, wanted.product, edition),
        ]
        withheld += gathered.withheld
        lots.append(PlannedLot(line, count, edition, front))
    once = _each_once([*found, *_reprint(session, wanted)])
    return Plan(wanted, body, paper, rules, tuple(lots), once, tuple(withheld))


def _edition(
    session: Session, line: LotLine, count: int, wanted: Wanted, *, base_url: str, now: datetime
) -> tuple[Edition, Gathered]:
    """What the labels of a lot would say, and what that rests on."""
    gathered = facts_of(
        session,
        line,
        wanted.filled,
        Meant(
            Purpose(wanted.layout.purpose),
            wanted.product,
            serialised=wanted.serialised,
            numbered=bool(wanted.sscc_prefix),
        ),
        base_url=base_url,
        now=now,
    )
    edition = Edition(
        words=words_of(gathered.facts, wanted.language),
        address=gathered.address,
        first=0,
        count=count,
        key=_PROOF_KEY if wanted.serialised else None,
        elements=gathered.elements,
        units=_sample_units(wanted.sscc_prefix),
    )
    return edition, gathered


def _sample_units(prefix: str) -> Units | None:
    """The prefix's very last number, which no carton has: the real ones are given out with the run."""
    return Units(prefix, sscc_capacity(prefix) - 1) if prefix else None


def _each_once(found: Sequence[Lack]) -> tuple[Lack, ...]:
    """Each once, refusals first. Sentences hold mappings and cannot be hashed."""
    once: list[Lack] = []
    for lack in sorted(found, key=lambda one: not one.refuses):
        if lack not in once:
            once.append(lack)
    return tuple(once)


def _front(
    session: Session,
    wanted: Wanted,
    body: LayoutBody,
    edition: Edition,
    rules: LabelRules,
    within: Reach,
) -> Front:
    """The front, or a refusal that names the layouts which leave its QR room enough."""
    drawn = partial(front_for, body, edition, output=wanted.output, dpi=wanted.dpi, rules=rules)
    try:
        front = drawn()
    except Refused:
        found = layouts(session, within=within, on=rules.today)
        alike = [one for one in found if one.purpose == wanted.layout.purpose]
        others = [(one.name, body_of(one)) for one in alike]
        rooms = [(name, other.qr_room) for name, other in others if speaks(other, wanted.language)]
        return drawn(others=rooms)
    if wanted.output is Output.ZPL_NATIVE and edition.key and not edition.units:
        longest, smallest = with_serial(edition.address, USUAL_SERIAL), rules.module_um / 1000
        native_field(body, front, longest, dpi=wanted.dpi, smallest_mm=smallest)
    return front


def _require_numbers(wanted: Wanted, rules: LabelRules, paper: Paper) -> None:
    if not 1 <= len(wanted.lots) <= MOST_LOTS:
        raise refuse("lots", say("Print 1 to {most} lots at a time.", most=MOST_LOTS))
    total = sum(count for _, count in wanted.lots)
    if min(count for _, count in wanted.lots) < 1 or total > rules.most_labels:
        raise refuse(
            "copies", say("Print 1 to {most} labels at a time.", most=Decimal(rules.most_labels))
        )
    if not 1 <= wanted.start_at <= paper.places:
        raise refuse("start_at", say("A sheet has places 1 to {places}.", places=paper.places))
    if wanted.output in SINGLE and (len(wanted.lots) > 1 or (wanted.each_differs and total > 1)):
        why = say("A picture is of one label: print a PDF, or one label.")
        raise refuse("output", why)
    if wanted.output not in VECTOR and wanted.output is not Output.PNG and not paper.roll:
        raise refuse("stock", say("A label printer prints on a roll: choose a roll, or a PDF."))


def _require_language(wanted: Wanted, body: LayoutBody) -> None:
    if wanted.language not in LANGUAGES or not speaks(body, wanted.language):
        names = ", ".join(TONGUES[tongue] for tongue in body.languages)
        why = say("This layout is made for: {languages}.", languages=names)
        raise refuse("language", why)


def _require_stock(session: Session, wanted: Wanted, body: LayoutBody, within: Reach) -> None:
    if fits(body, wanted.stock):
        return
    better = smallest_stock_for(stocks(session, within=within), body)
    if better is None:
        raise refuse("stock", say("No stock is large enough for this layout."))
    why = say(
        "The label of this stock is smaller than the layout. This one fits: {stock}.",
        stock=named(better.name),
    )
    raise refuse("stock", why)


def _require_goods(wanted: Wanted) -> None:
    """Refuse lots that may not leave, and a product that they are not or do not weigh."""
    for line, _ in wanted.lots:
        _require_printable(line)
        if wanted.product is not None:
            require_of_lot(wanted.product, line)
    if wanted.product is not None:
        require_agreeing(wanted.content, wanted.product)


def _require_printable(line: LotLine) -> None:
    if line.lot.state in _NOT_PRINTED:
        raise Refused(
            say("Lot {code} is held, recalled or withdrawn: it gets no labels.", code=line.lot.code)
        )


def _against_goods(session: Session, line: LotLine, now: datetime) -> list[Lack]:
    """What forbids any label: a waiting time that runs, more harvested than was declared."""
    today = day_of(now)
    ready = readiness_of(session, line, today=today)
    return [Lack("lots", why, refuses=True) for why in obstacles_of_goods(ready, today)]


def _past_its_day(best_before: date | None, rules: LabelRules) -> list[Lack]:
    if best_before is None or best_before >= rules.today:
        return []
    why = say("These goods are past their best-before day, {day}.", day=best_before)
    return [Lack("best_before", why, refuses=False, grave=True)]


def _against_harvest(session: Session, line: LotLine, count: int, wanted: Wanted) -> list[Lack]:
    """A warning when more is labelled than was harvested, with everything printed before."""
    content = wanted.filled
    if content.pack is None or wanted.layout.purpose == Purpose.CRATE:
        return []
    each = content.pack.value * max(1, content.packs if _is_carton(wanted) else 1)
    before = grams_labelled(session, line.lot, cartons=_is_carton(wanted))
    labelled = before + each * count
    if labelled <= line.lot.quantity_g:
        return []
    why = say(
        "Labels for {labelled} with those printed before, but lot {code} weighs {harvested}.",
        labelled=Grams(labelled),
        code=line.lot.code,
        harvested=Grams(line.lot.quantity_g),
    )
    return [Lack("copies", why, refuses=False, grave=True)]


def _is_carton(wanted: Wanted) -> bool:
    return wanted.layout.purpose in CARTONS


def _reprint(session: Session, wanted: Wanted) -> Sequence[Lack]:
    if wanted.reprint_reason.strip():
        return ()
    again = [line.lot.code for line, _ in wanted.lots if was_printed(session, line.lot)]
    if not again:
        return ()
    why = say("Labels of lot {code} were printed before: say why more are needed.", code=again[0])
    return (Lack("reprint_reason", why, refuses=True),)
