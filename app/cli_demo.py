"""The command that makes a synthetic province, for measuring."""

import time
from datetime import datetime

import click

from app.db import learn_statistics, transaction
from app.demo.scale import NotEmptyError, Size, generate, seat_people
from app.installing import keep_accounts, prepared, say_where
from app.kit.clock import day_of, system_clock
from app.plan import rollup
from app.settings import settings

FEWEST_AREAS = 9


@click.command("scale")
@click.option("--growers", default=20_000, type=click.IntRange(min=1), show_default=True)
@click.option("--areas", default=5_000, type=click.IntRange(min=FEWEST_AREAS), show_default=True)
@click.option("--lots", default=1_000_000, type=click.IntRange(min=1), show_default=True)
@click.option(
    "--years",
    default=5,
    type=click.IntRange(min=1, max=10),
    show_default=True,
    help="Calendar years, the last one up to the last day.",
)
@click.option("--seed", default=1, type=click.IntRange(min=0), show_default=True)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day; today if not said.")
def scale_command(
    growers: int, areas: int, lots: int, years: int, seed: int, until: datetime | None
) -> None:
    """Fill an empty installation with a synthetic province, to measure with.

    Real communes, crops and figures of the plan; everything else is drawn by chance. The same
    seed, sizes and last day give the same rows on SQLite and PostgreSQL, ids and ledger included
    (accounts, whose passwords are generated, are not part of them).

    Rows are written in bulk, past the commands, within every constraint of the database. The
    ledger is told in bulk too, by one fact a thing: that an organisation, grower, area, code,
    certificate, season or lot was recorded, and that lots were sold. What befell them later
    (sealed, closed, suspended, reported, printed) has its rows and no facts, so no inspector
    should take this ledger for a history; growers' facts hold no personal part.

    It is for measuring only. Every organisation is marked as a demonstration, which all pages
    say; never serve it to the public. A database in which anything is registered is refused; a
    run that was interrupted leaves one to be thrown away.
    """
    now = system_clock()
    size = Size(growers, areas, lots, years, seed, until.date() if until else day_of(now))
    chosen = settings()
    engine, started = prepared(chosen), time.monotonic()

    def progress(done: int, whole: int) -> None:
        seconds = time.monotonic() - started
        click.echo(f"{done:,} of {whole:,} lots, {seconds:.0f} s", err=True)

    try:
        generate(engine, size, base_url=chosen.base_url, progress=progress)
    except NotEmptyError as refused:
        raise click.ClickException(
            f"There are rows in {refused} already; a synthetic province needs an empty database."
        ) from None
    except ValueError as refused:
        raise click.ClickException(str(refused)) from None
    with transaction(engine) as session:
        people = seat_people(session, now=now)
        rollup.rebuild(session, now)
    learn_statistics(engine)
    keep_accounts(chosen, people)
    say_where(engine, chosen)
