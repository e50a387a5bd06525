"""Runs the steps of ./test one after the other and ends with one closing line over all of them."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.closing import Tally

HOUSE = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
SELECTED = {
    "quick": ["-m", "not long and not journey"],
    "full": ["-m", "not long"],
    "long": [],
}

# Services that print, install, kill real processes or make the whole sample: minutes that --quick does not have.
SLOW = (
    "tests/desk/services/test_sample.py",
    "tests/imprimatur/services/test_installed.py",
    "tests/jobs/services/test_killed.py",
    "tests/records/services/test_printing.py",
    "tests/records/services/test_tampering.py",
    "tests/reminders/services/test_killed.py",
)


def run(*command: str | Path, **variables: str) -> bool:
    """Run the command with the variables added to the environment; True when it ended with status 0."""
    return subprocess.run(command, cwd=HOUSE, env=os.environ | variables, check=False).returncode == 0


def lint() -> bool:
    """The rules of the house for Python."""
    return run(BIN / "ruff", "check", "--quiet", ".")


def formatted() -> bool:
    """Python files look as the formatter leaves them."""
    return run(BIN / "ruff", "format", "--check", "--quiet", ".")


def types() -> bool:
    """Strict types over the whole tree."""
    with tempfile.TemporaryDirectory() as data:
        return run(BIN / "mypy", "--no-error-summary", ".", IMPRIMATUR_DATA=data)


def imports() -> bool:
    """Imports go down only."""
    return run(BIN / "lint-imports", PYTHONPATH=str(HOUSE))


def templates() -> bool:
    """The rules of the house for templates."""
    return run(BIN / "djlint", "--lint", "--quiet", "templates")


def migrations() -> bool:
    """No model differs from its migrations."""
    with tempfile.TemporaryDirectory() as data:
        return manage("makemigrations", "--check", "--dry-run", IMPRIMATUR_DATA=data)


def deploy() -> bool:
    """Django's own checks of a production site find nothing, warnings included."""
    from tests.production import environment  # noqa: PLC0415  (needs a key made for the purpose)

    with tempfile.TemporaryDirectory() as folder:
        return manage("check", "--deploy", "--fail-level", "WARNING", **environment(Path(folder)))


def manage(*arguments: str, **variables: str) -> bool:
    """Run a command of Django."""
    return run(sys.executable, "manage.py", *arguments, **variables)


STEPS: dict[str, Callable[[], bool]] = {
    "lint": lint,
    "format": formatted,
    "imports": imports,
    "templates": templates,
    "types": types,
    "migrations": migrations,
    "deploy": deploy,
}


def pytest(tally: Tally, name: str, report: Path, *arguments: str, **variables: str) -> None:
    """Run one pytest process and add its report to the tally."""
    heading(f"tests, {name}")
    well = run(
        sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadscope", "--no-loadscope-reorder",
        "--durations", "10", f"--junitxml={report}", *arguments, **variables,
    )  # fmt: skip
    tally.add_report(name, report, well)


def tests(mode: str, tally: Tally) -> None:
    """All tests on PostgreSQL; those that the embedded product relies on also on SQLite."""
    places = sorted(map(str, HOUSE.glob("tests/*/rules"))) + sorted(map(str, HOUSE.glob("tests/*/services")))
    slow = [f"--ignore={place}" for place in SLOW]
    chosen = SELECTED[mode] + (places + slow if mode == "quick" else [])
    with tempfile.TemporaryDirectory() as folder:
        pytest(tally, "PostgreSQL", Path(folder) / "postgresql.xml", *chosen)
        if mode != "quick":
            both = "both_engines" if mode == "long" else "both_engines and not long"
            pytest(
                tally, "SQLite", Path(folder) / "sqlite.xml", "-m", both, IMPRIMATUR_TEST_ENGINE="sqlite"
            )  # fmt: skip


def heading(text: str) -> None:
    """Say which step begins."""
    print(f"── {text}", flush=True)  # noqa: T201


def main(mode: str, steps: list[str]) -> int:
    """Run the steps; return 0 only when every one of them went well."""
    tally = Tally(time.monotonic())
    for step in steps:
        if step == "tests":
            tests(mode, tally)
            continue
        heading(step)
        tally.add_step(step, STEPS[step]())
    print(tally.closing_line(time.monotonic()), flush=True)  # noqa: T201
    return 0 if tally.well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
