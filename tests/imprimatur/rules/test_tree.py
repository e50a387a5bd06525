"""The tree: against known roots, against another library, and against proofs that were tampered with."""

import random

import pytest
from pymerkle import InmemoryTree

from imprimatur.tlog import tree
from imprimatur.tlog.tiles import WIDTH, entries_path, fold, node_from_tiles, pack, tile_path, unpack, widths
from imprimatur.tlog.tree import HASH, Frontier, ProofFailed

# The leaves and roots by which implementations of RFC 6962 are compared.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
SIZES = (1, 2, 3, 5, 7, 8, 255, 256, 257, 511, 513, 700)


def hashes(size: int) -> list[bytes]:
    return [tree.leaf_hash(f"leaf {number}".encode()) for number in range(size)]


def node_of(leaves: list[bytes]) -> tree.Node:
    """Lay the hashes out in tiles, and read subtrees from those."""
    kept, level, row = dict[tuple[int, int], bytes](), 0, leaves
    while row:
        for n in range((len(row) + WIDTH - 1) // WIDTH):
            kept[level, n] = b"".join(row[n * WIDTH : (n + 1) * WIDTH])
        row = [fold(kept[level, n]) for n in range(len(row) // WIDTH)]
        level += 1
    return node_from_tiles(lambda level, n: kept[level, n])


def test_the_roots_of_the_known_leaves_are_the_known_ones() -> None:
    frontier = Frontier()
    assert frontier.root() == tree.EMPTY
    for leaf, root in zip(LEAVES, ROOTS, strict=True):
        frontier.append(tree.leaf_hash(bytes.fromhex(leaf)))
        assert frontier.root().hex() == root


def test_another_library_computes_the_same_roots_and_the_same_proofs() -> None:
    other = InmemoryTree(algorithm="sha256")
    for number in range(300):
        other.append_entry(f"leaf {number}".encode())
    chance = random.Random(1)
    leaves = hashes(300)
    for size in (1, 2, 3, 64, 65, 255, 256, 257, 300):
        node = node_of(leaves[:size])
        assert tree.root_at(size, node) == tree.root_of(leaves[:size]) == other.get_root(size)
        index = chance.randrange(size)
        theirs = other.prove_inclusion(index + 1, size).serialize()["path"][1:]
        assert [step.hex() for step in tree.inclusion_proof(index, size, node)] == theirs


@pytest.mark.parametrize("size", SIZES)
def test_each_proof_that_is_made_is_good_and_good_for_nothing_else(size: int) -> None:
    leaves, chance = hashes(size), random.Random(size)
    node, root = node_of(leaves), tree.root_of(leaves)
    for index in {0, size - 1, *(chance.randrange(size) for _time in range(12))}:
        proof = tree.inclusion_proof(index, size, node)
        tree.check_inclusion(leaves[index], index, size, proof, root)
        for wrong in tampered(proof, chance):
            with pytest.raises(ProofFailed):
                tree.check_inclusion(leaves[index], index, size, wrong, root)
        if size > 1:
            with pytest.raises(ProofFailed):
                tree.check_inclusion(leaves[index], (index + 1) % size, size, proof, root)
    for old in {0, 1, size, *(chance.randrange(size) for _time in range(12))}:
        before, proof = tree.root_at(old, node), tree.consistency_proof(old, size, node)
        tree.check_consistency(old, before, size, root, proof)
        for wrong in tampered(proof, chance) if 0 < old < size else []:
            with pytest.raises(ProofFailed):
                tree.check_consistency(old, before, size, root, wrong)
        with pytest.raises(ProofFailed):
            tree.check_consistency(old, bytes(HASH), size, root, proof)
        with pytest.raises(ProofFailed):
            tree.check_consistency(size + 1, before, size, root, proof)


def tampered(proof: list[bytes], chance: random.Random) -> list[list[bytes]]:
    """Return proofs that are wrong: one step too many or too few, one bit changed, two steps swapped."""
    longer = [*proof, bytes(HASH)]
    if not proof:
        return [longer]
    at = chance.randrange(len(proof))
    flipped = bytes([proof[at][0] ^ 1]) + proof[at][1:]
    swapped = [proof[-1], *proof[1:-1], proof[0]] if len(proof) > 1 else longer
    return [longer, proof[:-1], proof[1:], [*proof[:at], flipped, *proof[at + 1 :]], swapped]


def test_what_can_not_be_proven_is_refused() -> None:
    node = node_of(hashes(5))
    with pytest.raises(ValueError, match="no leaf 5"):
        tree.inclusion_proof(5, 5, node)
    with pytest.raises(ValueError, match="can't go on from one of 6"):
        tree.consistency_proof(6, 5, node)
    with pytest.raises(LookupError, match=r"tile/0/000 has fewer hashes"):
        tree.root_at(6, node)
    with pytest.raises(ValueError, match="has 2 subtrees"):
        Frontier([], 5)


def test_tiles_have_the_paths_and_the_widths_of_the_format() -> None:
    assert tile_path(0, 1234067) == "tile/0/x001/x234/067"
    assert tile_path(2, 5, 7) == "tile/2/005.p/7"
    assert entries_path(0, 1) == "tile/entries/000.p/1"
    assert entries_path(1000) == "tile/entries/x001/000"
    assert list(widths(256 * 256 + 1)) == [
        *[(0, n, 256) for n in range(256)], (0, 256, 1), (1, 0, 256), (2, 0, 1)
    ]  # fmt: skip


def test_entries_are_what_was_packed_and_what_ends_within_one_is_refused() -> None:
    leaves = [b"", b"a", bytes(65_535)]
    assert unpack(pack(leaves)) == leaves
    with pytest.raises(ValueError, match="65,536 bytes"):
        pack([bytes(65_536)])
    for cut in (1, 3, 100):
        with pytest.raises(ValueError, match="end within a leaf"):
            unpack(pack(leaves)[:-cut] if cut != 3 else pack(leaves)[:3])
