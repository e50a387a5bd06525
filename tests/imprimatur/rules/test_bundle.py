"""A bundle that nobody touched is whole; `verify.py` stands alone; and each rule has somebody else's word for it."""

import ast
import json
import random
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from imprimatur import cli
from imprimatur.bundle import checking, verify
from imprimatur.bundle.assembling import assemble
from imprimatur.progress import Counted
from imprimatur.tlog.note import verifies
from tests.imprimatur import bundles
from tests.imprimatur.bundles import LOG, Made, head
from tests.imprimatur.loose import loosen

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
    loose = loosen(*untouched, 1)
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
    loose = loosen(*untouched, 5)
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
    chance, loose = random.Random(seed), loosen(*untouched, seed)
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


def test_a_terminal_sees_how_far_it_is_and_a_file_does_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for bar in (Counted(), verify.progress):
        bar("events", 256, 512)
        assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    for bar in (Counted(), verify.progress):
        bar("events", 256, 512)
        assert "events: 256 of 512" in capsys.readouterr().err
        bar("events", 512, 512)
        assert capsys.readouterr().err.endswith("\r\033[K")
