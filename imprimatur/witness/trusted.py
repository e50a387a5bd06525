"""The logs that a witness knows: a file of lines `origin vkey`, written by whoever runs the witness.

A log may have several keys, one a line. After a restore that lost signed entries a log begins anew under another
origin (`example.org/log/2`) and with another key. For the witness that is another log: whoever runs it looks into what
happened, and trusts it by hand or not.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from imprimatur.tlog.note import NotANote, Verifier


class NotTrusted(ValueError):  # noqa: N818
    """A line of the file can't be read; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Trusted:
    """A log that the witness knows, with one of its keys."""

    origin: str
    key: Verifier

    def __str__(self) -> str:
        return f"{self.origin} {self.key}"

    @classmethod
    def parse(cls, line: str) -> "Trusted":
        """Read a line of the file; raises NotTrusted."""
        origin, _space, vkey = line.rpartition(" ")
        if not origin.strip() or not origin.isprintable() or origin.startswith("#"):
            raise NotTrusted(
                f"A line has the origin of a log and its key, but this one hasn't: {line[:200]!r}"
            )
        try:
            return cls(origin, Verifier.parse(vkey))
        except NotANote as fault:
            raise NotTrusted(str(fault)) from fault


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
    return list(dict.fromkeys(log.key for log in logs if log.origin == origin))
