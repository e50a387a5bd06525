"""A record holds the newest checkpoint of the log, so that records bear witness of the log, too."""

import hashlib
import json
from datetime import datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.log.elsewhere import contradictions
from audit.models import Checkpoint
from imprimatur.tlog import checkpoint as formats
from imprimatur.tlog.note import Signer, signed
from records.context import Language
from records.models import Record
from records.press.page import page
from tests.records.made import Make

NONE = "No checkpoint of the audit log had been signed when this record was frozen."


def checkpoint(now: datetime) -> Checkpoint:
    """A signed head of the log, with what a witness put under it."""
    head = formats.Checkpoint("records.northlake.example/log", 48_213, hashlib.sha256(b"root").digest())
    text, key = head.text(), Ed25519PrivateKey.from_private_bytes(b"k" * 32)
    made = Checkpoint.objects.create(
        origin=head.origin, size=head.size, root=head.root.hex(),
        note=signed(text, [Signer(head.origin, key).sign(text)]), made_at=now,
    )  # fmt: skip
    line = formats.Cosigner("witness.example/1", key).cosign(text, 1_795_000_000)
    made.cosignatures.create(witness="witness.example/1", line=str(line), made_at=now)
    return made


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_record_prints_the_newest_checkpoint_of_the_log_as_it_was_when_it_was_frozen(
    frozen: Make, now: datetime, language: Language
) -> None:
    newest = checkpoint(now)
    record = frozen(language)
    log = json.loads(bytes(record.context))["log"]
    assert (log["origin"], log["size"], log["root"]) == (newest.origin, 48_213, newest.root)
    assert log["note"] == newest.cosigned
    Checkpoint.objects.create(origin=newest.origin, size=50_000, root="0" * 64, note="later", made_at=now)
    html = html_of(record)
    for part in (newest.origin, "<td>48213</td>", newest.root, f'<pre class="w">{newest.cosigned}</pre>'):
        assert part in html, part
    assert "50000" not in html
    assert NONE not in html


def test_a_record_frozen_before_the_first_checkpoint_says_so(frozen: Make) -> None:
    html = html_of(frozen("en"))
    assert NONE in html
    assert "<td>0</td>" not in html


def test_the_log_is_compared_with_what_records_hold_of_it(
    frozen: Make, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = checkpoint(now)
    frozen("en")
    assert list(contradictions()) == []
    held = {"origin": newest.origin, "made_at": "2026-11-20T01:58:33.000000Z", "note": "a note"}
    for size, root in ((48_213, "0" * 64), (48_300, newest.root)):
        monkeypatch.setattr(
            "records.issue.log_head", lambda size=size, root=root: held | {"size": size, "root": root}
        )
        frozen("en")
    rewritten, older = contradictions()
    assert rewritten.startswith("The record IMP-2026-0147 holds a checkpoint of 48213 events")
    assert "another root" in rewritten
    assert "no checkpoint of them" in older


def html_of(record: Record) -> str:
    return page(json.loads(bytes(record.context)), code=record.code, address="/", context_sha256="0" * 64)
