"""Runs the steps of ./test and ends with one closing line over all of them.

The checks and then the tests on SQLite run beside those on PostgreSQL, which wait for browsers and for the database
often enough; what each writes is told in the order of the steps.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from tests.closing import Tally

HOUSE = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
SELECTED = {
    "quick": ["-m", "not long and not journey"],
    "full": ["-m", "not long"],
    "long": [],
}

# What --quick has no minutes for: services that print, install, race, kill real processes or go a request's whole way.
SLOW = (
    "tests/audit/services/test_attacks_postgresql.py",
    "tests/audit/services/test_killed_sequencer.py",
    "tests/audit/services/test_logins.py",
    "tests/audit/services/test_manipulated.py",
    "tests/compliance/services/test_large_evidence.py",
    "tests/compliance/services/test_late.py",
    "tests/desk/services/test_reminded_of.py",
    "tests/desk/services/test_restore.py",
    "tests/desk/services/test_sample.py",
    "tests/imprimatur/rules/test_bundle_manipulations.py",
    "tests/imprimatur/services/test_installed.py",
    "tests/imprimatur/services/test_submitting.py",
    "tests/jobs/services/test_killed.py",
    "tests/oversight/services/test_reading_only.py",
    "tests/records/services/test_issue.py",
    "tests/records/services/test_last_page.py",
    "tests/records/services/test_layers.py",
    "tests/records/services/test_printing.py",
    "tests/records/services/test_record_command.py",
    "tests/records/services/test_sealed.py",
    "tests/records/services/test_sealing.py",
    "tests/records/services/test_sealing_races.py",
    "tests/records/services/test_tampering.py",
    "tests/records/services/test_token.py",
    "tests/reminders/services/test_killed.py",
    "tests/reviews/services/test_any_order.py",
    "tests/reviews/services/test_appeals.py",
    "tests/reviews/services/test_attesting.py",
    "tests/reviews/services/test_concurrency.py",
    "tests/reviews/services/test_dossier_races.py",
    "tests/reviews/services/test_emergency.py",
    "tests/reviews/services/test_expedited.py",
    "tests/reviews/services/test_gated.py",
    "tests/reviews/services/test_known_mistakes.py",
    "tests/reviews/services/test_letters.py",
    "tests/reviews/services/test_letters_and_papers_in_print.py",
    "tests/reviews/services/test_minutes.py",
    "tests/reviews/services/test_notices_of_requests.py",
    "tests/reviews/services/test_overdue_conditions.py",
    "tests/reviews/services/test_panel_races.py",
    "tests/reviews/services/test_search_index.py",
    "tests/reviews/services/test_second_review.py",
    "tests/reviews/services/test_signing_by_passkey.py",
    "tests/reviews/services/test_suspension_ballots.py",
    "tests/reviews/services/test_waiting.py",
    "tests/webhooks/services/test_exchange.py",
)

# On SQLite by the long run: real processes that are killed, services that make the sample there anyhow, and what asks
# nothing of the database that those asked there don't.
LONG_ON_SQLITE = (
    "tests/jobs/services/test_killed.py",
    "tests/oversight/services/test_reading_only.py",
    "tests/reminders/services/test_killed.py",
    "tests/reviews/pages/test_figures.py",
    "tests/reviews/services/test_attendance.py",
    "tests/reviews/services/test_attesting.py",
    "tests/reviews/services/test_ballots.py",
    "tests/reviews/services/test_blocks.py",
    "tests/reviews/services/test_boards.py",
    "tests/reviews/services/test_boards_together.py",
    "tests/reviews/services/test_discussing.py",
    "tests/reviews/services/test_drafting.py",
    "tests/reviews/services/test_interests.py",
    "tests/reviews/services/test_last_dossier.py",
    "tests/reviews/services/test_notes.py",
    "tests/reviews/services/test_notices_of_requests.py",
    "tests/reviews/services/test_questionnaires.py",
    "tests/reviews/services/test_reading.py",
    "tests/reviews/services/test_record_context.py",
    "tests/reviews/services/test_release.py",
    "tests/reviews/services/test_second_review.py",
    "tests/reviews/services/test_signing.py",
    "tests/reviews/services/test_suspension_ballots.py",
    "tests/reviews/services/test_triage.py",
    "tests/reviews/services/test_waiting.py",
)


Out = IO[bytes]  # where a step writes


def run(out: Out, *command: str | Path, **variables: str) -> bool:
    """Run the command with the variables added to the environment; True when it ended with status 0."""
    given = os.environ | variables
    ended = subprocess.run(command, cwd=HOUSE, env=given, check=False, stdout=out, stderr=subprocess.STDOUT)
    return ended.returncode == 0


def lint(out: Out) -> bool:
    """The rules of the house for Python."""
    return run(out, BIN / "ruff", "check", "--quiet", ".")


def formatted(out: Out) -> bool:
    """Python files look as the formatter leaves them."""
    return run(out, BIN / "ruff", "format", "--check", "--quiet", ".")


def types(out: Out) -> bool:
    """Strict types over the whole tree."""
    with tempfile.TemporaryDirectory() as data:
        return run(out, BIN / "mypy", "--no-error-summary", ".", IMPRIMATUR_DATA=data)


def imports(out: Out) -> bool:
    """Imports go down only."""
    return run(out, BIN / "lint-imports", PYTHONPATH=str(HOUSE))


def templates(out: Out) -> bool:
    """The rules of the house for templates."""
    return run(out, BIN / "djlint", "--lint", "--quiet", "templates")


def migrations(out: Out) -> bool:
    """No model differs from its migrations."""
    with tempfile.TemporaryDirectory() as data:
        return manage(out, "makemigrations", "--check", "--dry-run", IMPRIMATUR_DATA=data)


def deploy(out: Out) -> bool:
    """Django's own checks of a production site find nothing, warnings included."""
    from tests.production import environment  # noqa: PLC0415  (needs a key made for the purpose)

    with tempfile.TemporaryDirectory() as folder:
        return manage(out, "check", "--deploy", "--fail-level", "WARNING", **environment(Path(folder)))


def manage(out: Out, *arguments: str, **variables: str) -> bool:
    """Run a command of Django."""
    return run(out, sys.executable, "manage.py", *arguments, **variables)


STEPS: dict[str, Callable[[Out], bool]] = {
    "lint": lint,
    "format": formatted,
    "imports": imports,
    "templates": templates,
    "types": types,
    "migrations": migrations,
    "deploy": deploy,
}


def pytest(report: Path, engine: str, workers: int, arguments: list[str], out: Out) -> bool:
    """Run the tests on this engine, which leave a report; 0 workers: in one process."""
    return run(
        out, sys.executable, "-m", "pytest", "-q", "-n", str(workers), "--dist", "loadscope",
        "--no-loadscope-reorder", "--durations", "10", f"--junitxml={report}", *arguments,
        IMPRIMATUR_TEST_ENGINE=engine,
    )  # fmt: skip


def tests(mode: str, folder: Path) -> dict[str, Callable[[Out], bool]]:
    """All tests on PostgreSQL; those that the embedded product relies on also on SQLite."""
    places = sorted(map(str, HOUSE.glob("tests/*/rules"))) + sorted(map(str, HOUSE.glob("tests/*/services")))
    slow = [f"--ignore={place}" for place in SLOW]
    chosen = SELECTED[mode] + (places + slow if mode == "quick" else [])
    found: dict[str, Callable[[Out], bool]] = {}
    found["PostgreSQL"] = partial(pytest, folder / "PostgreSQL.xml", "postgresql", 2, chosen)
    if mode != "quick":
        # Stories in a browser are told on SQLite, too, by the long run.
        marked = "both_engines" if mode == "long" else "both_engines and not long and not journey"
        files = {path for path in HOUSE.glob("tests/**/test_*.py") if "both_engines" in path.read_text()}
        if mode != "long":
            files -= {HOUSE / place for place in LONG_ON_SQLITE}
        both = ["-m", marked, *sorted(map(str, files))]
        found["SQLite"] = partial(pytest, folder / "SQLite.xml", "sqlite", 0, both)
    return found


@dataclass
class Begun:
    """A step that another thread carries out; what it writes is kept in a file until its turn comes."""

    name: str
    said: Path
    ends: Future[bool]
    report: Path | None = None

    def tell(self) -> bool:
        """Print what the step writes until it ends; return whether it went well."""
        print(f"── {'tests, ' if self.report else ''}{self.name}", flush=True)  # noqa: T201
        with self.said.open("rb") as said:
            while not self.ends.done():
                self._pass_on(said)
                time.sleep(0.1)
            self._pass_on(said)
        return self.ends.result()

    def _pass_on(self, said: Out) -> None:
        sys.stdout.buffer.write(said.read())
        sys.stdout.flush()


def begin(
    pool: ThreadPoolExecutor, folder: Path, name: str, step: Callable[[Out], bool], report: Path | None = None
) -> Begun:
    """Let the pool carry out the step when it comes to it."""
    said = folder / f"{name}.said"
    said.touch()

    def carry_out() -> bool:
        with said.open("wb") as out:
            return step(out)

    return Begun(name, said, pool.submit(carry_out), report)


def main(mode: str, steps: list[str]) -> int:
    """Run the steps; return 0 only when every one of them went well."""
    tally = Tally(time.monotonic())
    most, beside = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
    with tempfile.TemporaryDirectory() as name:
        folder, begun = Path(name), list[Begun]()
        try:
            for step in steps:
                if step != "tests":
                    begun.append(begin(beside, folder, step, STEPS[step]))
                    continue
                for engine, test in tests(mode, folder).items():
                    # The long forms take measurements, so nothing runs beside them that could run later.
                    pool = beside if engine == "SQLite" and mode != "long" else most
                    begun.append(begin(pool, folder, engine, test, folder / f"{engine}.xml"))
            for each in begun:
                well = each.tell()
                if each.report:
                    tally.add_report(each.name, each.report, well)
                else:
                    tally.add_step(each.name, well)
        finally:
            for pool in (most, beside):
                pool.shutdown(cancel_futures=True)
    print(tally.closing_line(time.monotonic()), flush=True)  # noqa: T201
    return 0 if tally.well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
