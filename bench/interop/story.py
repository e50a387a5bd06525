"""The story with a real MLflow server and with verifiers that aren't ours; every step says what it saw, or it fails.

Run by `bench/interop/run`, in the environment that its lock makes.
"""

import base64
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient
from sigstore.dsse import Envelope
from sigstore.dsse import (
    _verify as sigstore_verifies,
)  # what its Verifier calls once it has a certificate's key
from sigstore.errors import VerificationError

from bench.interop.material import Board, a_model
from bench.interop.registry import Denied, promote
from imprimatur.dsse import public_of


def main() -> None:
    """Tell it all."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        board = Board(folder)
        with mlflow_server(folder / "mlflow") as address:
            behind_mlflow(MlflowClient(address, address), board, folder)
        decision = board.approve(a_model(folder / "plain", 9), "IMP-2026-0009")
        by_sigstore_python(board, decision)
        by_sigstore_node(board, decision, folder)


def behind_mlflow(client: MlflowClient, board: Board, folder: Path) -> None:
    """Two versions; one was approved, then one byte of it changes, then its approval is suspended."""
    approved = a_model(folder / "one", 1)
    decision, status, state = board.approve(approved, "IMP-2026-0001"), board.list(), folder / "gate.json"
    other = a_model(folder / "two", 2)
    client.create_registered_model("ferryman")
    first, second = register(client, approved), register(client, other)
    given: dict[str, Any] = {"decision": decision, "status": status, "key": board.public, "state": state}

    told = promote(client, "ferryman", first, **given)
    say(f"allowed: version {first} by {told['decision']['reference']}")
    expect_alias(client, first)

    denied(client, second, given, "1 changed")
    expect_alias(client, first)

    changed = folder / "changed"
    shutil.copytree(approved, changed)
    weights = changed / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    denied(client, register(client, changed), given, "1 changed")
    expect_alias(client, first)

    client.delete_registered_model_alias("ferryman", "production")
    board.list(decision)
    denied(client, first, given, "is suspended")
    try:
        client.get_model_version_by_alias("ferryman", "production")
    except MlflowException:
        say("no version bears the alias")
    else:
        raise SystemExit("A suspended version bears the alias.")


def register(client: MlflowClient, model: Path) -> str:
    """Upload a folder and register it as the next version."""
    experiment = client.get_experiment_by_name("releases")
    key = experiment.experiment_id if experiment else client.create_experiment("releases")
    run = client.create_run(key)
    client.log_artifacts(run.info.run_id, str(model), "model")
    source = f"{run.info.artifact_uri}/model"
    return str(client.create_model_version("ferryman", source, run.info.run_id).version)


def denied(client: MlflowClient, version: str, given: dict[str, Any], why: str) -> None:
    """Expect the gate to deny, and to say why."""
    try:
        promote(client, "ferryman", version, **given)
    except Denied as fault:
        if why not in str(fault):
            raise
        say(f"denied: version {version}: {fault}")
        return
    raise SystemExit(f"Version {version} was allowed.")


def expect_alias(client: MlflowClient, version: str) -> None:
    """Fail unless the alias names this version."""
    found = client.get_model_version_by_alias("ferryman", "production").version
    if str(found) != version:
        raise SystemExit(f"The alias names version {found}, not {version}.")


def by_sigstore_python(board: Board, decision: Path) -> None:
    """Let python-sigstore read the envelope and check its signature; changed by one bit it must refuse."""
    envelope = json.loads(decision.read_text())["dsseEnvelope"]
    key = board.key.public_key()
    sigstore_verifies(key, Envelope._from_json(json.dumps(envelope)))
    payload = bytearray(base64.b64decode(envelope["payload"]))
    payload[40] ^= 1
    envelope["payload"] = base64.b64encode(payload).decode()
    try:
        sigstore_verifies(key, Envelope._from_json(json.dumps(envelope)))
    except VerificationError:
        say("python-sigstore: good; changed by one bit: refused")
        return
    raise SystemExit("python-sigstore accepts a changed payload.")


def by_sigstore_node(board: Board, decision: Path, folder: Path) -> None:
    """Let @sigstore/verify check the bundles as they are; by another key it must refuse."""
    stranger = folder / "stranger.pem"
    stranger.write_text(public_of(Board(folder).key).pem())
    command: list[str | Path] = ["node", Path(os.environ["IMPRIMATUR_INTEROP_NODE"]) / "verify.mjs"]
    for file in (decision, board.list()):
        done = subprocess.run([*command, board.public, file], capture_output=True, text=True, check=False)
        if done.returncode != 0 or not done.stdout.startswith("good"):
            raise SystemExit(f"@sigstore/verify: {done.stdout}{done.stderr}")
        say(f"@sigstore/verify: {done.stdout.strip()}")
        done = subprocess.run([*command, stranger, file], capture_output=True, text=True, check=False)
        if done.returncode != 1 or not done.stdout.startswith("wrong"):
            raise SystemExit(f"@sigstore/verify accepts a stranger's key: {done.stdout}{done.stderr}")
    say("@sigstore/verify: by a stranger's key: refused")


@contextmanager
def mlflow_server(folder: Path) -> Iterator[str]:
    """Start a server of MLflow on the loopback, with its own database and artifacts; it ends with the block."""
    folder.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [
        sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
        "--backend-store-uri", f"sqlite:///{folder}/mlflow.db", "--artifacts-destination", f"file://{folder}/artifacts",
    ]  # fmt: skip
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            wait_for(f"{address}/health", server, folder / "log")
            yield address
        finally:
            server.terminate()
            try:
                server.wait(60)
            except subprocess.TimeoutExpired:
                server.kill()


def wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until the server answers; its log tells why it didn't."""
    for _ in range(1200):
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit(f"MLflow doesn't answer.\n{log.read_text()[-2000:]}")


def say(text: str) -> None:
    """Print it at once."""
    print(text, flush=True)


if __name__ == "__main__":
    main()
