"""Many texts at once as QR segments: those of the same shape together, as rows of characters."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.labels.segments import ALPHANUMERIC, Mode, segments_of

Indices: TypeAlias = NDArray[np.intp]
# A segment of many texts alike in mode and length: one row of characters a text.
Column: TypeAlias = tuple[Mode, NDArray[np.uint8]]


def alike(texts: Sequence[str], version: int) -> Iterator[tuple[Indices, list[Column]]]:
    """The texts in groups whose segments have the same modes and lengths, as rows of characters.

    Addresses that differ only behind `https://` are found alike without looking at each of them.
    """
    if "" in texts:
        raise ValueError("an empty text has no symbol")
    for at, letters in _by_length(texts):
        columns = _address_columns(letters)
        if columns is not None:
            yield at, columns
        else:
            yield from _one_by_one([texts[index] for index in at], at, version)


def _by_length(texts: Sequence[str]) -> Iterator[tuple[Indices, NDArray[np.uint8]]]:
    """Indices and characters of the texts of one length in bytes."""
    encoded = [text.encode() for text in texts]
    groups: dict[int, list[int]] = {}
    for index, content in enumerate(encoded):
        groups.setdefault(len(content), []).append(index)
    for length, indices in groups.items():
        joined = b"".join([encoded[index] for index in indices])
        yield np.array(indices), np.frombuffer(joined, np.uint8).reshape(-1, length)


def _address_columns(letters: NDArray[np.uint8]) -> list[Column] | None:
    """The two segments of addresses that all begin with one scheme; None for anything else."""
    first = letters[0].tobytes()
    scheme, slashes, rest = first.partition(b"://")
    cut = len(scheme) + len(slashes)
    if not rest or not slashes or (letters[:, :cut] != letters[0, :cut]).any():
        return None
    if not _is_alphanumeric()[letters[:, cut:]].all():
        return None
    return [(Mode.BYTE, letters[:, :cut]), (Mode.ALPHANUMERIC, letters[:, cut:])]


def _one_by_one(
    texts: Sequence[str], at: Indices, version: int
) -> Iterator[tuple[Indices, list[Column]]]:
    groups: dict[tuple[tuple[Mode, int], ...], list[int]] = {}
    cuts = [segments_of(text, version) for text in texts]
    for index, parts in enumerate(cuts):
        groups.setdefault(tuple((part.mode, len(part.content)) for part in parts), []).append(index)
    for shape, members in groups.items():
        columns = []
        for place, (mode, length) in enumerate(shape):
            joined = b"".join(cuts[index][place].content for index in members)
            columns.append((mode, np.frombuffer(joined, np.uint8).reshape(-1, length)))
        yield at[members], columns


@cache
def _is_alphanumeric() -> NDArray[np.bool_]:
    known = np.zeros(256, np.bool_)
    known[[ord(letter) for letter in ALPHANUMERIC]] = True
    return known
