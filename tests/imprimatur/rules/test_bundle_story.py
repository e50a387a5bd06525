"""The events of an object follow one another, and a log goes on under a new origin only when an event says so."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from imprimatur.bundle import verify
from imprimatur.bundle.assembling import assemble
from imprimatur.bundle.content import Content, Key, Policy
from tests.imprimatur import bundles
from tests.imprimatur.bundles import LOG, SIGNERS, Log, head


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
