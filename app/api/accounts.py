"""Accounts on the wire: who is calling, people of an organisation, API keys."""

from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, Field

from app.accounts import commands, queries
from app.accounts.caller import Caller
from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.api.shapes import In, Name, Out
from app.deps import Call, Config, OnceDep, PageArgs, Reading, Writing
from app.errors import Conflict, Malformed, NotFound, Refused
from app.models.accounts import ApiKey, Role
from app.registry.organisation_queries import organisation_by_uid

router = APIRouter(tags=["accounts"])


class MeOut(Out):
    """The caller: account, role and organisation."""

    account: UUID
    name: str = Field(examples=["Lý Thị Mẩy"])
    role: Role
    organisation: UUID
    organisation_name: str

    @classmethod
    def of(cls, caller: Caller) -> "MeOut":
        return cls(
            account=caller.account_uid,
            name=caller.name,
            role=caller.role,
            organisation=caller.organisation_uid,
            organisation_name=caller.organisation_name,
        )


class AccountIn(In):
    """Somebody to invite. The answer holds a one-time link with which they set a password."""

    login: str = Field(min_length=2, max_length=64, examples=["may.ly"])
    name: Name = Field(examples=["Lý Thị Mẩy"])
    role: Role
    organisation: UUID | None = Field(default=None, description="Your own unless given.")


class AccountOut(Out):
    """Somebody who may sign in, with one membership."""

    account: UUID
    login: str
    name: str
    role: Role
    organisation: UUID
    organisation_name: str
    since: date
    until: date | None
    disabled: bool

    @classmethod
    def of(cls, member: queries.Member) -> "AccountOut":
        return cls(
            account=member.account.uid,
            login=member.account.login,
            name=member.account.display_name,
            role=member.membership.role,
            organisation=member.organisation.uid,
            organisation_name=member.organisation.name,
            since=member.membership.valid_from,
            until=member.membership.valid_to,
            disabled=member.account.disabled_at is not None,
        )


class LinkOut(Out):
    """A one-time link; it is shown this once."""

    account: UUID
    link: str


class ApiKeyIn(In):
    """A key for a machine; it may do what you may do."""

    name: Name = Field(examples=["Kho Bắc Hà"])
    expires_at: AwareDatetime | None = None


class ApiKeyOut(Out):
    """A key without its secret."""

    id: UUID
    name: str
    prefix: str = Field(examples=["ngk_Zp3xYq"])
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None

    @classmethod
    def of(cls, key: ApiKey) -> "ApiKeyOut":
        return cls(
            id=key.uid,
            name=key.name,
            prefix=key.prefix,
            created_at=key.created_at,
            expires_at=key.expires_at,
            revoked_at=key.revoked_at,
        )


class ApiKeySecretOut(ApiKeyOut):
    """A new key with its secret, which is shown this once."""

    secret: str


@router.get("/me", responses=may_fail())
def read_me(call: Reading) -> MeOut:
    """Who is calling."""
    return MeOut.of(call.caller)


@router.get("/accounts", responses=may_fail(Malformed))
def list_accounts(call: Reading, page: PageArgs) -> PageOut[AccountOut]:
    """People who may sign in, newest first."""
    found = queries.members(call.session, within=call.within, after=page.after, limit=page.limit)
    return page_out(found, AccountOut.of)


@router.post(
    "/accounts",
    status_code=201,
    response_model=LinkOut,
    responses=may_fail(Malformed, NotFound, Conflict, Refused),
)
def invite_account(body: AccountIn, call: Writing, once: OnceDep, config: Config) -> Response:
    """Invite somebody into an organisation."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        organisation = organisation_by_uid(
            call.session, body.organisation or call.caller.organisation_uid, within=call.within
        )
        account, token = commands.invite_account(
            call.session,
            who=commands.Invitation(body.login, body.name, body.role),
            organisation=organisation,
            giver=call.caller.role,
            by=call.actor,
            now=call.now,
        )
        return _link(config.base_url, account.uid, token), {}

    return once(effect, shown_once="link")


@router.post(
    "/accounts/{account}/link",
    status_code=201,
    response_model=LinkOut,
    responses=may_fail(Malformed, NotFound),
)
def renew_account_link(account: UUID, call: Writing, once: OnceDep, config: Config) -> Response:
    """A new one-time link for somebody who forgot the password."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        found = queries.account_by_uid(call.session, account, within=call.within)
        token = commands.renew_link(call.session, account=found, by=call.actor, now=call.now)
        return _link(config.base_url, found.uid, token), {}

    return once(effect, shown_once="link")


@router.post("/accounts/{account}/disable", responses=may_fail(NotFound, Refused))
def disable_account(account: UUID, call: Writing) -> dict[str, bool]:
    """Shut an account. Doing it twice changes nothing."""
    found = queries.account_by_uid(call.session, account, within=call.within)
    commands.disable_account(call.session, account=found, by=call.actor, now=call.now)
    return {"disabled": True}


@router.get("/api-keys", responses=may_fail(Malformed))
def list_api_keys(call: Reading, page: PageArgs) -> PageOut[ApiKeyOut]:
    """Keys of the organisation, newest first."""
    found = queries.api_keys(call.session, within=call.within, after=page.after, limit=page.limit)
    return page_out(found, ApiKeyOut.of)


@router.post(
    "/api-keys",
    status_code=201,
    response_model=ApiKeySecretOut,
    responses=may_fail(Malformed, Refused),
)
def create_api_key(body: ApiKeyIn, call: Writing, once: OnceDep) -> Response:
    """A new key. A replayed answer does not hold the secret again."""
    return once(lambda: _new_key(body, call), shown_once="secret")


@router.post("/api-keys/{key}/revoke", responses=may_fail(NotFound))
def revoke_api_key(key: UUID, call: Writing) -> ApiKeyOut:
    """Stop a key at once."""
    found = queries.api_key_by_uid(call.session, key, within=call.within)
    return ApiKeyOut.of(
        commands.revoke_api_key(call.session, key=found, by=call.actor, now=call.now)
    )


def _new_key(body: ApiKeyIn, call: Call) -> tuple[BaseModel, dict[str, str]]:
    key, secret = commands.create_api_key(
        call.session,
        name=body.name,
        caller=call.caller,
        expires_at=body.expires_at,
        now=call.now,
    )
    return ApiKeySecretOut(**ApiKeyOut.of(key).model_dump() | {"secret": secret}), {}


def _link(base_url: str, account: UUID, token: str) -> LinkOut:
    return LinkOut(account=account, link=f"{base_url}/welcome/{token}")
