"""Where each page of a copy lies: names that every file system bears, and the way from one to another. Pure."""

import hashlib
import posixpath
import re

from app.models.pages import PageKind
from app.provenance.page_store import PageKey

ENDINGS = {"vi": ".html", "en": ".en.html", "zh": ".zh.html"}
START = "index"
# Two characters of a lot's code: some hundred files a folder, however many lots there are.
SHARD = slice(2, 4)
LISTS = {
    PageKind.LOT: "t/index",
    PageKind.PRODUCT: "p/index",
    PageKind.ORGANISATION: "o/index",
    PageKind.AREA: "register/index",
    PageKind.CERTIFICATE: "certificates/index",
}
_PLAIN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_UID_MARK = "-"


def stem_of(key: PageKey) -> str:
    """The name of a page's files without their ending, from the folder of the copy."""
    code = key.code
    match key.kind:
        case PageKind.LOT:
            return f"t/{code[SHARD]}/{code}"
        case PageKind.PRODUCT:
            return f"p/{code}"
        case PageKind.ORGANISATION:
            return f"o/{code}"
        case PageKind.AREA:
            return f"a/{code}" if _UID_MARK in code else f"register/{_plain(code)}"
        case _:
            return f"certificates/{_plain(code)}"


def file_of(key: PageKey, tag: str) -> str:
    """The file of a page in a language."""
    return stem_of(key) + ENDINGS[tag]


def list_of(kind: PageKind, tag: str, number: int = 1) -> str:
    """The file of a part of the list of all pages of a kind."""
    part = "" if number == 1 else f"-{number}"
    return f"{LISTS[kind]}{part}{ENDINGS[tag]}"


def shard_list(shard: str, tag: str) -> str:
    """The file of the list of the lots in one folder."""
    return f"t/{shard}/index{ENDINGS[tag]}"


def way(start: str, end: str) -> str:
    """The relative address of a file, seen from another one."""
    return posixpath.relpath(end, posixpath.dirname(start) or ".")


def _plain(code: str) -> str:
    """A code as a file name: letters of other scripts become a digest."""
    joined = code.replace(" ", "-")
    if _PLAIN.fullmatch(joined):
        return joined
    return "x-" + hashlib.sha256(code.encode()).hexdigest()[:24]
