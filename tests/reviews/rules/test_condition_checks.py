"""Lines of a condition that a machine can check, and lines that only look like it."""

from datetime import UTC, datetime

import pytest

from reviews.rules.condition_checks import MachineCheck, checks_in


@pytest.mark.parametrize(
    ("line", "environments"),
    [
        ("Environment: staging", ("staging",)),
        ("environments: staging, internal", ("staging", "internal")),
        ("- **Environment: staging; internal.**", ("staging", "internal")),
        ("环境：预发布、内部", ("预发布", "内部")),
    ],
)
def test_a_line_names_environments(line: str, environments: tuple[str, ...]) -> None:
    assert checks_in(f"Not for everybody.\n\n{line}\n") == [MachineCheck(environments=environments)]


@pytest.mark.parametrize("line", ["Until: 2027-03-31", "until: 2027-03-31.", "截止：2027-03-31"])
def test_a_line_names_the_last_day(line: str) -> None:
    assert checks_in(line) == [MachineCheck(before=datetime(2027, 4, 1, tzinfo=UTC))]


@pytest.mark.parametrize(
    "text",
    [
        "The environment: staging is meant.",
        "Environment:",
        "Until: spring",
        "Until: 2027-02-30",
        "Use it until: 2027-03-31",
        "",
    ],
)
def test_what_only_looks_like_it_checks_nothing(text: str) -> None:
    assert checks_in(text) == []


def test_several_lines_are_several_checks() -> None:
    assert len(checks_in("Environment: a\nUntil: 2027-01-01\nEnvironment: b")) == 3
