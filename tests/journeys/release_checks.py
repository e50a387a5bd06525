"""What researchers and release pipelines do beside the browser: the command line, and the gate without a network."""

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accounts.models import User
from imprimatur.dossier import shipped
from imprimatur.dossier.draft_file import load
from imprimatur.dossier.draft_reading import read_draft
from imprimatur.dossier.questionnaire import problems
from tests.calling import a_token
from tests.imprimatur.drafts import a_model, answer, write
from tests.journeys.visitor import Visitor
from tests.offline import HOUSE, alone

COMMAND = [sys.executable, "-m", "imprimatur"]
SECONDS = 120.0  # only against waiting for ever


@dataclass
class Pipeline:
    """The folder of a model with its draft, and what a pipeline fetched to decide on it."""

    folder: Path
    url: str
    token: str
    status_number: int = 0

    @property
    def model(self) -> Path:
        """The model, as it would be released."""
        return self.folder / "模型"

    def run(self, *words: str, status: int = 0, before: tuple[str, ...] = ()) -> dict[str, Any]:
        """Run `imprimatur` as a person would and return what it says as JSON."""
        given = os.environ | {
            "PYTHONPATH": str(HOUSE), "IMPRIMATUR_SERVER": self.url, "IMPRIMATUR_TOKEN": self.token,
            "XDG_STATE_HOME": str(self.folder / "state"),
        }  # fmt: skip
        done = subprocess.run(
            [*before, *COMMAND, *words, "--json"], cwd=self.folder, env=given, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == status, done.stdout + done.stderr
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def fetches(self, visitor: Visitor, digest: str) -> None:
        """Fetch the decision, waiting until it is attested, the key to keep, and the status list."""
        deadline = time.monotonic() + SECONDS
        address = f"{self.url}/attestations/manifest/{digest}.jsonl"
        while (answer := visitor.context.request.get(address)).status != 200:
            assert time.monotonic() < deadline, f"no attestation: {answer.status}"
            time.sleep(0.2)
        (self.folder / "decision.jsonl").write_bytes(answer.body())
        key = visitor.context.request.get(f"{self.url}/attestation-keys.pem")
        (self.folder / "board.pem").write_bytes(key.body())
        self.fetches_status(visitor)

    def fetches_manifest(self, visitor: Visitor, decision: str) -> None:
        """Fetch the manifest that was approved, by which the gate names files."""
        answer = visitor.context.request.get(f"{self.url}/attestations/{decision}.manifest")
        (self.folder / "decision.manifest").write_bytes(answer.body())

    def fetches_status(self, visitor: Visitor, *, above: int = 0) -> None:
        """Fetch the status list, waiting until its number is higher than this."""
        deadline = time.monotonic() + SECONDS
        while True:
            answer = visitor.context.request.get(f"{self.url}/status-list.json")
            number = _number(answer.body()) if answer.status == 200 else 0
            if number > above:
                (self.folder / "status-list.json").write_bytes(answer.body())
                self.status_number = number
                return
            assert time.monotonic() < deadline, f"no status list above {above}: {answer.status}"
            time.sleep(0.2)

    def asks_the_gate(self, *, status: int) -> dict[str, Any]:
        """Ask where there is no network; the key is that of the board, kept from before."""
        files = ("--decision", "decision.jsonl", "--status", "status-list.json", "--key", "board.pem")
        return self.run("gate", str(self.model), *files, status=status, before=alone())


def _number(content: bytes) -> int:
    return int(json.loads(base64.b64decode(json.loads(content)["dsseEnvelope"]["payload"]))["number"])


def a_folder(
    place: str, person: User, folder: Path, facts: Mapping[str, str], answers: Mapping[str, str]
) -> Pipeline:
    """Draft the dossier of a model beside its folder, and answer every question, these ones with these words."""
    pipeline = Pipeline(folder, place, a_token(person))
    a_model(folder)
    file = folder / "imprimatur.yaml"
    pipeline.run("draft", str(pipeline.model), "--output", str(file), "--language", "zh")
    questions = shipped.newest()
    write(file, "", project="港口", model=facts["model"])
    write(file, "  ", **{key: value for key, value in facts.items() if key != "model"}, **answers)
    for question in questions.questions:
        for column in question.columns:
            write(file, "      ", **{column.key: answer(column)})
    while asked := problems(questions, read_draft(load(file.read_bytes()), questions).given):
        for problem in asked:
            write(file, "  ", **{problem.question.key: answer(problem.question)})
    (folder / "证据.txt").write_text("已核对。\n")
    file.write_text(file.read_text().rstrip("\n") + "\n  datasets: [证据.txt]\n")
    return pipeline
