"""Tables by which areas and plots are found fast: by the words of a search, by where they lie."""

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class AreaWord(SQLModel, table=True):
    """A folded word an area is found by: of its name, organisation, codes, communes old and new."""

    __tablename__ = "area_word"
    __table_args__ = (Index("ix_area_word_word", "word", "area_id"),)

    area_id: int = Field(primary_key=True, foreign_key="planting_area.id")
    word: str = Field(primary_key=True, max_length=60)


class AreaTile(SQLModel, table=True):
    """A tile of a fixed grid (0.02° a side) that the box of an area's boundary touches."""

    __tablename__ = "area_tile"
    __table_args__ = (Index("ix_area_tile_tile", "tile", "area_id"),)

    area_id: int = Field(primary_key=True, foreign_key="planting_area.id")
    tile: int = Field(primary_key=True)


class PlotTile(SQLModel, table=True):
    """The same for a plot."""

    __tablename__ = "plot_tile"
    __table_args__ = (Index("ix_plot_tile_tile", "tile", "plot_id"),)

    plot_id: int = Field(primary_key=True, foreign_key="plot.id")
    tile: int = Field(primary_key=True)
