"""What is typed about a recall, read as the commands take it; the words of its states."""

from datetime import date, datetime, time

from app.deps import Call
from app.errors import refuse
from app.kit.clock import HOME
from app.kit.messages import say
from app.kit.quantities import Grams
from app.models.recalls import Way
from app.pictures.cleaning import cleaned_picture
from app.recalls.answering_commands import Answer
from app.recalls.clocks import CLOCK_WORDS
from app.recalls.commands import Decision, Opening
from app.recalls.disposal_commands import Disposal
from app.recalls.rules import KIND_WORDS, STATE_WORDS, WAY_WORDS
from app.web.forms import Typed

KILOGRAM = 1_000
WORDS = {
    "kinds": KIND_WORDS,
    "states": STATE_WORDS,
    "ways": WAY_WORDS,
    "clocks": CLOCK_WORDS,
}


def opening_typed(typed: Typed, call: Call) -> Opening:
    """Lots one a line, why, since when it is known, and on what it rests."""
    day, hour = typed.day("determined_on"), _hour(typed.raw("determined_hour"))
    # Of another day without an hour, its beginning: no deadline is made later than it is.
    at = call.now if day is None else datetime.combine(day, hour or time(), HOME)
    opening = Opening(
        typed.raw("lots").replace(",", " ").split(),
        typed.text("reason", longest=500, multiline=True),
        at,
        typed.text("grounds", longest=500, multiline=True),
        typed.uid("lab_report"),
        typed.uid("shopper_report"),
    )
    typed.done()
    return opening


def decision_typed(typed: Typed) -> Decision:
    """Number and day of the authority's decision."""
    decision = Decision(typed.text("decision_number", longest=80), typed.day("decision_on"))
    typed.done()
    return decision


def answer_typed(typed: Typed) -> Answer:
    """What is left; -1 for nothing typed, which is refused with a sentence."""
    remaining = typed.amount("remaining_g", factor=KILOGRAM)
    answer = Answer(
        Grams(-1 if remaining is None else remaining),
        typed.text("answered_by", longest=120),
        typed.text("remark", longest=500, multiline=True),
    )
    typed.done()
    return answer


def disposal_typed(typed: Typed, photo: bytes | None, today: date) -> Disposal:
    """What was done with goods, and what proves it; today where no day is typed."""
    way = typed.raw("way")
    done_on = typed.day("done_on")
    quantity = typed.amount("quantity_g", factor=KILOGRAM)
    told = {
        "document": typed.text("document", longest=80),
        "place": typed.text("place", longest=160),
        "note": typed.text("note", longest=500, multiline=True),
    }
    typed.done()
    if way not in set(Way):
        # What was done cannot be taken back: nothing is guessed.
        raise refuse("way", say("Choose one from the list."))
    return Disposal(
        typed.raw("lot").strip(),
        Way(way),
        Grams(quantity or 0),
        done_on or today,
        photo=cleaned_picture(photo) if photo else None,
        **told,
    )


def grams_typed(typed: Typed, name: str) -> Grams:
    """Kilograms as they were typed."""
    grams = typed.amount(name, factor=KILOGRAM)
    typed.done()
    return Grams(grams or 0)


def _hour(typed: str) -> time | None:
    try:
        return time.fromisoformat(typed)
    except ValueError:
        return None
