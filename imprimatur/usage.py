"""How a command is explained: `--help` reads like a page of a manual, with its exit statuses and examples."""

import argparse
import textwrap
from collections.abc import Sequence
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
WIDTH = 88
STATUSES = (
    ("0", "done"),
    ("1", "refused; one sentence on stderr says why"),
    ("2", "it can't be told: wrong usage, or something can't be read"),
)


def add_command(
    commands: Commands,
    name: str,
    *,
    help: str,  # noqa: A002  (argparse calls it so)
    description: str,
    statuses: Sequence[tuple[str, str]] = STATUSES,
    examples: Sequence[tuple[str, str]] = (),
) -> argparse.ArgumentParser:
    """Add a command with paragraphs of description, what its exit statuses mean, and examples (command, meaning)."""
    return commands.add_parser(
        name,
        help=help,
        description=_paragraphs(description),
        epilog=_epilog(statuses, examples),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _paragraphs(text: str) -> str:
    return "\n\n".join(textwrap.fill(" ".join(part.split()), WIDTH) for part in text.strip().split("\n\n"))


def _epilog(statuses: Sequence[tuple[str, str]], examples: Sequence[tuple[str, str]]) -> str:
    lines = ["exit status:", *(f"  {code:<4}{meaning}" for code, meaning in statuses)]
    if examples:
        lines += ["", "examples:"]
        for command, meaning in examples:
            lines += [f"  {command}", *textwrap.wrap(meaning, WIDTH - 6, initial_indent=" " * 6,
                                                     subsequent_indent=" " * 6)]  # fmt: skip
    return "\n".join(lines)
