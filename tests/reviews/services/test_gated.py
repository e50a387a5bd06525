"""The whole way: a folder is approved, its record sealed and attested, and a machine without a network lets it through.

The gate runs as a command in a network namespace that has nothing but a loopback device that is down.
"""

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from imprimatur.folder import manifest_of
from jobs.models import Job
from records.attestation.rows import Attested
from records.models import RecordState
from records.sealing import advance
from reviews.models import Decision
from reviews.services.attesting import ATTEST, attest_approvals
from reviews.services.suspending import suspend_approval
from tests.boardrooms import House, a_house, approved, in_review
from tests.dossiers import NOW, a_version
from tests.offline import HOUSE, alone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]
COMMAND = """
import datetime, socket, sys
import imprimatur.gate.commands as gate
from imprimatur import cli

class Clock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.fromisoformat(sys.argv[1]).astimezone(tz)

gate.datetime = Clock
try:
    socket.create_connection(("127.0.0.1", 9), 1)
except OSError as fault:
    print("network:", fault.strerror, file=sys.stderr)
sys.exit(cli.main(sys.argv[2:]))
"""


@pytest.fixture
def house(settings: Any, tmp_path: Path) -> House:
    settings.DATA_DIR = tmp_path / "data"
    settings.ATTESTATIONS_PUBLIC = True
    return a_house()


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A folder with weights as safetensors."""
    folder = tmp_path / "model"
    folder.mkdir()
    header = json.dumps({"w": {"dtype": "F32", "shape": [256], "data_offsets": [0, 1024]}}).encode()
    weights = len(header).to_bytes(8, "little") + header + bytes(range(256)) * 4
    (folder / "model.safetensors").write_bytes(weights)
    (folder / "config.json").write_text('{"layers": 1}')
    return folder


def fetched(folder: Path, attested: Attested) -> None:
    """Fetch what a pipeline fetches, from where it does."""
    name = f"/attestations/{attested.uid}"
    for file, address in {
        "decision.jsonl": f"{name}.jsonl", "decision.manifest": f"{name}.manifest",
        "status-list.json": "/status-list.json", "keys.pem": "/attestation-keys.pem",
    }.items():  # fmt: skip
        response = Client().get(address)
        assert response.status_code == 200, address
        (folder / file).write_bytes(response.content)


def gated(folder: Path, now: datetime) -> "subprocess.CompletedProcess[str]":
    """Run the gate without a network."""
    command = [
        *alone(), sys.executable, "-c", COMMAND, now.isoformat(), "gate", "model", "--decision", "decision.jsonl",
        "--status", "status-list.json", "--key", "keys.pem", "--state", "state.json",
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(HOUSE)},
    )  # fmt: skip
    assert "network: Network is unreachable" in done.stderr
    return done


def test_the_approved_folder_passes_and_nothing_else_does(house: House, model: Path, tmp_path: Path) -> None:
    version = a_version(house.ravi, number="9.1", now=NOW)
    request = in_review(house, version=version, manifest=manifest_of(model).render())
    decision = approved(house, request)
    assert decision.record is not None
    advance(record_id=decision.record.pk, now=NOW)
    assert Job.objects.filter(kind=ATTEST, payload__request=request.pk).count() == 2  # signed, then sealed
    decision = Decision.objects.select_related("record").get(pk=decision.pk)
    assert decision.record is not None
    assert decision.record.state == RecordState.SEALED
    (attested,) = attest_approvals(request_id=request.pk, occasion="approved", now=NOW)
    fetched(tmp_path, attested)
    later = NOW + timedelta(hours=2)
    done = gated(tmp_path, later)
    assert (done.returncode, done.stdout.splitlines()[0]) == (
        0, f"Allowed by {request.reference}, valid until {decision.expires_at:%Y-%m-%d}.",
    )  # fmt: skip

    weights = model / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    done = gated(tmp_path, later)
    assert done.returncode == 1
    assert "  changed: model.safetensors\n" in done.stdout
    assert "config.json" not in done.stdout
    content[-1] ^= 1
    weights.write_bytes(content)

    suspend_approval(actor=house.sid, decision_id=decision.pk, reason="Leak.", now=later)
    attest_approvals(request_id=request.pk, occasion="suspended", now=later)
    old = (tmp_path / "status-list.json").read_bytes()
    fetched(tmp_path, attested)
    done = gated(tmp_path, later)
    assert done.returncode == 1
    assert "is suspended since 2026-11-24T11:00:00Z (suspended_by_person)" in done.stdout

    (tmp_path / "status-list.json").write_bytes(old)
    done = gated(tmp_path, later)
    assert done.returncode == 1
    assert "was seen before" in done.stdout
