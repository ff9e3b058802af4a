"""Signing in, signing out, and setting a password through a one-time link."""

from datetime import timedelta
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.commands import use_link
from app.accounts.queries import find_link
from app.accounts.rules import HALF_SIGN_IN_LIFE
from app.accounts.second_factor_queries import find_half, shortest_password
from app.accounts.signing_in import CodeWanted, SignedIn, finish_sign_in, sign_in, sign_out
from app.deps import Call, Config, Reading, StepsDep, Writing
from app.errors import Gone
from app.identifying import session_cookie
from app.kit.messages import Message, say
from app.settings import Settings
from app.web.pages import Refusal, TypedForm, go_to, show, tried
from app.web.public import local_address

router = APIRouter(include_in_schema=False)

HOMES = {"inspector": "/desk", "province_admin": "/desk", "certifier": "/work/certificates"}
HOME = "/work"


@router.get("/sign-in")
def sign_in_page(request: Request, call: Reading, next: str = "") -> Response:  # noqa: A002  # the address says it so
    """The form."""
    return show(request, call, "public/sign_in.html", next=local_address(next) if next else "")


@router.post("/sign-in", name="sign_in")
def try_sign_in(
    request: Request, call: Reading, typed: TypedForm, config: Config, steps: StepsDep
) -> Response:
    """Sign in, or say so without telling which of the two was wrong."""
    outcome = sign_in(
        steps,
        login=typed.raw("login")[:200],
        password=typed.raw("password")[:1000],
        place=place_of(request),
        life=timedelta(hours=config.session_hours),
        now=call.now,
    )
    if isinstance(outcome, CodeWanted):
        answer = go_to(f"/sign-in/code?next={quote(typed.raw('next'), errors='replace')}")
        _set_cookie(answer, config, outcome.token, name=half_cookie(config), life=HALF_SIGN_IN_LIFE)
        return answer
    if isinstance(outcome, SignedIn):
        return _let_in(config, outcome, typed.raw("next"))
    wrong = say("The sign-in name or the password is wrong.")
    return show(
        request,
        call,
        "public/sign_in.html",
        status=429 if outcome.retry_after else 422,
        next=typed.raw("next"),
        typed={"login": typed.raw("login")[:200]},
        refusal=Refusal(too_many(outcome.retry_after) if outcome.retry_after else wrong),
    )


@router.get("/sign-in/code")
def second_step_page(
    request: Request,
    call: Reading,
    config: Config,
    next: str = "",  # noqa: A002  # the address says it so
) -> Response:
    """The form for the code of the authenticator app."""
    token = request.cookies.get(half_cookie(config), "")
    if find_half(call.session, token, call.now) is None:
        return go_to("/sign-in")
    return show(request, call, "public/second_step.html", next=local_address(next) if next else "")


@router.post("/sign-in/code")
def second_step(
    request: Request, call: Reading, typed: TypedForm, config: Config, steps: StepsDep
) -> Response:
    """Sign in with the code; without the first step there is nothing to go on with."""
    outcome = finish_sign_in(
        steps,
        token=request.cookies.get(half_cookie(config), ""),
        typed=typed.raw("code")[:100],
        life=timedelta(hours=config.session_hours),
        now=call.now,
    )
    if outcome is None:
        return go_to("/sign-in")
    if isinstance(outcome, SignedIn):
        answer = _let_in(config, outcome, typed.raw("next"))
        _drop_cookie(answer, config, half_cookie(config))
        return answer
    wait = outcome.retry_after
    why = too_many(wait) if wait else say("This code does not fit, or it was used already.")
    return show(
        request,
        call,
        "public/second_step.html",
        status=429 if wait else 422,
        next=typed.raw("next"),
        refusal=Refusal(why, {"code": why}),
    )


@router.post("/sign-out", name="sign_out")
def leave(call: Writing, config: Config) -> Response:
    """End the session here."""
    sign_out(call.session, caller=call.caller, now=call.now)
    answer = go_to("/")
    _drop_cookie(answer, config, session_cookie(config.secure_cookies))
    return answer


@router.get("/home")
def role_home(call: Reading) -> Response:
    """Where somebody's work begins."""
    return go_to(HOMES.get(call.caller.role.value, HOME))


@router.get("/welcome/{token}")
def welcome_page(request: Request, call: Reading, token: str) -> Response:
    """The form behind a one-time link."""
    return _welcome(request, call, token)


@router.post("/welcome/{token}")
def welcome(request: Request, call: Writing, token: str, typed: TypedForm) -> Response:
    """Set the password."""
    if typed.raw("password") != typed.raw("again"):
        outcome: object = Refusal(
            say("The two passwords differ."), {"again": say("The two passwords differ.")}
        )
    else:
        outcome = tried(
            call,
            lambda: use_link(
                call.session, token=token, password=typed.raw("password"), now=call.now
            ),
        )
    if isinstance(outcome, Refusal):
        return _welcome(request, call, token, refusal=outcome)
    return go_to("/sign-in?done=password")


def _welcome(
    request: Request, call: Call, token: str, *, refusal: Refusal | None = None
) -> Response:
    link = find_link(call.session, token, call.now)
    if link is None:
        raise Gone(say("This link was used already or has run out. Ask for a new one."))
    return show(
        request,
        call,
        "public/welcome.html",
        status=422 if refusal else 200,
        token=token,
        shortest=shortest_password(call.session, link.account_id),
        refusal=refusal,
    )


def place_of(request: Request) -> str:
    """The neighbourhood a request comes from: /24 of IPv4, /64 of IPv6. Never stored plain."""
    host = request.client.host if request.client else ""
    if ":" in host:
        return ":".join(host.split(":")[:4])
    return host.rpartition(".")[0]


def half_cookie(config: Settings) -> str:
    """The cookie between the two steps."""
    return session_cookie(config.secure_cookies) + "-half"


def too_many(seconds: int) -> Message:
    """How long somebody must wait who tried too often."""
    return say("Too many tries. Wait {minutes} minutes.", minutes=-(-seconds // 60))


def _let_in(config: Settings, signed_in: SignedIn, wanted: str) -> Response:
    answer = go_to(local_address(wanted) if wanted else "/home")
    life = timedelta(hours=config.session_hours)
    name = session_cookie(config.secure_cookies)
    _set_cookie(answer, config, signed_in.token, name=name, life=life)
    return answer


def _set_cookie(
    answer: Response, config: Settings, token: str, *, name: str, life: timedelta
) -> None:
    answer.set_cookie(
        name,
        token,
        max_age=int(life.total_seconds()),
        secure=config.secure_cookies,
        httponly=True,
        samesite="lax",
    )


def _drop_cookie(answer: Response, config: Settings, name: str) -> None:
    answer.delete_cookie(name, secure=config.secure_cookies, httponly=True, samesite="lax")
