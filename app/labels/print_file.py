"""What `nguongoc print` does: a file of labels to a printer on the network, or to a queue."""

from pathlib import Path

from app.errors import refuse
from app.kit.messages import Message, say
from app.labels.label_files import LabelFile, label_file
from app.labels.printing import PrinterTrouble, RawPrinter, raw_printer, send_raw, send_to_queue

_PAGES = {".pdf", ".png"}  # what a queue's own driver turns into dots


def print_file(
    file: Path, *, address: str | None, queue: str | None, first: int = 1, wait: int = 60
) -> Message:
    """Print the labels from number `first` on; a sentence on what was done.

    Raises PrinterTrouble with the number to go on with.
    """
    if (address is None) == (queue is None):
        raise refuse("to", say("Name either a printer (--to) or a queue (--queue)."))
    if queue is not None and file.suffix.lower() in _PAGES:
        return _queued(queue, file, file.read_bytes(), raw=False)
    labels = label_file(file)
    if first > len(labels.spans):
        raise refuse("first", say("The file holds {count} labels.", count=len(labels.spans)))
    if queue is not None:
        return _queued(queue, file, b"".join(labels.pieces(first)), raw=True)
    printer = raw_printer(address or "")
    return _sent(RawPrinter(printer.host, printer.port, stall_seconds=wait), labels, first)


def _sent(printer: RawPrinter, labels: LabelFile, first: int) -> Message:
    try:
        count = send_raw(printer, labels.pieces(first))
    except PrinterTrouble as trouble:
        last = first - 1 + trouble.handed_over
        raise PrinterTrouble(
            say(
                "{why} Labels {first} to {last} of {all} were handed over."
                " If number {last} came out, go on with --from {next}; else behind the last that did.",
                why=trouble.why,
                first=first,
                last=last,
                all=len(labels.spans),
                next=last + 1,
            )
            if trouble.handed_over
            else trouble.why,
            trouble.handed_over,
        ) from None
    return say("{count} labels were handed to {name}.", count=count, name=printer.name)


def _queued(queue: str, file: Path, content: bytes, *, raw: bool) -> Message:
    job = send_to_queue(queue, content, title=file.name, raw=raw)
    return say("{name} went to the queue {queue}: {job}", name=file.name, queue=queue, job=job)
