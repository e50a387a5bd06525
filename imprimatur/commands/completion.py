"""`imprimatur completion`: what a shell needs to complete commands, options and file names."""

import argparse
import sys
from pathlib import Path

import shtab

from imprimatur import cli
from imprimatur.outcome import Status
from imprimatur.usage import Commands, add_command

SHELLS = ("bash", "zsh", "tcsh")


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(
        commands,
        "completion",
        help="print what makes the shell complete commands",
        description="Prints a script that makes the shell complete the commands of imprimatur, their options and "
        "the names of files.",
        examples=(
            (
                "imprimatur completion bash > ~/.local/share/bash-completion/completions/imprimatur",
                "for bash, from the next shell on",
            ),
            ("imprimatur completion zsh > ~/.zfunc/_imprimatur", "for zsh, where ~/.zfunc is in fpath"),
            ("imprimatur completion tcsh > ~/.imprimatur.csh", "for tcsh; source it in ~/.cshrc"),
        ),
    )
    parser.add_argument("shell", choices=SHELLS)
    parser.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> int:
    whole = cli.parser()
    _mark_files(whole)
    sys.stdout.write(shtab.complete(whole, shell=given.shell) + "\n")
    return Status.DONE


def _mark_files(parser: argparse.ArgumentParser) -> None:
    """Say of each argument that is a path whether files or folders complete it."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for own in action.choices.values():
                _mark_files(own)
        elif action.type is Path:
            is_folder = str(action.metavar).endswith("DIR")
            action.complete = shtab.DIRECTORY if is_folder else shtab.FILE  # type: ignore[attr-defined]
