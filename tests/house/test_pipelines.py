"""The examples of docs/pipelines.md: their YAML is what the two services read, and their steps do what they say.

The steps run as they stand, in a shell, against attestations that a server of this test hands out; `pip install` and
`ship.sh` are put there by the test.
"""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.imprimatur.gates import ORGANISATION, Place, a_place, entry

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "pipelines.md"
ID = "5d0c1f9a-7d52-4b0f-8a11-6c1c4f3e0002"
NOW = datetime.now(UTC).replace(microsecond=0)  # the gate asks the real clock
FRESH: dict[str, Any] = {"issued": NOW - timedelta(hours=1), "next_update": NOW + timedelta(days=2)}


def examples() -> list[dict[str, Any]]:
    found = [
        yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    ]
    assert len(found) == 2
    return found


def on_github(example: dict[str, Any]) -> list[str]:
    steps = example["jobs"]["release"]["steps"]
    assert all(("run" in step) != ("uses" in step) for step in steps)
    return ["set -eo pipefail\n" + step["run"] for step in steps if "run" in step]  # as its runner calls bash


def on_gitlab(example: dict[str, Any]) -> list[str]:
    job = example["release"]
    return ["set -eo pipefail\n" + "\n".join([*job["before_script"], *job["script"]])]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Place, str]]:
    """A folder of a pipeline with its model, and a server with what the product hands out."""
    place = a_place(tmp_path / "work")
    place.decide(valid_from=NOW - timedelta(days=1), valid_until=NOW + timedelta(days=90))
    place.list(**FRESH)
    web = tmp_path / "web"
    (web / "attestations").mkdir(parents=True)
    place.decision.rename(web / "attestations" / f"{ID}.jsonl")
    (place.folder / "decision.manifest").rename(web / "attestations" / f"{ID}.manifest")
    for folder, name in ((".github", "imprimatur.pem"), (".gitlab", "imprimatur.pem")):
        (place.folder / folder).mkdir()
        (place.folder / folder / name).write_bytes(place.keys[0].read_bytes())
    programs = tmp_path / "programs"
    programs.mkdir()
    for path, text in (
        (programs / "pip", "exit 0"),
        (programs / "imprimatur", f'exec {sys.executable} -m imprimatur "$@"'),
        (place.folder / "ship.sh", "echo shipped > shipped"),
    ):
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
    handler = partial(SimpleHTTPRequestHandler, directory=str(web))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    place.status.rename(web / "status-list.json")
    try:
        yield place, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def run(steps: list[str], place: Place, url: str, **more: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        **os.environ, "PATH": f"{place.folder.parent / 'programs'}:{os.environ['PATH']}", "IMPRIMATUR_URL": url,
        "ATTESTATION": ID, "PYTHONPATH": str(GUIDE.parents[1]), "no_proxy": "127.0.0.1", **more,
    }  # fmt: skip
    for step in steps:
        done = subprocess.run(
            ["bash", "-c", step],
            cwd=place.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            break
    return done


@pytest.mark.parametrize("service", [0, 1])
def test_the_steps_ship_what_was_approved_and_nothing_else(served: tuple[Place, str], service: int) -> None:
    place, url = served
    steps = (on_github, on_gitlab)[service](examples()[service])
    done = run(steps, place, url, IMPRIMATUR_TOKEN="imp_of a test" if service else "")
    assert done.returncode == 0, done.stdout + done.stderr
    shipped = place.folder / "shipped"
    assert shipped.exists()
    assert (place.folder / ".gate-state" / "gate.json").exists()

    shipped.unlink()
    (place.model / "config.json").write_text("{}")
    done = run(steps, place, url)
    assert done.returncode == 1
    assert "changed: config.json" in done.stdout
    assert not shipped.exists()


@pytest.mark.parametrize("service", [0, 1])
def test_a_suspended_approval_and_a_server_out_of_reach_ship_nothing(
    served: tuple[Place, str], service: int
) -> None:
    place, url = served
    steps = (on_github, on_gitlab)[service](examples()[service])
    place.list(entry("suspended"), key=ORGANISATION, number=8, **FRESH)
    place.status.rename(place.folder.parent / "web" / "status-list.json")
    assert run(steps, place, url).returncode == 1
    assert run(steps, place, "http://127.0.0.1:9").returncode != 0
    assert not (place.folder / "shipped").exists()
