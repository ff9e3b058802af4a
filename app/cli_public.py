"""Commands about what is published: copies of the public pages, the keys that sign, and verifying."""

import json
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.db import engine_for
from app.errors import DomainError
from app.kit.clock import system_clock
from app.kit.i18n import DEFAULT, LANGUAGES, Language
from app.kit.i18n import language as spoken
from app.kit.messages import say
from app.main import create_app
from app.provenance.statement_keys import StatementKeys, keys_in
from app.provenance.statements import NoStatement, Verified, verify
from app.settings import settings
from app.web.copies.copying import copy_public
from app.web.copies.fetching import fetching_from
from app.web.copies.proof import find_faults
from app.web.words import NUMBER_STATES

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("statement-keys")
@click.option(
    "--new", is_flag=True, help="Add a key that signs from now on; old ones still verify."
)
def statement_keys(new: bool) -> None:
    """Print the public keys of signed statements and exports as a JSON Web Key Set."""
    ring = StatementKeys(settings().statement_keys_folder)
    if new:
        ring.add()
    click.echo(json.dumps(ring.public(), indent=1))


@click.command("verify-paper")
@click.argument("file", type=FILE)
@click.option(
    "--keys", "key_file", type=FILE, help="A saved jwks.json; else this installation's keys."
)
@click.option("--language", default=DEFAULT, type=click.Choice(LANGUAGES), show_default=True)
def verify_paper(file: Path, key_file: Path | None, language: str) -> None:
    """Check a signed statement (JSON) of a certificate or code, without a network."""
    said = spoken(language)
    try:
        found = verify(file.read_bytes(), _keys(key_file))
    except NoStatement as refused:
        raise click.ClickException(said.say(refused.why)) from None
    for line in _told(found, said):
        click.echo(line)
    if not found.is_current(system_clock()):
        raise click.ClickException(
            said.say(say("It is genuine, but no longer current: ask again."))
        )


@click.command("export-public")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export_public(folder: Path) -> None:
    """Write all public pages as plain files that need no server; again: only what changed."""
    chosen, now = settings(), system_clock()
    engine = engine_for(chosen.database)
    app = create_app(chosen, engine=engine)
    try:
        with fetching_from(app, chosen.base_url) as fetch:
            copied = copy_public(
                engine,
                folder,
                fetch=fetch,
                keys=StatementKeys(chosen.statement_keys_folder),
                base_url=chosen.base_url,
                now=now,
                progress=lambda seen: click.echo(f"{seen} pages …", err=True),
            )
    except DomainError as refused:
        raise click.ClickException(str(refused.why)) from None
    finally:
        engine.dispose()
    click.echo(f"{copied.pages} pages; {copied.written} files written, {copied.removed} removed.")


@click.command("verify-copy")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--keys", "key_file", type=FILE, help="A saved jwks.json; else this installation's.")
@click.option("--language", default=DEFAULT, type=click.Choice(LANGUAGES), show_default=True)
def verify_copy(folder: Path, key_file: Path | None, language: str) -> None:
    """Check a copy of the public pages: every file, and the signature over their list."""
    said = spoken(language)
    faults = 0
    for fault in find_faults(folder, _keys(key_file)):
        faults += 1
        click.echo(said.say(fault), err=True)
    if faults:
        raise click.ClickException(said.say(say("The copy is not as it was signed.")))
    click.echo(said.say(say("The copy is whole and genuine.")))


def _keys(key_file: Path | None) -> dict[str, Ed25519PublicKey]:
    if key_file is None:
        return keys_in(StatementKeys(settings().statement_keys_folder).public())
    try:
        return keys_in(json.loads(key_file.read_bytes()))
    except ValueError:
        raise click.ClickException(f"{key_file} holds no JSON Web Key Set.") from None


def _told(found: Verified, said: Language) -> list[str]:
    statement = found.statement
    about = statement.get("about", {})
    state = NUMBER_STATES.get(str(statement.get("state")), say("Unknown number"))
    number = say("{number}: {state}", number=str(about.get("number")), state=state)
    issued = say(
        "Stated by {issuer} at {moment}.",
        issuer=str(statement.get("issuer")),
        moment=found.issued_at,
    )
    until = say("Good until {moment}.", moment=found.valid_until)
    return [said.say(number), said.say(issued), said.say(until), f"{about.get('page')}"]


public_commands = (statement_keys, verify_paper, export_public, verify_copy)
