"""Where the pages of a record end that nobody signs: the seal isn't alone on the last one."""

import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from records.context import Language
from records.press.page import page
from records.press.press import press
from tests.records.factories import sha, slim_context

LOG = {
    "origin": "review.example.org/log",
    "size": 1606,
    "root": sha("root"),
    "made_at": "2026-11-17T07:00:00.000000Z",
    "note": f"review.example.org/log\n1606\n{'A' * 43}=\n\n— review.example.org/log {'B' * 100}=\n",
}
CHECKPOINT = {"en": "Checkpoint of the audit log", "zh-hans": "审计日志检查点"}
SEAL = {"en": "Seal of the organisation", "zh-hans": "机构印章"}


def pages_of(language: Language, sentences: int, folder: Path) -> list[str]:
    made = slim_context(language, "returned")
    reasons = "\n\n".join([made["decision"]["reasons"]] * sentences)
    context = slim_context(language, "returned", decision=made["decision"] | {"reasons": reasons}, log=LOG)
    html = page(context, code="7KQM3XVT9D2HPW4C", address="https://a.example/v", context_sha256=sha("data"))
    created = datetime.fromisoformat(context["decision"]["decided_at"])
    path = folder / "record.pdf"
    path.write_bytes(press(html, created=created, embedded=[], fields={"sig-seal": "Seal"}).content)
    text = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True, text=True).stdout
    return text.split("\f")[:-1]


@pytest.mark.parametrize(("language", "sentences"), [("en", 1), ("en", 9), ("zh-hans", 7)])
def test_wherever_the_text_ends_the_checkpoint_stands_on_the_page_of_the_seal(
    language: Language, sentences: int, tmp_path: Path
) -> None:
    last = pages_of(language, sentences, tmp_path)[-1]
    assert SEAL[language] in last
    assert CHECKPOINT[language] in last
