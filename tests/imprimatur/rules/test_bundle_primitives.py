"""What `verify.py` computes by itself, beside what others say: OpenSSL, pymerkle, rfc8785, the standards."""

import hashlib
import random
from pathlib import Path

import pytest
import rfc8785
from cryptography.exceptions import InvalidSignature
from pymerkle import InmemoryTree

from imprimatur.bundle import verify
from imprimatur.bundle.assembling import assemble
from imprimatur.tlog.tiles import entries_path, node_from_tiles, tile_path
from imprimatur.tlog.tree import check_consistency, consistency_proof, inclusion_proof
from tests.imprimatur import bundles
from tests.imprimatur.bundles import LOG, SIGNERS, Made


@pytest.fixture(scope="module")
def made() -> Made:
    return bundles.made()


# Signatures: RFC 8032, section 7.1, and OpenSSL


@pytest.mark.parametrize(
    ("public", "message", "signature"),
    [
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
    ],
)  # fmt: skip
def test_signatures_of_the_standard_are_good(public: str, message: str, signature: str) -> None:
    key, text, good = (bytes.fromhex(part) for part in (public, message, signature))
    assert verify.ed25519(key, good, text)
    assert not verify.ed25519(key, good, text + b"\0")
    # S + L verifies for whoever forgets to look whether S is below L
    higher = good[:32] + (int.from_bytes(good[32:], "little") + verify.L).to_bytes(32, "little")
    assert not verify.ed25519(key, higher, text)
    assert not verify.ed25519(key, good[:63], text)
    assert not verify.ed25519(key, good + b"\0", text)


def test_signatures_are_judged_as_openssl_judges_them() -> None:
    chance = random.Random(8032)
    for number in range(12):
        key, message = bundles.key(str(number)), chance.randbytes(number * 7)
        public, signature = key.public_key().public_bytes_raw(), bytearray(key.sign(message))
        assert verify.ed25519(public, bytes(signature), message)
        signature[chance.randrange(64)] ^= 1 << chance.randrange(8)
        with pytest.raises(InvalidSignature):
            key.public_key().verify(bytes(signature), message)
        assert not verify.ed25519(public, bytes(signature), message)


def test_points_have_one_form_and_weak_keys_are_none() -> None:
    one, minus_zero = (1).to_bytes(32, "little"), (1 | 1 << 255).to_bytes(32, "little")
    assert verify.point(one) == (0, 1, 1, 0)
    assert verify.point(minus_zero) is None
    assert verify.point((verify.P + 1).to_bytes(32, "little")) is None  # the same y, written higher
    assert verify.point(one + b"\0") is None
    assert verify.point((2).to_bytes(32, "little")) is None  # no point has this y
    orders = [one, (verify.P - 1).to_bytes(32, "little"), bytes(32)]
    for weak in orders:
        raw = b"\1" + weak
        name = hashlib.sha256(b"log\n" + raw).hexdigest()[:8]
        with pytest.raises(ValueError, match="not allowed"):
            verify.key_of(f"log+{name}+{bundles.b64(raw)}", 1)
    assert verify.key_of(SIGNERS[LOG].vkey, 1).name == LOG
    with pytest.raises(ValueError, match="not allowed"):
        verify.key_of(SIGNERS[LOG].vkey, 4)


# The tree: pymerkle; the names of tiles: the examples of C2SP, tlog-tiles


def test_roots_are_those_of_another_library(made: Made) -> None:
    leaves, other = made.leaves, InmemoryTree(algorithm="sha256")
    tree = verify.Tree()
    for at in range(0, len(leaves), 256):
        hashes = [hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves[at : at + 256]]
        for width in sorted({1, 2, 3, 100, 187, len(hashes)} & set(range(len(hashes) + 1))):
            while other.get_size() < at + width:
                other.append_entry(leaves[other.get_size()])
            assert tree.root(hashes[:width]) == other.get_root(at + width)
        if len(hashes) == 256:
            tree.grow(verify.root_of(hashes))
    assert other.get_size() == 700


def test_proofs_from_the_tiles_are_those_of_another_library(made: Made, tmp_path: Path) -> None:
    assemble(tmp_path / "b.zip", made.content)
    source, other = verify.Source(tmp_path / "b.zip"), InmemoryTree(algorithm="sha256")
    for leaf in made.leaves:
        other.append_entry(leaf)

    def read(level: int, n: int) -> bytes:
        width = min(256, len(made.leaves) // 256**level - n * 256)
        return source.read(tile_path(level, n, width))

    node = node_from_tiles(read)
    for index, size in [(0, 1), (0, 700), (255, 256), (256, 257), (511, 700), (612, 613), (699, 700)]:
        # counted from 1 there, and with the leaf itself in front
        assert inclusion_proof(index, size, node) == other.prove_inclusion(index + 1, size).path[1:]
    for old, new in [(1, 700), (256, 700), (257, 512), (500, 700), (699, 700)]:
        proof = consistency_proof(old, new, node)
        check_consistency(old, other.get_root(old), new, other.get_root(new), proof)


def test_tiles_have_the_names_of_the_specification() -> None:
    assert verify.numbered(1234067, 256) == "x001/x234/067"
    assert verify.numbered(0, 1) == "000.p/1"
    names = list(verify.tiles_of(70_000))
    count = {
        level: sum(name.startswith(f"tile/{level}/") for name in names)
        for level in ("0", "1", "2", "entries")
    }
    assert count == {"0": 274, "1": 2, "2": 1, "entries": 274}
    assert {
        "tile/0/273.p/112",
        "tile/1/000",
        "tile/1/001.p/17",
        "tile/2/000.p/1",
        "tile/entries/273.p/112",
    } <= set(names)
    assert list(verify.tiles_of(256)) == ["tile/0/000", "tile/entries/000", "tile/1/000.p/1"]
    for n, width in [(0, 256), (7, 3), (999, 256), (1000, 256), (1234067, 9), (1_000_000, 256)]:
        assert f"tile/3/{verify.numbered(n, width)}" == tile_path(3, n, width)
        assert f"tile/entries/{verify.numbered(n, width)}" == entries_path(n, width)


# The one form of JSON: rfc8785


def test_leaves_have_the_one_form_of_the_standard(made: Made) -> None:
    for leaf in made.leaves:
        assert rfc8785.dumps(verify.canonical(leaf)) == leaf


@pytest.mark.parametrize(
    "other",
    [
        b'{"a": 1}', b'{"b":1,"a":2}', b'{"a":1,"a":2}', b'{"a":1.0}', b'{"a":1e3}', b'{"a":NaN}', b'{"a":-Infinity}',
        b'{"a":9007199254740992}', b'{"a":-9007199254740992}', b'{"a":-0}', b'{"a":"\\u00e9"}', b'{"a":"\\/"}',
        b'{"a":"\\ud800"}', b'{"a":"\xff"}', b'\xef\xbb\xbf{"a":1}', b'{"a":1}\n', b'{"a":1}{}', b"", b"[" * 100_000,
        '{"a":"é"}'.encode("utf-16"),
    ],
)  # fmt: skip
def test_any_other_way_to_write_is_refused(other: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        verify.canonical(other)
    assert verify.canonical(b'{"a":9007199254740991,"b":"\xc3\xa9","c":[true,null]}')
