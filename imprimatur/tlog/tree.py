"""The Merkle tree of the log (RFC 6962, section 2.1; RFC 9162, sections 2.1.2 to 2.1.4): hashes, roots, proofs.

Hashes are 32 bytes of SHA-256. A proof is made from the hashes of complete subtrees: `node(level, index)` returns
the hash over the leaves from index * 2^level up to (index + 1) * 2^level, that one left out.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence

HASH = 32
EMPTY = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""

Node = Callable[[int, int], bytes]


class ProofFailed(ValueError):  # noqa: N818
    """What a proof says is not so."""


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf (RFC 6962, section 2.1)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees (RFC 6962, section 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a tree that grows: the complete subtrees that its leaves make, the largest first."""

    def __init__(self, hashes: Iterable[bytes] = (), size: int = 0) -> None:
        """Go on from the subtrees of a tree of that size; raises ValueError when their number doesn't fit it."""
        self.hashes, self.size = list(hashes), size
        if len(self.hashes) != size.bit_count():
            raise ValueError(
                f"A tree of {size} leaves has {size.bit_count()} subtrees, not {len(self.hashes)}."
            )

    def append(self, leaf: bytes) -> None:
        """Add the hash of the next leaf."""
        size = self.size
        while size & 1:
            leaf = node_hash(self.hashes.pop(), leaf)
            size >>= 1
        self.hashes.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Return the root of the tree as it is."""
        if not self.hashes:
            return EMPTY
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root over these hashes of leaves."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def subtrees(start: int, stop: int) -> list[tuple[int, int]]:
    """Return level and index of the complete subtrees that cover the leaves from start to stop, from left to right."""
    found = []
    while start < stop:
        level = (start & -start).bit_length() - 1 if start else (stop - start).bit_length() - 1
        while start + (1 << level) > stop:
            level -= 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def root_at(size: int, node: Node) -> bytes:
    """Return the root of the tree's first leaves."""
    return Frontier((node(level, index) for level, index in subtrees(0, size)), size).root()


def _range(start: int, stop: int, node: Node) -> bytes:
    """Return MTH(D[start:stop]) where the range begins at a boundary of its own size."""
    hashes = [node(level, index) for level, index in subtrees(start, stop)]
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def _split(length: int) -> int:
    """Return the largest power of two below the length."""
    return 1 << ((length - 1).bit_length() - 1)


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """Return the path from a leaf up to the root of the tree of that size (RFC 6962, section 2.1.1)."""
    if not 0 <= index < size:
        raise ValueError(f"A tree of {size} leaves has no leaf {index}.")
    proof, start, stop = [], 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            proof.append(_range(middle, stop, node))
            stop = middle
        else:
            proof.append(_range(start, middle, node))
            start = middle
    return proof[::-1]


def consistency_proof(old: int, new: int, node: Node) -> list[bytes]:
    """Return the proof that the tree of size `new` begins with that of size `old` (RFC 6962, section 2.1.2)."""
    if not 0 <= old <= new:
        raise ValueError(f"A tree of {new} leaves can't go on from one of {old}.")
    if old in {0, new}:
        return []
    proof, start, stop, whole = [], 0, new, True
    while old != stop:
        middle = start + _split(stop - start)
        if old <= middle:
            proof.append(_range(middle, stop, node))
            stop = middle
        else:
            proof.append(_range(start, middle, node))
            start, whole = middle, False
    if not whole:
        proof.append(_range(start, stop, node))
    return proof[::-1]


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that the leaf with this hash stands there in the tree (RFC 9162, section 2.1.3.2); raises ProofFailed."""
    if not 0 <= index < size:
        raise ProofFailed(f"A tree of {size} leaves has no leaf {index}.")
    found = leaf
    for is_left, step in _climb(index, size - 1, proof):
        found = node_hash(step, found) if is_left else node_hash(found, step)
    if found != root:
        raise ProofFailed(f"The path from leaf {index} doesn't lead to the root.")


def check_consistency(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Check that the new tree begins with the old one (RFC 9162, section 2.1.4.2); raises ProofFailed."""
    if not 0 <= old <= new:
        raise ProofFailed(f"A tree of {new} leaves can't go on from one of {old}.")
    if old in {0, new}:
        if proof or old_root != (new_root if old else EMPTY):
            raise ProofFailed(f"Two trees of {old} leaves have different roots, or the proof isn't empty.")
        return
    if not proof:
        raise ProofFailed("The proof is empty.")
    first, *steps = proof if old & (old - 1) else [old_root, *proof]
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = first
    for is_left, step in _climb(place, last, steps):
        before = node_hash(step, before) if is_left else before
        after = node_hash(step, after) if is_left else node_hash(after, step)
    if before != old_root or after != new_root:
        raise ProofFailed(f"The tree of {new} leaves doesn't begin with the one of {old}.")


def _climb(place: int, last: int, steps: Iterable[bytes]) -> Iterator[tuple[bool, bytes]]:
    """Yield each step up to the root, and whether its subtree lies to the left; raises ProofFailed."""
    for step in steps:
        if last == 0:
            raise ProofFailed("The proof is longer than the path to the root.")
        is_left = bool(place & 1) or place == last
        while is_left and place and not place & 1:
            place, last = place >> 1, last >> 1
        yield is_left, step
        place, last = place >> 1, last >> 1
    if last:
        raise ProofFailed("The proof is shorter than the path to the root.")
