"""The tiles in the database: adding hashes to their end, and reading subtrees out of them."""

from collections.abc import Sequence

from django.db import connection

from audit.models import Tile
from imprimatur.tlog.tiles import HEIGHT, WIDTH, fold, node_from_tiles
from imprimatur.tlog.tree import HASH, Node, root_at

WHOLE = WIDTH * HASH


def append(size: int, leaves: Sequence[bytes]) -> bytes:
    """Add the hashes of leaves to a tree of that size, and return its new root; in the caller's transaction.

    Raises TornTile.
    """
    level, hashes, written = 0, b"".join(leaves), dict[tuple[int, int], bytes]()
    while hashes:
        first, begun = divmod(size, WIDTH)
        row = (read_tile(level, first) if begun else b"") + hashes
        if len(row) != begun * HASH + len(hashes):
            raise TornTile(
                f"The tile {first} of level {level} has not the {begun} hashes that it should have."
            )
        above = []
        for n in range((len(row) + WHOLE - 1) // WHOLE):
            data = row[n * WHOLE : (n + 1) * WHOLE]
            written[level, first + n] = data
            above += [fold(data)] if len(data) == WHOLE else []
        level, size, hashes = level + 1, size >> HEIGHT, b"".join(above)
    Tile.objects.bulk_create(
        (Tile(level=level, n=n, data=data) for (level, n), data in written.items()),
        update_conflicts=True, unique_fields=["level", "n"], update_fields=["data"], batch_size=500,
    )  # fmt: skip
    return root_at(_size_after(written), _reader(written))


class TornTile(ValueError):  # noqa: N818
    """A tile is gone, or doesn't hold what the size of the tree says."""


def read_tile(level: int, n: int) -> bytes:
    """Return the hashes of a tile, empty when there is none."""
    data = Tile.objects.filter(level=level, n=n).values_list("data", flat=True).first()
    return bytes(data or b"")


def node() -> Node:
    """Return the reader of subtrees that proofs are made from; each tile is read once."""
    return _reader({})


def node_for(index: int, size: int) -> Node:
    """Return the reader for the path of a leaf: its tiles and those at the right edge of the tree come in one query."""
    wanted, level = list[int](), 0
    while (size - 1) >> (HEIGHT * level):
        above = HEIGHT * (level + 1)
        wanted += [level, index >> above, (size - 1) >> above]
        level += 1
    if not wanted:
        return _reader({})
    where = " OR ".join(["level = %s AND n IN (%s, %s)"] * level)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT level, n, data FROM audit_tile WHERE {where}", wanted)  # noqa: S608  (marks only)
        return _reader({(at, n): bytes(data) for at, n, data in cursor.fetchall()})


def _reader(known: dict[tuple[int, int], bytes]) -> Node:
    kept = dict(known)

    def read(level: int, n: int) -> bytes:
        if (level, n) not in kept:
            kept[level, n] = read_tile(level, n)
        return kept[level, n]

    return node_from_tiles(read)


def _size_after(written: dict[tuple[int, int], bytes]) -> int:
    last = max(n for level, n in written if level == 0)
    return last * WIDTH + len(written[0, last]) // HASH
