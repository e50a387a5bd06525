"""One closing line over several pytest processes; any failure fails the whole."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from tests import run
from tests.closing import Tally

REPORT = '<testsuites><testsuite tests="{}" failures="{}" errors="{}" skipped="{}"/></testsuites>'


def report(folder: Path, name: str, *counts: int) -> Path:
    path = folder / f"{name}.xml"
    path.write_text(REPORT.format(*counts))
    return path


def test_counts_of_both_runs_are_added(tmp_path: Path) -> None:
    tally = Tally(began=100.0)
    tally.add_report("PostgreSQL", report(tmp_path, "one", 10, 0, 0, 1), well=True)
    tally.add_report("SQLite", report(tmp_path, "two", 5, 0, 0, 0), well=True)
    assert tally.well
    assert tally.closing_line(now=161.5).strip("= ") == "14 passed, 1 skipped in 61.50s"


@pytest.mark.parametrize("counts", [(10, 1, 0, 0), (10, 0, 1, 0)])
def test_a_failure_in_either_run_fails_the_whole(tmp_path: Path, counts: tuple[int, int, int, int]) -> None:
    tally = Tally(began=0.0)
    tally.add_report("PostgreSQL", report(tmp_path, "one", *counts), well=False)
    tally.add_report("SQLite", report(tmp_path, "two", 5, 0, 0, 0), well=True)
    assert not tally.well
    assert "14 passed" in tally.closing_line(now=1.0)
    assert "Failed: tests, PostgreSQL\n" in tally.closing_line(now=1.0)


def test_a_run_that_ended_without_a_report_fails_the_whole(tmp_path: Path) -> None:
    tally = Tally(began=0.0)
    tally.add_report("PostgreSQL", tmp_path / "missing.xml", well=False)
    assert not tally.well
    assert "1 error" in tally.closing_line(now=1.0)


def test_a_run_that_failed_although_its_report_is_clean_fails_the_whole(tmp_path: Path) -> None:
    tally = Tally(began=0.0)
    tally.add_report("PostgreSQL", report(tmp_path, "one", 10, 0, 0, 0), well=False)
    assert not tally.well
    assert "10 passed, 1 error" in tally.closing_line(now=1.0)


def test_a_check_that_found_something_fails_the_whole_by_its_name() -> None:
    tally = Tally(began=0.0)
    tally.add_step("types", well=False)
    tally.add_step("lint", well=True)
    assert not tally.well
    assert "Failed: types\n" in tally.closing_line(now=1.0)


def test_steps_run_beside_one_another_and_are_told_in_their_order(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    tested = Event()

    def types(out: run.Out) -> bool:
        return tested.wait(60) and run.run(out, "sh", "-c", "echo a wrong type >&2; exit 1")

    def tests(out: run.Out) -> bool:
        well = run.run(out, "echo", "one test")
        tested.set()
        return well

    with ThreadPoolExecutor(2) as pool:
        begun = [
            run.begin(pool, tmp_path, "types", types),
            run.begin(pool, tmp_path, "PostgreSQL", tests, tmp_path / "PostgreSQL.xml"),
        ]
        assert [each.tell() for each in begun] == [False, True]
    assert capfd.readouterr().out == "── types\na wrong type\n── tests, PostgreSQL\none test\n"
