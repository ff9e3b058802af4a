"""The `nguongoc` command: set up, load, serve, and look after an installation."""

import json
from pathlib import Path

import click
import uvicorn
from sqlalchemy import Engine
from sqlmodel import Session

from app import demo, reference
from app.accounts.first import open_first_door
from app.accounts.queries import has_administrator
from app.accounts.remembering import forget_old_answers
from app.db import engine_for, grant_to, migrate, transaction
from app.kit.clock import day_of, system_clock
from app.ledger.actors import Actor
from app.lots.archive_commands import write_archives
from app.lots.archive_queries import archive_by_uid, archives
from app.lots.archive_signing import find_fault, public_pem, signing_key
from app.main import create_app
from app.registry.finding_commands import ensure_words, rebuild_words
from app.registry.organisation_queries import count_organisations
from app.registry.outline_commands import load_outlines
from app.registry.tile_commands import ensure_tiles
from app.settings import Settings, settings

ACCOUNTS_FILE = "demo-accounts.txt"


@click.group()
def main() -> None:
    """Nguồn Gốc: traceability from the field to the phone."""


@main.command()
@click.option(
    "--demo/--no-demo", "with_demo", default=True, help="Load the demonstration province."
)
def up(with_demo: bool) -> None:
    """Prepare what is not there yet, then serve."""
    chosen = settings()
    engine = _prepared(chosen)
    if with_demo:
        _demonstrate_once(engine, chosen)
    _say_where(engine, chosen)
    engine.dispose()
    _serve(chosen)


@main.command()
def serve() -> None:
    """Serve an installation that is set up already."""
    _serve(settings())


@main.command("migrate")
@click.option("--to", "revision", default="head", show_default=True)
def migrate_command(revision: str) -> None:
    """Bring the database schema to a revision."""
    migrate(engine_for(settings().database), revision)


@main.group("reference")
def reference_group() -> None:
    """Administrative units, crops, standards, targets, dated rules."""


@reference_group.command("load")
def reference_load() -> None:
    """Load the shipped reference data. Doing it again changes nothing."""
    with transaction(engine_for(settings().database)) as session:
        click.echo(reference.load(session, now=system_clock()))


@main.group("demo")
def demo_group() -> None:
    """The demonstration province: real places, fictional people."""


@demo_group.command("load")
def demo_load() -> None:
    """Load it into an installation that has no organisations yet."""
    chosen = settings()
    _demonstrate_once(_prepared(chosen), chosen)


@demo_group.command("reset")
def demo_reset() -> None:
    """Throw the demonstration away and make it anew; refuses to touch anything else."""
    chosen = settings()
    file = chosen.data_dir / ACCOUNTS_FILE
    if chosen.database_url or not file.exists():
        raise click.ClickException("Only an SQLite demonstration made by this command is reset.")
    for left in chosen.data_dir.glob("nguongoc.db*"):
        left.unlink()
    file.unlink()
    _demonstrate_once(_prepared(chosen), chosen)


@main.command("first-administrator")
def first_administrator() -> None:
    """Print the one-time link with which the first provincial administrator signs in."""
    chosen = settings()
    with transaction(_prepared(chosen)) as session:
        _echo_first_door(session, chosen)


@main.command("grant")
@click.argument("database_role")
def grant(database_role: str) -> None:
    """PostgreSQL: let a role run the application, and never change or delete a ledger entry."""
    with transaction(engine_for(settings().database)) as session:
        grant_to(session, database_role)


@main.command("tidy")
def tidy() -> None:
    """Forget answers kept for repeated requests that are older than their time."""
    with transaction(engine_for(settings().database)) as session:
        click.echo(forget_old_answers(session, now=system_clock()))


@main.command("index")
def index() -> None:
    """Write anew the words by which planting areas are found; prints how many areas there are."""
    with transaction(engine_for(settings().database)) as session:
        click.echo(rebuild_words(session))


@main.group("outlines")
def outlines_group() -> None:
    """The real outlines of communes, from a file of the province."""


@outlines_group.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def outlines_load(file: Path) -> None:
    """Keep the outlines in a GeoJSON file; features name communes by code or name."""
    now = system_clock()
    with transaction(_prepared(settings())) as session:
        loaded = load_outlines(session, file, day=day_of(now), by=Actor.system(), now=now)
    click.echo(f"{loaded.kept} outlines kept.")
    for name in loaded.unknown:
        click.echo(f"No commune of today: {name}", err=True)


@main.group("archive")
def archive_group() -> None:
    """Records whose time of keeping is over, in signed files."""


@archive_group.command("write")
def archive_write() -> None:
    """Write the months that are due now; the running server does so every day."""
    chosen = settings()
    with transaction(_prepared(chosen)) as session:
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
    engine, faults = engine_for(chosen.database), 0
    with transaction(engine) as session:
        for listed in archives(session):
            one = archive_by_uid(session, listed.uid)
            fault = find_fault(
                one.content, sha256=one.sha256, signature=one.signature, rows=one.rows, key=public
            )
            faults += fault is not None
            click.echo(f"{one.name}: {fault or 'whole'}")
    engine.dispose()
    if faults:
        raise click.ClickException(f"{faults} archives are not whole.")


@main.command("openapi")
@click.option("--write", type=click.Path(path_type=Path), default=None)
def openapi(write: Path | None) -> None:
    """Print the API's description, or write it to a file."""
    described = json.dumps(create_app().openapi(), ensure_ascii=False, indent=1, sort_keys=True)
    if write:
        write.write_text(described + "\n")
    else:
        click.echo(described)


def _prepared(chosen: Settings) -> Engine:
    chosen.data_dir.mkdir(parents=True, exist_ok=True)
    engine = engine_for(chosen.database)
    migrate(engine)
    with transaction(engine) as session:
        reference.load(session, now=system_clock())
        ensure_words(session)
        ensure_tiles(session)
    return engine


def _demonstrate_once(engine: Engine, chosen: Settings) -> None:
    with transaction(engine) as session:
        if count_organisations(session) > 0:
            return
        click.echo("Preparing the demonstration province (once) …")
        people = demo.load(session, now=system_clock(), base_url=chosen.base_url)
    told = "\n".join(
        f"{who.role:<15} {who.login:<16} {who.password}  ({who.name})" for who in people
    )
    file = chosen.data_dir / ACCOUNTS_FILE
    file.touch(mode=0o600)
    file.write_text(told + "\n")


def _say_where(engine: Engine, chosen: Settings) -> None:
    file = chosen.data_dir / ACCOUNTS_FILE
    click.echo(f"\nNguồn Gốc: {chosen.base_url}   sign in: {chosen.base_url}/sign-in")
    if file.exists():
        click.echo(f"Demonstration accounts (kept in {file}):\n\n{file.read_text()}")
        return
    with transaction(engine) as session:
        if not has_administrator(session):
            _echo_first_door(session, chosen)


def _echo_first_door(session: Session, chosen: Settings) -> None:
    if has_administrator(session):
        raise click.ClickException("There is an administrator already.")
    token = open_first_door(session, now=system_clock())
    click.echo(f"First administrator (works once, for 24 hours): {chosen.base_url}/welcome/{token}")


def _serve(chosen: Settings) -> None:
    uvicorn.run(
        "app.main:serving",
        factory=True,
        host=chosen.host,
        port=chosen.port,
        workers=chosen.workers,
        proxy_headers=False,
        server_header=False,
        access_log=False,
    )


if __name__ == "__main__":
    main()
