"""Which public pages there are: one for every lot, product, area, certificate number and organisation."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, select
from sqlmodel import col

from app.db import open_read_session
from app.models.certificates import Certificate
from app.models.lots import HarvestLot
from app.models.pages import PageKind
from app.models.products import Product
from app.models.registry import AreaCode, Organisation, PlantingArea
from app.provenance.page_store import PageKey

CHUNK = 500


@dataclass(frozen=True)
class _Source:
    """Rows that each have a page: `code_of` makes its code of the columns."""

    kind: PageKind
    table: Any
    columns: Sequence[Any]
    code_of: Callable[..., str] = str
    where: Any = None


_coded = select(col(AreaCode.area_id))
_SOURCES = (
    _Source(PageKind.LOT, HarvestLot, [col(HarvestLot.code)]),
    _Source(
        PageKind.PRODUCT,
        Product,
        [col(Product.gtin), col(Product.uid)],
        lambda gtin, uid: gtin or str(uid),
    ),
    _Source(PageKind.AREA, AreaCode, [col(AreaCode.code_key)]),
    _Source(
        PageKind.AREA,
        PlantingArea,
        [col(PlantingArea.uid)],
        where=col(PlantingArea.id).not_in(_coded),
    ),
    _Source(PageKind.CERTIFICATE, Certificate, [col(Certificate.number_key)]),
    _Source(PageKind.ORGANISATION, Organisation, [col(Organisation.uid)]),
)


def every_page(engine: Engine) -> Iterator[list[PageKey]]:
    """All of them in parts, in the order in which they came to be; no transaction is held between."""
    for source in _SOURCES:
        yield from _parts(engine, source)


def _parts(engine: Engine, source: _Source) -> Iterator[list[PageKey]]:
    key = col(source.table.id)
    last = 0
    while True:
        wanted = select(key, *source.columns).where(key > last)
        if source.where is not None:
            wanted = wanted.where(source.where)
        with open_read_session(engine) as session:
            rows = session.execute(wanted.order_by(key).limit(CHUNK)).all()
        if not rows:
            return
        last = rows[-1][0]
        # A number may be borne by several certificates: its page is one.
        codes = dict.fromkeys(source.code_of(*row[1:]) for row in rows)
        yield [PageKey(source.kind, code) for code in codes if code]
