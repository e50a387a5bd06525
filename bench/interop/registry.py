"""MLflow's registry behind the gate: an alias is set only when the files that MLflow hands out were approved."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from mlflow.artifacts import download_artifacts
from mlflow.tracking import MlflowClient


class Denied(Exception):  # noqa: N818
    """The gate did not allow it; what it said."""


def promote(
    client: MlflowClient, name: str, version: str, decision: Path, status: Path, key: Path, state: Path,
    alias: str = "production",
) -> dict[str, Any]:  # fmt: skip
    """Set the alias to the version if the gate allows exactly what the registry serves as this version."""
    with tempfile.TemporaryDirectory() as place:
        source = client.get_model_version_download_uri(name, version)
        folder = download_artifacts(source, dst_path=place, tracking_uri=client.tracking_uri)
        told = ask(Path(folder), decision, status, key, state)
    client.set_registered_model_alias(name, alias, version)
    return told


def ask(folder: Path, decision: Path, status: Path, key: Path, state: Path) -> dict[str, Any]:
    """Run the gate; raises Denied for every exit status but 0."""
    done = subprocess.run(
        [sys.executable, "-m", "imprimatur", "gate", folder, "--decision", decision, "--status", status,
         "--key", key, "--state", state, "--json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    told: dict[str, Any] = json.loads(done.stdout) if done.stdout else {}
    if done.returncode != 0:
        raise Denied(done.stderr or "; ".join(reason["text"] for reason in told["reasons"]))
    return told
