"""The tree against the published vectors, the text of RFC 6962, and a library of somebody else's."""

from functools import cache

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree, InvalidProof, verify_consistency, verify_inclusion
from pymerkle.proof import InclusionProof

from app.transparency.merkle import (
    EMPTY_ROOT,
    Frontier,
    Reader,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    root_of,
)
from tests.transparency import trees

DATA = [
    bytes.fromhex(one)
    for one in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
# The roots that implementations of Certificate Transparency test against, by size.
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
# Inclusion proofs of the same vectors: entry, size, path.
PATHS = (
    (0, 1, ()),
    (
        0,
        8,
        (
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ),
    ),
    (
        5,
        8,
        (
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ),
    ),
    (2, 3, ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",)),
)
LEAVES = [trees.leaf(one) for one in DATA]
MANY = [trees.leaf(b"%d" % number) for number in range(600)]


THEIRS = InmemoryTree.init_from_entries(
    [b"%d" % number for number in range(600)], algorithm="sha256"
)


def reader(leaves: list[bytes]) -> Reader:
    @cache
    def read(height: int, index: int) -> bytes:
        return trees.mth(leaves[index << height : (index + 1) << height])

    return read


READ = reader(MANY)
ROOT = cache(lambda size: trees.mth(MANY[:size]))


def test_roots_and_paths_are_those_of_the_published_vectors() -> None:
    frontier = Frontier()
    for size, root in enumerate(ROOTS):
        assert root_of(reader(LEAVES), size).hex() == root == frontier.root().hex()
        if size < len(LEAVES):
            frontier.append(LEAVES[size])
    for index, size, path in PATHS:
        assert [one.hex() for one in inclusion_proof(reader(LEAVES), index, size)] == list(path)
    assert EMPTY_ROOT.hex() == ROOTS[0]


@settings(max_examples=60, deadline=None)
@for_all(st.integers(1, 600), st.data())
def test_proofs_are_those_of_the_text_and_accepted_by_another_implementation(
    size: int, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, size - 1))
    former = data.draw(st.integers(1, size))
    leaves, read = MANY[:size], READ
    path, proof = inclusion_proof(read, index, size), consistency_proof(read, former, size)
    root, before = ROOT(size), ROOT(former)
    assert path == trees.path(index, leaves)
    assert proof == trees.proof(former, leaves)
    assert is_included(leaves[index], index, size, path, root)
    assert is_consistent(former, size, proof, before, root)
    _accepted_elsewhere(index, former, size, path, proof)


def _accepted_elsewhere(
    index: int, former: int, size: int, path: list[bytes], proof: list[bytes]
) -> None:
    """Our inclusion proof is pymerkle's to judge; its consistency proofs are laid out otherwise,
    so that there its states are what ours must lead to, and its own proof joins the same two roots."""
    theirs = THEIRS.prove_inclusion(index + 1, size)
    ours = InclusionProof("sha256", True, size, index + 1, theirs.rule, [MANY[index], *path])
    state, before = THEIRS.get_root(size), THEIRS.get_root(former)
    verify_inclusion(MANY[index], state, ours, index=index + 1, size=size)
    assert is_consistent(former, size, proof, before, state)
    verify_consistency(before, state, THEIRS.prove_consistency(former, size))


@settings(max_examples=60, deadline=None)
@for_all(st.integers(2, 600), st.data())
def test_whatever_is_changed_in_a_proof_makes_it_fail(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    former = data.draw(st.integers(1, size - 1))
    read, root, before = READ, ROOT(size), ROOT(former)
    path, proof = inclusion_proof(read, index, size), consistency_proof(read, former, size)
    other = (index + data.draw(st.integers(1, size - 1))) % size
    assert not is_included(MANY[index], other, size, path, root)
    assert not is_included(MANY[other], index, size, path, root)
    for changed in _changed(path, data):
        assert not is_included(MANY[index], index, size, changed, root)
    for changed in _changed(proof, data):
        assert not is_consistent(former, size, changed, before, root)
    assert not is_consistent(former, size, proof, root, root)
    assert not is_consistent(former, size, proof, before, before)


def _changed(proof: list[bytes], data: st.DataObject) -> list[list[bytes]]:
    place, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
    flipped = int.from_bytes(proof[place], "big") ^ 1 << bit
    return [
        proof[:-1],
        [*proof, proof[-1]],
        [*proof[:place], flipped.to_bytes(32, "big"), *proof[place + 1 :]],
    ]


def test_the_other_implementation_refuses_what_is_wrong() -> None:
    theirs = THEIRS.prove_inclusion(3, 9)
    path = inclusion_proof(READ, 3, 9)
    wrong = InclusionProof("sha256", True, 9, 3, theirs.rule, [MANY[2], *path])
    with pytest.raises(InvalidProof):
        verify_inclusion(MANY[2], THEIRS.get_root(9), wrong)


def test_a_frontier_taken_up_in_the_middle_grows_as_the_tree_does() -> None:
    for begin in (0, 1, 7, 255, 256, 300):
        frontier = Frontier.at(READ, begin)
        for one in MANY[begin:310]:
            frontier.append(one)
        assert frontier.root() == trees.mth(MANY[:310])
    with pytest.raises(ValueError, match="every bit"):
        Frontier(3, [MANY[0]])


@pytest.mark.parametrize(("former", "size"), [(0, 5), (6, 5)])
def test_no_proof_is_made_of_what_cannot_be_proven(former: int, size: int) -> None:
    with pytest.raises(ValueError, match="grows"):
        consistency_proof(READ, former, size)
    with pytest.raises(ValueError, match="not in the tree"):
        inclusion_proof(READ, size, size)


def test_an_empty_tree_is_the_beginning_of_every_tree() -> None:
    assert is_consistent(0, 5, [], EMPTY_ROOT, trees.mth(MANY[:5]))
    assert not is_consistent(0, 5, [], MANY[0], trees.mth(MANY[:5]))
    assert not is_consistent(5, 4, [], MANY[0], MANY[0])
