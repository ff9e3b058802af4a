"""The front of a lot's labels as one output draws it: outlines on paper, or the dots of a printer. Pure."""

from collections.abc import Sequence

from app.labels.dots import dot_of
from app.labels.fitting import Measure
from app.labels.label_rules import LabelRules
from app.labels.layout import LayoutBody
from app.labels.letters import width_of
from app.labels.run_labels import Edition, Front, front_of
from app.labels.run_picture import measure_for
from app.models.print_runs import Output

VECTOR = frozenset({Output.PDF, Output.SVG})


def front_for(
    body: LayoutBody,
    edition: Edition,
    *,
    output: Output,
    dpi: int,
    rules: LabelRules,
    others: Sequence[tuple[str, float]] = (),
) -> Front:
    """The front of a lot's labels as this output draws it; `others` as `front_of` takes them."""
    return front_of(
        body,
        edition,
        dot_mm=dot_of(dpi),
        smallest_mm=rules.module_um / 1000,
        measure=measure_of(output, dpi),
        others=others,
    )


def measure_of(output: Output, dpi: int) -> Measure:
    """How this output measures text: by its outlines, or in a printer's dots."""
    return width_of if output in VECTOR else measure_for(dpi)
