"""Everybody's own account: the password, and the second step at sign-in."""

from collections.abc import Callable
from textwrap import wrap

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts import second_factor_commands as factors
from app.accounts.caller import Caller
from app.accounts.commands import set_password
from app.accounts.one_time_codes import address_of
from app.accounts.second_factor_queries import (
    confirmed_factor,
    find_factor,
    must_have_factor,
    shortest_password,
    unused_recovery_codes,
)
from app.accounts.signing_in import SignInRefused, Steps, try_password
from app.deps import Call, Reading, StepsDep, Writing
from app.errors import refuse
from app.kit.messages import say
from app.models.accounts import Account
from app.web.drawn_code import drawn_code
from app.web.forms import Typed
from app.web.pages import Refusal, TypedForm, go_to, show, tried
from app.web.signing import place_of, too_many

router = APIRouter(prefix="/account", include_in_schema=False)


@router.get("")
def account_page(request: Request, call: Reading) -> Response:
    """Whether the account has a second step, and how to change it and the password."""
    return _account(request, call)


@router.post("/password")
def change_password_form(
    request: Request, call: Writing, typed: TypedForm, steps: StepsDep
) -> Response:
    """A new password; every session ends, this one too."""

    def effect() -> None:
        if typed.raw("new_password") != typed.raw("again"):
            raise refuse("again", say("The two passwords differ."))
        account = call.session.get_one(Account, call.caller.account_id)
        set_password(
            call.session, account=account, password=typed.raw("new_password"), now=call.now
        )

    outcome = _with_password(request, call, typed, steps, effect, new="new_password")
    if isinstance(outcome, Refusal):
        return _account(request, call, changing="password", refusal=outcome)
    return go_to("/sign-in?done=password")


@router.post("/second-factor")
def start_second_factor_form(
    request: Request, call: Writing, typed: TypedForm, steps: StepsDep
) -> Response:
    """Make a secret; the next page shows it."""

    def effect() -> None:
        account = call.session.get_one(Account, call.caller.account_id)
        factors.start_factor(call.session, account=account, now=call.now)

    outcome = _with_password(request, call, typed, steps, effect)
    if isinstance(outcome, Refusal):
        return _account(request, call, changing="second_factor", refusal=outcome)
    return go_to("/account/second-factor")


@router.get("/second-factor")
def second_factor_page(request: Request, call: Reading) -> Response:
    """The secret as a QR and as letters, until its first code confirms it."""
    return _enrolment(request, call)


@router.post("/second-factor/confirm")
def confirm_second_factor_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """The first code; the answer shows the recovery codes, this once."""
    codes = tried(
        call,
        lambda: factors.confirm_factor(
            call.session, caller=_person(call), typed=typed.raw("code")[:100], now=call.now
        ),
    )
    if isinstance(codes, Refusal):
        return _enrolment(request, call, refusal=codes)
    return show(request, call, "work/recovery_codes.html", codes=codes)


@router.post("/second-factor/remove")
def remove_second_factor_form(
    request: Request, call: Writing, typed: TypedForm, steps: StepsDep
) -> Response:
    """Only the password is asked for again."""

    def effect() -> None:
        factors.remove_factor(
            call.session, caller=_person(call), password=typed.raw("password"), now=call.now
        )

    outcome = _with_password(request, call, typed, steps, effect)
    if isinstance(outcome, Refusal):
        return _account(request, call, changing="remove", refusal=outcome)
    return go_to("/account?done=second_factor_removed")


@router.post("/recovery-codes")
def renew_recovery_codes_form(
    request: Request, call: Writing, typed: TypedForm, steps: StepsDep
) -> Response:
    """Ten new recovery codes, shown this once."""
    codes: list[str] = []

    def effect() -> None:
        codes.extend(factors.renew_recovery_codes(call.session, caller=_person(call), now=call.now))

    outcome = _with_password(request, call, typed, steps, effect)
    if isinstance(outcome, Refusal):
        return _account(request, call, changing="codes", refusal=outcome)
    return show(request, call, "work/recovery_codes.html", codes=codes)


def _with_password(
    request: Request,
    call: Call,
    typed: Typed,
    steps: Steps,
    effect: Callable[[], None],
    *,
    new: str = "password",
) -> Refusal | None:
    """Act for somebody who gives the password again; `new` is where a faulty new one was typed."""
    checked = try_password(
        steps,
        login=call.caller.login,
        password=typed.raw("password")[:1000],
        place=place_of(request),
        now=call.now,
    )
    if isinstance(checked, SignInRefused):
        wait = checked.retry_after
        why = too_many(wait) if wait else say("The password is wrong.")
        return Refusal(why, {"password": why})
    outcome = tried(call, effect)
    if not isinstance(outcome, Refusal):
        return None
    return Refusal(
        outcome.why, {new if at == "password" else at: why for at, why in outcome.fields.items()}
    )


def _person(call: Call) -> Caller:
    """The caller, who must have signed in: a key is no person who could hold a phone."""
    if call.caller.session_id is None:
        raise refuse("code", say("Sign in for this; a key cannot do it."))
    return call.caller


def _account(
    request: Request, call: Call, *, changing: str = "", refusal: Refusal | None = None
) -> Response:
    account_id = call.caller.account_id
    return show(
        request,
        call,
        "work/account.html",
        status=422 if refusal else 200,
        protected=confirmed_factor(call.session, account_id) is not None,
        demanded=must_have_factor(call.session, call.caller.role, call.today),
        codes_left=unused_recovery_codes(call.session, account_id),
        shortest=shortest_password(call.session, account_id),
        changing=changing,
        refusal=refusal,
    )


def _enrolment(request: Request, call: Call, *, refusal: Refusal | None = None) -> Response:
    factor = find_factor(call.session, call.caller.account_id)
    if factor is None or factor.confirmed_at is not None:
        return go_to("/account")
    return show(
        request,
        call,
        "work/second_factor.html",
        status=422 if refusal else 200,
        drawn=drawn_code(address_of(factor.secret, call.caller.login)),
        secret=" ".join(wrap(factor.secret, 4)),
        refusal=refusal,
    )
