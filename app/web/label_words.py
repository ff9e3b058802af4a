"""The words pages use for print runs, paper and layouts, as messages to be said."""

from app.kit.messages import Message, say
from app.labels.layout import ANY_STANDARD
from app.lots.claims import TITLES
from app.models.catalogue import StandardKind

OUTPUTS: dict[str, Message] = {
    "pdf": say("PDF, for any printer"),
    "png": say("One label as a picture (PNG)"),
    "svg": say("One label as a drawing (SVG)"),
    "zpl": say("Zebra label printer (ZPL)"),
    "zpl_native": say("Zebra, many numbered labels: it draws the QR itself (ZPL)"),
    "tspl": say("Xprinter, TSC label printer (TSPL)"),
    "escpos": say("Receipt printer (ESC/POS)"),
}
PURPOSES: dict[str, Message] = {
    "retail": say("Retail pack"),
    "mini": say("Small label, the bag says the rest"),
    "carton": say("Carton for Viet Nam"),
    "export": say("Carton for export"),
    "crate": say("Household's crate"),
}
RUN_STATES: dict[str, Message] = {
    "making": say("Being made"),
    "ready": say("Ready to print"),
    "stopped": say("Stopped"),
    "cancelled": say("Given up"),
}
REASONS: tuple[Message, ...] = (
    say("More packs than planned"),
    say("Misprinted"),
    say("Damaged or lost"),
    say("Another size or language"),
)
# What the place of a standard's mark may be for.
MARK_PLACES: dict[str, Message] = {
    ANY_STANDARD: say("The first standard that the lot holds"),
    **{kind.value: TITLES[kind.value] for kind in StandardKind},
}
MARKS: dict[str, Message] = {"applied": say("Stuck on goods"), "voided": say("Void")}
SERIAL_STATES: dict[str, Message] = {
    "invented": say("Not made here: mistyped or invented"),
    "never_printed": say("Never printed"),
    "waiting": say("Being printed"),
    "printed": say("Printed"),
    "applied": say("Stuck on goods"),
    "voided": say("Void"),
}
CAUSES: dict[str, Message] = {
    "misprinted": say("Misprinted"),
    "damaged": say("Damaged"),
    "unused": say("Not needed"),
    "lost": say("Lost or stolen"),
    "other": say("Another cause"),
}
KINDS: dict[str, Message] = {"roll": say("Roll"), "sheet": say("Sheet")}
