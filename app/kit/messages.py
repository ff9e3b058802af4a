"""Sentences that travel untranslated: an English msgid with its values, said later in a language.

A command writes `say("Planting area {code} is suspended.", code=area.code)`; the edge asks
`app.kit.i18n.Language.say(message)`. The msgid must be a literal, so that extraction finds it.
A message that is said days later, in a language not known yet, is kept `frozen`.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.kit.quantities import Grams, SquareMetres


@dataclass(frozen=True)
class Message:
    """`msgid` is the English sentence with `{name}` places; `values` fill them.

    A value may itself be a Message, a `date`, a `Grams` or a `SquareMetres`: it is then
    said or formatted in the reader's language.
    """

    msgid: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.msgid.format(**{name: str(value) for name, value in self.values.items()})


def say(msgid: str, /, **values: object) -> Message:
    """Mark a sentence for translation and bind its values."""
    return Message(msgid, values)


def frozen(message: Message) -> tuple[str, str]:
    """The msgid, and the values as JSON, in which days, amounts and messages keep their kind.

    Texts, whole numbers and truth values stay as they are; anything else becomes the text that
    would be shown for it.
    """
    return message.msgid, json.dumps(_frozen_values(message.values))


def thawed(sentence: str, details: str) -> Message:
    """The message that was frozen; ValueError for a kind of value that `frozen` does not write."""
    return _thawed_message([sentence, json.loads(details)])


def _frozen_values(values: Mapping[str, object]) -> dict[str, object]:
    return {name: _frozen_value(value) for name, value in values.items()}


def _frozen_value(value: object) -> object:
    match value:
        case Message():
            return {"message": [value.msgid, _frozen_values(value.values)]}
        case datetime() | date():
            kind = "moment" if isinstance(value, datetime) else "day"
            return {kind: value.isoformat()}
        case Grams():
            return {"grams": value.value}
        case SquareMetres():
            return {"square_metres": value.value}
        case Decimal():
            return {"decimal": str(value)}
        case _:
            return value if isinstance(value, str | int) else str(value)


def _thawed_value(value: Any) -> object:
    if not isinstance(value, dict):
        return value
    [(kind, inner)] = value.items()
    if kind not in _THAWED:
        raise ValueError(f"no kind of value: {kind}")
    return _THAWED[kind](inner)


def _thawed_message(inner: list[Any]) -> Message:
    msgid, values = inner
    return Message(msgid, {name: _thawed_value(value) for name, value in values.items()})


_THAWED: Mapping[str, Callable[[Any], object]] = {
    "message": _thawed_message,
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
    "grams": Grams,
    "square_metres": SquareMetres,
    "decimal": Decimal,
}
