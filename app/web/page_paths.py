"""Which ready-made page an address asks for, told from the address alone."""

import re

from app.models.pages import PageKind
from app.provenance.page_store import PageKey

_LOT = re.compile(r"/[tT]/(LC[0-9A-HJKMNP-TV-Z]{13})")


def page_at(path: str) -> PageKey | None:
    """The page at an address written as the product writes it; None for all else."""
    lot = _LOT.fullmatch(path)
    return None if lot is None else PageKey(PageKind.LOT, lot[1])
