"""What can be wrong with the log, as a word that is kept and said in the reader's language."""

from enum import StrEnum

from app.errors import Conflict
from app.kit.messages import Message, say


class Fault(StrEnum):
    """The kinds of fault; the values are stored."""

    ENTRY_MISSING = "entry_missing"
    ENTRY_ALTERED = "entry_altered"
    PART_ALTERED = "part_altered"
    TREE_ALTERED = "tree_altered"
    UNREADABLE = "unreadable"
    CHECKPOINT_DIFFERS = "checkpoint_differs"
    CHECKPOINT_FORGED = "checkpoint_forged"
    FOREIGN_CHECKPOINTS = "foreign_checkpoints"
    UNKNOWN_KEY = "unknown_key"


FAULT_WORDS: dict[Fault, Message] = {
    Fault.ENTRY_MISSING: say("A record is missing."),
    Fault.ENTRY_ALTERED: say("A record was altered after it was written."),
    Fault.PART_ALTERED: say("What is shown of a record is not what the record says."),
    Fault.TREE_ALTERED: say("The stored tree does not belong to the records."),
    Fault.UNREADABLE: say("What is stored of the log cannot be read."),
    Fault.CHECKPOINT_DIFFERS: say("The records are not those that were published."),
    Fault.CHECKPOINT_FORGED: say("A kept checkpoint does not carry our signature."),
    Fault.FOREIGN_CHECKPOINTS: say("The file of published checkpoints is not of this log."),
    Fault.UNKNOWN_KEY: say(
        "The folder of the log's keys holds no key that this log has signed with."
    ),
}


class LogAtFault(Conflict):
    """Nothing is published until this is cleared up. `bad`: the first entry concerned, if one is known."""

    def __init__(self, fault: Fault, bad: int | None = None) -> None:
        super().__init__(FAULT_WORDS[fault])
        self.fault = fault
        self.bad = bad
