"""What is said of a trace: where kilograms are, why it ends where it ends."""

from app.kit.i18n import Language
from app.kit.messages import Message, say
from app.labels.serial_queries import SerialState
from app.tracing.label_queries import TracedLabel
from app.web.label_words import SERIAL_STATES

HOLDING_STATES: dict[str, Message] = {
    "in_hand": say("In hand"),
    "in_transit": say("On the way"),
    "with_party": say("Delivered outside"),
    "sold": say("Sold"),
    "lost": say("Lost"),
    "destroyed": say("Destroyed"),
    "missing": say("Sent, but not received"),
    "unaccounted": say("Not accounted for"),
}
CUTS: dict[str, Message] = {
    "size": say("There are more lots than are shown here: this trace is not whole."),
    "depth": say("There are more steps than are followed here: this trace is not whole."),
}
STARTS_CUT = say("More lots are meant than a trace begins with: only the newest are followed.")
WAYS: dict[str, Message] = {
    "both": say("Back and forward"),
    "back": say("Back: what it was made of"),
    "forward": say("Forward: what was made of it"),
}
_WARNINGS: dict[SerialState | None, Message] = {
    SerialState.INVENTED: say("Goods with this label may be of another lot, or forged."),
    SerialState.NEVER_PRINTED: say("No goods should carry it: look at where it came from."),
    SerialState.WAITING: say("It should not be on goods yet."),
    SerialState.VOIDED: say("It should not be on goods."),
    None: say(
        "A secret of this lot's labels is missing here, so nobody can say whether it is genuine."
    ),
}


def label_said(label: TracedLabel) -> list[Message]:
    """Which label was asked for, what it is worth, and what that means for the goods."""
    name = (
        say("Label {serial}", serial=label.serial)
        if label.number is None
        else say("Label no. {number}", number=label.number)
    )
    worth = [SERIAL_STATES[label.state.value]] if label.state else []
    return [name, *worth, *([] if label.genuine else [_WARNINGS[label.state]])]


def label_line(label: TracedLabel, language: Language) -> str:
    """The same in one line, for a file; with the reason somebody gave."""
    words = " · ".join(map(language.say, label_said(label)))
    return f"{words} ({label.reason})" if label.reason else words
