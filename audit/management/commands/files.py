"""What is done at the command line about the files that people handed in."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit import files
from audit.master_keys import NoMasterKey
from audit.rotation import Unfinished, kept_files, rotate

STEP = 500  # files between two lines of progress


class Command(BaseCommand):
    help = "Files at rest: another master key (`rotate`), and whether every file is what was kept (`check`)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="part", required=True)
        parts.add_parser(
            "rotate",
            help="make a new master key and wrap every file's key by it; can be stopped and run again",
        )
        parts.add_parser("check", help="read every file and compare it with its digest")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["part"] == "rotate":
            self._rotate()
        else:
            self._check()

    def _rotate(self) -> None:
        try:
            done = rotate(self._progress)
        except (NoMasterKey, Unfinished) as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(
            f"Every file's key is wrapped by the master key {done.name} now; {done.wrapped} were wrapped anew.\n"
            f"Back up the keys' file now. The keys used before stand in {done.retired}: backups of the files made"
            " before need them. Delete them with the last of those backups."
        )

    def _check(self) -> None:
        found, faults = list(kept_files()), []
        for number, sha256 in enumerate(found, 1):
            try:
                files.check(sha256)
            except files.Lost as fault:
                faults.append(str(fault))
            self._progress(number, len(found))
        if faults:
            raise CommandError(
                "\n".join([*faults, f"{len(faults)} of {len(found)} files are not as they were kept."])
            )
        self.stdout.write(f"{len(found)} files are as they were kept.")

    def _progress(self, done: int, of: int) -> None:
        if done % STEP == 0 or done == of:
            self.stdout.write(f"{done} of {of}")
