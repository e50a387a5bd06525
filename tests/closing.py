"""The closing line over several pytest processes and other checks, in pytest's own form."""

from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree


@dataclass
class Tally:
    """Counts of everything that ran since `began` (seconds of a monotonic clock)."""

    began: float
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    errors: int = 0
    unwell: list[str] = field(default_factory=list)

    def add_step(self, name: str, well: bool) -> None:
        """Count a check that is no test: nothing when it went well, an error when not."""
        if not well:
            self.errors += 1
            self.unwell.append(name)

    def add_report(self, name: str, report: Path, well: bool) -> None:
        """Add the counts of a JUnit report; a process that failed without one counts as an error."""
        before = self.failed + self.errors
        if report.exists():
            for suite in ElementTree.parse(report).getroot().iter("testsuite"):
                failed, errors, skipped, all_of_them = (
                    int(suite.get(key, 0)) for key in ("failures", "errors", "skipped", "tests")
                )
                self.failed += failed
                self.errors += errors
                self.skipped += skipped
                self.passed += all_of_them - failed - errors - skipped
        if not well:
            self.unwell.append(f"tests, {name}")
            if self.failed + self.errors == before:
                self.errors += 1

    @property
    def well(self) -> bool:
        """Whether nothing failed."""
        return not self.unwell and not self.failed and not self.errors

    def closing_line(self, now: float) -> str:
        """`===== 2 failed, 310 passed in 61.20s =====`; above it, what went wrong."""
        counts = {"failed": self.failed, "passed": self.passed, "skipped": self.skipped}
        parts = [f"{count} {name}" for name, count in counts.items() if count]
        if self.errors:
            parts.append(f"{self.errors} error{'s' if self.errors > 1 else ''}")
        text = f" {', '.join(parts) or 'no tests ran'} in {now - self.began:.2f}s "
        wrong = f"Failed: {', '.join(self.unwell)}\n" if self.unwell else ""
        return f"{wrong}{text:=^80}"
