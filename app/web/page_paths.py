"""Which ready-made page an address asks for, told from the address alone."""

import re
from collections.abc import Callable

from app.certificates.public_queries import number_key
from app.models.pages import PageKind
from app.provenance.page_store import PageKey
from app.registry.codes import key_of

LONGEST_PATH = 160
# Where labels lead: lots, and single labels of lots.
LABELS = ("/t/", "/T/")
_UID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_LOT = re.compile(r"/[tT]/(LC[0-9A-HJKMNP-TV-Z]{13})")


def _same(code: str) -> str:
    return code


# Ahead of all others the lot: its page must be instant.
_OTHERS: tuple[tuple[PageKind, re.Pattern[str], Callable[[str], str]], ...] = (
    (PageKind.PRODUCT, re.compile(rf"/p/([0-9]{{14}}|{_UID})"), _same),
    (PageKind.ORGANISATION, re.compile(rf"/o/({_UID})"), _same),
    (PageKind.AREA, re.compile(rf"/a/({_UID})"), _same),
    (PageKind.AREA, re.compile(r"/register/([^/]+)"), key_of),
    (PageKind.CERTIFICATE, re.compile(r"/certificates/(.+)"), number_key),
)


def page_at(path: str) -> PageKey | None:
    """The page at an address written as the product writes it; None for all else."""
    lot = _LOT.fullmatch(path)
    if lot is not None:
        return PageKey(PageKind.LOT, lot[1])
    if len(path) > LONGEST_PATH or not path.isprintable():
        return None
    for kind, form, code_of in _OTHERS:
        found = form.fullmatch(path)
        if found is not None:
            code = code_of(found[1])
            return PageKey(kind, code) if code else None
    return None
