"""What is said of a trace: where kilograms are, why it ends where it ends."""

from app.kit.messages import Message, say

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
