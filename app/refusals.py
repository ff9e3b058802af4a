"""What any failure says to the user: one table from the kind of refusal to its status, for both edges."""

from http import HTTPStatus

from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException as StarletteHTTPException

from app import errors
from app.errors import DomainError, FieldError
from app.kit.cursor import UnreadableCursor
from app.kit.messages import Message, say
from app.kit.text import TextRefused
from app.validation import why_invalid

STATUS: dict[type[DomainError], tuple[str, int]] = {
    errors.Malformed: ("malformed", 400),
    errors.NotSignedIn: ("not-signed-in", 401),
    errors.Forbidden: ("forbidden", 403),
    errors.EnrolFirst: ("enrol-first", 403),
    errors.NotFound: ("not-found", 404),
    errors.Conflict: ("conflict", 409),
    errors.Gone: ("gone", 410),
    errors.StaleVersion: ("stale-version", 412),
    errors.Refused: ("refused", 422),
    errors.VersionRequired: ("version-required", 428),
    errors.TooMany: ("too-many", 429),
}
INVALID = "invalid"
PROBLEM_TYPES = (
    *(slug for slug, _ in STATUS.values()),
    INVALID,
    "too-large",
    "unsupported-media-type",
    "unavailable",
    "error",
)

# As RFC 9110 calls them; Python's table is older.
_PHRASES = {413: "Content Too Large", 422: "Unprocessable Content"}


Told = tuple[str, int, Message, tuple[FieldError, ...]]

# What the database says when it is the last judge, and what no list can page by.
_PLAIN: tuple[tuple[type[Exception], str, int, Message], ...] = (
    (UnreadableCursor, "malformed", 400, say("This page cursor does not belong to this list.")),
    (StaleDataError, "stale-version", 412, say("Somebody changed this before you. Read it again.")),
    (DataError, "refused", 422, say("This text holds characters that cannot be stored.")),
    (IntegrityError, "conflict", 409, say("This contradicts another record that stands already.")),
    (
        OperationalError,
        "unavailable",
        503,
        say("The service is busy or out of space. Nothing was saved; try again soon."),
    ),
)


def phrase(status: int) -> str:
    """The name of a status."""
    return _PHRASES.get(status) or HTTPStatus(status).phrase


def as_refusal(error: Exception) -> Told:
    """What any exception says to the user: problem slug, status, sentence, fields."""
    match error:
        case DomainError():
            slug, status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
            return slug, status, error.why, error.fields
        case TextRefused():
            return "refused", 422, error.why, ()
        case RequestValidationError():
            fields = tuple(why_invalid(found) for found in error.errors())
            return INVALID, 422, say("Some of what was sent cannot be accepted."), fields
        case StarletteHTTPException():
            return _of_http(error)
        case _:
            return _of_plain(error)


def _of_plain(error: Exception) -> Told:
    for kind, slug, status, why in _PLAIN:
        if isinstance(error, kind):
            return slug, status, why, ()
    return "error", 500, say("Something went wrong on our side. Nothing was saved."), ()


def _of_http(error: StarletteHTTPException) -> Told:
    match error.status_code:
        case 404:
            return "not-found", 404, say("There is nothing at this address."), ()
        case 405:
            return "malformed", 405, say("This address does not take that method."), ()
        case 413:
            return "too-large", 413, say("What was sent is too large."), ()
        case _:
            return "malformed", error.status_code, say("The request cannot be understood."), ()


def refusal_headers(error: Exception) -> dict[str, str]:
    """Headers that belong to a refusal."""
    match error:
        case errors.TooMany():
            return {"Retry-After": str(error.retry_after)}
        case errors.NotSignedIn():
            return {"WWW-Authenticate": 'Bearer realm="nguongoc"'}
        case OperationalError():
            return {"Retry-After": "5"}
        case StarletteHTTPException():
            return dict(error.headers or {})
        case _:
            return {}
