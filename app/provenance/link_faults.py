"""What is wrong with an identifier, in words: where in it, and what would be right. Pure."""

from app.kit.gs1_elements import BadElementString
from app.kit.gs1_identifiers import BadElement, identifiers
from app.kit.gs1_links import MalformedLink
from app.kit.gs1_reading import BadPairing, Unreadable
from app.kit.messages import Message, say

Fault = BadElement | BadElementString | BadPairing | MalformedLink | Unreadable
FAULTS = (BadElement, BadElementString, BadPairing, MalformedLink, Unreadable)

_OF_LINK = {
    "unpaired": say("After the identifier ({ai}) its value is missing."),
    "qualifier": say(
        "({ai}) does not belong into the path behind this key: it goes into the query."
    ),
    "unknown": say("“{ai}” is no GS1 application identifier."),
    "twice": say("({ai}) stands there twice."),
    "order": say(
        "The identifiers behind the key stand in the wrong order: variant (22), lot (10), serial (21)."
    ),
    "long": say("The address is too long."),
}
_OF_TEXT = {
    "empty": say("Nothing was typed."),
    "long": say("The text is too long."),
    "address": say("This address holds no GS1 identifier and no lot code."),
    "key": say("There is no GTIN, GLN or other key in it that says what it is about."),
}
_OF_STRING = {
    "empty": say("There are no elements in it."),
    "identifier": say("At character {at} no GS1 application identifier begins."),
    "twice": say("At character {at} an element comes a second time with another value."),
}
_OF_PAIR = {
    "req": say("({ai}) {title} may not stand without its companion."),
    "ex": say("({ai}) {title} may not stand beside another element that is there."),
}


def why_malformed(bad: Fault) -> Message:
    """The sentence for a fault."""
    match bad:
        case MalformedLink():
            found = _OF_LINK.get(bad.fault)
            return _with(found, ai=bad.ai) if found else _of_value(bad.ai, bad.fault)
        case BadElement():
            return _of_value(bad.ai, bad.check)
        case BadElementString():
            return _with(_OF_STRING[bad.fault], at=bad.at + 1)
        case BadPairing():
            return _with(_OF_PAIR[bad.fault], ai=bad.ai, title=_title(bad.ai))
        case Unreadable():
            return _OF_TEXT[bad.fault]


def fault_of(bad: Fault) -> str:
    """The fault in a word, for machines."""
    match bad:
        case BadElement():
            return bad.check
        case BadElementString() | BadPairing() | MalformedLink() | Unreadable():
            return bad.fault


def _of_value(ai: str, check: str) -> Message:
    """Which value, and which of its rules it breaks."""
    if not ai:
        return say("The address holds characters that no GS1 value may have.")
    if check in {"csum", "csumalpha"}:
        return say(
            "The check digit of ({ai}) {title} is wrong: it was mistyped somewhere.",
            ai=ai,
            title=_title(ai),
        )
    if check == "format":
        return say(
            "The value of ({ai}) {title} has a wrong length or characters it may not have.",
            ai=ai,
            title=_title(ai),
        )
    return say(
        "The value of ({ai}) {title} breaks the rule “{check}”.",
        ai=ai,
        title=_title(ai),
        check=check,
    )


def _title(ai: str) -> str:
    known = identifiers().get(ai)
    return known.title if known else ""


def _with(message: Message, **values: object) -> Message:
    return Message(message.msgid, values)
