"""What is typed about a drill, read as the commands take it; the words of its states."""

from app.drills.answering_commands import DrillAnswer
from app.kit.messages import Message, say
from app.kit.quantities import Grams
from app.models.drills import DrillState
from app.tracing.start_queries import LONGEST, Asked
from app.web.forms import Typed

KILOGRAM = 1_000
STATES: dict[DrillState, Message] = {
    DrillState.BEGUN: say("Begun"),
    DrillState.ASKING: say("Waiting for answers"),
    DrillState.ENDED: say("Reported"),
}


def asked_typed(typed: Typed) -> Asked:
    """With what a drill begins: any code or name, or days."""
    asked = Asked(
        typed.text("q", longest=LONGEST), since=typed.day("since"), until=typed.day("until")
    )
    typed.done()
    return asked


def drill_answer_typed(typed: Typed) -> DrillAnswer:
    """What is there and what was sold on; -1 for nothing typed, which is refused with a sentence."""
    answer = DrillAnswer(
        _grams(typed, "remaining_g"),
        _grams(typed, "passed_on_g"),
        typed.text("answered_by", longest=120),
        typed.text("remark", longest=500, multiline=True),
    )
    typed.done()
    return answer


def _grams(typed: Typed, name: str) -> Grams:
    grams = typed.amount(name, factor=KILOGRAM)
    return Grams(-1 if grams is None else grams)
