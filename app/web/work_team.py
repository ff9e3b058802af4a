"""People of an organisation, their one-time links, and API keys."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts import commands, queries, rules
from app.accounts.reach import Reach
from app.accounts.second_factor_commands import reset_factor
from app.accounts.second_factor_queries import protected_accounts
from app.deps import Call, Config, PageArgs, Reading, Writing
from app.models.accounts import Role
from app.registry.organisation_queries import organisation_by_uid, organisations
from app.web.pages import Refusal, TypedForm, go_to, show, tried
from app.web.words import ROLES

router = APIRouter(prefix="/work/team", include_in_schema=False)

MOST_CHOICES = 200


@router.get("")
def team_page(request: Request, call: Reading, page: PageArgs) -> Response:
    """Who may sign in."""
    return _team(request, call, after=page.after)


@router.post("/invite")
def invite_form(request: Request, call: Writing, typed: TypedForm, config: Config) -> Response:
    """Invite somebody; the link is shown this once."""

    def effect() -> str:
        wanted = typed.uid("organisation") or call.caller.organisation_uid
        role = typed.raw("role")
        login = typed.text("login", longest=64, required=True)
        name = typed.text("name", longest=120, required=True)
        typed.done()
        _, token = commands.invite_account(
            call.session,
            who=commands.Invitation(login, name, Role(role) if role in set(Role) else Role.GROWER),
            organisation=organisation_by_uid(call.session, wanted, within=call.within),
            giver=call.caller.role,
            by=call.actor,
            now=call.now,
        )
        return f"{config.base_url}/welcome/{token}"

    link = tried(call, effect)
    if isinstance(link, Refusal):
        return _team(request, call, typed=typed.fields, refusal=link)
    return _team(request, call, link=link)


@router.post("/{uid}/link")
def renew_link_form(request: Request, call: Writing, uid: UUID, config: Config) -> Response:
    """A new one-time link for somebody."""
    account = queries.account_by_uid(call.session, uid, within=call.within)
    token = commands.renew_link(call.session, account=account, by=call.actor, now=call.now)
    return _team(request, call, link=f"{config.base_url}/welcome/{token}")


@router.post("/{uid}/disable")
def disable_form(request: Request, call: Writing, uid: UUID) -> Response:
    """Shut an account."""
    account = queries.account_by_uid(call.session, uid, within=call.within)
    outcome = tried(
        call,
        lambda: commands.disable_account(
            call.session, account=account, by=call.actor, now=call.now
        ),
    )
    if isinstance(outcome, Refusal):
        return _team(request, call, refusal=outcome)
    return go_to("/work/team?done=disabled")


@router.post("/{uid}/second-factor")
def reset_second_factor_form(request: Request, call: Writing, uid: UUID) -> Response:
    """For somebody who lost the phone and the recovery codes."""
    account = queries.account_by_uid(call.session, uid, within=call.within)
    outcome = tried(
        call, lambda: reset_factor(call.session, account=account, by=call.actor, now=call.now)
    )
    if isinstance(outcome, Refusal):
        return _team(request, call, refusal=outcome)
    return go_to("/work/team?done=second_factor_reset")


@router.post("/keys")
def new_key_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """A new API key; its secret is shown this once."""

    def effect() -> str:
        name = typed.text("key_name", longest=80, required=True)
        typed.done()
        _, secret = commands.create_api_key(
            call.session, name=name, caller=call.caller, expires_at=None, now=call.now
        )
        return secret

    secret = tried(call, effect)
    if isinstance(secret, Refusal):
        return _team(request, call, typed=typed.fields, refusal=secret)
    return _team(request, call, secret=secret)


@router.post("/keys/{uid}/revoke")
def revoke_key_form(call: Writing, uid: UUID) -> Response:
    """Stop a key."""
    key = queries.api_key_by_uid(call.session, uid, within=call.within)
    commands.revoke_api_key(call.session, key=key, by=call.actor, now=call.now)
    return go_to("/work/team?done=revoked")


def _team(
    request: Request,
    call: Call,
    *,
    after: str | None = None,
    link: str | None = None,
    secret: str | None = None,
    typed: dict[str, str] | None = None,
    refusal: Refusal | None = None,
) -> Response:
    own = Reach.own(call.caller.organisation_id)
    members = queries.members(call.session, within=call.within, after=after, limit=50)
    return show(
        request,
        call,
        "work/team.html",
        status=422 if refusal else 200,
        members=members,
        protected=protected_accounts(call.session, [one.account.pk for one in members.items]),
        keys=queries.api_keys(call.session, within=own, limit=50).items,
        roles=[
            (role.value, call.language.say(ROLES[role.value]))
            for role in Role
            if rules.may_grant(call.caller.role, role)
        ],
        organisations=_organisations(call),
        link=link,
        secret=secret,
        typed=typed or {},
        refusal=refusal,
    )


def _organisations(call: Call) -> list[tuple[str, str]]:
    if not call.within.everything:
        return []
    found = organisations(call.session, within=call.within, limit=MOST_CHOICES)
    return [(str(one.uid), one.name) for one in found.items]
