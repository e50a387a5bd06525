"""A log that never was, with everything that a bundle can hold, and the bundle of it."""

import base64
import hashlib
import hmac
import json
import random
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from imprimatur.bundle.assembling import assemble, scope_bytes
from imprimatur.bundle.content import Content, Disclosed, Key, Paper, Policy, State
from imprimatur.tlog.checkpoint import Checkpoint, Cosigner
from imprimatur.tlog.note import Signer, signed
from imprimatur.tlog.tree import Frontier, leaf_hash

LOG = "imprimatur.example/log"
EVENTS = 700
SCOPE = {
    "asked_at": "2026-11-26T09:00:00.000000Z", "boards": [], "bundle": 4, "from": "2026-01-01T00:00:00.000000Z",
    "engagement": {"id": 2, "title": "Annual audit 2026 · 年度审计"}, "projects": [3], "request": "IMP-2026-0007",
    "until": "2026-12-31T00:00:00.000000Z", "whole": False, "with_disclosures": True,
}  # fmt: skip
NAMES = ["Mara Okafor", "陈嘉琳", "Jonas Weiß", "Aylin Kaya"]
VERBS = ["vote.cast", "comment.added", "answer.written", "ballot.closed", "evidence.added"]


def key(seed: str) -> Ed25519PrivateKey:
    """A private key that is the same each time."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed.encode()).digest())


SIGNERS = {name: Signer(name, key(name)) for name in (LOG, f"{LOG}/2")}
WITNESSES = [Cosigner("witness.example/finance", key("w1")), Cosigner("witness.example/library", key("w2"))]
OLD = Signer(LOG, key("before the first rotation"))
POLICY = Policy(
    LOG,
    [
        Key(LOG, OLD.vkey, 256),
        Key(LOG, SIGNERS[LOG].vkey, EVENTS * 5 // 7),
        Key(f"{LOG}/2", SIGNERS[f"{LOG}/2"].vkey),
    ],
    [witness.vkey for witness in WITNESSES],
    2,
)
PAPERS = {
    "record": b"%PDF-1.7 a record\n" * 40,
    "evidence": b"a,b\n1,2\n" * 30,
    "dossier": "模型卡".encode() * 50,
}


def digest(content: bytes) -> str:
    """The SHA-256 in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def canonical(value: object) -> bytes:
    """Canonical JSON, written here once more."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@dataclass
class Log:
    """Leaves with what was committed to in them, as an application makes them."""

    chance: random.Random
    leaves: list[bytes] = field(default_factory=list)
    disclosures: list[Disclosed] = field(default_factory=list)
    states: dict[tuple[str, str], State] = field(default_factory=dict)
    _last: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)

    def uuid(self) -> str:
        """An id, or a pseudonym."""
        return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))

    def act(
        self, verb: str, obj: tuple[str, str], data: dict[str, Any], *, person: int | None = None,
        fields: dict[str, Any] | None = None, secret: bool = False, also: tuple[str, str] | None = None,
        gone: tuple[str, str] | None = None, reason: str = "",
    ) -> int:  # fmt: skip
        """Add a leaf and return its index; `fields` are the tracked ones, `secret` when they are personal."""
        index, rev, personal = len(self.leaves), self._last.get(obj, (0, ""))[0] + 1, {}
        values = {} if person is None else {"actor": NAMES[person]}
        values |= {"reason": reason} if reason else {}
        states: dict[str, dict[str, str | None]] = {}
        if also:
            text = canonical({"state": "open", "by": index})
            if also[0] == "accounts.user":
                values[f"states.{also[0]}.{also[1]}"] = text.decode()
            states[also[0]] = {also[1]: digest(text)}
            self.states[also] = State(*also, text)
        if gone:
            states.setdefault(gone[0], {})[gone[1]] = None
            self.states.pop(gone, None)
        state, text = None, canonical(fields)
        if fields is not None and secret:
            values["state"] = text.decode()
        elif fields is not None:
            state, self.states[obj] = digest(text), State(*obj, text)
        for path in sorted(values):
            salt = self.chance.randbytes(32)
            commitment = hmac.new(salt, values[path].encode(), hashlib.sha256).hexdigest()
            self.disclosures.append(Disclosed(index, path, salt, values[path]))
            if path == "state":
                state, self.states[obj] = commitment, State(*obj, text, salt)
            else:
                personal[path] = commitment
            if path.startswith("states.") and also:
                states[also[0]][also[1]] = commitment
                self.states[also] = replace(self.states[also], salt=salt)
        leaf = canonical(
            {
                "v": 1, "log": LOG, "id": self.uuid(), "t": f"2026-{index // 28 % 12 + 1:02d}-{index % 28 + 1:02d}"
                f"T09:{index % 60:02d}:00.{index:06d}Z", "verb": verb, "on_behalf_of": None,
                "actor": None if person is None else str(uuid.UUID(int=person + 1, version=4)), "rev": rev,
                "obj": {"type": obj[0], "id": obj[1]}, "prev": self._last.get(obj, (0, ""))[1] or None,
                "place": {"project": "3", "board": None, "root": {"type": "reviews.reviewrequest", "id": "7"}},
                "data": data, "personal": personal, "state": state, "states": states, "req": None,
            }
        )  # fmt: skip
        self.leaves.append(leaf)
        self._last[obj] = (rev, leaf_hash(leaf).hex())
        return index


@dataclass
class Made:
    """A log and its bundle, before it is written."""

    content: Content
    leaves: list[bytes]
    named: dict[str, int]
    notes: list[str]


def head(
    leaves: Iterable[bytes], origin: str = LOG, *, witnessed: int = 0, signer: Signer | None = None
) -> str:
    """A signed checkpoint over these leaves, with cosignatures of the first witnesses."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf_hash(leaf))
    text = Checkpoint(origin, frontier.size, frontier.root()).text()
    lines = [(signer or SIGNERS[origin]).sign(text)]
    lines += [witness.cosign(text, 1_790_000_000 + frontier.size) for witness in WITNESSES[:witnessed]]
    return signed(text, lines)


def a_log(events: int = EVENTS, seed: int = 1) -> tuple[Log, dict[str, int]]:
    """A log of so many events, and the index of each that names a file."""
    chance = random.Random(seed)
    log, named = Log(chance), {}
    places = {
        events * 3 // 10: "evidence", events * 4 // 10: "dossier", events * 6 // 10: "record",
        events * 9 // 10: "scope",
    }  # fmt: skip
    papers = {name: digest(content) for name, content in PAPERS.items()} | {
        "scope": digest(scope_bytes(SCOPE))
    }
    while len(log.leaves) < events:
        index = len(log.leaves)
        if index in places:
            name = places[index]
            named[name] = log.act(
                f"{name}.added", (f"files.{name}", "1"), {"files": [{"sha256": papers[name]}]}, person=0
            )
        elif index == events * 7 // 10:
            before = head(log.leaves[: events * 5 // 7])
            data = {
                "old": LOG,
                "new": f"{LOG}/2",
                "size": events * 5 // 7,
                "root": "",
                "note": before.split("\n"),
            }
            log.act("log.continued", ("audit.tree", "1"), data, reason="restored")
        else:
            _any_act(log, chance, index)
    return log, named


def _any_act(log: Log, chance: random.Random, index: int) -> None:
    number, verb = str(chance.randrange(30)), chance.choice(VERBS)
    data = {
        "position": {"old": None, "new": "赞成 — “for”"},
        "n": index,
        "text": chance.choice(["", "line\nbreak", "\x7f\\"]),
    }
    fields = {"position": "for", "n": index}
    also = gone = None
    if index % 7 == 0:
        also = chance.choice([("reviews.ballot", number), ("accounts.user", f"also.{number}")])
    if index % 31 == 0:
        gone = ("reviews.vote", str(chance.randrange(30)))
    obj = ("reviews.board", "1") if gone else (chance.choice(["reviews.vote", "accounts.user"]), number)
    log.act(
        verb, obj, data, person=chance.choice([None, 0, 1, 2, 3]), also=also, gone=gone,
        fields=None if gone else fields, secret=chance.random() < 0.2,
        reason=chance.choice(["", "", "Because it was asked for, 因为需要."]),
    )  # fmt: skip


def made(events: int = EVENTS, seed: int = 1) -> Made:
    """All of a bundle: a log with two beginnings, personal values, states, a record, attachments, two witnesses."""
    log, named = a_log(events, seed)
    first, second, third = POLICY.keys
    policy = replace(POLICY, keys=[first, replace(second, until=events * 5 // 7), third])
    sizes = sorted({1, 256, events * 5 // 7})
    notes = [
        head(log.leaves[:size], witnessed=size % 3, signer=OLD if size <= 256 else None) for size in sizes
    ]
    later = sorted({events * 7 // 10 + 1, events * 4 // 5, events})
    notes += [head(log.leaves[:size], f"{LOG}/2", witnessed=2) for size in later]
    told = sorted(log.states.values(), key=lambda one: (one.type, one.id))
    papers = {
        name: Paper(digest(content), [named[name]], _reader(content), name)
        for name, content in PAPERS.items()
    }
    attached = sorted((papers["evidence"], papers["dossier"]), key=lambda one: one.sha256)
    content = Content(
        policy, SCOPE, notes[-1], notes, log.leaves, disclosures=log.disclosures, states=told,
        records=[replace(papers["record"], name="IMP-2026-0007")], attachments=attached, scope_events=[named["scope"]],
    )  # fmt: skip
    return Made(content, log.leaves, named, notes)


def _reader(content: bytes) -> Callable[[], Iterable[bytes]]:
    return lambda: [content[:7], content[7:]]


def write(path: Path, **changes: Any) -> Made:
    """Write the bundle, with changes of its content."""
    bundle = made()
    assemble(path, replace(bundle.content, **changes))
    return bundle


def stranger() -> Signer:
    """Somebody who calls himself as the log does."""
    return Signer(LOG, key("stranger"))


def b64(raw: bytes) -> str:
    """Base64 as text."""
    return base64.b64encode(raw).decode()
