"""What stands before an installation serves: schema, reference data, the demonstration, a first door."""

from collections.abc import Sequence
from urllib.parse import urlsplit

import click
from sqlalchemy import Engine
from sqlmodel import Session

from app import demo, reference
from app.accounts.first import open_first_door
from app.accounts.queries import has_administrator
from app.db import engine_for, transaction
from app.kit.clock import system_clock
from app.migrating import migrate
from app.registry.finding_commands import ensure_words
from app.registry.organisation_queries import count_organisations
from app.registry.tile_commands import ensure_tiles
from app.settings import Settings

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
ACCOUNTS_FILE = "demo-accounts.txt"


def prepared(chosen: Settings) -> Engine:
    """The database of an installation, at the newest schema and with its reference data."""
    chosen.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds hashes and secrets
    engine = engine_for(chosen.database)
    migrate(engine)
    with transaction(engine) as session:
        reference.load(session, now=system_clock())
        ensure_words(session)
        ensure_tiles(session)
    return engine


def demonstrate_once(engine: Engine, chosen: Settings) -> None:
    """Load the demonstration province where there are no organisations yet."""
    with transaction(engine) as session:
        if count_organisations(session) > 0:
            return
        click.echo("Preparing the demonstration province (once) …")
        people = demo.load(
            session, now=system_clock(), base_url=chosen.base_url, data_dir=chosen.data_dir
        )
    keep_accounts(chosen, people)


def keep_accounts(chosen: Settings, people: Sequence[demo.DemoPerson]) -> None:
    """Write down whom one can sign in as, for the owner of the machine alone."""
    told = "\n".join(
        f"{who.role:<15} {who.login:<16} {who.password}  ({who.name})" for who in people
    )
    file = chosen.data_dir / ACCOUNTS_FILE
    file.touch(mode=0o600)
    file.write_text(told + "\n")


def say_where(engine: Engine, chosen: Settings) -> None:
    """Print the address, and how somebody signs in."""
    file = chosen.data_dir / ACCOUNTS_FILE
    if urlsplit(chosen.base_url).hostname in LOOPBACK and chosen.host not in LOOPBACK:
        click.echo(
            "NGUONGOC_BASE_URL is not set: labels would lead to this machine only.", err=True
        )
    click.echo(f"\nNguồn Gốc: {chosen.base_url}   sign in: {chosen.base_url}/sign-in")
    if file.exists():
        click.echo(f"Demonstration accounts (kept in {file}):\n\n{file.read_text()}")
        return
    with transaction(engine) as session:
        if not has_administrator(session):
            echo_first_door(session, chosen)


def echo_first_door(session: Session, chosen: Settings) -> None:
    """Print the first administrator's link; refused when there is an administrator."""
    if has_administrator(session):
        raise click.ClickException("There is an administrator already.")
    token = open_first_door(session, now=system_clock())
    click.echo(f"First administrator (works once, for 24 hours): {chosen.base_url}/welcome/{token}")
