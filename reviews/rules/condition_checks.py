"""What a machine can check of a condition: lines of its text that follow a form, so that what was voted on says it.

`Environment: staging, internal` (环境：) allows a release there only; `Until: 2027-03-31` (截止：) allows it up to the
end of that day in UTC. Such a line stands alone; the rest of the text is for people.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

_ENVIRONMENT = re.compile(r"(?:environments?|环境)\s*[:：]\s*(\S.*)", re.IGNORECASE)
_UNTIL = re.compile(r"(?:until|截止|截至)\s*[:：]\s*(\d{4}-\d\d-\d\d)\s*", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*[,;，；、]\s*")


@dataclass(frozen=True, slots=True)
class MachineCheck:
    """Environments of which one must be the target, or the instant before which the release must happen."""

    environments: tuple[str, ...] = ()
    before: datetime | None = None


def checks_in(text: str) -> list[MachineCheck]:
    """Return what the lines of the text say; a day that doesn't exist is no such line."""
    found = []
    for written in text.splitlines():
        line = written.strip("*_- \t")  # Markdown's marks of lists and emphasis
        if match := _ENVIRONMENT.fullmatch(line):
            names = tuple(name.strip(".。 ") for name in _SEPARATOR.split(match[1]))
            found.append(MachineCheck(environments=tuple(name for name in names if name)))
        elif (match := _UNTIL.fullmatch(line.rstrip(".。"))) and (day := _day(match[1])):
            end = datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC)
            found.append(MachineCheck(before=end))
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
