"""Where labels lie on paper: a stock as a printer puts ink on it, in mm. Pure geometry."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from app.errors import FieldError
from app.kit.messages import say
from app.models.print_runs import LabelStock, PrinterProfile, StockKind

_UM = 1000
# A roll drifts by a millimetre or two; more is a wrong stock.
MOST_OFFSET_UM = 20_000
_SLACK_MM = 0.005


@dataclass(frozen=True)
class Paper:
    """Paper with a printer's corrections. Places count from 0, row by row from the top left."""

    roll: bool
    width: float
    height: float
    columns: int
    rows: int
    label_width: float
    label_height: float
    left: float
    top: float
    pitch_x: float
    pitch_y: float
    offset_x: float = 0.0
    offset_y: float = 0.0
    scale: float = 1.0

    @property
    def places(self) -> int:
        return self.columns * self.rows

    @property
    def gap(self) -> float:
        """What lies between one row of a roll and the next."""
        return self.pitch_y - self.label_height

    def corner(self, place: int) -> tuple[float, float]:
        """The top left corner of a place, corrected for the printer."""
        row, column = divmod(place, self.columns)
        return (
            self.offset_x + self.scale * (self.left + column * self.pitch_x),
            self.offset_y + self.scale * (self.top + row * self.pitch_y),
        )

    def places_outside(self) -> Iterator[int]:
        """The places that would lie beyond the edge of a sheet."""
        for place in range(self.places):
            x, y = self.corner(place)
            right, bottom = x + self.label_width, y + self.label_height
            inside = x >= -_SLACK_MM and y >= -_SLACK_MM
            if not (
                inside and right <= self.width + _SLACK_MM and bottom <= self.height + _SLACK_MM
            ):
                yield place

    def plain(self) -> dict[str, object]:
        """As JSON can hold it."""
        return asdict(self)


def paper_of(stock: LabelStock, profile: PrinterProfile | None = None) -> Paper:
    """A stock, as this printer prints on it."""
    pitch_x = (profile.pitch_x_um if profile else 0) or stock.pitch_x_um
    pitch_y = (profile.pitch_y_um if profile else 0) or stock.pitch_y_um
    return Paper(
        roll=stock.kind is StockKind.ROLL,
        width=stock.page_width_um / _UM,
        height=stock.page_height_um / _UM,
        columns=stock.columns,
        rows=stock.rows,
        label_width=stock.width_um / _UM,
        label_height=stock.height_um / _UM,
        left=stock.left_um / _UM,
        top=stock.top_um / _UM,
        pitch_x=pitch_x / _UM,
        pitch_y=pitch_y / _UM,
        offset_x=profile.offset_x_um / _UM if profile else 0.0,
        offset_y=profile.offset_y_um / _UM if profile else 0.0,
        scale=profile.scale_ppm / 1_000_000 if profile else 1.0,
    )


def stock_faults(paper: Paper) -> list[FieldError]:
    """What is impossible about a stock: labels on top of each other, or beyond the paper."""
    faults: list[FieldError] = []
    if paper.pitch_x < paper.label_width or paper.pitch_y < paper.label_height:
        why = say("From one label to the next it is at least as far as a label is large.")
        faults.append(FieldError("pitch_x", why))
    elif next(paper.places_outside(), None) is not None:
        faults.append(FieldError("columns", say("So many labels do not fit on this paper.")))
    return faults
