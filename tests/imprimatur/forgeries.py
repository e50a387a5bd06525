"""What somebody may do who can sign: with his own key, or with the log's."""

import json
from collections.abc import Callable

from imprimatur.bundle import layout
from imprimatur.tlog.checkpoint import Checkpoint
from imprimatur.tlog.note import Signer, signed
from tests.imprimatur import bundles
from tests.imprimatur.bundles import LOG, canonical, head
from tests.imprimatur.loose import Found, Loose, size_of


def the_end_cut_off_with_its_checkpoints(loose: Loose) -> Found:
    """Nothing in the bundle shows it: only a checkpoint that was taken away earlier does."""
    size = max(size for size in map(size_of, loose.made.notes) if size < len(loose.made.leaves))
    loose.rebuild(loose.made.leaves[:size])
    kept = [
        line
        for line in loose.files["disclosures.jsonl"].splitlines(keepends=True)
        if json.loads(line)["index"] < size
    ]
    loose.files |= {"disclosures.jsonl": b"".join(kept), "state.jsonl": b""}
    del loose.files[f"checkpoints/2/{len(loose.made.leaves)}"]
    loose.files["checkpoint"] = loose.files[f"checkpoints/2/{size}"]
    listed = loose.files["files.jsonl"].replace(b'"events":[%d]' % loose.made.named["scope"], b'"events":[]')
    loose.files["files.jsonl"] = listed
    loose.hide()
    return Found(files=("checkpoint",), hold={"checkpoint": loose.made.notes[-1].encode()})


def another_log_of_the_same_length(loose: Loose) -> Found:
    """The server rewrites its log from some event on, and signs it again with its own key and its own witnesses."""
    other = bundles.made(seed=2)
    loose.rebuild(other.leaves)
    lines = [canonical({"index": one.index, "path": one.path, "salt": one.salt.hex(), "value": one.value}) + b"\n"
             for one in other.content.disclosures]  # fmt: skip
    loose.files |= {"disclosures.jsonl": b"".join(lines), "state.jsonl": b""}
    loose.files |= {
        layout.checkpoint_path(LOG, note.split("\n")[0], size_of(note)): note.encode() for note in other.notes
    }
    loose.files["checkpoint"] = other.notes[-1].encode()
    loose.hide()
    held = loose.chance.choice(loose.made.notes)
    return Found(files=("the checkpoint that you hold",), hold={"checkpoint": held.encode()})


def _newest(loose: Loose, note: str) -> Found:
    name = f"checkpoints/2/{len(loose.made.leaves)}"
    loose.files |= {"checkpoint": note.encode(), name: note.encode()}
    loose.hide()
    return Found(files=(name, "checkpoint"))


def a_checkpoint_of_another_log(loose: Loose) -> Found:
    other = Signer("elsewhere.example/log", bundles.key("elsewhere"))
    return _newest(loose, head(loose.made.leaves, other.name, signer=other))


def a_checkpoint_by_a_stranger(loose: Loose) -> Found:
    origin = loose.chance.choice([LOG, f"{LOG}/2"])
    stranger = Signer(origin, bundles.key("stranger"))
    found = _newest(loose, head(loose.made.leaves, origin, signer=stranger, witnessed=2))
    return Found(files=found.files)


def a_stranger_with_the_id_of_the_key(loose: Loose) -> Found:
    text, _blank, lines = loose.made.notes[-1].rpartition("\n\n")
    real = bundles.SIGNERS[f"{LOG}/2"].sign(f"{text}\n")
    wrong = bundles.key("stranger").sign(f"{text}\n".encode())
    line = f"— {real.name} {bundles.b64(real.key_id + wrong)}"
    return _newest(loose, signed(f"{text}\n", [line, *lines.splitlines()[1:]]))


def a_checkpoint_without_its_witness(loose: Loose) -> Found:
    return _newest(loose, head(loose.made.leaves, f"{LOG}/2", witnessed=loose.chance.randrange(2)))


def a_key_that_was_given_up(loose: Loose) -> Found:
    note = head(loose.made.leaves[:300], LOG, signer=bundles.OLD, witnessed=2)
    loose.files["checkpoints/1/300"] = note.encode()
    loose.hide()
    return Found(files=("checkpoints/1/300",))


def a_checkpoint_of_something_else(loose: Loose) -> Found:
    """Signed by the log itself: two heads that don't go on from one another."""
    size = loose.chance.randrange(3, 490)
    text = Checkpoint(LOG, size, bytes(32)).text()
    loose.files[f"checkpoints/1/{size}"] = signed(text, [bundles.SIGNERS[LOG].sign(text)]).encode()
    loose.hide()
    return Found(files=(f"checkpoints/1/{size}",))


def another_policy(loose: Loose) -> Found:
    """Whoever made the bundle adds a key of his own: only the policy that the auditor holds shows it."""
    held = loose.files["policy"]
    policy = json.loads(held)
    policy["keys"].append({"origin": LOG, "vkey": bundles.stranger().vkey, "until": None})
    loose.files["policy"] = canonical(policy) + b"\n"
    loose.hide()
    return Found(files=("policy",), hold={"policy": held})


ALL: list[Callable[[Loose], Found]] = [
    the_end_cut_off_with_its_checkpoints, another_log_of_the_same_length, a_checkpoint_of_another_log,
    a_checkpoint_by_a_stranger, a_stranger_with_the_id_of_the_key, a_checkpoint_without_its_witness,
    a_key_that_was_given_up, a_checkpoint_of_something_else, another_policy,
]  # fmt: skip
