"""Signed statements of what a number is worth, and the public keys that verify them."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Response
from pydantic import Field

from app.api.problems import may_fail
from app.api.shapes import Code, Out
from app.certificates.public_queries import State
from app.deps import Config, Reading
from app.errors import Refused
from app.provenance.statement_keys import StatementKeys
from app.provenance.statements import ALGORITHM, signed
from app.provenance.stating import About, certificate_stated, code_stated

router = APIRouter(prefix="/public", tags=["provenance"])

CACHE = "public, max-age=0, s-maxage=30, must-revalidate"
# A new key is published the moment it signs; verifiers that keep the set look again for one unknown.
KEYS_CACHE = "public, max-age=300"


class AboutOut(Out):
    """Which number, as it is recorded, and the page that says the same."""

    kind: About
    number: str = Field(examples=["VietGAP-TT-13-09-10-0001"])
    page: str = Field(examples=["https://txng.laocai.gov.vn/certificates/VietGAP-TT-13-09-10-0001"])


class StatementOut(Out):
    """What is stated. `records`: each record of the number, with what it covers."""

    format: str = Field(examples=["nguongoc.statement/1"])
    about: AboutOut
    issuer: str = Field(examples=["https://txng.laocai.gov.vn"])
    state: State
    since: date | None
    on: date
    issued_at: str = Field(examples=["2026-11-20T03:00:00Z"])
    valid_until: str = Field(examples=["2026-11-21T03:00:00Z"])
    records: list[dict[str, Any]] = Field(
        examples=[[{"number": "VietGAP-TT-13-09-10-0001", "state": "valid"}]]
    )
    demonstration: bool


class SignatureOut(Out):
    """Over the RFC 8785 bytes of `statement`; `key` is the thumbprint (RFC 7638) of the key."""

    algorithm: str = Field(examples=[ALGORITHM])
    key: str = Field(examples=["kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"])
    value: str = Field(examples=["hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbh…"])


class SignedOut(Out):
    """A statement that anybody can verify with the published keys, with or without this server."""

    statement: StatementOut
    signature: SignatureOut


class KeyOut(Out):
    """A public key (RFC 7517, RFC 8037)."""

    kty: str = Field(examples=["OKP"])
    crv: str = Field(examples=["Ed25519"])
    x: str = Field(examples=["11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"])
    kid: str = Field(examples=["kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"])
    alg: str = Field(examples=["EdDSA"])
    use: str = Field(examples=["sig"])


class KeySetOut(Out):
    """The key that signs now first, then former ones."""

    keys: list[KeyOut]


@router.get(
    "/statements/certificates/{number:path}",
    response_model=SignedOut,
    responses=may_fail(Refused),
)
def read_certificate_statement(number: Code, call: Reading, config: Config) -> Response:
    """What a certificate number is worth now, signed: `unknown` too."""
    stated = certificate_stated(call.session, number, issuer=config.base_url, now=call.now)
    return _signed(stated, config)


@router.get("/statements/codes/{code}", response_model=SignedOut, responses=may_fail(Refused))
def read_code_statement(code: Code, call: Reading, config: Config) -> Response:
    """What a planting-area code is worth now, signed: `unknown` too."""
    stated = code_stated(call.session, code, issuer=config.base_url, now=call.now)
    return _signed(stated, config)


@router.get("/keys", response_model=KeySetOut, responses=may_fail())
def read_statement_keys(config: Config, response: Response) -> dict[str, Any]:
    """The keys that sign statements and exports, as a JSON Web Key Set; also at /.well-known/jwks.json."""
    response.headers["Cache-Control"] = KEYS_CACHE
    return StatementKeys(config.statement_keys_folder).public()


def _signed(stated: dict[str, Any], config: Config) -> Response:
    content = signed(stated, StatementKeys(config.statement_keys_folder).signing())
    return Response(content, media_type="application/json", headers={"Cache-Control": CACHE})
