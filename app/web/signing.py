"""Signing in, signing out, and setting a password through a one-time link."""

from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.commands import use_link
from app.accounts.queries import find_link
from app.accounts.signing_in import SignedIn, sign_in, sign_out
from app.deps import Config, Reading, Writing, session_cookie
from app.errors import Gone
from app.kit.messages import say
from app.settings import Settings
from app.web.pages import Refusal, TypedForm, go_to, show, tried
from app.web.public import local_address

router = APIRouter(include_in_schema=False)

HOMES = {"inspector": "/desk", "province_admin": "/desk"}
HOME = "/work"


@router.get("/sign-in")
def sign_in_page(request: Request, call: Reading, next: str = "") -> Response:  # noqa: A002  # the address says it so
    """The form."""
    return show(request, call, "public/sign_in.html", next=local_address(next) if next else "")


@router.post("/sign-in", name="sign_in")
def try_sign_in(request: Request, call: Writing, typed: TypedForm, config: Config) -> Response:
    """Sign in, or say so without telling which of the two was wrong."""
    outcome = sign_in(
        call.session,
        login=typed.raw("login")[:200],
        password=typed.raw("password")[:1000],
        place=place_of(request),
        life=timedelta(hours=config.session_hours),
        now=call.now,
    )
    if isinstance(outcome, SignedIn):
        wanted = typed.raw("next")
        answer = go_to(local_address(wanted) if wanted else "/home")
        _set_cookie(answer, config, outcome.token)
        return answer
    why = (
        say("Too many tries. Wait {minutes} minutes.", minutes=-(-outcome.retry_after // 60))
        if outcome.retry_after
        else say("The sign-in name or the password is wrong.")
    )
    return show(
        request,
        call,
        "public/sign_in.html",
        status=429 if outcome.retry_after else 422,
        next=typed.raw("next"),
        typed={"login": typed.raw("login")[:200]},
        refusal=Refusal(why),
    )


@router.post("/sign-out", name="sign_out")
def leave(call: Writing, config: Config) -> Response:
    """End the session here."""
    sign_out(call.session, caller=call.caller, now=call.now)
    answer = go_to("/")
    answer.delete_cookie(
        session_cookie(config.secure_cookies), secure=config.secure_cookies, httponly=True
    )
    return answer


@router.get("/home")
def role_home(call: Reading) -> Response:
    """Where somebody's work begins."""
    return go_to(HOMES.get(call.caller.role.value, HOME))


@router.get("/welcome/{token}")
def welcome_page(request: Request, call: Reading, token: str) -> Response:
    """The form behind a one-time link."""
    if find_link(call.session, token, call.now) is None:
        raise Gone(say("This link was used already or has run out. Ask for a new one."))
    return show(request, call, "public/welcome.html", token=token)


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
        return show(request, call, "public/welcome.html", status=422, token=token, refusal=outcome)
    return go_to("/sign-in?done=password")


def place_of(request: Request) -> str:
    """The neighbourhood a request comes from: /24 of IPv4, /64 of IPv6. Never stored plain."""
    host = request.client.host if request.client else ""
    if ":" in host:
        return ":".join(host.split(":")[:4])
    return host.rpartition(".")[0]


def _set_cookie(answer: Response, config: Settings, token: str) -> None:
    answer.set_cookie(
        session_cookie(config.secure_cookies),
        token,
        max_age=config.session_hours * 3600,
        secure=config.secure_cookies,
        httponly=True,
        samesite="lax",
    )
