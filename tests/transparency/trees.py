"""RFC 6962 once more, as the text has it and nothing else: what the product's own tree is held against."""

import hashlib
from collections.abc import Sequence


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def mth(leaves: Sequence[bytes]) -> bytes:
    """MTH(D[n]) of §2.1, over leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = below(len(leaves))
    return node(mth(leaves[:middle]), mth(leaves[middle:]))


def path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH(m, D[n]) of §2.1.1."""
    if len(leaves) == 1:
        return []
    middle = below(len(leaves))
    if index < middle:
        return [*path(index, leaves[:middle]), mth(leaves[middle:])]
    return [*path(index - middle, leaves[middle:]), mth(leaves[:middle])]


def proof(former: int, leaves: Sequence[bytes], *, whole: bool = True) -> list[bytes]:
    """PROOF(m, D[n]) of §2.1.2, by SUBPROOF(m, D[n], b)."""
    if former == len(leaves):
        return [] if whole else [mth(leaves)]
    middle = below(len(leaves))
    if former <= middle:
        return [*proof(former, leaves[:middle], whole=whole), mth(leaves[middle:])]
    return [*proof(former - middle, leaves[middle:], whole=False), mth(leaves[:middle])]


def below(width: int) -> int:
    """The largest power of two smaller than a width."""
    power = 1
    while power * 2 < width:
        power *= 2
    return power
