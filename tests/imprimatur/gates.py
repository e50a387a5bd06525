"""What tests of the gate begin with: an approved folder, its decision, a fresh status list, and the keys of both."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from imprimatur import dsse, signed, status_list
from imprimatur.attestation import writing
from imprimatur.attestation.predicate import PAYLOAD_TYPE, Decision
from imprimatur.folder import manifest_of
from imprimatur.gate.deciding import Asked, Progress, Verdict, decide
from imprimatur.status_list import Entry, StatusList

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ISSUER = "Lanternfield Institute"
LIST = "0b8f4f4e-3a55-4c8e-9c7e-2f5a1f6f0001"
ID = "5d0c1f9a-7d52-4b0f-8a11-6c1c4f3e0002"
ADDRESS = "https://review.example.org/status-list.json"
ORGANISATION, LEGAL, STRANGER = dsse.new_key(), dsse.new_key(), dsse.new_key()


@dataclass
class Place:
    """A folder of a pipeline; a test changes what it wants, `judge` asks the gate."""

    folder: Path
    at: datetime = NOW
    environment: str | None = None
    keys: list[Path] = field(default_factory=list)
    ignored: tuple[str, ...] = ()
    manifest: Path | None = None

    @property
    def model(self) -> Path:
        return self.folder / "model"

    @property
    def decision(self) -> Path:
        return self.folder / "decision.jsonl"

    @property
    def status(self) -> Path:
        return self.folder / "status-list.json"

    @property
    def state(self) -> Path:
        return self.folder / "state" / "gate.json"

    def asked(self) -> Asked:
        return Asked(
            folder=self.model, decision=self.decision, status=self.status, keys=tuple(self.keys), status_key=None,
            environment=self.environment, state=self.state, manifest=self.manifest, ignored=self.ignored,
        )  # fmt: skip

    def judge(self) -> Verdict:
        return decide(self.asked(), lambda: self.at, Progress())

    def key(self, name: str, *keys: dsse.PrivateKey) -> Path:
        path = self.folder / f"{name}.pem"
        path.write_text("".join(dsse.public_of(key).pem() for key in keys))
        return path

    def decide(self, *keys: dsse.PrivateKey, **changes: Any) -> None:
        """Sign a decision about the folder as it is now."""
        found = replace(a_decision(manifest_of(self.model).digest), **changes)
        self.decision.write_bytes(
            signed.write(PAYLOAD_TYPE, writing.statement(found), keys or [ORGANISATION])
        )

    def list(self, *entries: Entry, key: dsse.PrivateKey = ORGANISATION, **changes: Any) -> None:
        found = replace(a_list(), entries=entries, **changes)
        self.status.write_bytes(signed.write(status_list.PAYLOAD_TYPE, status_list.write(found), [key]))

    def change(self, old: str, new: str) -> None:
        """Change the payload of the decision, but not its signature."""
        bundle = json.loads(self.decision.read_text())
        payload = signed.read(self.decision.read_bytes()).payload
        assert payload.count(old.encode()) == 1
        bundle["dsseEnvelope"]["payload"] = in_base64(payload.replace(old.encode(), new.encode()))
        self.decision.write_text(json.dumps(bundle))


def in_base64(content: bytes) -> str:
    import base64  # noqa: PLC0415

    return base64.b64encode(content).decode()


def a_decision(manifest_sha256: str) -> Decision:
    return Decision(
        manifest_sha256=manifest_sha256, id=ID, reference="IMP-2026-0042", issuer=ISSUER, outcome="approved",
        decided_at=NOW - timedelta(days=31), valid_from=NOW - timedelta(days=30), valid_until=NOW + timedelta(days=335),
        model={"name": "Ferryman-MT", "version": "2.1"}, revision={"number": 2, "sha256": "a" * 64},
        status_list=LIST, status_list_address=ADDRESS,
    )  # fmt: skip


def a_list() -> StatusList:
    return StatusList(
        id=LIST, issuer=ISSUER, number=7, issued=NOW - timedelta(hours=3), next_update=NOW + timedelta(hours=45),
        entries=(),
    )  # fmt: skip


def entry(state: str, reason: str = "board") -> Entry:
    return Entry(ID, state, reason, NOW - timedelta(hours=4))


def a_place(folder: Path) -> Place:
    """Make everything right: the gate allows."""
    model = folder / "model"
    (model / "shards").mkdir(parents=True)
    (model / "config.json").write_text('{"layers": 2}')
    (model / "shards" / "weights-1.bin").write_bytes(bytes(range(256)) * 40)
    (model / "shards" / "weights-2.bin").write_bytes(bytes(range(255, -1, -1)) * 40)
    place = Place(folder)
    place.keys = [place.key("organisation", ORGANISATION)]
    place.decide()
    place.list()
    place.manifest = folder / "decision.manifest"
    place.manifest.write_bytes(manifest_of(model).render())
    return place
