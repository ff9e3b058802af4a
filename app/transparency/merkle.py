"""The Merkle tree of RFC 6962 §2.1 over SHA-256: roots, inclusion and consistency proofs. Pure.

A tree is read through a `Reader`: the hash of the complete subtree over the leaves
`[index << height, (index + 1) << height)`. Where the hashes are kept is none of this module's business.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence

NODE_PREFIX = b"\x01"
EMPTY_ROOT = hashlib.sha256(b"").digest()
HASH_BYTES = 32

Reader = Callable[[int, int], bytes]


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(NODE_PREFIX + left + right).digest()


def root_of(read: Reader, size: int) -> bytes:
    """The root of the first `size` leaves (MTH of RFC 6962)."""
    return _range_hash(read, 0, size) if size else EMPTY_ROOT


def inclusion_proof(read: Reader, index: int, size: int) -> list[bytes]:
    """PATH(index, D[0:size]), from the leaf's sibling upwards. ValueError outside the tree."""
    if not 0 <= index < size:
        raise ValueError("the leaf is not in the tree")
    return [_range_hash(read, low, high) for low, high in _beside(index, 0, size)]


def consistency_proof(read: Reader, former: int, size: int) -> list[bytes]:
    """PROOF(former, D[0:size]): that the later tree begins with the former. ValueError when it cannot."""
    if not 0 < former <= size:
        raise ValueError("a tree grows from a smaller one that is not empty")
    return [_range_hash(read, low, high) for low, high in _between(former, 0, size)]


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root that an inclusion proof leads to. ValueError when the proof has another length."""
    if not 0 <= index < size:
        raise ValueError("the leaf is not in the tree")
    inner = (index ^ (size - 1)).bit_length()
    if len(proof) != inner + (index >> inner).bit_count():
        raise ValueError("a proof of another length belongs here")
    found = leaf
    for height, sibling in enumerate(proof[:inner]):
        on_the_right = index >> height & 1
        found = node_hash(sibling, found) if on_the_right else node_hash(found, sibling)
    for sibling in proof[inner:]:
        found = node_hash(sibling, found)
    return found


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether a proof shows that a leaf stands at this place of the tree with this root."""
    try:
        return root_from_inclusion(leaf, index, size, proof) == root
    except ValueError:
        return False


def is_consistent(
    former: int, size: int, proof: Sequence[bytes], former_root: bytes, root: bytes
) -> bool:
    """Whether a proof shows that the later tree begins with the whole of the former (RFC 9162 §2.1.4.2)."""
    if not 0 <= former <= size:
        return False
    if former in {0, size}:
        return not proof and (former_root == root if former else former_root == EMPTY_ROOT)
    path = list(proof) if former & (former - 1) else [former_root, *proof]
    return bool(path) and _roots_along(path, former, size) == (former_root, root)


class Frontier:
    """A tree as it grows, remembered by the roots of its complete subtrees only (a compact range)."""

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        if len(hashes) != size.bit_count():
            raise ValueError("a frontier has a hash for every bit of its size")
        self.size = size
        self._hashes = list(hashes)

    @classmethod
    def at(cls, read: Reader, size: int) -> "Frontier":
        """The frontier of the first `size` leaves of a tree."""
        return cls(size, [read(height, index) for height, index in complete_subtrees(size)])

    def append(self, leaf: bytes) -> None:
        """Add a leaf."""
        grown = leaf
        for _ in range(_trailing_ones(self.size)):
            grown = node_hash(self._hashes.pop(), grown)
        self._hashes.append(grown)
        self.size += 1

    def root(self) -> bytes:
        """The root of all leaves so far."""
        if not self._hashes:
            return EMPTY_ROOT
        root = self._hashes[-1]
        for left in reversed(self._hashes[:-1]):
            root = node_hash(left, root)
        return root


def complete_subtrees(size: int) -> Iterator[tuple[int, int]]:
    """Height and index of the complete subtrees a tree consists of, from the left."""
    begin = 0
    for height in reversed(range(size.bit_length())):
        if size >> height & 1:
            yield height, begin >> height
            begin += 1 << height


def _range_hash(read: Reader, low: int, high: int) -> bytes:
    width = high - low
    if width & (width - 1) == 0:
        height = width.bit_length() - 1
        return read(height, low >> height)
    middle = low + _split(width)
    return node_hash(_range_hash(read, low, middle), _range_hash(read, middle, high))


def _beside(index: int, low: int, high: int) -> Iterator[tuple[int, int]]:
    if high - low == 1:
        return
    middle = low + _split(high - low)
    if index < middle:
        yield from _beside(index, low, middle)
        yield middle, high
    else:
        yield from _beside(index, middle, high)
        yield low, middle


def _between(former: int, low: int, high: int) -> Iterator[tuple[int, int]]:
    # What is left of `former` is known to who asks only as one whole tree from the very first leaf.
    if former == high:
        if low:
            yield low, high
        return
    middle = low + _split(high - low)
    if former <= middle:
        yield from _between(former, low, middle)
        yield middle, high
    else:
        yield from _between(former, middle, high)
        yield low, middle


def _roots_along(path: Sequence[bytes], former: int, size: int) -> tuple[bytes, bytes] | None:
    old, new = former - 1, size - 1
    shift = _trailing_ones(old)
    old, new = old >> shift, new >> shift
    before = after = path[0]
    for sibling in path[1:]:
        if new == 0:
            return None
        if old & 1 or old == new:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            skipped = 0 if old & 1 else _trailing_zeros(old)
            old, new = old >> skipped, new >> skipped
        else:
            after = node_hash(after, sibling)
        old, new = old >> 1, new >> 1
    return (before, after) if new == 0 else None


def _split(width: int) -> int:
    """The largest power of two below a width of at least two."""
    return 1 << (width - 1).bit_length() - 1


def _trailing_ones(number: int) -> int:
    return ((number + 1) & ~number).bit_length() - 1


def _trailing_zeros(number: int) -> int:
    return (number & -number).bit_length() - 1 if number else 0
