"""Restores a backup into an empty place and verifies all of it: `manage.py restore BACKUP --keys FILE`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from desk.backup import keys, passphrase
from desk.backup.progress import teller
from desk.backup.refusal import NotPossible
from desk.backup.restoring import Restored, open_keys, restore
from desk.backup.standing import next_steps
from desk.backup.verifying import Report, verify_all
from imprimatur import durable


class Command(BaseCommand):
    help = (
        "Restore a backup into an empty place and verify files, records and log; or, with --keys-into, only write the"
        " keys of a backup into a new folder."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", type=Path, nargs="?", help="the folder of one backup")
        parser.add_argument(
            "--keys",
            type=Path,
            metavar="FILE",
            help="the file of keys that was made with it; without it the keys of this place must be the right ones",
        )
        parser.add_argument(
            "--keys-into", type=Path, metavar="FOLDER", help="only write the keys there; nothing is restored"
        )
        parser.add_argument(
            "--migrate", action="store_true", help="apply the migrations that came after the backup"
        )
        passphrase.add_argument(parser)

    @durable.for_the_owner_only()
    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            if options["keys_into"] is not None:
                self._keys(options)
            else:
                self._restore(options)
        except NotPossible as fault:
            raise CommandError(str(fault)) from fault

    def _keys(self, options: dict[str, Any]) -> None:
        if options["keys"] is None:
            raise NotPossible("Name the file of keys with --keys.")
        found = open_keys(options["keys"], passphrase.given(options["passphrase_file"], is_new=False))
        keys.write_into(options["keys_into"].absolute(), found)
        self.stdout.write("".join(f"{options['keys_into'] / name}\n" for name in found), ending="")

    def _restore(self, options: dict[str, Any]) -> None:
        if options["backup"] is None:
            raise NotPossible("Name the folder of the backup.")
        file, tell = options["keys"], teller(self.stderr)
        words = "" if file is None else passphrase.given(options["passphrase_file"], is_new=False)
        done = restore(
            options["backup"].absolute(), keys_file=file, passphrase=words, migrate=options["migrate"], progress=tell
        )  # fmt: skip
        report = verify_all(None if done.migrated else done.manifest.log, tell)
        self._tell(done, report)

    def _tell(self, done: Restored, report: Report) -> None:
        if done.migrated:
            self.stdout.write(f"Applied afterwards: {', '.join(done.migrated)}.")
        self.stdout.write(
            "".join(f"{note}\n" for note in [*done.notes, *next_steps(done.manifest)]), ending=""
        )
        if report.faults:
            raise CommandError(
                "\n".join(
                    [*report.faults, "The backup was restored, but not everything in it is right: see above."]
                )
            )
        self.stdout.write(
            f"Restored as of {done.manifest.made_at}, and verified: {report.files} files, {report.records} records,"
            f" {report.events} events, {report.leaves} of them in the tree."
        )
