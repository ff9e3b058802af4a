"""Signed statements of numbers: every state told apart, verified without us, refused when changed."""

import base64
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from click.testing import CliRunner
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlmodel import Session
from starlette.testclient import TestClient

from app.certificates.commands import Change, change_status
from app.cli import main
from app.ledger.actors import Actor
from app.models.accounts import Role
from app.models.certificates import Certificate, CertificateStatus
from app.models.registry import OrganisationKind, PlantingArea
from app.provenance.statement_keys import StatementKeys, keys_in
from app.provenance.statements import NoStatement, signed, verify
from app.registry.code_commands import Change as CodeChange
from app.registry.code_commands import revoke_code, suspend_code, warn_code
from tests.conftest import BASE_URL, Clock
from tests.given import Given

BY = Actor.system()
OF_CERTIFICATES = "/api/v1/public/statements/certificates/"
OF_CODES = "/api/v1/public/statements/codes/"


def asked(client: TestClient, session: Session, path: str) -> dict[str, Any]:
    """The statement at an address, verified as a stranger would: with RFC 8785 and the key set alone."""
    session.commit()
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    verify_as_stranger(told, client.get("/.well-known/jwks.json").json())
    return told["statement"]


def verify_as_stranger(told: dict[str, Any], keys: dict[str, Any]) -> None:
    jwk = next(key for key in keys["keys"] if key["kid"] == told["signature"]["key"])
    public = Ed25519PublicKey.from_public_bytes(unpadded(jwk["x"]))
    public.verify(unpadded(told["signature"]["value"]), rfc8785.dumps(told["statement"]))


def unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "==")


def stop(session: Session, given: Given, held: Certificate, status: CertificateStatus) -> None:
    change = Change(status, given.day(0), "Không duy trì điều kiện.")
    change_status(session, certificate=held, change=change, by=BY, now=given.now)


@pytest.fixture
def area(given: Given) -> PlantingArea:
    return given.area(given.cooperative("HTX Rau Bản Phố"))


def test_every_state_of_a_certificate_is_told_apart(
    client: TestClient, session: Session, given: Given, area: PlantingArea
) -> None:
    given.certificate(area, number="VALID")
    given.certificate(area, number="PENDING", valid_from=given.day(5), valid_to=given.day(300))
    given.certificate(area, number="EXPIRED", valid_to=given.day(-1))
    stop(session, given, given.certificate(area, number="SUSPENDED"), CertificateStatus.SUSPENDED)
    stop(session, given, given.certificate(area, number="WITHDRAWN"), CertificateStatus.WITHDRAWN)
    former = given.certificate(area, number="REPLACED", standard="ORGANIC_2017")
    given.certificate(
        area,
        number="SUCCESSOR",
        standard="ORGANIC_2017",
        predecessor=former.uid,
        valid_from=given.day(0),
        issued_on=given.day(0),
    )
    given.certificate(area, number="DISPUTED").disputed = True
    states = ("valid", "pending", "expired", "suspended", "withdrawn", "replaced", "disputed")
    for state in (*states, "unknown"):
        said = asked(client, session, OF_CERTIFICATES + state.upper())
        assert (said["state"], said["about"]["number"]) == (state, state.upper())
        page = client.get(f"/certificates/{state.upper()}", headers={"accept-language": "en"})
        assert page.status_code == (404 if state == "unknown" else 200)
    assert asked(client, session, OF_CERTIFICATES + "VALID")["issuer"] == BASE_URL


def test_every_state_of_a_code_is_told_apart(
    client: TestClient, session: Session, given: Given
) -> None:
    codes = {name: given.code(given.area()) for name in ("valid", "warned", "suspended", "revoked")}
    change = CodeChange(given.day(-1), "Dùng thuốc ngoài danh mục.")
    for name, command in (
        ("warned", warn_code),
        ("suspended", suspend_code),
        ("revoked", revoke_code),
    ):
        command(session, code=codes[name], change=change, by=BY, now=given.now)
    expected = {
        "valid": "valid",
        "warned": "valid",
        "suspended": "suspended",
        "revoked": "withdrawn",
    }
    for name, state in expected.items():
        said = asked(client, session, OF_CODES + codes[name].code)
        assert (said["state"], said["about"]["kind"]) == (state, "planting_area_code")
        assert said["records"][0]["status"] == ("active" if name == "valid" else name)
        assert said["since"] == given.day(-60 if name == "valid" else -1).isoformat()
    assert asked(client, session, OF_CODES + "15-PUC-BAPCAI01-999999-VNM")["state"] == "unknown"


def test_a_statement_is_good_for_a_day_and_not_beyond_a_known_change(
    client: TestClient, session: Session, given: Given, area: PlantingArea
) -> None:
    given.certificate(area, number="LONG")
    given.certificate(area, number="LAST-DAY", valid_to=given.day(0))
    assert asked(client, session, OF_CERTIFICATES + "LONG")["valid_until"] == "2026-11-21T03:00:00Z"
    last = asked(client, session, OF_CERTIFICATES + "LAST-DAY")
    assert last["issued_at"] == "2026-11-20T03:00:00Z"
    assert last["valid_until"] == "2026-11-20T17:00:00Z"  # midnight in Viet Nam


def test_an_unnamed_household_is_not_named_in_a_statement(
    client: TestClient, session: Session, given: Given
) -> None:
    home = given.organisation(OrganisationKind.HOUSEHOLD, "Hộ Sùng Seo Lử")
    place = given.area(home, name="Nương nhà Lử")
    code = given.code(place)
    given.certificate(place, number="VG-LE-1")
    session.commit()
    for path in (OF_CERTIFICATES + "VG-LE-1", OF_CODES + code.code):
        assert "Lử" not in client.get(path).text


def test_a_number_with_a_slash_and_hostile_numbers(
    client: TestClient, session: Session, given: Given, area: PlantingArea
) -> None:
    given.certificate(area, number="12/2026/VG")
    assert asked(client, session, OF_CERTIFICATES + "12/2026/VG")["state"] == "valid"
    for hostile in ("x" * 8192, "%00", "%ED%A0%80", "%0d%0aX: y", "..%2f..%2f"):
        for start in (OF_CERTIFICATES, OF_CODES):
            answer = client.get(start + hostile)
            assert answer.status_code in {200, 404, 422}, (start, hostile)


@pytest.fixture
def ring(tmp_path: Path) -> StatementKeys:
    return StatementKeys(tmp_path / "keys")


STATEMENT = {
    "format": "nguongoc.statement/1",
    "about": {"kind": "certificate", "number": "VG-1", "page": "https://x.test/certificates/VG-1"},
    "issuer": "https://x.test",
    "state": "valid",
    "issued_at": "2026-11-20T03:00:00Z",
    "valid_until": "2026-11-21T03:00:00Z",
}


def test_any_changed_byte_is_refused(ring: StatementKeys) -> None:
    content = signed(STATEMENT, ring.signing())
    keys = keys_in(ring.public())
    assert verify(content, keys).statement["state"] == "valid"  # the control: as it was written
    for at in range(len(content)):
        for bit in (0x01, 0x20):
            changed = bytearray(content)
            changed[at] ^= bit
            with pytest.raises(NoStatement):
                verify(bytes(changed), keys)


def test_spaces_and_order_do_not_matter_and_members_twice_do(ring: StatementKeys) -> None:
    content, keys = signed(STATEMENT, ring.signing()), keys_in(ring.public())
    pretty = json.dumps(dict(reversed(json.loads(content).items())), indent=4).encode()
    assert verify(pretty, keys).key == ring.signing().name
    twice = content.replace(b'"state":"valid"', b'"state":"unknown","state":"valid"')
    with pytest.raises(NoStatement):
        verify(twice, keys)


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"statement":1,"signature":2}'],
)
def test_what_is_no_statement_is_refused(ring: StatementKeys, content: bytes) -> None:
    with pytest.raises(NoStatement, match="no signed statement"):
        verify(content, keys_in(ring.public()))


def test_a_new_key_signs_and_the_former_still_verifies(ring: StatementKeys) -> None:
    former = signed(STATEMENT, ring.signing())
    added = ring.add()
    keys = ring.public()
    assert keys["keys"][0]["kid"] == added.name
    assert verify(former, keys_in(keys)).key != added.name
    assert verify(signed(STATEMENT, ring.signing()), keys_in(keys)).key == added.name
    only_new = {"keys": keys["keys"][:1]}
    with pytest.raises(NoStatement, match="not among"):
        verify(former, keys_in(only_new))


def test_another_s_key_under_the_same_name_is_not_believed(
    ring: StatementKeys, tmp_path: Path
) -> None:
    content = signed(STATEMENT, ring.signing())
    forged = StatementKeys(tmp_path / "forger").public()
    forged["keys"][0]["kid"] = ring.signing().name
    with pytest.raises(NoStatement):
        verify(content, keys_in(forged))
    with pytest.raises(InvalidSignature):  # the control: a stranger who believes the name
        verify_as_stranger(json.loads(content), forged)


def test_the_keys_are_readable_by_their_owner_only(ring: StatementKeys) -> None:
    ring.signing()
    (file,) = ring.folder.iterdir()
    assert file.stat().st_mode & 0o077 == 0


def test_the_command_verifies_without_a_network(
    client: TestClient,
    session: Session,
    given: Given,
    area: PlantingArea,
    tmp_path: Path,
    clock: Clock,
) -> None:
    given.certificate(area, number="VG-1")
    session.commit()
    keys, file = tmp_path / "jwks.json", tmp_path / "statement.json"
    keys.write_bytes(client.get("/.well-known/jwks.json").content)
    file.write_bytes(client.get(OF_CERTIFICATES + "VG-1").content)
    command = ["verify-paper", str(file), "--keys", str(keys), "--language", "en"]
    ran = CliRunner().invoke(main, command)
    assert "VG-1: Valid" in ran.output
    assert BASE_URL in ran.output
    changed = file.read_bytes().replace(b'"state":"valid"', b'"state":"vAlid"', 1)
    file.write_bytes(changed)
    ran = CliRunner().invoke(main, command)
    assert ran.exit_code == 1
    assert "something was changed" in ran.output


def test_an_old_statement_is_genuine_and_no_longer_current(ring: StatementKeys, now: Any) -> None:
    found = verify(signed(STATEMENT, ring.signing()), keys_in(ring.public()))
    assert found.is_current(now)
    assert not found.is_current(now + timedelta(days=1))


def test_who_may_do_more_gets_the_same_statement(
    client: TestClient, session: Session, given: Given, area: PlantingArea
) -> None:
    given.certificate(area, number="VG-1")
    headers = given.headers(Role.PROVINCE_ADMIN)
    session.commit()
    path = OF_CERTIFICATES + "VG-1"
    assert client.get(path, headers=headers).content == client.get(path).content
