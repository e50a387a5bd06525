"""Events sequenced, recomputed, verified in a bundle, beside SHA-256 of the same leaves; proofs out of ten million."""

import hashlib
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from audit import trail, verbs
from audit.log import reading, tiling
from audit.log.checking import verify_log
from audit.log.keys import verifiers
from audit.log.sequencer import sequence
from audit.log.signer import sign_head
from audit.models import Checkpoint, Event, Tile
from bench.ground import clone
from bench.measure import rows
from imprimatur.bundle import checking, verify
from imprimatur.bundle.assembling import assemble
from imprimatur.bundle.content import Content, Key, Policy
from imprimatur.tlog.tiles import WIDTH, fold, pack, unpack
from imprimatur.tlog.tree import Frontier, check_inclusion, inclusion_proof, leaf_hash, root_at

MANY = 10_000_000  # leaves of the tree that proofs are taken from
STEP = 250_000  # of them put into tiles at once
PROOFS = 1000
SHA256 = "SHA-256 of each leaf, nothing else"


def run(*, rounds: int, sizes: Sequence[int]) -> None:
    """Measure and print a table of rates with the largest of the sizes as events, and one of proofs."""
    empty, amount = connections["default"], max(sizes)
    filled = clone("log")
    connections["default"] = filled
    _record(amount)
    found: dict[str, list[float]] = {}
    for number in range(rounds):
        connections["default"] = filled
        one = clone(f"log_{number}")
        connections["default"] = one
        with TemporaryDirectory() as folder:
            settings.LOG_SIGNER = str(Path(folder) / "signer")
            for name, seconds in _round(Path(folder)):
                found.setdefault(name, []).append(amount / seconds)
        _drop(one, filled)
    print(_table(found, amount), end="\n\n", flush=True)
    connections["default"] = empty
    print(_proofs(clone("many")), end="\n\n", flush=True)
    connections["default"] = empty


def _record(amount: int) -> None:
    """Record the first event of so many things, as the product does in bulk."""
    verbs.register("bench.made", "Made", "A thing was made.")
    for at in range(0, amount, STEP):
        things = Group.objects.bulk_create(
            Group(name=f"thing {number}") for number in range(at, min(at + STEP, amount))
        )
        about = (
            (thing, {"name": thing.name, "because": "a word on why, as long as most"}) for thing in things
        )
        trail.record_first("bench.made", list(about), now=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE audit_event")


def _round(folder: Path) -> Iterator[tuple[str, float]]:
    """Yield what was done and the seconds that it took."""
    leaves = [bytes(leaf) for leaf in Event.objects.order_by("id").values_list("leaf", flat=True)]
    yield SHA256, _timed(lambda: [hashlib.sha256(leaf).digest() for leaf in leaves])
    packed = [pack(leaves[at : at + WIDTH]) for at in range(0, len(leaves), WIDTH)]
    yield "hashes and tree alone, of leaves packed in tiles", _timed(lambda: _tree_alone(packed))
    yield "sequenced: places, tiles, tree", _timed(lambda: sequence(timezone.now()))
    sign_head(timezone.now())
    yield "recomputed in the database (`audit verify`)", _timed(_verify)
    bundle = folder / "bundle.zip"
    yield "put into a bundle", _timed(lambda: assemble(bundle, _content()))
    yield (
        "verified in the bundle, `verify.py`, one process",
        _timed(lambda: verify.check(verify.Source(bundle))),
    )
    yield (
        "verified in the bundle, `imprimatur bundle verify`",
        _timed(lambda: checking.check(verify.Source(bundle), tell=lambda *_said: None)),
    )


def _tree_alone(packed: Sequence[bytes]) -> bytes:
    """Return the root over the leaves, without a look at what stands in them."""
    above, last = Frontier(), Frontier()
    for tile in packed:
        row = [leaf_hash(leaf) for leaf in unpack(tile)]
        if len(row) == WIDTH:
            above.append(fold(b"".join(row)))
        else:
            for one in row:
                last.append(one)
    return Frontier([*above.hashes, *last.hashes], above.size * WIDTH + last.size).root()


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _verify() -> None:
    if faults := verify_log().faults:
        raise RuntimeError(faults[0])


def _content() -> Content:
    note = Checkpoint.objects.latest("id").note
    keys = [Key(key.name, str(key)) for key in verifiers()]
    size = Checkpoint.objects.latest("id").size
    return Content(
        Policy(settings.AUDIT_ORIGIN, keys), {"kind": "bench"}, note, [note], reading.leaves(0, size)
    )


def _drop(database: BaseDatabaseWrapper, other: BaseDatabaseWrapper) -> None:
    name = database.settings_dict["NAME"]
    database.close()
    connections["default"] = other
    with other._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}"')


def _table(found: dict[str, list[float]], amount: int) -> str:
    plain, lines = found[SHA256], []
    for name, rates in found.items():
        ratios = [one / other for other, one in zip(rates, plain, strict=True)]
        ratio = f"**{statistics.median(ratios):.1f}** ({min(ratios):.1f} to {max(ratios):.1f})"
        lines.append([name, f"{statistics.median(rates):,.0f}", "" if rates is plain else ratio])
    size = Event.objects.values_list("leaf", flat=True).first() or b""
    head = f"{amount:,} events, leaves of about {len(bytes(size))} bytes.\n\n"
    return head + rows(["what", "events in a second", "times as long as SHA-256 alone (least, most)"], lines)


def _proofs(database: BaseDatabaseWrapper) -> str:
    """Fill a tree with hashes of leaves that never were, and take proofs from it."""
    connections["default"] = database
    seconds = _timed(_fill)
    root, chance = root_at(MANY, tiling.node()), random.Random(20261126)
    proof, tile, sum_of = list[float](), list[float](), list[float]()
    for _number in range(PROOFS):
        index = chance.randrange(MANY)
        with _clock(tile):
            tiling.read_tile(0, index // 256)
        with _clock(proof):
            hashes = inclusion_proof(index, MANY, tiling.node_for(index, MANY))
        with _clock(sum_of):
            check_inclusion(_leaf(index), index, MANY, hashes, root)
    lines = [
        [
            name,
            f"{statistics.median(times):.3f}",
            " to ".join(f"{quantile:.3f}" for quantile in _quartiles(times)),
        ]
        for name, times in (
            ("one tile, read by its key", tile),
            ("an inclusion proof", proof),
            ("the proof checked", sum_of),
        )
    ]
    head = (
        f"{MANY:,} leaves in {Tile.objects.count():,} tiles, put there at {MANY / seconds:,.0f} a second.\n\n"
    )
    return head + rows([f"{PROOFS:,} leaves by chance", "median ms", "quartiles"], lines)


@contextmanager
def _clock(times: list[float]) -> Iterator[None]:
    """Note the milliseconds of the block."""
    begun = time.perf_counter()
    yield
    times.append((time.perf_counter() - begun) * 1000)


def _quartiles(times: Sequence[float]) -> tuple[float, float]:
    low, _middle, high = statistics.quantiles(times, n=4)
    return low, high


def _fill() -> None:
    for at in range(0, MANY, STEP):
        with transaction.atomic():
            tiling.append(at, [_leaf(index) for index in range(at, at + STEP)])


def _leaf(index: int) -> bytes:
    return hashlib.sha256(index.to_bytes(8)).digest()
