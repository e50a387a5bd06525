"""Tiles: how tree and leaves are kept and given out (C2SP, tlog-tiles).

A tile holds up to 256 hashes of its level side by side; those of the next level are the roots of whole tiles. A
bundle of entries holds the leaves below a tile of level 0, each behind its length in two bytes.
"""

from collections.abc import Callable, Iterable

from imprimatur.tlog.tree import HASH, Node, node_hash

HEIGHT = 8
WIDTH = 1 << HEIGHT
LONGEST = 0xFFFF  # bytes of a leaf

ReadTile = Callable[[int, int], bytes]
"""Returns the hashes of a tile, of level and number, as far as there are any."""


def tile_path(level: int, n: int, width: int = WIDTH) -> str:
    """Return the path of a tile of hashes; `width` below 256 makes it that of a partial one."""
    return f"tile/{level}/{_number(n)}{_partial(width)}"


def entries_path(n: int, width: int = WIDTH) -> str:
    """Return the path of the leaves below tile `n` of level 0."""
    return f"tile/entries/{_number(n)}{_partial(width)}"


def widths(size: int) -> Iterable[tuple[int, int, int]]:
    """Yield level, number and width of each tile of a tree of that size; the last of a level may be partial."""
    level, amount = 0, size
    while amount:
        for n in range((amount + WIDTH - 1) // WIDTH):
            yield level, n, min(WIDTH, amount - n * WIDTH)
        level, amount = level + 1, amount >> HEIGHT


def pack(leaves: Iterable[bytes]) -> bytes:
    """Return a bundle of entries; raises ValueError for a leaf of more than 65,535 bytes."""
    packed = bytearray()
    for leaf in leaves:
        if len(leaf) > LONGEST:
            raise ValueError(f"A leaf of {len(leaf):,} bytes doesn't fit a tile.")
        packed += len(leaf).to_bytes(2) + leaf
    return bytes(packed)


def unpack(data: bytes) -> list[bytes]:
    """Return the leaves of a bundle of entries; raises ValueError when it ends within one."""
    leaves, at = [], 0
    while at < len(data):
        stop = at + 2 + int.from_bytes(data[at : at + 2])
        if stop > len(data) or at + 2 > len(data):
            raise ValueError("The entries end within a leaf.")
        leaves.append(data[at + 2 : stop])
        at = stop
    return leaves


def fold(hashes: bytes) -> bytes:
    """Return the root of a whole tile, or of any row of hashes whose number is a power of two."""
    row = [hashes[at : at + HASH] for at in range(0, len(hashes), HASH)]
    while len(row) > 1:
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]


def node_from_tiles(read: ReadTile) -> Node:
    """Return the reader of subtrees that proofs are made from; raises LookupError where a tile is too short."""

    def node(level: int, index: int) -> bytes:
        above, within = divmod(level, HEIGHT)
        first = index << within
        n, at = divmod(first, WIDTH)
        row = read(above, n)[at * HASH : (at + (1 << within)) * HASH]
        if len(row) != HASH << within:
            raise LookupError(f"The tile {tile_path(above, n)} has fewer hashes than the tree needs.")
        return fold(row)

    return node


def _number(n: int) -> str:
    """Return 1234067 as x001/x234/067."""
    parts = [f"{n % 1000:03d}"]
    while n := n // 1000:
        parts.append(f"x{n % 1000:03d}")
    return "/".join(reversed(parts))


def _partial(width: int) -> str:
    return "" if width == WIDTH else f".p/{width}"
