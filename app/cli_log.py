"""Commands over the public log: publish, look again, keys, breaks, erasing; verifying and witnessing it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import click
from sqlalchemy import Engine

from app.db import engine_for, transaction
from app.errors import DomainError
from app.kit.clock import system_clock
from app.kit.i18n import DEFAULT, LANGUAGES, Language
from app.kit.i18n import language as spoken
from app.kit.messages import Message, say
from app.ledger.actors import Actor
from app.ledger.erasing import erase_personal_parts, positions_with_personal_part
from app.models.transparency import LogBreak
from app.settings import settings
from app.transparency.breaks import declare_break
from app.transparency.faults import FAULT_WORDS, Fault, LogAtFault
from app.transparency.fetching import RemoteLog
from app.transparency.log_keys import LogKeys
from app.transparency.notes import COSIGNATURE_V1, BadNote, Note, Verifier, public_bytes, read_note
from app.transparency.publishing import introduce_key
from app.transparency.queries import verifiers
from app.transparency.tending import look_again, publish, settle
from app.transparency.the_log import TheLog
from app.transparency.verifying import Report, Trust, verify_bundle
from app.transparency.witnessing import vouch

language_option = click.option(
    "--language", default=DEFAULT, type=click.Choice(LANGUAGES), show_default=True
)


@click.group("log")
def log_group() -> None:
    """The public log that proves that no record was altered."""


@log_group.command("checkpoint")
def log_checkpoint() -> None:
    """Publish what is new, and print the newest checkpoint."""
    with _engine() as engine:
        log = TheLog.of(settings())
        _settle(engine, log)
        made = publish(engine, log, system_clock())
        click.echo(made.note if made else "Nothing new to publish.", nl=made is None)


@log_group.command("check")
@click.option("--new-only", is_flag=True, help="Only what was not looked at yet.")
def log_check(new_only: bool) -> None:
    """Make the tree anew from the stored records and compare it with what was published."""
    with _engine() as engine:
        _settle(engine, TheLog.of(settings()))
        check = look_again(engine, system_clock(), full=not new_only)
    if check.fault:
        where = f" First at entry {check.bad}." if check.bad is not None else ""
        raise click.ClickException(f"{FAULT_WORDS[Fault(check.fault)]}{where}")
    click.echo(f"{check.size} entries, root {check.root.hex()}: whole")


@log_group.command("key")
@click.option("--new", is_flag=True, help="Add a key that signs from now on, beside the others.")
def log_key(new: bool) -> None:
    """Print the keys people pin to verify the log, the newest first."""
    log = TheLog.of(settings())
    with _engine() as engine, transaction(engine) as session:
        if new:
            introduce_key(session, log, by=Actor.system(), now=system_clock())
        known = verifiers(session)
    keys = known or [Verifier(log.name, public_bytes(key)) for key in log.keys.signing_keys()]
    click.echo("\n".join(map(str, keys)))


@log_group.command("declare-break")
@click.option("--reason", required=True, help="Why the log does not go on from what was published.")
def log_declare_break(reason: str) -> None:
    """Go on, under another name, where the stored tree no longer gives what was published."""
    log = TheLog.of(settings())
    with _refusing(), _engine() as engine:
        _settle(engine, log)
        with transaction(engine) as session:
            made = declare_break(session, log, reason=reason, by=Actor.system(), now=system_clock())
            click.echo(_broken(made))


@log_group.command("erase")
@click.argument("subject")
@click.option("--reason", required=True, help="On whose request; kept beside the ledger.")
def log_erase(subject: str, reason: str) -> None:
    """Erase the personal parts of all facts about a subject; every old proof stays valid."""
    with _refusing(), _engine() as engine, transaction(engine) as session:
        positions = positions_with_personal_part(session, subject)
        erased = erase_personal_parts(
            session, positions=positions, reason=reason, by=Actor.system(), now=system_clock()
        )
        click.echo(f"{erased} personal parts erased in the ledger; the registers are as they were.")


@click.command("verify")
@click.argument("source")
@click.option("--key", "keys", multiple=True, required=True, help="A key of the log you trust.")
@click.option("--witness", "witnesses", multiple=True, help="A witness's key you trust.")
@click.option(
    "--checkpoint",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A checkpoint you kept earlier.",
)
@language_option
def verify_command(
    source: str,
    keys: tuple[str, ...],
    witnesses: tuple[str, ...],
    checkpoint: Path | None,
    language: str,
) -> None:
    """Check the evidence of a lot: a file, or the address of its page. Trusts no server."""
    said = spoken(language)
    with _refusing(said):
        remote = RemoteLog.at(source) if "://" in source else None
        trust = Trust(
            keys=tuple(map(_key, keys)),
            witnesses=tuple(map(_key, witnesses)),
            checkpoint=_kept(checkpoint),
            between=remote.consistency if remote else None,
        )
        content = remote.evidence(_code_in(source)) if remote else _content(source)
        report = verify_bundle(content, trust)
    _tell(said, report)
    if not report.whole:
        raise SystemExit(1)


@click.command("witness")
@click.argument("address")
@click.option("--log-key", required=True, help="The key of the log you trust.")
@click.option(
    "--name", required=True, help="Your name as a witness, such as example.vn/chung-nhan."
)
@click.option(
    "--folder",
    default="witness",
    show_default=True,
    type=click.Path(path_type=Path),
    help="Where your key and what you saw last are kept.",
)
@language_option
def witness_command(address: str, log_key: str, name: str, folder: Path, language: str) -> None:
    """Vouch for a log: see that it only grew since your last look, sign, and hand the signature in."""
    said = spoken(language)
    with _refusing(said):
        key = LogKeys(folder).signing_keys()[0]
        click.echo(str(Verifier(name, public_bytes(key), COSIGNATURE_V1)))
        remote = RemoteLog.at(address)
        pinned = _key(log_key)
        seen, now = folder / "seen", system_clock()
        checkpoint, line = vouch(remote, pinned=pinned, name=name, key=key, seen=seen, now=now)
        remote.send(str(checkpoint), line)
        click.echo(f"{checkpoint.origin}: {checkpoint.size} entries, signed.")


def _tell(said: Language, report: Report) -> None:
    for entry in report.entries:
        verdict = said.say(entry.fault) if entry.fault else "✓"
        click.echo(f"{entry.position:>9}  {entry.at[:19]}  {entry.kind}  {verdict}")
    for sentence in (*report.faults, *_verdict(report)):
        click.echo(said.say(sentence))


def _verdict(report: Report) -> Iterator[Message]:
    checkpoint, bad = report.checkpoint, report.first_bad
    if checkpoint is not None:
        told = f"{checkpoint.origin} {checkpoint.size} {checkpoint.root.hex()}"
        yield say("Checkpoint: {told}", told=told)
    for one in report.breaks:
        yield say(
            "The log declared break {number}: {kept} of {size} published records still stand.",
            number=one.number,
            kept=one.kept,
            size=one.size,
        )
    for name in report.cosigned_by:
        yield say("Vouched for by {name}.", name=name)
    if bad is not None:
        yield say("NOT PROVEN. The first bad record: {position}.", position=bad.position)
    elif not report.whole:
        yield say("NOT PROVEN.")
    else:
        yield say("PROVEN: {count} records.", count=len(report.entries))


def _key(text: str) -> Verifier:
    try:
        file = Path(text)
        return Verifier.read(file.read_text() if file.is_file() else text)
    except (BadNote, OSError, UnicodeDecodeError):
        raise click.BadParameter(f"no key: {text[:80]}") from None


def _kept(file: Path | None) -> Note | None:
    if file is None:
        return None
    try:
        return read_note(file.read_text())
    except (BadNote, UnicodeDecodeError):
        raise click.BadParameter(f"no checkpoint: {file}") from None


def _content(source: str) -> bytes:
    try:
        return Path(source).read_bytes()
    except OSError as failed:
        raise click.BadParameter(str(failed)) from None


def _code_in(address: str) -> str:
    """The lot's code in the address of its page, whichever of its pages that is."""
    parts = [part for part in urlsplit(address).path.split("/") if part]
    found = next((part for part in parts if part.upper().startswith("LC")), "")
    if not found.isalnum():
        raise click.BadParameter(f"no lot in this address: {address[:80]}")
    return found.upper()


def _settle(engine: Engine, log: TheLog) -> None:
    """What every look at the log begins with; what is in its way ends the command and is said."""
    found = settle(engine, log, system_clock())
    if isinstance(found, LogAtFault):
        raise click.ClickException(f"{FAULT_WORDS[found.fault]} This log is {log.name}.")
    if found is not None:
        click.echo(f"The database is older than what was published. {_broken(found)}")


def _broken(made: LogBreak) -> str:
    return f"Break {made.number}: {made.kept} of {made.size} published entries still stand."


@contextmanager
def _engine() -> Iterator[Engine]:
    engine = engine_for(settings().database)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _refusing(said: Language | None = None) -> Iterator[None]:
    reader = said or spoken("en")
    try:
        yield
    except DomainError as refused:
        raise click.ClickException(reader.say(refused.why)) from None
