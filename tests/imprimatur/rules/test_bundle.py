"""A bundle that nobody touched is whole; `verify.py` stands alone; and each rule has somebody else's word for it."""

import ast
import hashlib
import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from cryptography.exceptions import InvalidSignature
from pymerkle import InmemoryTree

from imprimatur import cli
from imprimatur.bundle import checking, verify
from imprimatur.bundle.assembling import assemble
from imprimatur.bundle.content import Content, Key, Policy
from imprimatur.tlog.note import verifies
from imprimatur.tlog.tiles import entries_path, tile_path
from tests.imprimatur import bundles, manipulations
from tests.imprimatur.bundles import LOG, SIGNERS, Log, Made, head

PAGE = Path(verify.__file__)


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Made]:
    path, made = tmp_path_factory.mktemp("bundle") / "bundle.zip", bundles.made()
    assemble(path, made.content)
    return path, made


def quiet(_what: str, _done: int, _of: int) -> None:
    """Say nothing."""


def test_an_untouched_bundle_is_whole_and_says_what_it_holds(untouched: tuple[Path, Made]) -> None:
    path, made = untouched
    found = verify.check(verify.Source(path))
    assert found == checking.check(verify.Source(path), tell=quiet)
    assert (found["size"], found["log"], found["origin"]) == (700, LOG, f"{LOG}/2")
    assert found["checkpoints"] == len(made.notes)
    assert set(found["witnesses"]) == {"witness.example/finance", "witness.example/library"}
    assert (found["disclosures"], found["states"], found["files"]) == (
        len(made.content.disclosures), len(made.content.states), 3,  # type: ignore[arg-type]
    )  # fmt: skip
    assert [one["event"] for one in found["begun_again"]] == [490]
    assert found["scope_is_in_log"]
    assert found["forks"] == 0


def test_the_page_alone_checks_its_folder_and_tells_by_its_status(
    untouched: tuple[Path, Made], tmp_path: Path
) -> None:
    with zipfile.ZipFile(untouched[0]) as archive:
        archive.extractall(tmp_path / "taken")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        page = tmp_path / "taken" / "verify.py"
        return subprocess.run(
            [sys.executable, "-I", "-S", page, *arguments], capture_output=True, text=True, check=False
        )

    whole = run()
    assert (whole.returncode, whole.stderr) == (0, "")
    assert "700 events" in whole.stdout
    held = tmp_path / "held"
    held.write_bytes((tmp_path / "taken" / "policy").read_bytes())
    assert run(str(untouched[0]), "--policy", str(held)).returncode == 0
    evidence = next((tmp_path / "taken" / "attachments").iterdir())
    evidence.write_bytes(evidence.read_bytes() + b"\n")
    wrong = run()
    assert wrong.returncode == 1
    assert evidence.name in wrong.stdout


@pytest.mark.parametrize("spoil", ["truncated", "absent", "text", "other"])
def test_what_is_no_bundle_cannot_be_checked(
    spoil: str, untouched: tuple[Path, Made], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bundle.zip"
    if spoil == "truncated":
        path.write_bytes(untouched[0].read_bytes()[:-1000])
    if spoil == "text":
        path.write_text("no bundle at all")
    if spoil == "other":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("holiday.txt", "sun")
    assert verify.main([str(path), "--json"]) == 2
    assert cli.main(["bundle", "verify", str(path)]) == 2
    said, words = capsys.readouterr().out.split("\n", 1)
    assert json.loads(said)["whole"] is False
    assert words.startswith("Can't be checked: ")


@pytest.mark.parametrize("seed", range(8))
def test_a_bit_that_turned_in_the_file_itself_is_found(
    seed: int, untouched: tuple[Path, Made], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = bytearray(untouched[0].read_bytes())
    content[random.Random(seed).randrange(40, len(content) - 6000)] ^= 4
    (tmp_path / "bundle.zip").write_bytes(content)
    assert verify.main([str(tmp_path / "bundle.zip")]) in {1, 2}
    assert "Whole" not in capsys.readouterr().out


def test_another_verifier_inside_is_told_by_the_one_that_is_installed(
    untouched: tuple[Path, Made], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    loose = manipulations.loosen(*untouched, 1)
    loose.files["verify.py"] = b"print('whole')\n"
    loose.hide()
    loose.write(tmp_path / "bundle.zip")
    assert cli.main(["bundle", "verify", str(tmp_path / "bundle.zip"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["strange"] == ["verify.py"]
    assert cli.main(["bundle", "verify", str(untouched[0]), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["strange"] == []


def test_several_processes_say_the_same_as_one(
    untouched: tuple[Path, Made], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "BUNCH", 1)
    monkeypatch.setattr(checking, "SMALL", 1)
    source = verify.Source(untouched[0])
    assert checking.check(source, tell=quiet, processes=2) == verify.check(source)
    loose = manipulations.loosen(*untouched, 5)
    for tile in (2, 1):
        leaves = loose.made.leaves[tile * 256 : tile * 256 + 256]
        leaves[7], leaves[8] = leaves[8], leaves[7]
        loose.repack(tile, leaves)
    loose.write(tmp_path / "bundle.zip")
    with pytest.raises(verify.Wrong) as caught:
        checking.check(verify.Source(tmp_path / "bundle.zip"), tell=quiet, processes=2)
    assert caught.value.event == 263  # the first, whichever process is done first


def test_the_page_needs_python_3_9_and_its_own_library_only() -> None:
    tree = ast.parse(PAGE.read_text(), feature_version=(3, 9))
    names = {alias.name for one in ast.walk(tree) if isinstance(one, ast.Import) for alias in one.names}
    names |= {str(one.module) for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names
    newer = {"removeprefix", "bit_count", "pairwise", "batched", "walk_up", "file_digest"}
    used = {one.attr for one in ast.walk(tree) if isinstance(one, ast.Attribute)}
    assert not used & newer
    assert not [
        one
        for one in ast.walk(tree)
        if isinstance(one, ast.keyword) and one.arg in {"strict", "slots", "kw_only"}
    ]
    runtime = [
        one for one in ast.walk(tree) if isinstance(one, ast.Assign) and isinstance(one.value, ast.BinOp)
    ]
    assert not [one for one in runtime if isinstance(one.value.op, ast.BitOr) and "None" in ast.unparse(one)]  # type: ignore[attr-defined]


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


def test_roots_are_those_of_another_library(untouched: tuple[Path, Made]) -> None:
    leaves, other = untouched[1].leaves, InmemoryTree(algorithm="sha256")
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


def test_leaves_have_the_one_form_of_the_standard(untouched: tuple[Path, Made]) -> None:
    for leaf in untouched[1].leaves:
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


# What the auditor holds


def held(path: Path, checkpoint: bytes) -> dict[str, Any]:
    return verify.check(verify.Source(path), None, checkpoint, verifies=verifies)


def test_a_checkpoint_is_held_as_mailed_or_as_printed(untouched: tuple[Path, Made]) -> None:
    path, made = untouched
    for note in made.notes:
        assert held(path, note.encode())["checkpoint_held"]
    printed = "\n".join(made.notes[3].split("\n")[:3])
    assert held(path, printed.encode())["checkpoint_held"]
    assert held(path, made.notes[3].replace("\n", "\r\n").encode())["checkpoint_held"]
    between = head(made.leaves[:333], LOG)
    assert held(path, between.encode())["checkpoint_held"]


def test_a_checkpoint_that_does_not_fit_is_named(untouched: tuple[Path, Made]) -> None:
    path, made = untouched
    other = bundles.made(seed=3)
    wrong = {
        head(other.leaves[:333], LOG): "root",
        head([*made.leaves, b"{}"], f"{LOG}/2"): "cut off",
        head(made.leaves[:333], LOG, signer=bundles.stranger()): "no key",
        f"elsewhere\n3\n{bundles.b64(bytes(32))}": "another log",
        "nothing": "no checkpoint",
    }
    for note, words in wrong.items():
        with pytest.raises(verify.Wrong, match=words):
            held(path, note.encode())


# The story of an object


def small(path: Path, leaves: list[bytes], origin: str = LOG) -> dict[str, Any]:
    policy = Policy(LOG, [Key(name, signer.vkey) for name, signer in SIGNERS.items()])
    note = head(leaves, origin)
    path.unlink(missing_ok=True)
    assemble(path, Content(policy, {"kind": "all"}, note, [note], leaves))
    return verify.check(verify.Source(path))


def acts(*objects: str) -> list[bytes]:
    log = Log(random.Random(4))
    for obj in objects:
        log.act("vote.cast", ("reviews.vote", obj), {})
    return log.leaves


def changed(leaf: bytes, **fields: Any) -> bytes:
    return bundles.canonical({**json.loads(leaf), **fields})


def test_two_acts_at_the_same_time_may_have_the_same_predecessor(tmp_path: Path) -> None:
    one, two, three = acts("1", "1", "1")
    before = json.loads(two)["prev"]
    found = small(tmp_path / "b.zip", [one, two, changed(three, rev=2, prev=before)])
    assert found["forks"] == 1
    assert small(tmp_path / "b.zip", [one, two, three])["forks"] == 0


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda one, two, three: [one, two, changed(three, prev=json.loads(two)["prev"])], "predecessor"),
        (lambda one, two, three: [one, two, changed(three, rev=4)], "number is too high"),
        (lambda one, two, three: [one, two, changed(three, rev=2)], "predecessor"),
        (lambda one, two, three: [one, two, changed(three, obj={"type": "reviews.vote", "id": "9"})], "predecessor"),
        (lambda one, two, three: [two, one, three], "predecessor|number"),
        (lambda one, two, three: [one, three], "predecessor|number"),
        (lambda one, two, three: [one, two, changed(three, id=json.loads(one)["id"])], "another event has its id"),
        (lambda one, two, three: [one, two, changed(three, prev=None)], "no predecessor"),
        (lambda one, two, three: [one, two, changed(three, log="elsewhere")], "another log"),
        (lambda one, two, three: [one, two, changed(three, more=1)], "fields"),
        (lambda one, two, three: [one, two, changed(three, v=True)[:-1] + b" }"], "another way"),
        (lambda one, two, three: [one, two, changed(three, actor="Mara Okafor")], "fields"),
        (lambda one, two, three: [one, two, changed(three, t="2026-11-26 09:00")], "fields"),
        (lambda one, two, three: [one, two, changed(three, personal={"states.a.b.7": "0" * 64})], "isn't the state"),
    ],
)  # fmt: skip
def test_a_signed_log_that_breaks_a_rule_is_not_whole(
    spoil: Callable[..., list[bytes]], words: str, tmp_path: Path
) -> None:
    with pytest.raises(verify.Wrong, match=words) as caught:
        small(tmp_path / "b.zip", spoil(*acts("1", "1", "1")))
    assert caught.value.event is not None


def test_a_new_origin_needs_the_event_that_begins_it(tmp_path: Path) -> None:
    log = Log(random.Random(4))
    log.act("vote.cast", ("reviews.vote", "1"), {})
    with pytest.raises(verify.Wrong, match="no event before it") as caught:
        small(tmp_path / "b.zip", log.leaves, f"{LOG}/2")
    assert caught.value.file == "checkpoints/2/1"
    log.act(
        "log.continued",
        ("audit.tree", "1"),
        {"old": LOG, "new": f"{LOG}/2", "size": 5, "root": "", "note": []},
    )
    found = small(tmp_path / "b.zip", log.leaves, f"{LOG}/2")
    assert found["begun_again"] == [{"event": 1, "old": LOG, "new": f"{LOG}/2", "size": 5}]


def test_only_what_is_asked_for_is_shown(untouched: tuple[Path, Made], tmp_path: Path) -> None:
    made = untouched[1]
    assemble(tmp_path / "b.zip", replace(made.content, shown=[3, 300, 699]))
    found = verify.check(verify.Source(tmp_path / "b.zip"))
    assert found["size"] == 700
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        script = archive.read("view/events/0.js")
    assert [row.split(b",")[0] for row in script.split(b"\n")[1:-2]] == [b"[3", b"[300", b"[699"]


ODD: list[Any] = [None, True, 0, -1, 2**53 - 1, "", "x", "é\u2028", [], [[]], {}, {"old": 1}, "0" * 64]


def disturbed(value: Any, chance: random.Random) -> Any:
    """The value with one part of it, at any depth, replaced, left out or added."""
    if isinstance(value, dict) and value and chance.random() < 0.8:
        key = chance.choice(sorted(value))
        if chance.random() < 0.2:
            return {name: part for name, part in value.items() if name != key}
        return {**value, key: disturbed(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.8:
        at = chance.randrange(len(value))
        return [*value[:at], disturbed(value[at], chance), *value[at + 1 :]]
    return chance.choice([odd for odd in ODD if odd != value or type(odd) is not type(value)])


@pytest.mark.parametrize("seed", range(25))
def test_values_of_another_kind_are_wrong_and_never_an_accident(
    seed: int, untouched: tuple[Path, Made], tmp_path: Path
) -> None:
    chance, loose = random.Random(seed), manipulations.loosen(*untouched, seed)
    name = ["policy", "files.jsonl", "state.jsonl", "disclosures.jsonl", "leaf"][seed % 5]
    if name == "leaf":
        leaves = list(loose.made.leaves)
        at = chance.randrange(len(leaves))
        leaves[at] = bundles.canonical(disturbed(json.loads(leaves[at]), chance))
        loose.rebuild(leaves)
    else:
        lines = loose.files[name].splitlines(keepends=True)
        at = chance.randrange(len(lines))
        lines[at] = bundles.canonical(disturbed(json.loads(lines[at]), chance)) + b"\n"
        loose.files[name] = b"".join(lines)
    if name == "disclosures.jsonl":
        loose.relist()
    elif name != "files.jsonl":
        loose.hide()
    loose.write(tmp_path / "b.zip")
    with pytest.raises(verify.Wrong):
        verify.check(verify.Source(tmp_path / "b.zip"), verifies=verifies)
