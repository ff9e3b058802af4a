"""Makes the synthetic province: the register first, then the lots of five years, day after day."""

from collections.abc import Callable, Iterator
from itertools import chain

import numpy as np
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from app.db import transaction
from app.demo.scale.area_codes import make_codes
from app.demo.scale.certified import make_certificates
from app.demo.scale.chance import Chance
from app.demo.scale.chronicle import Chronicle, tell_land, tell_papers, tell_people, tell_seasons
from app.demo.scale.goods import facts_of_sales, sales_of, write_labels, write_sales
from app.demo.scale.ground import Basis, Days, Size, ground_of
from app.demo.scale.harvests import Harvests, drawn_harvests
from app.demo.scale.land import make_areas, make_plots
from app.demo.scale.lot_claims import Claims
from app.demo.scale.lots import Batch, Made
from app.demo.scale.people import make_holders, make_members
from app.demo.scale.seasons import make_diaries, make_seasons
from app.demo.scale.writing import number_on
from app.ledger.actors import Actor
from app.ledger.commands import Fact, record_all
from app.models.lots import HarvestLot
from app.models.registry import Grower, Organisation, PlantingArea
from app.registry.finding_commands import rebuild_words

Progress = Callable[[int, int], None]
# Lots in one transaction, about: whole days are kept together.
BATCH = 20_000
MUST_BE_EMPTY = (Organisation, Grower, PlantingArea, HarvestLot)


class NotEmptyError(ValueError):
    """There is something in this database already: a synthetic province goes into none such."""


def generate(engine: Engine, size: Size, *, base_url: str, progress: Progress) -> int:
    """Fill an empty installation; returns how many lots there are.

    The same seed, sizes and last day give the same rows on either database. Everything is in
    whole transactions; one that was interrupted leaves a database to be thrown away.
    """
    days = Days(size)
    with transaction(engine) as session:
        require_empty(session)
        made, chronicle = _register(session, size, days)
    done, sold = 0, 1
    for end in _ends(made.harvests):
        with transaction(engine) as session:
            sold += _lots(session, made, chronicle, (done, end), sold, base_url)
        done = end
        progress(done, size.lots)
    with transaction(engine) as session:
        _record(session, days, days.last, list(chronicle.until(days.last)))
        number_on(session)
    return done


def require_empty(session: Session) -> None:
    """Raises NotEmptyError where somebody or something is registered."""
    for table in MUST_BE_EMPTY:
        if session.execute(select(col(table.id)).limit(1)).first() is not None:
            raise NotEmptyError(str(table.__tablename__))


def _register(session: Session, size: Size, days: Days) -> tuple[Made, Chronicle]:
    """Everything but the lots, in one transaction."""
    basis = Basis(size, ground_of(session), days, Chance(size.seed))
    holders = make_holders(session, basis)
    members = make_members(session, basis, holders)
    areas = make_areas(session, basis, holders)
    plots = make_plots(session, basis, areas, members)
    codes = make_codes(session, basis, areas)
    certificates = make_certificates(session, basis, holders, areas)
    seasons = make_seasons(session, basis, areas)
    make_diaries(session, basis, seasons, areas, plots)
    number_on(session)
    rebuild_words(session)
    chronicle = Chronicle()
    tell_people(chronicle, holders, members)
    tell_land(chronicle, areas, holders, basis.ground, days)
    tell_papers(chronicle, codes, certificates, areas, holders, days)
    tell_seasons(chronicle, seasons, areas, holders, basis.ground, days)
    harvests = drawn_harvests(basis, seasons, areas, holders)
    claims = Claims(codes, certificates, areas, days)
    made = Made(basis, holders, members, areas, plots, seasons, harvests, claims)
    return made, chronicle


def _ends(harvests: Harvests) -> Iterator[int]:
    """Where batches end: at the end of a day, after some 20,000 lots."""
    count, end = len(harvests), 0
    while end < count:
        last = harvests.days[min(count, end + BATCH) - 1]
        end = int(np.searchsorted(harvests.days, last, side="right"))
        yield end


def _lots(
    session: Session,
    made: Made,
    chronicle: Chronicle,
    part: tuple[int, int],
    first_sale: int,
    base_url: str,
) -> int:
    """The lots of a batch with what became of them; how many sales there were."""
    batch = Batch(made, *part)
    sales = sales_of(batch)
    positions: dict[str, int] = {}
    told = sorted(chain(batch.facts(), facts_of_sales(batch, sales)), key=lambda one: one[0])
    at = 0
    while at < len(told):
        day, begin = told[at][0], at
        while at < len(told) and told[at][0] == day:
            at += 1
        facts = [*chronicle.until(day), *(fact for _, fact in told[begin:at])]
        first = _record(session, made.days, day, facts)
        positions |= {fact.subject: first + number for number, fact in enumerate(facts)}
    batch.write(session, [positions[code] for code in batch.codes])
    uids = [positions[str(sale.uid)] for sale in sales]
    write_sales(session, batch, sales, uids, first_sale)
    write_labels(session, batch, base_url)
    return len(sales)


def _record(session: Session, days: Days, day: int, facts: list[Fact]) -> int:
    """Append the facts of a day; the position of the first."""
    if not facts:
        return 0
    return record_all(session, facts, by=Actor.system(), now=days.instant(day))
