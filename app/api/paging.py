"""Pages of a list on the wire: items and the opaque cursor of the next page."""

from collections.abc import Callable
from typing import Generic, TypeVar

from pydantic import BaseModel, Field

from app.kit.cursor import Page

Row = TypeVar("Row")
Out = TypeVar("Out", bound=BaseModel)


class PageOut(BaseModel, Generic[Out]):
    """`next` is the cursor to ask for as `after`, or null on the last page."""

    items: list[Out]
    next: str | None = Field(examples=["WzQyXQ"])


def page_out(page: Page[Row], shape: Callable[[Row], Out]) -> PageOut[Out]:
    """A page of rows as a page of wire shapes."""
    return PageOut(items=[shape(row) for row in page.items], next=page.next)
