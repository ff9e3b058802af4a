"""Why an input does not fit its schema, in a sentence; what was sent is never repeated."""

from typing import Any

from app.errors import FieldError
from app.kit.messages import Message, say


def why_invalid(error: dict[str, Any]) -> FieldError:
    """A FieldError from one of Pydantic's errors."""
    places = () if error["type"] == "json_invalid" else error["loc"]  # it names a byte
    where = ".".join(str(part) for part in places if part not in {"body", "query", "path"})
    return FieldError(where or "body", _why(error["type"], error.get("ctx") or {}))


def _why(kind: str, ctx: dict[str, Any]) -> Message:
    carried = getattr(ctx.get("error"), "why", None)
    if isinstance(carried, Message):
        return carried
    if kind in _WITH_LIMIT:
        limit = ctx.get("le", ctx.get("ge", ctx.get("gt", ctx.get("lt"))))
        limit = limit if limit is not None else ctx.get("max_length", ctx.get("min_length", ""))
        whole = isinstance(limit, float) and limit.is_integer()
        return Message(_WITH_LIMIT[kind].msgid, {"limit": int(limit) if whole else limit})
    return _PLAIN.get(kind, say("This value cannot be accepted."))


_NOT_A_DATE = say("Write a date as year-month-day.")
_NOT_A_NUMBER = say("Write a whole number.")
_NOT_A_FIGURE = say("Write a number.")
_NOT_A_CHOICE = say("This is not one of the choices.")

_PLAIN: dict[str, Message] = {
    "missing": say("This is required."),
    "extra_forbidden": say("There is no such field."),
    "json_invalid": say("This is not valid JSON."),
    "string_type": say("Write text here."),
    "string_unicode": say("This text holds characters that cannot be stored."),
    "string_pattern_mismatch": say("This does not have the expected form."),
    "int_parsing": _NOT_A_NUMBER,
    "int_type": _NOT_A_NUMBER,
    "int_from_float": _NOT_A_NUMBER,
    "int_parsing_size": say("This number is too large."),
    "float_parsing": _NOT_A_FIGURE,
    "float_type": _NOT_A_FIGURE,
    "finite_number": _NOT_A_FIGURE,
    "bool_parsing": say("Write true or false."),
    "bool_type": say("Write true or false."),
    "date_parsing": _NOT_A_DATE,
    "date_type": _NOT_A_DATE,
    "date_from_datetime_parsing": _NOT_A_DATE,
    "date_from_datetime_inexact": _NOT_A_DATE,
    "datetime_parsing": say("Write a date and time with its zone."),
    "datetime_from_date_parsing": say("Write a date and time with its zone."),
    "timezone_aware": say("Write a date and time with its zone."),
    "enum": _NOT_A_CHOICE,
    "literal_error": _NOT_A_CHOICE,
    "uuid_parsing": say("This is not an id."),
    "uuid_type": say("This is not an id."),
    "list_type": say("Write a list here."),
    "dict_type": say("Write an object here."),
    "model_attributes_type": say("Write an object here."),
}

_WITH_LIMIT: dict[str, Message] = {
    "string_too_long": say("At most {limit} characters."),
    "string_too_short": say("At least {limit} characters."),
    "too_long": say("At most {limit} entries."),
    "too_short": say("At least {limit} entries."),
    "less_than_equal": say("At most {limit}."),
    "less_than": say("Less than {limit}."),
    "greater_than_equal": say("At least {limit}."),
    "greater_than": say("More than {limit}."),
}
