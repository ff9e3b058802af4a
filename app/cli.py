"""The `nguongoc` command: set up, load, serve, and look after an installation."""

import json
from pathlib import Path

import click
import uvicorn

from app import reference
from app.accounts.commands import login_key
from app.accounts.queries import find_account
from app.accounts.remembering import forget_old_answers
from app.accounts.second_factor_commands import reset_factor
from app.cli_demo import scale_command
from app.cli_log import log_group, verify_command, witness_command
from app.cli_public import public_commands
from app.cli_records import archive_group, codes_group, outlines_group, pack_verify, plan_group
from app.db import engine_for, grant_to, transaction
from app.errors import DomainError
from app.installing import ACCOUNTS_FILE, demonstrate_once, echo_first_door, prepared, say_where
from app.kit.clock import system_clock
from app.kit.i18n import DEFAULT, LANGUAGES
from app.kit.i18n import language as spoken
from app.labels.keys import FOLDER, KeyRing
from app.labels.print_file import print_file
from app.labels.printing import PrinterTrouble
from app.ledger.actors import Actor
from app.main import create_app
from app.migrating import migrate
from app.registry.finding_commands import rebuild_words
from app.settings import Settings, settings

WORKER_START_SECONDS = 120


@click.group()
def main() -> None:
    """Nguồn Gốc: traceability from the field to the phone."""


for added in (
    codes_group,
    outlines_group,
    plan_group,
    archive_group,
    pack_verify,
    log_group,
    verify_command,
    witness_command,
    *public_commands,
):
    main.add_command(added)


@main.command()
@click.option(
    "--demo/--no-demo", "with_demo", default=True, help="Load the demonstration province."
)
def up(with_demo: bool) -> None:
    """Prepare what is not there yet, then serve."""
    chosen = settings()
    engine = prepared(chosen)
    if with_demo:
        demonstrate_once(engine, chosen)
    say_where(engine, chosen)
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


demo_group.add_command(scale_command)


@demo_group.command("load")
def demo_load() -> None:
    """Load it into an installation that has no organisations yet."""
    chosen = settings()
    engine = prepared(chosen)
    demonstrate_once(engine, chosen)
    say_where(engine, chosen)


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
    engine = prepared(chosen)
    demonstrate_once(engine, chosen)
    say_where(engine, chosen)


@main.command("first-administrator")
def first_administrator() -> None:
    """Print the one-time link with which the first provincial administrator signs in."""
    chosen = settings()
    with transaction(prepared(chosen)) as session:
        echo_first_door(session, chosen)


@main.command("reset-second-factor")
@click.argument("login")
def reset_second_factor(login: str) -> None:
    """Take the second step at sign-in away from somebody whom nobody else can help."""
    with transaction(engine_for(settings().database)) as session:
        account = find_account(session, login_key(login))
        if account is None:
            raise click.ClickException("There is no such account.")
        reset_factor(session, account=account, by=Actor.system(), now=system_clock())


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


@main.command("label-keys")
@click.option("--new", is_flag=True, help="Add a secret that later runs use; old ones stay.")
def label_keys(new: bool) -> None:
    """List the ids of the secrets that item serials are proved with, the one in use last."""
    ring = KeyRing(settings().data_dir / FOLDER)
    if new:
        ring.rotate()
    click.echo("\n".join(ring.ids()))


@main.command("print")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", "address", help="A label printer on the network: host or host:9100.")
@click.option("--queue", help="A printer queue of CUPS; takes PDF as well.")
@click.option("--from", "first", default=1, type=click.IntRange(min=1), help="Label to begin with.")
@click.option("--wait", default=60, type=click.IntRange(1, 86_400), help="Seconds a stop may last.")
@click.option("--language", default=DEFAULT, type=click.Choice(LANGUAGES), show_default=True)
def print_command(
    file: Path, address: str | None, queue: str | None, first: int, wait: int, language: str
) -> None:
    """Print a file of labels; after a stop, go on with --from."""
    said = spoken(language)
    try:
        click.echo(said.say(print_file(file, address=address, queue=queue, first=first, wait=wait)))
    except (DomainError, PrinterTrouble) as refused:
        raise click.ClickException(said.say(refused.why)) from None


@main.command("openapi")
@click.option("--write", type=click.Path(path_type=Path), default=None)
def openapi(write: Path | None) -> None:
    """Print the API's description, or write it to a file."""
    described = json.dumps(create_app().openapi(), ensure_ascii=False, indent=1, sort_keys=True)
    if write:
        write.write_text(described + "\n")
    else:
        click.echo(described)


def _serve(chosen: Settings) -> None:
    uvicorn.run(
        "app.main:serving",
        factory=True,
        http="app.web.wire:Wire",
        host=chosen.host,
        port=chosen.port,
        workers=chosen.workers,
        # A busy machine takes longer than the usual five seconds to start a worker; killing it
        # then, and the next one, would never let any of them start.
        timeout_worker_healthcheck=WORKER_START_SECONDS,
        # A stranger's X-Forwarded-For is no address: only a named proxy is believed.
        proxy_headers=bool(chosen.trusted_proxies),
        forwarded_allow_ips=chosen.trusted_proxies or None,
        server_header=False,
        access_log=False,
    )


if __name__ == "__main__":
    main()
