"""How the product says no: one class per kind of refusal, each carrying a sentence for the user.

The sentence is a `Message` (see `app.kit.messages`), so that every edge can say it in the
reader's language. `app/api/problems.py` picks the HTTP status; `app/web` shows it beside the field.
"""

from dataclasses import dataclass

from app.kit.messages import Message


@dataclass(frozen=True)
class FieldError:
    """One field that cannot be accepted: its name in the request, and why."""

    field: str
    why: Message


class DomainError(Exception):
    """Base of every refusal. `why` is the sentence; `fields` say which inputs are meant."""

    def __init__(self, why: Message, *fields: FieldError) -> None:
        super().__init__(str(why))
        self.why = why
        self.fields = fields


class Malformed(DomainError):
    """The request itself cannot be understood (400)."""


class NotSignedIn(DomainError):
    """Nobody, or nobody any more, is calling (401)."""


class Forbidden(DomainError):
    """The caller is known and may not do this (403)."""


class EnrolFirst(DomainError):
    """The caller's role needs a second step at sign-in before anything else (403)."""


class NotFound(DomainError):
    """No such thing, or not within the caller's reach: the two look the same (404)."""


class Conflict(DomainError):
    """Another record already stands where this one should (409)."""


class Refused(DomainError):
    """The request is understood and a rule forbids it; `fields` name the inputs (422)."""


class StaleVersion(DomainError):
    """Somebody else changed it first (412)."""


class VersionRequired(DomainError):
    """A change must say which version it was made from (428)."""


class Gone(DomainError):
    """It existed and was withdrawn (410)."""


class TooMany(DomainError):
    """Too many tries; `retry_after` in seconds (429)."""

    def __init__(self, why: Message, *, retry_after: int) -> None:
        super().__init__(why)
        self.retry_after = retry_after


def refuse(field: str, why: Message) -> Refused:
    """A refusal that concerns one field."""
    return Refused(why, FieldError(field, why))
