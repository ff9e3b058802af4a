"""Commands over records that come from files or go into them: former codes, outlines, archives."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import Engine
from sqlmodel import Session

from app.db import engine_for, learn_statistics, transaction
from app.errors import DomainError
from app.inspection.packs import check_pack
from app.installing import prepared
from app.kit.clock import day_of, system_clock
from app.ledger.actors import Actor
from app.lots.archive_commands import write_archives
from app.lots.archive_queries import archive_by_uid, archives
from app.lots.archive_signing import find_fault, public_pem, signing_key
from app.plan.axis_files import axis_rows
from app.plan.plan_commands import load_plan
from app.plan.plan_files import read_plan
from app.plan.rollup import rebuild
from app.registry.legacy_register import read_register
from app.registry.outline_commands import load_outlines
from app.settings import settings


@click.group("codes")
def codes_group() -> None:
    """The register of codes as it was kept before."""


@codes_group.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def codes_load(file: Path) -> None:
    """Enter a former register (CSV) with its codes untouched: every row, or none and all faults."""
    try:
        engine = prepared(settings())
        with _once(engine) as session:
            text = file.read_text(encoding="utf-8-sig")
            read = read_register(session, text, by=Actor.system(), now=system_clock())
            if read.faults:
                session.rollback()
    except DomainError as refused:
        raise click.ClickException(str(refused.why)) from None
    for line, why in read.faults:
        click.echo(f"{line}: {why}", err=True)
    if read.faults:
        raise click.ClickException("Nothing was entered.")
    learn_statistics(engine)
    click.echo(f"{read.entered} codes entered.")


@click.group("archive")
def archive_group() -> None:
    """Records whose time of keeping is over, in signed files."""


@archive_group.command("write")
def archive_write() -> None:
    """Write the months that are due now; the running server does so every day."""
    chosen = settings()
    with _once(prepared(chosen)) as session:
        key = signing_key(chosen.archive_key_file)
        for archive in write_archives(session, key=key, now=system_clock()):
            click.echo(f"{archive.name}: {archive.rows} records")


@archive_group.command("key")
def archive_key() -> None:
    """Print the public key with which anybody can check the archives."""
    click.echo(public_pem(signing_key(settings().archive_key_file)), nl=False)


@archive_group.command("verify")
def archive_verify() -> None:
    """Check every archive: its bytes, its signature, that it can be read and holds what it says."""
    chosen = settings()
    public = signing_key(chosen.archive_key_file).public_key()
    faults = 0
    with _once(engine_for(chosen.database)) as session:
        for listed in archives(session):
            one = archive_by_uid(session, listed.uid)
            fault = find_fault(
                one.content, sha256=one.sha256, signature=one.signature, rows=one.rows, key=public
            )
            faults += fault is not None
            click.echo(f"{one.name}: {fault or 'whole'}")
    if faults:
        raise click.ClickException(f"{faults} archives are not whole.")


@click.command("pack-verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The public key (PEM) as `nguongoc archive key` prints it; this installation's otherwise.",
)
def pack_verify(file: Path, key: Path | None) -> None:
    """Check an inspector's signed file: its bytes, its page, and that this key signed it."""
    if key is None:
        public = signing_key(settings().archive_key_file).public_key()
    else:
        read = load_pem_public_key(key.read_bytes())
        if not isinstance(read, Ed25519PublicKey):
            raise click.ClickException("This is no Ed25519 key.")
        public = read
    checked = check_pack(file.read_bytes(), public)
    if checked.fault is not None:
        raise click.ClickException(str(checked.fault))
    click.echo(f"{file.name}: whole, {checked.rows} records")


@click.group("outlines")
def outlines_group() -> None:
    """The real outlines of communes, from a file of the province."""


@outlines_group.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def outlines_load(file: Path) -> None:
    """Keep the outlines in a GeoJSON file; features name communes by code or name."""
    now = system_clock()
    with _once(prepared(settings())) as session:
        loaded = load_outlines(session, file, day=day_of(now), by=Actor.system(), now=now)
    click.echo(f"{loaded.kept} outlines kept.")
    for name in loaded.unknown:
        click.echo(f"No commune of today: {name}", err=True)


@contextmanager
def _once(engine: Engine) -> Iterator[Session]:
    """The one transaction of a command; its connections are closed after it."""
    try:
        with transaction(engine) as session:
            yield session
    finally:
        engine.dispose()


@click.group("plan")
def plan_group() -> None:
    """The province's plan and the figures that stand against it."""


@plan_group.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--plan", required=True, help="A name of its own, such as RAU_2035.")
@click.option("--act", required=True, help="The act it is: kind, number and day.")
@click.option(
    "--in-force",
    type=click.DateTime(["%Y-%m-%d"]),
    help="From this day on the desk and the reports follow it; without it, it is only kept.",
)
@click.option(
    "--axes",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of its axes; without it, the sheet Truc of the workbook.",
)
def plan_load(
    file: Path, plan: str, act: str, in_force: datetime | None, axes: Path | None
) -> None:
    """Load a newer plan beside the old ones: every figure, or none and what is wrong with each cell."""
    try:
        sent = (file.read_bytes(), file.name)
        rows = read_plan(sent[0], filename=sent[1])
        lying = axis_rows(sent, (axes.read_bytes(), axes.name) if axes else None)
        with _once(prepared(settings())) as session:
            loaded = load_plan(
                session,
                rows,
                plan=plan,
                legal_ref=act,
                in_force_on=in_force.date() if in_force else None,
                by=Actor.system(),
                now=system_clock(),
                axes=lying,
            )
    except DomainError as refused:
        raise click.ClickException(str(refused.why)) from None
    for error in loaded.errors:
        click.echo(f"{error.place}: {error.why}", err=True)
    if loaded.errors:
        raise click.ClickException("Nothing was loaded.")
    click.echo(
        f"{loaded.figures} figures and {loaded.axes} axes loaded;"
        f" {loaded.flagged} do not add up and are flagged."
    )


@plan_group.command("recount")
def plan_recount() -> None:
    """Make all actual figures anew from the records."""
    with _once(prepared(settings())) as session:
        click.echo(f"{rebuild(session, system_clock())} areas counted.")
