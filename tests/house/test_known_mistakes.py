"""The tests that docs/known-mistakes.md names are there."""

import re
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]


def test_every_known_mistake_has_the_tests_that_its_page_names() -> None:
    page = (HOUSE / "docs/known-mistakes.md").read_text()
    mistakes = page.split("\n**")[1:]
    written = "\n".join(path.read_text() for path in (HOUSE / "tests").rglob("test_*.py"))
    there = set(re.findall(r"^def (test_\w+)\(", written, re.MULTILINE))
    for mistake in mistakes:
        named = re.findall(r"^- `(test_\w+)`$", mistake, re.MULTILINE)
        assert named, mistake.splitlines()[0]
        assert not set(named) - there, f"{mistake.splitlines()[0]}: no such test"
    assert len(mistakes) == 10
