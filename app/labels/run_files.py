"""The file of a run: made at once when it is small, in the background when it is not; the same every time."""

import errno
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Engine

from app.accounts.reach import Reach
from app.db import open_glance, open_read_session, transaction
from app.errors import Conflict, Refused
from app.jobs.progress import Progress
from app.jobs.queries import actor_of, argument_of
from app.kit.messages import Message, say
from app.labels.bitmap import bitmap_of
from app.labels.keys import FOLDER, KeyRing
from app.labels.label_rules import LabelRules
from app.labels.layout import LayoutBody
from app.labels.paper import Paper
from app.labels.printer_languages import PrinterLanguage, printed
from app.labels.run_commands import finish_run, stop_run
from app.labels.run_fronts import front_for
from app.labels.run_labels import Edition, Front, Label, Numbered, Units, labels_of, numbered_of
from app.labels.run_orders import MARKS, MEDIA_TYPES, Order, Ordered, find_order
from app.labels.run_pdf import write_run_pdf
from app.labels.run_picture import label_picture, png_of, rows_of
from app.labels.run_queries import RunLine, run_by_uid
from app.labels.run_standing import why_stopped
from app.labels.run_vector import label_svg
from app.labels.run_zpl import graphic_rows, native_field, native_rows
from app.labels.serials import serial_of
from app.labels.tspl import Stock as Roll
from app.labels.zpl import NativeField
from app.models.jobs import Job
from app.models.print_runs import Output, RunState

BETWEEN_LOOKS = 1000
RUNS_FOLDER = "print-runs"


T = TypeVar("T")


class Watch(Protocol):
    """Sees everything that is made go by."""

    def __call__(self, labels: Iterable[T], /) -> Iterable[T]: ...


class _Stopped(Exception):
    def __init__(self, why: Message) -> None:
        super().__init__(str(why))
        self.why = why


@lru_cache(maxsize=128)
def small_file(order: Order, keys: KeyRing) -> bytes:
    """The whole file; kept by its content, so that asking again costs nothing."""
    out = BytesIO()
    write_order(out, order, keys)
    return out.getvalue()


def write_order(
    out: BinaryIO,
    order: Order,
    keys: KeyRing,
    watch: Watch = iter,
) -> None:
    """Write the run as it was frozen; `watch` sees every label go by."""
    frozen = json.loads(order.frozen)
    body, paper = LayoutBody.model_validate(frozen["layout"]), Paper(**frozen["paper"])
    if order.output is Output.ZPL_NATIVE and order.key_id is not None and not frozen.get("sscc"):
        out.writelines(_native_zpl(order, keys, body, paper, frozen["module_um"], watch))
        return
    labels = watch(labels_in(order, keys, body, frozen["module_um"]))
    match order.output:
        case Output.PDF:
            write_run_pdf(
                out,
                paper,
                labels,
                start_at=order.start_at,
                crop_marks=frozen["crop_marks"],
                title=order.name,
                made=order.made,
                language=order.language.partition("+")[0],
            )
        case Output.PNG:
            picture = label_picture(
                next(iter(labels)), order.dpi, width=paper.label_width, height=paper.label_height
            )
            out.write(png_of(picture, order.dpi))
        case Output.SVG:
            out.write(label_svg(next(iter(labels)), title=order.name))
        case Output.ZPL | Output.ZPL_NATIVE:
            out.writelines(graphic_rows(paper, labels, order.dpi))
        case Output.TSPL | Output.ESCPOS:
            rows = ((bitmap_of(row), times) for row, times in rows_of(paper, labels, order.dpi))
            roll = Roll(paper.width, paper.label_height, paper.gap)
            out.writelines(printed(PrinterLanguage(order.output.value), rows, roll))


def labels_in(order: Order, keys: KeyRing, body: LayoutBody, module_um: int) -> Iterator[Label]:
    """Every label of the run, one after the other."""
    for edition, front in _lots_in(order, keys, body, module_um):
        yield from labels_of(front, edition)


def _lots_in(
    order: Order, keys: KeyRing, body: LayoutBody, module_um: int
) -> Iterator[tuple[Edition, Front]]:
    rules = LabelRules(today=order.made.date(), module_um=module_um)
    pictures = {artwork.sha256: artwork for artwork in order.marks}
    for part in order.parts:
        told = json.loads(part.said)
        key = keys.lot_key(part.lot, order.key_id).key if order.key_id is not None else None
        edition = Edition(
            words=told["words"],
            address=told["address"],
            first=part.first,
            count=part.last - part.first + 1,
            key=key,
            elements=tuple((ai, value) for ai, value in told["elements"]),
            units=Units(*told["units"]) if told.get("units") else None,
            marks={place: pictures[sha256] for place, sha256 in told.get(MARKS, {}).items()},
        )
        yield edition, front_for(body, edition, output=order.output, dpi=order.dpi, rules=rules)


def _natively(order: Order, keys: KeyRing, body: LayoutBody, module_um: int) -> Iterator[Numbered]:
    """Every label of a numbered run for a printer that draws the symbols itself."""
    for edition, front in _lots_in(order, keys, body, module_um):
        yield from numbered_of(front, edition, edition.key or b"")


def _native_zpl(
    order: Order, keys: KeyRing, body: LayoutBody, paper: Paper, module_um: int, watch: Watch
) -> Iterator[bytes]:
    longest = max(len(serial_of(b"", part.last)) for part in order.parts)

    def field_of(label: Numbered) -> NativeField:
        address = label.address + "0" * (longest - len(label.serial))
        smallest = module_um / 1000
        return native_field(body, label.front, address, dpi=order.dpi, smallest_mm=smallest)

    labels = watch(_natively(order, keys, body, module_um))
    return native_rows(paper, labels, order.dpi, field_of)


def keys_in(data_dir: Path) -> KeyRing:
    """The secrets of this installation."""
    return KeyRing(data_dir / FOLDER)


def path_of(data_dir: Path, uid: UUID, output: Output) -> Path:
    """Where the file of a large run lies."""
    return data_dir / RUNS_FOLDER / f"{uid}.{MEDIA_TYPES[output][1]}"


def make_run(engine: Engine, job: Job, progress: Progress, *, data_dir: Path) -> None:
    """The background work: the file beside its place first, then in it, then the run is ready.

    A worker that dies leaves a part that the next one throws away. A lot that is held or recalled
    meanwhile stops the run, and so does somebody who cancels it.
    """
    uid = UUID(argument_of(job)["run"])
    with open_glance(engine) as reading:
        wanted = find_order(reading, uid, within=Reach.all())
    if wanted.state is not RunState.MAKING:
        return
    order = wanted.order
    path = path_of(data_dir, order.uid, order.output)
    part = path.with_name(f"{path.name}.part")
    try:
        size = _written(part, order, keys_in(data_dir), _watching(engine, order, progress))
        _settle(engine, job, progress, order, part=part, size=size, path=path)
    except _Stopped as stopped:
        _stop(engine, job, progress, order, stopped.why)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _written(
    part: Path,
    order: Order,
    keys: KeyRing,
    watch: Watch,
) -> int:
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as out:
            write_order(out, order, keys, watch)
            out.flush()
            os.fsync(out.fileno())
            return out.tell()
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            why = say("The disk of the server is full. Nothing is lost: make room, then try again.")
            raise Refused(why) from error
        raise


def _watching(engine: Engine, order: Order, progress: Progress) -> Watch:
    def watch(labels: Iterable[T]) -> Iterator[T]:
        for number, label in enumerate(labels):
            if number % BETWEEN_LOOKS == 0:
                progress.step(number, order.total)
                with open_read_session(engine) as session:
                    run = run_by_uid(session, order.uid, within=Reach.all()).run
                    why = why_stopped(session, run)
                if why is not None:
                    raise _Stopped(why)
            yield label

    return watch


def _settle(
    engine: Engine, job: Job, progress: Progress, order: Order, *, part: Path, size: int, path: Path
) -> None:
    with transaction(engine) as session:
        run = run_by_uid(session, order.uid, within=Reach.all()).run
        why = why_stopped(session, run)
        if why is not None:
            raise _Stopped(why)
        finish_run(session, run=run, size=size, by=actor_of(job), now=progress.now())
        progress.settle(session)
        # In its place before the run is ready: whoever reads "ready" finds the file.
        part.replace(path)


def _stop(engine: Engine, job: Job, progress: Progress, order: Order, why: Message) -> None:
    with transaction(engine) as session:
        run = run_by_uid(session, order.uid, within=Reach.all()).run
        stop_run(session, run=run, why=why, by=actor_of(job), now=progress.now())
        progress.settle(session)


def delivered(wanted: Ordered, data_dir: Path) -> bytes | Path:
    """The file of a run that may be printed: its bytes, or where they lie.

    Raises Conflict when it is not ready, when a lot may not leave any more, and when the file is lost.
    """
    wanted.require_ready()
    if not wanted.in_background:
        return small_file(wanted.order, keys_in(data_dir))
    path = path_of(data_dir, wanted.order.uid, wanted.order.output)
    if not path.is_file():
        raise Conflict(
            say("The file of this run is gone. Make it again: the labels stay the same.")
        )
    return path


def is_lost(line: RunLine, data_dir: Path) -> bool:
    """Whether a large run is ready and its file is not there."""
    if line.run.job_id is None or line.run.state is not RunState.READY:
        return False
    return not path_of(data_dir, line.run.uid, line.run.output).is_file()
