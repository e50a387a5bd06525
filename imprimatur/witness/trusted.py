"""The logs that a witness knows: a file of lines `origin vkey`, written by whoever runs the witness.

A log may have several keys, one a line. After a restore that lost signed entries a log begins anew under its name
and a number (`example.org/log/2`). That is another log: who runs the witness looks into what happened and trusts it by
hand, or has said beforehand that all of them may come, with the word `continued` at the end of the line.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from imprimatur.tlog.note import NotANote, Verifier

CONTINUED = "continued"
_NUMBERED = re.compile("(.+)/([2-9]|[1-9][0-9]+)", re.ASCII)


class NotTrusted(ValueError):  # noqa: N818
    """A line of the file can't be read; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Trusted:
    """A log that the witness knows, with one of its keys."""

    origin: str
    key: Verifier
    continued: bool = False

    def __str__(self) -> str:
        return f"{self.origin} {self.key}" + (f" {CONTINUED}" if self.continued else "")

    @classmethod
    def parse(cls, line: str) -> "Trusted":
        """Read a line of the file; raises NotTrusted."""
        words = line.split(" ")
        continued = words[-1] == CONTINUED
        origin, vkey = " ".join(words[: -2 if continued else -1]), words[-2 if continued else -1]
        if not origin.strip() or not origin.isprintable() or origin.startswith("#"):
            raise NotTrusted(
                f"A line has the origin of a log and its key, but this one hasn't: {line[:200]!r}"
            )
        try:
            return cls(origin, Verifier.parse(vkey), continued)
        except NotANote as fault:
            raise NotTrusted(str(fault)) from fault

    def keys_for(self, origin: str) -> list[Verifier]:
        """Return under which names the key counts for checkpoints of this origin; none: they aren't of this log.

        A key that is named after its log is named after each of its beginnings, too.
        """
        if origin == self.origin:
            return [self.key]
        numbered = _NUMBERED.fullmatch(origin)
        if not self.continued or numbered is None or numbered[1] != self.origin:
            return []
        return [self.key, Verifier(origin, self.key.public)] if self.key.name == self.origin else [self.key]


def read(text: str) -> list[Trusted]:
    """Return the logs of a file; empty lines and those with a # in front say nothing. Raises NotTrusted."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            try:
                found.append(Trusted.parse(line.strip()))
            except NotTrusted as fault:
                raise NotTrusted(f"Line {number} of the logs: {fault}") from fault
    return found


def keys_of(origin: str, logs: Iterable[Trusted]) -> list[Verifier]:
    """Return the keys whose signature counts below a checkpoint of this name; none: the log is unknown."""
    return list(dict.fromkeys(key for log in logs for key in log.keys_for(origin)))
