"""Accounts on the wire: who is calling, people of an organisation, API keys."""

from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, Field

from app.accounts import commands, queries
from app.accounts.caller import Caller
from app.accounts.second_factor_commands import reset_factor
from app.accounts.second_factor_queries import confirmed_factor, protected_accounts
from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.api.shapes import In, Name, Out
from app.deps import Call, Config, OnceDep, PageArgs, Reading, Writing
from app.errors import Conflict, Malformed, NotFound, Refused
from app.models.accounts import ApiKey, Role
from app.registry.organisation_queries import organisation_by_uid

router = APIRouter(tags=["accounts"])


class MeOut(Out):
    """The caller: account, role and organisation, and whether a code is asked for at sign-in."""

    account: UUID
    name: str = Field(examples=["Lý Thị Mẩy"])
    role: Role
    organisation: UUID
    organisation_name: str
    second_factor: bool

    @classmethod
    def of(cls, caller: Caller, *, second_factor: bool) -> "MeOut":
        return cls(
            account=caller.account_uid,
            name=caller.name,
            role=caller.role,
            organisation=caller.organisation_uid,
            organisation_name=caller.organisation_name,
            second_factor=second_factor,
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
    second_factor: bool

    @classmethod
    def of(cls, member: queries.Member, *, second_factor: bool) -> "AccountOut":
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
            second_factor=second_factor,
        )


class DisabledOut(Out):
    """An account that is shut."""

    disabled: bool


class SecondFactorOut(Out):
    """Whether a code is asked for at sign-in, after the password."""

    account: UUID
    second_factor: bool


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
    protected = confirmed_factor(call.session, call.caller.account_id) is not None
    return MeOut.of(call.caller, second_factor=protected)


@router.get("/accounts", responses=may_fail(Malformed))
def list_accounts(call: Reading, page: PageArgs) -> PageOut[AccountOut]:
    """People who may sign in, newest first."""
    found = queries.members(call.session, within=call.within, after=page.after, limit=page.limit)
    protected = protected_accounts(call.session, [one.account.pk for one in found.items])
    return page_out(
        found, lambda one: AccountOut.of(one, second_factor=one.account.pk in protected)
    )


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


@router.post(
    "/accounts/{account}/disable",
    response_model=DisabledOut,
    responses=may_fail(Malformed, NotFound, Refused),
)
def disable_account(account: UUID, call: Writing, once: OnceDep) -> Response:
    """Shut an account. Doing it twice changes nothing."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        found = queries.account_by_uid(call.session, account, within=call.within)
        commands.disable_account(call.session, account=found, by=call.actor, now=call.now)
        return DisabledOut(disabled=True), {}

    return once(effect, status=200)


@router.post(
    "/accounts/{account}/second-factor/reset",
    response_model=SecondFactorOut,
    responses=may_fail(Malformed, NotFound, Refused),
)
def reset_second_factor(account: UUID, call: Writing, once: OnceDep) -> Response:
    """Take the second step away from somebody who lost the phone. Twice changes nothing."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        found = queries.account_by_uid(call.session, account, within=call.within)
        reset_factor(call.session, account=found, by=call.actor, now=call.now)
        return SecondFactorOut(account=found.uid, second_factor=False), {}

    return once(effect, status=200)


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


@router.post(
    "/api-keys/{key}/revoke",
    response_model=ApiKeyOut,
    responses=may_fail(Malformed, NotFound),
)
def revoke_api_key(key: UUID, call: Writing, once: OnceDep) -> Response:
    """Stop a key at once. Doing it twice changes nothing."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        found = queries.api_key_by_uid(call.session, key, within=call.within)
        commands.revoke_api_key(call.session, key=found, by=call.actor, now=call.now)
        return ApiKeyOut.of(found), {}

    return once(effect, status=200)


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
