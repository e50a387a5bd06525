"""Each rule of a bundle has its own words, also where another rule would find the fault, too."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from imprimatur.bundle import verify
from imprimatur.bundle.assembling import assemble
from imprimatur.tlog.checkpoint import Cosigner
from imprimatur.tlog.note import signed, verifies
from tests.imprimatur import bundles
from tests.imprimatur.bundles import LOG, Made, canonical
from tests.imprimatur.loose import Loose, loosen

Spoil = Callable[[Loose], None]
NEWEST = "checkpoints/2/700"


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Made]:
    path, made = tmp_path_factory.mktemp("bundle") / "bundle.zip", bundles.made()
    assemble(path, made.content)
    return path, made


def replaced(name: str, old: bytes, new: bytes) -> Spoil:
    def spoil(loose: Loose) -> None:
        assert old in loose.files[name]
        loose.files[name] = loose.files[name].replace(old, new, 1)
        loose.relist()

    return spoil


def moved(name: str, other: str) -> Spoil:
    def spoil(loose: Loose) -> None:
        loose.files[other] = loose.files.pop(name)
        loose.relist()

    return spoil


def added(name: str, content: bytes) -> Spoil:
    def spoil(loose: Loose) -> None:
        loose.files[name] = loose.files.get(name, b"") + content
        loose.relist()

    return spoil


def listed_otherwise(path: str, **changes: object) -> Spoil:
    def spoil(loose: Loose) -> None:
        lines = [json.loads(line) for line in loose.files["files.jsonl"].splitlines()]
        loose.files["files.jsonl"] = b"".join(
            canonical(one | (changes if one["path"].startswith(path) else {})) + b"\n" for one in lines
        )

    return spoil


def a_witness_that_did_not_sign(loose: Loose) -> None:
    lines = loose.files["checkpoint"].decode().splitlines(keepends=True)
    name, signature = lines[-1].rsplit(" ", 1)
    lines[-1] = f"{name} {signature[:40]}{'A' if signature[40] != 'A' else 'B'}{signature[41:]}"
    loose.files |= {"checkpoint": "".join(lines).encode(), NEWEST: "".join(lines).encode()}
    loose.hide()


def a_witness_from_the_end_of_time(loose: Loose) -> None:
    note = loose.files["checkpoint"].decode()
    text = note.rpartition("\n\n")[0] + "\n"
    late = bundles.WITNESSES[0].cosign(text, 1 << 50)
    note = "\n".join([*note.split("\n")[:5], str(late), *note.split("\n")[6:]])
    loose.files |= {"checkpoint": note.encode(), NEWEST: note.encode()}
    loose.hide()


def without_the_last_leaf(loose: Loose) -> None:
    loose.repack(2, loose.made.leaves[512:-1])


def lines_exchanged(loose: Loose) -> None:
    lines = loose.files["disclosures.jsonl"].splitlines(keepends=True)
    index = [json.loads(line)["index"] for line in lines]
    at = next(at for at in range(len(lines)) if index[at] != index[at + 1])
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    loose.files["disclosures.jsonl"] = b"".join(lines)
    loose.relist()


def a_line_less(loose: Loose) -> None:
    lines = loose.files["files.jsonl"].splitlines(keepends=True)
    loose.files["files.jsonl"] = b"".join(line for line in lines if b"README" not in line)


def a_line_more(loose: Loose) -> None:
    loose.files["files.jsonl"] += loose.files["files.jsonl"].splitlines(keepends=True)[0]


def a_state_twice(loose: Loose) -> None:
    loose.files["state.jsonl"] += loose.files["state.jsonl"].splitlines(keepends=True)[0]
    loose.hide()


def a_key_twice(loose: Loose) -> None:
    policy = json.loads(loose.files["policy"])
    policy["witnesses"][1] = policy["witnesses"][0]
    loose.files["policy"] = canonical(policy) + b"\n"
    loose.hide()


def besides(name: str) -> Spoil:
    return lambda loose: loose.besides.append((name, b"evil", 0o100644))


RULES: list[tuple[str, Spoil]] = [
    ("signature of the witness .* is wrong", a_witness_that_did_not_sign),
    ("signature of the witness .* is wrong", a_witness_from_the_end_of_time),
    ("aren't the roots of the tiles below", added("tile/1/000.p/2", b"")),
    ("doesn't hold 188", without_the_last_leaf),
    ("leaves the folder", besides("../evil")),
    ("leaves the folder", besides("records/./evil.pdf")),
    ("view/events/1.js: it is missing", moved("view/events/1.js", "view/events/7.js")),
    ("longer than it may be", added("tile/0/000", bytes(32))),
    ("isn't the script", replaced("view/events/0.js", b"show(", b"evil(")),
    ("isn't the script", replaced("view/states/0.js", b"\n]);", b"\n]);alert(1);")),
    ("out of order", lines_exchanged),
    ("another kind", listed_otherwise("README", sha256=7)),
    ("another kind", listed_otherwise("README", events=None)),
    ("listed twice", a_line_more),
    ("README: files.jsonl doesn't name it", a_line_less),
    ("another origin or size", moved("checkpoints/1/256", "checkpoints/1/255")),
    ("another origin or size", moved("checkpoints/1/256", "checkpoints/2/256")),
    ("twice, or with a wrong salt", a_state_twice),
    ("other rows than state.jsonl", replaced("view/states/0.js", b'"position":"for"', b'"position":"foe"')),
    ("rows that aren't in state.jsonl", replaced("view/states/0.js", b"\n]);", b',\n{"fields":{}}\n]);')),
    ("the event that is said to name it isn't there", listed_otherwise("records/", events=[7000])),
    ("the event that is said to name it isn't there", listed_otherwise("records/", events=[True])),
    ("other files than there are", replaced("view/papers/0.js", b"IMP-2026", b"IMP-2025")),
    ("files that aren't|counts wrongly", replaced("view/papers/0.js", b"\n]);", b",\n{}\n]);")),
    ("no such tile", added("tile/3/000", bytes(32))),
    ("tile/1/000.p/2: it is missing", moved("tile/1/000.p/2", "tile/1/000.p/3")),
    ("no event names it", listed_otherwise("records/", events=[])),
    ("doesn't say whose signatures count", a_key_twice),
]  # fmt: skip


@pytest.mark.parametrize(("words", "spoil"), RULES, ids=[str(number) for number in range(len(RULES))])
def test_each_rule_has_its_words(
    words: str, spoil: Spoil, untouched: tuple[Path, Made], tmp_path: Path
) -> None:
    loose = loosen(*untouched, 1)
    if words.startswith("aren't the roots"):
        loose.flip("tile/1/000.p/2")
    spoil(loose)
    loose.write(tmp_path / "b.zip")
    with pytest.raises(verify.Wrong) as caught:
        verify.check(verify.Source(tmp_path / "b.zip"), verifies=verifies)
    assert re.search(words, str(caught.value)), str(caught.value)


def test_the_checkpoint_is_the_newest(untouched: tuple[Path, Made], tmp_path: Path) -> None:
    loose = loosen(*untouched, 1)
    loose.files["checkpoint"] = loose.files["checkpoints/2/560"]
    loose.hide()
    loose.write(tmp_path / "b.zip")
    with pytest.raises(verify.Wrong, match="isn't the newest"):
        verify.check(verify.Source(tmp_path / "b.zip"), verifies=verifies)


def test_a_witness_with_two_keys_counts_once(untouched: tuple[Path, Made], tmp_path: Path) -> None:
    loose = loosen(*untouched, 1)
    policy = json.loads(loose.files["policy"])
    other = Cosigner(bundles.WITNESSES[0].name, bundles.key("w3"))
    policy["witnesses"] = [bundles.WITNESSES[0].vkey, other.vkey]
    text = loose.files["checkpoint"].decode().rpartition("\n\n")[0] + "\n"
    lines = [
        bundles.SIGNERS[f"{LOG}/2"].sign(text),
        bundles.WITNESSES[0].cosign(text, 7),
        other.cosign(text, 8),
    ]
    note = signed(text, lines).encode()
    loose.files |= {"checkpoint": note, NEWEST: note}
    for required in (1, 2):
        loose.files["policy"] = canonical({**policy, "required": required}) + b"\n"
        loose.hide()
        loose.write(tmp_path / "b.zip")
        if required == 1:
            found = verify.check(verify.Source(tmp_path / "b.zip"), verifies=verifies)
            assert list(found["witnesses"]) == [other.name]
        else:
            with pytest.raises(verify.Wrong, match="doesn't say whose"):
                verify.check(verify.Source(tmp_path / "b.zip"), verifies=verifies)
