"""Sentences that travel untranslated: an English msgid with its values, said later in a language.

A command writes `say("Planting area {code} is suspended.", code=area.code)`; the edge asks
`app.kit.i18n.Language.say(message)`. The msgid must be a literal, so that extraction finds it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


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
