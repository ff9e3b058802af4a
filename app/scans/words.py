"""What is unusual about a label, as messages: for notices and for pages."""

from app.kit.messages import Message, say
from app.models.print_runs import VoidCause
from app.models.scans import AlertOutcome
from app.scans.rules import Sign

SIGNS: dict[Sign, Message] = {
    Sign.DEVICES: say("many telephones looked it up in one day"),
    Sign.PROVINCES: say("people bought it in several provinces within a day"),
    Sign.SOLD: say("it was looked up long after it was marked as sold"),
    Sign.OPENED: say("it was looked up long after it was marked as opened"),
    Sign.NOT_APPLIED: say("it was looked up before it was recorded as put on goods"),
    Sign.NOT_READY: say("it was looked up while it was still being printed"),
    Sign.VOID: say("it was looked up though it is void"),
    Sign.NEVER_PRINTED: say("its number was never given out"),
    Sign.NOT_MADE_HERE: say("several telephones read numbers that were never made here"),
}
CAUSES: dict[VoidCause, Message] = {
    VoidCause.MISPRINTED: say("it was misprinted"),
    VoidCause.DAMAGED: say("it was damaged"),
    VoidCause.UNUSED: say("it was not needed"),
    VoidCause.LOST: say("it was lost or stolen"),
    VoidCause.NOT_PRINTED: say("its printing was given up"),
    VoidCause.OTHER: say("another cause"),
}
OUTCOMES: dict[AlertOutcome, Message] = {
    AlertOutcome.EXPLAINED: say("There is a plain explanation"),
    AlertOutcome.COPIED: say("Copied labels were found"),
    AlertOutcome.UNCLEAR: say("It could not be cleared up"),
}
