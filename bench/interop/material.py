"""What the interoperation is tried with: a folder with safetensors, keys, decisions and status lists about it."""

import uuid
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy
from safetensors.numpy import save_file

from imprimatur import dsse, signed, status_list
from imprimatur.attestation import writing
from imprimatur.attestation.predicate import PAYLOAD_TYPE, Decision
from imprimatur.folder import manifest_of
from imprimatur.status_list import Entry, StatusList

LIST = str(uuid.uuid4())
ISSUER = "Lanternfield Institute"


@dataclass
class Board:
    """Who decides: a key, and a folder for what it signs."""

    folder: Path
    key: dsse.PrivateKey = field(default_factory=dsse.new_key)
    number: int = 0

    @property
    def public(self) -> Path:
        """Return the file with the public key."""
        path = self.folder / "board.pem"
        path.write_text(dsse.public_of(self.key).pem())
        return path

    def approve(self, model: Path, name: str) -> Path:
        """Sign a decision about the folder as it is now, with its manifest beside it."""
        now, manifest = datetime.now(UTC), manifest_of(model)
        decision = Decision(
            manifest_sha256=manifest.digest, id=str(uuid.uuid4()), reference=name, issuer=ISSUER, outcome="approved",
            decided_at=now, valid_from=now - timedelta(minutes=1), valid_until=now + timedelta(days=90),
            model={"name": "ferryman", "version": name}, revision={"number": 1, "sha256": "0" * 64},
            status_list=LIST, status_list_address="https://review.example.org/status-list.json",
        )  # fmt: skip
        path = self.folder / f"{name}.jsonl"
        path.write_bytes(signed.write(PAYLOAD_TYPE, writing.statement(decision), [self.key]))
        path.with_suffix(".manifest").write_bytes(manifest.render())
        return path

    def list(self, *suspended: Path) -> Path:
        """Sign the next status list, in which these decisions are suspended."""
        self.number += 1
        now = datetime.now(UTC)
        listed = StatusList(LIST, ISSUER, self.number, now, now + timedelta(days=2), ())
        ids = [writing_of(path) for path in suspended]
        listed = replace(
            listed, entries=tuple(Entry(one, "suspended", "ratified_by_board", now) for one in ids)
        )
        path = self.folder / "status-list.json"
        path.write_bytes(signed.write(status_list.PAYLOAD_TYPE, status_list.write(listed), [self.key]))
        return path


def writing_of(path: Path) -> str:
    """Return the id of the decision in a file."""
    from imprimatur.attestation import reading  # noqa: PLC0415

    return reading.decision(signed.read(path.read_bytes()).payload).id


def a_model(folder: Path, seed: int) -> Path:
    """Write weights as safetensors, and their configuration."""
    folder.mkdir(parents=True)
    numbers = numpy.random.default_rng(seed)
    weights = {f"layer.{n}": numbers.standard_normal((64, 64), dtype=numpy.float32) for n in range(4)}
    save_file(weights, folder / "model.safetensors")
    (folder / "config.json").write_text('{"layers": 4}')
    return folder
